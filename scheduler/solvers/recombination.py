"""The best mix of routes that searches have seen: set partitioning over a pool of them (Foster & Ryan 1976, doi
10.1057/jors.1976.63; as the last step of a heuristic: Rochat & Taillard 1995, doi 10.1007/BF02430370).

Each job is in one chosen route or unplaced at its price, each carer has one route at most, and linked jobs agree with the
starts that their routes had. A linear program (GLOP) tells which columns can be part of anything better; SCIP picks among those.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isinf
from time import monotonic
from typing import Any

import numpy as np

from scheduler.indexed import Indexed
from scheduler.problem import LinkCarers
from scheduler.solvers.beside import Stop, never, run_beside

_COLUMNS_IN_LP = 5_000
_COLUMNS_IN_SEARCH = 1_500
_NODES = 20_000  # of the search tree, so that it ends also where no clock runs


@dataclass(frozen=True, slots=True)
class Column:
    """A route that some search has seen, sound in itself.

    `carer`, `nodes`: numbers as in Indexed, jobs and breaks in order; `starts`: of each node, in seconds; `cost`: way, prices
    and start costs of its jobs, in the problem's unit, the day's largest lateness aside.
    """

    carer: int
    nodes: tuple[int, ...]
    starts: tuple[int, ...]
    cost: int


def recombine(
    facts: Indexed,
    columns: Sequence[Column],
    incumbent: Sequence[int],
    *,
    seconds: float,
    is_cancelled: Stop = never,
) -> list[int] | None:
    """Indexes of a choice that is strictly cheaper than the incumbent, or None.

    `incumbent`: the indexes of the best plan so far, a sound choice. Of very many columns the first count (and the incumbent's).
    Ends soon after `seconds` and some tenths after `is_cancelled`; lets other threads run meanwhile.
    """
    until = monotonic() + seconds
    best = _cost_of(facts, columns, incumbent)
    pool = _without_dominated(facts, columns, incumbent)
    relaxed = _solve(_model(facts, columns, pool, incumbent), "GLOP", until=until, is_cancelled=is_cancelled)
    if relaxed is None or relaxed.objective_value > best - 1 + 1e-6 * best:
        return None
    extra = np.array(relaxed.reduced_cost[: len(pool)])
    extra[np.isin(pool, incumbent)] = -np.inf
    cheapest = sorted(np.argsort(extra, kind="stable")[:_COLUMNS_IN_SEARCH])
    kept = [pool[k] for k in cheapest if relaxed.objective_value + extra[k] < best]
    found = _solve(_model(facts, columns, kept, incumbent), "SCIP", until=until, is_cancelled=is_cancelled)
    if found is None:
        return None
    choice = [i for i, value in zip(kept, found.variable_value, strict=False) if value > 0.5]
    return choice if _cost_of(facts, columns, choice) < best else None


def _cost_of(facts: Indexed, columns: Sequence[Column], choice: Iterable[int]) -> int:
    chosen = [columns[i] for i in choice]
    placed = {j for column in chosen for j in column.nodes if j < facts.n}
    return (
        sum(column.cost for column in chosen)
        + sum(cost for j, cost in enumerate(facts.unplaced_cost) if j not in placed)
        + facts.problem.weights.max_lateness * max((_lateness(facts, column) for column in chosen), default=0)
    )


def _lateness(facts: Indexed, column: Column) -> int:
    """The largest of the column's jobs."""
    late_after, n = facts.late_after, facts.n
    late = (s - late_after[j] for j, s in zip(column.nodes, column.starts, strict=True) if j < n)
    return max(0, max(late, default=0))


def _without_dominated(facts: Indexed, columns: Sequence[Column], incumbent: Sequence[int]) -> list[int]:
    """Of columns that bind the rest of the day alike the cheapest one, the first ones of all, and the incumbent's."""
    counts_lateness = facts.problem.weights.max_lateness > 0
    cheapest: dict[object, int] = {}
    for i, column in enumerate(columns):
        jobs = [(j, s) for j, s in zip(column.nodes, column.starts, strict=True) if j < facts.n]
        binds = frozenset((j, s if facts.links[j] else 0) for j, s in jobs)
        key = (column.carer, binds, _lateness(facts, column) if counts_lateness else 0)
        if jobs and (key not in cheapest or column.cost < columns[cheapest[key]].cost):
            cheapest[key] = i
    first = sorted(cheapest.values())[:_COLUMNS_IN_LP]
    return sorted({*first, *incumbent})


def _model(facts: Indexed, columns: Sequence[Column], pool: Sequence[int], incumbent: Sequence[int]) -> Any:  # noqa: ANN401
    """As OR-Tools' MPModelProto, which is built ten times faster than its objects: the pool's columns, then for each group
    of jobs whether it stays out, then the day's largest lateness; with the incumbent as hint.
    """
    from ortools.linear_solver import linear_solver_pb2  # loading OR-Tools takes a while and is not always needed

    rows = _Rows(facts, [columns[i] for i in pool])
    model = linear_solver_pb2.MPModelProto()
    placed = {j for i in incumbent for j in columns[i].nodes}
    chosen = set(incumbent)
    for i in pool:
        model.variable.add(lower_bound=0, upper_bound=1, is_integer=True, objective_coefficient=columns[i].cost)
    for group in rows.groups:
        price = sum(facts.unplaced_cost[j] for j in group)
        may = not any(j in facts.pin and j in placed for j in group)
        model.variable.add(lower_bound=0, upper_bound=may, is_integer=True, objective_coefficient=price)
    model.variable.add(lower_bound=0, objective_coefficient=facts.problem.weights.max_lateness)
    for least, most, row in rows.all():
        model.constraint.add(lower_bound=least, upper_bound=most, var_index=row.keys(), coefficient=row.values())
    hint = [float(i in chosen) for i in pool] + [float(group[0] not in placed) for group in rows.groups]
    hint.append(max((_lateness(facts, columns[i]) for i in incumbent), default=0))
    model.solution_hint.var_index.extend(range(len(hint)))
    model.solution_hint.var_value.extend(hint)
    return model


Row = tuple[float, float, dict[int, float]]  # least, most, coefficient of each variable


class _Rows:
    """What a choice of these columns must obey."""

    def __init__(self, facts: Indexed, columns: Sequence[Column]) -> None:
        self.facts = facts
        self.columns = columns
        self.groups = sorted(set(facts.partners))
        self.out = {j: len(columns) + k for k, group in enumerate(self.groups) for j in group}
        self.worst = len(columns) + len(self.groups)
        stops = [
            (j, s, k)
            for k, column in enumerate(columns)
            for j, s in zip(column.nodes, column.starts, strict=True)
            if j < facts.n
        ]
        table = np.array(sorted(stops), dtype=np.int64).reshape(-1, 3)
        edges = np.searchsorted(table[:, 0], np.arange(facts.n + 1))
        self.starts = [table[a:b, 1] for a, b in pairwise(edges)]  # of each job, in order
        self.doing = [table[a:b, 2] for a, b in pairwise(edges)]  # the columns with these starts

    def all(self) -> Iterator[Row]:
        yield from self._each_job_once()
        yield from self._one_route_a_carer()
        for link in self.facts.problem.links:
            a, b = self.facts.number[link.first], self.facts.number[link.second]
            if link.min_gap == link.max_gap:
                yield from self._exactly_apart(a, b, link.min_gap, both=link.all_or_none)
            else:
                yield from self._at_least_apart(a, b, link.min_gap, both=link.all_or_none)
                if link.max_gap is not None:
                    yield from self._at_least_apart(b, a, -link.max_gap, both=link.all_or_none)
            if link.carers is LinkCarers.SAME:
                yield from self._same_carer(a, b, both=link.all_or_none)

    def _each_job_once(self) -> Iterator[Row]:
        for j in range(self.facts.n):
            yield 1, 1, _sum((self.doing[j], 1), ([self.out[j]], 1))

    def _one_route_a_carer(self) -> Iterator[Row]:
        """And no lateness beyond the largest. Carers who must differ do: no column that is sound holds both jobs."""
        routes: dict[int, list[int]] = {}
        for k, column in enumerate(self.columns):
            routes.setdefault(column.carer, []).append(k)
        for own in routes.values():
            yield 0, 1, dict.fromkeys(own, 1)
            late = {k: late for k in own if (late := _lateness(self.facts, self.columns[k]))}
            if late and self.facts.problem.weights.max_lateness:
                yield -np.inf, 0, {**late, self.worst: -1}

    def _exactly_apart(self, a: int, b: int, gap: int, *, both: bool) -> Iterator[Row]:
        """Second by second: who begins a then, meets somebody who begins b so much later, or b stays out."""
        for s in np.union1d(self.starts[a], self.starts[b] - gap):
            first = self.doing[a][self.starts[a] == s]
            second = self.doing[b][self.starts[b] == s + gap]
            if both:
                yield 0, 0, _sum((first, 1), (second, -1))
            else:
                yield -np.inf, 0, _sum((first, 1), (second, -1), ([self.out[b]], -1))
                yield -np.inf, 0, _sum((second, 1), (first, -1), ([self.out[a]], -1))

    def _at_least_apart(self, a: int, b: int, gap: int, *, both: bool) -> Iterator[Row]:
        """Whoever begins a at s or later excludes everybody who begins b before s + gap: one clique for each s that counts."""
        excluded = 0
        for s in np.unique(self.starts[a]):
            too_early = np.searchsorted(self.starts[b], s + gap)
            if too_early > excluded:
                excluded = too_early
                later = self.doing[a][np.searchsorted(self.starts[a], s) :]
                out = [self.out[a]] if both else []
                yield 0, 1, _sum((later, 1), (self.doing[b][:too_early], 1), (out, 1))

    def _same_carer(self, a: int, b: int, *, both: bool) -> Iterator[Row]:
        carer = np.array([column.carer for column in self.columns], dtype=np.int64)
        of_a, of_b = carer[self.doing[a]], carer[self.doing[b]]
        for c in np.union1d(of_a, of_b):
            first, second = self.doing[a][of_a == c], self.doing[b][of_b == c]
            yield -np.inf, 0, _sum((first, 1), (second, -1), ([] if both else [self.out[b]], -1))
            yield -np.inf, 0, _sum((second, 1), (first, -1), ([] if both else [self.out[a]], -1))


def _sum(*terms: tuple[Iterable[int], float]) -> dict[int, float]:
    """Each variable once."""
    found: dict[int, float] = {}
    for variables, coefficient in terms:
        for k in variables:
            found[int(k)] = found.get(int(k), 0) + coefficient
    return found


def _solve(model: Any, engine: str, *, until: float, is_cancelled: Stop) -> Any:  # noqa: ANN401 - OR-Tools ships no types
    """The response, or None where there is no usable one. The engine runs beside, without holding the interpreter."""
    from ortools.linear_solver import linear_solver_pb2, pywraplp

    solver = pywraplp.Solver.CreateSolver(engine)
    left = until - monotonic()
    if solver is None or left <= 0 or is_cancelled():
        return None
    solver.LoadModelFromProto(model)
    if not isinf(left):
        solver.SetTimeLimit(max(1, int(1000 * left)))
    if engine == "SCIP":
        solver.SetSolverSpecificParametersAsString(f"limits/totalnodes = {_NODES}\nlimits/gap = 0")
    run_beside(solver.Solve, interrupt=solver.InterruptSolve, is_cancelled=is_cancelled)
    response = linear_solver_pb2.MPSolutionResponse()
    solver.FillSolutionResponseProto(response)
    usable = (linear_solver_pb2.MPSOLVER_OPTIMAL,) + (
        (linear_solver_pb2.MPSOLVER_FEASIBLE,) if engine == "SCIP" else ()
    )
    return response if response.status in usable else None
