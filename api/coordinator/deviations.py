"""What the team has to follow up: visits to which nobody has come, what contradicts itself, and what was told too late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.followed import deviation_words, misfit_words, name_of, stated, who
from api.coordinator.notices import NOTICES
from api.house import house_of
from api.live.snapshot import whose
from api.pages import render
from api.problems import Problem
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.performed.deviations import DeviationKind
from visits.performed.months import closes_at, days_of, month_of
from visits.performed.time_rules import TimeRules
from visits.store import months, outbox, teams
from visits.store.follow_ups import FollowedVisit, FollowUp, ToldLate, follow_up, told_after_closing
from visits.terms import Period

router = APIRouter(tags=["coordinator"])
PATH = "/planering/avvikelser"


@router.get(PATH)
def deviations_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    dag: Annotated[Day | None, Query()] = None,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """The team's day, today or another one, and all that still waits for a human."""
    return show(request, session, viewer, on=dag or viewer.today, now=now, done=NOTICES.get(gjort))


def show(
    request: Request,
    session: Session,
    viewer: Viewer,
    *,
    on: date,
    now: datetime,
    done: str | None = None,
    problem: Problem | None = None,
) -> Response:
    """The page of a day; with a `problem`, as the answer to what could not be done."""
    if viewer.team_id is None or viewer.person_id is None:
        raise NotFound(what="team")
    rules = house_of(request).settings.time_rules
    found = follow_up(session, viewer, on=on, rules=rules, now=now)
    values: dict[str, object] = {
        "found": found,
        "page": _Sections.of(found),
        "team": teams.team(session, viewer.team_id),
        "revision": outbox.revisions(session, outbox.Audience.TEAM, [viewer.team_id], on).get(viewer.team_id, 0),
        "of": whose(viewer.person_id),
        "me": viewer.person_id,
        "today": viewer.today,
        "month": _month(session, viewer, on, rules),
        "closes_at": closes_at(month_of(on), rules),
        "new_id": uuid4,
        "done": done,
        "problem": problem,
        **_WORDS,
    }
    return render(request, "coordinator/deviations.html", values, status=problem.status if problem else 200)


_WORDS: Mapping[str, object] = {
    "DeviationKind": DeviationKind,
    "deviation_words": deviation_words,
    "misfit_words": misfit_words,
    "name_of": name_of,
    "stated": stated,
    "who": who,
}
"""What the template may say with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sections:
    """The day's visits by what they ask for. What can still be mended stands first; the rest is for the record."""

    to_mend: list[FollowedVisit]
    of_day: list[FollowedVisit]
    unplanned: list[FollowedVisit]

    @classmethod
    def of(cls, found: FollowUp) -> "_Sections":
        return cls(
            to_mend=[one for one in found.of_day if one.can_be_mended],
            of_day=[one for one in found.of_day if any(not dev.is_open for dev in one.deviations)],
            unplanned=[
                one
                for one in found.of_day
                if one.told.is_extra or one.told.is_elsewhere or one.told.moved_to is not None
            ],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Month:
    """The month of the day shown: when it was closed (None: it is open), and what was told of it since."""

    days: Period
    closed_at: datetime | None
    told_late: list[ToldLate]


def _month(session: Session, viewer: Viewer, on: date, rules: TimeRules) -> _Month:
    days = days_of(month_of(on))
    closed_at = months.closed_at(session, on)
    last_on = days.last_on or on
    late = []
    if closed_at is not None:
        late = told_after_closing(session, viewer, first_on=days.first_on, last_on=last_on, rules=rules)
    return _Month(days=days, closed_at=closed_at, told_late=late)
