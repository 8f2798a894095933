"""Who a citizen lets in: a relative sees the day of somebody who wants it, for as long as they want it.

Consent lifts confidentiality for the one to whom it is given (offentlighets- och sekretesslagen 10:1 and 12:2), and can be taken
back at any time. So nothing is open to a relative by being one: the citizen gives them a code, and may shut them out again.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from visits.errors import Invalid, Refused
from visits.guard.viewer import Role
from visits.people import Citizen
from visits.terms import CitizenId, LetInId, RelativeId, check_text

CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are taken for one another: I, L, O, U, 0 and 1."""
CODE_LENGTH = 12
"""30 letters in 12 places are 58 bits: nobody guesses one."""
CODE_LASTS = timedelta(days=7)
LONGEST_CALLED = 60
MOST_LET_IN = 12
"""Open at a time, for one citizen: more is a mistake, or somebody else's doing."""


class LetInState(StrEnum):
    INVITED = "invited"
    """The code is out, and nobody has used it."""
    LAPSED = "lapsed"
    """Nobody used the code in time."""
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetIn:
    """One relative let in by one citizen. `called` is what the citizen calls the relative.

    `sees_time`: besides today's visits also granted, planned and performed time. `wants_to_know` is the relative's own choice: to
    be told when nobody has come. `ended_by` is the citizen's role or the relative's: either may end it.
    """

    id: LetInId
    citizen_id: CitizenId
    called: str
    sees_time: bool
    invited_at: datetime
    code_until: datetime
    relative_id: RelativeId | None = None
    accepted_at: datetime | None = None
    wants_to_know: bool = False
    ended_at: datetime | None = None
    ended_by: Role | None = None

    def __post_init__(self) -> None:
        if not self.called.strip():
            raise Invalid(field="called", value=self.called, why="must say who it is")
        check_text(self.called, field="called", at_most=LONGEST_CALLED)
        if (self.relative_id is None) != (self.accepted_at is None):
            raise Invalid(field="accepted_at", value=self.accepted_at, why="is known when, and only when, who it is")

    def state_at(self, now: datetime) -> LetInState:
        if self.ended_at is not None:
            return LetInState.ENDED
        if self.relative_id is not None:
            return LetInState.IN_FORCE
        return LetInState.INVITED if now < self.code_until else LetInState.LAPSED

    def accepted(self, relative_id: RelativeId, *, now: datetime) -> "LetIn":
        """`Refused` unless the code waits for somebody."""
        if self.state_at(now) is not LetInState.INVITED:
            raise Refused(rule="code_not_open")
        return replace(self, relative_id=relative_id, accepted_at=now)

    def ended(self, by: Role, *, now: datetime) -> "LetIn":
        """Ended by either of the two; the first time holds."""
        return self if self.ended_at is not None else replace(self, ended_at=now, ended_by=by, wants_to_know=False)


def check_may_let_in(citizen: Citizen, *, open_already: int) -> None:
    """`Refused` for a protected identity: whom such a person can trust is settled by hand, not by a code (reference, 6.7)."""
    if citizen.protected is not None:
        raise Refused(rule="no_relatives_for_protected_identity")
    if open_already >= MOST_LET_IN:
        raise Refused(rule="too_many_let_in", most=MOST_LET_IN)


def new_code() -> str:
    """A code as it is kept: letters only, shown in groups of four."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def written_out(code: str) -> str:
    """``K7MQ-4XRT-9WPH``: easier to read aloud and to type."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def as_kept(typed: str) -> str:
    """What somebody has typed, without spaces and dashes, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())
