"""Where each role can go: the start page first. Shown in the head of every page."""

from dataclasses import dataclass

from api.i18n import N_
from visits.guard.viewer import Role


@dataclass(frozen=True, slots=True)
class Door:
    address: str
    label: str
    """Swedish; translated where it is shown."""


NAVIGATION: dict[Role, tuple[Door, ...]] = {
    Role.CITIZEN: (
        Door("/idag", N_("Idag")),
        Door("/min-tid", N_("Min tid")),
        Door("/utforare", N_("Utförare")),
        Door("/mina-narstaende", N_("Närstående")),
        Door("/kalender", N_("Kalender")),
    ),
    Role.CARER: (Door("/pass", N_("Mitt pass")), Door("/kalender", N_("Kalender"))),
    Role.COORDINATOR: (
        Door("/planering", N_("Planering")),
        Door("/planering/tva-veckor", N_("Två veckor")),
        Door("/planering/avvikelser", N_("Avvikelser")),
        Door("/planering/bemanning", N_("Bemanning")),
        Door("/planering/planer", N_("Planer")),
        Door("/planering/tid", N_("Tid")),
        Door("/planering/nyckeltal", N_("Nyckeltal")),
        Door("/planering/telefoner", N_("Telefoner")),
        Door("/avvikelse/anmal", N_("Anmäl händelse")),
    ),
    Role.CASE_OFFICER: (
        Door("/arenden", N_("Ärenden")),
        Door("/arenden/bevakning", N_("Bevakning")),
        Door("/arenden/uppfoljning", N_("Uppföljning")),
    ),
    Role.MANAGER: (
        Door("/verksamhet", N_("Verksamheten")),
        Door("/verksamhet/tid", N_("Tid")),
        Door("/verksamhet/nyckeltal", N_("Nyckeltal")),
        Door("/verksamhet/avvikelser", N_("Händelser")),
    ),
    Role.RELATIVE: (Door("/narstaende", N_("Närstående")),),
}


def home_of(role: Role) -> str:
    """The page on which somebody lands after signing in."""
    return NAVIGATION[role][0].address
