"""One request = one transaction, committed BEFORE the reply is sent.

FastAPI's default for a ``yield`` dependency is to run its exit *after* the reply: a commit that fails would still
answer 200, and an offline phone would delete a check-in that was never stored. So the one dependency that commits
is of ``scope="function"``: what goes wrong at the commit becomes an error reply. Nobody else commits.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from api.house import HouseDep


def _transaction(house: HouseDep) -> Iterator[Session]:
    # A connection is taken from the pool at the first question, so a route that asks nothing costs nothing.
    with house.sessions() as session, session.begin():
        yield session


def _now(house: HouseDep) -> datetime:
    return house.clock.now()


SessionDep = Annotated[Session, Depends(_transaction, scope="function")]
"""The request's session. Committed after the endpoint has returned and before its reply; rolled back if it raises."""

NowDep = Annotated[datetime, Depends(_now)]
"""The moment of the request: aware, UTC, the same for everything that the request does."""
