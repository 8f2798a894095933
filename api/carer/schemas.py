"""What a carer's phone is told, and what it tells."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.live.snapshot import Snapshot
from visits.performed.checkins import FactKind, Source
from visits.terms import ServiceCode


class FactSent(BaseModel):
    """A fact as a phone sends it: under an id made there, and when it happened, with a time zone.

    `device` is an id the phone has made for itself; `code` names the task that was done or declined; `moved_to` goes with a visit
    that was moved, and `citizen_id` with an extra visit, under a `visit_id` made on the phone. Presence that a tag proves
    brings what stands on the `tag`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    visit_id: UUID
    kind: FactKind
    happened_at: AwareDatetime
    source: Source = Source.MANUAL
    device: UUID | None = None
    code: ServiceCode | None = None
    moved_to: AwareDatetime | None = None
    citizen_id: UUID | None = None
    tag: str | None = Field(default=None, max_length=100)
    note: str = ""
    corrects: UUID | None = None
    reason: str = ""


class PhoneTold(BaseModel):
    """Whose things the phone may keep and open, by the name that says nothing, and until when."""

    model_config = ConfigDict(frozen=True)

    of: str
    until: datetime


class Outcome(BaseModel):
    """What became of one fact: 200 when it is stored (now or before), else the status and the problem (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    id: str | None
    status: int
    problem: dict[str, object] | None = None


class Outcomes(BaseModel):
    """One for each fact, in the order in which they were sent."""

    outcomes: list[Outcome]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class PartnerTold(_Told):
    name: str
    title: str


class FactTold(_Told):
    """Something this carer has said about the visit and that stands. `flag` says what does not fit with it, else empty."""

    id: UUID
    kind: FactKind
    happened_at: datetime
    wall: str
    """The Swedish time of day, as a form's time field takes it: 08:02."""
    text: str
    note: str
    flag: str
    code: str


class TaskTold(_Told):
    """One thing to do at the visit; `state` is "done", "declined", or empty while nothing is said."""

    code: str
    text: str
    state: str


class StopTold(_Told):
    """One visit on the route; the texts are in the reader's language. `part` is how far this carer has come with it.

    `news` is what this carer has not met here before, line by line; `tags` are hashes of what the tags in this home say.
    """

    visit_id: UUID
    citizen_id: UUID
    part: str
    state: str
    state_text: str
    name: str
    address: str
    phone: str
    access_notes: str
    codes: list[str]
    help: str
    tasks: list[TaskTold]
    goal: str
    is_first: bool
    news: list[str]
    tags: list[str]
    instructions: str
    start_at: datetime
    expected_at: datetime
    minutes: int
    travel_seconds: int
    mode: str
    travel: str
    delay: str
    moved: str
    later_wall: str
    """What a new time is likely to be, as a form's time field takes it."""
    change: str
    partners: list[PartnerTold]
    together: str
    here_since: datetime | None
    facts: list[FactTold]


class BreakTold(_Told):
    start_at: datetime
    end_at: datetime


class ChangeTold(_Told):
    at: datetime
    text: str


class CarerDayTold(Snapshot):
    """A carer's day, whole. `next_visit_id` is where the next step is taken; None when nothing is left to do."""

    is_published: bool
    next_visit_id: UUID | None
    stops: list[StopTold]
    breaks: list[BreakTold]
    changes: list[ChangeTold]
