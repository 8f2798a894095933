"""The teams' weeks in key figures, each counted once and anew only when more has been told of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    Table,
    and_,
    cast,
    func,
    literal_column,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from visits.guard.confidentiality import Reach, Subject, reach
from visits.guard.viewer import Viewer
from visits.people import Personnummer
from visits.performed.checkins import FactKind
from visits.performed.continuity import DAYS, NOT_COUNTED, Meeting, PeopleMet, people_met
from visits.performed.team_figures import TeamFigures, count
from visits.performed.visit import VisitState
from visits.planned.schedule import ScheduleState
from visits.store import audit, citizen_absences
from visits.store import visits as visits_store
from visits.store.base import Base, Instant
from visits.store.carers import carer_absences, carers
from visits.store.checkins import correction_approvals, visit_facts
from visits.store.citizens import citizens
from visits.store.columns import STRINGS, among, plain
from visits.store.schedules import placements, published_starts, schedules
from visits.store.shifts import shifts
from visits.store.strips import told_of
from visits.store.teams import teams
from visits.terms import CarerId, CitizenId, Period, TeamId, VisitId

WEEK = timedelta(days=7)

team_weeks = Table(
    "team_weeks",
    Base.metadata,
    Column("team_id", ForeignKey("teams.id"), primary_key=True),
    Column("monday_on", Date, primary_key=True),
    Column("counted_at", Instant, nullable=False),
    *(Column(one.name, Integer, nullable=False) for one in fields(TeamFigures)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWeek:
    """One team's week from Monday to Sunday, as it was counted."""

    team_id: TeamId
    monday_on: date
    figures: TeamFigures


def weeks_of(session: Session, viewer: Viewer, *, first_on: date, last_on: date) -> list[TeamWeek]:
    """The counted weeks, from that of `first_on` to that of `last_on`, of the teams whose sums the viewer may see, oldest first.

    A coordinator sees the own team, a manager the teams of the own provider. Leaves an entry that names no citizen.
    """
    of_teams = reach(viewer, Subject.TOTALS)
    audit.record(session, viewer, Subject.TOTALS, what="weeks_of", citizens=[])
    query = select(team_weeks).where(team_weeks.c.monday_on.between(_monday(first_on), last_on))
    if of_teams is Reach.OWN_TEAM:
        query = query.where(team_weeks.c.team_id == viewer.team_id)
    elif of_teams is Reach.OWN_PROVIDER:
        own = select(teams.c.id).where(teams.c.provider_id == viewer.provider_id)
        query = query.where(team_weeks.c.team_id.in_(own))
    rows = session.execute(query.order_by(team_weeks.c.monday_on, team_weeks.c.team_id))
    return [
        TeamWeek(
            team_id=row.team_id,
            monday_on=row.monday_on,
            figures=TeamFigures(**{one.name: getattr(row, one.name) for one in fields(TeamFigures)}),
        )
        for row in rows
    ]


def weeks_to_count(
    session: Session, team_ids: Collection[TeamId], mondays: Collection[date]
) -> list[tuple[TeamId, date]]:
    """Of these weeks those that were published and not counted yet, or told more of since; the newest first. Names nobody."""
    own = visits_store.visits.c
    week = _week_of(own.on)
    told = (
        select(own.team_id, week.label("monday_on"), func.max(visit_facts.c.received_at).label("told_at"))
        .select_from(visits_store.visits.outerjoin(visit_facts, visit_facts.c.visit_id == own.id))
        .where(among(own.team_id, team_ids), own.on.between(min(mondays), max(mondays) + WEEK - timedelta(days=1)))
        .group_by(own.team_id, week)
        .subquery()
    )
    decided = select(func.max(correction_approvals.c.decided_at)).scalar_subquery()
    known = team_weeks.c
    query = (
        select(told.c.team_id, told.c.monday_on)
        .outerjoin(team_weeks, (known.team_id == told.c.team_id) & (known.monday_on == told.c.monday_on))
        .where(known.counted_at.is_(None) | (func.greatest(told.c.told_at, decided) > known.counted_at))
        .order_by(told.c.monday_on.desc(), told.c.team_id)
    )
    return [(row.team_id, row.monday_on) for row in session.execute(query) if row.monday_on in mondays]


def put(session: Session, team_id: TeamId, monday_on: date, figures: TeamFigures, *, now: datetime) -> None:
    """Store a week as it was counted now."""
    values = {"team_id": team_id, "monday_on": monday_on, "counted_at": now, **asdict(figures)}
    statement = upsert(team_weeks).values(**values)
    changing = {name: value for name, value in values.items() if name not in {"team_id", "monday_on"}}
    session.execute(statement.on_conflict_do_update(index_elements=["team_id", "monday_on"], set_=changing))


def count_week(session: Session, team_id: TeamId, monday_on: date, *, now: datetime) -> TeamFigures:
    """Count one week of a team from what was published and told. For the house itself: nobody is shown anything."""
    days = Period(monday_on, monday_on + WEEK - timedelta(days=1))
    made = visits_store.visits_of_team_in(session, team_id, days)
    away: dict[CitizenId, frozenset[date]] = defaultdict(frozenset)
    for absence in citizen_absences.absences_in(session, {visit.citizen_id for visit in made}, days):
        away[absence.citizen_id] |= frozenset(absence.period.within(days) or ())
    return count(
        made,
        told=told_of(session, made, as_of=now),
        starts=published_starts(session, [visit.id for visit in made]),
        away=away,
        paid_minutes=_paid_minutes(session, team_id, days),
        travel_minutes=_travel_minutes(session, team_id, days),
        met=_met(session, team_id, last_on=monday_on + WEEK - timedelta(days=1)),
        now=now,
    )


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _week_of(on: Column[date]) -> ColumnElement[date]:
    return cast(func.date_trunc("week", on), Date)


def _paid_minutes(session: Session, team_id: TeamId, days: Period) -> int:
    """Shifts of those who came, without their breaks, which are the carer's own (arbetstidslagen 15 §)."""
    worked = func.extract("epoch", func.upper(shifts.c.during) - func.lower(shifts.c.during)) / 60
    rule = func.jsonb_array_elements(shifts.c.breaks).table_valued("value").lateral()
    breaks = select(func.coalesce(func.sum(rule.c.value.op("->>")("minutes").cast(Integer)), 0)).select_from(rule)
    absent = select(carer_absences.c.carer_id).where(
        carer_absences.c.carer_id == shifts.c.carer_id, carer_absences.c.on == shifts.c.on
    )
    query = (
        select(func.coalesce(func.sum(worked - breaks.scalar_subquery()), 0))
        .join(carers, carers.c.id == shifts.c.carer_id)
        .where(carers.c.team_id == team_id, shifts.c.on.between(days.first_on, days.last_on), ~absent.exists())
    )
    return round(session.scalar(query) or 0)


def _travel_minutes(session: Session, team_id: TeamId, days: Period) -> int:
    """Travel by the published schedules, to each visit and home again."""
    entries = schedules.c
    of_week = (entries.team_id == team_id) & entries.on.between(days.first_on, days.last_on)
    of_week &= entries.state == ScheduleState.PUBLISHED
    there = select(func.coalesce(func.sum(placements.c.travel_seconds), 0)).join(
        schedules, entries.id == placements.c.schedule_id
    )
    home = func.jsonb_each_text(entries.home_travel_seconds).table_valued("key", "value").lateral()
    back = select(func.coalesce(func.sum(home.c.value.cast(Integer)), 0)).select_from(
        schedules.join(home, literal_column("true"))
    )
    seconds = (session.scalar(there.where(of_week)) or 0) + (session.scalar(back.where(of_week)) or 0)
    return round(seconds / 60)


def _met(session: Session, team_id: TeamId, *, last_on: date) -> PeopleMet:
    """Whom the team's citizens have met in the fourteen days that end with `last_on`.

    Met is whoever checked in at a visit; where nobody did, whoever was to come: a visit that was declined or missed makes nobody
    less of somebody with visits every day.
    """
    days = Period(last_on - timedelta(days=DAYS - 1), last_on)
    came = _checked_in(session, team_id, days)
    meetings = list(came.values())
    known = {visit_id for visit_id, _ in came}
    meetings += [one for one in _placed(session, team_id, days) if one.visit_id not in known]
    seen = {meeting.citizen_id for meeting in meetings}
    away = {absence.citizen_id for absence in citizen_absences.absences_in(session, seen, days)}
    return people_met(meetings, first_on=days.first_on, born_on=_born_on(session, seen), away=away)


def _of_those_counted(team_id: TeamId, days: Period) -> ColumnElement[bool]:
    own = visits_store.visits.c
    return and_(
        own.team_id == team_id,
        own.on.between(days.first_on, days.last_on),
        own.state != VisitState.WITHDRAWN,
        not_(own.codes.op("<@", is_comparison=True)(cast(plain(NOT_COUNTED), STRINGS))),
    )


def _checked_in(session: Session, team_id: TeamId, days: Period) -> dict[tuple[VisitId, CarerId], Meeting]:
    own, told = visits_store.visits.c, visit_facts.c
    newer = visit_facts.alias()
    query = (
        select(own.citizen_id, told.carer_id, own.id, func.min(told.happened_at).label("start_at"))
        .join(visit_facts, told.visit_id == own.id)
        .where(_of_those_counted(team_id, days), told.kind == FactKind.CHECK_IN, told.needs_approval.is_(False))
        .where(~select(newer.c.id).where(newer.c.corrects == told.id).exists())
        .group_by(own.citizen_id, told.carer_id, own.id)
    )
    return {(row.id, row.carer_id): _meeting(*row) for row in session.execute(query)}


def _placed(session: Session, team_id: TeamId, days: Period) -> list[Meeting]:
    own, placed = visits_store.visits.c, placements.c
    query = (
        select(own.citizen_id, placed.carer_id, own.id, placed.start_at)
        .join(placements, placed.visit_id == own.id)
        .join(schedules, schedules.c.id == placed.schedule_id)
        .where(_of_those_counted(team_id, days), schedules.c.state == ScheduleState.PUBLISHED)
    )
    return [_meeting(*row) for row in session.execute(query)]


def _meeting(citizen_id: CitizenId, carer_id: CarerId, visit_id: VisitId, start_at: datetime) -> Meeting:
    return Meeting(citizen_id=citizen_id, carer_id=carer_id, visit_id=visit_id, start_at=start_at)


def _born_on(session: Session, seen: Iterable[CitizenId]) -> dict[CitizenId, date]:
    rows = session.execute(select(citizens.c.id, citizens.c.personnummer).where(among(citizens.c.id, seen)))
    return {row.id: Personnummer(row.personnummer).born_on for row in rows}
