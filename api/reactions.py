"""What follows from what has happened: the one table.

Every event tells the open pages of the days it has touched (each process tells its own). What else follows is done once, by one
process, after the fact and apart from it: a reaction that fails is logged and tried again, and never undoes the fact.
"""

from collections.abc import Mapping

from api.live.follow_up import Follows
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
