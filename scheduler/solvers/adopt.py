"""Begin from a day that exists: an earlier answer, or what has been published."""

from collections.abc import Sequence

from scheduler.indexed import Indexed
from scheduler.solvers.insertion import Inserter
from scheduler.timeline import Timeline

Told = tuple[int, int, int]  # job, carer, start


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
    for j, c, start in sorted(appointments, key=lambda x: (x[2], x[0])):
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
    if facts.early_cost[j] or j in facts.told:
        timeline.floor[j] = max(facts.low[j], min(facts.high[j], start))
    if timeline.insert(j, c, position) is None:
        timeline.floor[j] = facts.wish[j]
    elif j in facts.told and timeline.start[j] > start + facts.problem.weights.moved_tolerance:
        timeline.remove([j])  # so late that another carer may cost less
        timeline.settle()


def _with_breaks(facts: Indexed, c: int, appointments: Sequence[Told]) -> list[int]:
    """The carer's jobs by their starts, each break in the first gap that holds it, else in the widest."""
    stops = [(start, j) for start, j in sorted((start, j) for j, carer, start in appointments if carer == c)]
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
