"""What a run keeps of itself while it goes: how long, how many steps, since when no better."""

from dataclasses import replace
from time import monotonic

from scheduler.limits import Limit, SearchState
from scheduler.solver import OnProgress, Progress

_SECONDS_BETWEEN_REPORTS = 1.0
_SECONDS_BETWEEN_BETTER_REPORTS = 0.2


class Stopwatch:
    """Counts steps, asks the limit, and tells the progress about each second and when things got better."""

    def __init__(self, limit: Limit, progress: OnProgress | None) -> None:
        self.began = self.better_at = monotonic()
        self.steps = self.better_step = 0
        self.limit = limit
        self._progress = progress
        self._told_at = 0.0

    @property
    def state(self) -> SearchState:
        now = monotonic()
        return SearchState(now - self.began, self.steps, now - self.better_at, self.steps - self.better_step)

    def over(self) -> bool:
        return self.limit.reached(self.state)

    def would_be_over(self, steps: int) -> bool:
        """Whether so many steps more would be one too many."""
        state = self.state
        return self.limit.reached(
            replace(state, steps=state.steps + steps, steps_since_better=state.steps_since_better + steps)
        )

    def share_used(self) -> float | None:
        return self.limit.share_used(self.state)

    def better(self) -> None:
        self.better_at, self.better_step = monotonic(), self.steps

    def due(self) -> bool:
        """Whether somebody listens and it is time to tell them."""
        if self._progress is None:
            return False
        quiet = monotonic() - self._told_at
        news = self.better_at > self._told_at
        return quiet >= (_SECONDS_BETWEEN_BETTER_REPORTS if news else _SECONDS_BETWEEN_REPORTS)

    def tell(self, *, cost: int, placed: int, unplaced: int, phase: str) -> None:
        if self._progress is not None:
            self._told_at = monotonic()
            self._progress(Progress(self._told_at - self.began, cost, placed, unplaced, phase))
