"""What changes although nobody does anything: estimates, and the date."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from api.app import create_app
from api.clock import DemoClock
from api.house import House
from api.live.clockwork import _ONE_AT_A_TIME, Clockwork
from api.settings import Settings
from tests.api.live.test_sockets import cookie, page, told
from tests.aside import run_aside
from tests.factories.a_day import LUNCH, MORNING, ADay, a_day
from tests.factories.world import MONDAY
from tests.serving import Server
from visits.store import estimates, outbox

ELEVEN = datetime.fromisoformat("2026-11-23T11:00:00+01:00")
SOON_MIDNIGHT = datetime.fromisoformat("2026-11-22T23:59:55+01:00")


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    made: House = create_app(settings.model_copy(update={"clock": str(DemoClock.starting_at(ELEVEN))})).state.house
    yield made
    made.engine.dispose()


def shown(day: ADay) -> dict[int, datetime]:
    day.session.rollback()
    keys = {day.berit.visit(MONDAY, nth): nth for nth in (MORNING, LUNCH)}
    return {keys[key]: start_at for key, start_at in estimates.estimates_of(day.session, keys).items()}


def events(day: ADay) -> list[str]:
    return list(day.session.scalars(select(outbox.event_rows.c.kind).order_by(outbox.event_rows.c.id)))


def test_a_visit_that_has_not_begun_when_it_was_due_pushes_those_after_it(house: House, day: ADay) -> None:
    """At eleven the visit of 10.15 (45 minutes) has not begun, so it ends 11.45 at best: five minutes' way, lunch at 12.00.

    Its latest start was 10.30, so that nobody has come is told too.
    """
    Clockwork(house).turn()
    moved = shown(day)
    assert moved[MORNING] >= ELEVEN
    assert LUNCH not in moved
    assert events(day) == ["EstimateMoved", "VisitUnattended"]


def test_what_has_been_told_is_not_told_again(house: House, day: ADay) -> None:
    Clockwork(house).turn()
    Clockwork(house).turn()
    assert events(day) == ["EstimateMoved", "VisitUnattended"]


def test_while_another_process_is_at_it_nothing_is_done_twice(house: House, day: ADay) -> None:
    with house.engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        Clockwork(house).turn()
        assert shown(day) == {}
    Clockwork(house).turn()
    assert MORNING in shown(day)


class TestAtMidnight:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"clock": str(DemoClock.starting_at(SOON_MIDNIGHT))})

    def test_an_open_page_goes_over_to_the_new_day_by_itself(self, server: Server, day: ADay) -> None:
        async def test() -> None:
            async with page(server, cookie(server, day.berit.id)) as line:
                sunday = await told(line)
                async with asyncio.timeout(30):
                    while (monday := await told(line))["on"] == sunday["on"]:
                        pass
                assert monday["day"] == "Måndag 23 november"

        run_aside(test())
