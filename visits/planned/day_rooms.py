"""How much work each part of a day has room for, by the roster, and whose working time a visit falls into."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from scheduler import Room
from visits.granted.visit_templates import VisitTemplate
from visits.planned.fortnight import Fortnight
from visits.planned.staffing import StaffedShift
from visits.terms import Period, Skill, instant

PARTS: tuple[tuple[str, int, int], ...] = (
    ("night", 0, 7),
    ("morning", 7, 11),
    ("midday", 11, 14),
    ("afternoon", 14, 17),
    ("evening", 17, 22),
    ("late", 22, 31),
)
"""The parts of a day by the hours between which they lie; the last reaches into the next morning."""
EASY_SHARE, FULL_SHARE = 0.55, 0.75
"""Of working time: up to where client time is no burden (the national mean is 0.58), and where it hardly finds room any more."""
OVER_COST = 5
"""Each minute beyond what hardly finds room, beside 1 for each minute beyond what is easy."""
DELEGATED = "delegated"


def rooms(fortnight: Fortnight, settled: Iterable[tuple[date, VisitTemplate]]) -> Iterator[Room]:
    """What is left of each part of each day in client minutes, after the visits that come on it whatever is chosen."""
    taken: Counter[tuple[date, str]] = Counter()
    for on, template in settled:
        taken.update({(on, name): minutes for name, minutes in parts_of_load(template).items()})
    for on in Period(fortnight.first_on, fortnight.whole_weeks.last_on):
        staffing = fortnight.staffing.get(on, ())
        for part, begins, ends in PARTS:
            for name, who in ((part, staffing), (f"{part}/{DELEGATED}", _delegated(staffing))):
                working = sum(_minutes_within(worked, on, begins, ends) for worked in who)
                easy, full = (max(0, round(working * share) - taken[on, name]) for share in (EASY_SHARE, FULL_SHARE))
                yield Room(on.toordinal(), name, easy, full, OVER_COST)


def parts_of_load(template: VisitTemplate) -> dict[str, int]:
    """The minutes of work that a visit asks for, by part of day and whether they need a delegation."""
    hour = template.wish_earliest.hour + (24 if template.wish_earliest < template.earliest else 0)
    part = next(name for name, begins, ends in PARTS if begins <= hour < ends)
    minutes = template.minutes * template.staff_required
    return {part: minutes} | ({f"{part}/{DELEGATED}": minutes} if Skill.DELEGATION in template.skills else {})


def can_come(worked: StaffedShift, template: VisitTemplate, *, on: date) -> bool:
    """Whether the visit's window on the day falls into the shift, and the carer has the skills."""
    skills = template.skills | ({Skill.LIFT} if template.staff_required > 1 else set())
    if not skills <= worked.skills:
        return False
    earliest_at = instant(on, template.earliest)
    last_on = on if template.latest >= template.earliest else on + timedelta(days=1)
    begins_at = max(earliest_at, worked.shift.start_at)
    last_at = min(instant(last_on, template.latest), worked.shift.end_at - timedelta(minutes=template.minutes))
    return begins_at <= last_at


def _delegated(staffing: Iterable[StaffedShift]) -> list[StaffedShift]:
    return [worked for worked in staffing if Skill.DELEGATION in worked.skills]


def _minutes_within(worked: StaffedShift, on: date, begins: int, ends: int) -> int:
    start_at, end_at = _at_hour(on, begins), _at_hour(on, ends)
    shared = min(end_at, worked.shift.end_at) - max(start_at, worked.shift.start_at)
    return max(0, int(shared.total_seconds() // 60))


def _at_hour(on: date, hour: int) -> datetime:
    return instant(on + timedelta(days=hour // 24), time(hour % 24))
