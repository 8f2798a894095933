"""What can go wrong at the library's border. Inside it, a fact that was born is right.

SchedulerError
├── InvalidInput          a value that the format does not allow: where (a path), which value, why
│   ├── InvalidProblem
│   └── InvalidSolution
└── SolverFailed          a solver broke; the front door then answers with what it had
"""

from typing import Self


class SchedulerError(Exception):
    """The family's root."""


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


NOTHING = _Nothing()  # the value of a field that is missing


class InvalidInput(SchedulerError):
    """A value that is not allowed.

    `path` says where, as in `jobs[17].latest`; `value` is what stood there; `why` is one English line.
    """

    def __init__(self, path: str, value: object, why: str) -> None:
        super().__init__(path, value, why)
        self.path = path
        self.value = value
        self.why = why

    def __str__(self) -> str:
        shown = repr(self.value)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        where = f"{self.path}: " if self.path else ""
        return f"{where}{shown} {self.why}".replace("\n", " ")

    def under(self, parent: str) -> Self:
        """The same error seen from the outside: `latest` under `jobs[17]` is `jobs[17].latest`."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return type(self)(f"{parent}{joint}{self.path}", self.value, self.why)


class InvalidProblem(InvalidInput):
    """The problem does not follow care-day/1."""


class InvalidSolution(InvalidInput):
    """The solution does not follow care-day-solution/1, or speaks of another problem."""


class SolverFailed(SchedulerError):
    """A solver ended without any answer."""
