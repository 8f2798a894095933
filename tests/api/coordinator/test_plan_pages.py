"""Orders and care plans on the coordinator's pages, over HTTP with plain forms."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from tests.factories.coordinating import sign_in
from tests.factories.world import MONDAY, Cared, World, a_template
from tests.serving import Server
from visits.granted.care_plans import CarePlanState, Participation
from visits.granted.orders import OrderState
from visits.guard.viewer import Role
from visits.store import care_plans, orders
from visits.terms import ServiceCode

PAGE = "/planering/planer"


class Desk:
    """A coordinator's browser, and the one citizen of the team: granted 30 minutes every morning."""

    def __init__(self, session: Session, client: httpx.Client, server: Server) -> None:
        self.world = World(session)
        self.team = self.world.team()
        self.cared: Cared = self.world.cared(self.team, templates=[a_template(minutes=30)])
        self.client = client
        coordinator = self.world.coordinator(self.team)
        session.commit()
        self.csrf = sign_in(client, server, Role.COORDINATOR, coordinator.id)

    @property
    def address(self) -> str:
        return f"{PAGE}/{self.cared.order.id}"

    def text(self, address: str) -> str:
        reply = self.client.get(address)
        assert reply.status_code == 200, reply.text
        return " ".join(BeautifulSoup(reply.text, "html.parser").get_text(" ").split())

    def send(self, address: str, **fields: object) -> str:
        reply = self.client.post(address, data={"csrf": self.csrf, **fields}, headers={"accept": "text/html"})
        assert reply.status_code == 303, reply.text
        return self.text(reply.headers["location"])

    def newest(self) -> str:
        (newest, *_) = care_plans.plans_of_orders(self.world.session, self.world.system(), orders=[self.cared.order.id])
        self.world.session.rollback()
        return str(newest.id)

    def filled(self) -> dict[str, object]:
        """The form of a new version as it stands, before anybody has written in it."""
        page = BeautifulSoup(self.client.get(f"{self.address}/ny").text, "html.parser")
        sent: dict[str, object] = {}
        for one in page.select("form[action$='/ny'] input[name], form[action$='/ny'] textarea[name]"):
            if one.get("type") in {"checkbox", "radio"}:
                if one.has_attr("checked"):
                    sent.setdefault(str(one["name"]), [])
                    sent[str(one["name"])].append(one["value"])  # type: ignore[attr-defined]
            elif one["name"] != "csrf":
                sent[str(one["name"])] = one.get("value") or one.text
        for one in page.select("form[action$='/ny'] select"):
            chosen = one.select_one("option[selected]") or one.select_one("option")
            assert chosen is not None
            sent.setdefault(str(one["name"]), [])
            sent[str(one["name"])].append(chosen["value"])  # type: ignore[attr-defined]
        return sent


@pytest.fixture
def desk(session: Session, client: httpx.Client, server: Server) -> Desk:
    return Desk(session, client, server)


def test_an_order_is_received_begun_rests_and_goes_on(desk: Desk) -> None:
    orders.save(desk.world.session, replace(desk.cared.order, state=OrderState.SENT))
    desk.world.session.commit()
    assert "1 beställning att ta emot" in desk.text(PAGE)
    assert "Mottagen" in desk.send(f"{desk.address}/ta-emot")
    assert "Alla beställningar är mottagna." in desk.text(PAGE)
    assert "Påbörjad" in desk.send(f"{desk.address}/borja", commenced_on=MONDAY.isoformat())
    assert "Vilande" in desk.send(f"{desk.address}/vila", from_on=MONDAY.isoformat(), reason="hospital")
    assert "gäller igen" in desk.send(f"{desk.address}/ater", first_on=(MONDAY + timedelta(days=3)).isoformat())


def test_a_plan_is_written_anew_explained_proposed_and_agreed(desk: Desk) -> None:
    desk.text(desk.address)
    sent = {**desk.filled(), "minutes-0": "40"}  # 280 a week where 210 are granted
    told = desk.send(f"{desk.address}/ny", **sent)
    assert "version 2" in told
    assert "30 min × 1 per dag" in told
    assert "3 tim 30 min 4 tim 40 min ▲ mer än beviljat" in told
    silent = desk.client.post(
        f"{desk.address}/{desk.newest()}/foresla", data={"csrf": desk.csrf, "goal": "Trygga morgnar"}
    )
    assert (silent.status_code, silent.json()["code"]) == (403, "plan_beyond_order")
    told = desk.send(
        f"{desk.address}/{desk.newest()}/foresla", goal="Trygga morgnar", **{"why-morning": "Fler moment sedan fallet."}
    )
    assert "Förslag" in told
    assert "Fler moment sedan fallet." in told
    told = desk.send(f"{desk.address}/{desk.newest()}/overens", took_part="partly", participants="dottern Karin")
    assert "Deltog delvis. Också med: dottern Karin" in told
    assert "Än så länge följs version 1." in told
    (plan, *_) = care_plans.plans_of_orders(desk.world.session, desk.world.system(), orders=[desk.cared.order.id])
    assert (plan.state, plan.took_part, plan.version) == (CarePlanState.ACTIVE, Participation.PARTLY, 2)
    was = desk.cared.plan.templates[0]
    (template,) = plan.templates
    assert template == replace(was, id=template.id, minutes=40)


def test_new_rows_become_visits_rows_go_and_what_is_wrong_is_named_with_its_row(desk: Desk) -> None:
    shower = {
        "code-1": ["shower", ""],
        "minutes-1": "40",
        "staff-1": "1",
        "day-1": ["0", "1", "2", "3", "4"],
        "times-1": "2",
        "between-1": "2",
        "every-1": "1",
        "priority-1": "should",
        "wish_earliest-1": "09:00",
        "wish_latest-1": "11:00",
        "earliest-1": "08:00",
        "latest-1": "15:00",
    }
    wrong = desk.client.post(
        f"{desk.address}/ny", data={"csrf": desk.csrf, **desk.filled(), **shower, "earliest-1": "noon"}
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "earliest-1")
    assert "like 08:30" in wrong.json()["errors"][0]["why"]
    told = desk.send(f"{desk.address}/ny", **{**desk.filled(), **shower, "gone-0": "1"})
    assert "2 gånger i veckan, inte dagar i rad" in told
    assert "Dusch – 0 min 1 tim 20 min ▲ inte beviljat" in told
    (plan, *_) = care_plans.plans_of_orders(desk.world.session, desk.world.system(), orders=[desk.cared.order.id])
    assert [(one.codes, one.times, one.min_days_between) for one in plan.templates] == [((ServiceCode.SHOWER,), 2, 2)]


def test_another_teams_orders_are_not_there(desk: Desk, session: Session) -> None:
    other = desk.world.cared(desk.world.team())
    session.commit()
    assert desk.client.get(f"{PAGE}/{other.order.id}").status_code == 404
    sent = desk.client.post(f"{PAGE}/{other.order.id}/ta-emot", data={"csrf": desk.csrf})
    assert sent.status_code == 404
