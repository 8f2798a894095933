"""What is said of a day, word for word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from api.citizen.today import told
from api.i18n import speaking
from tests.factories.world import MONDAY
from visits.performed.citizen_day import CitizenDay, CitizenVisit, Comer, DayChange
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind
from visits.terms import CitizenId, ServiceCode, Title, VisitId, instant

AMIRA = Comer(shown_name="Amira", title=Title.ASSISTANT_NURSE)
JONAS = Comer(shown_name="Jonas", title=Title.CARE_ASSISTANT)
SARA = Comer(shown_name="Sara", title=Title.CARE_ASSISTANT)


def at(wall: str) -> datetime:
    return instant(MONDAY, datetime.strptime(wall, "%H:%M").time())  # noqa: DTZ007 - a time of day


def a_visit(
    planned: str | None = "10:15",
    *,
    expected: str | None = None,
    state: VisitState = VisitState.PLANNED,
    carers: Sequence[Comer] = (JONAS,),
    came: str | None = None,
    left: str | None = None,
) -> CitizenVisit:
    planned_at = None if planned is None else at(planned)
    return CitizenVisit(
        id=VisitId(uuid4()),
        on=MONDAY,
        state=state,
        codes=(ServiceCode.MORNING, ServiceCode.SHOWER),
        minutes=45,
        earliest_at=at("08:00"),
        latest_at=at("10:30"),
        carers=tuple(carers) if planned_at else (),
        planned_at=planned_at,
        expected_at=planned_at if expected is None else at(expected),
        came_at=None if came is None else at(came),
        left_at=None if left is None else at(left),
    )


def a_day_of(*visits: CitizenVisit, away: bool = False, changes: Sequence[DayChange] = ()) -> CitizenDay:
    return CitizenDay(
        citizen_id=CitizenId(uuid4()),
        on=MONDAY,
        revision=3,
        away=away,
        visits=visits,
        changes=tuple(changes),
        tomorrow=(),
    )


NOW = at("09:42")


def test_the_next_visit_says_who_about_when_and_with_what() -> None:
    following = told(a_day_of(a_visit()), now=NOW).next
    assert following is not None
    assert (following.label, following.when, following.who, following.titles) == (
        "Nästa besök",
        "ca 10.00–10.30",
        "Jonas",
        "vårdbiträde",
    )
    assert following.help == "Hjälp på morgonen, hjälp att duscha"
    assert following.note == ""


@pytest.mark.parametrize(
    ("expected", "note"),
    [
        ("10:15", ""),
        ("10:19", ""),
        ("10:20", "Det blir lite senare än planerat."),
        ("10:30", "Det blir lite senare än planerat."),
        ("10:31", "Besöket är försenat, vi väntas nu ca 10.15–10.50."),
        ("10:55", "Besöket är försenat, vi väntas nu ca 10.40–11.10."),
    ],
)
def test_a_delay_is_said_when_what_was_told_no_longer_holds(expected: str, note: str) -> None:
    following = told(a_day_of(a_visit(expected=expected)), now=NOW).next
    assert following is not None
    assert following.note == note


def test_a_visit_under_way_comes_before_one_that_was_due_earlier() -> None:
    started = a_visit("11:00", state=VisitState.STARTED, came="09:35", carers=[AMIRA])
    day = told(a_day_of(a_visit("09:00"), started), now=NOW)
    assert day.state == "under_way"
    assert day.next is not None
    assert (day.next.label, day.next.when, day.next.who) == ("Hos dig nu", "sedan 09.35", "Amira")
    assert day.headline == "Hos dig nu: sedan 09.35, Amira."


@pytest.mark.parametrize(
    ("day", "state", "headline"),
    [
        (a_day_of(), "nothing", "Du har inga besök idag."),
        (a_day_of(a_visit(state=VisitState.COMPLETED)), "all_done", "Dagens besök är klara."),
        (a_day_of(a_visit(state=VisitState.CANCELLED), away=True), "away", "Du är borta idag."),
        (a_day_of(a_visit(), away=True), "next", "Nästa besök: ca 10.00–10.30, Jonas."),
    ],
)
def test_a_day_without_a_next_visit_says_why(day: CitizenDay, state: str, headline: str) -> None:
    found = told(day, now=NOW)
    assert (found.state, found.headline) == (state, headline)


def test_what_is_over_says_when_somebody_really_was_there() -> None:
    day = told(a_day_of(a_visit(state=VisitState.COMPLETED, came="10:12", left="10:58")), now=NOW)
    assert [(visit.label, visit.when) for visit in day.over] == [("Klart", "kl. 10.12–10.58")]


def test_a_visit_that_nobody_has_been_chosen_for_says_what_is_known() -> None:
    following = told(a_day_of(a_visit(None)), now=NOW).next
    assert following is not None
    assert (following.when, following.who) == ("ca 08.00–10.30", "Vi vet inte än vem som kommer")
    assert following.note == "Tiden är inte bestämd än."


def test_two_carers_are_named_together() -> None:
    following = told(a_day_of(a_visit(carers=[AMIRA, JONAS])), now=NOW).next
    assert following is not None
    assert (following.who, following.titles) == ("Amira och Jonas", "undersköterska, vårdbiträde")


def a_change(
    kind: ChangeKind = ChangeKind.MOVED,
    *,
    old: tuple[str | None, Sequence[Comer]] = ("10:15", (JONAS,)),
    new: tuple[str | None, Sequence[Comer]] = ("10:15", (AMIRA,)),
) -> DayChange:
    return DayChange(
        changed_at=NOW,
        kind=kind,
        codes=(ServiceCode.MORNING,),
        old_start_at=None if old[0] is None else at(old[0]),
        new_start_at=None if new[0] is None else at(new[0]),
        old_carers=tuple(old[1]),
        new_carers=tuple(new[1]),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (a_change(), "Amira kommer i stället för Jonas."),
        (
            a_change(new=("11:15", (JONAS,))),
            "Besöket är nu ca 11.00–11.30 i stället för ca 10.00–10.30.",
        ),
        (
            a_change(new=("11:15", (AMIRA,))),
            "Amira kommer i stället för Jonas. Besöket är nu ca 11.00–11.30 i stället för ca 10.00–10.30.",
        ),
        (a_change(old=("10:15", (AMIRA, JONAS)), new=("10:15", (AMIRA, SARA))), "Sara kommer i stället för Jonas."),
        (a_change(new=("10:15", (AMIRA, JONAS))), "Amira kommer också."),
        (a_change(old=("10:15", (AMIRA, JONAS))), "Jonas kommer inte."),
        (a_change(ChangeKind.ADDED, old=(None, ())), "Amira kommer även ca 10.00–10.30."),
        (a_change(ChangeKind.WITHDRAWN, new=(None, ())), "Besöket ca 10.00–10.30 blir inte av."),
    ],
)
def test_a_change_says_what_is_different_and_when_it_became_so(change: DayChange, said: str) -> None:
    day = told(a_day_of(a_visit(), changes=[change]), now=NOW)
    assert [found.text for found in day.changes] == [f"Ändrat 09.42: {said}"]


def test_it_is_said_in_the_readers_language() -> None:
    with speaking("en"):
        day = told(a_day_of(a_visit(expected="10:55"), changes=[a_change()]), now=NOW)
    assert (
        day.headline == "Next visit: about 10:40–11:10, Jonas. The visit is delayed, expect us now about 10:40–11:10."
    )
    assert day.changes[0].text == "Changed 09:42: Amira is coming instead of Jonas."


def test_the_day_after_is_told_in_short() -> None:
    day = a_day_of()
    tomorrow = CitizenVisit(
        id=VisitId(uuid4()),
        on=MONDAY + timedelta(days=1),
        state=VisitState.PLANNED,
        codes=(ServiceCode.LUNCH,),
        minutes=30,
        earliest_at=at("11:00"),
        latest_at=at("13:00"),
    )
    found = told(
        CitizenDay(
            citizen_id=day.citizen_id,
            on=day.on,
            revision=1,
            away=False,
            visits=(),
            changes=(),
            tomorrow=(tomorrow,),
        ),
        now=NOW,
    )
    assert found.tomorrow_day == "Tisdag 24 november"
    assert [visit.help for visit in found.tomorrow] == ["Hjälp med lunch"]
