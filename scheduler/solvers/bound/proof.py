"""Whether a plan of a small day is the best there is: the whole day as one model of constraints (OR-Tools' CP-SAT).

Each carer has a circuit through the jobs that they do, with breaks in the gaps between; times, links and every term of the cost
are as the rules have them. It settles days of about a dozen jobs within seconds, larger ones with luck; days beyond are not tried.
"""

from collections.abc import Sequence
from itertools import pairwise, product
from time import monotonic
from typing import Any

from scheduler.cost import breaches, evaluate
from scheduler.indexed import FAR, Indexed
from scheduler.problem import LinkCarers, Problem
from scheduler.solution import Placement, Route, Solution, Unplaced
from scheduler.solvers.beside import Stop, never, run_beside

_MOST_LEGS = 30_000  # from one stop to the next, for all carers; more than that is hopeless
_WORKERS = 8  # searches with different habits, which find and prove more than as many of one kind


def prove(
    problem: Problem, solution: Solution, *, seconds: float, at_least: int = 0, is_cancelled: Stop = never
) -> tuple[Solution, bool]:
    """The solution or a cheaper one (which then has no cost, reasons and run), and whether none is cheaper still.

    `at_least`: what is known to be a lower bound. A solution that breaks a rule is never proven.
    """
    began = monotonic()
    if breaches(problem, solution):
        return solution, False
    cost = evaluate(problem, solution).total
    if cost <= at_least:
        return solution, True
    facts = Indexed(problem)
    jobs = [[j for j in range(facts.n) if c in facts.allowed[j]] for c in range(len(problem.carers))]
    if seconds <= 0 or is_cancelled() or sum((len(own) + 1) ** 2 for own in jobs) > _MOST_LEGS:
        return solution, False
    day = _Day(facts, jobs)
    day.begin_from(solution)
    day.model.add(day.cost >= at_least)
    left = seconds - (monotonic() - began)
    if left <= 0 or is_cancelled():
        return solution, False
    found, proven = day.solve(left, is_cancelled)
    if found is None or breaches(problem, found):
        return solution, False
    return (found if evaluate(problem, found).total < cost else solution), proven


class _Day:
    """The model. In a carer's circuit -1 is both ends; `leg[c, a, b]`: from a to b; `gap[v, a]`: break v is taken after a.

    `jobs` [carer]: the jobs that each carer may do.
    """

    def __init__(self, facts: Indexed, jobs: Sequence[Sequence[int]]) -> None:
        from ortools.sat.python import cp_model  # loading OR-Tools takes a while and is not always needed

        self.facts, self.jobs, self.cp = facts, jobs, cp_model
        self.model = model = cp_model.CpModel()
        self.start = [model.new_int_var(facts.low[v], facts.high[v], "") for v in range(facts.nodes)]
        groups = {group: model.new_bool_var("") for group in facts.partners}
        self.out = [groups[group] for group in facts.partners]
        self.here = {(c, a): model.new_bool_var("") for c, own in enumerate(jobs) for a in (-1, *own)}
        self.gap = {(v, a): model.new_bool_var("") for v, c in self._rests() for a in (-1, *jobs[c])}
        self.leg: dict[tuple[int, int, int], Any] = {}
        self.terms: list[Any] = []
        for c in range(len(jobs)):
            self._add_circuit(c)
        self._add_rests()
        for j in range(facts.n):
            self._add_job(j)
        self._add_links()
        self.cost = sum(self.terms)
        model.minimize(self.cost)

    def _rests(self) -> list[tuple[int, int]]:
        """Each break and whose it is."""
        return [(v, c) for c, rests in enumerate(self.facts.rests) for v in rests]

    # -- the rules ----------------------------------------------------------------------------------------------------

    def _add_circuit(self, c: int) -> None:
        """Who is visited in which order, and how much time the ways and the breaks in each gap take."""
        facts, model, own = self.facts, self.model, self.jobs[c]
        row, rests = facts.matrix[c], facts.rests[c]
        arcs = [(a + 1, a + 1, ~self.here[c, a]) for a in (-1, *own)]
        for a, b in product((-1, *own), repeat=2):
            if a == b or (a >= 0 and b >= 0 and facts.low[a] + facts.duration[a] > facts.high[b]):
                continue
            leg = self.leg[c, a, b] = model.new_bool_var("")
            arcs.append((a + 1, b + 1, leg))
            way = row[facts.place[a] if a >= 0 else facts.origin[c]][facts.place[b] if b >= 0 else facts.goal[c]]
            self.terms.append(facts.problem.weights.travel * way * leg)
            arrived = self.start[b] if b >= 0 else facts.shift_end[c]
            resting = sum(facts.duration[v] * self.gap[v, a] for v in rests)
            model.add(arrived >= self._end_of(c, a) + way + resting).only_enforce_if(leg)
            for v in rests:
                model.add(self.start[v] + facts.duration[v] <= arrived).only_enforce_if(leg, self.gap[v, a])
        model.add_circuit(arcs)

    def _end_of(self, c: int, a: int) -> Any:  # noqa: ANN401 - OR-Tools' expressions
        return self.start[a] + self.facts.duration[a] if a >= 0 else self.facts.shift_start[c]

    def _add_rests(self) -> None:
        """A carer who visits anybody takes each break in one gap, one break after the other."""
        facts, model = self.facts, self.model
        for v, c in self._rests():
            gaps = [(a, self.gap[v, a]) for a in (-1, *self.jobs[c])]
            model.add(sum(gap for _, gap in gaps) == self.here[c, -1])
            for a, gap in gaps:
                model.add_implication(gap, self.here[c, a])
                model.add(self.start[v] >= self._end_of(c, a)).only_enforce_if(gap)
        for c, rests in enumerate(facts.rests):
            used = self.here[c, -1]
            model.add_no_overlap(
                model.new_optional_fixed_size_interval_var(self.start[v], facts.duration[v], used, "") for v in rests
            )

    def _add_job(self, j: int) -> None:
        """Somebody comes or it stays out, and what carer and start cost."""
        facts, model, weights = self.facts, self.model, self.facts.problem.weights
        carers = [c for c in range(len(self.jobs)) if (c, j) in self.here]
        model.add_exactly_one([*(self.here[c, j] for c in carers), self.out[j]])
        self.terms += [facts.price[j][c] * self.here[c, j] for c in carers]
        self.terms.append(facts.unplaced_cost[j] * self.out[j])
        if j in facts.pin:
            model.add(self.out[j] == 0)
        start, late, early = self.start[j], facts.late_after[j], facts.early_before[j]
        self._add_excess(j, start - late, facts.late_cost[j], most=facts.high[j] - late)
        self._add_excess(j, early - start, facts.early_cost[j], most=early - facts.low[j])
        if j in facts.told:
            told, free = facts.told[j][1], weights.moved_tolerance
            self._add_excess(j, start - told - free, weights.moved_second, most=facts.high[j] - told - free)
            self._add_excess(j, told - free - start, weights.moved_second, most=told - free - facts.low[j])

    def _add_excess(self, j: int, seconds: Any, price: int, *, most: int) -> None:  # noqa: ANN401 - OR-Tools' expressions
        """Each second above 0, if job j is placed at all, costs its price; there are `most` of them."""
        if price and most > 0:
            excess = self.model.new_int_var(0, most, "")
            self.model.add(excess >= seconds).only_enforce_if(~self.out[j])
            self.terms.append(price * excess)

    def _add_links(self) -> None:
        facts, model = self.facts, self.model
        for link in facts.problem.links:
            a, b = facts.number[link.first], facts.number[link.second]
            both = (~self.out[a], ~self.out[b])
            model.add(self.start[b] - self.start[a] >= link.min_gap).only_enforce_if(*both)
            if link.max_gap is not None:
                model.add(self.start[b] - self.start[a] <= link.max_gap).only_enforce_if(*both)
            for c in range(len(self.jobs)):
                first, second = self.here.get((c, a), 0), self.here.get((c, b), 0)
                if link.carers is LinkCarers.DIFFERENT:
                    model.add(first + second <= 1)
                elif link.carers is LinkCarers.SAME:
                    model.add(first == second).only_enforce_if(*both)
        weight = facts.problem.weights.max_lateness
        most = max((facts.high[j] - facts.late_after[j] for j in range(facts.n)), default=0)
        if weight and most > 0:
            worst = model.new_int_var(0, most, "")
            self.terms.append(weight * worst)
            for j in range(facts.n):
                if facts.late_after[j] < FAR:
                    model.add(worst >= self.start[j] - facts.late_after[j]).only_enforce_if(~self.out[j])

    # -- to and from plans --------------------------------------------------------------------------------------------

    def begin_from(self, plan: Solution) -> None:
        """Give the plan's sequences and times as a hint, and ask for nothing dearer."""
        facts, hint = self.facts, self.model.add_hint
        legs: set[tuple[int, int, int]] = set()
        here: set[tuple[int, int]] = set()
        for route in plan.routes:
            c = facts.carer_number[route.carer]
            stops = [-1, *(facts.number[stop.job] for stop in route.stops), -1]
            if route.stops:
                legs.update((c, a, b) for a, b in pairwise(stops))
                here.update((c, a) for a in stops)
                for v in facts.rests[c]:
                    hint(self.start[v], route.breaks[facts.rest_of[v - facts.n][1]])
            for stop in route.stops:
                hint(self.start[facts.number[stop.job]], stop.start)
        for leg, variable in self.leg.items():
            hint(variable, leg in legs)
        for stay, variable in self.here.items():
            hint(variable, stay in here)
        self.model.add(self.cost <= evaluate(facts.problem, plan).total)

    def solve(self, seconds: float, is_cancelled: Stop) -> tuple[Solution | None, bool]:
        """The best plan found, and whether none is cheaper."""
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = _WORKERS
        solver.parameters.use_lns = False  # the plan is good already; what is wanted is the proof
        status: list[Any] = []
        run_beside(
            lambda: status.append(solver.solve(self.model)), interrupt=solver.stop_search, is_cancelled=is_cancelled
        )
        if not status or status[0] not in {self.cp.OPTIMAL, self.cp.FEASIBLE}:
            return None, False
        return self._plan(solver), status[0] == self.cp.OPTIMAL

    def _plan(self, solver: Any) -> Solution:  # noqa: ANN401 - OR-Tools' solver
        facts, problem = self.facts, self.facts.problem
        after = {(c, a): b for (c, a, b), leg in self.leg.items() if solver.boolean_value(leg)}
        routes = []
        for c, carer in enumerate(problem.carers):
            stops = []
            a = after.get((c, -1), -1)
            while a >= 0:
                stops.append(Placement(problem.jobs[a].id, solver.value(self.start[a])))
                a = after[c, a]
            rests = {facts.rest_of[v - facts.n][1]: solver.value(self.start[v]) for v in facts.rests[c] if stops}
            routes.append(Route(carer.id, tuple(stops), tuple(rests[k] for k in sorted(rests))))
        unplaced = tuple(
            Unplaced(x.id) for x, out in zip(problem.jobs, self.out, strict=True) if solver.boolean_value(out)
        )
        return Solution(problem.name, tuple(routes), unplaced)
