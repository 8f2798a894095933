"""A carer's phone, as a program: asks for the day and tells facts, over the same HTTP as the real one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.demo.script import Happening, Route, Stop
from api.demo.visitor import Visitor
from visits.performed.checkins import FactKind


class Phone(Visitor):
    """Of one carer."""

    def route(self) -> Route:
        """The day as the server tells it now. Raises `VisitorError`."""
        return route_of(self.person_id, self.ask("GET", "/api/v1/carer/day").json())

    def tell(self, happened: list[Happening]) -> list[int]:
        """Send facts; the status of each, in order. Raises `VisitorError`."""
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
        outcomes: list[dict[str, Any]] = self.ask("POST", "/api/v1/carer/facts", json=sent).json()["outcomes"]
        return [one["status"] for one in outcomes]


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
