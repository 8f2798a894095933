"""The strip: what became of a citizen's time. Granted, planned and performed in one scale, with all that came between.

Each visit that the plan asked for has exactly one outcome (`outcome`), so no minute is counted under two of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from visits.granted.decisions import Decision
from visits.granted.orders import ServiceOrder
from visits.performed.attendance import Interval
from visits.performed.outcome import NOT_PLANNED, UNTOLD, Outcome, Told, WasDue, is_over, outcome
from visits.performed.performed_time import counted, received_minutes, whole_minutes
from visits.performed.time_rules import TimeRules
from visits.planned.register import CitizenAbsence
from visits.terms import AbsenceReason, CitizenId, Minutes, Period, VisitId

ALERT_DAYS = 28
"""Over how many days a rate is worth an alert (domain reference 2.4)."""
LOWEST_PERCENT, HIGHEST_PERCENT = 80, 110
_NONE = Minutes(0)
_RULES = TimeRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Whole minutes of one citizen, or of several together. Double staffing is counted once.

    `granted` is what the decisions grant for the period. `planned` are the visits with a place in the published plan that nobody
    has cancelled. `performed` is what was received: the union of the time that anybody was there.

    Of what was due and not made, in planned minutes: `absent`, because the citizen was away, by reason (a closed door without a
    noted absence is `OTHER`); `declined` by the citizen, also what a visit was shorter than planned when a task at it was declined;
    `missed` by the provider; `ahead`, still to come. `untimed` counts visits that were made, though nobody knows how long they
    took (no check-out): they give no performed minutes until they are corrected.
    """

    granted: Minutes = _NONE
    planned: Minutes = _NONE
    performed: Minutes = _NONE
    absent: Mapping[AbsenceReason, Minutes] = field(default_factory=dict)
    declined: Minutes = _NONE
    missed: Minutes = _NONE
    ahead: Minutes = _NONE
    untimed: int = 0

    @property
    def absent_total(self) -> Minutes:
        return Minutes(sum(self.absent.values()))

    @property
    def raw_rate(self) -> float | None:
        """Performed of granted; None where nothing is granted."""
        return self.performed / self.granted if self.granted else None

    @property
    def own_rate(self) -> float | None:
        """Performed of what was granted with the citizen's own absences taken out; None where nothing is left of it.

        What the citizen declined is not taken out: help that is often declined is a sign that the decision fits badly.
        """
        left = self.granted - self.absent_total
        return self.performed / left if left > 0 else None

    @property
    def unused(self) -> Minutes:
        """What was granted and is neither performed, absent, declined, missed nor still to come: nobody planned it."""
        known = self.performed + self.absent_total + self.declined + self.missed + self.ahead
        return Minutes(max(0, self.granted - known))

    @property
    def beyond(self) -> Minutes:
        """What was performed beyond the granted time."""
        return Minutes(max(0, self.performed - self.granted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip(Amounts):
    """One citizen in a closed period, both days included."""

    citizen_id: CitizenId
    period: Period


class Alert(StrEnum):
    """What a case officer should look at (domain reference 2.4)."""

    TOO_LITTLE = "too_little"
    TOO_MUCH = "too_much"


def alert(found: Amounts) -> Alert | None:
    """Whether four weeks of a citizen ask for a look: ask it of a strip over `ALERT_DAYS` days that are over.

    Too little is under 80 % of what was granted with the citizen's own absences taken out, so that a stay in hospital is no alert;
    too much is over 110 % of all that was granted, and any help at all where nothing is granted.
    """
    if 100 * found.performed > HIGHEST_PERCENT * found.granted:
        return Alert.TOO_MUCH
    if 100 * found.performed < LOWEST_PERCENT * (found.granted - found.absent_total):
        return Alert.TOO_LITTLE
    return None


def strip(  # noqa: PLR0913 - all that there is to know about the period, each by its name
    citizen_id: CitizenId,
    period: Period,
    *,
    granted: Fraction,
    visits: Iterable[WasDue],
    unplaced: Iterable[WasDue] = (),
    told: Mapping[VisitId, Told],
    absences: Iterable[CitizenAbsence] = (),
    rules: TimeRules = _RULES,
    now: datetime,
) -> Strip:
    """Put one citizen's period together.

    `granted` is exact (see `granted_minutes`). `visits` are the published ones; `unplaced` are those that the care plan asks for
    and that never had a place, because the citizen was away or because nobody could come. Other citizens' and other days'
    visits are left out. `rules` say how much of a visit counts at most.
    """
    so_far = _SoFar(told, tuple(one for one in absences if one.citizen_id == citizen_id), rules, now)
    for visit in visits:
        if visit.citizen_id == citizen_id and visit.on in period:
            so_far.add(visit, placed=True)
    for visit in unplaced:
        if visit.citizen_id == citizen_id and visit.on in period and visit.id not in so_far.known:
            so_far.add(visit, placed=False)
    return Strip(
        citizen_id=citizen_id,
        period=period,
        granted=whole_minutes(granted),
        performed=received_minutes(so_far.intervals),
        planned=so_far.planned,
        absent=so_far.absent,
        declined=so_far.declined,
        missed=so_far.missed,
        ahead=so_far.ahead,
        untimed=so_far.untimed,
    )


class _SoFar:
    """The visits of one citizen, while they are added up."""

    def __init__(
        self,
        told: Mapping[VisitId, Told],
        absences: tuple[CitizenAbsence, ...],
        rules: TimeRules,
        now: datetime,
    ) -> None:
        self._told, self._absences, self._rules, self._now = told, absences, rules, now
        self.intervals: list[Interval] = []
        self.known: set[VisitId] = set()
        self.planned = self.declined = self.missed = self.ahead = _NONE
        self.absent: dict[AbsenceReason, Minutes] = {}
        self.untimed = 0

    def add(self, visit: WasDue, *, placed: bool) -> None:
        self.known.add(visit.id)
        told = self._told.get(visit.id, UNTOLD)
        reason = next((one.reason for one in self._absences if visit.on in one.period), None)
        if placed and visit.template_id is not None and told.state_of(visit) not in NOT_PLANNED:
            self.planned = Minutes(self.planned + visit.minutes)
        match outcome(visit, told, away=reason is not None, now=self._now):
            case Outcome.MADE:
                self._made(visit, told)
            case Outcome.ABSENT:
                why = reason or AbsenceReason.OTHER
                self.absent[why] = Minutes(self.absent.get(why, 0) + visit.minutes)
            case Outcome.DECLINED:
                self.declined = Minutes(self.declined + visit.minutes)
            case Outcome.MISSED:
                self.missed = Minutes(self.missed + visit.minutes)
            case Outcome.AHEAD:
                self.ahead = Minutes(self.ahead + visit.minutes)
            case Outcome.GONE:
                pass

    def _made(self, visit: WasDue, told: Told) -> None:
        planned = 0 if visit.template_id is None else visit.minutes
        received = counted(told.intervals, planned_minutes=planned, rules=self._rules)
        self.intervals += received
        if told.is_open or not received:
            self.untimed += is_over(visit, told, now=self._now)
        elif told.task_declined:
            self.declined = Minutes(self.declined + max(0, planned - received_minutes(received)))


def granted_minutes(
    decisions: Iterable[Decision], period: Period, *, orders: Iterable[ServiceOrder] | None = None
) -> dict[CitizenId, Fraction]:
    """What is granted in a closed period, exactly and by citizen: all of it, or so much as these `orders` hand over."""
    found: dict[CitizenId, Fraction] = {}
    known = {decision.id: decision for decision in decisions}
    shares = (
        [(decision, period) for decision in known.values()]
        if orders is None
        else [(known.get(order.decision_id), order.valid.within(period)) for order in orders]
    )
    for decision, days in shares:
        if decision is not None and days is not None:
            before = found.get(decision.citizen_id, Fraction(0))
            found[decision.citizen_id] = before + decision.granted_minutes(days)
    return found


def together(strips: Iterable[Amounts]) -> Amounts:
    """The sums of several strips."""
    every = list(strips)
    reasons = [reason for reason in AbsenceReason if any(one.absent.get(reason) for one in every)]
    return Amounts(
        granted=Minutes(sum(one.granted for one in every)),
        planned=Minutes(sum(one.planned for one in every)),
        performed=Minutes(sum(one.performed for one in every)),
        absent={reason: Minutes(sum(one.absent.get(reason, 0) for one in every)) for reason in reasons},
        declined=Minutes(sum(one.declined for one in every)),
        missed=Minutes(sum(one.missed for one in every)),
        ahead=Minutes(sum(one.ahead for one in every)),
        untimed=sum(one.untimed for one in every),
    )
