"""A coordinator at the keyboard: a team, its day, and HTTP with its token."""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from api.auth.pretend import sign_in_address
from tests.factories.world import MONDAY, Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import Carer


@dataclass
class Planned:
    """A team with two carers and three citizens, and its coordinator's browser."""

    world: World
    team: Team
    vera: Carer
    jonas: Carer
    cared: list[Cared]
    client: httpx.Client
    csrf: str

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.client.post(f"/api/v1{path}", json=body, headers={"X-CSRF-Token": self.csrf})

    def get(self, path: str) -> dict[str, Any]:
        reply = self.client.get(f"/api/v1{path}")
        assert reply.status_code == 200, reply.text
        told: dict[str, Any] = reply.json()
        return told

    def ask(self, **body: int) -> str:
        reply = self.post(f"/teams/{self.team.id}/schedules/{MONDAY}/runs", body or None)
        assert reply.status_code == 202, reply.text
        return reply.headers["location"].removeprefix("/api/v1")

    def wait_for(self, path: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        ends_at = time.monotonic() + seconds
        while True:
            run = self.get(path)
            if run["state"] in states:
                return run
            assert time.monotonic() < ends_at, f"after {seconds} s the run is still {run}"
            time.sleep(0.05)


def sign_in(client: httpx.Client, server: Server, role: Role, person_id: UUID) -> str:
    client.get(sign_in_address(server.settings, role, person_id), follow_redirects=False)
    token: str = client.get("/api/v1/session").json()["csrf"]
    return token
