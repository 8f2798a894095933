"""Berit's Monday: three visits by Amira and Jonas, published; what the tests of live pages begin with."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.factories.world import Cared, World, a_template
from visits.actions.acknowledge_forgotten import acknowledge_forgotten
from visits.actions.publish_schedule import publish_schedule
from visits.actions.record_fact import record_fact
from visits.organisation import Team
from visits.people import Carer
from visits.performed.checkins import Fact, FactKind
from visits.planned.schedule import ScheduleState
from visits.terms import FactId, ServiceCode, Title, instant

MORNING, LUNCH, EVENING = 0, 1, 2
_TEMPLATES = (
    (ServiceCode.MORNING, ServiceCode.SHOWER, "07:00", "10:30", 45),
    (ServiceCode.LUNCH, None, "11:00", "13:30", 30),
    (ServiceCode.EVENING, None, "16:30", "20:00", 30),
)


@dataclass
class ADay:
    """Everything is committed at once, so that a server sees it."""

    world: World
    team: Team
    amira: Carer
    jonas: Carer
    berit: Cared

    @property
    def breaks(self) -> list[tuple[Carer, str, str]]:
        """Nobody works more than five hours on end."""
        return [(self.jonas, "13:00", "13:30"), (self.amira, "14:00", "14:30")]

    @property
    def session(self) -> Session:
        return self.world.session

    def publish(self, *stops: tuple[Cared, Carer, str, int], now: str = "09:42") -> None:
        """Publish another plan for the day, as the coordinator does, who says why for whatever it leaves out."""
        draft = self.world.published(self.team, stops, state=ScheduleState.DRAFT, breaks=self.breaks)
        viewer = self.world.as_coordinator(self.team)
        at = self.world.at(now)
        acknowledge_forgotten(self.session, viewer, draft.id, about=None, reason="Avbokat.", now=at)
        publish_schedule(self.session, viewer, draft.id, now=at)
        self.session.commit()

    def swap_carer(self, *, now: str = "09:42") -> None:
        """Amira comes instead of Jonas at 10.15."""
        self.publish(
            (self.berit, self.amira, "10:15", MORNING),
            (self.berit, self.jonas, "12:00", LUNCH),
            (self.berit, self.amira, "18:00", EVENING),
            now=now,
        )

    def record(self, carer: Carer, nth: int, kind: FactKind, wall: str) -> None:
        """The carer's phone says what has happened, at once."""
        at = self.world.at(wall)
        fact = Fact(
            id=FactId(uuid4()),
            visit_id=self.berit.visit(self.world.on, nth),
            carer_id=carer.id,
            kind=kind,
            happened_at=at,
            received_at=at,
        )
        record_fact(self.session, self.world.as_carer(carer), fact, now=at)
        self.session.commit()

    def at(self, wall: str) -> datetime:
        return instant(self.world.on, time.fromisoformat(wall))


def a_day(session: Session) -> ADay:
    """Jonas comes to Berit at 10.15 (morning, shower) and 12.00 (lunch), Amira at 18.00 (evening)."""
    world = World(session)
    team = world.team("Tumba norra")
    amira = world.carer(team, "Amira", works=("10:00", "19:00"))
    jonas = world.carer(team, "Jonas", title=Title.CARE_ASSISTANT, works=("08:30", "16:00"))
    templates = [
        a_template(*(code for code in (first, second) if code), window=(earliest, latest), minutes=minutes)
        for first, second, earliest, latest, minutes in _TEMPLATES
    ]
    berit = world.cared(team, world.citizen("Berit"), templates=templates)
    stops = [(berit, jonas, "10:15", MORNING), (berit, jonas, "12:00", LUNCH), (berit, amira, "18:00", EVENING)]
    made = ADay(world, team, amira, jonas, berit)
    world.published(team, stops, breaks=made.breaks)
    session.commit()
    return made
