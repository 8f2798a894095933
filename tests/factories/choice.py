"""Providers to choose between, in a small world."""

import time as clock
from datetime import time

from sqlalchemy.orm import Session

from provider_choice.providers import ProviderFacts
from provider_choice.store import providers
from tests.factories.world import World
from visits.events import Event
from visits.organisation import ProviderKind, Team
from visits.store import outbox
from visits.store.outbox import Position
from visits.terms import District


def chosen_team(
    world: World,
    name: str,
    *,
    capacity: int = 10,
    districts: frozenset[District] = frozenset({District.TUMBA}),
) -> Team:
    """The one team of a private provider that has told its facts."""
    provider = world.provider(name, kind=ProviderKind.PRIVATE)
    facts = ProviderFacts(
        provider_id=provider.id,
        about=f"{name} kommer hem till dig, alla dagar i veckan.",
        languages=("sv", "fi"),
        carers=14,
        continuity=11.5,
        opens=time(8),
        closes=time(16, 30),
        capacity=capacity,
        phone="08-46500400",
        email="hej@example.se",
    )
    providers.add(world.session, [facts])
    return world.team(f"{name} grupp", provider=provider, districts=districts)


def the_event(session: Session) -> Event:
    """The one event that has been committed. It may be kept back by transactions of other databases on the tests' server."""
    ends_at = clock.monotonic() + 30
    while not (found := outbox.after(session, Position(transaction=0, id=0))):
        assert clock.monotonic() < ends_at, "no event came within 30 seconds"
        session.rollback()
        clock.sleep(0.05)
    (stored,) = found
    return stored.event
