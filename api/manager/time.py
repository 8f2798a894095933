"""The provider's time and key figures, team by team: sums in which nobody is named, and no small numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import ManagerViewer
from api.figures import HEIGHT, KEYS, WIDTH, Week, days_of, figures_file, trend, week_rows, words
from api.house import HouseDep
from api.pages import render
from api.strip_files import sums_file
from api.strips import SPANS, Picture, Span, percent, picture
from api.work import NowDep, SessionDep
from visits.actions.count_weeks import count_weeks, weeks_over, weeks_waiting
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.performed.suppression import OpenAmounts, is_open, opened
from visits.performed.team_figures import Key, TeamFigures, of_teams, over_weeks
from visits.performed.time_rules import TimeRules
from visits.store import teams
from visits.store.strips import team_sums
from visits.store.team_weeks import TeamWeek, weeks_of
from visits.terms import ProviderId

router = APIRouter(tags=["manager"])
PATH = "/verksamhet/tid"
FIGURES_PATH = "/verksamhet/nyckeltal"
_COUNTED_AT_ONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """One team's sums, or None where they are about too few; `name` is empty for all teams that are shown, together."""

    name: str
    found: OpenAmounts | None
    picture: Picture | None


@router.get(PATH)
def time_page(
    request: Request,
    session: SessionDep,
    viewer: ManagerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
) -> Response:
    """Granted, planned and performed time of each team. The sum of all is of the teams that are shown, and no others."""
    lines, total = _sums(session, viewer, period, rules=house.settings.time_rules, now=now)
    values = {
        "provider": teams.provider(session, _provider(viewer)),
        "path": PATH,
        "span": period,
        "spans": SPANS,
        "days": period.days(viewer.today),
        "lines": lines,
        "total": total,
        "percent": percent,
    }
    return render(request, "manager/time.html", values)


@router.get(PATH + ".csv")
def time_file(
    session: SessionDep,
    viewer: ManagerViewer,
    now: NowDep,
    house: HouseDep,
    *,
    period: Annotated[Span, Query()] = Span.FOUR_WEEKS,
) -> Response:
    """The same as a file; what is not shown is an empty cell."""
    lines, _total = _sums(session, viewer, period, rules=house.settings.time_rules, now=now)
    return sums_file(period.days(viewer.today), [(line.name, line.found) for line in lines])


def _sums(
    session: Session, viewer: Viewer, span: Span, *, rules: TimeRules, now: datetime
) -> tuple[list[SumLine], SumLine | None]:
    """Each team's line, and that of the teams that are shown, where there are several."""
    own = teams.teams_of(session, _provider(viewer))
    amounts = team_sums(session, viewer, period=span.days(viewer.today), rules=rules, now=now)
    shown = [team for team in own if opened(amounts[team.id]) is not None]
    every = [one for team in shown for one in amounts[team.id]]
    lines = [_line(team.name, opened(amounts[team.id])) for team in own]
    return lines, _line("", opened(every)) if len(shown) > 1 else None


def _line(name: str, found: OpenAmounts | None) -> SumLine:
    return SumLine(name=name, found=found, picture=None if found is None else picture(found.amounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """One team's last four weeks together."""

    team: Team
    figures: TeamFigures


@router.get(FIGURES_PATH)
def key_figures_page(request: Request, session: SessionDep, viewer: ManagerViewer, now: NowDep) -> Response:
    """The provider's twelve weeks as lines, and each team's last four as a row."""
    own = teams.teams_of(session, _provider(viewer))
    counted = _counted(session, viewer, own, now)
    weeks = _by_key(counted, own)
    any_weeks = weeks[Key.CLIENT_TIME]
    values = {
        "provider": teams.provider(session, _provider(viewer)),
        "path": FIGURES_PATH,
        "weeks": any_weeks,
        "days": days_of(any_weeks) if any_weeks else "",
        "trends": [trend(weeks[key], key, is_public=True) for key in Key] if any_weeks else [],
        "rows": week_rows(weeks, is_public=True),
        "lines": [TeamLine(team=team, figures=_last_weeks(counted, team)) for team in own],
        "keys": KEYS,
        "words": words,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "manager/key_figures.html", values)


@router.get(FIGURES_PATH + ".csv")
def key_figures_file(session: SessionDep, viewer: ManagerViewer, now: NowDep) -> Response:
    """The provider's weeks as a file."""
    own = teams.teams_of(session, _provider(viewer))
    return figures_file(_by_key(_counted(session, viewer, own, now), own), is_public=True)


def _counted(session: Session, viewer: Viewer, own: Sequence[Team], now: datetime) -> list[TeamWeek]:
    """The weeks that are counted for every team. Few are counted here and now: the clockwork counts the rest."""
    team_ids = [team.id for team in own]
    count_weeks(session, team_ids, now=now, at_most=_COUNTED_AT_ONCE)
    waiting = weeks_waiting(session, team_ids, now=now)
    mondays = weeks_over(now)
    found = weeks_of(session, viewer, first_on=mondays[0], last_on=mondays[-1])
    return [week for week in found if week.monday_on not in waiting]


def _by_key(counted: Sequence[TeamWeek], own: Sequence[Team]) -> dict[Key, list[Week]]:
    """The provider's weeks, each figure summed over the teams of which it is shown: else the one left out could be worked out."""
    mondays = sorted({week.monday_on for week in counted})
    shown = {key: {team.id for team in own if is_open(_last_weeks(counted, team), key)} for key in Key}
    return {
        key: [
            Week(
                monday_on=monday_on,
                figures=of_teams(
                    one.figures for one in counted if one.monday_on == monday_on and one.team_id in shown[key]
                ),
            )
            for monday_on in mondays
        ]
        for key in Key
    }


def _last_weeks(counted: Sequence[TeamWeek], team: Team) -> TeamFigures:
    return over_weeks([week.figures for week in counted if week.team_id == team.id][-4:])


def _provider(viewer: Viewer) -> ProviderId:
    if viewer.provider_id is None:
        raise NotFound(what="provider")
    return viewer.provider_id
