"""What a carer has not met before comes first, and what they have met is not called new."""

from dataclasses import replace
from datetime import date, timedelta

from tests.factories.world import MONDAY, a_template
from visits.performed.plan_news import PlanNews, PlanSeen, in_force, plan_news


def plan(
    version: int, since_on: date, *, goal: str = "Bo kvar hemma.", instructions: str = "Hjälp med frukost."
) -> PlanSeen:
    template = replace(a_template(), instructions=instructions)
    return PlanSeen(version=version, since_on=since_on, goal=goal, templates=(template,))


OLD = plan(1, MONDAY - timedelta(days=60))
NEW = plan(2, MONDAY - timedelta(days=3), instructions="Hjälp med frukost och stödstrumpor.")
YESTERDAY, LAST_WEEK = MONDAY - timedelta(days=1), MONDAY - timedelta(days=7)


def test_the_first_time_all_is_new() -> None:
    assert plan_news([OLD], last_on=None, on=MONDAY) == PlanNews(is_first=True, goal="Bo kvar hemma.")
    assert plan_news([], last_on=None, on=MONDAY) == PlanNews(is_first=True)


def test_a_plan_that_was_met_already_is_not_new() -> None:
    assert plan_news([OLD, NEW], last_on=YESTERDAY, on=MONDAY) is None
    assert plan_news([OLD], last_on=LAST_WEEK, on=MONDAY) is None


def test_a_newer_plan_is_told_with_what_it_says_otherwise() -> None:
    told = plan_news([OLD, NEW], last_on=LAST_WEEK, on=MONDAY)
    assert told == PlanNews(since_on=NEW.since_on, instructions=("Hjälp med frukost och stödstrumpor.",))
    other_goal = plan(2, NEW.since_on, goal="Promenera varje dag.")
    told = plan_news([OLD, other_goal], last_on=LAST_WEEK, on=MONDAY)
    assert told == PlanNews(since_on=NEW.since_on, goal="Promenera varje dag.")


def test_a_plan_holds_from_its_day_and_the_newest_that_does_is_in_force() -> None:
    assert in_force([OLD, NEW], NEW.since_on) is NEW
    assert in_force([NEW, OLD], NEW.since_on - timedelta(days=1)) is OLD
    assert in_force([NEW], LAST_WEEK) is None
