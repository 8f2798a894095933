"""The day of somebody who has let a relative in, as far as the relative may see it."""

from dataclasses import dataclass
from datetime import datetime

from visits.performed.citizen_day import CitizenDay
from visits.terms import VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnattendedNotice:
    """The relative was told at `told_at` that nobody had come to a visit that should have begun by `latest_at`.

    `came_at` is when somebody did, if they have.
    """

    visit_id: VisitId
    told_at: datetime
    latest_at: datetime
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeDay:
    """`given_name` is the citizen's. `notices`, newest first, are those of the day."""

    given_name: str
    day: CitizenDay
    notices: tuple[UnattendedNotice, ...] = ()
