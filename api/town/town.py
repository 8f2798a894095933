"""The front door: a whole town from a seed."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from api.town.calls import Call, calls
from api.town.chance import Chance, Ids
from api.town.couples import married
from api.town.grants import Case, Grant, grant, not_begun
from api.town.homes import AREAS, Home, homes
from api.town.loads import Load, wanted_shifts
from api.town.needs import Need, NeedGroup, needs
from api.town.people import Person, TestNumbers, access_notes, person, phone_numbers
from api.town.providers import EXTENTS, MUNICIPAL_SHARE, Extent, Organisation, Size, organisation
from api.town.rosters import carers_needed, days_of, roster, shifts_wanted
from api.town.staff import Staff, case_officers, coordinators, manager, staff
from visits.organisation import Team
from visits.people import CaseOfficer, Citizen, ProtectedIdentity
from visits.planned.register import CitizenAbsence, Register
from visits.planned.staffing import Shift
from visits.terms import AbsenceReason, CarerId, CitizenId, Period, TeamId, Title

_PROTECTED_SHARE = 0.003
_AWAY_SHARE = 0.01
_FIXED_CARE_CONTACT_SHARE = 0.75


def generate(size: Size, seed: int, first_on: date, days: int) -> Register:
    """A town with rosters for `days` days from `first_on`. The same arguments give the same town."""
    extent, ids, period = EXTENTS[size], Ids(seed), days_of(first_on, days)
    house = organisation(ids, extent)
    officers = case_officers(ids.chance("case officers"), ids, extent.case_officers)
    households = _households(ids, extent)
    served = _served(ids, households, house, officers, first_on)
    crews = {team.id: _crew(ids, team, served.loads[team.id], period) for team in house.teams}
    people, grants = married(_with_contacts(ids, households, served, crews), served.grants)
    decided = [one.decision for one in grants]
    return Register(
        period=period,
        providers=house.providers,
        teams=house.teams,
        coordinators=tuple(
            coordinator
            for team in house.teams
            for coordinator in coordinators(ids.chance(f"coordinators/{team.name}"), ids, team, served.count(team.id))
        ),
        case_officers=tuple(officers),
        carers=tuple(carer for crew in crews.values() for carer in crew.staff.carers),
        delegations=tuple(one for crew in crews.values() for one in crew.staff.delegations),
        shifts=tuple(shift for crew in crews.values() for shift in crew.shifts),
        citizens=people,
        absences=_absences(ids, households, period),
        decisions=(*decided, *not_begun(ids, decided, first_on)),
        orders=tuple(one.order for one in grants),
        plans=tuple(one.plan for one in grants),
        managers=tuple(manager(ids.chance(f"manager/{one.name}"), ids, one) for one in house.providers),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Household:
    citizen: Citizen
    need: Need


@dataclass(slots=True)
class _Served:
    """Who serves whom, and how much that is."""

    grants: list[Grant] = field(default_factory=list)
    loads: dict[TeamId, Load] = field(default_factory=dict)
    day_team: dict[CitizenId, TeamId] = field(default_factory=dict)

    def count(self, team_id: TeamId) -> int:
        return sum(1 for one in self.grants if one.order.team_id == team_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crew:
    staff: Staff
    shifts: list[Shift]


def _households(ids: Ids, extent: Extent) -> list[_Household]:
    wanted = needs(ids.chance("needs"), elders=extent.elders, younger=extent.younger, supported=extent.supported)
    elders = {district: float(area.elders) for district, area in AREAS.items()}
    places = homes(ids.chance("homes"), ids.chance("districts").quota(elders, len(wanted)))
    protected = _protected(ids, len(wanted))
    chance, numbers, phones = ids.chance("people"), TestNumbers(), phone_numbers()
    found = []
    for place, (home, need) in enumerate(zip(places, wanted, strict=True)):
        someone = person(chance, numbers, district=home.district, born_on=_born_on(chance, need))
        citizen = _citizen(ids, someone, home, phone=next(phones), protected=protected.get(place))
        found.append(_Household(citizen=citizen, need=need))
    return found


def _protected(ids: Ids, count: int) -> dict[int, ProtectedIdentity]:
    """The places in the list of citizens whose identity is protected: about 0.3 %, and at least one."""
    chance = ids.chance("protected")
    marked = chance.shuffled(range(count))[: max(1, round(count * _PROTECTED_SHARE))]
    kinds = list(ProtectedIdentity)
    return {place: kinds[turn % len(kinds)] for turn, place in enumerate(marked)}


def _citizen(ids: Ids, someone: Person, home: Home, *, phone: str, protected: ProtectedIdentity | None) -> Citizen:
    return Citizen(
        id=CitizenId(ids.next("citizen")),
        personnummer=someone.personnummer,
        given_name=someone.given_name,
        family_name=someone.family_name,
        address=home.address,
        place=home.place,
        district=home.district,
        phone=phone,
        language=someone.language,
        access_notes=access_notes(ids.chance(f"door/{home.address}"), protected),
        protected=protected,
    )


def _born_on(chance: Chance, need: Need) -> date:
    """Elders are 65 to 98, most beyond 80; the others 20 to 63. Years, not ages: a town never grows older."""
    if need.elder:
        year = round(chance.around(1928, 1941, 1960))
    elif need.group is NeedGroup.SUPPORT:
        year = chance.whole(1966, 2004)
    else:
        year = chance.whole(1963, 2000)
    return date(year, 1, 1) + timedelta(days=chance.whole(0, 364))


def _served(
    ids: Ids, households: list[_Household], house: Organisation, officers: list[CaseOfficer], first_on: date
) -> _Served:
    """Decisions, orders and plans for everybody, each with a team; nights are the night team's whoever is chosen."""
    chance = ids.chance("grants")
    own = chance.quota({True: MUNICIPAL_SHARE, False: 1 - MUNICIPAL_SHARE}, len(households))
    served = _Served(loads={team.id: Load() for team in house.teams})
    for place, (household, municipal) in enumerate(zip(households, own, strict=True)):
        citizen, need = household.citizen, household.need
        case = Case(citizen_id=citizen.id, case_officer_id=officers[place % len(officers)].id, first_on=first_on)
        visits = calls(chance, need)
        supported = need.group is NeedGroup.SUPPORT
        day_team = house.support if supported else house.chosen(chance, citizen.district, municipal=municipal)
        for team, part in ((day_team, [c for c in visits if not c.at_night]), (house.night, _nights(visits))):
            if part:
                served.grants.append(grant(chance, ids, case, team, part))
                for call in part:
                    served.loads[team.id].add(call)
        served.day_team[citizen.id] = day_team.id
    return served


def _nights(visits: list[Call]) -> list[Call]:
    return [call for call in visits if call.at_night]


def _crew(ids: Ids, team: Team, load: Load, period: Period) -> _Crew:
    """As few carers as can lawfully work every shift that the team's load asks for."""
    wanted = wanted_shifts(team.kind, load)
    count = carers_needed(wanted)
    while True:
        crew = staff(ids.chance(f"staff/{team.name}"), ids, team, count, period.first_on)
        shifts = roster(ids, crew, wanted, period, chance=ids.chance(f"roster/{team.name}"))
        if len(shifts) == shifts_wanted(wanted, period):
            return _Crew(staff=crew, shifts=shifts)
        count += 1


def _with_contacts(
    ids: Ids, households: list[_Household], served: _Served, crews: dict[TeamId, _Crew]
) -> tuple[Citizen, ...]:
    """Three of four have a fixed care contact: an assistant nurse of their team (reference, 6.2)."""
    chance = ids.chance("contacts")
    found = []
    for household in households:
        citizen = household.citizen
        nurses: list[CarerId] = [
            carer.id
            for carer in crews[served.day_team[citizen.id]].staff.carers
            if carer.title is Title.ASSISTANT_NURSE
        ]
        if nurses and chance.happens(_FIXED_CARE_CONTACT_SHARE):
            citizen = replace(citizen, fixed_care_contact=chance.pick(nurses))
        found.append(citizen)
    return tuple(found)


def _absences(ids: Ids, households: list[_Household], period: Period) -> tuple[CitizenAbsence, ...]:
    """A few are away: the first from the town's first day on, so that there is always somebody."""
    chance = ids.chance("absences")
    daily = [one.citizen for one in households if one.need.group not in {NeedGroup.SERVICE, NeedGroup.SUPPORT}]
    away = chance.shuffled(daily)[: max(2, round(len(households) * _AWAY_SHARE))]
    found = []
    for place, citizen in enumerate(away):
        start = period.first_on + timedelta(days=chance.whole(0, period.days - 1) if place else 0)
        last = start + timedelta(days=chance.whole(2, 6))
        reason = chance.pick((AbsenceReason.HOSPITAL, AbsenceReason.TRAVEL))
        found.append(
            CitizenAbsence(id=ids.next("absence"), citizen_id=citizen.id, period=Period(start, last), reason=reason)
        )
    return tuple(found)
