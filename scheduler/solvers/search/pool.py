"""The routes that searches have passed, for the best mix of them."""

from scheduler.indexed import Indexed
from scheduler.solvers.recombination import Column
from scheduler.solvers.search.layout import (
    COST,
    FLOOR,
    HOME,
    LENGTH,
    POSITION,
    START,
    STOPS,
    TAPE,
    WISH,
    Day,
    Desk,
    Facts,
)

_MOST = 20_000


class Pool:
    """Each route once, the newest last; the oldest are forgotten."""

    def __init__(self) -> None:
        self._columns: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Column] = {}

    def read(self, desk: Desk) -> None:
        """Take over what is on the tape, and wind it back."""
        tape = desk.tape[: desk.used[TAPE]].tolist()
        desk.used[TAPE] = 0
        at = 0
        while at < len(tape):
            carer, length, cost = tape[at : at + 3]
            end = at + 3 + 2 * length
            self._add(Column(carer, tuple(tape[at + 3 : end : 2]), tuple(tape[at + 4 : end : 2]), cost))
            at = end
        for key in list(self._columns)[: max(0, len(self._columns) - _MOST)]:
            del self._columns[key]

    def newest_first(self, day: Day) -> tuple[list[Column], list[int]]:
        """The pool with the routes of the day in front, and where in it those stand."""
        own = columns_of(day)
        keys = {(x.carer, x.nodes, x.starts) for x in own}
        others = [column for key, column in reversed(self._columns.items()) if key not in keys]
        return own + others, list(range(len(own)))

    def _add(self, column: Column) -> None:
        key = (column.carer, column.nodes, column.starts)
        self._columns.pop(key, None)
        self._columns[key] = column


def columns_of(day: Day) -> list[Column]:
    """The routes of a day."""
    found = []
    for c, load in enumerate(day.load.tolist()):
        if load[STOPS]:
            nodes = day.route[c, : load[LENGTH]]
            found.append(Column(c, tuple(nodes.tolist()), tuple(day.state[nodes, START].tolist()), load[COST]))
    return found


def put_together(day: Day, columns: list[Column], facts: Facts, indexed: Indexed) -> None:
    """Make the day consist of these routes; its times and costs are to be derived anew."""
    day.state[: indexed.n, HOME] = -1
    chosen = {column.carer: column for column in columns}
    for c, rests in enumerate(indexed.rests):
        column = chosen.get(c)
        nodes = rests if column is None else column.nodes
        day.load[c, LENGTH] = len(nodes)
        day.load[c, STOPS] = len(nodes) - len(rests)
        for position, v in enumerate(nodes):
            day.route[c, position] = v
            day.state[v, HOME] = c
            day.state[v, POSITION] = position
            if column is not None and v < indexed.n:
                day.state[v, FLOOR] = min(facts.nodes[v, WISH], column.starts[position])
