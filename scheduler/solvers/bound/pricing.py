"""Which route of one carer pays best, given what each job is worth: labels that go forward in time, compiled.

A label is a way to be at a job at some time: no label survives that is dominated by one that is there no later and no dearer,
that has taken all its breaks and remembers no job that the other does not. What a label remembers are the jobs near its own
(ng-routes: Baldacci, Mingozzi & Roberti 2011, doi 10.1287/opre.1110.0975), so a route may come back to a job that is far enough
away; that is why the answer is a bound. Labels that cannot end well are dropped early, by what the rest would bring at best if a
route could come back to any job but the one before it.

What a start costs is convex in time, for a linked job with steps besides: from one step to the next, a carer who can begin at s is
taken to be there at s and to pay for the cheapest second from s on, waiting being free; and each later step is tried as well.
"""

import numpy as np

from scheduler.solvers.search.compiling import inlined, kernel
from scheduler.solvers.search.layout import Bits, Ints, SmallInts

FAR = 1 << 61
NOBODY, THE_END = -2, -1
(
    VALUE,
    DURATION,
    LOW,
    HIGH,
    BEST,
    LATE_AFTER,
    LATE_COST,
    EARLY_BEFORE,
    EARLY_COST,
    MOVED_FROM,
    MOVED_TO,
    MOVED_SECOND,
) = range(12)
OUT, HOME, FOLLOWERS, FIRST, STEP, STEPS = range(12, 18)
JOB_COLUMNS = 18
"""Of a job, for one carer: what it is worth beside time and way; its window; its cheapest start, steps aside; what other starts
cost; the ways from the start location and to the end location, in seconds; how many jobs can follow it; where its stretches of
time begin in the list of all; its steps."""
COST, END, START, NODE, STATE, BEFORE, DEARER, LATER = range(8)
LABEL_COLUMNS = 8
HALT, LOOKS = range(2)
WATCH_COLUMNS = 2
"""Of a search: not 0 once it shall stop, which others say while it runs; how often it has held one label against another."""
GONE = -1  # the state of a label that another one dominates


@inlined
def cost_at(jobs: Ints, j: int, s: int) -> int:
    """What it costs that job j starts at s, steps aside."""
    cost = 0
    if s > jobs[j, LATE_AFTER]:
        cost = jobs[j, LATE_COST] * (s - jobs[j, LATE_AFTER])
    if s < jobs[j, EARLY_BEFORE]:
        cost += jobs[j, EARLY_COST] * (jobs[j, EARLY_BEFORE] - s)
    if s > jobs[j, MOVED_TO]:
        cost += jobs[j, MOVED_SECOND] * (s - jobs[j, MOVED_TO])
    if s < jobs[j, MOVED_FROM]:
        cost += jobs[j, MOVED_SECOND] * (jobs[j, MOVED_FROM] - s)
    return cost


@inlined
def step_at(jobs: Ints, steps: Ints, j: int, s: int) -> int:
    """The last step of job j at or before s."""
    step = jobs[j, STEP]
    while step + 1 < jobs[j, STEP] + jobs[j, STEPS] and steps[step + 1, 0] <= s:
        step += 1
    return step


@inlined
def best_start(jobs: Ints, steps: Ints, j: int, s: int, step: int) -> int:
    """The cheapest start from s on, before the next step."""
    at = max(s, jobs[j, BEST])
    if step + 1 < jobs[j, STEP] + jobs[j, STEPS]:
        at = min(at, steps[step + 1, 0] - 1)
    return at


@inlined
def after_rests(orders: Ints, rests: Ints, o: int, free: int) -> int:
    """When the breaks of order o, begun when the carer is free, are over; FAR when one comes too late."""
    ready = free
    for i in range(2, 2 + orders[o, 1]):
        r = orders[o, i]
        s = max(ready, rests[r, 0])
        if s > rests[r, 1]:
            return FAR
        ready = s + rests[r, 2]
    return ready


@kernel
def look_back(
    jobs: Ints,
    way: SmallInts,
    follow: SmallInts,
    steps: Ints,
    rests: Ints,
    orders: Ints,
    stretch: Ints,
    width: int,
    travel: int,
    end: int,
    rest: Ints,
    watch: Ints,
) -> bool:
    """Fill `rest` [stretch of a job's window, breaks taken, best | whom next | second best]: the least that a route costs after it
    begins a job in that stretch, and if not that job is next; FAR where it never gets home. A job does not follow itself.

    `stretch` [stretch, job | begin], the latest first; `follow` [job, …]: who can come next. Where the order of time is not clear
    (jobs without any duration) the rest is guessed as the best of all guesses: that every job is paid once more.
    False where it was told to stop before all was filled.
    """
    states = rest.shape[1]
    full = states - 1
    hope = 0
    for j in range(len(jobs)):
        hope -= max(0, jobs[j, VALUE])
    for i in range(len(stretch)):
        if watch[HALT]:
            return False
        k, begin = stretch[i, 0], stretch[i, 1]
        at = jobs[k, FIRST] + (begin - jobs[k, LOW]) // width
        free = begin + jobs[k, DURATION]
        for state in range(states):
            best, second, follower = FAR, FAR, NOBODY
            for o in range(len(orders)):
                if orders[o, 0] & state:
                    continue
                ready = after_rests(orders, rests, o, free)
                if ready >= FAR:
                    continue
                moving = free + orders[o, -1]
                after = state | orders[o, 0]
                if after == full and max(ready, moving + jobs[k, HOME]) <= end and travel * jobs[k, HOME] < best:
                    if follower != THE_END:
                        second = best
                    best, follower = travel * jobs[k, HOME], THE_END
                for f in range(jobs[k, FOLLOWERS]):
                    j = follow[k, f]
                    s = max(ready, moving + way[k, j], jobs[j, LOW])
                    if s > jobs[j, HIGH]:
                        continue
                    step = step_at(jobs, steps, j, s)
                    base = travel * way[k, j] - jobs[j, VALUE]
                    while True:
                        there = jobs[j, FIRST] + (s - jobs[j, LOW]) // width
                        tail = rest[there, after, 2] if rest[there, after, 1] == k else rest[there, after, 0]
                        if s - (s - jobs[j, LOW]) % width <= begin:
                            tail = hope
                        cost = base + steps[step, 1] + cost_at(jobs, j, best_start(jobs, steps, j, s, step)) + tail
                        if tail < FAR:
                            if j == follower:
                                best = min(best, cost)
                            elif cost < best:
                                best, second, follower = cost, best, j
                            elif cost < second:
                                second = cost
                        step += 1
                        if step == jobs[j, STEP] + jobs[j, STEPS] or steps[step, 0] > jobs[j, HIGH]:
                            break
                        s = steps[step, 0]
            rest[at, state, 0] = best
            rest[at, state, 1] = follower
            rest[at, state, 2] = second
    return True


@kernel
def look_ahead(
    jobs: Ints, steps: Ints, rests: Ints, orders: Ints, rest: Ints, width: int, travel: int, begin: int
) -> int:
    """A lower bound of what any route costs beyond its worth, by `look_back`; 0 where none can be cheaper than staying at home."""
    least = 0
    for o in range(len(orders)):
        ready = after_rests(orders, rests, o, begin)
        if ready >= FAR:
            continue
        for j in range(len(jobs)):
            s = max(ready, begin + orders[o, -1] + jobs[j, OUT], jobs[j, LOW])
            if s > jobs[j, HIGH]:
                continue
            step = step_at(jobs, steps, j, s)
            base = travel * jobs[j, OUT] - jobs[j, VALUE]
            while True:
                cost = base + steps[step, 1] + cost_at(jobs, j, best_start(jobs, steps, j, s, step))
                least = min(least, cost + rest[jobs[j, FIRST] + (s - jobs[j, LOW]) // width, orders[o, 0], 0])
                step += 1
                if step == jobs[j, STEP] + jobs[j, STEPS] or steps[step, 0] > jobs[j, HIGH]:
                    break
                s = steps[step, 0]
    return least


@kernel
def start_costs(jobs: Ints, starts: Ints, costs: Ints) -> None:
    """What these starts [job] cost, steps aside, into `costs`."""
    for j in range(len(jobs)):
        costs[j] = cost_at(jobs, j, starts[j])


@inlined
def in_set(words: Bits, at: int, j: int) -> bool:
    return bool((words[at, j >> 6] >> np.uint64(j & 63)) & np.uint64(1))


@inlined
def within(some: Bits, a: int, others: Bits, b: int) -> bool:
    """Whether label a remembers nobody whom b does not."""
    for w in range(some.shape[1]):  # noqa: SIM110 - Numba has no generators
        if some[a, w] & ~others[b, w]:
            return False
    return True


@kernel
def settle_in(label: Ints, memory: Bits, first: Ints, new: int, watch: Ints) -> bool:
    """Take the new label in among those at its job, which stand by rising cost, unless one of them dominates it; those that it
    dominates itself are gone. Each that it is held against is counted in `watch`.
    """
    j, cost, end, state = label[new, NODE], label[new, COST], label[new, END], label[new, STATE]
    before, other = -1, first[j]
    while other >= 0 and label[other, COST] <= cost:
        watch[LOOKS] += 1
        if label[other, END] <= end and label[other, STATE] & state == state and within(memory, other, memory, new):
            return False
        before, other = other, label[other, DEARER]
    label[new, DEARER] = other
    if before < 0:
        first[j] = new
    else:
        label[before, DEARER] = new
    before = new
    while other >= 0:
        watch[LOOKS] += 1
        held = label[other, STATE]
        if label[other, END] >= end and held & state == held and within(memory, new, memory, other):
            label[other, STATE] = GONE
            label[before, DEARER] = label[other, DEARER]
        else:
            before = other
        other = label[other, DEARER]
    return True


@kernel
def go_forward(
    jobs: Ints,
    way: SmallInts,
    follow: SmallInts,
    near: Bits,
    own: Bits,
    steps: Ints,
    rests: Ints,
    orders: Ints,
    rest: Ints,
    width: int,
    travel: int,
    begin: int,
    end: int,
    least: int,
    label: Ints,
    memory: Bits,
    first: Ints,
    queue: Ints,
    pace: int,
    goal: Ints,
    watch: Ints,
    looks: int,
) -> bool:
    """The cheapest routes below `least`: into `goal` [job, cost | label], by the job that they end with. False where there were
    too many labels for their room or for so many `looks`, or it was told to stop; then there may be cheaper ones.

    `near` [job, word]: the jobs that a label at this job may remember, as bits; `own`: those that it shuts out, itself among
    them; `first` [job], `queue` [stretch of `pace` seconds]: room. The carer's start stands behind the jobs, as the last row.
    """
    n = len(jobs)
    full = rest.shape[1] - 1
    used = 0
    dawn = FAR
    for j in range(n):
        dawn = min(dawn, jobs[j, LOW])
    first[:] = -1
    queue[:] = -1
    goal[:, 0] = FAR
    goal[:, 1] = -1
    at, here, state, spent, free, followers = -1, n, 0, 0, begin, n
    turn = 0
    watch[LOOKS] = 0
    while True:
        for o in range(len(orders)):
            if watch[HALT] or watch[LOOKS] > looks:
                return False
            if state == GONE or orders[o, 0] & state:
                continue
            ready = after_rests(orders, rests, o, free)
            if ready >= FAR:
                continue
            moving = free + orders[o, -1]
            after = state | orders[o, 0]
            if at >= 0 and after == full and max(ready, moving + jobs[here, HOME]) <= end:
                total = spent + travel * jobs[here, HOME]
                if total < least and total < goal[here, 0]:
                    goal[here, 0] = total
                    goal[here, 1] = at
            for f in range(followers):
                j = follow[here, f]
                if at >= 0 and in_set(memory, at, j):
                    continue
                leg = way[here, j] if at >= 0 else jobs[j, OUT]
                s = max(ready, moving + leg, jobs[j, LOW])
                if s > jobs[j, HIGH]:
                    continue
                step = step_at(jobs, steps, j, s)
                base = spent + travel * leg - jobs[j, VALUE]
                while True:
                    start = best_start(jobs, steps, j, s, step)
                    cost = base + steps[step, 1] + cost_at(jobs, j, start)
                    there = jobs[j, FIRST] + (s - jobs[j, LOW]) // width
                    follower = rest[there, after, 1]
                    tail = rest[there, after, 0]
                    if at >= 0 and follower >= 0 and in_set(near, j, follower) and in_set(memory, at, follower):
                        tail = rest[there, after, 2]
                    if cost + tail < least:
                        if used == len(label):
                            return False
                        for w in range(near.shape[1]):
                            memory[used, w] = own[j, w] | (near[j, w] & memory[at, w] if at >= 0 else np.uint64(0))
                        label[used, COST] = cost
                        label[used, END] = s + jobs[j, DURATION]
                        label[used, START] = start
                        label[used, NODE] = j
                        label[used, STATE] = after
                        label[used, BEFORE] = at
                        if settle_in(label, memory, first, used, watch):
                            label[used, LATER] = queue[(s - dawn) // pace]
                            queue[(s - dawn) // pace] = used
                            used += 1
                    step += 1
                    if step == jobs[j, STEP] + jobs[j, STEPS] or steps[step, 0] > jobs[j, HIGH]:
                        break
                    s = steps[step, 0]
        while turn < len(queue) and queue[turn] < 0:
            turn += 1
        if turn == len(queue):
            return True
        at = queue[turn]
        queue[turn] = label[at, LATER]
        here, state, spent, free = label[at, NODE], label[at, STATE], label[at, COST], label[at, END]
        followers = jobs[here, FOLLOWERS]
