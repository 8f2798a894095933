"""A carer's phone, as a program: signs in, asks for the day, tells facts. The same HTTP as the real one's."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from api.demo.script import Happening, Route, Stop
from visits.performed.checkins import FactKind

_PATIENCE_SECONDS = 15.0


class PhoneError(Exception):
    """The server is busy, or away: try again later."""


class Phone:
    """Of one carer. `sign_in` is the address that signs in at once; nothing is sent before it is needed."""

    def __init__(self, carer_id: UUID, *, base_url: str, sign_in: str) -> None:
        self.carer_id = carer_id
        self._client = httpx.Client(base_url=base_url, timeout=_PATIENCE_SECONDS)
        self._sign_in = sign_in
        self._csrf = ""

    def route(self) -> Route:
        """The day as the server tells it now. Raises `PhoneError`."""
        return route_of(self.carer_id, self._ask("GET", "/api/v1/carer/day").json())

    def tell(self, happened: list[Happening]) -> list[int]:
        """Send facts; the status of each, in order. Raises `PhoneError`."""
        sent = [
            {
                "id": str(one.id),
                "visit_id": str(one.visit_id),
                "kind": one.kind.value,
                "happened_at": one.happened_at.isoformat(),
                "note": one.note,
            }
            for one in happened
        ]
        outcomes: list[dict[str, Any]] = self._ask("POST", "/api/v1/carer/facts", json=sent).json()["outcomes"]
        return [one["status"] for one in outcomes]

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, path: str, json: object = None) -> httpx.Response:
        try:
            if not self._csrf:
                self._enter()
            reply = self._client.request(method, path, json=json, headers={"X-CSRF-Token": self._csrf})
            if reply.status_code == HTTPStatus.UNAUTHORIZED:
                self._enter()
                reply = self._client.request(method, path, json=json, headers={"X-CSRF-Token": self._csrf})
            reply.raise_for_status()
        except httpx.HTTPError as error:
            raise PhoneError(type(error).__name__) from error
        return reply

    def _enter(self) -> None:
        self._client.get(self._sign_in)
        reply = self._client.get("/api/v1/session")
        reply.raise_for_status()
        self._csrf = reply.json()["csrf"]


def route_of(carer_id: UUID, told: dict[str, Any]) -> Route:
    """The route in the JSON of ``GET /api/v1/carer/day``."""
    return Route(
        carer_id=carer_id,
        stops=[_stop(one) for one in told["stops"]],
        breaks=[
            (datetime.fromisoformat(one["start_at"]), datetime.fromisoformat(one["end_at"])) for one in told["breaks"]
        ],
    )


def _stop(told: dict[str, Any]) -> Stop:
    here_since = told["here_since"]
    return Stop(
        visit_id=UUID(told["visit_id"]),
        part=told["part"],
        start_at=datetime.fromisoformat(told["start_at"]),
        minutes=told["minutes"],
        travel=timedelta(seconds=told["travel_seconds"]),
        here_since=None if here_since is None else datetime.fromisoformat(here_since),
        told={FactKind(one["kind"]): datetime.fromisoformat(one["happened_at"]) for one in told["facts"]},
    )
