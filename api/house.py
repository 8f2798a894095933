"""What all parts of one running process share, and how a route gets at it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import HTTPConnection

from api.clock import Clock
from api.settings import Settings
from visits.store.database import make_engine, session_factory

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Made once for each process, by `make_house`."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]


def make_house(settings: Settings) -> House:
    """The house for a migrated database at ``settings.database_url``; whoever makes it disposes of its engine.

    :raises ValueError: if the settings name no database (the commands start one and fill in its address).
    """
    if settings.database_url is None:
        raise ValueError("a house needs settings with a database_url")
    engine = make_engine(settings.database_url, pool_size=settings.pool_size)
    return House(settings=settings, clock=settings.make_clock(), engine=engine, sessions=session_factory(engine))


def house_of(connection: HTTPConnection) -> House:
    app: FastAPI = connection.app
    house: House = app.state.house
    return house


HouseDep = Annotated[House, Depends(house_of)]
