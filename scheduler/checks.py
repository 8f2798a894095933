"""The few checks that facts make of their own fields at birth."""

from collections.abc import Iterable

from scheduler.errors import InvalidProblem

MOST = 10**12
"""No time and no price of a day is larger."""

MOST_OF_ALL = 10**18
"""No plan of a day costs more, so that searches can count in 64 bits."""


def check_whole(path: str, value: object, *, minimum: int | None = None) -> None:
    """Refuse what is not a whole number (a bool is not one), lies below `minimum`, or beyond `MOST` on either side."""
    if type(value) is not int:
        raise InvalidProblem(path, value, "is not a whole number")
    if abs(value) > MOST:
        raise InvalidProblem(path, value, f"is larger than {MOST}")
    if minimum is not None and value < minimum:
        raise InvalidProblem(path, value, f"is less than {minimum}")


def check_text(path: str, value: object) -> None:
    """Refuse what is not a text with at least one character."""
    if not isinstance(value, str):
        raise InvalidProblem(path, value, "is not a text")
    if not value:
        raise InvalidProblem(path, value, "is empty")


def check_order(path: str, *, earliest: int, latest: int, other: str = "earliest") -> None:
    """Refuse an interval whose end lies before its beginning; `path` names the end."""
    if earliest > latest:
        raise InvalidProblem(path, latest, f"lies before {other} {earliest}")


def check_distinct(path: str, values: Iterable[str], *, field: str = "id") -> None:
    """Refuse the second appearance of the same id in a list."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            raise InvalidProblem(f"{path}[{index}].{field}", value, "stands more than once")
        seen.add(value)
