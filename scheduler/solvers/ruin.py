"""Which jobs to take out of a day, so that putting them back may make it better."""

from random import Random

from scheduler.timeline import Timeline


class Ruin:
    """Takes out strings of neighbouring stops from neighbouring routes (Christiaens & Vanden Berghe 2020, slack induction by
    string removals), now and then whole routes, some hours of everybody, or a scattered handful.

    Who goes together or not at all leaves together.
    """

    def __init__(self, timeline: Timeline, random: Random, *, size: float = 10.0) -> None:
        self.timeline = timeline
        self.random = random
        self.size = size
        self._near: dict[int, list[int]] = {}

    def choose(self) -> list[int]:
        """Jobs to take out, none of them pinned, in no particular order."""
        kind = self.random.random()
        hopeful = [j for j in self.timeline.absent() if self.timeline.facts.allowed[j]]
        if hopeful and self.random.random() < 0.3:
            chosen = self._room_for(self.random.choice(hopeful))
        elif kind < 0.86:
            chosen = self._strings()
        elif kind < 0.92:
            chosen = self._handful()
        elif kind < 0.95:
            chosen = self._hours()
        else:
            chosen = self._routes()
        return self._with_partners(chosen)

    def shift_breaks(self, carers: set[int]) -> bool:
        """Put some breaks of these carers elsewhere; whether any moved. Times are stale until `settle`."""
        timeline, moved = self.timeline, False
        for c in sorted(carers):
            for node in timeline.facts.rests[c]:
                if self.random.random() < 0.3:
                    position = timeline.routes[c].index(node) + self.random.choice((-2, -1, 1, 2))
                    timeline.move_break(c, node, max(0, min(len(timeline.routes[c]) - 1, position)))
                    moved = True
        return moved

    def _strings(self) -> list[int]:
        timeline, random = self.timeline, self.random
        n = timeline.facts.n
        goal = max(1, min(int(random.expovariate(1 / self.size)) + 2, max(2, n // 3)))
        absent = timeline.absent()
        seed = random.choice(absent) if absent and random.random() < 0.3 else random.randrange(n)
        chosen: list[int] = []
        ruined: set[int] = set()
        for j in self._neighbours(seed):
            if len(chosen) >= goal:
                break
            c = timeline.home[j]
            if c < 0 or c in ruined or c in timeline.set_aside:
                continue
            ruined.add(c)
            stops = [v for v in timeline.routes[c] if v < n]
            length = min(len(stops), goal - len(chosen), random.randint(1, 6))
            at = stops.index(j)
            first = max(0, min(at - random.randrange(length), len(stops) - length))
            chosen += stops[first : first + length]
        return chosen

    def _room_for(self, left: int) -> list[int]:
        """What some of the carers who could do a job that is left (and its partners) do around a time it could start."""
        timeline, facts, random = self.timeline, self.timeline.facts, self.random
        chosen: dict[int, None] = {}
        when = random.randint(facts.low[left], facts.high[left])
        for j in facts.partners[left]:
            able = [c for c in facts.allowed[j] if c not in timeline.set_aside]
            for c in random.sample(able, min(len(able), random.randint(1, 3))):
                stops = [v for v in timeline.routes[c] if v < facts.n]
                stops.sort(key=lambda v: abs(timeline.start[v] + facts.duration[v] // 2 - when))
                chosen.update(dict.fromkeys(stops[: random.randint(1, 5)]))
        return list(chosen)

    def _handful(self) -> list[int]:
        placed = [j for j in range(self.timeline.facts.n) if self.timeline.home[j] >= 0]
        return self.random.sample(placed, min(len(placed), self.random.randint(2, 8)))

    def _hours(self) -> list[int]:
        """What anybody does in a while that holds up to two dozen visits."""
        timeline = self.timeline
        placed = sorted((timeline.start[j], j) for j in range(timeline.facts.n) if timeline.home[j] >= 0)
        length = min(len(placed), self.random.randint(4, 24))
        first = self.random.randint(0, len(placed) - length)
        return [j for _, j in placed[first : first + length]]

    def _routes(self) -> list[int]:
        """One or two carers' whole days."""
        n = self.timeline.facts.n
        busy = [route for route in self.timeline.routes if any(v < n for v in route)]
        return [
            v for route in self.random.sample(busy, min(len(busy), self.random.randint(1, 2))) for v in route if v < n
        ]

    def _with_partners(self, chosen: list[int]) -> list[int]:
        facts, timeline = self.timeline.facts, self.timeline
        all_of_them = dict.fromkeys(o for j in chosen for o in facts.partners[j])
        return [
            j
            for j in all_of_them
            if timeline.home[j] >= 0
            and j not in facts.pin
            and timeline.home[j] not in timeline.set_aside
            and not any(o in facts.pin for o in facts.partners[j])
        ]

    def _neighbours(self, seed: int) -> list[int]:
        """The jobs nearest to `seed` on the road and on the clock, itself first."""
        found = self._near.get(seed)
        if found is None:
            facts = self.timeline.facts
            row = facts.matrix[0][facts.place[seed]]
            when = (facts.wish[seed] + min(facts.high[seed], facts.late_after[seed])) // 2

            def distance(j: int) -> tuple[float, int]:
                clock = abs((facts.wish[j] + min(facts.high[j], facts.late_after[j])) // 2 - when)
                return (row[facts.place[j]] + clock / 4 if j != seed else -1, j)

            found = sorted(range(facts.n), key=distance)[: max(60, int(8 * self.size))]
            self._near[seed] = found
        return found
