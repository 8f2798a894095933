"""The follow-up: does what follows from each event, once, by one process of all.

Its place in the outbox is a row, held while an event is handled, so that several processes take turns. A reaction that fails
is put off and tried again with growing patience; those after it do not wait for it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.house import House
from api.live.bell import POLL_SECONDS, Ear
from api.live.thread import own_thread
from api.logs import get_logger
from visits.events import Event
from visits.store import outbox, outbox_readers

READER = "then"
_AT_ONCE = 100
_FIRST_DELAY, _LONGEST_DELAY = timedelta(seconds=2), timedelta(minutes=5)
_SOON = 0.2

_log = get_logger("vardag.live")


Then = Callable[[Session, Any, datetime], None]
"""``then(session, event, now)``: inside a transaction that others commit. Must be harmless to repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What follows from one kind of event: `then` is done once. The pages of the touched days are told in any case."""

    then: Then | None = None


class FollowUp:
    def __init__(self, house: House, ear: Ear, reactions: Mapping[type[Event], Follows]) -> None:
        self._house = house
        self._ear = ear
        self._reactions = reactions

    async def run(self) -> None:
        """Follow up for as long as the process serves."""
        loop = asyncio.get_running_loop()
        with own_thread("follow-up") as thread:
            while True:
                waits = POLL_SECONDS
                try:
                    if await loop.run_in_executor(thread, self.turn):
                        waits = _SOON
                except SQLAlchemyError as error:
                    _log.warning("follow_up_lost_the_database", error=type(error).__name__)
                await self._ear.listen(at_most=waits)

    def turn(self) -> bool:
        """Handle what is there; True when there is soon more to be done. In a thread."""
        more = self._read_on()
        while self._try_overdue():
            pass
        return more

    def _read_on(self) -> bool:
        with self._house.sessions() as session, session.begin():
            position = outbox_readers.take(session, READER)
            if position is None:
                return False
            found = outbox.after(session, position, limit=_AT_ONCE)
            for stored in found:
                error = self._react(session, stored.event)
                if error is not None:
                    _log.error("reaction_failed", kind=type(stored.event).__name__, error=error, attempts=1)
                    outbox_readers.put_off(session, stored.position.id, by=_FIRST_DELAY, error=error)
            if found:
                outbox_readers.advance(session, READER, found[-1].position)
            return len(found) == _AT_ONCE or outbox.is_held_back(session, found[-1].position if found else position)

    def _try_overdue(self) -> bool:
        with self._house.sessions() as session, session.begin():
            overdue = outbox_readers.take_overdue(session)
            if overdue is None:
                return False
            error = self._react(session, overdue.event)
            if error is None:
                outbox_readers.settle(session, overdue.event_id)
            else:
                kind = type(overdue.event).__name__
                _log.error("reaction_failed", kind=kind, error=error, attempts=overdue.attempts + 1)
                delay = min(_FIRST_DELAY * 2**overdue.attempts, _LONGEST_DELAY)
                outbox_readers.put_off(session, overdue.event_id, by=delay, error=error)
            return True

    def _react(self, session: Session, event: Event) -> str | None:
        """Do what follows; the kind of error, if it failed, with all that it did undone."""
        then = self._reactions[type(event)].then
        if then is None:
            return None
        try:
            with session.begin_nested():
                then(session, event, self._house.clock.now())
        except Exception as error:
            if isinstance(error, SQLAlchemyError) and not session.is_active:
                raise
            return type(error).__name__
        return None
