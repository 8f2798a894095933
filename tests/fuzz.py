"""`python -m tests.fuzz --minutes 60 --seed 1`: random whole days, planned and judged until the time is over.

Each day is planned with a limit of steps, twice and then further, and onward from that plan, on one thread or two; some get a
bound. A day on which a promise is broken is made smaller while it still is, and saved as a care-day file (three for each promise).
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import monotonic

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from scheduler import Problem, Solution, Steps, breaches, evaluate, save_problem, solve
from scheduler.solvers.bound.lower_bound import lower_bound
from tests.promises import broken_promises
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.pressed_town import pressed_town
from tests.towns.random_town import WHOLE
from tests.towns.smaller_town import smallest
from tests.watched import Watched

_DAYS_AT_A_TIME = 50
_SAVED_OF_A_KIND = 3
_SECONDS_TO_MAKE_SMALLER = 120


def broken_on(problem: Problem, *, number: int, steps: int, threads: int, bounded: bool) -> list[str]:
    """The promises that plans of this day break: each alone, and one against the other."""

    def planned(steps: int, start: Solution | None = None) -> Solution:
        return replace(solve(problem, limit=Steps(steps), seed=number, threads=threads, start=start), run=None)

    short, again, longer = planned(steps), planned(steps), planned(3 * steps)
    onward = planned(steps, start=longer)
    broken = [line for plan in (short, longer, onward) for line in broken_promises(problem, plan)]
    if short != again:
        broken.append("another plan the second time")
    costs = [evaluate(problem, plan).total for plan in (short, longer, onward)]
    if costs[1] > costs[0]:
        broken.append(f"dearer by more steps: {costs[1]} after {costs[0]}")
    if not breaches(problem, longer):
        if costs[2] > costs[1]:
            broken.append(f"dearer than the plan it starts from: {costs[2]} after {costs[1]}")
        if bounded and (bound := lower_bound(problem, start=None, seconds=2).cost) > min(costs):
            broken.append(f"cheaper than any plan can be: {min(costs)} below {bound}")
    return broken


class Fuzz:
    def __init__(self, *, minutes: float, seed: int, folder: Path, patience: float) -> None:
        self.ends_at = monotonic() + 60 * minutes
        self.seed = seed
        self.folder = folder
        self.elsewhere = Watched(seconds=patience)
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()

    def run(self) -> int:
        """How many days were found on which a promise is broken; a summary is told."""
        broken_on(lunch_on_the_road(), number=1, steps=1, threads=1, bounded=True)  # whatever must be compiled, is
        for batch in count():
            self._days(self.seed + batch)
            if monotonic() >= self.ends_at:
                break
        self.elsewhere.end()
        sys.stdout.write("".join(f"{number} x {kind}\n" for kind, number in self.kinds.items()))
        sys.stdout.write(f"{json.dumps(self.counts)}\n")
        return self.counts["broken"]

    def _days(self, batch: int) -> None:
        @seed(batch)
        @settings(
            max_examples=_DAYS_AT_A_TIME,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            problem=pressed_town(WHOLE),
            number=st.integers(0, 1 << 32),
            steps=st.sampled_from([50, 0, 400, 5000]),
            threads=st.sampled_from([1, 1, 2]),
            bounded=st.sampled_from([False, False, False, True]),
        )
        def day(problem: Problem, **how: int) -> None:
            if monotonic() < self.ends_at:
                self._judge(problem, how)

        day()

    def _judge(self, problem: Problem, how: dict[str, int]) -> None:
        self.counts["days"] += 1
        for name in ("jobs", "carers", "links", "pinned", "published"):
            self.counts[name] += len(getattr(problem, name))
        line = next(self._broken(problem, how), None)
        if line is None:
            return
        self.counts["broken"] += 1
        self.kinds[_kind(line)] += 1
        if self.kinds[_kind(line)] > _SAVED_OF_A_KIND:
            return
        until = monotonic() + _SECONDS_TO_MAKE_SMALLER

        def still_broken(smaller: Problem) -> bool:
            return monotonic() < until and _kind(line) in map(_kind, self._broken(smaller, how))

        self._save(smallest(problem, still_broken), how)

    def _broken(self, problem: Problem, how: dict[str, int]) -> Iterator[str]:
        try:
            yield from self.elsewhere.ask(broken_on, problem, **how)
        except Exception as wrong:  # noqa: BLE001 - a plan that ends in an error is a broken promise, too
            yield f"{type(wrong).__name__}: {wrong}"

    def _save(self, problem: Problem, how: dict[str, int]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(repr(problem).encode()).hexdigest()[:8]
        file = self.folder / f"{name}.care-day.json"
        save_problem(problem, file)
        sys.stdout.write(f"{file}: {how}: {'; '.join(self._broken(problem, how))}\n")
        sys.stdout.flush()


def _kind(line: str) -> str:
    """What kind of promise is broken, whatever the ids and the numbers."""
    return " ".join(line.split()[:4])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other days")
    parser.add_argument("--folder", type=Path, default=Path("var/fuzz"), help="where failing days are saved")
    parser.add_argument("--patience", type=float, default=60, help="seconds after which a day counts as hanging")
    return 1 if Fuzz(**vars(parser.parse_args())).run() else 0


if __name__ == "__main__":
    sys.exit(main())
