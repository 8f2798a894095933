"""The citizen's own time: granted, planned and performed, side by side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CitizenViewer
from api.i18n import _
from api.pages import day as day_name
from api.pages import minutes as minutes_in_words
from api.pages import render
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.performed.strip import Strip
from visits.store.strips import strips
from visits.terms import CitizenId, Period

router = APIRouter(tags=["citizen"])

_FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """One kind of time: what it is called, in words, and as a share (0 to 100) of the longest of the three."""

    name: str
    meaning: str
    minutes: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTold:
    """One period. `key` is for the page's own use."""

    key: str
    heading: str
    days: str
    summary: str
    rows: tuple[TimeRow, ...]


@router.get("/min-tid")
def my_time(request: Request, session: SessionDep, viewer: CitizenViewer, now: NowDep) -> Response:
    """The last fourteen days, and the month so far."""
    month = Period(viewer.today.replace(day=1), viewer.today)
    fortnight = Period(viewer.today - _FORTNIGHT + timedelta(days=1), viewer.today)
    periods = (
        _told("fortnight", _("De senaste 14 dagarna"), _strip(session, viewer, fortnight, now)),
        _told("month", _("Den här månaden hittills"), _strip(session, viewer, month, now)),
    )
    return render(request, "citizen/time.html", {"periods": periods})


def _strip(session: Session, viewer: Viewer, period: Period, now: datetime) -> Strip:
    if viewer.person_id is None:
        raise NotFound(what="balance")
    found = strips(session, viewer, citizens=[CitizenId(viewer.person_id)], period=period, now=now)
    if not found:
        raise NotFound(what="balance")
    return found[0]


def _told(key: str, heading: str, strip: Strip) -> TimeTold:
    granted, planned, performed = strip.granted, strip.planned, strip.performed
    longest = max(granted, planned, performed, 1)

    def row(name: str, meaning: str, minutes: int) -> TimeRow:
        return TimeRow(name=name, meaning=meaning, minutes=minutes, share=round(100 * minutes / longest, 1))

    return TimeTold(
        key=key,
        heading=heading,
        days=_days(strip.period),
        summary=_summary(granted=granted, performed=performed),
        rows=(
            row(_("Beviljad tid"), _("så mycket hjälp som kommunen har beslutat"), granted),
            row(_("Planerad tid"), _("besöken som står i planen"), planned),
            row(_("Utförd tid"), _("tiden då någon har varit hos dig"), performed),
        ),
    )


def _summary(*, granted: int, performed: int) -> str:
    if granted == 0:
        return _("Du har ingen beviljad tid under de här dagarna.")
    if performed == 0:
        return _("Du har rätt till %(granted)s. Ingen tid är registrerad än.", granted=minutes_in_words(granted))
    return _(
        "Du har rätt till %(granted)s och har fått %(performed)s.",
        granted=minutes_in_words(granted),
        performed=minutes_in_words(performed),
    )


def _days(period: Period) -> str:
    last_on: date = period.last_on or period.first_on
    if period.first_on == last_on:
        return day_name(last_on, "d MMMM")
    first = "d" if period.first_on.month == last_on.month else "d MMMM"
    return _("%(first)s–%(last)s", first=day_name(period.first_on, first), last=day_name(last_on, "d MMMM"))
