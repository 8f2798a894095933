"""Count the teams' weeks that are over in key figures: again, where more has been told of one since."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from visits.store import team_weeks
from visits.terms import TeamId, local_day

WEEKS = 12
"""How far back figures are kept up to date."""
SETTLED = timedelta(hours=9)
"""A week is counted when its last night shift has gone home too."""


def count_weeks(session: Session, team_ids: Collection[TeamId], *, now: datetime, at_most: int | None = None) -> int:
    """Count what is not counted of the last twelve weeks, `at_most` so many of them; how many were. Shows nobody anything."""
    mondays = weeks_over(now)
    due = team_weeks.weeks_to_count(session, team_ids, mondays)[:at_most]
    for team_id, monday_on in due:
        figures = team_weeks.count_week(session, team_id, monday_on, now=now)
        team_weeks.put(session, team_id, monday_on, figures, now=now)
    return len(due)


def weeks_waiting(session: Session, team_ids: Collection[TeamId], *, now: datetime) -> frozenset[date]:
    """The Mondays of those of the last twelve weeks that are not counted yet for one of these teams."""
    return frozenset(monday_on for _, monday_on in team_weeks.weeks_to_count(session, team_ids, weeks_over(now)))


def weeks_over(now: datetime) -> list[date]:
    """The Mondays of the last twelve weeks that are over, oldest first."""
    today = local_day(now - SETTLED)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS, 0, -1)]
