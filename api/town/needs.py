"""Needs: how many citizens need how much help, from the shares of the domain reference, section 10."""

from dataclasses import dataclass
from enum import StrEnum

from api.town.chance import Chance


class NeedGroup(StrEnum):
    SERVICE = "service"
    LIGHT = "light"
    MODERATE = "moderate"
    HIGH = "high"
    VERY_HIGH = "very_high"
    EXTREME = "extreme"
    SUPPORT = "support"
    """Housing support (boendestöd), which is granted by the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One row of the reference's table. Hours are granted hours a month: least, mean, most."""

    share_of_elders: float
    share_of_younger: float
    hours: tuple[float, float, float]
    double_staffed: float
    """The share of citizens in the group who need two carers for some of their visits."""
    delegated: float
    """The share of citizens with a health task that a nurse has handed over (35 to 45 % of all)."""


GRADES: dict[NeedGroup, Grade] = {
    NeedGroup.SERVICE: Grade(
        share_of_elders=0.30, share_of_younger=0.33, hours=(1, 5, 9), double_staffed=0, delegated=0
    ),
    NeedGroup.LIGHT: Grade(
        share_of_elders=0.24, share_of_younger=0.28, hours=(10, 17, 25), double_staffed=0, delegated=0.4
    ),
    NeedGroup.MODERATE: Grade(
        share_of_elders=0.22, share_of_younger=0.23, hours=(26, 37, 49), double_staffed=0.02, delegated=0.6
    ),
    NeedGroup.HIGH: Grade(
        share_of_elders=0.12, share_of_younger=0.07, hours=(50, 64, 79), double_staffed=0.08, delegated=0.7
    ),
    NeedGroup.VERY_HIGH: Grade(
        share_of_elders=0.08, share_of_younger=0.05, hours=(80, 98, 119), double_staffed=0.25, delegated=0.75
    ),
    NeedGroup.EXTREME: Grade(
        share_of_elders=0.04, share_of_younger=0.04, hours=(120, 145, 180), double_staffed=0.5, delegated=0.8
    ),
}
SUPPORT_HOURS_A_WEEK = (2.0, 3.8, 6.0)
WEEKS_A_MONTH = 30.4 / 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one citizen needs. `hours` are granted hours a month, for housing support a week."""

    group: NeedGroup
    elder: bool
    hours: float
    double_staffed: bool = False
    delegated: bool = False

    @property
    def planned_minutes_a_day(self) -> float:
        """What the care plan should come to, in the mean: 0.95 of what is granted (reference, 10)."""
        return self.hours * 60 * PLANNED_OF_GRANTED / 30.4


PLANNED_OF_GRANTED = 0.95


def needs(chance: Chance, *, elders: int, younger: int, supported: int) -> list[Need]:
    """The needs of a town, elders first."""
    found = []
    for elder, count in ((True, elders), (False, younger)):
        shares = {group: grade.share_of_elders if elder else grade.share_of_younger for group, grade in GRADES.items()}
        found += [_need(chance, group, elder=elder) for group in chance.quota(shares, count)]
    low, mean, high = SUPPORT_HOURS_A_WEEK
    support = [
        Need(group=NeedGroup.SUPPORT, elder=False, hours=chance.around(low, mean, high)) for _ in range(supported)
    ]
    return _with_quota_of_double_staffing(chance, found) + support


def _need(chance: Chance, group: NeedGroup, *, elder: bool) -> Need:
    grade = GRADES[group]
    low, mean, high = grade.hours
    hours = chance.around(low, mean, high)
    return Need(group=group, elder=elder, hours=hours, delegated=chance.happens(grade.delegated))


def _with_quota_of_double_staffing(chance: Chance, found: list[Need]) -> list[Need]:
    """Double staffing is rare and heavy: a group's share is met exactly, never by chance."""
    marked = list(found)
    for group, grade in GRADES.items():
        places = [place for place, need in enumerate(found) if need.group is group]
        for place in chance.shuffled(places)[: round(len(places) * grade.double_staffed)]:
            need = found[place]
            marked[place] = Need(
                group=group, elder=need.elder, hours=need.hours, double_staffed=True, delegated=need.delegated
            )
    return marked
