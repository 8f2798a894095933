"""An incident goes its own way: reported, investigated, remedied, assessed, closed; its clock is the law's."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.errors import Invalid, Refused
from visits.performed.incidents import Actor, Incident, IncidentRules, IncidentState, IncidentStep, StepKind
from visits.terms import IncidentId, ProviderId, TeamId

REPORTED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RULES = IncidentRules()


def a_step(kind: StepKind, hours: float = 1, *, text: str = "Det som hände.") -> IncidentStep:
    at = REPORTED_AT + timedelta(hours=hours)
    return IncidentStep(id=uuid4(), kind=kind, at=at, by=Actor.MANAGER, by_id=uuid4(), text=text)


def an_incident(*kinds: StepKind, private: bool = False) -> Incident:
    made = Incident(
        id=IncidentId(uuid4()),
        provider_id=ProviderId(uuid4()),
        is_private=private,
        team_id=TeamId(uuid4()),
        happened_on=date(2026, 11, 22),
        steps=(a_step(StepKind.REPORTED, 0),),
    )
    for hours, kind in enumerate(kinds, start=1):
        made = made.after(a_step(kind, hours))
    return made


BEGUN, REMEDIED, SERIOUS, NOT_SERIOUS, NOTIFIED, BOARD, CLOSED = (
    StepKind.INVESTIGATION_BEGUN,
    StepKind.REMEDIED,
    StepKind.FOUND_SERIOUS,
    StepKind.FOUND_NOT_SERIOUS,
    StepKind.NOTIFIED,
    StepKind.BOARD_INFORMED,
    StepKind.CLOSED,
)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), IncidentState.REPORTED),
        ((BEGUN,), IncidentState.INVESTIGATING),
        ((BEGUN, REMEDIED), IncidentState.REMEDIED),
        ((BEGUN, SERIOUS), IncidentState.ASSESSED),
        ((BEGUN, REMEDIED, NOT_SERIOUS), IncidentState.ASSESSED),
        ((BEGUN, REMEDIED, NOT_SERIOUS, CLOSED), IncidentState.CLOSED),
    ],
)
def test_where_it_stands_is_read_from_its_journal(kinds: tuple[StepKind, ...], state: IncidentState) -> None:
    assert an_incident(*kinds).state is state


def test_what_is_serious_is_not_closed_before_the_inspectorate_knows() -> None:
    serious = an_incident(BEGUN, REMEDIED, SERIOUS)
    assert serious.lacks() == (NOTIFIED,)
    with pytest.raises(Refused):
        serious.after(a_step(CLOSED))
    assert serious.after(a_step(NOTIFIED)).after(a_step(CLOSED)).state is IncidentState.CLOSED


def test_a_private_provider_also_tells_the_board() -> None:
    serious = an_incident(BEGUN, REMEDIED, SERIOUS, NOTIFIED, private=True)
    assert serious.lacks() == (BOARD,)
    assert BOARD not in an_incident(BEGUN, REMEDIED, SERIOUS).allowed()


def test_it_may_be_found_serious_later_and_the_first_finding_stays_in_the_journal() -> None:
    found = an_incident(BEGUN, NOT_SERIOUS, SERIOUS)
    assert found.is_serious
    assert [step.kind for step in found.steps][-2:] == [NOT_SERIOUS, SERIOUS]


def test_the_clock_begins_with_the_report_and_with_the_finding() -> None:
    """Reported at 0 h; begun at 1 h; serious at 2 h: to be notified within 24 h of that, to be closed within 60 days."""
    begin, notify, close = an_incident(BEGUN, SERIOUS).deadlines(RULES)
    assert (begin.until, begin.done_at) == (REPORTED_AT + timedelta(hours=24), REPORTED_AT + timedelta(hours=1))
    assert (notify.kind, notify.until, notify.done_at) == (NOTIFIED, REPORTED_AT + timedelta(hours=26), None)
    assert close.until == REPORTED_AT + timedelta(days=60)
    assert not notify.is_overdue(REPORTED_AT + timedelta(hours=26))
    assert notify.is_overdue(REPORTED_AT + timedelta(hours=27))


def test_what_was_done_too_late_stays_late() -> None:
    late = an_incident().after(a_step(BEGUN, 30))
    assert late.deadlines(RULES)[0].is_overdue(REPORTED_AT + timedelta(days=200))


def test_the_nearest_deadline_is_the_next_thing_to_do() -> None:
    nearest = [an_incident(*kinds).next_deadline(RULES) for kinds in ((), (BEGUN,), (BEGUN, SERIOUS))]
    assert [one.kind for one in nearest if one] == [BEGUN, CLOSED, NOTIFIED]
    assert an_incident(BEGUN, REMEDIED, NOT_SERIOUS, CLOSED).next_deadline(RULES) is None


def test_a_step_says_what_has_happened() -> None:
    with pytest.raises(Invalid):
        a_step(REMEDIED, text="  ")
    with pytest.raises(Invalid):
        a_step(REMEDIED, text="x" * 5_001)


@given(tried=st.lists(st.sampled_from(list(StepKind)), max_size=25), private=st.booleans())
def test_whatever_is_tried_a_journal_only_grows_and_nothing_is_closed_that_lacks_something(
    *, tried: list[StepKind], private: bool
) -> None:
    incident = an_incident(private=private)
    for kind in tried:
        before = incident
        try:
            incident = incident.after(a_step(kind))
        except Refused:
            assert kind not in before.allowed()
            continue
        assert incident.steps[:-1] == before.steps
    if incident.state is not IncidentState.CLOSED:
        assert (*incident.lacks(), CLOSED)[0] in incident.allowed(), "there is always a way on"
    else:
        assert incident.lacks() == ()
        assert {BEGUN, REMEDIED} <= {step.kind for step in incident.steps}
