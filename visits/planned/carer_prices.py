"""What it costs that this carer or that comes to a citizen, in seconds of travel: the same few faces, as far as the way allows.

Continuity is counted as different people met in fourteen days (domain reference 4.1). So a carer whom the citizen meets on another
of these days is cheap, the more so the more days they share, and a new face is dear.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from visits.terms import CarerId

NEW_FACE_COST = 600
"""Somebody whom the citizen does not know, where it is only known whom they do: ten minutes on the road."""
MANY_FACES = 8
"""From so many on, each further face costs more than the one before: the best municipality's mean (domain reference 4.1)."""
CONTACT_DAYS = 7
"""The fixed care contact counts as somebody who comes every other day, also before the first time."""
OFTEN_VISITED = 30
"""Whoever has so many visits in a fortnight pays the whole price of a new face; others pay by their share of it, because they
cannot meet many people however they are planned.
"""


@dataclass(frozen=True, slots=True)
class CarerPrices:
    """The prices of some carers, and that of everybody else."""

    of: Mapping[CarerId, int] = field(default_factory=dict)
    other: int = 0


def known(carers: Iterable[CarerId]) -> CarerPrices:
    """Nothing for whom the citizen knows; for everybody else the more, the more faces there are already."""
    own = frozenset(carers)
    if not own:
        return CarerPrices()
    beyond = max(0, len(own) - MANY_FACES)
    return CarerPrices(dict.fromkeys(own, 0), NEW_FACE_COST * (MANY_FACES + beyond) // MANY_FACES)


def shared_days(
    days: Mapping[CarerId, int], *, contact: CarerId | None, visits: int, new_face_cost: int
) -> CarerPrices:
    """Graded by on how many other days of the fortnight each carer comes: the whole price for none, half of it for one, and so on.

    `visits` are the citizen's in the fortnight.
    """
    whole = new_face_cost * min(visits, OFTEN_VISITED) // OFTEN_VISITED
    met = dict(days)
    if contact is not None:
        met[contact] = met.get(contact, 0) + CONTACT_DAYS
    return CarerPrices({carer: whole // (1 + count) for carer, count in met.items()}, whole)
