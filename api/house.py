"""What all parts of one running process share, and how a route gets at it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import HTTPConnection

from api.clock import Clock
from api.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Made once by `api.app.create_app`."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]


def house_of(connection: HTTPConnection) -> House:
    app: FastAPI = connection.app
    house: House = app.state.house
    return house


HouseDep = Annotated[House, Depends(house_of)]
