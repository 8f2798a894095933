"""The cast: whom a newcomer is invited to be, and what is wanted to happen to whom this morning."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from api.demo.script import Chosen
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Carer, CaseOfficer, Citizen, Coordinator
from visits.planned.schedule import Placement
from visits.store import carers, citizens, decisions, officials, schedules, shifts, teams
from visits.terms import CarerId, CitizenId, Period, ServiceKind, VisitId, local_day

_SOON = timedelta(minutes=4)
_ALREADY = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """`carer` is left to the newcomer, and visits `citizen` next; `delayed` is visited by `late`, who runs late."""

    team: Team
    coordinator: Coordinator
    carer: Carer
    citizen: Citizen
    late: Carer | None
    delayed: Citizen | None
    case_officer: CaseOfficer
    chosen: Chosen


def cast(session: Session, now: datetime) -> Cast | None:
    """From what is published for the day that it is at `now`; None when nobody is on the way."""
    viewer = Viewer.system(reason="the demo chooses whom to show", today=local_day(now))
    for team in sorted(teams.all_teams(session), key=_order):
        day = schedules.published(session, viewer, team_id=team.id, on=viewer.today)
        if day is None:
            continue
        found = _of_team(session, viewer, team, day.placements, now)
        if found is not None:
            return found
    return None


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
    session: Session, viewer: Viewer, team: Team, placements: tuple[Placement, ...], now: datetime
) -> Cast | None:
    ahead: dict[CarerId, list[Placement]] = defaultdict(list)
    behind: list[Placement] = []
    doubled = {one.visit_id for one in placements if one.part > 1}
    for one in sorted(placements, key=lambda one: (one.start_at, one.visit_id)):
        if one.visit_id not in doubled and one.start_at > now + _SOON:
            ahead[one.carer_id].append(one)
        elif one.visit_id not in doubled and one.start_at < now - _ALREADY:
            behind.append(one)
    busiest = sorted(ahead, key=lambda key: (-len(ahead[key]), ahead[key][0].start_at, key))
    if not busiest:
        return None
    hero, late = busiest[0], busiest[1] if len(busiest) > 1 else None
    people = _people(session, viewer, [placement.citizen_id for route in ahead.values() for placement in route])
    citizen = people[ahead[hero][0].citizen_id]
    crew = carers.carers_by_id(session, [hero, *([late] if late else [])])
    return Cast(
        team=team,
        coordinator=officials.coordinators_of(session, team.id)[0],
        carer=crew[hero],
        citizen=citizen,
        late=crew[late] if late else None,
        delayed=people[ahead[late][min(1, len(ahead[late]) - 1)].citizen_id] if late else None,
        case_officer=_case_officer(session, viewer, citizen.id),
        chosen=_chosen(behind, late),
    )


def _people(session: Session, viewer: Viewer, wanted: list[CitizenId]) -> dict[CitizenId, Citizen]:
    return {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.DAY, only=wanted)}


def _case_officer(session: Session, viewer: Viewer, citizen_id: CitizenId) -> CaseOfficer:
    today = Period(viewer.today, viewer.today)
    found = decisions.decisions_in(session, viewer, citizens=[citizen_id], period=today)
    return officials.case_officer(session, found[0].case_officer_id)


def _chosen(behind: list[Placement], late: CarerId | None) -> Chosen:
    """One closed door and one who said no this morning, and a carer who runs late."""
    keys: list[VisitId] = [one.visit_id for one in behind if one.carer_id != late]
    none: frozenset[UUID] = frozenset()
    return Chosen(
        nobody_home=frozenset(keys[-2:-1]) or none,
        declined=frozenset(keys[:1]) or none,
        late=frozenset({late}) if late else none,
    )
