"""Working time: what rosters must keep, and what they had better keep (domain reference 8; docs/decisions/0013).

Everything is counted in real hours between instants, so that a night on which the clock changes is as long as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from visits.planned.staffing import Shift
from visits.terms import CarerId

LONGEST_STRETCH = timedelta(hours=5)
"""Nobody works longer in a row without a break (arbetstidslagen 15 §)."""
LONGEST_SHIFT = timedelta(hours=13)
"""HÖK/AB since October 2023; with eleven hours of rest it fills a day."""
DAILY_REST = timedelta(hours=11)
"""In a row within each 24 hours (arbetstidslagen 13 §)."""
WEEKLY_REST = timedelta(hours=36)
"""In a row within each seven days (arbetstidslagen 14 §)."""
REST_APART = DAILY_REST + WEEKLY_REST
"""What the weekly rest comes to where it does not overlap the daily one."""
SHORT_REST = timedelta(hours=12)
MOST_DAYS_IN_A_ROW = 5
_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)


class RosterRule(StrEnum):
    """The rules, those that bind first."""

    ONE_SHIFT_AT_A_TIME = "one_shift_at_a_time"
    SHIFT_LENGTH = "shift_length"
    BREAK = "break"
    DAILY_REST = "daily_rest"
    WEEKLY_REST = "weekly_rest"
    DELEGATION = "delegation"
    OUTSIDE_SHIFT = "outside_shift"
    SPLIT_SHIFT = "split_shift"
    BACK_TO_BACK = "back_to_back"
    REST_OVERLAPS = "rest_overlaps"
    DAYS_IN_A_ROW = "days_in_a_row"

    @property
    def binds(self) -> bool:
        """Whether a roster that breaks it is refused; the others warn."""
        return self not in _WARNINGS


_WARNINGS = frozenset(
    {RosterRule.SPLIT_SHIFT, RosterRule.BACK_TO_BACK, RosterRule.REST_OVERLAPS, RosterRule.DAYS_IN_A_ROW}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterBreach:
    """One rule that a carer's shifts break, and at which shift it shows.

    `found` is what there is and `limit` what there should be: how long, or for days in a row so many days.
    """

    rule: RosterRule
    carer_id: CarerId
    shift: Shift
    found: timedelta
    limit: timedelta

    @property
    def on(self) -> date:
        return self.shift.on


def breaches(shifts: Iterable[Shift]) -> list[RosterBreach]:
    """Every rule that these shifts break, by carer and time. Before the first shift known everybody counts as rested."""
    found: list[RosterBreach] = []
    ordered = sorted(shifts, key=lambda shift: (shift.carer_id, shift.start_at, shift.end_at, shift.id))
    for _, group in groupby(ordered, key=lambda shift: shift.carer_id):
        own = list(group)
        for shift in own:
            found += _in_itself(shift)
        found += _overlaps(own)
        found += _daily(own)
        found += _weekly(own)
        found += _days_in_a_row(own)
    return sorted(
        found, key=lambda one: (one.carer_id, one.shift.start_at, list(RosterRule).index(one.rule), one.shift.id)
    )


def longest_stretch(shift: Shift) -> timedelta:
    """The longest time of work in a row, wherever within its window each break begins."""
    longest, works_from = timedelta(0), shift.start_at
    for rule in sorted(shift.breaks, key=lambda rule: rule.earliest_at):
        longest = max(longest, rule.latest_at - works_from)
        works_from = rule.earliest_at + timedelta(minutes=rule.minutes)
    return max(longest, shift.end_at - works_from)


def _in_itself(shift: Shift) -> Iterable[RosterBreach]:
    length, stretch = shift.end_at - shift.start_at, longest_stretch(shift)
    if length > LONGEST_SHIFT:
        yield _breach(RosterRule.SHIFT_LENGTH, shift, found=length, limit=LONGEST_SHIFT)
    if stretch > LONGEST_STRETCH:
        yield _breach(RosterRule.BREAK, shift, found=stretch, limit=LONGEST_STRETCH)


def _overlaps(own: Sequence[Shift]) -> Iterable[RosterBreach]:
    busy_until = own[0].end_at
    for shift in own[1:]:
        if shift.start_at < busy_until:
            shared = min(busy_until, shift.end_at) - shift.start_at
            yield _breach(RosterRule.ONE_SHIFT_AT_A_TIME, shift, found=shared, limit=timedelta(0))
        busy_until = max(busy_until, shift.end_at)


def _daily(own: Sequence[Shift]) -> Iterable[RosterBreach]:
    """Whoever goes to work after a daily rest has eleven hours of rest in a row within the 24 hours from then.

    So shifts with less than that between them are one spell of work, which ends within thirteen hours of its beginning. Within
    it they are a split shift; a rest of less than twelve hours between two spells is back to back.
    """
    begun_at = own[0].start_at
    for earlier, later in pairwise(own):
        rest = later.start_at - earlier.end_at
        if rest < timedelta(0):
            continue
        if rest >= DAILY_REST:
            begun_at = later.start_at
            if rest < SHORT_REST:
                yield _breach(RosterRule.BACK_TO_BACK, later, found=rest, limit=SHORT_REST)
        elif later.end_at - begun_at > _DAY - DAILY_REST:
            longest = _longest_rest(own, from_at=begun_at, to_at=begun_at + _DAY)
            yield _breach(RosterRule.DAILY_REST, later, found=longest, limit=DAILY_REST)
            begun_at = later.start_at
        elif rest > timedelta(0):
            yield _breach(RosterRule.SPLIT_SHIFT, later, found=rest, limit=DAILY_REST)


def _weekly(own: Sequence[Shift]) -> Iterable[RosterBreach]:
    """In the seven days up to the end of each shift there is a weekly rest; better one that does not count the daily rest too.

    Told once, at the first shift at which it shows, until there has been such a rest again.
    """
    told: RosterRule | None = None
    for shift in own:
        from_at = shift.end_at - _WEEK
        rest = _longest_rest(own, from_at=from_at, to_at=shift.end_at)
        apart = _longest_rest(own, from_at=from_at, to_at=shift.end_at, after=DAILY_REST)
        broken = None
        if rest < WEEKLY_REST:
            broken = _breach(RosterRule.WEEKLY_REST, shift, found=rest, limit=WEEKLY_REST)
        elif apart < WEEKLY_REST:
            broken = _breach(RosterRule.REST_OVERLAPS, shift, found=rest, limit=REST_APART)
        if broken is not None and broken.rule is not told:
            yield broken
        told = broken.rule if broken else None


def _longest_rest(
    own: Sequence[Shift], *, from_at: datetime, to_at: datetime, after: timedelta = timedelta(0)
) -> timedelta:
    """The longest time without work between two instants, beginning so long `after` the work before it."""
    longest, free_from = timedelta(0), from_at
    for shift in own:
        if shift.start_at >= to_at:
            break
        longest = max(longest, shift.start_at - free_from)
        free_from = max(free_from, shift.end_at + after)
    return max(longest, to_at - free_from)


def _days_in_a_row(own: Sequence[Shift]) -> Iterable[RosterBreach]:
    """Told once for each row, at the first day that is too many."""
    limit, row = timedelta(days=MOST_DAYS_IN_A_ROW), 1
    for earlier, later in pairwise(own):
        row = row + (later.on - earlier.on).days if (later.on - earlier.on).days <= 1 else 1
        if row == MOST_DAYS_IN_A_ROW + 1 and later.on != earlier.on:
            yield _breach(RosterRule.DAYS_IN_A_ROW, later, found=timedelta(days=row), limit=limit)


def _breach(rule: RosterRule, shift: Shift, *, found: timedelta, limit: timedelta) -> RosterBreach:
    return RosterBreach(rule=rule, carer_id=shift.carer_id, shift=shift, found=found, limit=limit)
