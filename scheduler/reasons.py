"""Why a job is unplaced: what keeps each carer from it, and the codes of the care-day format under which carers are counted.

`str` says each in plain English; sentences for people are made where they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from scheduler.problem import CarerId, JobId


class ReasonCode(StrEnum):
    """Why a job is unplaced: the closed list."""

    NO_SKILLED_CARER_ON_SHIFT = "NO_SKILLED_CARER_ON_SHIFT"
    NO_GAP_IN_WINDOW = "NO_GAP_IN_WINDOW"
    FORBIDDEN_FOR_ALL = "FORBIDDEN_FOR_ALL"
    PARTNER_CANNOT_BE_PLACED = "PARTNER_CANNOT_BE_PLACED"
    CHEAPER_TO_LEAVE = "CHEAPER_TO_LEAVE"
    NO_REASON_FOUND = "NO_REASON_FOUND"


@dataclass(frozen=True, slots=True)
class MissingSkills:
    """Gone, once the carer has them."""

    skills: tuple[str, ...]
    code: ClassVar = ReasonCode.NO_SKILLED_CARER_ON_SHIFT

    def __str__(self) -> str:
        return f"lacks {', '.join(self.skills)}"


@dataclass(frozen=True, slots=True)
class ShiftTooShort:
    """Gone, once the shift begins `earlier` seconds sooner and ends `later` seconds later, one of which may be 0."""

    earlier: int
    later: int
    code: ClassVar = ReasonCode.NO_SKILLED_CARER_ON_SHIFT

    def __str__(self) -> str:
        late, early = f"begins {_minutes(self.earlier)} too late", f"ends {_minutes(self.later)} too early"
        return f"shift {' and '.join(said for said, seconds in ((late, self.earlier), (early, self.later)) if seconds)}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Gone, once the carer is no longer among the forbidden ones."""

    code: ClassVar = ReasonCode.FORBIDDEN_FOR_ALL

    def __str__(self) -> str:
        return "forbidden to go there"


@dataclass(frozen=True, slots=True)
class PinInTheWay:
    """Gone, once the job is no longer pinned to another carer, or to a time at which it may not start."""

    code: ClassVar = ReasonCode.NO_GAP_IN_WINDOW

    def __str__(self) -> str:
        return "not as the job is pinned"


@dataclass(frozen=True, slots=True)
class BreaksInTheWay:
    """Gone, once the carer has no longer these breaks, counted from 1 in their order."""

    breaks: tuple[int, ...]
    code: ClassVar = ReasonCode.NO_GAP_IN_WINDOW

    def __str__(self) -> str:
        return f"break {', '.join(map(str, self.breaks))} in the way"


@dataclass(frozen=True, slots=True)
class JobsInTheWay:
    """Gone, once these jobs leave the plan, with all that go with them or not at all.

    They stand in the carer's own route, or elsewhere and are linked to the job.
    """

    jobs: tuple[JobId, ...]
    code: ClassVar = ReasonCode.NO_GAP_IN_WINDOW

    def __str__(self) -> str:
        return f"{', '.join(self.jobs)} in the way"


@dataclass(frozen=True, slots=True)
class PartnersUnplaced:
    """Gone, once the job may be done without these, for which there is no place beside it."""

    jobs: tuple[JobId, ...]
    code: ClassVar = ReasonCode.PARTNER_CANNOT_BE_PLACED

    def __str__(self) -> str:
        return f"no place for {', '.join(self.jobs)} beside it"


@dataclass(frozen=True, slots=True)
class TooDear:
    """Gone, once leaving the job costs more than `extra_cost` on top."""

    extra_cost: int
    code: ClassVar = ReasonCode.CHEAPER_TO_LEAVE

    def __str__(self) -> str:
        return f"costs {self.extra_cost} more than leaving it"


Obstacle = (
    MissingSkills | ShiftTooShort | Forbidden | PinInTheWay | BreaksInTheWay | JobsInTheWay | PartnersUnplaced | TooDear
)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What keeps one carer from a job: with all of it gone the job fits, with any of it left it does not.

    No obstacle at all: the job would fit as things are, and pay.
    """

    carer: CarerId
    obstacles: tuple[Obstacle, ...]

    @property
    def code(self) -> ReasonCode:
        return self.obstacles[0].code if self.obstacles else ReasonCode.NO_REASON_FOUND

    def __str__(self) -> str:
        return " and ".join(map(str, self.obstacles)) or "could come"


_LEADS: Mapping[ReasonCode, str] = {
    ReasonCode.NO_SKILLED_CARER_ON_SHIFT: "nobody skilled on shift",
    ReasonCode.NO_GAP_IN_WINDOW: "no gap in the window",
    ReasonCode.FORBIDDEN_FOR_ALL: "not to go there",
    ReasonCode.PARTNER_CANNOT_BE_PLACED: "no place for what goes with it",
    ReasonCode.CHEAPER_TO_LEAVE: "cheaper to leave",
    ReasonCode.NO_REASON_FOUND: "no reason found",
}


_TOLD, _NAMED = 4, 5  # obstacles in one sentence, and carers by name for each


@dataclass(frozen=True, slots=True)
class Reason:
    """`share` (0 to 1) of all carers whom this reason excludes; `carers` says what excludes each (none in what a file tells)."""

    code: ReasonCode
    share: float
    carers: tuple[WhyNot, ...] = field(default=(), compare=False)

    @property
    def missing_skills(self) -> tuple[str, ...]:
        """The skills that one or another of them lacks, in order."""
        lacking = (x.skills for why in self.carers for x in why.obstacles if isinstance(x, MissingSkills))
        return tuple(sorted({skill for skills in lacking for skill in skills}))

    def __str__(self) -> str:
        """What holds for most carers first, and of what holds for single ones a few."""
        said: dict[str, list[CarerId]] = {}
        for why in self.carers:
            said.setdefault(str(why), []).append(why.carer)
        groups = sorted(said.items(), key=lambda group: -len(group[1]))
        told = [f"{_some(carers)}: {what}" for what, carers in groups[:_TOLD]]
        rest = sum(len(carers) for _, carers in groups[_TOLD:])
        told += [f"{rest} others for like reasons"] if rest else []
        return f"{_LEADS[self.code]} ({'; '.join(told)})" if told else _LEADS[self.code]


def _minutes(seconds: int) -> str:
    """Whole minutes, the begun one counted."""
    return f"{-(-seconds // 60)} min"


def _some(carers: list[CarerId]) -> str:
    rest = len(carers) - _NAMED
    return ", ".join(carers) if rest < 2 else f"{', '.join(carers[:_NAMED])} and {rest} others"
