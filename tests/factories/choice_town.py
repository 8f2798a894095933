"""A citizen with home care from one of three providers, and the case officer who has decided about it."""

from dataclasses import dataclass, field

import httpx
from sqlalchemy.orm import Session

from api.auth.pretend import sign_in_address
from tests.factories.choice import chosen_team
from tests.factories.world import Cared, World
from tests.serving import Server
from visits.guard.viewer import Role
from visits.organisation import Team
from visits.people import CaseOfficer
from visits.terms import CaseOfficerId, CitizenId


@dataclass
class ChoiceTown:
    """The citizen is Astrid, with Sju Lyktor; Ängens has room; Tjärblomster has one place, which is taken."""

    session: Session
    world: World = field(init=False)
    old: Team = field(init=False)
    new: Team = field(init=False)
    full: Team = field(init=False)
    officer: CaseOfficer = field(init=False)
    astrid: Cared = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.session)
        self.new = chosen_team(self.world, "Ängens Hemvård")
        self.full = chosen_team(self.world, "Tjärblomster Omsorg", capacity=1)
        self.old = chosen_team(self.world, "Sju Lyktor Hemtjänst")
        self.officer = self.world.case_officer()
        self.astrid = self.world.cared(self.old, self.world.citizen("Astrid"), officer=self.officer)
        self.world.cared(self.full, self.world.citizen("Bertil"))
        self.session.commit()


def enter(client: httpx.Client, server: Server, role: Role, person: CitizenId | CaseOfficerId) -> None:
    """Sign in, and let the client send the session's token with whatever it changes."""
    client.get(sign_in_address(server.settings, role, person))
    client.headers["X-CSRF-Token"] = client.get("/api/v1/session").json()["csrf"]
