"""The strip as it is shown: one scale, its parts in words, numbers and shapes, and the file that holds the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fastapi import Response
from sqlalchemy.orm import Session

from api.i18n import N_, _
from api.pages import minutes as in_hours
from api.pages import number
from api.strip_files import strips_file
from api.words import word
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.people import Citizen
from visits.performed.strip import ALERT_DAYS, Alert, Amounts, Strip, alert, together
from visits.performed.time_rules import TimeRules
from visits.store import citizens
from visits.store.strips import strips, strips_at_closing
from visits.terms import Minutes, Period

FRAME_PERCENT = 86
"""How much of the strip's width is the granted time: the rest is room for what goes beyond it."""


class Span(StrEnum):
    """As it stands in the address."""

    FOUR_WEEKS = "4-veckor"
    MONTH = "manad"
    LAST_MONTH = "forra-manaden"

    def days(self, today: date) -> Period:
        """Four whole weeks that are over, this month up to today, or the whole month before."""
        first_of_month = today.replace(day=1)
        match self:
            case Span.FOUR_WEEKS:
                return Period(today - timedelta(days=ALERT_DAYS), today - timedelta(days=1))
            case Span.MONTH:
                return Period(first_of_month, today)
            case Span.LAST_MONTH:
                last_on = first_of_month - timedelta(days=1)
                return Period(last_on.replace(day=1), last_on)


class Order(StrEnum):
    """Of a list, as it stands in the address: by name, or those first who got the least of what was granted."""

    NAME = "namn"
    RATE = "andel"


SPANS: dict[Span, str] = {
    Span.FOUR_WEEKS: N_("Fyra veckor"),
    Span.MONTH: N_("Månaden hittills"),
    Span.LAST_MONTH: N_("Förra månaden"),
}


class Kind(StrEnum):
    """The parts of a strip, in the order in which they are drawn. Each has a shape of its own."""

    PERFORMED = "performed"
    DECLINED = "declined"
    ABSENT = "absent"
    MISSED = "missed"
    AHEAD = "ahead"
    UNUSED = "unused"


KINDS: dict[Kind, str] = {
    Kind.PERFORMED: N_("Utfört"),
    Kind.DECLINED: N_("Avböjt"),
    Kind.ABSENT: N_("Frånvaro"),
    Kind.MISSED: N_("Missat av utföraren"),
    Kind.AHEAD: N_("Återstår"),
    Kind.UNUSED: N_("Inte planerat"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`x` and `width` are percent of the whole picture; `note` says more in words."""

    kind: Kind
    name: str
    minutes: Minutes
    x: float
    width: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One strip. `frame` and `planned` are where granted and planned time end, in percent; `sentence` says all of it."""

    amounts: Amounts
    parts: tuple[Part, ...]
    frame: float
    planned: float
    sentence: str
    alert: Alert | None = None

    def part(self, kind: str) -> Part | None:
        return next((part for part in self.parts if part.kind == kind), None)


def picture(found: Amounts, *, alerts: bool = False) -> Picture:
    """The picture of a strip: frames of the same width stand under each other, whatever was granted.

    `alerts` only for four weeks that are over: a rate of less says little.
    """
    amounts = {
        Kind.PERFORMED: found.performed,
        Kind.DECLINED: found.declined,
        Kind.ABSENT: found.absent_total,
        Kind.MISSED: found.missed,
        Kind.AHEAD: found.ahead,
    }
    whole = max(found.granted * 100 / FRAME_PERCENT, sum(amounts.values()), found.planned, 1)
    parts, reached = [], 0
    for kind, amount in amounts.items():
        if amount:
            parts.append(_part(kind, amount, reached, whole, note=_reasons(found) if kind is Kind.ABSENT else ""))
            reached += amount
    if found.unused:
        parts.append(_part(Kind.UNUSED, found.unused, reached, whole))
    return Picture(
        amounts=found,
        parts=tuple(parts),
        frame=_percent(found.granted, whole),
        planned=_percent(found.planned, whole),
        sentence=sentence(found),
        alert=alert(found) if alerts else None,
    )


def _part(kind: Kind, amount: Minutes, before: int, whole: float, *, note: str = "") -> Part:
    x = _percent(before, whole)
    width = round(_percent(before + amount, whole) - x, 2)
    return Part(kind=kind, name=_(KINDS[kind]), minutes=amount, x=x, width=width, note=note)


def _percent(amount: int, whole: float) -> float:
    return round(100 * amount / whole, 2)


def _reasons(found: Amounts) -> str:
    told = {reason: amount for reason, amount in found.absent.items() if amount}
    if len(told) == 1:
        return word(next(iter(told)))
    return ", ".join(f"{word(reason)} {in_hours(amount)}" for reason, amount in told.items())


def sentence(found: Amounts) -> str:
    """All that the picture shows, for whoever does not see it."""
    said = [
        _("Beviljat %(amount)s", amount=in_hours(found.granted)),
        _("planerat %(amount)s", amount=in_hours(found.planned)),
        _("utfört %(amount)s", amount=in_hours(found.performed)),
    ]
    if found.declined:
        said.append(_("avböjt %(amount)s", amount=in_hours(found.declined)))
    if found.absent_total:
        said.append(
            _("frånvaro %(amount)s (%(reasons)s)", amount=in_hours(found.absent_total), reasons=_reasons(found))
        )
    if found.missed:
        said.append(_("missat av utföraren %(amount)s", amount=in_hours(found.missed)))
    if found.ahead:
        said.append(_("återstår %(amount)s", amount=in_hours(found.ahead)))
    return ", ".join(said)


ALERTS: dict[Alert, str] = {
    Alert.TOO_LITTLE: N_("Under 80 procent"),
    Alert.TOO_MUCH: N_("Över 110 procent"),
}


def alert_word(found: Alert) -> str:
    return _(ALERTS[found])


def percent(share: float | None) -> str:
    """``82 %``, or a dash where there is nothing to divide by."""
    return "–" if share is None else _("%(percent)s %%", percent=number(share * 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class StripLine:
    """One citizen's strip in a list. On paper and in files, which leave the house, who is protected has no name.

    `after_closing` is by how many performed minutes a closed month has changed since.
    """

    citizen: Citizen
    strip: Strip
    picture: Picture
    after_closing: int = 0

    @property
    def outward_name(self) -> str:
        return self.citizen.name if self.citizen.protected is None else _("Skyddade personuppgifter")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripList:
    """Many citizens' strips, by name. `closed_at` is when the month was closed, if it is one and was."""

    span: Span
    days: Period
    lines: tuple[StripLine, ...]
    total: Picture
    closed_at: datetime | None = None

    @property
    def alerts(self) -> int:
        return sum(line.picture.alert is not None for line in self.lines)

    @property
    def after_closing(self) -> int:
        """How many citizens' closed month has changed since."""
        return sum(line.after_closing != 0 for line in self.lines)

    def in_order(self, order: Order) -> Sequence[StripLine]:
        """Those without any granted time last, where the least comes first."""

        def key(line: StripLine) -> tuple[bool, float]:
            rate = line.strip.own_rate
            return rate is None, rate or 0.0

        return sorted(self.lines, key=key) if order is Order.RATE else self.lines

    def as_file(self) -> Response:
        rows = [(line.outward_name, line.strip) for line in self.lines]
        return strips_file(f"tid-{self.days.first_on}-{self.days.last_on}", rows)


def strip_list(session: Session, viewer: Viewer, span: Span, *, rules: TimeRules, now: datetime) -> StripList:
    """The strips of everybody whose time the viewer may see today."""
    days = span.days(viewer.today)
    known = {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.BALANCE)}
    found = strips(session, viewer, citizens=known, period=days, rules=rules, now=now)
    closing = None
    if span is Span.LAST_MONTH:
        closing = strips_at_closing(session, viewer, citizens=known, month_on=days.first_on, rules=rules)
    then = {one.citizen_id: one.performed for one in closing[1]} if closing else {}
    lines = tuple(
        StripLine(
            citizen=known[one.citizen_id],
            strip=one,
            picture=picture(one, alerts=span is Span.FOUR_WEEKS),
            after_closing=one.performed - then.get(one.citizen_id, one.performed),
        )
        for one in found
    )
    return StripList(
        span=span,
        days=days,
        lines=lines,
        total=picture(together(found)),
        closed_at=closing[0] if closing else None,
    )
