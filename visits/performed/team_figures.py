"""A team's week in key figures, counted from what was performed as the sector counts it (domain reference 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from visits.performed.continuity import PeopleMet
from visits.performed.outcome import UNTOLD, Outcome, Told, WasDue, outcome
from visits.performed.performed_time import staff_minutes
from visits.terms import CitizenId, VisitId

ON_TIME = timedelta(minutes=15)
"""How far from its published start a visit may begin, either way, and be on time."""
NATIONAL_CLIENT_SHARE = 0.58
"""The mean of 172 groups in 15 municipalities: 4 h 38 min of 8 (domain reference 4.2)."""
NATIONAL_PEOPLE_MET = 14.9
"""The national mean of 2021 (Kolada U21401, domain reference 4.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFigures:
    """Counts of one team and week, or the sums of several; the figures are made of them (`figure`).

    `made` and `missed` are visits, `edited` those made of which somebody has touched the record by hand afterwards. `timed` are
    those made whose published start and first check-in are known; `on_time` those of them that began within fifteen minutes of it.
    `client_minutes` is time at citizens', of each carer; `paid_minutes` working time: shifts of those who were not absent, without
    their breaks; `travel_minutes` is travel by the published plan. `people_met` is the sum, over the `met_citizens` whom the
    national indicator counts, of the different carers met in the fourteen days that end with the week. `citizens` is how many had
    a visit due.
    """

    made: int = 0
    missed: int = 0
    edited: int = 0
    timed: int = 0
    on_time: int = 0
    client_minutes: int = 0
    paid_minutes: int = 0
    travel_minutes: int = 0
    people_met: int = 0
    met_citizens: int = 0
    citizens: int = 0


def of_teams(several: Iterable[TeamFigures]) -> TeamFigures:
    """Teams together, in the same weeks."""
    every = list(several)
    return TeamFigures(**{one.name: sum(getattr(each, one.name) for each in every) for one in fields(TeamFigures)})


def over_weeks(several: Iterable[TeamFigures]) -> TeamFigures:
    """Weeks together, of the same teams: their citizens are the same people, so that the fullest week says how many."""
    every = list(several)
    return replace(of_teams(every), citizens=max((one.citizens for one in every), default=0))


class Key(StrEnum):
    """The key figures, each with its unit."""

    CLIENT_TIME = "client_time"
    """Share of paid working time spent with citizens (Kolada U21901)."""
    CONTINUITY = "continuity"
    """Different carers met in fourteen days, on average (Kolada U21401)."""
    ON_TIME = "on_time"
    """Share of visits that began within fifteen minutes of the published start."""
    MISSED = "missed"
    """Visits missed by the provider, per thousand that it made or missed."""
    EDITED = "edited"
    """Share of visits made whose record was touched by hand afterwards."""
    TRAVEL = "travel"
    """Share of paid working time planned for travel."""


def figure(of: TeamFigures, key: Key) -> float | None:
    """The figure, None where there is nothing to divide by. Shares are 0 to 1."""
    over, under = {
        Key.CLIENT_TIME: (of.client_minutes, of.paid_minutes),
        Key.CONTINUITY: (of.people_met, of.met_citizens),
        Key.ON_TIME: (of.on_time, of.timed),
        Key.MISSED: (1000 * of.missed, of.made + of.missed),
        Key.EDITED: (of.edited, of.made),
        Key.TRAVEL: (of.travel_minutes, of.paid_minutes),
    }[key]
    return over / under if under else None


def count(  # noqa: PLR0913 - all that a week is made of, each by its name
    visits: Iterable[WasDue],
    *,
    told: Mapping[VisitId, Told],
    starts: Mapping[VisitId, datetime],
    away: Mapping[CitizenId, frozenset[date]],
    paid_minutes: int,
    travel_minutes: int,
    met: PeopleMet,
    now: datetime,
) -> TeamFigures:
    """The figures of a week that is over, from the team's visits in it; `away` are the days on which citizens were from home."""
    made = missed = edited = timed = on_time = client = 0
    citizens: set[CitizenId] = set()
    for visit in visits:
        said = told.get(visit.id, UNTOLD)
        became = outcome(visit, said, away=visit.on in away.get(visit.citizen_id, frozenset()), now=now)
        if became is not Outcome.GONE:
            citizens.add(visit.citizen_id)
        missed += became is Outcome.MISSED
        if became is not Outcome.MADE:
            continue
        made += 1
        edited += said.edited
        client += staff_minutes(said.intervals)
        start_at = said.moved_to or starts.get(visit.id)
        if start_at is not None and said.intervals:
            timed += 1
            on_time += abs(said.intervals[0].start_at - start_at) <= ON_TIME
    return TeamFigures(
        made=made,
        missed=missed,
        edited=edited,
        timed=timed,
        on_time=on_time,
        client_minutes=client,
        paid_minutes=paid_minutes,
        travel_minutes=travel_minutes,
        people_met=sum(met.of.values()),
        met_citizens=len(met.of),
        citizens=len(citizens),
    )
