"""What follows from the clock alone, without anybody saying so.

A visit that has not begun although it is due pushes those after it; one to which nobody has come is told while that can still be
mended; a month's figures are settled when its day has come, and a week's are counted when it is over. Every so often, on the
house's clock; of several processes one does it.
"""

import asyncio
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.clock import SWEDEN
from api.house import House
from api.live.thread import own_thread
from api.logs import get_logger
from visits.actions.close_months import close_months
from visits.actions.count_weeks import count_weeks
from visits.actions.move_estimates import move_estimates
from visits.actions.note_unattended import note_unattended
from visits.guard.viewer import Viewer
from visits.store import schedules, teams
from visits.terms import TeamId

EVERY_SECONDS = 20.0
"""Of the house's clock: a demo's runs faster."""
_SHORTEST_WAIT = 1.0
_NIGHT_ENDS_HOUR = 9
"""Until then yesterday's night shifts may be under way, or just over."""
_COUNTS_AGAIN = timedelta(minutes=15)
_ONE_AT_A_TIME = 7_020_411_205_303
"""Key of the advisory lock."""

_log = get_logger("vardag.live")


class Clockwork:
    """Keeps today's estimates moving, watches for visits to which nobody comes, and closes months."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._counted_at: datetime | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        waits = max(_SHORTEST_WAIT, EVERY_SECONDS / self._house.clock.speed)
        with own_thread("clockwork") as thread:
            while True:
                await asyncio.sleep(waits)
                try:
                    await loop.run_in_executor(thread, self.turn)
                except SQLAlchemyError as error:
                    _log.warning("clockwork_lost_the_database", error=type(error).__name__)

    def turn(self) -> None:
        """Look at every team's day, one transaction each, and at the months; not where another process is at it. In a thread."""
        local = self._house.clock.now().astimezone(SWEDEN)
        days = [local.date()]
        if local.hour < _NIGHT_ENDS_HOUR:
            days.append(local.date() - timedelta(days=1))
        for on in days:
            with self._house.sessions() as session, session.begin():
                planned = schedules.teams_with_published(session, on)
            for team_id in planned:
                self._go_on(team_id, on)
        self._close_months()
        self._count_weeks()

    def _go_on(self, team_id: TeamId, on: date) -> None:
        viewer = Viewer.system(reason="as the day goes on", today=on)
        now, rules = self._house.clock.now(), self._house.settings.time_rules
        with self._house.sessions() as session, session.begin():
            if _is_ours(session):
                move_estimates(session, viewer, team_id=team_id, on=on, now=now)
                note_unattended(session, viewer, team_id=team_id, on=on, rules=rules, now=now)

    def _close_months(self) -> None:
        with self._house.sessions() as session, session.begin():
            if _is_ours(session):
                close_months(session, rules=self._house.settings.time_rules, now=self._house.clock.now())

    def _count_weeks(self) -> None:
        """One team's week at a time, until all are counted; then only look again after a while."""
        now = self._house.clock.now()
        if self._counted_at is not None and now < self._counted_at + _COUNTS_AGAIN:
            return
        with self._house.sessions() as session, session.begin():
            if _is_ours(session):
                everybody = [team.id for team in teams.all_teams(session)]
                if not count_weeks(session, everybody, now=now, at_most=1):
                    self._counted_at = now


def _is_ours(session: Session) -> bool:
    """Whether no other process is at it."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))))
