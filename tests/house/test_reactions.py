"""What follows from an event is said in one table, for every event there is."""

from api.reactions import REACTIONS
from visits.events import Event


def kinds(root: type[Event]) -> set[type[Event]]:
    below = {kind for direct in root.__subclasses__() for kind in kinds(direct)}
    return below or {root}


def test_every_event_has_its_line() -> None:
    assert kinds(Event)
    assert {kind.__name__ for kind in kinds(Event)} == {kind.__name__ for kind in REACTIONS}
