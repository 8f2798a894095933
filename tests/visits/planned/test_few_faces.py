"""Few faces: prices worked by hand, routes that change hands, and days planned together with the real solver."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from tests.factories.world import a_template
from visits.actions.regenerate_schedule import solve_day
from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.orders import OrderState, ServiceOrder
from visits.people import Carer
from visits.planned.carer_prices import CarerPrices, known, shared_days
from visits.planned.demands import demands_of_day
from visits.planned.few_faces import DayTask, Familiar, Start, days_shared, exchanged, few_faces
from visits.planned.planning_day import Draft, PlanningDay
from visits.planned.schedule import Placement
from visits.planned.staffing import Shift, StaffedShift
from visits.planned.visit_ids import visit_id
from visits.terms import (
    CarePlanId,
    CarerId,
    CitizenId,
    DecisionId,
    OrderId,
    Period,
    Place,
    ProviderId,
    ServiceKind,
    ShiftId,
    TeamId,
    Title,
    TravelMode,
    instant,
    midnight,
)

MONDAY = date(2026, 11, 23)
TEAM = TeamId(UUID(int=1))
TUMBA = Place(59.1995, 17.8384)
VERA, JONAS, AMIRA, NILS = (CarerId(UUID(int=10 + number)) for number in range(4))
ANNA, BO = CitizenId(UUID(int=20)), CitizenId(UUID(int=21))


def at_work(carer_id: CarerId, on: date, *, mode: TravelMode = TravelMode.WALK) -> StaffedShift:
    carer = Carer(id=carer_id, team_id=TEAM, given_name="N", family_name="N", title=Title.ASSISTANT_NURSE, mode=mode)
    shift = Shift(
        id=ShiftId(UUID(int=carer_id.int * 1000 + on.toordinal())),
        carer_id=carer_id,
        on=on,
        start_at=instant(on, time(7)),
        end_at=instant(on, time(15)),
    )
    return StaffedShift(shift=shift, carer=carer, skills=frozenset())


def a_planning_day(on: date, staffing: Sequence[StaffedShift], places: dict[CitizenId, Place]) -> PlanningDay:
    """Each citizen has a visit of half an hour in the morning and one around noon."""
    orders, plans = [], []
    for number, citizen_id in enumerate(places):
        order = ServiceOrder(
            id=OrderId(UUID(int=30 + number)),
            decision_id=DecisionId(UUID(int=40 + number)),
            citizen_id=citizen_id,
            kind=ServiceKind.HOME_CARE,
            provider_id=ProviderId(UUID(int=50)),
            team_id=TEAM,
            state=OrderState.COMMENCED,
            valid=Period(date(2026, 1, 1)),
        )
        orders.append(order)
        plans.append(
            CarePlan(
                id=CarePlanId(UUID(int=60 + number)),
                order_id=order.id,
                citizen_id=citizen_id,
                version=1,
                state=CarePlanState.ACTIVE,
                from_on=order.valid.first_on,
                templates=(a_template(window=("07:30", "10:00")), a_template(window=("11:00", "13:30"))),
            )
        )
    return PlanningDay(
        team_id=TEAM,
        on=on,
        now=midnight(on),
        start=TUMBA,
        demands=demands_of_day(orders, plans, away=frozenset(), on=on),
        staffing=tuple(staffing),
        places=places,
    )


def test_a_face_is_dearer_the_fewer_days_it_is_shared_and_the_contact_counts_from_the_first() -> None:
    """Of 600 for a stranger: 300 for who comes on one other day, 150 on three; the contact's seven days make 75."""
    prices = shared_days({VERA: 1, JONAS: 3}, contact=AMIRA, visits=40, new_face_cost=600)
    assert prices == CarerPrices({VERA: 300, JONAS: 150, AMIRA: 75}, 600)


def test_whoever_has_few_visits_pays_their_share_of_the_price() -> None:
    assert shared_days({}, contact=None, visits=15, new_face_cost=600) == CarerPrices({}, 300)


def test_a_new_face_costs_more_the_more_have_been_met() -> None:
    """600 up to eight faces, and an eighth of it more for each beyond: 900 at twelve."""
    people = [CarerId(UUID(int=number)) for number in range(12)]
    assert known(people[:8]).other == 600
    assert known(people).other == 900
    assert known([]) == CarerPrices()


def test_routes_change_hands_between_carers_alike_where_that_brings_back_whom_the_citizen_knows() -> None:
    """Jonas has Anna, Vera has Bo; each citizen knows the other one. Amira would know Anna too, but goes by car."""
    staffing = [at_work(VERA, MONDAY), at_work(JONAS, MONDAY), at_work(AMIRA, MONDAY, mode=TravelMode.CAR)]
    day = a_planning_day(MONDAY, staffing, {ANNA: TUMBA, BO: TUMBA})
    prices = {ANNA: CarerPrices({VERA: 0, AMIRA: 0}, 600), BO: CarerPrices({JONAS: 0}, 600)}
    start = Start(placements=(placed(day, ANNA, JONAS), placed(day, BO, VERA)))
    found = exchanged(start, replace(day, carer_prices=prices))
    assert [(one.citizen_id, one.carer_id) for one in found.placements] == [(ANNA, VERA), (BO, JONAS)]


def placed(day: PlanningDay, citizen_id: CitizenId, carer_id: CarerId) -> Placement:
    demand = next(one for one in day.demands if one.citizen_id == citizen_id)
    return Placement(
        visit_id=visit_id(demand.template_id, day.on),
        citizen_id=citizen_id,
        part=1,
        carer_id=carer_id,
        start_at=datetime.combine(day.on, time(8), tzinfo=demand.earliest_at.tzinfo),
        minutes=30,
        travel_seconds=0,
    )


def test_days_planned_together_bring_each_citizen_one_of_those_who_work() -> None:
    """Four carers work every day of four, two citizens live far apart: two of the four are enough, one for each."""
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    homes = {ANNA: Place(59.205, 17.8384), BO: Place(59.194, 17.8384)}
    asked = [a_planning_day(on, [at_work(carer, on) for carer in (VERA, JONAS, AMIRA, NILS)], homes) for on in days]
    planning = few_faces(asked, familiar=Familiar(contacts={ANNA: NILS}), seconds=0.4, at_once=2)
    drafts = run(planning)
    assert all(not draft.unplaced for draft in drafts)
    met = days_shared(draft.placements for draft in drafts)
    assert list(met[ANNA]) == [NILS], "the fixed care contact comes first"
    assert len(met[BO]) == 1


def run(planning: Generator[list[DayTask], Sequence[Draft], list[Draft]]) -> list[Draft]:
    tasks = next(planning)
    while True:
        drafts = [solve_day(one.day, seconds=one.seconds, start=one.start, explained=one.last) for one in tasks]
        try:
            tasks = planning.send(drafts)
        except StopIteration as done:
            found: list[Draft] = done.value
            return found
