"""Days of made-up towns as problems, without a database: what the town generator makes, by the translation of the service.

A town begins without a past, so whom a citizen knows is drawn too: the fixed care contact and a few more of the team.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from api.town.chance import Chance
from api.town.providers import Size
from api.town.town import generate
from scheduler import LocationId, Problem
from scheduler import TravelTimes as ProblemTravelTimes
from visits.organisation import Team
from visits.people import Citizen
from visits.planned.carer_prices import CarerPrices, known
from visits.planned.demands import demands_of_day
from visits.planned.planning_day import PlanningDay
from visits.planned.register import Register
from visits.planned.staffing import staffed
from visits.planned.translation import Translation, translate
from visits.planned.travel import GreatCircle
from visits.terms import CarerId, CitizenId, Place, ServiceKind, TravelMode, midnight

ON = date(2026, 11, 24)
"""A Tuesday."""
_ROSTER_DAYS = 14
_KNOWN_BESIDES_CONTACT = 6


@dataclass(frozen=True, slots=True)
class TownDay:
    """The home care of one day in a town. `teams` plan together, each from its own premises; none named means all.

    `share` of the citizens, those nearest the premises, with the same share of the shifts.
    """

    size: Size
    seed: int
    teams: tuple[str, ...] = ()
    share: float = 1.0

    def problem(self, name: str) -> Problem:
        town = _town(self.size, self.seed)
        teams = [team for team in town.teams if team.kind is ServiceKind.HOME_CARE]
        chosen = [team for team in teams if not self.teams or team.name in self.teams]
        assert len(chosen) == len(self.teams or teams), f"{name}: not every one of {self.teams} is a team of the town"
        days = [_nearest(_planning_day(town, team, self.seed), self.share) for team in chosen]
        return replace(_together([translate(day, GreatCircle()) for day in days]), name=name)


@cache
def _town(size: Size, seed: int) -> Register:
    return generate(size, seed, ON, _ROSTER_DAYS)


def _planning_day(town: Register, team: Team, seed: int) -> PlanningDay:
    """The team's day as it is planned from the midnight before."""
    orders = [order for order in town.orders if order.team_id == team.id]
    ordered = {order.id for order in orders}
    carers = {carer.id: carer for carer in town.carers if carer.team_id == team.id}
    away = frozenset(one.citizen_id for one in town.absences if ON in one.period)
    demands = demands_of_day(orders, [plan for plan in town.plans if plan.order_id in ordered], away=away, on=ON)
    due = {demand.citizen_id for demand in demands}
    citizens = [citizen for citizen in town.citizens if citizen.id in due]
    return PlanningDay(
        team_id=team.id,
        on=ON,
        now=midnight(ON),
        start=team.start,
        demands=demands,
        staffing=staffed(
            [shift for shift in town.shifts if shift.on == ON and shift.carer_id in carers],
            carers=carers,
            delegations=town.delegations,
            absent=frozenset(),
        ),
        places={citizen.id: citizen.place for citizen in citizens},
        carer_prices=_known(citizens, list(carers), Chance(seed, f"known/{team.name}")),
    )


def _known(citizens: Iterable[Citizen], carers: Sequence[CarerId], chance: Chance) -> dict[CitizenId, CarerPrices]:
    return {
        citizen.id: known(
            frozenset(chance.shuffled(carers)[:_KNOWN_BESIDES_CONTACT])
            | ({citizen.fixed_care_contact} if citizen.fixed_care_contact else set())
        )
        for citizen in citizens
    }


def _nearest(day: PlanningDay, share: float) -> PlanningDay:
    """Those who live nearest the premises, and every so manieth shift in the order in which shifts begin."""
    if share == 1:
        return day

    def distance(citizen_id: CitizenId) -> float:
        place = day.places[citizen_id]
        return (place.lat - day.start.lat) ** 2 + (place.lon - day.start.lon) ** 2 / 4  # 60° north: half as long

    near = set(sorted(day.places, key=lambda who: (distance(who), who))[: round(share * len(day.places))])
    shifts = sorted(day.staffing, key=lambda worked: (worked.shift.start_at, worked.shift.end_at, worked.shift.id))
    return replace(
        day,
        demands=tuple(demand for demand in day.demands if demand.citizen_id in near),
        staffing=tuple(shifts[int(k / share)] for k in range(round(share * len(shifts)))),
    )


def _together(translations: Sequence[Translation]) -> Problem:
    """The teams' days as one problem: everybody may come to everybody, and starts where their own team does."""
    first = translations[0].problem
    if len(translations) == 1:
        return first
    places = list(dict.fromkeys(place for one in translations for place in _places(one)))
    names = {place: LocationId(f"L{number}") for number, place in enumerate(places)}
    carers, jobs = [], []
    for one in translations:
        named = {was.id: names[place] for was, place in zip(one.problem.locations, _places(one), strict=True)}
        jobs += [replace(job, location=named[job.location]) for job in one.problem.jobs]
        carers += [
            replace(carer, start_location=named[carer.start_location], end_location=named[carer.end_location])
            for carer in one.problem.carers
        ]
    modes = sorted({carer.mode for carer in carers})
    return replace(
        first,
        locations=tuple(replace(first.locations[0], id=name) for name in names.values()),
        travel=ProblemTravelTimes.of({m: GreatCircle().between(places, mode=TravelMode(m)).tolist() for m in modes}),
        carers=tuple(carers),
        jobs=tuple(jobs),
        links=tuple(link for one in translations for link in one.problem.links),
    )


def _places(translation: Translation) -> list[Place]:
    """Where the locations of a translated day lie, in their order."""
    day = translation.day
    homes = (day.places[part.demand.citizen_id] for part in translation.parts.values())
    return list(dict.fromkeys((day.start, *homes)))
