"""The municipality's own rules for performed time; the settings fill them in."""

from dataclasses import dataclass
from datetime import time, timedelta

from visits.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRules:
    """`correction_alone`: what is older is corrected only when a second person agrees (domain reference 11, rule 7).

    `unattended_after`: so long after its latest start a visit to which nobody has come is told to the coordinator.

    `cap_percent`: a visit counts at most so much of what was planned for it (domain reference 2.4); None: as long as it took.

    A month is closed on `month_closes_day` of the next one at `month_closes_at`, Swedish time (Stockholm: the 6th at 18).
    """

    correction_alone: timedelta = timedelta(hours=24)
    unattended_after: timedelta = timedelta(minutes=15)
    cap_percent: int | None = None
    month_closes_day: int = 6
    month_closes_at: time = time(18, 0)

    def __post_init__(self) -> None:
        if self.correction_alone < timedelta() or self.unattended_after < timedelta():
            raise Invalid(field="correction_alone", value=self.correction_alone, why="takes time or none")
        if self.cap_percent is not None and self.cap_percent < 100:
            raise Invalid(
                field="cap_percent", value=self.cap_percent, why="at least what was planned counts: 100 or more"
            )
        if not 1 <= self.month_closes_day <= 28:
            raise Invalid(field="month_closes_day", value=self.month_closes_day, why="must be 1 to 28")
