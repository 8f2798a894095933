"""The team's key figures over the last twelve weeks."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.figures import HEIGHT, KEYS, WIDTH, Week, days_of, figures_file, trend, week_rows
from api.pages import render
from api.work import NowDep, SessionDep
from visits.actions.count_weeks import count_weeks, weeks_over
from visits.errors import NotFound
from visits.guard.viewer import Viewer
from visits.performed.team_figures import Key
from visits.store import teams
from visits.store.team_weeks import weeks_of
from visits.terms import TeamId

router = APIRouter(tags=["coordinator"])
PATH = "/planering/nyckeltal"


@router.get(PATH)
def key_figures_page(request: Request, session: SessionDep, viewer: CoordinatorViewer, now: NowDep) -> Response:
    """All of it: the team's own coordinator sees small numbers too."""
    team_id = _team(viewer)
    weeks = _weeks(session, viewer, now)
    values = {
        "team": teams.team(session, team_id),
        "path": PATH,
        "weeks": weeks,
        "days": days_of(weeks) if weeks else "",
        "trends": [trend(weeks, key, is_public=False) for key in Key] if weeks else [],
        "rows": week_rows(dict.fromkeys(Key, weeks), is_public=False),
        "keys": KEYS,
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "coordinator/key_figures.html", values)


@router.get(PATH + ".csv")
def key_figures_file(session: SessionDep, viewer: CoordinatorViewer, now: NowDep) -> Response:
    """The same as a file."""
    weeks = _weeks(session, viewer, now)
    return figures_file(dict.fromkeys(Key, weeks), is_public=False)


def _weeks(session: Session, viewer: Viewer, now: datetime) -> list[Week]:
    """The team's last twelve weeks that are over; those not counted yet are counted now."""
    count_weeks(session, [_team(viewer)], now=now)
    mondays = weeks_over(now)
    found = weeks_of(session, viewer, first_on=mondays[0], last_on=mondays[-1])
    return [Week(monday_on=week.monday_on, figures=week.figures) for week in found]


def _team(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id
