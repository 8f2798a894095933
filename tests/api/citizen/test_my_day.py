"""The citizen's day as JSON: told once, and not again while nothing has changed."""

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.a_day import ADay, a_day
from tests.serving import Server
from visits.guard.viewer import Role
from visits.store.audit import audit_entries


@pytest.fixture
def day(session: Session) -> ADay:
    return a_day(session)


@pytest.fixture
def berit(client: httpx.Client, server: Server, day: ADay) -> httpx.Client:
    client.get(sign_in_address(server.settings, Role.CITIZEN, day.berit.id))
    return client


def test_the_day_comes_with_a_tag_and_only_once_while_nothing_has_changed(berit: httpx.Client, day: ADay) -> None:
    first = berit.get("/api/v1/me/day")
    assert first.status_code == 200
    assert first.json()["next"]["carers"] == [{"name": "Jonas", "title": "vårdbiträde"}]
    tag = first.headers["etag"]
    again = berit.get("/api/v1/me/day", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    day.swap_carer()
    changed = berit.get("/api/v1/me/day", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["next"]["who"] == "Amira"
    assert changed.headers["etag"] != tag


def test_the_page_carries_the_tag_of_what_it_shows(berit: httpx.Client) -> None:
    tag = berit.get("/api/v1/me/day").headers["etag"]
    page = berit.get("/idag", headers={"Accept": "text/html"}).text
    assert f'data-etag="{tag.replace(chr(34), "&#34;")}"' in page


def test_another_language_is_another_answer(berit: httpx.Client) -> None:
    swedish = berit.get("/api/v1/me/day")
    english = berit.get("/api/v1/me/day", headers={"If-None-Match": swedish.headers["etag"], "Accept-Language": "en"})
    assert english.status_code == 200
    assert english.json()["next"]["when"].startswith("about ")


def test_the_tag_of_one_is_worth_nothing_to_another(berit: httpx.Client, server: Server, day: ADay) -> None:
    """Their days stand at the same revision; a browser that changes hands must not show the first one's."""
    neighbour = day.world.cared(day.team)
    day.session.commit()
    tag = berit.get("/api/v1/me/day").headers["etag"]
    berit.get(sign_in_address(server.settings, Role.CITIZEN, neighbour.id))
    his = berit.get("/api/v1/me/day", headers={"If-None-Match": tag})
    assert his.status_code == 200
    assert his.json()["state"] == "nothing"


def test_it_is_for_citizens_and_about_themselves(client: httpx.Client, server: Server, day: ADay) -> None:
    assert client.get("/api/v1/me/day").status_code == 401
    client.get(sign_in_address(server.settings, Role.CARER, day.jonas.id))
    refused = client.get("/api/v1/me/day")
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_nobody_else_may_keep_a_copy(berit: httpx.Client) -> None:
    assert berit.get("/api/v1/me/day").headers["cache-control"] == "private, no-cache"
    assert berit.get("/idag").headers["cache-control"] == "no-store"


def test_what_is_told_names_no_id_of_a_carer_and_no_family_name(berit: httpx.Client, day: ADay) -> None:
    told = berit.get("/api/v1/me/day").text + berit.get("/idag").text
    for carer in (day.jonas, day.amira):
        assert carer.family_name not in told
        assert str(carer.id) not in told


def test_being_told_leaves_a_trace(berit: httpx.Client, session: Session) -> None:
    berit.get("/api/v1/me/day")
    assert session.scalars(select(audit_entries.c.what)).all().count("citizen_days") == 1
