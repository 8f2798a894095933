"""The citizen's own time in plain words: granted, planned, performed, and what came between."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CitizenViewer
from api.house import HouseDep
from api.i18n import N_, _
from api.pages import day as day_name
from api.pages import minutes as minutes_in_words
from api.pages import render
from api.strips import Kind, Picture, picture
from api.work import NowDep, SessionDep
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.performed.strip import Amounts, Strip
from visits.performed.time_rules import TimeRules
from visits.store.strips import strips
from visits.terms import CitizenId, Period

router = APIRouter(tags=["citizen"])

_FORTNIGHT = timedelta(days=14)
_BETWEEN: dict[Kind, tuple[str, str]] = {
    Kind.DECLINED: (N_("Det du tackade nej till"), N_("besök eller hjälp som du inte ville ha")),
    Kind.ABSENT: (N_("När du var borta"), N_("besök som skulle ha gjorts då")),
    Kind.MISSED: (N_("Besök som inte blev av"), N_("utföraren kom inte")),
    Kind.AHEAD: (N_("Kvar"), N_("besök som inte har börjat än")),
    Kind.UNUSED: (N_("Inte planerat"), N_("hjälp som du har rätt till, men som inte står i planen")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """One kind of time: its mark in the picture, what it is called, and in words."""

    kind: str
    name: str
    meaning: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeTold:
    """One period. `key` is for the page's own use."""

    key: str
    heading: str
    days: str
    summary: str
    picture: Picture
    rows: tuple[TimeRow, ...]


@router.get("/min-tid")
def my_time(request: Request, session: SessionDep, viewer: CitizenViewer, now: NowDep, house: HouseDep) -> Response:
    """The last fourteen days, and the month so far."""
    rules = house.settings.time_rules
    month = Period(viewer.today.replace(day=1), viewer.today)
    fortnight = Period(viewer.today - _FORTNIGHT + timedelta(days=1), viewer.today)
    periods = (
        _told("fortnight", _("De senaste 14 dagarna"), _strip(session, viewer, fortnight, rules=rules, now=now)),
        _told("month", _("Den här månaden hittills"), _strip(session, viewer, month, rules=rules, now=now)),
    )
    return render(request, "citizen/time.html", {"periods": periods})


def _strip(session: Session, viewer: Viewer, period: Period, *, rules: TimeRules, now: datetime) -> Strip:
    if viewer.person_id is None:
        raise NotFound(what="strip")
    found = strips(session, viewer, citizens=[CitizenId(viewer.person_id)], period=period, rules=rules, now=now)
    if not found:
        raise NotFound(what="strip")
    return found[0]


def _told(key: str, heading: str, strip: Strip) -> TimeTold:
    drawn = picture(strip)
    return TimeTold(
        key=key,
        heading=heading,
        days=_days(strip.period),
        summary=_summary(strip),
        picture=drawn,
        rows=(
            TimeRow(
                kind="granted",
                name=_("Beviljad tid"),
                meaning=_("så mycket hjälp som kommunen har beslutat"),
                minutes=strip.granted,
            ),
            TimeRow(
                kind="planned",
                name=_("Planerad tid"),
                meaning=_("besöken som står i planen"),
                minutes=strip.planned,
            ),
            TimeRow(
                kind=Kind.PERFORMED.value,
                name=_("Utförd tid"),
                meaning=_("tiden då någon har varit hos dig"),
                minutes=strip.performed,
            ),
            *_between(drawn),
        ),
    )


def _between(drawn: Picture) -> list[TimeRow]:
    """What lies between granted and performed time, of that which there is."""
    rows = []
    for kind, (name, meaning) in _BETWEEN.items():
        part = drawn.part(kind)
        if part is not None:
            note = f"{_(meaning)} ({part.note.lower()})" if part.note else _(meaning)
            rows.append(TimeRow(kind=kind.value, name=_(name), meaning=note, minutes=part.minutes))
    return rows


def _summary(strip: Amounts) -> str:
    if strip.granted == 0:
        return _("Du har ingen beviljad tid under de här dagarna.")
    if strip.performed == 0:
        return _("Du har rätt till %(granted)s. Ingen tid är registrerad än.", granted=minutes_in_words(strip.granted))
    return _(
        "Du har rätt till %(granted)s och har fått %(performed)s.",
        granted=minutes_in_words(strip.granted),
        performed=minutes_in_words(strip.performed),
    )


def _days(period: Period) -> str:
    last_on: date = period.last_on or period.first_on
    if period.first_on == last_on:
        return day_name(last_on, "d MMMM")
    first = "d" if period.first_on.month == last_on.month else "d MMMM"
    return _("%(first)s–%(last)s", first=day_name(period.first_on, first), last=day_name(last_on, "d MMMM"))
