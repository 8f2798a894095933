from scheduler.solver import Progress
from scheduler.timeline import Timeline


def progress_of(timeline: Timeline, cost: int, *, seconds: float, phase: str) -> Progress:
    """What a timeline looks like from outside."""
    unplaced = len(timeline.absent())
    return Progress(seconds, cost, timeline.facts.n - unplaced, unplaced, phase)
