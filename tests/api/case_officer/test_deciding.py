"""The case officer decides and keeps watch, over HTTP with plain forms."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.factories.coordinating import sign_in
from tests.factories.world import MONDAY, Cared, World
from tests.serving import Server
from visits.granted.decisions import Amount, DecidedAs, Per
from visits.granted.orders import OrderState
from visits.guard.viewer import Role
from visits.people import ProtectedIdentity
from visits.store import decisions, orders
from visits.terms import DecisionId, Period, ServiceCode


class Desk:
    """A case officer's browser and one own case: half an hour every morning, from 24 September to 23 March."""

    def __init__(self, session: Session, client: httpx.Client, server: Server) -> None:
        self.world, self.session, self.client = World(session), session, client
        self.officer = self.world.case_officer()
        self.team = self.world.team()
        self.cared: Cared = self.world.cared(self.team, officer=self.officer)
        session.commit()
        self.csrf = sign_in(client, server, Role.CASE_OFFICER, self.officer.id)

    def send(self, **fields: str | list[str]) -> httpx.Response:
        line = {"code-0": ["morning", "shower"], "decided_as-0": "frame", "minutes-0": "1500", "per-0": "month"}
        line |= {"occasions-0": "1", "every-0": "1", "staff-0": "1"}
        told = {"kind": "home_care", "first_on": "2026-12-01", "last_on": "2027-11-30", "purpose": "Trygg hemma"}
        return self.client.post(f"/arenden/{self.cared.id}/beslut", data={"csrf": self.csrf, **line, **told, **fields})

    def text(self, address: str) -> str:
        reply = self.client.get(address)
        assert reply.status_code == 200, reply.text
        return " ".join(BeautifulSoup(reply.text, "html.parser").get_text(" ").split())


@pytest.fixture
def desk(session: Session, client: httpx.Client, server: Server) -> Desk:
    return Desk(session, client, server)


def test_a_new_decision_takes_the_place_of_the_old_one_and_the_order_goes_over(desk: Desk) -> None:
    assert "Morgonhjälp" in desk.text(f"/arenden/{desk.cared.id}/beslut?fran={desk.cared.decision.id}")
    made = desk.send()
    assert made.status_code == 303, made.text
    told = desk.text(made.headers["location"])
    assert "Utföraren har fått beställningen i en ny version." in told
    assert "ramtid 25 tim per månad 5 tim 45 min 25 tim" in told  # 1500 × 7 / 30.4 = 345.4
    found = decisions.decisions_in(
        desk.session, desk.world.system(), citizens=[desk.cared.id], period=Period(date(2026, 1, 1), date(2027, 12, 1))
    )
    old, new = sorted(found, key=lambda decision: decision.valid.first_on)
    assert (old.valid.last_on, new.valid) == (date(2026, 11, 30), Period(date(2026, 12, 1), date(2027, 11, 30)))
    (line,) = new.services
    assert line.codes == (ServiceCode.MORNING, ServiceCode.SHOWER)
    assert line.amount == Amount(minutes=1500, per=Per.MONTH, decided_as=DecidedAs.FRAME)
    before, after = orders.orders_of(desk.session, desk.world.system(), citizens=[desk.cared.id])
    assert (before.state, before.valid.last_on) == (OrderState.CHANGED, date(2026, 11, 30))
    assert (after.version, after.decision_id, after.valid) == (2, new.id, new.valid)


def test_what_cannot_be_decided_is_named(desk: Desk) -> None:
    def told(**fields: str) -> tuple[int, str]:
        reply = desk.send(**fields)
        body = reply.json()
        return reply.status_code, body["errors"][0]["field"] if "errors" in body else body["code"]

    assert told(last_on="") == (403, "decision_without_end")
    assert told(first_on="2026-11-01") == (422, "first_on")
    assert told(**{"minutes-0": "0"}) == (422, "minutes-0")
    assert told(**{"shared_with-0": str(desk.cared.id)}) == (422, "shared_with-0")
    assert told(**{"minutes-0": ""}) == (422, "minutes-0")


def test_help_that_nobody_has_begun_is_warned_of_and_goes_on_the_list_without_protected_names(desk: Desk) -> None:
    astrid, sven = desk.world.citizen("Astrid"), desk.world.citizen("Sven", protected=ProtectedIdentity.SECRECY_MARK)
    for citizen, days in ((astrid, 91), (sven, 95), (desk.world.citizen("Karl"), 60)):
        late = replace(
            desk.cared.decision,
            id=DecisionId(uuid4()),
            citizen_id=citizen.id,
            decided_on=MONDAY - timedelta(days=days),
            services=(),
        )
        decisions.add(desk.session, [late])
    desk.session.commit()
    told = desk.text("/arenden/bevakning")
    assert "Ej verkställda beslut, över 90 dagar 2" in told
    assert "Inte påbörjat efter 60 dagar 1" in told
    reported = desk.client.get("/arenden/bevakning/ivo.csv").content.decode("utf-8-sig").splitlines()
    assert reported[1].startswith("Skyddade personuppgifter;;Hemtjänst;2026-08-20;95;;")
    assert reported[2].startswith(f"{astrid.name};{astrid.personnummer.reveal()};Hemtjänst;2026-08-24;91;;")
    assert len(reported) == 3
