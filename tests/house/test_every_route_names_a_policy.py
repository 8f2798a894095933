"""Nobody adds a door without saying for whom it is."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from starlette.routing import Mount

from api.app import create_app
from api.auth.access import Policy
from api.settings import Settings
from visits.guard.viewer import Role

SIGNED_IN_ONLY = ("/api/v1/session", "/logga-ut")


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every route as it is reached, also through included routers; static files are for everybody."""
    return [
        route
        for route in iter_route_contexts(app.routes)
        if not (isinstance(route.original_route, Mount) and str(route.path).startswith("/static/"))
    ]


def policies_of(dependant: Dependant) -> Iterator[Policy]:
    found = getattr(dependant.call, "policy", None)
    if isinstance(found, Policy):
        yield found
    for inner in dependant.dependencies:
        yield from policies_of(inner)


def unguarded(app: FastAPI) -> list[str]:
    """What is wrong, by route: no policy, two of them, or a public one that does not say why."""
    wrong = []
    for route in routes_of(app):
        if not isinstance(route.original_route, APIRoute | APIWebSocketRoute):
            wrong.append(f"{route.path} is no route of FastAPI's, so nobody checks it")
            continue
        policies = list(policies_of(route.dependant))
        if len(policies) != 1:
            wrong.append(f"{route.path} names {len(policies)} policies")
        elif not policies[0].roles and not policies[0].reason:
            wrong.append(f"{route.path} is public without a reason")
    return wrong


@pytest.fixture
def joined(settings: Settings) -> FastAPI:
    return create_app(settings)


def test_every_route_and_socket_names_exactly_one_policy(joined: FastAPI) -> None:
    assert unguarded(joined) == []


def test_a_route_without_a_policy_is_found(joined: FastAPI) -> None:
    @joined.get("/open-door")
    def open_door() -> str:
        return "come in"

    assert unguarded(joined) == ["/open-door names 0 policies"]


def test_a_socket_without_a_policy_is_found(joined: FastAPI) -> None:
    @joined.websocket("/open-line")
    async def open_line() -> None:
        pass

    assert unguarded(joined) == ["/open-line names 0 policies"]


def test_what_is_for_anybody_signed_in_is_not_public(joined: FastAPI) -> None:
    guarded = {
        route.path: policy.roles
        for route in routes_of(joined)
        if isinstance(route.original_route, APIRoute)
        for policy in policies_of(route.dependant)
    }
    assert all(guarded[path] == set(Role) - {Role.SYSTEM} for path in SIGNED_IN_ONLY)


def test_nobody_can_pretend_in_production(settings: Settings) -> None:
    production = Settings(
        database_url=settings.database_url,
        var=settings.var,
        secret=settings.secret,
        base_url="https://vardag.example",
    )
    paths = {str(route.path) for route in routes_of(create_app(production))}
    assert "/logga-in" in paths
    assert not any(path.startswith("/logga-in/") for path in paths)
