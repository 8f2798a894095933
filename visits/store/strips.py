"""Granted, planned and performed time side by side, with all that came between: the strips of many citizens in a few questions."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from visits.granted.orders import ServiceOrder
from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Role, Viewer
from visits.performed.months import days_of, month_of
from visits.performed.outcome import Told, WasDue
from visits.performed.strip import Amounts, Strip, granted_minutes, strip
from visits.performed.time_rules import TimeRules
from visits.performed.visit import Visit, visit_due
from visits.planned.demands import demands_of_day
from visits.planned.register import CitizenAbsence
from visits.planned.schedule import ScheduleState
from visits.store import (
    audit,
    care_plans,
    checkins,
    chosen_days,
    citizen_absences,
    decisions,
    months,
    orders,
    schedules,
    teams,
)
from visits.store import visits as visits_store
from visits.store.columns import among
from visits.store.sight import in_sight
from visits.terms import CitizenId, Period, TeamId, VisitId, local_day

_RULES = TimeRules()


def strips(
    session: Session,
    viewer: Viewer,
    *,
    citizens: Collection[CitizenId],
    period: Period,
    rules: TimeRules = _RULES,
    now: datetime,
) -> list[Strip]:
    """The strips over a closed period of those of `citizens` in the viewer's sight, in the order asked for.

    A coordinator is shown what the team was asked to do: the time of the orders at the team, and the team's visits. Whoever
    sees the citizen's whole case is shown all that is granted, whoever carries it out. `now` may lie back: only what had been
    received by then counts, as when a month was closed. Leaves audit entries under `Subject.BALANCE`.
    """
    seen = set(session.scalars(in_sight(viewer, Subject.BALANCE)))
    wanted = [citizen_id for citizen_id in dict.fromkeys(citizens) if citizen_id in seen]
    audit.record(session, viewer, Subject.BALANCE, what="strips", citizens=wanted)
    team_ids = [viewer.team_id] if viewer.role is Role.COORDINATOR and viewer.team_id is not None else None
    return strips_of(session, wanted, period, team_ids=team_ids, rules=rules, now=now)


def strips_at_closing(
    session: Session,
    viewer: Viewer,
    *,
    citizens: Collection[CitizenId],
    month_on: date,
    rules: TimeRules = _RULES,
) -> tuple[datetime, list[Strip]] | None:
    """When the month was closed, and its strips as they were then; None while it is open."""
    closed_at = months.closed_at(session, month_on)
    if closed_at is None:
        return None
    period = days_of(month_of(month_on))
    return closed_at, strips(session, viewer, citizens=citizens, period=period, rules=rules, now=closed_at)


def team_sums(
    session: Session, viewer: Viewer, *, period: Period, rules: TimeRules = _RULES, now: datetime
) -> dict[TeamId, list[Amounts]]:
    """The amounts of each citizen with an order in the period, without saying whose they are: for sums, by team.

    A manager gets the teams of the own provider, a coordinator the own team. Leaves an entry that names no citizen.
    """
    of_teams = reach(viewer, Subject.TOTALS)
    audit.record(session, viewer, Subject.TOTALS, what="team_sums", citizens=[])
    if of_teams is Reach.OWN_PROVIDER and viewer.provider_id is not None:
        known = teams.teams_of(session, viewer.provider_id)
    else:
        known = [team for team in teams.all_teams(session) if viewer.team_id in {None, team.id}]
    found: dict[TeamId, list[Amounts]] = {}
    for team in known:
        helped = orders.citizens_helped(session, team.id, period)
        found[team.id] = list(strips_of(session, helped, period, team_ids=[team.id], rules=rules, now=now))
    return found


def strips_of(
    session: Session,
    citizens: Collection[CitizenId],
    period: Period,
    *,
    team_ids: Collection[TeamId] | None,
    rules: TimeRules = _RULES,
    now: datetime,
) -> list[Strip]:
    """As `strips`, of these citizens at these teams (None: wherever). For callers in this room who have asked `sight`."""
    house = Viewer.system(reason="what was due while somebody was away", today=local_day(now))
    ordered = orders.orders_of(session, house, citizens=citizens, period=period)
    if team_ids is not None:
        ordered = [order for order in ordered if order.team_id in team_ids]
    decided = decisions.decisions_in(session, house, citizens=citizens, period=period, subject=Subject.BALANCE)
    granted = granted_minutes(decided, period, orders=None if team_ids is None else ordered)
    made = visits_store.visits_made_or_due(session, citizens=citizens, period=period, team_ids=team_ids)
    away = citizen_absences.absences_in(session, citizens, period)
    told = told_of(session, made, as_of=now)
    visits_by, unplaced_by = _by_citizen(made), _by_citizen(_unplaced(session, house, ordered, away, period))
    away_by = _by_citizen(away)
    return [
        strip(
            citizen_id,
            period,
            granted=granted.get(citizen_id, Fraction(0)),
            visits=visits_by.get(citizen_id, ()),
            unplaced=unplaced_by.get(citizen_id, ()),
            told=told,
            absences=away_by.get(citizen_id, ()),
            rules=rules,
            now=now,
        )
        for citizen_id in citizens
    ]


def told_of(session: Session, made: Iterable[WasDue], *, as_of: datetime) -> dict[VisitId, Told]:
    """What counts of all that was told about these visits by then; those about which nothing was told are left out."""
    keys = {visit.id for visit in made}
    plain = checkins.plain_stays(session, keys, as_of=as_of)
    performed = checkins.performed_of(session, keys - plain.keys(), as_of=as_of)
    told = {visit_id: Told.of(one) for visit_id, one in performed.items()}
    return told | {visit_id: Told.plain(stay) for visit_id, stay in plain.items()}


def _unplaced(
    session: Session,
    house: Viewer,
    ordered: Collection[ServiceOrder],
    away: Iterable[CitizenAbsence],
    period: Period,
) -> list[Visit]:
    """What the care plans asked for and no published schedule has: on days away, and what was published as without a place."""
    away_on = {(absence.citizen_id, on) for absence in away for on in absence.period.within(period) or ()}
    left = _published_without_place(session, {order.team_id for order in ordered}, period)
    days: dict[date, set[CitizenId]] = defaultdict(set)
    for citizen_id, on in away_on | set(left.values()):
        days[on].add(citizen_id)
    concerned = {citizen_id for those in days.values() for citizen_id in those}
    of_these = [order for order in ordered if order.citizen_id in concerned]
    plans = care_plans.plans_of_orders(session, house, orders=[order.id for order in of_these])
    chosen = chosen_days.chosen_on(session, plans, on=period.first_on, last_on=period.last_on)
    found: list[Visit] = []
    for on, those in sorted(days.items()):
        theirs = [order for order in of_these if order.citizen_id in those]
        demands = demands_of_day(theirs, plans, away=frozenset(), on=on, chosen=chosen)
        found += [visit_due(one) for one in demands if one.visit_id in left or (one.citizen_id, on) in away_on]
    return found


def _published_without_place(
    session: Session, team_ids: Collection[TeamId], period: Period
) -> dict[VisitId, tuple[CitizenId, date]]:
    """The visits for which the published schedules found no place: whose, and on which day."""
    entries = schedules.schedules.c
    query = (
        select(entries.on, entries.unplaced)
        .where(among(entries.team_id, team_ids), entries.on.between(period.first_on, period.last_on))
        .where(entries.state == ScheduleState.PUBLISHED, func.jsonb_array_length(entries.unplaced) > 0)
    )
    return {
        VisitId(UUID(item["visit_id"])): (CitizenId(UUID(item["citizen_id"])), row.on)
        for row in session.execute(query)
        for item in row.unplaced
    }


class _OfSomebody(Protocol):
    @property
    def citizen_id(self) -> CitizenId: ...


_Row = TypeVar("_Row", bound=_OfSomebody)


def _by_citizen(rows: Iterable[_Row]) -> dict[CitizenId, list[_Row]]:
    found: dict[CitizenId, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.citizen_id].append(row)
    return found
