"""Strips as files that a spreadsheet opens: citizen by citizen, and as sums of teams."""

from collections.abc import Iterable

from fastapi import Response

from api.i18n import _
from api.spreadsheet import Cell, spreadsheet
from api.words import word
from visits.performed.strip import Strip
from visits.performed.suppression import OpenAmounts
from visits.terms import AbsenceReason, Period


def strips_file(name: str, rows: Iterable[tuple[str, Strip]]) -> Response:
    """The strips as a spreadsheet, a row for each citizen under the name given, in minutes and percent."""
    heading = [
        _("Namn"),
        _("Från och med"),
        _("Till och med"),
        _("Beviljade minuter"),
        _("Planerade minuter"),
        _("Utförda minuter"),
        *(_("Frånvaro i minuter: %(reason)s", reason=word(reason)) for reason in AbsenceReason),
        _("Avböjda minuter"),
        _("Minuter missade av utföraren"),
        _("Återstående minuter"),
        _("Inte planerade minuter"),
        _("Besök utan utcheckning"),
        _("Utfört av beviljat, procent"),
        _("Utfört utan egen frånvaro, procent"),
    ]
    return spreadsheet(name, heading=heading, rows=[_row(who, found) for who, found in rows])


def sums_file(days: Period, rows: Iterable[tuple[str, OpenAmounts | None]]) -> Response:
    """Teams' sums as a spreadsheet, in minutes and percent; a cell that would tell of fewer than five is empty, and counted
    among the others.
    """
    heading = [
        _("Grupp"),
        _("Från och med"),
        _("Till och med"),
        _("Beviljade minuter"),
        _("Planerade minuter"),
        _("Utförda minuter"),
        _("Frånvaro i minuter"),
        _("Avböjda minuter"),
        _("Minuter missade av utföraren"),
        _("Återstående minuter"),
        _("Inte planerade och övriga minuter"),
        _("Utfört av beviljat, procent"),
        _("Utfört utan egen frånvaro, procent"),
    ]
    first_on, last_on = days.first_on.isoformat(), "" if days.last_on is None else days.last_on.isoformat()
    told = [[name, first_on, last_on, *_sum_cells(found)] for name, found in rows]
    return spreadsheet(f"tid-{days.first_on}-{days.last_on}", heading=heading, rows=told)


def _sum_cells(found: OpenAmounts | None) -> list[Cell]:
    if found is None:
        return [None] * 10
    sums = found.amounts
    may_hide = {"absent": sums.absent_total, "declined": sums.declined, "missed": sums.missed, "ahead": sums.ahead}
    own_rate = None if "absent" in found.hidden else sums.own_rate
    return [
        sums.granted,
        sums.planned,
        sums.performed,
        *(None if name in found.hidden else amount for name, amount in may_hide.items()),
        sums.unused,
        None if sums.raw_rate is None else 100 * sums.raw_rate,
        None if own_rate is None else 100 * own_rate,
    ]


def _row(who: str, found: Strip) -> list[Cell]:
    last_on = found.period.last_on
    return [
        who,
        found.period.first_on.isoformat(),
        "" if last_on is None else last_on.isoformat(),
        found.granted,
        found.planned,
        found.performed,
        *(found.absent.get(reason, 0) for reason in AbsenceReason),
        found.declined,
        found.missed,
        found.ahead,
        found.unused,
        found.untimed,
        None if found.raw_rate is None else 100 * found.raw_rate,
        None if found.own_rate is None else 100 * found.own_rate,
    ]
