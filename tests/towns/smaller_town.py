"""A town on which something goes wrong, made smaller while it still does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from scheduler import Carer, Job, Problem

T = TypeVar("T")


def smallest(problem: Problem, still_wrong: Callable[[Problem], bool]) -> Problem:
    """What is left when nothing more can be left out; `still_wrong` is asked some hundred times on a day of forty jobs."""
    again = True
    while again:
        again = False
        for smaller in _smaller(problem):
            if still_wrong(smaller):
                problem, again = smaller, True
                break
    return problem


def _smaller(problem: Problem) -> Iterator[Problem]:
    """Everything that has one thing less, the largest steps first."""
    for kept in _parts(problem.jobs):
        yield _among(problem, problem.carers, kept)
    for carers in _parts(problem.carers):
        yield _among(problem, carers, problem.jobs)
    for name in ("links", "pinned", "published"):
        for some in _parts(getattr(problem, name)):
            yield replace(problem, **{name: some})
    for at, carer in enumerate(problem.carers):
        for breaks in _parts(carer.breaks):
            yield replace(problem, carers=_swapped(problem.carers, at, replace(carer, breaks=breaks)))
    for at, job in enumerate(problem.jobs):
        plain = replace(job, target=None, skills=frozenset(), forbidden_carers=frozenset(), carer_costs={})
        if plain != job:
            yield replace(problem, jobs=_swapped(problem.jobs, at, plain))


def _parts(whole: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """Without a half of it, without a quarter, and at last without one."""
    size = (len(whole) + 1) // 2
    while size:
        for at in range(0, len(whole), size):
            yield (*whole[:at], *whole[at + size :])
        size = size // 2


def _swapped(whole: tuple[T, ...], at: int, other: T) -> tuple[T, ...]:
    return (*whole[:at], other, *whole[at + 1 :])


def _among(problem: Problem, carers: tuple[Carer, ...], jobs: tuple[Job, ...]) -> Problem:
    """The day of some of its people."""
    names, ids = {carer.id for carer in carers}, {job.id for job in jobs}
    return replace(
        problem,
        carers=carers,
        jobs=tuple(
            replace(
                job,
                forbidden_carers=job.forbidden_carers & names,
                carer_costs={key: cost for key, cost in job.carer_costs.items() if key in names | {"other"}},
            )
            for job in jobs
        ),
        links=tuple(link for link in problem.links if {link.first, link.second} <= ids),
        pinned=tuple(pin for pin in problem.pinned if pin.job in ids and pin.carer in names),
        published=tuple(told for told in problem.published if told.job in ids and told.carer in names),
    )
