"""Plan a team's day anew, in three steps: read (a short transaction), solve (none), store the draft (another one).

Between the first and the last the world may have changed; then the draft is not stored and the day is asked for again.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

import scheduler
from visits.errors import Stale
from visits.guard.confidentiality import Subject, check_team
from visits.guard.viewer import Viewer
from visits.people import Citizen
from visits.performed.visit import VisitState
from visits.planned.carer_prices import CarerPrices, known
from visits.planned.demands import VisitDemand, demands_of_day
from visits.planned.few_faces import Start
from visits.planned.planning_day import Draft, PlanningDay
from visits.planned.schedule import Placement, Schedule, ScheduleState
from visits.planned.staffing import StaffedShift, staffed
from visits.planned.translation import translate
from visits.planned.travel import GreatCircle
from visits.store import (
    care_plans,
    carers,
    chosen_days,
    citizen_absences,
    citizens,
    orders,
    schedules,
    shifts,
    teams,
    visits,
)
from visits.terms import CarerId, CitizenId, ScheduleId, TeamId, VisitId

CONTINUITY_DAYS = 14
"""Over how many days before the day it is counted who has come (the national measure of continuity, domain reference 4.1)."""
BEGUN = frozenset({VisitState.STARTED, VisitState.COMPLETED, VisitState.NOBODY_HOME, VisitState.DECLINED})
"""States in which a visit is no longer anybody's to move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the plan of a day is made from; `version` changes when any of it does."""

    day: PlanningDay
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Solving:
    """How far the solver has come: the best answer so far."""

    seconds: float
    limit_seconds: float
    placed: int
    unplaced: int
    cost: int
    phase: str


def regenerate_schedule(
    session: Session, viewer: Viewer, *, team_id: TeamId, on: date, now: datetime, seconds: float
) -> Schedule:
    """All three steps in one transaction, for whoever need not keep it short (the demo, tests)."""
    inputs = read_inputs(session, viewer, team_id=team_id, on=on, now=now)
    return store_draft(session, viewer, inputs, solve(inputs, seconds=seconds), now=now)


def read_inputs(session: Session, viewer: Viewer, *, team_id: TeamId, on: date, now: datetime) -> Inputs:
    """Everything that planning the day needs, as it stands. `NotFound` unless the team is the viewer's."""
    check_team(viewer, team_id)
    team = teams.team(session, team_id)
    states = visits.states_of_team(session, team_id, on)
    demands = _demands(session, viewer, team_id=team_id, on=on, states=states)
    due = sorted({demand.citizen_id for demand in demands})
    who = citizens.find(session, viewer, Subject.CARE, only=due, on=on)
    day = PlanningDay(
        team_id=team_id,
        on=on,
        now=now,
        start=team.start,
        demands=demands,
        staffing=_staffing(session, team_id, on),
        places={citizen.id: citizen.place for citizen in who},
        carer_prices=_carer_prices(session, who, on=on),
        published=schedules.published(session, viewer, team_id=team_id, on=on),
        begun=frozenset(visit_id for visit_id, state in states.items() if state in BEGUN),
    )
    return Inputs(day=day, version=day.fingerprint())


def solve(inputs: Inputs, *, seconds: float) -> Draft:
    """The best draft found within `seconds`. Touches no database."""
    return solve_day(inputs.day, seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who hears how far the solver has come, and may end it."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    progress: Callable[[Solving], None] | None = None


def solve_day(
    day: PlanningDay,
    *,
    seconds: float,
    threads: int = 1,
    watch: Watch | None = None,
    start: Start | None = None,
    explained: bool = True,
) -> Draft:
    """The best draft that so many searches side by side find within `seconds`, or sooner when somebody ends it.

    Touches no database. Begins from a `start` where one is given; a day that people have been told is planned near what they
    were told. Unless `explained` the draft does not say what would help whom.
    """
    watch = watch or Watch()
    translation = translate(day, GreatCircle())
    problem = translation.problem
    answer = scheduler.solve(
        problem,
        limit=scheduler.AnyOf(scheduler.Seconds(seconds), scheduler.Cancelled(watch.cancelled)),
        threads=threads,
        tuning=scheduler.Tuning.QUICK if problem.published else scheduler.Tuning.THOROUGH,
        progress=_teller(watch, seconds),
        start=translation.start(start.placements, start.breaks) if start and start.placements else None,
    )
    return translation.draft(answer) if explained else translation.draft(answer, helped=0)


def _teller(watch: Watch, limit_seconds: float) -> Callable[[scheduler.Progress], None]:
    def tell(step: scheduler.Progress) -> None:
        if watch.progress is not None:
            watch.progress(
                Solving(
                    seconds=step.elapsed_seconds,
                    limit_seconds=limit_seconds,
                    placed=step.placed,
                    unplaced=step.unplaced,
                    cost=step.best_cost,
                    phase=step.phase,
                )
            )

    return tell


def store_draft(session: Session, viewer: Viewer, inputs: Inputs, draft: Draft, *, now: datetime) -> Schedule:
    """Keep the draft as the day's only one. `Stale` when what it was made from no longer holds."""
    day = inputs.day
    schedules.lock_day(session, day.team_id, day.on)
    current = read_inputs(session, viewer, team_id=day.team_id, on=day.on, now=now)
    schedule = Schedule(
        id=ScheduleId(uuid4()),
        team_id=day.team_id,
        on=day.on,
        state=ScheduleState.DRAFT,
        made_at=now,
        inputs_version=inputs.version,
        **{one.name: getattr(draft, one.name) for one in fields(draft)},
    )
    check_still_holds(schedule, current)
    schedules.drop_drafts(session, day.team_id, day.on)
    schedules.add(session, schedule)
    return schedule


def check_still_holds(schedule: Schedule, current: Inputs) -> None:
    """`Stale` when the draft was made from other inputs, or would move what has begun meanwhile."""
    if schedule.inputs_version != current.version:
        raise Stale(what="schedule", on=schedule.on)
    published = current.day.published
    if _begun(published, current) != _begun(schedule, current):
        raise Stale(what="schedule", on=schedule.on)


def _begun(schedule: Schedule | None, current: Inputs) -> set[tuple[VisitId, CarerId, datetime]]:
    placements: tuple[Placement, ...] = schedule.placements if schedule else ()
    return {(one.visit_id, one.carer_id, one.start_at) for one in placements if one.visit_id in current.day.begun}


def _demands(
    session: Session, viewer: Viewer, *, team_id: TeamId, on: date, states: dict[VisitId, VisitState]
) -> tuple[VisitDemand, ...]:
    """What is due; visits that were cancelled stay cancelled."""
    in_force = orders.orders_in_force(session, viewer, team_id=team_id, on=on)
    plans = care_plans.plans_of_orders(session, viewer, orders=[order.id for order in in_force], on=on)
    away = citizen_absences.away_on(session, {order.citizen_id for order in in_force}, on)
    chosen = chosen_days.chosen_on(session, plans, on=on)
    found = demands_of_day(in_force, plans, away=away, on=on, chosen=chosen)
    return tuple(demand for demand in found if states.get(demand.visit_id) is not VisitState.CANCELLED)


def _staffing(session: Session, team_id: TeamId, on: date) -> tuple[StaffedShift, ...]:
    return staffed(
        shifts.shifts_on(session, team_id, on),
        carers={carer.id: carer for carer in carers.carers_of(session, team_id)},
        delegations=carers.delegations_on(session, team_id, on),
        absent=carers.absent_on(session, team_id, on),
    )


def _carer_prices(session: Session, who: list[Citizen], *, on: date) -> dict[CitizenId, CarerPrices]:
    """Known are the fixed care contact, and who comes by what is published for the fourteen days before and the days after."""
    citizen_ids = [citizen.id for citizen in who]
    span, one = timedelta(days=CONTINUITY_DAYS), timedelta(days=1)
    before = schedules.carers_met(session, citizen_ids, first_on=on - span, last_on=on - one)
    after = schedules.carers_met(session, citizen_ids, first_on=on + one, last_on=on + span - one)
    nobody: frozenset[CarerId] = frozenset()
    contacts = {citizen.id: frozenset({citizen.fixed_care_contact}) for citizen in who if citizen.fixed_care_contact}
    return {
        key: known(nobody.union(*(met.get(key, nobody) for met in (before, after, contacts)))) for key in citizen_ids
    }
