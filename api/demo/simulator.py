"""The simulator: plays the carers on the demo's clock, through their phones' HTTP, for as long as the demo runs."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.clock import Clock
from api.demo.phone import Phone
from api.demo.script import Chosen, Route, doings
from api.demo.visitor import VisitorError
from api.logs import get_logger

_TICK_SECONDS = 1.0
_MOST_LOOKS_A_TICK = 4
_LOOKS_AGAIN = timedelta(minutes=15)
"""On the demo's clock: how old a player's picture of the day may become."""
_LONGEST_PATIENCE_SECONDS = 30.0
_TAKEN = 200

_log = get_logger("vardag.demo")


@dataclass(slots=True)
class _Player:
    phone: Phone
    look_at: datetime
    begun: bool


class Simulator:
    """Plays every carer whose phone it is given, but for those who are left alone once the morning is played."""

    def __init__(
        self, phones: Mapping[Phone, bool], clock: Clock, *, left_alone: frozenset[UUID], chosen: Chosen
    ) -> None:
        """`phones` says whose shift has begun: what those have done already is told first."""
        now = clock.now()
        self._clock = clock
        self._chosen = chosen
        self._left_alone = left_alone
        self._players = [_Player(phone, now, begun=begun) for phone, begun in phones.items()]
        self._stopping = threading.Event()

    def play_until_now(self, tell: Callable[[int, int], None]) -> int:
        """Play everybody's day up to now, and say how far that has come (`done`, `of`). Returns the number of facts told."""
        facts = 0
        begun = [player for player in self._players if player.begun]
        for done, player in enumerate(begun):
            if self._stopping.is_set():
                break
            tell(done, len(begun))
            try:
                facts += self._look(player, self._clock.now())
            except VisitorError as error:
                _log.info("simulator_missed", error=str(error))  # it looks again soon after
        self._players = [one for one in self._players if one.phone.person_id not in self._left_alone]
        return facts

    def run(self) -> None:
        """Play until `stop`. Goes easy on a server that is busy or away."""
        patience = _TICK_SECONDS
        while not self._stopping.wait(patience):
            now = self._clock.now()
            due = sorted((one for one in self._players if one.look_at <= now), key=lambda one: one.look_at)
            try:
                for player in due[:_MOST_LOOKS_A_TICK]:
                    self._look(player, now)
                patience = _TICK_SECONDS
            except VisitorError as error:
                patience = min(2 * patience, _LONGEST_PATIENCE_SECONDS)
                _log.info("simulator_waits", seconds=patience, error=str(error))
        for player in self._players:
            player.phone.close()

    def stop(self) -> None:
        self._stopping.set()

    def _look(self, player: _Player, now: datetime) -> int:
        """Ask for the day, tell what has happened, and note when to look again. Returns how much was told."""
        route: Route = player.phone.route()
        done = doings(route, now, self._chosen)
        if done.happened:
            refused = [status for status in player.phone.tell(done.happened) if status != _TAKEN]
            if refused:
                _log.info("simulator_refused", count=len(refused), first=refused[0])
        player.look_at = min(done.next_at or now + _LOOKS_AGAIN, now + _LOOKS_AGAIN)
        return len(done.happened)
