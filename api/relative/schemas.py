"""What a relative is told: the citizen's day in other words, and what they have been told when nobody came."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from api.citizen.schemas import DayTold


class NoticeTold(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: datetime | None = None
    text: str = ""


class RelativeDayTold(DayTold):
    """`name` is the given name of the one whose day it is. `notices`, newest first, are today's."""

    name: str
    notices: list[NoticeTold]
