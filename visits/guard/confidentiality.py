"""Who may see what about a citizen: the whole table on one screen.

Social services work under strict confidentiality (offentlighets- och sekretesslagen 26:1): what the table does not name, nobody
sees. `visits/store/sight.py` turns each reach into a narrowing of the query; a stranger's answer is *not found*.
"""

from datetime import date, timedelta
from enum import StrEnum

from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.terms import Period, TeamId


class Subject(StrEnum):
    """What there is to see about a citizen."""

    DAY = "day"
    """Who comes, when, with what help, and how it went."""
    DOOR = "door"
    """Address, how to get in, what to do: what a carer needs at the door."""
    CARE = "care"
    """Decision, order and care plan."""
    BALANCE = "balance"
    """Granted, planned and performed time."""
    TOTALS = "totals"
    """Sums over many citizens, in which nobody is named: all that a manager sees of anybody's time."""
    CHOICE = "choice"
    """Wishes for a provider, and requests to switch."""
    RELATIVES = "relatives"
    """Whom the citizen has let in, and when they have looked."""
    INCIDENT = "incident"
    """What has gone wrong, or might have, and what is done about it; it may name a citizen."""


class Reach(StrEnum):
    """How far a role sees."""

    SELF = "self"
    OWN_VISITS = "own_visits"
    """Citizens whom the carer visits today or tomorrow by the published schedule."""
    OWN_TEAM = "own_team"
    """Citizens with an order in force, on the day in question, at the coordinator's team."""
    OWN_CASES = "own_cases"
    """Citizens with a decision made by the case officer."""
    OWN_PROVIDER = "own_provider"
    """Citizens with an order in force, on the day in question, at any team of the manager's provider; of its incidents, all."""
    LET_IN = "let_in"
    """Citizens who have let the relative in, and not shut them out again (`visits/guard/representation.py`)."""
    OWN_REPORTS = "own_reports"
    """Whom one has named oneself in what one has reported."""
    STATED_REASON = "stated_reason"
    """The house itself; the reason stands in the audit entry."""


MAY_SEE: dict[Subject, dict[Role, Reach]] = {
    Subject.DAY: {
        Role.CITIZEN: Reach.SELF,
        Role.CARER: Reach.OWN_VISITS,
        Role.COORDINATOR: Reach.OWN_TEAM,
        Role.CASE_OFFICER: Reach.OWN_CASES,
        Role.RELATIVE: Reach.LET_IN,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.DOOR: {
        Role.CARER: Reach.OWN_VISITS,
        Role.COORDINATOR: Reach.OWN_TEAM,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.CARE: {
        Role.CITIZEN: Reach.SELF,
        Role.COORDINATOR: Reach.OWN_TEAM,
        Role.CASE_OFFICER: Reach.OWN_CASES,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.BALANCE: {
        Role.CITIZEN: Reach.SELF,
        Role.COORDINATOR: Reach.OWN_TEAM,
        Role.CASE_OFFICER: Reach.OWN_CASES,
        Role.RELATIVE: Reach.LET_IN,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.TOTALS: {
        Role.COORDINATOR: Reach.OWN_TEAM,
        Role.MANAGER: Reach.OWN_PROVIDER,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.CHOICE: {
        Role.CITIZEN: Reach.SELF,
        Role.CASE_OFFICER: Reach.OWN_CASES,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.RELATIVES: {
        Role.CITIZEN: Reach.SELF,
        Role.RELATIVE: Reach.LET_IN,
        Role.SYSTEM: Reach.STATED_REASON,
    },
    Subject.INCIDENT: {
        Role.CARER: Reach.OWN_REPORTS,
        Role.COORDINATOR: Reach.OWN_REPORTS,
        Role.MANAGER: Reach.OWN_PROVIDER,
        Role.SYSTEM: Reach.STATED_REASON,
    },
}


def reach(viewer: Viewer, subject: Subject) -> Reach:
    """How far this viewer sees; `NotFound` where not at all, so that a stranger cannot tell what exists."""
    allowed = MAY_SEE[subject].get(viewer.role)
    if allowed is None:
        raise NotFound(what=subject.value)
    return allowed


def open_days(viewer: Viewer) -> Period | None:
    """The days a viewer may look at: a carer and a relative today and tomorrow only, everybody else any day (None)."""
    if viewer.role in {Role.CARER, Role.RELATIVE}:
        return Period(viewer.today, viewer.today + timedelta(days=1))
    return None


def check_day(viewer: Viewer, on: date) -> None:
    """`NotFound` when the day lies outside what the viewer may look at."""
    days = open_days(viewer)
    if days is not None and on not in days:
        raise NotFound(what="day")


def check_team(viewer: Viewer, team_id: TeamId) -> None:
    """`NotFound` unless the team's day is the viewer's to plan: its own coordinator, or the house itself."""
    is_own = viewer.role is Role.COORDINATOR and viewer.team_id == team_id
    if not is_own and viewer.role is not Role.SYSTEM:
        raise NotFound(what="team")
