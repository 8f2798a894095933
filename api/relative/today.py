"""Somebody's day in words, as it is told to the relatives they have let in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from api.citizen.today import told as told_day
from api.citizen.voice import Voice
from api.i18n import _
from api.live.hub import Onlookers
from api.live.snapshot import whose
from api.pages import clock_time
from api.relative.schemas import NoticeTold, RelativeDayTold
from visits.guard.viewer import Role, Viewer
from visits.performed.relative_day import RelativeDay, UnattendedNotice
from visits.store import outbox
from visits.store.relative_days import relative_days
from visits.store.relative_notices import Whose
from visits.terms import CitizenId


def snapshots(
    session: Session, looking: Sequence[tuple[Viewer, UUID]], *, on: date, now: datetime
) -> Mapping[tuple[UUID, UUID], RelativeDayTold]:
    """What each relative is told of each citizen, as of `now`, in the reader's language."""
    asked = [(viewer, CitizenId(citizen_id)) for viewer, citizen_id in looking]
    return {key: told(key, found, now=now) for key, found in relative_days(session, asked, on=on).items()}


TODAY = Onlookers(role=Role.RELATIVE, counts=outbox.Audience.CITIZEN, snapshots=snapshots, days_shown=2, days_back=1)


def told(key: Whose, found: RelativeDay, *, now: datetime) -> RelativeDayTold:
    day = told_day(found.day, now=now, voice=Voice(found.given_name))
    notices = [NoticeTold(at=one.told_at, text=notice_text(one, found.given_name)) for one in found.notices]
    return RelativeDayTold(
        **{**dict(day), "of": whose(shown(key)), "name": found.given_name, "notices": notices},
    )


def shown(key: Whose) -> UUID:
    """One relative's view of one citizen, as an id: a page shows no other's."""
    return UUID(int=key.relative_id.int ^ key.citizen_id.int)


def notice_text(notice: UnattendedNotice, name: str) -> str:
    said = _(
        "%(at)s: Ingen hade kommit till %(name)s. Besöket skulle ha börjat senast %(latest)s.",
        at=clock_time(notice.told_at),
        name=name,
        latest=clock_time(notice.latest_at),
    )
    if notice.came_at is None:
        return said
    return said + " " + _("Hjälpen kom %(at)s.", at=clock_time(notice.came_at))
