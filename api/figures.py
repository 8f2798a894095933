"""Key figures as they are shown: each with its last weeks as a line, the national mean beside it, and all of it in a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import Response

from api.i18n import N_, _
from api.pages import day, number
from api.spreadsheet import Cell, spreadsheet
from visits.performed.suppression import is_open
from visits.performed.team_figures import (
    NATIONAL_CLIENT_SHARE,
    NATIONAL_PEOPLE_MET,
    Key,
    TeamFigures,
    figure,
    over_weeks,
)

WEEKS_TOGETHER = 4
WIDTH, HEIGHT = 320, 132
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 10, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a figure is called, what it says, and with what it may be compared."""

    name: str
    meaning: str
    is_share: bool = True
    reference: float | None = None
    reference_name: str = ""


KEYS: dict[Key, Told] = {
    Key.CLIENT_TIME: Told(
        name=N_("Tid hos brukarna"),
        meaning=N_("av den betalda arbetstiden, utan raster"),
        reference=NATIONAL_CLIENT_SHARE,
        reference_name=N_("riket 58 %%"),
    ),
    Key.CONTINUITY: Told(
        name=N_("Olika personal på 14 dagar"),
        meaning=N_("i snitt för den som är över 65 och har besök minst två gånger om dagen"),
        is_share=False,
        reference=NATIONAL_PEOPLE_MET,
        reference_name=N_("riket 14,9"),
    ),
    Key.ON_TIME: Told(name=N_("I tid"), meaning=N_("besök som började inom 15 minuter från utsatt tid")),
    Key.MISSED: Told(name=N_("Missade besök"), meaning=N_("av tusen som utföraren skulle göra"), is_share=False),
    Key.EDITED: Told(name=N_("Rättat för hand"), meaning=N_("besök där någon har ändrat tiderna efteråt")),
    Key.TRAVEL: Told(name=N_("Restid"), meaning=N_("av den betalda arbetstiden, enligt planen")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A Monday, and the figures of its week."""

    monday_on: date
    figures: TeamFigures

    @property
    def name(self) -> str:
        return _("v. %(week)s", week=self.monday_on.isocalendar().week)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A week in the picture; `text` is its value in words."""

    week: str
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One figure over the weeks. `lines` are runs of weeks without a gap; `ticks` are (y, text)."""

    key: Key
    name: str
    meaning: str
    now: str
    before: str
    lines: tuple[tuple[Point, ...], ...]
    ticks: tuple[tuple[float, str], ...]
    weeks: tuple[tuple[float, str], ...]
    reference_y: float | None
    reference_name: str
    sentence: str


def value(of: TeamFigures, key: Key, *, is_public: bool) -> float | None:
    """The figure; None where there is none, or where it may not be shown outside the team."""
    return None if is_public and not is_open(of, key) else figure(of, key)


def words(of: TeamFigures, key: Key, *, is_public: bool) -> str:
    """The figure in words: a dash where there is none, and why where it is not shown."""
    if is_public and not is_open(of, key):
        return _("för få")
    return _text(key, figure(of, key))


def _text(key: Key, amount: float | None) -> str:
    if amount is None:
        return "–"
    return _("%(percent)s %%", percent=number(100 * amount)) if KEYS[key].is_share else number(amount, 1)


def trend(weeks: Sequence[Week], key: Key, *, is_public: bool) -> Trend:
    """The figure's line over these weeks, oldest first."""
    told = KEYS[key]
    values = [value(week.figures, key, is_public=is_public) for week in weeks]
    top = _top(key, [*values, told.reference])
    latest, earlier = (
        over_weeks([week.figures for week in part])
        for part in (weeks[-WEEKS_TOGETHER:], weeks[-2 * WEEKS_TOGETHER : -WEEKS_TOGETHER])
    )
    return Trend(
        key=key,
        name=_(told.name),
        meaning=_(told.meaning),
        now=words(latest, key, is_public=is_public),
        before=words(earlier, key, is_public=is_public),
        lines=tuple(_runs(weeks, values, key, top)),
        ticks=tuple((_y(part * top, top), _text(key, part * top)) for part in (0.0, 0.5, 1.0)),
        weeks=tuple((_x(at, len(weeks)), weeks[at].name) for at in sorted({0, len(weeks) // 2, len(weeks) - 1})),
        reference_y=None if told.reference is None else _y(told.reference, top),
        reference_name=_(told.reference_name) if told.reference_name else "",
        sentence=_sentence(weeks, values, key),
    )


def _top(key: Key, values: Sequence[float | None]) -> float:
    """A round number above them all: the axis always begins at nothing, so that a small change looks small."""
    most = max((one for one in values if one is not None), default=0.0)
    steps = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if KEYS[key].is_share else (2, 5, 10, 20, 40, 100, 200, 500, 1000)
    return next((float(step) for step in steps if most <= step), max(most, 1.0))


def _runs(weeks: Sequence[Week], values: Sequence[float | None], key: Key, top: float) -> list[tuple[Point, ...]]:
    runs: list[list[Point]] = [[]]
    for at, (week, amount) in enumerate(zip(weeks, values, strict=True)):
        if amount is None:
            runs.append([])
            continue
        text = _text(key, amount)
        runs[-1].append(Point(week=week.name, x=_x(at, len(weeks)), y=_y(amount, top), text=text))
    return [tuple(run) for run in runs if run]


def _x(at: int, count: int) -> float:
    return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (at + 0.5) / count, 1)


def _y(amount: float, top: float) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * amount / top, 1)


def _sentence(weeks: Sequence[Week], values: Sequence[float | None], key: Key) -> str:
    """What the line says, for whoever does not see it."""
    known = [(week.name, one) for week, one in zip(weeks, values, strict=True) if one is not None]
    if not known:
        return _("Inga veckor att visa.")
    (first, began), (last, ended) = known[0], known[-1]
    low, high = min(one for _week, one in known), max(one for _week, one in known)
    return _(
        "%(first)s: %(began)s, %(last)s: %(ended)s. Lägst %(low)s, högst %(high)s.",
        first=first,
        began=_text(key, began),
        last=last,
        ended=_text(key, ended),
        low=_text(key, low),
        high=_text(key, high),
    )


def days_of(weeks: Sequence[Week]) -> str:
    """From the first Monday to the last Sunday, in words."""
    last_on = weeks[-1].monday_on + timedelta(days=6)
    return _("%(first)s till %(last)s", first=day(weeks[0].monday_on, "d MMMM"), last=day(last_on, "d MMMM"))


WeeksByKey = Mapping[Key, Sequence[Week]]
"""The same weeks for each figure; of a provider each is summed over the teams of which it may be shown."""


def week_rows(weeks: WeeksByKey, *, is_public: bool) -> list[tuple[Week, list[str]]]:
    """Each week with its figures in words, newest first: what the lines say, as a table."""
    every = list(zip(*weeks.values(), strict=True))
    keyed = [(row[0], dict(zip(weeks, row, strict=True))) for row in every]
    return [
        (week, [words(row[key].figures, key, is_public=is_public) for key in KEYS]) for week, row in reversed(keyed)
    ]


def figures_file(weeks: WeeksByKey, *, is_public: bool) -> Response:
    """The weeks as a spreadsheet: shares in percent, an empty cell where there is nothing or nothing to be shown."""
    heading = [_("Vecka"), _("Måndag"), *(_(told.name) for told in KEYS.values())]
    rows: list[list[Cell]] = []
    for every in zip(*weeks.values(), strict=True):
        amounts = [(key, value(week.figures, key, is_public=is_public)) for key, week in zip(weeks, every, strict=True)]
        cells = [None if one is None else one * (100 if KEYS[key].is_share else 1) for key, one in amounts]
        rows.append([every[0].name, every[0].monday_on.isoformat(), *cells])
    return spreadsheet("nyckeltal", heading=heading, rows=rows)
