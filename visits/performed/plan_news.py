"""What is new for a carer about a citizen: read before the door is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from visits.granted.visit_templates import VisitTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSeen:
    """One version of a care plan as a carer meets it, and the day from which it has held."""

    version: int
    since_on: date
    goal: str
    templates: tuple[VisitTemplate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNews:
    """What this carer has not met here before: all of it when `is_first`, else what a newer plan says otherwise."""

    is_first: bool = False
    since_on: date | None = None
    goal: str = ""
    instructions: tuple[str, ...] = ()


def plan_news(plans: Sequence[PlanSeen], *, last_on: date | None, on: date) -> PlanNews | None:
    """What is new on the day `on` for a carer who was here last on `last_on` (None: never); None when nothing is.

    `plans` are the versions of one order that hold. A plan counts as met when it held on a day on which the carer was here.
    """
    now = in_force(plans, on)
    if last_on is None:
        return PlanNews(is_first=True, goal=now.goal if now else "")
    before = in_force(plans, last_on)
    if now is None or before is None or now.version == before.version:
        return None
    known = {template.instructions for template in before.templates}
    said = [template.instructions for template in now.templates if template.instructions not in known]
    return PlanNews(
        since_on=now.since_on,
        goal=now.goal if now.goal != before.goal else "",
        instructions=tuple(dict.fromkeys(text for text in said if text)),
    )


def in_force(plans: Sequence[PlanSeen], on: date) -> PlanSeen | None:
    """The version that held on a day."""
    return max((plan for plan in plans if plan.since_on <= on), key=lambda plan: plan.version, default=None)
