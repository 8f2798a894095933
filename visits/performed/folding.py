"""Folding: one truth from all that was said about a visit.

Phones send late, twice and out of order, and people contradict themselves. `fold` asks only what is said to have happened and
when, never when it arrived, so any order of arrival gives the same truth. What does not fit is kept and flagged for a human.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from visits.errors import Conflict
from visits.performed.attendance import Attendance, Contradiction, Interval, Misfit, attend, when
from visits.performed.checkins import AT_THE_DOOR, TASKS, Approval, Fact, FactKind
from visits.performed.visit import VisitState
from visits.terms import CarerId, FactId, ServiceCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Performed:
    """What the facts of one visit amount to. `state` is None while they decide nothing.

    `facts` are all that were ever said, by when they happened; `standing` those that count: no other fact corrects them, and
    where a second person must look, one has said yes. `waiting` still wait for that.

    `answer` is the answer at the door that counts where nobody was let in; `moved_to` the time last agreed on.
    """

    facts: tuple[Fact, ...] = ()
    standing: tuple[Fact, ...] = ()
    waiting: tuple[Fact, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    state: VisitState | None = None
    answer: Fact | None = None
    moved_to: datetime | None = None
    tasks_done: frozenset[ServiceCode] = frozenset()
    tasks_declined: frozenset[ServiceCode] = frozenset()

    @property
    def is_extra(self) -> bool:
        """Whether the visit was made without having been planned."""
        return self._says(FactKind.EXTRA_VISIT)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was done outside the home, where no tag proves it."""
        return self._says(FactKind.ELSEWHERE)

    def _says(self, kind: FactKind) -> bool:
        return any(fact.kind is kind for fact in self.standing)

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """Every carer's time there, by start; two carers at once give two intervals."""
        return tuple(sorted(interval for part in self.attendances for interval in part.intervals))

    @property
    def started_at(self) -> datetime | None:
        return min((part.came_at for part in self.attendances if part.came_at), default=None)

    @property
    def ended_at(self) -> datetime | None:
        """When the last carer was done, once nobody is left there."""
        if any(part.open_since for part in self.attendances):
            return None
        return max((part.left_at for part in self.attendances if part.left_at), default=None)

    @property
    def notes(self) -> tuple[Fact, ...]:
        """What was written, with whatever fact it came."""
        return tuple(fact for fact in self.standing if fact.note.strip())

    def attendance_of(self, carer_id: CarerId) -> Attendance:
        """The carer's own part; an empty one before the first fact."""
        return next((part for part in self.attendances if part.carer_id == carer_id), Attendance(carer_id=carer_id))


def fold(facts: Iterable[Fact], approvals: Iterable[Approval] = ()) -> Performed:
    """One truth from the facts of one visit, whatever the order and however often they arrived.

    Raises `Conflict` when two facts of one id say different things.
    """
    known = _by_id(facts)
    in_order = tuple(sorted(known.values(), key=when))
    decided = _decisions(approvals)
    counted = tuple(fact for fact in in_order if not fact.needs_approval or decided.get(fact.id, False))
    replaced = _replaced(counted, known)
    standing = tuple(fact for fact in counted if fact.id not in replaced)
    attendances = _attendances(standing)
    answers = _answers(standing, attendances)
    state = _state(standing, attendances, answers)
    tasks = _tasks(standing)
    found = {*(item for part in attendances for item in part.contradictions)}
    found |= _answers_that_differ(attendances, answers) | _misfits_of_the_whole(standing, attendances, state)
    return Performed(
        facts=in_order,
        standing=standing,
        waiting=tuple(fact for fact in in_order if fact.needs_approval and fact.id not in decided),
        attendances=attendances,
        contradictions=tuple(sorted(found)),
        state=state,
        answer=answers[-1] if answers and state in _NOT_MADE else None,
        moved_to=next((fact.moved_to for fact in reversed(standing) if fact.kind is FactKind.MOVED), None),
        tasks_done=frozenset(code for code, fact in tasks.items() if fact.kind is FactKind.TASK_DONE),
        tasks_declined=frozenset(code for code, fact in tasks.items() if fact.kind is FactKind.TASK_DECLINED),
    )


_NOT_MADE = frozenset({VisitState.NOBODY_HOME, VisitState.DECLINED, VisitState.CANCELLED})
_ENDS_AS = {
    FactKind.NOBODY_HOME: VisitState.NOBODY_HOME,
    FactKind.DECLINED: VisitState.DECLINED,
    FactKind.CANCELLED_LATE: VisitState.CANCELLED,
}


def state_after(state: VisitState, performed: Performed, *, before: Performed | None = None) -> VisitState:
    """The visit's state now that the facts say this: what happened outweighs what was planned.

    Facts that were all taken back leave the visit as planned; one that was cancelled or withdrawn by other means than what
    was said `before` stays so.
    """
    if performed.state is not None:
        return performed.state
    was_said = before is not None and before.state is state
    stays = state in {VisitState.CANCELLED, VisitState.WITHDRAWN} and not was_said
    return state if stays else VisitState.PLANNED


def _by_id(facts: Iterable[Fact]) -> dict[FactId, Fact]:
    known: dict[FactId, Fact] = {}
    for fact in facts:
        before = known.setdefault(fact.id, fact)
        if not fact.says_the_same_as(before):
            raise Conflict(what="fact", id=fact.id)
        if (fact.received_at, fact.needs_approval) < (before.received_at, before.needs_approval):
            known[fact.id] = fact
    return known


def _decisions(approvals: Iterable[Approval]) -> dict[FactId, bool]:
    """Yes or no to each fact: whoever decided first has decided, and of two at once the one who said no."""
    in_order = sorted(approvals, key=lambda one: (one.decided_at, one.is_approved), reverse=True)
    return {one.fact_id: one.is_approved for one in in_order}


def _replaced(counted: Iterable[Fact], known: dict[FactId, Fact]) -> set[FactId]:
    """What counts no more: all that is corrected by something that counts, the corrections in between included."""
    replaced: set[FactId] = set()
    for fact in counted:
        older = fact.corrects
        while older is not None and older not in replaced:
            replaced.add(older)
            older = known[older].corrects if older in known else None
    return replaced


def _attendances(standing: Sequence[Fact]) -> tuple[Attendance, ...]:
    own = [(fact.carer_id, fact) for fact in standing if fact.carer_id is not None]
    own.sort(key=lambda one: one[0])  # stable, so still by time within each
    return tuple(attend(carer_id, [fact for _, fact in group]) for carer_id, group in groupby(own, lambda one: one[0]))


def _answers(standing: Sequence[Fact], attendances: Sequence[Attendance]) -> list[Fact]:
    """Every answer at the door: each carer's, and those said of the whole visit."""
    said = [fact for fact in standing if fact.carer_id is None and fact.kind in AT_THE_DOOR]
    return sorted([*said, *(part.turned_away for part in attendances if part.turned_away)], key=when)


def _tasks(standing: Sequence[Fact]) -> dict[ServiceCode, Fact]:
    """What was said last about each task."""
    return {fact.code: fact for fact in standing if fact.kind in TASKS and fact.code is not None}


def _answers_that_differ(attendances: Sequence[Attendance], answers: Sequence[Fact]) -> set[Contradiction]:
    """Two people who do not say the same about one visit."""
    if any(part.intervals or part.open_since for part in attendances):
        return {Contradiction(misfit=Misfit.TURNED_AWAY_YET_PERFORMED, fact_id=fact.id) for fact in answers}
    return {
        Contradiction(misfit=Misfit.TWO_ANSWERS_AT_THE_DOOR, fact_id=fact.id)
        for fact in answers[:-1]
        if fact.kind is not answers[-1].kind
    }


def _misfits_of_the_whole(
    standing: Sequence[Fact], attendances: Sequence[Attendance], state: VisitState | None
) -> set[Contradiction]:
    """What does not fit with the visit as a whole, whoever said it."""
    came = [start for part in attendances for start in part.starts]
    last = _tasks(standing)
    found: set[tuple[Misfit, FactId]] = set()
    for fact in standing:
        if fact.kind in TASKS and fact.code is not None and last[fact.code].kind is not fact.kind:
            found.add((Misfit.TASK_ANSWERED_TWICE, fact.id))
        elif fact.kind is FactKind.TASK_DONE and state in _NOT_MADE:
            found.add((Misfit.DONE_YET_TURNED_AWAY, fact.id))
        elif fact.kind is FactKind.MOVED and came and max(came) <= fact.happened_at:
            found.add((Misfit.MOVED_YET_PERFORMED, fact.id))
        elif fact.kind in _MADE and not came and state in {None, VisitState.COMPLETED}:
            found.add((Misfit.NEVER_CHECKED_IN, fact.id))
    return {Contradiction(misfit=misfit, fact_id=fact_id) for misfit, fact_id in found}


_MADE = frozenset({FactKind.ELSEWHERE, FactKind.EXTRA_VISIT})
"""What says that help was given, and not for how long."""


def _state(standing: Sequence[Fact], attendances: Sequence[Attendance], answers: Sequence[Fact]) -> VisitState | None:
    if any(part.open_since for part in attendances):
        return VisitState.STARTED
    if any(part.intervals for part in attendances):
        return VisitState.COMPLETED
    if answers:
        return _ENDS_AS[answers[-1].kind]
    if any(part.left_at for part in attendances) or any(fact.kind is FactKind.ELSEWHERE for fact in standing):
        return VisitState.COMPLETED
    return None
