"""What is open shows no small numbers: of fewer than five, somebody could be told (domain reference 4.3)."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from visits.performed.strip import Amounts, together
from visits.performed.team_figures import Key, TeamFigures
from visits.terms import AbsenceReason, Minutes

FEWEST = 5


def is_small(number: int) -> bool:
    """Whether a number tells of somebody: one to four; that there is nobody at all may be told."""
    return 0 < number < FEWEST


def is_open(of: TeamFigures, key: Key) -> bool:
    """Whether a figure may be shown outside the team: it is about five citizens at least, and about no one to four events.

    What is nearly everybody is a small number too: where all visits but two were on time, it is about those two.
    """
    about, events = {
        Key.CLIENT_TIME: (of.citizens, (0,)),
        Key.CONTINUITY: (of.met_citizens, (0,)),
        Key.ON_TIME: (of.citizens, (of.on_time, of.timed - of.on_time)),
        Key.MISSED: (of.citizens, (of.missed, of.made)),
        Key.EDITED: (of.citizens, (of.edited, of.made - of.edited)),
        Key.TRAVEL: (of.citizens, (0,)),
    }[key]
    return about >= FEWEST and not any(is_small(number) for number in events)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAmounts:
    """Sums over many citizens as they may be shown outside the team.

    What fewer than five citizens have a part in is `hidden` by its name and counted as none, so that it is among what is left over;
    absence stands without its reasons.
    """

    amounts: Amounts
    citizens: int
    hidden: frozenset[str]


def opened(strips: Collection[Amounts]) -> OpenAmounts | None:
    """The sums of these strips; None where they are so few, or so few of them got any help, that sums would tell of somebody."""
    helped = sum(one.performed > 0 for one in strips)
    if len(strips) < FEWEST or is_small(helped):
        return None
    whole = together(strips)
    absent = Minutes(0) if is_small(sum(one.absent_total > 0 for one in strips)) else whole.absent_total
    declined = Minutes(0) if is_small(sum(one.declined > 0 for one in strips)) else whole.declined
    missed = Minutes(0) if is_small(sum(one.missed > 0 for one in strips)) else whole.missed
    ahead = Minutes(0) if is_small(sum(one.ahead > 0 for one in strips)) else whole.ahead
    left = {"absent": absent, "declined": declined, "missed": missed, "ahead": ahead}
    had = {
        "absent": whole.absent_total,
        "declined": whole.declined,
        "missed": whole.missed,
        "ahead": whole.ahead,
    }
    return OpenAmounts(
        amounts=replace(
            whole,
            absent={AbsenceReason.OTHER: absent} if absent else {},
            declined=declined,
            missed=missed,
            ahead=ahead,
            untimed=0,
        ),
        citizens=len(strips),
        hidden=frozenset(name for name, amount in left.items() if amount != had[name]),
    )
