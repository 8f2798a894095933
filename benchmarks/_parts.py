"""How much of a day a peer can express: three parts of care-day, each a sound problem of its own that ours solves too."""

from dataclasses import replace
from enum import StrEnum

from scheduler import Problem


class Part(StrEnum):
    """Each holds what the one before holds.

    `windows`: travel by each carer's mode, hard windows, shifts, skills, who may not come, what it costs who comes, and what
    it costs to leave a job out. Whoever comes in twos comes unlinked. `breaks`: with the carers' breaks. `whole`: with
    targets and links.
    """

    WINDOWS = "windows"
    BREAKS = "breaks"
    WHOLE = "whole"


def part_of(problem: Problem, part: Part) -> Problem:
    """The day without what lies beyond the part. Pins and what has been published are not asked of any peer."""
    assert not problem.pinned, f"{problem.name} has pins"
    assert not problem.published, f"{problem.name} has been published"
    if part is Part.WHOLE:
        return problem
    return replace(
        problem,
        name=f"{problem.name}-{part}",
        weights=replace(problem.weights, max_lateness=0),
        carers=problem.carers if part is Part.BREAKS else tuple(replace(one, breaks=()) for one in problem.carers),
        jobs=tuple(replace(one, target=None) for one in problem.jobs),
        links=(),
    )
