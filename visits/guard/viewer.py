"""The Viewer: on whose behalf something is read or done."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from visits.errors import Invalid
from visits.terms import ProviderId, TeamId


class Role(StrEnum):
    CITIZEN = "citizen"
    CARER = "carer"
    COORDINATOR = "coordinator"
    CASE_OFFICER = "case_officer"
    MANAGER = "manager"
    """Answers for a provider."""
    RELATIVE = "relative"
    """Close to a citizen, and let in by them."""
    SYSTEM = "system"
    """A run or the house itself, for a stated reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks, and on which day. Made only in `api/auth/access.py`, and by `system` for runs (a house test watches)."""

    role: Role
    person_id: UUID | None
    today: date
    team_id: TeamId | None = None
    provider_id: ProviderId | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.role is Role.SYSTEM and not self.reason:
            raise Invalid(field="reason", value=self.reason, why="the house itself must say why it reads about people")
        if self.role is not Role.SYSTEM and self.person_id is None:
            raise Invalid(field="person_id", value=None, why=f"a {self.role.value} must be somebody")

    @classmethod
    def system(cls, *, reason: str, today: date) -> Self:
        return cls(role=Role.SYSTEM, person_id=None, today=today, reason=reason)
