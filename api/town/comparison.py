"""What citizens can compare about the town's providers. One private provider is full, so that the queue can be seen."""

from datetime import time

from api.town.chance import Ids
from provider_choice.providers import ProviderFacts
from visits.organisation import Provider, ProviderKind
from visits.planned.register import Register
from visits.terms import ServiceKind

_MUNICIPAL = (
    "Kommunens egen hemtjänst finns i hela kommunen. "
    "Du får en fast grupp nära dig och en fast omsorgskontakt som du lär känna."
)
_PRIVATE = (
    "Liten grupp som arbetar nära där du bor. Samma personer kommer så ofta det går, och du kan önska vilken tid.",
    "Vi är vana vid att tala flera språk och lagar gärna maten från grunden. Kontoret svarar alltid på vardagar.",
    "Vi kommer i hela kommunen med bil. Alla nya kunder får ett hembesök av gruppchefen den första veckan.",
    "Familjeföretag med många undersköterskor. Vi skriver genomförandeplanen tillsammans med dig, hemma hos dig.",
)
_MUNICIPAL_ROOM = 1.5
_PRIVATE_ROOM = 1.4


def provider_facts(register: Register, seed: int) -> tuple[ProviderFacts, ...]:
    """Facts about every provider of home care in the register."""
    private = [provider for provider in register.providers if provider.kind is ProviderKind.PRIVATE]
    full = private[-1].id if len(private) > 1 else None
    return tuple(
        _facts(register, seed, place, provider, full=provider.id == full)
        for place, provider in enumerate(register.providers)
    )


def _facts(register: Register, seed: int, place: int, provider: Provider, *, full: bool) -> ProviderFacts:
    chance = Ids(seed).chance(f"facts/{provider.name}")
    municipal = provider.kind is ProviderKind.MUNICIPAL
    teams = {
        team.id for team in register.teams if team.provider_id == provider.id and team.kind is ServiceKind.HOME_CARE
    }
    carers = [carer for carer in register.carers if carer.team_id in teams]
    taken = sum(order.team_id in teams for order in register.orders)
    spoken = {language for carer in carers for language in carer.languages}
    last = 600 + 13 * (place + 1)
    return ProviderFacts(
        provider_id=provider.id,
        about=_MUNICIPAL if municipal else _PRIVATE[(place - 1) % len(_PRIVATE)],
        languages=("sv", *sorted(spoken - {"sv"})),
        carers=len(carers),
        continuity=round(chance.number(12, 16) if municipal else chance.number(8, 13), 1),
        opens=time(7, 30) if municipal else time(8),
        closes=time(16, 30) if municipal else time(17),
        capacity=taken if full else round(taken * (_MUNICIPAL_ROOM if municipal else _PRIVATE_ROOM)) + 1,
        phone=f"08-465 004 {last % 100:02d}",
        email=f"hemtjanst{place + 1}@vardag.example",
    )
