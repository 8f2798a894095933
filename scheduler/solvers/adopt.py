"""Begin from a day that exists: an earlier answer, or what has been published."""

from collections.abc import Sequence

from scheduler.indexed import Indexed
from scheduler.solution import Route, Solution
from scheduler.solvers.insertion import Inserter
from scheduler.timeline import Timeline

Told = tuple[int, int, int]  # job, carer, start


def as_it_stands(facts: Indexed, answer: Solution) -> Timeline | None:
    """The answer's sequences, each start as early as it may be but for those that wait for a reason; None where they do not hold.

    Costs no more than the answer, if that is sound: nobody starts later, and nobody early who would mind.
    """
    if not _may(facts, answer):
        return None
    starts = {facts.number[j]: start for j, (_, start) in answer.placed.items()}
    as_told = [facts.floor_at(j, starts.get(j, facts.wish[j])) for j in range(facts.n)]
    for floor in (as_told, facts.wish, facts.low):
        timeline = Timeline(facts)
        timeline.floor = list(floor)
        for route in answer.routes:
            c = facts.carer_number[route.carer]
            timeline.routes[c] = _sequence(facts, c, route)
            for stop in route.stops:
                timeline.home[facts.number[stop.job]] = c
        if timeline.settle():
            return timeline
    return None


def _sequence(facts: Indexed, c: int, route: Route) -> list[int]:
    """Jobs and breaks by their starts; at one second the jobs stand as in the route, and what takes no time goes first."""
    jobs = [facts.number[stop.job] for stop in route.stops]
    nodes = [(stop.start, 2 if facts.duration[j] else 0, j) for stop, j in zip(route.stops, jobs, strict=True)]
    nodes += [
        (route.breaks[facts.rest_of[v - facts.n][1]] if route.breaks else facts.low[v], 1, v) for v in facts.rests[c]
    ]
    return [v for _, _, v in sorted(nodes, key=lambda node: node[:2])]


def _may(facts: Indexed, answer: Solution) -> bool:
    """Whether everybody may be where the answer says, times aside."""
    home = {facts.number[j]: facts.carer_number[c] for j, (c, _) in answer.placed.items()}
    if sum(len(route.stops) for route in answer.routes) != len(home) or any(j not in home for j in facts.pin):
        return False
    for j, c in home.items():
        if c not in facts.allowed[j] or any(o not in home for o in facts.partners[j]):
            return False
        if any(home.get(o) == c for o in facts.different[j]) or any(home.get(o, c) != c for o in facts.same[j]):
            return False
    counts = [
        len(route.breaks) == len(facts.rests[facts.carer_number[route.carer]]) for route in answer.routes if route.stops
    ]
    return all(counts) and len({route.carer for route in answer.routes}) == len(answer.routes)


def adopt(timeline: Timeline, inserter: Inserter, appointments: Sequence[Told]) -> None:
    """Give each job its carer, place in the sequence and start as far as they hold; the others are left out.

    Goes by the starts, so that linked jobs come close to each other.
    """
    facts = timeline.facts
    sequences = {c: _with_breaks(facts, c, appointments) for c in {c for _, c, _ in appointments}}
    for c, sequence in sequences.items():
        if not any(v < facts.n for v in timeline.routes[c]):
            timeline.routes[c] = [v for v in sequence if v >= facts.n]
    timeline.settle()
    for j, c, start in sorted(appointments, key=lambda told: told[2]):
        if timeline.home[j] < 0:
            _insert_as_told(timeline, inserter, j, c, start, sequences[c])


def _insert_as_told(  # noqa: PLR0917 - where, when, and among whom
    timeline: Timeline, inserter: Inserter, j: int, c: int, start: int, sequence: list[int]
) -> None:
    facts = timeline.facts
    if not inserter.may(j, c):
        return
    before = set(sequence[: sequence.index(j)])
    position = sum(1 for v in timeline.routes[c] if v in before)
    timeline.floor[j] = facts.floor_at(j, start)
    if timeline.insert(j, c, position) is None:
        timeline.floor[j] = facts.wish[j]
    elif j in facts.told and timeline.start[j] > start + facts.problem.weights.moved_tolerance:
        timeline.remove([j])  # so late that another carer may cost less
        timeline.settle()


def _with_breaks(facts: Indexed, c: int, appointments: Sequence[Told]) -> list[int]:
    """The carer's jobs by their starts, each break in the first gap that holds it, else in the widest."""
    own = [(start, j) for j, carer, start in appointments if carer == c]
    stops = sorted(own, key=lambda stop: stop[0])
    row, spare = facts.matrix[c], []
    free, here = facts.shift_start[c], facts.origin[c]
    for start, j in stops:
        spare.append([free, start, start - free - row[here][facts.place[j]]])
        free, here = start + facts.duration[j], facts.place[j]
    end = facts.shift_end[c]
    spare.append([free, end, end - free - row[here][facts.goal[c]]])
    rests: list[list[int]] = [[] for _ in spare]
    for v in facts.rests[c]:
        length = facts.duration[v]

        def holds(k: int, v: int = v, length: int = length) -> bool:
            opens, closes, room = spare[k]
            return room >= length and max(opens, facts.low[v]) <= min(closes - length, facts.high[v])

        k = next((k for k in range(len(spare)) if holds(k)), None)
        if k is None:
            near = [
                k for k, (opens, closes, _) in enumerate(spare) if opens <= facts.high[v] and closes >= facts.low[v]
            ]
            k = max(near or range(len(spare)), key=lambda k: spare[k][2])
        rests[k].append(v)
        spare[k][0] = max(spare[k][0], facts.low[v]) + length
        spare[k][2] -= length
    found = list(rests[0])
    for (_, j), after in zip(stops, rests[1:], strict=True):
        found += [j, *after]
    return found
