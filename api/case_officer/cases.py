"""What a case officer sees: the list of own citizens with what awaits, and one case whole."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from provider_choice.choice import (
    ChoiceRequest,
    DeclineReason,
    RequestState,
    Situation,
    earliest_first_day,
    reasons_that_hold,
)
from provider_choice.first_day import FirstDays
from provider_choice.providers import Offer
from provider_choice.store import choice
from provider_choice.store.situation import situation, situation_at_start
from visits.granted.care_plans import CarePlan
from visits.granted.commencement import Unexecuted, unexecuted
from visits.granted.decisions import Decision
from visits.granted.expiry import Expiry, expiries
from visits.granted.orders import ServiceOrder
from visits.granted.plan_lines import PlanLine, plan_lines
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Citizen
from visits.performed.strip import Strip
from visits.store import care_plans, citizens, decisions, orders, teams
from visits.store.strips import strips
from visits.terms import CarePlanId, CitizenId, DecisionId, Period, ProviderId, TeamId

WEEKS_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One citizen in the list; `asked` waits for an answer, `expiry` is the decision that runs out first."""

    citizen: Citizen
    decisions: tuple[Decision, ...]
    asked: ChoiceRequest | None
    expiry: Expiry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """All own citizens by name, and of them those who wait: longest first, and whose decisions end: soonest first."""

    everybody: tuple[Case, ...]
    asking: tuple[Case, ...]
    ending: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """What an officer needs to answer a request. `offer` is None where the provider does not come to the citizen's home."""

    request: ChoiceRequest
    offer: Offer | None
    earliest_on: date
    reasons: tuple[DeclineReason, ...]
    decision_holds: bool

    @property
    def can_confirm(self) -> bool:
        return self.decision_holds and self.offer is not None and not self.offer.is_full


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCase:
    """One case. Of orders and decisions those in force or coming, and those ended within a year."""

    citizen: Citizen
    decisions: tuple[Decision, ...]
    expiries: dict[object, Expiry]
    late: dict[DecisionId, Unexecuted]
    orders: tuple[ServiceOrder, ...]
    plans: tuple[CarePlan, ...]
    lines: dict[CarePlanId, tuple[PlanLine, ...]]
    sharing: dict[CitizenId, str]
    weeks: tuple[Strip, ...]
    requests: tuple[ChoiceRequest, ...]
    answering: Answering | None
    teams: dict[TeamId, Team]


def cases(session: Session, viewer: Viewer) -> Cases:
    """The viewer's own citizens, and what awaits."""
    people = citizens.find(session, viewer, Subject.CARE)
    granted = decisions.decisions_in(
        session, viewer, citizens=[person.id for person in people], period=Period(viewer.today)
    )
    waiting = {asked.citizen_id: asked for asked in choice.requests_waiting(session, viewer)}
    found = []
    for person in people:
        own = tuple(decision for decision in granted if decision.citizen_id == person.id)
        ending = expiries(own, today=viewer.today)
        found.append(
            Case(
                citizen=person,
                decisions=own,
                asked=waiting.get(person.id),
                expiry=ending[0] if ending else None,
            )
        )
    asking = [(case.asked.asked_at, case) for case in found if case.asked is not None]
    running_out = [(case.expiry.days_left, case) for case in found if case.expiry is not None]
    return Cases(
        everybody=tuple(found),
        asking=tuple(case for _, case in sorted(asking, key=lambda pair: pair[0])),
        ending=tuple(case for _, case in sorted(running_out, key=lambda pair: pair[0])),
    )


def whole_case(
    session: Session, viewer: Viewer, citizen_id: CitizenId, *, rules: FirstDays, now: datetime
) -> WholeCase:
    """One of the viewer's own cases; `NotFound` for anybody else's."""
    citizen = citizens.citizen(session, viewer, Subject.CARE, citizen_id)
    recent = Period(viewer.today - timedelta(days=365))
    granted = decisions.decisions_in(session, viewer, citizens=[citizen_id], period=recent)
    ordered = orders.orders_of(session, viewer, citizens=[citizen_id], period=recent)
    ahead = [order.id for order in ordered if order.valid.last_on is None or order.valid.last_on >= viewer.today]
    plans = _newest_plans(care_plans.plans_of_orders(session, viewer, orders=ahead))
    requests = choice.requests_of(session, viewer, citizen_id)
    return WholeCase(
        citizen=citizen,
        decisions=tuple(sorted(granted, key=lambda decision: decision.valid.first_on, reverse=True)),
        expiries={expiry.decision.id: expiry for expiry in expiries(granted, today=viewer.today)},
        orders=tuple(reversed(ordered)),
        plans=tuple(plans),
        late={one.decision.id: one for one in unexecuted(granted, ordered, today=viewer.today)},
        lines=_lines(plans, ordered, granted),
        sharing=_sharing(session, viewer, granted),
        weeks=tuple(_weeks(session, viewer, citizen_id, now=now)),
        requests=tuple(requests),
        answering=next(
            (
                _answering(session, viewer, request, rules)
                for request in requests
                if request.state is RequestState.SUBMITTED
            ),
            None,
        ),
        teams={team.id: team for team in teams.all_teams(session)},
    )


def provider_names(session: Session) -> dict[ProviderId, str]:
    return {provider.id: provider.name for provider in teams.all_providers(session)}


def suggested_first_day(session: Session, viewer: Viewer, request: ChoiceRequest, rules: FirstDays) -> date:
    """The first day by the municipality's rule, for an officer who names none."""
    return earliest_first_day(situation(session, viewer, request.citizen_id), rules, asked_on=request.asked_on)


def _answering(session: Session, viewer: Viewer, request: ChoiceRequest, rules: FirstDays) -> Answering:
    then = situation_at_start(session, viewer, request.citizen_id, rules=rules, asked_on=request.asked_on)
    earliest_on = earliest_first_day(then, rules, asked_on=request.asked_on)
    return Answering(
        request=request,
        offer=then.find(request.provider_id),
        earliest_on=earliest_on,
        reasons=reasons_that_hold(request, then),
        decision_holds=_holds(then, earliest_on),
    )


def _holds(then: Situation, on: date) -> bool:
    return any(on in decision.valid for decision in then.decisions)


def _newest_plans(plans: list[CarePlan]) -> list[CarePlan]:
    """The newest version under each order."""
    newest = {}
    for plan in sorted(plans, key=lambda plan: plan.version):
        newest[plan.order_id] = plan
    return list(newest.values())


def _lines(
    plans: list[CarePlan], ordered: list[ServiceOrder], granted: list[Decision]
) -> dict[CarePlanId, tuple[PlanLine, ...]]:
    """Each plan against the decision behind its order, line by line."""
    decided = {decision.id: decision for decision in granted}
    behind = {order.id: decided.get(order.decision_id) for order in ordered}
    found = [(plan, behind[plan.order_id]) for plan in plans]
    return {plan.id: tuple(plan_lines(plan, decision)) for plan, decision in found if decision is not None}


def _sharing(session: Session, viewer: Viewer, granted: list[Decision]) -> dict[CitizenId, str]:
    """The names of those with whom household services are shared, as far as they are the viewer's own cases too."""
    shared = {line.shared_with for decision in granted for line in decision.services if line.shared_with is not None}
    if not shared:
        return {}
    return {one.id: one.name for one in citizens.find(session, viewer, Subject.CARE, only=shared)}


def _weeks(session: Session, viewer: Viewer, citizen_id: CitizenId, *, now: datetime) -> list[Strip]:
    """Granted, planned and performed in the weeks up to the present one, newest first."""
    monday = viewer.today - timedelta(days=viewer.today.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS_SHOWN)]
    return [
        found
        for start in starts
        for found in strips(
            session, viewer, citizens=[citizen_id], period=Period(start, start + timedelta(days=6)), now=now
        )
    ]
