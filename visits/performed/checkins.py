"""Facts from the work phone: never overwritten, harmless to repeat, folded into one truth."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from visits.errors import Invalid
from visits.terms import CarerId, FactId, VisitId


class FactKind(StrEnum):
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    NOTE = "note"
    NOBODY_HOME = "nobody_home"
    DECLINED = "declined"


class Source(StrEnum):
    """How presence was proven."""

    MANUAL = "manual"
    TAG = "tag"
    LOCK = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something a carer says has happened, under an id made on the phone.

    A correction is a new fact that names the one it `corrects`, with a `reason`; the old one is kept and no longer counts.
    """

    id: FactId
    visit_id: VisitId
    carer_id: CarerId
    kind: FactKind
    happened_at: datetime
    received_at: datetime
    source: Source = Source.MANUAL
    note: str = ""
    corrects: FactId | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.corrects is not None and not self.reason.strip():
            raise Invalid(field="reason", value=self.reason, why="a correction must say why")
        if self.kind is FactKind.NOTE and not self.note.strip():
            raise Invalid(field="note", value=self.note, why="a note must say something")
