from dataclasses import dataclass, fields

from scheduler.checks import check_whole


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each soft rule costs, in the problem's one common unit of cost.

    `travel` per second travelled; `max_lateness` per second of the largest lateness; `moved_carer` per published job
    given to another carer; `moved_second` per second that a published start moves beyond `moved_tolerance` (seconds).
    Prices of single jobs (late_cost, early_cost, carer_costs, unplaced_cost) stand with the job.
    """

    travel: int = 1
    max_lateness: int = 0
    moved_carer: int = 0
    moved_second: int = 0
    moved_tolerance: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            check_whole(field.name, getattr(self, field.name), minimum=0)
