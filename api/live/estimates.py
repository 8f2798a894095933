"""The clock moves estimates too: a visit that has not begun although it is due pushes those after it, without anybody saying so.

Every so often, on the house's clock, each team's published day is reckoned anew; of several processes one does it.
"""

import asyncio
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from api.clock import SWEDEN
from api.house import House
from api.live.thread import own_thread
from api.logs import get_logger
from visits.actions.move_estimates import move_estimates
from visits.guard.viewer import Viewer
from visits.store import schedules
from visits.terms import TeamId

EVERY_SECONDS = 20.0
"""Of the house's clock: a demo's runs faster."""
_SHORTEST_WAIT = 1.0
_NIGHT_ENDS_HOUR = 9
"""Until then yesterday's night shifts may be under way, or just over."""
_ONE_AT_A_TIME = 7_020_411_205_303
"""Key of the advisory lock."""

_log = get_logger("vardag.live")


class Estimates:
    """Keeps today's estimates moving."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        waits = max(_SHORTEST_WAIT, EVERY_SECONDS / self._house.clock.speed)
        with own_thread("estimates") as thread:
            while True:
                await asyncio.sleep(waits)
                try:
                    await loop.run_in_executor(thread, self.turn)
                except SQLAlchemyError as error:
                    _log.warning("estimates_lost_the_database", error=type(error).__name__)

    def turn(self) -> None:
        """Reckon every team's day anew, one transaction each; nothing where another process is at it. In a thread."""
        local = self._house.clock.now().astimezone(SWEDEN)
        days = [local.date()]
        if local.hour < _NIGHT_ENDS_HOUR:
            days.append(local.date() - timedelta(days=1))
        for on in days:
            with self._house.sessions() as session, session.begin():
                teams = schedules.teams_with_published(session, on)
            for team_id in teams:
                self._move(team_id, on)

    def _move(self, team_id: TeamId, on: date) -> None:
        viewer = Viewer.system(reason="estimates as the day goes on", today=on)
        with self._house.sessions() as session, session.begin():
            if session.scalar(select(func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))):
                move_estimates(session, viewer, team_id=team_id, on=on, now=self._house.clock.now())
