"""A way of finding out who somebody is: the seam behind which BankID and the demo's choice of a person stand."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter

from visits.guard.viewer import Role


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody who has shown who they are, in the role in which they come."""

    role: Role
    person_id: UUID


class Identity(Protocol):
    """Brings its own pages below ``/logga-in``; each ends in `api.auth.routes.welcome` with an `Identified`."""

    def router(self) -> APIRouter:
        """The pages, each naming the policy ``public``."""
