"""A team with two carers and three citizens, and its coordinator's browser."""

import httpx
import pytest
from sqlalchemy.orm import Session

from tests.factories.coordinating import Planned, sign_in
from tests.factories.world import World, a_template
from tests.serving import Server
from visits.guard.viewer import Role


@pytest.fixture
def planned(session: Session, server: Server, client: httpx.Client) -> Planned:
    world = World(session)
    team = world.team()
    vera, jonas = world.carer(team, "Vera"), world.carer(team, "Jonas")
    cared = [world.cared(team, templates=[a_template(window=("11:00", "14:00"))]) for _ in range(3)]
    coordinator = world.coordinator(team)
    session.commit()
    csrf = sign_in(client, server, Role.COORDINATOR, coordinator.id)
    return Planned(world, team, vera, jonas, cared, client, csrf)
