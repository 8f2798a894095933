"""Granted, planned and performed time of each citizen of the team, side by side."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.access import CoordinatorViewer
from api.pages import render
from api.work import NowDep, SessionDep
from visits.guard.confidentiality import Subject
from visits.performed.strip import Strip
from visits.store import citizens, teams
from visits.store.strips import strips
from visits.terms import Period

router = APIRouter(tags=["coordinator"])

LAST_DAYS = 14


class Span(StrEnum):
    """As it stands in the address."""

    FORTNIGHT = "14-dagar"
    MONTH = "manad"

    def until(self, today: date) -> Period:
        """The days of the span, today the last of them."""
        first_on = today.replace(day=1) if self is Span.MONTH else today - timedelta(days=LAST_DAYS - 1)
        return Period(first_on, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """One citizen's three amounts; `name` is empty in the sum of all."""

    name: str
    granted_minutes: int
    planned_minutes: int
    performed_minutes: int

    @property
    def share(self) -> float | None:
        """Performed of granted; None where nothing is granted."""
        return self.performed_minutes / self.granted_minutes if self.granted_minutes else None


@router.get("/planering/tid")
def time_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    period: Annotated[Span, Query()] = Span.FORTNIGHT,
) -> Response:
    """The citizens with an order at the team today, over the last fourteen days or this month so far."""
    known = {citizen.id: citizen for citizen in citizens.find(session, viewer, Subject.BALANCE)}
    days = period.until(viewer.today)
    lines = [
        _line(known[found.citizen_id].name, found)
        for found in strips(session, viewer, citizens=known, period=days, now=now)
    ]
    values = {
        "team": teams.team(session, viewer.team_id) if viewer.team_id else None,
        "span": period.value,
        "days": days,
        "lines": lines,
        "total": _sum(lines),
        "longest": max((amount for line in lines for amount in _amounts(line)), default=0),
    }
    return render(request, "coordinator/time.html", values)


def _line(name: str, found: Strip) -> TimeLine:
    return TimeLine(
        name=name,
        granted_minutes=found.granted,
        planned_minutes=found.planned,
        performed_minutes=found.performed,
    )


def _sum(lines: list[TimeLine]) -> TimeLine:
    return TimeLine(
        name="",
        granted_minutes=sum(line.granted_minutes for line in lines),
        planned_minutes=sum(line.planned_minutes for line in lines),
        performed_minutes=sum(line.performed_minutes for line in lines),
    )


def _amounts(line: TimeLine) -> tuple[int, int, int]:
    return line.granted_minutes, line.planned_minutes, line.performed_minutes
