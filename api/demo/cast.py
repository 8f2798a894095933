"""The cast: whom a newcomer is invited to be, and what is wanted to happen to whom this morning."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from api.demo.script import Chosen
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Carer, CaseOfficer, Citizen, Coordinator, Manager, Relative
from visits.performed.visit import VisitState
from visits.planned.schedule import Placement, Schedule
from visits.store import (
    carers,
    citizens,
    decisions,
    let_ins,
    managers,
    officials,
    relatives,
    schedules,
    shifts,
    teams,
    visits,
)
from visits.terms import CarerId, CaseOfficerId, CitizenId, Period, ServiceKind, VisitId, local_day

_SOON = timedelta(minutes=4)
_ALREADY = timedelta(minutes=20)
_WITHIN = timedelta(minutes=75)
"""Carers whose next visit is this near are at work now, and more worth watching than those who come in the evening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """`carer` is left to the newcomer, and visits `citizen` next; `delayed` is visited by `late`, who runs late.

    `wishes` is somebody else among the case officer's citizens, who asks for another provider. `relative` follows `followed`, whom
    some carer of the team visits today; there may be none.
    """

    team: Team
    coordinator: Coordinator
    carer: Carer
    citizen: Citizen
    late: Carer | None
    delayed: Citizen | None
    case_officer: CaseOfficer
    manager: Manager
    relative: Relative | None
    followed: Citizen | None
    wishes: CitizenId | None
    chosen: Chosen


def cast(session: Session, now: datetime) -> Cast | None:
    """From what is published for the day that it is at `now`; None when nobody is on the way."""
    viewer = _viewer(now)
    for team in sorted(teams.all_teams(session), key=_order):
        day = schedules.published(session, viewer, team_id=team.id, on=viewer.today)
        ahead = _ahead(day, lambda one: one.start_at > now + _SOON)
        busiest = sorted(ahead, key=lambda key: (ahead[key][0].start_at > now + _WITHIN, -len(ahead[key]), key))
        if day is not None and busiest:
            late = busiest[1] if len(busiest) > 1 else None
            behind = [one for one in _in_order(day) if one.start_at < now - _ALREADY]
            return _of_team(
                session, viewer, team, ahead, leads=(busiest[0], late, _chosen(behind, late, hero=busiest[0]))
            )
    return None


def cast_again(session: Session, shown: Cast, now: datetime) -> Cast:
    """The same carers, and who is really next on their routes, now that the day has been played until now."""
    viewer = _viewer(now)
    day = schedules.published(session, viewer, team_id=shown.team.id, on=viewer.today)
    states = visits.states_of_team(session, shown.team.id, viewer.today)
    ahead = _ahead(day, lambda one: states.get(one.visit_id) is VisitState.PLANNED)
    late = shown.late.id if shown.late and shown.late.id in ahead else None
    if shown.carer.id not in ahead:
        return shown
    return _of_team(session, viewer, shown.team, ahead, leads=(shown.carer.id, late, shown.chosen))


def _viewer(now: datetime) -> Viewer:
    return Viewer.system(reason="the demo chooses whom to show", today=local_day(now))


def _in_order(day: Schedule) -> list[Placement]:
    return sorted(day.placements, key=lambda one: (one.start_at, one.visit_id))


def _ahead(day: Schedule | None, is_ahead: Callable[[Placement], bool]) -> dict[CarerId, list[Placement]]:
    """Each carer's visits still to come, in order."""
    found: dict[CarerId, list[Placement]] = defaultdict(list)
    for one in _in_order(day) if day else []:
        if is_ahead(one):
            found[one.carer_id].append(one)
    return found


def everybody(session: Session, now: datetime) -> dict[CarerId, bool]:
    """Every carer of the town, and whether they have a shift that has begun, today or in the night that began yesterday."""
    today = local_day(now)
    found: dict[CarerId, bool] = {}
    for team in teams.all_teams(session):
        begun = {
            shift.carer_id
            for on in (today - timedelta(days=1), today)
            for shift in shifts.shifts_on(session, team.id, on)
            if shift.start_at <= now and local_day(shift.end_at) >= today
        }
        found |= {carer.id: carer.id in begun for carer in carers.carers_of(session, team.id)}
    return found


def _order(team: Team) -> tuple[bool, str]:
    """Home care first: it has something to show at most hours of every day."""
    return team.kind is not ServiceKind.HOME_CARE, team.name


def _of_team(
    session: Session,
    viewer: Viewer,
    team: Team,
    ahead: dict[CarerId, list[Placement]],
    *,
    leads: tuple[CarerId, CarerId | None, Chosen],
) -> Cast:
    hero, late, chosen = leads
    shown = ahead[hero][0].citizen_id
    delayed = next((one.citizen_id for one in ahead[late][1:] if one.citizen_id != shown), None) if late else None
    people = _people(session, viewer, [one.citizen_id for route in ahead.values() for one in route])
    crew = carers.carers_by_id(session, [hero, *([late] if late else [])])
    officer_id, wishes = _case(session, viewer, shown, others=set(people) - {shown, *([delayed] if delayed else [])})
    relative, followed = _follower(session, viewer, people, first=shown)
    return Cast(
        team=team,
        coordinator=officials.coordinators_of(session, team.id)[0],
        carer=crew[hero],
        citizen=people[shown],
        late=crew[late] if late else None,
        delayed=people[delayed] if delayed else None,
        case_officer=officials.case_officer(session, officer_id),
        manager=managers.managers_of(session, team.provider_id)[0],
        relative=relative,
        followed=followed,
        wishes=wishes,
        chosen=chosen,
    )


def _people(session: Session, viewer: Viewer, wanted: list[CitizenId]) -> dict[CitizenId, Citizen]:
    return {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.DAY, only=wanted)}


def _follower(
    session: Session, viewer: Viewer, people: dict[CitizenId, Citizen], *, first: CitizenId
) -> tuple[Relative | None, Citizen | None]:
    """Somebody whom one of these people has let in, the `first` of them if there is a choice."""
    inside = [one for one in let_ins.let_ins_of(session, viewer) if one.relative_id and one.citizen_id in people]
    for one in sorted(inside, key=lambda one: (one.citizen_id != first, one.citizen_id, one.id)):
        if one.relative_id is not None and one.ended_at is None and people[one.citizen_id].protected is None:
            return relatives.relative(session, one.relative_id), people[one.citizen_id]
    return None, None


def _case(
    session: Session, viewer: Viewer, citizen_id: CitizenId, *, others: set[CitizenId]
) -> tuple[CaseOfficerId, CitizenId | None]:
    """Who decides for the citizen, and one of `others` for whom the same official does."""
    today = Period(viewer.today, viewer.today)
    found = decisions.decisions_in(session, viewer, citizens=[citizen_id, *others], period=today)
    decided = {one.citizen_id: one.case_officer_id for one in found}
    officer_id = decided.pop(citizen_id)
    return officer_id, min((key for key, who in decided.items() if who == officer_id), default=None)


def _chosen(behind: list[Placement], late: CarerId | None, *, hero: CarerId) -> Chosen:
    """One closed door and one who said no this morning, a carer who runs late, and two visits to clear up."""
    keys: list[VisitId] = [one.visit_id for one in behind if one.carer_id not in {late, hero}]
    none: frozenset[UUID] = frozenset()
    return Chosen(
        nobody_home=frozenset(keys[-2:-1]) or none,
        declined=frozenset(keys[:1]) or none,
        late=frozenset({late}) if late else none,
        forgotten=frozenset(keys[1:2]) or none,
        doubled=frozenset(keys[2:3]) or none,
    )
