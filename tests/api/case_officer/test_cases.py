"""The case officer's list, cases and answers over HTTP."""

from datetime import date, datetime
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from provider_choice.actions.ask_to_switch import ask_to_switch
from provider_choice.choice import ChoiceRequest
from tests.factories.choice_town import ChoiceTown, enter
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import ProtectedIdentity
from visits.terms import Period

NOW = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


@pytest.fixture
def town(session: Session) -> ChoiceTown:
    return ChoiceTown(session)


@pytest.fixture
def officer(client: httpx.Client, server: Server, town: ChoiceTown) -> httpx.Client:
    enter(client, server, Role.CASE_OFFICER, town.officer.id)
    return client


def asked_for(town: ChoiceTown, team: Team) -> ChoiceRequest:
    made = ask_to_switch(
        town.session,
        town.world.as_citizen(town.astrid),
        citizen_id=town.astrid.id,
        provider_id=team.provider_id,
        now=NOW,
    )
    town.session.commit()
    return made


def text_of(reply: httpx.Response) -> str:
    assert reply.status_code == 200
    return " ".join(BeautifulSoup(reply.text, "html.parser").get_text(" ").split())


def test_only_own_citizens_are_listed_with_what_awaits(officer: httpx.Client, town: ChoiceTown) -> None:
    ending = town.world.cared(
        town.old,
        town.world.citizen("Cecilia"),
        officer=town.officer,
        valid=Period(date(2026, 10, 1), date(2026, 11, 30)),
    )
    asked = asked_for(town, town.new)
    told = {case["citizen_id"]: case for case in officer.get("/api/v1/cases").json()}
    assert set(told) == {str(town.astrid.id), str(ending.id)}
    astrid, cecilia = told[str(town.astrid.id)], told[str(ending.id)]
    assert (astrid["asked"]["id"], astrid["ends_on"], astrid["services"]) == (str(asked.id), None, ["home_care"])
    assert (cecilia["asked"], cecilia["ends_on"], cecilia["days_left"]) == (None, "2026-11-30", 7)


def test_a_request_is_confirmed_with_the_first_day_by_the_rule(officer: httpx.Client, town: ChoiceTown) -> None:
    asked = asked_for(town, town.new)
    reply = officer.post(f"/api/v1/choice-requests/{asked.id}/confirm", json={})
    assert (reply.status_code, reply.json()["state"], reply.json()["first_on"]) == (200, "confirmed", "2026-12-07")
    again = officer.post(f"/api/v1/choice-requests/{asked.id}/confirm", json={})
    assert (again.status_code, again.json()["code"]) == (403, "choice_already_answered")


def test_a_later_first_day_may_be_given_but_no_earlier_one(officer: httpx.Client, town: ChoiceTown) -> None:
    asked = asked_for(town, town.new)
    early = officer.post(f"/api/v1/choice-requests/{asked.id}/confirm", json={"first_on": "2026-12-06"})
    assert (early.status_code, early.json()["code"]) == (403, "first_day_too_early")
    assert early.json()["detail"] == "Första dagen kan vara tidigast 2026-12-07."
    later = officer.post(f"/api/v1/choice-requests/{asked.id}/confirm", json={"first_on": "2027-01-01"})
    assert (later.status_code, later.json()["first_on"]) == (200, "2027-01-01")


def test_a_request_is_declined_only_for_a_reason_that_holds(officer: httpx.Client, town: ChoiceTown) -> None:
    asked = asked_for(town, town.new)
    address = f"/api/v1/choice-requests/{asked.id}/decline"
    assert officer.post(address, json={"reason": "do not like it"}).status_code == 422
    untrue = officer.post(address, json={"reason": "provider_full"})
    assert (untrue.status_code, untrue.json()["code"]) == (403, "reason_does_not_hold")
    declined = officer.post(address, json={"reason": "changed_mind"})
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "changed_mind")


@pytest.mark.parametrize("answer", [("confirm", {}), ("decline", {"reason": "changed_mind"})])
def test_a_request_of_somebody_elses_citizen_is_not_found(
    client: httpx.Client, server: Server, town: ChoiceTown, answer: tuple[str, dict[str, str]]
) -> None:
    asked = asked_for(town, town.new)
    other = town.world.case_officer()
    town.session.commit()
    enter(client, server, Role.CASE_OFFICER, other.id)
    verb, body = answer
    assert client.post(f"/api/v1/choice-requests/{asked.id}/{verb}", json=body).status_code == 404
    assert client.post(f"/api/v1/choice-requests/{uuid4()}/{verb}", json=body).status_code == 404
    assert client.get(f"/arenden/{town.astrid.id}").status_code == 404
    assert client.get("/api/v1/cases").json() == []


def test_a_citizen_cannot_answer_their_own_request(client: httpx.Client, server: Server, town: ChoiceTown) -> None:
    asked = asked_for(town, town.new)
    enter(client, server, Role.CITIZEN, town.astrid.id)
    assert client.post(f"/api/v1/choice-requests/{asked.id}/confirm", json={}).status_code == 404
    assert client.get("/arenden").status_code == 404


def test_the_officer_sees_that_a_provider_is_full_and_cannot_confirm(officer: httpx.Client, town: ChoiceTown) -> None:
    asked_for(town, town.full)
    shown = text_of(officer.get(f"/arenden/{town.astrid.id}"))
    assert "fullt: inga av 1 lediga" in shown
    assert "Bekräfta" not in shown
    assert "Utföraren har inga lediga platser" in shown


def test_a_case_shows_what_was_granted_in_its_own_unit_and_what_was_made_of_it(
    officer: httpx.Client, town: ChoiceTown
) -> None:
    carer = town.world.carer(town.old)
    town.world.published(town.old, [(town.astrid, carer, "08:00")])
    town.session.commit()
    shown = text_of(officer.get(f"/arenden/{town.astrid.id}"))
    assert "Morgonhjälp 30 min × 1 per dag 3 tim 30 min" in shown
    assert "48 pågår 3 tim 30 min 30 min 0 min" in shown
    assert "Sju Lyktor Hemtjänst" in shown


def test_the_address_part_of_a_protected_person_is_not_shown(officer: httpx.Client, town: ChoiceTown) -> None:
    hidden = town.world.cared(
        town.old, town.world.citizen("Elsa", protected=ProtectedIdentity.SECRECY_MARK), officer=town.officer
    )
    town.session.commit()
    shown = text_of(officer.get(f"/arenden/{hidden.id}"))
    assert "Sekretessmarkering" in shown
    assert "Tumba" not in shown


def test_an_officer_without_cases_sees_an_empty_list(client: httpx.Client, server: Server, town: ChoiceTown) -> None:
    other = town.world.case_officer()
    town.session.commit()
    enter(client, server, Role.CASE_OFFICER, other.id)
    assert "Du har inga ärenden." in text_of(client.get("/arenden"))
