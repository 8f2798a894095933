"""What follows from what has happened: the one table.

Every event tells the open pages of the days it has touched (each process tells its own). What else follows is done once, by one
process, after the fact and apart from it: a reaction that fails is logged and tried again, and never undoes the fact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from visits.events import (
    CarerReportedAbsent,
    CitizenReportedAway,
    EstimateMoved,
    Event,
    FactRecorded,
    OrderBegun,
    OrderReplaced,
    RunChanged,
    SchedulePublished,
)

Then = Callable[[Session, Any, datetime], None]
"""``then(session, event, now)``: inside a transaction that others commit. Must be harmless to repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """`then` is done once; the pages of the touched days are told in any case."""

    then: Then | None = None


REACTIONS: Mapping[type[Event], Follows] = {
    SchedulePublished: Follows(),
    RunChanged: Follows(),
    FactRecorded: Follows(),
    EstimateMoved: Follows(),
    CarerReportedAbsent: Follows(),
    CitizenReportedAway: Follows(),
    OrderBegun: Follows(),
    OrderReplaced: Follows(),
}
