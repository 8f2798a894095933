"""What a citizen is told of a day: facts for a program, and the same as sentences in the reader's language."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.live.snapshot import Snapshot


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class ComerTold(_Told):
    name: str
    title: str


class VisitTold(_Told):
    """One visit. `note` says what is out of the ordinary, and is empty else."""

    id: UUID | None = None
    state: str = ""
    punctuality: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None
    minutes: int = 0
    codes: list[str] = []
    carers: list[ComerTold] = []
    label: str = ""
    when: str = ""
    who: str = ""
    titles: str = ""
    help: str = ""
    note: str = ""


class ChangeTold(_Told):
    at: datetime | None = None
    text: str = ""


class DayTold(Snapshot):
    """Today, and tomorrow in short. `state`: next, under_way, all_done, nothing or away; `headline` says it in a sentence."""

    state: str
    day: str
    headline: str
    explanation: str
    next: VisitTold | None
    later: list[VisitTold]
    over: list[VisitTold]
    changes: list[ChangeTold]
    tomorrow_day: str
    tomorrow: list[VisitTold]
