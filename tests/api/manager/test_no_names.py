"""A manager sees how it goes, and not for whom: no page but that of an incident names anybody who gets help."""

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.a_day import ADay, a_day
from tests.house.test_every_route_names_a_policy import policies_of
from tests.serving import Server
from visits.guard.viewer import Role
from visits.performed.checkins import FactKind


@pytest.fixture
def day(session: Session) -> ADay:
    made = a_day(session)
    made.record(made.jonas, 0, FactKind.CHECK_IN, "10:15")
    return made


def pages_for_managers(server: Server) -> list[str]:
    return sorted(
        str(route.path)
        for route in iter_route_contexts(server.app.routes)
        if isinstance(route.original_route, APIRoute)
        and "GET" in route.original_route.methods
        and any(Role.MANAGER in policy.roles for policy in policies_of(route.dependant))
        and "{incident_id}" not in str(route.path)
    )


def test_no_page_of_a_manager_names_whoever_gets_help(server: Server, client: httpx.Client, day: ADay) -> None:
    vera, citizen = day.world.manager(day.team), day.berit.citizen
    day.session.commit()
    client.get(sign_in_address(server.settings, Role.MANAGER, vera.id))
    paths = pages_for_managers(server)
    assert "/verksamhet" in paths
    for path in paths:
        reply = client.get(path.format(team_id=day.team.id), follow_redirects=True)
        assert reply.status_code == 200, path
        told = [
            citizen.given_name,
            citizen.family_name,
            citizen.address,
            citizen.personnummer.reveal(),
            str(citizen.id),
        ]
        assert not [one for one in told if one in reply.text], path


@pytest.mark.parametrize("path", ["/planering/tid", "/arenden", "/pass", "/idag", "/narstaende", "/mina-narstaende"])
def test_other_doors_are_closed(server: Server, client: httpx.Client, day: ADay, path: str) -> None:
    vera = day.world.manager(day.team)
    day.session.commit()
    client.get(sign_in_address(server.settings, Role.MANAGER, vera.id))
    assert client.get(path).status_code == 404
