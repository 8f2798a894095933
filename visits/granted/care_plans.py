"""Care plans (genomförandeplaner): how, when and by whom the order is carried out, agreed with the citizen.

A plan lives in versions. The first one holds from the order's beginning though it is preliminary, so that help comes; a later one
holds when it has been activated. Drawn up within 14 days of the start, looked at again at least every six months (domain
reference 2.1 and 11, rule 5). Who took part is written down; whoever declines has a plan all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from visits.errors import Invalid, Refused
from visits.granted.visit_templates import VisitTemplate
from visits.terms import CarePlanId, CitizenId, OrderId, ServiceCode, check_text

DUE_AFTER_DAYS = 14
"""A plan is drawn up at most so many days after the order's first day."""
REVIEW_WITHIN_DAYS = 182
"""A plan is looked at again at least every six months."""
LONGEST_TEXT = 2000


class CarePlanState(StrEnum):
    """Preliminary, put to the citizen, agreed; `DUE_FOR_REVIEW` is what an active plan reads as once its day has come."""

    PRELIMINARY = "preliminary"
    PROPOSED = "proposed"
    ACTIVE = "active"
    DUE_FOR_REVIEW = "due_for_review"
    SUPERSEDED = "superseded"


class Participation(StrEnum):
    """Whether the citizen took part in making the plan. A plan is made also with somebody who declines to."""

    FULL = "full"
    PARTLY = "partly"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who put their name to a version, and when; whether one is asked for is the municipality's choice."""

    by: str
    on: date

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise Invalid(field="signed_by", value=self.by, why="a signature is somebody's")
        check_text(self.by, field="signed_by", at_most=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a line of the plan goes beyond what is granted for that help."""

    code: ServiceCode
    why: str

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise Invalid(field="why", value=self.why, why="an explanation says something")
        check_text(self.why, field="why", at_most=LONGEST_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePlan:
    """One version of a citizen's plan under one order.

    `participants` are those who took part besides the citizen, in words. `explanations` say, line by line, why what is planned goes
    beyond what is granted. `activated_on` is the day on which it was agreed, `review_on` by when it is looked at again.
    """

    id: CarePlanId
    order_id: OrderId
    citizen_id: CitizenId
    version: int
    state: CarePlanState
    from_on: date
    templates: tuple[VisitTemplate, ...]
    goal: str = ""
    took_part: Participation | None = None
    participants: str = ""
    explanations: tuple[Explanation, ...] = ()
    activated_on: date | None = None
    review_on: date | None = None
    signature: Signature | None = None

    def __post_init__(self) -> None:
        check_text(self.goal, field="goal", at_most=LONGEST_TEXT)
        check_text(self.participants, field="participants", at_most=LONGEST_TEXT)

    def holds_on(self, on: date) -> bool:
        """Whether visits may follow from it on a day: the first version at once, a later one from the day after it was agreed."""
        is_agreed = self.version == 1 or (self.activated_on is not None and self.activated_on < on)
        return is_agreed and self.from_on <= on

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way to being agreed."""
        return self.state in {CarePlanState.PRELIMINARY, CarePlanState.PROPOSED}

    def state_on(self, today: date) -> CarePlanState:
        """The state as it reads on a day: an active plan is due for review from `review_on` on."""
        is_due = self.state is CarePlanState.ACTIVE and self.review_on is not None and today >= self.review_on
        return CarePlanState.DUE_FOR_REVIEW if is_due else self.state


def in_force(plans: Iterable[CarePlan], *, on: date) -> dict[OrderId, CarePlan]:
    """Under each order the newest version that holds and has begun by the day."""
    newest: dict[OrderId, CarePlan] = {}
    for plan in plans:
        known = newest.get(plan.order_id)
        if plan.holds_on(on) and (known is None or plan.version > known.version):
            newest[plan.order_id] = plan
    return newest


def drawn_up_by(order_first_on: date) -> date:
    """The day by which an order that begins on `order_first_on` has an agreed plan."""
    return order_first_on + timedelta(days=DUE_AFTER_DAYS)


def revised(
    plan: CarePlan, *, plan_id: CarePlanId, version: int, from_on: date, templates: tuple[VisitTemplate, ...]
) -> CarePlan:
    """A new preliminary version with other visits; goal and explanations go over, and whoever took part is asked anew."""
    return replace(
        plan,
        id=plan_id,
        version=version,
        state=CarePlanState.PRELIMINARY,
        from_on=from_on,
        templates=templates,
        took_part=None,
        participants="",
        activated_on=None,
        review_on=None,
        signature=None,
    )


def proposed(plan: CarePlan) -> CarePlan:
    """The version, put to the citizen. Refused unless preliminary, or while the goal is not written."""
    _expect(plan, CarePlanState.PRELIMINARY, step="propose")
    if not plan.goal.strip():
        raise Refused(rule="plan_without_goal", plan_id=plan.id)
    return replace(plan, state=CarePlanState.PROPOSED)


def activated(
    plan: CarePlan, *, took_part: Participation, participants: str, signature: Signature | None, today: date
) -> CarePlan:
    """The version, agreed, to be looked at again within six months. Refused unless it has been proposed."""
    _expect(plan, CarePlanState.PROPOSED, step="activate")
    return replace(
        plan,
        state=CarePlanState.ACTIVE,
        took_part=took_part,
        participants=participants.strip(),
        signature=signature,
        activated_on=today,
        review_on=max(today, plan.from_on) + timedelta(days=REVIEW_WITHIN_DAYS),
    )


def reviewed(plan: CarePlan, *, today: date, review_on: date) -> CarePlan:
    """The plan, found to hold still, with another day of review at most six months ahead."""
    _expect(plan, CarePlanState.ACTIVE, step="review")
    latest = today + timedelta(days=REVIEW_WITHIN_DAYS)
    if not today < review_on <= latest:
        raise Invalid(field="review_on", value=review_on, why=f"must be a day after {today}, {latest} at the latest")
    return replace(plan, review_on=review_on)


def superseded(plan: CarePlan) -> CarePlan:
    """The version after a newer one was agreed; it holds until that one's first day."""
    if plan.state is CarePlanState.SUPERSEDED:
        raise Refused(rule="plan_state", plan_id=plan.id, step="supersede", state=plan.state.value)
    return replace(plan, state=CarePlanState.SUPERSEDED)


def _expect(plan: CarePlan, state: CarePlanState, *, step: str) -> None:
    if plan.state is not state:
        raise Refused(rule="plan_state", plan_id=plan.id, step=step, state=plan.state.value)
