"""Open pages over a real WebSocket, a real server and a real PostgreSQL."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.auth.pretend import sign_in_address
from api.auth.sessions import sign_in_sessions
from tests.aside import run_aside
from tests.factories.a_day import EVENING, LUNCH, MORNING, ADay, a_day
from tests.factories.world import Cared, a_template
from tests.patience import SECONDS
from tests.serving import Server
from visits.events import DaysTouched, EstimateMoved
from visits.guard.viewer import Role
from visits.store import outbox
from visits.store.audit import audit_entries

CLOSE_ALL_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


def cookie(server: Server, person_id: UUID, role: Role = Role.CITIZEN) -> str:
    reply = httpx.get(sign_in_address(server.settings, role, person_id), timeout=SECONDS)
    return reply.headers["set-cookie"].partition(";")[0]


def my_day(server: Server, cookie: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{server.url}/api/v1/me/day", timeout=SECONDS, headers={"Cookie": cookie, **headers})


def page(server: Server, cookie: str, *, origin: str | None = None, **options: Any) -> connect:
    headers = {"Cookie": cookie} if cookie else {}
    return connect(
        server.url.replace("http", "ws") + "/live/idag",
        additional_headers=headers,
        origin=origin or server.url,
        ping_interval=None,  # browsers send no pings, and one that does not read would hear no answer
        **options,
    )


async def told(line: ClientConnection) -> dict[str, Any]:
    """The next day that the page is told."""
    async with asyncio.timeout(SECONDS):
        while True:
            message = json.loads(await line.recv())
            await line.send("beat")
            if message["kind"] == "day":
                found: dict[str, Any] = message["day"]
                return found


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_aside(test())


def test_the_first_word_is_the_day_and_publishing_changes_it(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            first = await told(line)
            assert (first["next"]["who"], first["next"]["when"]) == ("Jonas", "ca 10.00–10.30")
            await asyncio.to_thread(day.swap_carer)
            second = await told(line)
            assert second["next"]["who"] == "Amira"
            assert second["changes"][0]["text"] == "Ändrat 09.42: Amira kommer i stället för Jonas."
            assert second["revision"] > first["revision"]

    run(test)


def test_the_message_and_the_plain_answer_are_the_same_day(server: Server, day: ADay) -> None:
    async def test() -> None:
        signed_in = cookie(server, day.berit.id)
        async with page(server, signed_in) as line:
            message = await told(line)
        plain = my_day(server, signed_in).json()
        assert {**message, "at": ""} == {**plain, "at": ""}

    run(test)


def test_nobody_is_told_the_day_of_another(server: Server, day: ADay) -> None:
    neighbour = day.world.cared(day.world.team())
    day.session.commit()

    async def test() -> None:
        async with (
            page(server, cookie(server, day.berit.id)) as hers,
            page(server, cookie(server, neighbour.id)) as his,
        ):
            assert (await told(hers))["state"] == "next"
            assert (await told(his))["state"] == "nothing"
            await asyncio.to_thread(day.swap_carer)
            assert (await told(hers))["next"]["who"] == "Amira"
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await his.recv()

    run(test)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_another_sites_page_is_refused(server: Server, day: ADay, origin: str) -> None:
    async def test() -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with page(server, cookie(server, day.berit.id), origin=origin):
                pass
        assert refused.value.response.status_code == 403
        assert json.loads(refused.value.response.body or b"")["code"] == "bad_origin"

    run(test)


def test_without_a_session_the_door_is_closed(server: Server) -> None:
    async def test() -> None:
        for sent in ("", "vardag=made-up"):
            with pytest.raises(InvalidStatus) as refused:
                async with page(server, sent):
                    pass
            assert refused.value.response.status_code == 401

    run(test)


def test_a_carer_does_not_get_a_citizens_page(server: Server, day: ADay) -> None:
    async def test() -> None:
        with pytest.raises(InvalidStatus) as refused:
            async with page(server, cookie(server, day.jonas.id, Role.CARER)):
                pass
        assert refused.value.response.status_code == 404

    run(test)


def test_when_the_session_ends_the_page_is_closed_instead_of_told(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            day.session.execute(delete(sign_in_sessions))
            day.session.commit()
            await asyncio.to_thread(day.swap_carer)
            with pytest.raises(ConnectionClosed) as closed:
                await told(line)
            assert closed.value.rcvd is not None
            assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, "not_signed_in")

    run(test)


def test_a_session_that_has_run_out_ends_the_page(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            day.session.execute(update(sign_in_sessions).values(expires_at=func.now()))
            day.session.commit()
            await asyncio.to_thread(day.swap_carer)
            with pytest.raises(ConnectionClosed):
                await told(line)

    run(test)


def touch(day: ADay, whose: Cared) -> None:
    """Something has happened that changes nothing in what is shown."""
    touched = DaysTouched(on=day.world.on, citizens=(whose.id,))
    outbox.leave(day.session, EstimateMoved(team_id=day.team.id, on=day.world.on, touched=(touched,)))
    day.session.commit()


def test_a_reader_who_does_not_read_is_told_the_newest_later_and_holds_nobody_up(server: Server, day: ADay) -> None:
    """Days of a hundred visits, so that what is not read soon fills the line."""
    tellings = 150
    busy = day.world.cared(day.team, templates=[a_template() for _ in range(100)])
    day.world.published(day.team, [(busy, day.amira, "10:15", nth) for nth in range(100)])
    day.session.commit()

    async def test() -> None:
        signed_in = cookie(server, busy.id)
        narrow = {"sock": narrow_socket(server), "max_queue": 1, "compression": None}
        async with page(server, signed_in) as quick, page(server, signed_in, **narrow) as slow:
            await told(quick)
            for _ in range(tellings):
                await asyncio.to_thread(touch, day, busy)
                newest = await told(quick)
            revisions = [(await told(slow))["revision"]]
            while revisions[-1] < newest["revision"]:
                revisions.append((await told(slow))["revision"])
            assert revisions == sorted(revisions)
            assert len(revisions) < tellings, "the line was never full, so this shows nothing"

    run(test)


def narrow_socket(server: Server) -> socket.socket:
    """A line that holds next to nothing of what has not been read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.connect(("127.0.0.1", int(server.url.rpartition(":")[2])))
    made.setblocking(False)
    return made


def test_each_telling_leaves_its_trace(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            query = select(audit_entries).where(audit_entries.c.what == "citizen_days")
            first = day.session.execute(query).all()
            await asyncio.to_thread(day.swap_carer)
            await told(line)
            rows = day.session.execute(query).all()
            assert len(rows) == len(first) + 1
            assert {(row.role, row.viewer_id, tuple(row.citizen_ids)) for row in rows} == {
                (Role.CITIZEN, day.berit.id, (day.berit.id,))
            }

    run(test)


def test_a_dropped_database_connection_is_taken_up_again(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            day.session.execute(text(CLOSE_ALL_OTHERS))
            day.session.commit()
            await asyncio.to_thread(day.swap_carer)
            while (await told(line))["next"]["who"] != "Amira":
                pass

    run(test)


def test_what_happens_while_a_long_transaction_is_open_is_told_at_once(server: Server, day: ADay) -> None:
    """Readers who want order wait for the oldest transaction; an open page does not."""

    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            with server.app.state.house.sessions() as long:
                long.execute(text("SELECT pg_current_xact_id()"))
                await asyncio.to_thread(day.swap_carer)
                async with asyncio.timeout(1.5):
                    assert (await told(line))["next"]["who"] == "Amira"

    run(test)


def test_tomorrow_too_changes_by_itself(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            before = await told(line)
            assert before["tomorrow"] == []
            tomorrow = day.world.on + timedelta(days=1)
            stops = [(day.berit, day.amira, "10:30", MORNING), (day.berit, day.amira, "12:00", LUNCH)]
            day.world.published(day.team, [*stops, (day.berit, day.amira, "18:00", EVENING)], on=tomorrow)
            touched = DaysTouched(on=tomorrow, citizens=(day.berit.id,))
            outbox.leave(day.session, EstimateMoved(team_id=day.team.id, on=tomorrow, touched=(touched,)))
            day.session.commit()
            after = await told(line)
            assert [visit["when"] for visit in after["tomorrow"]] == [
                "ca 10.15–10.45",
                "ca 11.45–12.15",
                "ca 17.45–18.15",
            ]
            assert after["revision"] > before["revision"]

    run(test)


def test_the_line_survives_whatever_a_client_says(server: Server, day: ADay) -> None:
    async def test() -> None:
        async with page(server, cookie(server, day.berit.id)) as line:
            await told(line)
            for said in ("", "{", "null", '{"kind":"day"}', b"\x00\xff", "å" * 400):
                await line.send(said)
            await asyncio.to_thread(day.swap_carer)
            assert (await told(line))["next"]["who"] == "Amira"
            await line.send("x" * 10_000)
            with pytest.raises(ConnectionClosed) as closed:
                await told(line)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009

    run(test)
