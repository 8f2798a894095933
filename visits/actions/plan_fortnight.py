"""Plan a team's fortnight: first on which days visits come, then every day's routes, so that the same few faces come.

As with a day: read (short transactions), solve (none), store each day's draft (a transaction each).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from visits.actions.ask_for_run import ask_for_run
from visits.actions.regenerate_schedule import Inputs, read_inputs
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.planned.day_choice import choose_days
from visits.planned.few_faces import Familiar, Start, days_shared
from visits.planned.fortnight import FORTNIGHT_DAYS, ChosenWeek
from visits.planned.planning_day import PlanningDay
from visits.planned.schedule import Placement
from visits.planned.visit_ids import visit_id
from visits.store import chosen_days, citizens, schedules
from visits.store.fortnights import fortnight
from visits.store.runs import Run
from visits.terms import CitizenId, TeamId, VisitId

_USUALLY = tuple(timedelta(weeks=weeks) for weeks in (2, 1, 3, 4))
"""Who usually comes is looked for so long ago: first when the roster stood where it stands now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FortnightInputs:
    """The days of a fortnight that are to be planned, with whom their citizens know."""

    days: tuple[Inputs, ...]
    familiar: Familiar


def ask_for_fortnight(session: Session, viewer: Viewer, *, team_id: TeamId, first_on: date, now: datetime) -> Run:
    """The run that waits for the fortnight from `first_on`. `NotFound` unless the team is the viewer's."""
    return ask_for_run(session, viewer, team_id=team_id, on=first_on, why="asked", now=now, days=FORTNIGHT_DAYS)


def lay_days(session: Session, viewer: Viewer, *, team_id: TeamId, first_on: date, now: datetime) -> list[ChosenWeek]:
    """Choose the days of the fortnight's visits, and keep them. What is over or published stands."""
    weeks = choose_days(fortnight(session, viewer, team_id=team_id, first_on=first_on, now=now))
    chosen_days.put(session, weeks, chosen_at=now)
    return weeks


def read_fortnight(
    session: Session, viewer: Viewer, *, team_id: TeamId, first_on: date, now: datetime
) -> FortnightInputs:
    """Every day of the fortnight that is neither over nor published and on which somebody works, after `lay_days`."""
    read = [
        read_inputs(session, viewer, team_id=team_id, on=first_on + timedelta(days=number), now=now)
        for number in range(FORTNIGHT_DAYS)
        if first_on + timedelta(days=number) >= viewer.today
    ]
    inputs = tuple(one for one in read if one.day.published is None and one.day.staffing)
    concerned = sorted({demand.citizen_id for one in inputs for demand in one.day.demands})
    who = citizens.find(session, viewer, Subject.CARE, only=concerned, on=first_on)
    told = _told(session, concerned, first_on)
    within = [own for on, own in told.items() if on >= first_on]
    before = [own for on, own in told.items() if on >= first_on - timedelta(days=FORTNIGHT_DAYS)]
    usual = [_usually(one.day, told) for one in inputs]
    is_usual = any(start.placements for start in usual)
    return FortnightInputs(
        days=inputs,
        familiar=Familiar(
            contacts={citizen.id: citizen.fixed_care_contact for citizen in who if citizen.fixed_care_contact},
            shared=days_shared(before if is_usual else within),
            usual=usual if is_usual else (),
        ),
    )


def _told(session: Session, concerned: list[CitizenId], first_on: date) -> dict[date, list[Placement]]:
    """What is published for these citizens in the weeks before and in the fortnight, day by day."""
    found: dict[date, list[Placement]] = {}
    on = first_on - max(_USUALLY)
    while on < first_on + timedelta(days=FORTNIGHT_DAYS):
        own = schedules.placements_of_citizens(session, concerned, on=on)
        found[on] = [placement for placements in own.values() for placement in placements]
        on += timedelta(days=1)
    return found


def _usually(day: PlanningDay, told: Mapping[date, list[Placement]]) -> Start:
    """Who came to the day's visits when they last came on the same day of the week, at the same time of day."""
    found: list[Placement] = []
    known: dict[timedelta, dict[VisitId, list[Placement]]] = {}
    for back in _USUALLY:
        known[back] = {}
        for placement in told.get(day.on - back, ()):
            known[back].setdefault(placement.visit_id, []).append(placement)
    for demand in day.demands:
        for back in _USUALLY:
            came = known[back].get(visit_id(demand.template_id, day.on - back))
            if came:
                found += [replace(one, visit_id=demand.visit_id, start_at=one.start_at + back) for one in came]
                break
    return Start(placements=tuple(found))
