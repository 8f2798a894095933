"""A small world that a test builds by hand: one team, its carers and citizens, and a day of theirs.

Everything has a sensible default and a readable name; whatever matters to the test is said in the test. Times of day are written
as people write them: ``world.at("09:30")`` is half past nine in Stockholm on the world's day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from visits.granted.care_plans import CarePlan, CarePlanState
from visits.granted.decisions import Amount, Decision, GrantedService, Per
from visits.granted.orders import OrderState, ServiceOrder
from visits.granted.visit_templates import Priority, VisitTemplate
from visits.guard.representation import CODE_LASTS, LetIn
from visits.guard.viewer import Role, Viewer
from visits.organisation import Provider, ProviderKind, Team
from visits.people import (
    Carer,
    CaseOfficer,
    Citizen,
    Coordinator,
    HealthDelegation,
    Manager,
    Personnummer,
    ProtectedIdentity,
    Relative,
)
from visits.performed.visit import Visit, VisitState
from visits.planned.schedule import Placement, PlannedBreak, Schedule, ScheduleState
from visits.planned.staffing import BreakRule, Shift
from visits.planned.visit_ids import visit_id
from visits.store import (
    care_plans,
    carers,
    citizens,
    decisions,
    let_ins,
    managers,
    officials,
    orders,
    outbox,
    relatives,
    schedules,
    shifts,
    teams,
    visits,
)
from visits.terms import (
    CarePlanId,
    CarerId,
    CaseOfficerId,
    CitizenId,
    CoordinatorId,
    DecisionId,
    District,
    GrantedServiceId,
    LetInId,
    ManagerId,
    OrderId,
    Period,
    Place,
    ProviderId,
    RelativeId,
    ScheduleId,
    ServiceCode,
    ServiceKind,
    ShiftId,
    Skill,
    TeamId,
    Title,
    TravelMode,
    VisitId,
    VisitTemplateId,
    instant,
)

MONDAY = date(2026, 11, 23)
EVERY_DAY = frozenset(range(7))
TUMBA = Place(59.1995, 17.8384)
_GIVEN = ("Astrid", "Bertil", "Cecilia", "David", "Elsa", "Folke", "Greta", "Hugo", "Irma", "Josef", "Karin", "Love")


@dataclass(frozen=True, slots=True)
class Cared:
    """A citizen with an order in force and a plan: what most tests need of a person."""

    citizen: Citizen
    decision: Decision
    order: ServiceOrder
    plan: CarePlan

    @property
    def id(self) -> CitizenId:
        return self.citizen.id

    def visit(self, on: date = MONDAY, nth: int = 0) -> VisitId:
        """The id of the visit that the plan's `nth` template asks for on a day."""
        return visit_id(self.plan.templates[nth].id, on)


@dataclass
class World:
    """Builds and stores. Nothing is committed: the test does that where others must see it (`world.session.commit()`)."""

    session: Session
    on: date = MONDAY
    _numbers: "count[int]" = field(default_factory=lambda: count(0))

    def at(self, wall: str, *, on: date | None = None) -> datetime:
        return instant(on or self.on, time.fromisoformat(wall))

    def provider(self, name: str | None = None, *, kind: ProviderKind = ProviderKind.MUNICIPAL) -> Provider:
        made = Provider(id=ProviderId(uuid4()), name=name or f"Utföraren {next(self._numbers)}", kind=kind)
        teams.add_providers(self.session, [made])
        return made

    def team(
        self,
        name: str | None = None,
        *,
        provider: Provider | None = None,
        kind: ServiceKind = ServiceKind.HOME_CARE,
        districts: frozenset[District] = frozenset({District.TUMBA}),
    ) -> Team:
        made = Team(
            id=TeamId(uuid4()),
            provider_id=(provider or self.provider()).id,
            name=name or f"Gruppen {next(self._numbers)}",
            kind=kind,
            districts=districts,
            start=TUMBA,
        )
        teams.add_teams(self.session, [made])
        return made

    def coordinator(self, team: Team) -> Coordinator:
        made = Coordinator(id=CoordinatorId(uuid4()), team_id=team.id, given_name="Sam", family_name="Ordnare")
        officials.add_coordinators(self.session, [made])
        return made

    def case_officer(self) -> CaseOfficer:
        made = CaseOfficer(id=CaseOfficerId(uuid4()), given_name="Hanna", family_name="Läggare")
        officials.add_case_officers(self.session, [made])
        return made

    def manager(self, team: Team) -> Manager:
        """Who answers for the team's provider."""
        made = Manager(id=ManagerId(uuid4()), provider_id=team.provider_id, given_name="Vera", family_name="Ansvarig")
        managers.add(self.session, [made])
        return made

    def relative(self, *let_in_by: "Citizen | Cared", given_name: str = "Karin", sees_time: bool = False) -> Relative:
        """A relative whom these citizens have let in, the day before."""
        made = Relative(id=RelativeId(uuid4()), given_name=given_name, family_name="Närstående")
        relatives.add(self.session, [made])
        asked_at = self.at("12:00") - timedelta(days=1)
        for who in let_in_by:
            row = LetIn(
                id=LetInId(uuid4()),
                citizen_id=who.id,
                called=f"{given_name}, min dotter",
                sees_time=sees_time,
                invited_at=asked_at,
                code_until=asked_at + CODE_LASTS,
                relative_id=made.id,
                accepted_at=asked_at,
            )
            let_ins.add(self.session, row, code=None)
        return made

    def carer(
        self,
        team: Team,
        given_name: str | None = None,
        *,
        title: Title = Title.ASSISTANT_NURSE,
        mode: TravelMode = TravelMode.BICYCLE,
        delegated: bool = True,
        works: tuple[str, str] | None = ("07:00", "16:00"),
        breaks: Sequence[tuple[str, str, int]] = (),
    ) -> Carer:
        """A carer; `works` is the shift of the world's day (None: off), `breaks` are (earliest, latest, minutes)."""
        number = next(self._numbers)
        made = Carer(
            id=CarerId(uuid4()),
            team_id=team.id,
            given_name=given_name or _GIVEN[number % len(_GIVEN)],
            family_name=f"Vårdare{number}",
            title=title,
            mode=mode,
        )
        carers.add(self.session, [made])
        if delegated:
            valid = Period(self.on - timedelta(days=100), self.on + timedelta(days=200))
            held = HealthDelegation(carer_id=made.id, task="medicine", valid=valid)
            carers.add_delegations(self.session, [held], make_id=uuid4)
        if works is not None:
            self.shift(made, *works, breaks=breaks)
        return made

    def shift(
        self,
        carer: Carer,
        start: str,
        end: str,
        *,
        on: date | None = None,
        breaks: Sequence[tuple[str, str, int]] = (),
    ) -> Shift:
        day = on or self.on
        made = Shift(
            id=ShiftId(uuid4()),
            carer_id=carer.id,
            on=day,
            start_at=self.at(start, on=day),
            end_at=self.at(end, on=day),
            breaks=tuple(
                BreakRule(earliest_at=self.at(earliest, on=day), latest_at=self.at(latest, on=day), minutes=minutes)
                for earliest, latest, minutes in breaks
            ),
        )
        shifts.add(self.session, [made])
        return made

    def citizen(
        self,
        given_name: str | None = None,
        *,
        place: Place = TUMBA,
        district: District = District.TUMBA,
        protected: ProtectedIdentity | None = None,
    ) -> Citizen:
        number = next(self._numbers)
        made = Citizen(
            id=CitizenId(uuid4()),
            personnummer=a_personnummer(number),
            given_name=given_name or _GIVEN[number % len(_GIVEN)],
            family_name=f"Boende{number}",
            address=f"Provgatan {number}",
            place=place,
            district=district,
            phone="070-1740605",
            access_notes="Portkod 1234",
            protected=protected,
        )
        citizens.add(self.session, [made])
        return made

    def cared(
        self,
        team: Team,
        citizen: Citizen | None = None,
        *,
        templates: Sequence[VisitTemplate] | None = None,
        officer: CaseOfficer | None = None,
        valid: Period | None = None,
        granted: Amount | None = None,
    ) -> Cared:
        """A citizen with a decision, an order at `team` and an active plan; by default one morning visit of 30 minutes a day."""
        who = citizen or self.citizen()
        period = valid or Period(self.on - timedelta(days=60), self.on + timedelta(days=120))
        amount = granted or Amount(minutes=30, occasions=1, per=Per.DAY)
        decision = Decision(
            id=DecisionId(uuid4()),
            citizen_id=who.id,
            case_officer_id=(officer or self.case_officer()).id,
            kind=team.kind,
            decided_on=period.first_on,
            valid=period,
            services=(GrantedService(id=GrantedServiceId(uuid4()), code=ServiceCode.MORNING, amount=amount),),
        )
        decisions.add(self.session, [decision])
        order = ServiceOrder(
            id=OrderId(uuid4()),
            decision_id=decision.id,
            citizen_id=who.id,
            kind=team.kind,
            provider_id=team.provider_id,
            team_id=team.id,
            state=OrderState.COMMENCED,
            valid=period,
        )
        orders.add(self.session, [order])
        plan = CarePlan(
            id=CarePlanId(uuid4()),
            order_id=order.id,
            citizen_id=who.id,
            version=1,
            state=CarePlanState.ACTIVE,
            from_on=period.first_on,
            templates=tuple(templates if templates is not None else [a_template()]),
        )
        care_plans.add(self.session, [plan])
        return Cared(who, decision, order, plan)

    def published(
        self,
        team: Team,
        stops: Sequence[tuple[Cared, Carer, str] | tuple[Cared, Carer, str, int]],
        *,
        on: date | None = None,
        state: ScheduleState = ScheduleState.PUBLISHED,
        breaks: Sequence[tuple[Carer, str, str]] = (),
    ) -> Schedule:
        """Store a schedule in which a citizen's template (the first, or the one numbered) is visited by a carer at a time of day.

        The visits in it are stored too. The same visit twice in `stops` is a double-staffed one. An earlier published schedule of
        the day is superseded.
        """
        day = on or self.on
        parts: dict[VisitId, int] = {}
        placed = []
        due: dict[VisitId, tuple[Cared, int]] = {}
        for cared, carer, wall, *numbered in stops:
            nth = numbered[0] if numbered else 0
            key = cared.visit(day, nth)
            due[key] = (cared, nth)
            parts[key] = parts.get(key, 0) + 1
            placed.append(
                Placement(
                    visit_id=key,
                    citizen_id=cared.id,
                    part=parts[key],
                    carer_id=carer.id,
                    start_at=self.at(wall, on=day),
                    minutes=cared.plan.templates[nth].minutes,
                    travel_seconds=300,
                )
            )
        made_at = self.at("06:00", on=day) - timedelta(days=1)
        schedule = Schedule(
            id=ScheduleId(uuid4()),
            team_id=team.id,
            on=day,
            state=state,
            made_at=made_at,
            published_at=made_at if state is ScheduleState.PUBLISHED else None,
            placements=tuple(placed),
            breaks=tuple(
                PlannedBreak(carer_id=carer.id, start_at=self.at(start, on=day), end_at=self.at(end, on=day))
                for carer, start, end in breaks
            ),
        )
        if state is ScheduleState.PUBLISHED:
            now_published = schedules.published(self.session, self.system(), team_id=team.id, on=day)
            if now_published is not None:
                schedules.set_state(self.session, now_published.id, ScheduleState.SUPERSEDED)
            visits.put(
                self.session, [self._visit(cared, nth, day, staff=parts[key]) for key, (cared, nth) in due.items()]
            )
        schedules.add(self.session, schedule)
        return schedule

    def _visit(self, cared: Cared, nth: int, on: date, *, staff: int) -> Visit:
        template = cared.plan.templates[nth]
        return Visit(
            id=cared.visit(on, nth),
            template_id=template.id,
            citizen_id=cared.id,
            order_id=cared.order.id,
            team_id=cared.order.team_id,
            on=on,
            codes=template.codes,
            instructions=template.instructions,
            earliest_at=instant(on, template.earliest),
            latest_at=instant(on, template.latest),
            minutes=template.minutes,
            staff_required=staff,
            skills=template.skills,
            priority=template.priority,
            state=VisitState.PLANNED,
        )

    def system(self) -> Viewer:
        return Viewer.system(reason="test", today=self.on)

    def as_citizen(self, citizen: Citizen | Cared) -> Viewer:
        return Viewer(role=Role.CITIZEN, person_id=citizen.id, today=self.on)

    def as_carer(self, carer: Carer) -> Viewer:
        return Viewer(role=Role.CARER, person_id=carer.id, team_id=carer.team_id, today=self.on)

    def as_coordinator(self, team: Team) -> Viewer:
        who = self.coordinator(team)
        return Viewer(role=Role.COORDINATOR, person_id=who.id, team_id=team.id, today=self.on)

    def as_case_officer(self, officer: CaseOfficer) -> Viewer:
        return Viewer(role=Role.CASE_OFFICER, person_id=officer.id, today=self.on)

    def as_manager(self, manager: Manager) -> Viewer:
        return Viewer(role=Role.MANAGER, person_id=manager.id, provider_id=manager.provider_id, today=self.on)

    def as_relative(self, relative: Relative) -> Viewer:
        return Viewer(role=Role.RELATIVE, person_id=relative.id, today=self.on)

    def revision(self, audience: outbox.Audience, subject: UUID) -> int:
        return outbox.revisions(self.session, audience, [subject], self.on).get(subject, 0)


def a_template(
    *codes: ServiceCode,
    window: tuple[str, str] = ("07:00", "10:30"),
    wish: tuple[str, str] | None = None,
    minutes: int = 30,
    staff: int = 1,
    skills: frozenset[Skill] = frozenset(),
    weekdays: frozenset[int] = EVERY_DAY,
    priority: Priority = Priority.MUST,
    every_weeks: int = 1,
    after: VisitTemplateId | None = None,
    min_gap_minutes: int = 0,
) -> VisitTemplate:
    """A recurring visit; by default help in the morning, which may begin 07:00-10:30, by one carer."""
    earliest, latest = (time.fromisoformat(wall) for wall in window)
    wish_earliest, wish_latest = (time.fromisoformat(wall) for wall in (wish or window))
    return VisitTemplate(
        id=VisitTemplateId(uuid4()),
        codes=codes or (ServiceCode.MORNING,),
        instructions="Hjälp med frukost.",
        weekdays=weekdays,
        earliest=earliest,
        latest=latest,
        wish_earliest=wish_earliest,
        wish_latest=wish_latest,
        minutes=minutes,
        staff_required=staff,
        skills=skills,
        priority=priority,
        every_weeks=every_weeks,
        after=after,
        min_gap_minutes=min_gap_minutes,
    )


def a_personnummer(number: int) -> Personnummer:
    """An official test number: the birth numbers 980-999 are set aside for tests by Skatteverket."""
    born = date(1930, 1, 1) + timedelta(days=number // 20)
    digits = f"{born:%y%m%d}{980 + number % 20}"
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(digits)]
    check = -sum(value // 10 + value % 10 for value in doubled) % 10
    return Personnummer(f"{born:%Y}{digits[2:]}{check}")
