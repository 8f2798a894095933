from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scheduler.problem import CarerId, JobId


class Unit(StrEnum):
    SECONDS = "seconds"
    JOBS = "jobs"
    CARERS = "carers"
    SKILLS = "skills"
    BREAKS = "breaks"


_PATTERNS: Mapping[str, str] = {
    "JOB_MISSING": "job {job} stands neither in a route nor among the unplaced",
    "JOB_REPEATED": "job {job} stands {times} times",
    "CARER_REPEATED": "carer {carer} has {times} routes",
    "STARTS_TOO_EARLY": "job {job} starts at {start}, {amount} s before its earliest start {bound}",
    "STARTS_TOO_LATE": "job {job} starts at {start}, {amount} s after its latest start {bound}",
    "SKILL_MISSING": "carer {carer} lacks {skills} for job {job}",
    "CARER_FORBIDDEN": "carer {carer} may not do job {job}",
    "STARTS_BEFORE_SHIFT": "carer {carer} would have to leave {amount} s before the shift starts to reach job {job}",
    "ENDS_AFTER_SHIFT": "carer {carer} is back {amount} s after the shift ends, from job {job}",
    "BREAK_COUNT": "carer {carer} takes {taken} breaks of {due}",
    "BREAK_TOO_EARLY": "break {number} of carer {carer} starts {amount} s before it may",
    "BREAK_TOO_LATE": "break {number} of carer {carer} starts {amount} s after it may",
    "BREAK_DURING_WORK": "break {number} of carer {carer} overlaps a job, another break or the shift's end by {amount} s",
    "NO_TIME_FOR_BREAK": "carer {carer} lacks {amount} s for travel and breaks before {before}",
    "NO_TIME_FOR_TRAVEL": "carer {carer} lacks {amount} s between the end of job {after} and the start of job {job}",
    "GAP_TOO_SMALL": "job {job} starts {amount} s too soon after job {other}",
    "GAP_TOO_LARGE": "job {job} starts {amount} s too late after job {other}",
    "SAME_CARER_TWICE": "carer {carer} does both job {job} and job {other}, which want different carers",
    "NOT_THE_SAME_CARER": "job {job} and job {other} want the same carer",
    "PARTNER_MISSING": "job {job} is placed without its partner {other}",
    "PIN_UNPLACED": "pinned job {job} is unplaced",
    "PIN_OTHER_CARER": "pinned job {job} goes to carer {carer} instead of {pinned}",
    "PIN_MOVED": "pinned job {job} starts {amount} s from its pinned start {bound}",
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken hard rule: which rule, by how much in which unit, where, and why (a code with its parameters).

    `str` gives one line of English for developers; sentences for people are made where they are shown, from `code`.
    """

    rule: str
    code: str
    amount: int
    unit: Unit
    job: JobId | None = None
    carer: CarerId | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = {"job": self.job, "carer": self.carer, "amount": self.amount, **self.params}
        return f"{self.rule}: {_PATTERNS[self.code].format(**facts)}"


@dataclass(frozen=True, slots=True)
class Charge:
    """What a soft rule costs at one place: `term` is the field of Cost, `amount` in the problem's unit of cost."""

    term: str
    amount: int
    job: JobId | None = None
    carer: CarerId | None = None
