"""The weeks behind a made-up town: like the town's own days, and over."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from api.town.past import past
from api.town.providers import Size
from api.town.town import generate
from visits.actions.fill_past import fill_past
from visits.actions.fill_register import fill_register
from visits.errors import Refused
from visits.guard.viewer import Viewer
from visits.performed.checkins import Fact
from visits.performed.folding import fold
from visits.performed.outcome import Told
from visits.performed.visit import VisitState
from visits.planned.working_time import breaches
from visits.store.strips import strips, told_of
from visits.terms import Period, VisitId, midnight

FIRST_ON = date(2026, 11, 25)
"""A Wednesday: the past ends on Tuesday, and begins two whole weeks before that week's Monday."""


def test_a_past_is_over_right_before_the_towns_first_day_and_is_performed_as_pasts_are(session: Session) -> None:
    made = generate(Size.SMALL, 1, FIRST_ON, 14)
    behind = past(made, 1, weeks=2)
    assert past(made, 1, weeks=2) == behind
    days = {schedule.on for schedule in behind.schedules}
    assert (min(days), max(days)) == (date(2026, 11, 9), date(2026, 11, 24))
    assert {shift.on for shift in behind.shifts} == set(Period(date(2026, 11, 9), date(2026, 11, 24)))
    assert [one for one in breaches((*behind.shifts, *made.shifts)) if one.rule.binds] == []
    assert max(fact.received_at for fact in behind.facts) < midnight(FIRST_ON) + timedelta(hours=7)  # a night's last
    done = sum(visit.state is VisitState.COMPLETED for visit in behind.visits)
    assert 0.92 < done / len(behind.visits) < 0.98

    fill_register(session, made)
    fill_past(session, behind)
    with pytest.raises(Refused):
        fill_past(session, behind)
    shown = [visit for visit in behind.visits if visit.on > date(2026, 11, 16)]
    by_visit: dict[VisitId, list[Fact]] = {visit.id: [] for visit in shown}
    for fact in behind.facts:
        by_visit.get(fact.visit_id, []).append(fact)
    whole = {key: Told.of(fold(facts)) for key, facts in by_visit.items() if facts}
    assert told_of(session, shown, as_of=midnight(FIRST_ON) + timedelta(hours=9)) == whole
    viewer = Viewer.system(reason="a test", today=FIRST_ON)
    days_over = Period(date(2026, 11, 9), date(2026, 11, 22))
    found = strips(
        session, viewer, citizens=[one.id for one in made.citizens], period=days_over, now=midnight(FIRST_ON)
    )
    granted, performed = sum(one.granted for one in found), sum(one.performed for one in found)
    assert 0.75 < performed / granted < 0.92  # 0.825 in Stockholm (domain reference 2.4)
    assert all(one.absent_total + one.declined + one.missed + one.performed >= 0 and one.ahead == 0 for one in found)
