"""A relative's page over HTTP and a real WebSocket: let in by a code, told as the day goes on, ended the moment that consent is."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy.orm import Session
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.auth.pretend import sign_in_address
from tests.aside import run_aside
from tests.factories.a_day import ADay, a_day
from tests.patience import SECONDS
from tests.serving import Server
from visits.actions.choose_to_be_told import choose_to_be_told
from visits.actions.shut_out import shut_out
from visits.events import DaysTouched, VisitUnattended
from visits.guard.viewer import Role
from visits.performed.checkins import FactKind
from visits.store import let_ins, outbox
from visits.terms import CitizenId


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


class Person:
    """Somebody signed in, as their browser."""

    def __init__(self, server: Server, role: Role, person_id: UUID) -> None:
        self.http = httpx.Client(
            base_url=server.url, timeout=SECONDS, headers={"Accept": "text/html"}, follow_redirects=True
        )
        self.http.get(sign_in_address(server.settings, role, person_id))
        self.csrf = self.http.get("/api/v1/session", headers={"Accept": "application/json"}).json()["csrf"]

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.csrf, **fields})


@pytest.fixture
def enter(server: Server) -> Iterator[Callable[[Role, UUID], Person]]:
    """Sign somebody in; everybody is gone when the test is."""
    with ExitStack() as leaving:

        def sign_in(role: Role, person_id: UUID) -> Person:
            person = Person(server, role, person_id)
            leaving.callback(person.http.close)
            return person

        yield sign_in


Enter = Callable[[Role, UUID], Person]


def line_of(server: Server, relative_id: UUID, citizen_id: UUID) -> connect:
    reply = httpx.get(sign_in_address(server.settings, Role.RELATIVE, relative_id), timeout=SECONDS)
    cookie = reply.headers["set-cookie"].partition(";")[0]
    address = f"{server.url.replace('http', 'ws')}/live/narstaende/{citizen_id}"
    return connect(address, additional_headers={"Cookie": cookie}, origin=server.url)


async def told(line: ClientConnection) -> dict[str, Any]:
    """The next day that the page is told."""
    async with asyncio.timeout(SECONDS):
        while True:
            message = json.loads(await line.recv())
            await line.send("beat")
            if message["kind"] == "day":
                found: dict[str, Any] = message["day"]
                return found


async def ended(line: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as closed:
        await told(line)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_aside(test())


def test_from_the_code_to_the_page_and_out_again(enter: Enter, day: ADay) -> None:
    karin = day.world.relative()
    day.session.commit()
    berit, relative = enter(Role.CITIZEN, day.berit.id), enter(Role.RELATIVE, karin.id)
    assert "Ingen har släppt in dig än." in relative.get("/narstaende").text
    shown = berit.post("/mina-narstaende", called="Karin, min dotter").text
    [code] = re.findall(r"<code>([0-9A-Z-]{14})</code>", shown)
    wrong = relative.post("/narstaende", kod="ABCD-EFGH-JKMN")
    assert wrong.status_code == 403
    assert "Koden går inte att använda." in wrong.text
    assert "ABCD" not in wrong.text
    page = relative.post("/narstaende", kod=code.lower())
    assert page.url.path == f"/narstaende/{day.berit.id}"
    assert "Hos Berit" in page.text
    assert "Jonas" in page.text
    assert "morgonhjälp, dusch" in page.text.lower()
    assert not re.search(r"Provgatan|070-|Portkod|Boende|19\d{6}-\*|19\d{10}", page.text), (
        "no address, number, door or family name"
    )
    mine = berit.get("/mina-narstaende").text
    assert "Karin Närstående" in mine
    assert "idag 09.4" in mine
    assert code not in mine
    [let_in_id] = re.findall(r"/mina-narstaende/([0-9a-f-]{36})/stang-ute", mine)
    after = berit.post(f"/mina-narstaende/{let_in_id}/stang-ute").text
    assert "utestängd 23 november" in after
    assert relative.get(f"/narstaende/{day.berit.id}").status_code == 404
    assert "Berit" not in relative.get("/narstaende").text


def test_time_is_shown_only_when_the_citizen_shows_it(enter: Enter, day: ADay) -> None:
    """Granted 30 minutes a day since long: 7 hours in 14 days."""
    karin = day.world.relative(day.berit)
    day.session.commit()
    relative, path = enter(Role.RELATIVE, karin.id), f"/narstaende/{day.berit.id}"
    assert relative.get(f"{path}/tid").status_code == 404
    assert f"{path}/tid" not in relative.get(path).text
    berit = enter(Role.CITIZEN, day.berit.id)
    [let_in_id] = re.findall(r"/mina-narstaende/([0-9a-f-]{36})/tid", berit.get("/mina-narstaende").text)
    berit.post(f"/mina-narstaende/{let_in_id}/tid", visa="true")
    assert f"{path}/tid" in relative.get(path).text
    assert "7 tim" in relative.get(f"{path}/tid").text
    berit.post(f"/mina-narstaende/{let_in_id}/tid", visa="false")
    assert relative.get(f"{path}/tid").status_code == 404


def test_the_page_changes_as_the_citizens_own_does(server: Server, enter: Enter, day: ADay) -> None:
    karin = day.world.relative(day.berit)
    day.session.commit()

    async def test() -> None:
        async with line_of(server, karin.id, day.berit.id) as line:
            first = await told(line)
            assert (first["next"]["who"], first["next"]["when"]) == ("Jonas", "ca 10.00–10.30")
            await asyncio.to_thread(day.swap_carer)
            assert (await told(line))["next"]["who"] == "Amira"
            await asyncio.to_thread(day.record, day.amira, 0, FactKind.CHECK_IN, "10:15")
            assert (await told(line))["next"]["label"] == "Hos Berit nu"

    run(test)
    plain = enter(Role.RELATIVE, karin.id)
    reply = plain.get(f"/api/v1/relative/citizens/{day.berit.id}/day")
    assert reply.json()["next"]["label"] == "Hos Berit nu"
    again = plain.http.get(reply.url, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def shut_karin_out(day: ADay, citizen_id: CitizenId) -> None:
    mine = day.world.as_citizen(day.berit)
    for row in let_ins.let_ins_of(day.session, mine):
        if row.citizen_id == citizen_id:
            shut_out(day.session, mine, row.id, now=day.at("09:45"))
    day.session.commit()


def test_when_the_citizen_withdraws_an_open_page_ends_at_once_and_only_that_one(server: Server, day: ADay) -> None:
    bo = day.world.cared(day.team)
    karin, eva = day.world.relative(day.berit, bo), day.world.relative(bo, given_name="Eva")
    day.session.commit()

    async def test() -> None:
        async with (
            line_of(server, karin.id, day.berit.id) as hers,
            line_of(server, karin.id, bo.id) as his,
            line_of(server, eva.id, bo.id) as evas,
        ):
            assert (await told(hers))["name"] == "Berit"
            assert (await told(his))["state"] == (await told(evas))["state"] == "nothing"
            await asyncio.to_thread(shut_karin_out, day, day.berit.id)
            assert await ended(hers) == (4404, "not_found")
            for line in (his, evas):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.3):
                        await line.recv()
        async with line_of(server, karin.id, day.berit.id) as again:
            assert await ended(again) == (4404, "not_found")

    run(test)


def test_a_stranger_to_the_citizen_is_told_nothing(server: Server, enter: Enter, day: ADay) -> None:
    eva = day.world.relative(day.world.cared(day.team), given_name="Eva")
    day.session.commit()

    async def test() -> None:
        async with line_of(server, eva.id, day.berit.id) as line:
            assert await ended(line) == (4404, "not_found")

    run(test)
    person = enter(Role.RELATIVE, eva.id)
    for path in (f"/narstaende/{day.berit.id}", f"/api/v1/relative/citizens/{day.berit.id}/day"):
        assert person.get(path).status_code == 404
    for path in ("besked", "lamna"):
        assert person.post(f"/narstaende/{day.berit.id}/{path}").status_code == 404


def test_whoever_chose_to_be_told_sees_at_once_that_nobody_has_come(server: Server, day: ADay) -> None:
    karin, eva = day.world.relative(day.berit), day.world.relative(day.berit, given_name="Eva")
    viewer = day.world.as_relative(karin)
    [row] = let_ins.let_ins_of(day.session, viewer)
    choose_to_be_told(day.session, viewer, row.id, wants_to_know=True)
    day.session.commit()

    def nobody_came() -> None:
        touched = DaysTouched(on=day.world.on, citizens=(day.berit.id,), teams=(day.team.id,))
        outbox.leave(
            day.session,
            VisitUnattended(visit_id=day.berit.visit(), team_id=day.team.id, on=day.world.on, touched=(touched,)),
        )
        day.session.commit()

    async def test() -> None:
        async with line_of(server, karin.id, day.berit.id) as hers, line_of(server, eva.id, day.berit.id) as evas:
            assert (await told(hers))["notices"] == (await told(evas))["notices"] == []
            await asyncio.to_thread(nobody_came)
            while not (notices := (await told(hers))["notices"]):
                pass  # the event itself tells the page too
            assert "Ingen hade kommit till Berit. Besöket skulle ha börjat senast 10.30." in notices[0]["text"]
            assert (await told(evas))["notices"] == []

    run(test)
