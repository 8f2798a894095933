"""The coordinator's pages: the day of the team, and time granted, planned and performed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.board import board, name_of
from api.coordinator.detail import detail
from api.coordinator.gate import gate_of
from api.coordinator.notices import NOTICES
from api.coordinator.remedies import remedy_words
from api.coordinator.sayings import (
    ABSENCE_REASONS,
    change_word,
    cost_words,
    day_word,
    from_to,
    percent_of,
    progress_words,
    run_word,
    standing_word,
)
from api.coordinator.schemas import snapshot_of
from api.house import house_of
from api.i18n import _
from api.pages import render
from api.reasons import sentence
from api.work import NowDep, SessionDep
from visits.performed.standing import Standing
from visits.planned.schedule import UnplacedVisit, VisitChange
from visits.store.team_days import TeamDay, days_in_brief, team_day
from visits.terms import AbsenceReason, CarerId, VisitId

router = APIRouter(tags=["coordinator"])

DAYS_AHEAD = 7
"""How many days the strip shows, and how many are planned when a week is asked for."""


class DayQuery(BaseModel):
    """What the address of a day may say besides: `besok` opens the panel of a visit, `gjort` tells what was just done."""

    besok: UUID | None = None
    skala: Literal["tat", "normal", "rymlig"] = "normal"
    gjort: str = ""


@router.get("/planering")
def today(viewer: CoordinatorViewer, dag: Annotated[date | None, Query()] = None) -> Response:
    """Leads to today's page, or to that of the day chosen in the page's own form."""
    return RedirectResponse(f"/planering/{(dag or viewer.today).isoformat()}", status_code=303)


@router.get("/planering/{on}")
def day_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    on: Day,
    asked: Annotated[DayQuery, Query()],
) -> Response:
    """One day of the team."""
    day = team_day(session, viewer, on=on, now=now)
    rules = house_of(request).settings.time_rules
    shown = board(day)
    values: dict[str, object] = {
        "day": day,
        "board": shown,
        "snapshot": snapshot_of(day, viewer),
        "late_next_at": day.next_deviation_at(rules),
        "unattended": len(day.unattended(rules)),
        "legend": _legend(day),
        "today": viewer.today,
        "strip": days_in_brief(session, viewer, first_on=min(on, max(viewer.today, on - timedelta(days=3))), days=7),
        "changes": _changes(day),
        "unplaced": _unplaced(day),
        "gate": gate_of(session, viewer, day),
        "detail": detail(day, VisitId(asked.besok)) if asked.besok else None,
        "scale": asked.skala,
        "scales": {"tat": _("Tät"), "normal": _("Normal"), "rymlig": _("Rymlig")},
        "done": NOTICES.get(asked.gjort),
        "absence_reasons": ABSENCE_REASONS,
        "away_reasons": AbsenceReason,
        **_figures(day),
        **_WORDS,
    }
    return render(request, "coordinator/day.html", values)


_WORDS: Mapping[str, object] = {
    "standing_word": standing_word,
    "change_word": change_word,
    "cost_words": cost_words,
    "day_word": day_word,
    "from_to": from_to,
    "percent_of": percent_of,
    "progress_words": progress_words,
    "run_word": run_word,
    "sentence": sentence,
    "remedy_words": remedy_words,
}
"""What the templates may say with."""


def _figures(day: TeamDay) -> dict[str, object]:
    return {
        "figures": day.figures(day.published) if day.published else None,
        "draft_figures": day.figures(day.draft) if day.draft else None,
    }


def _legend(day: TeamDay) -> list[tuple[str, str]]:
    """Each mark with its word; that of a change only while there is a draft to compare."""
    told = [(standing.value, standing_word(standing)) for standing in Standing if standing is not Standing.WITHDRAWN]
    return [*told, ("changed", _("Ändrat i utkastet"))] if day.draft and day.published else told


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What the draft changes for one citizen."""

    change: VisitChange
    name: str
    old_carers: str
    new_carers: str


def _changes(day: TeamDay) -> list[ChangeLine] | None:
    """None when there is nothing to compare."""
    found = day.difference()
    if found is None:
        return None
    return [
        ChangeLine(
            change=change,
            name=name_of(day, change.citizen_id),
            old_carers=_carers(day, change.old_carers),
            new_carers=_carers(day, change.new_carers),
        )
        for change in found.changes
    ]


def _carers(day: TeamDay, carers: frozenset[CarerId]) -> str:
    return ", ".join(sorted(day.carers[carer].name for carer in carers if carer in day.carers)) or "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedLine:
    entry: UnplacedVisit
    name: str


def _unplaced(day: TeamDay) -> list[UnplacedLine]:
    """The visits without a place, of the draft where there is one: what is about to hold is what can still be mended."""
    newest = day.draft or day.published
    found = newest.unplaced if newest else ()
    return [UnplacedLine(entry=entry, name=name_of(day, entry.citizen_id)) for entry in found]
