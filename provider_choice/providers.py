"""What a citizen can compare: the same few facts about every provider, in an order that favours nobody.

The authority must inform about all providers, factually, relevantly, comparably and understandably (lagen om valfrihetssystem
2008:962, 9 kap. 1 §), and may neither choose nor recommend (domain reference 5.1).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from visits.errors import Invalid
from visits.organisation import Provider, Team
from visits.terms import District, ProviderId, ServiceKind, TeamId

_SHORT = 400
_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "ü": "y"})
"""Swedish letters after z, in their own order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What a provider tells about its home care, in the municipality's words; where it works is told by its teams.

    `about` is a few sentences in Swedish; `languages` are BCP 47 tags of what the carers speak; `continuity` is the mean number of
    different carers a citizen meets in 14 days (None where it is not measured yet); `opens` to `closes` is when the office answers
    on weekdays, local time; `capacity` is the greatest number of citizens that the agreement allows at once.
    """

    provider_id: ProviderId
    about: str
    languages: tuple[str, ...]
    carers: int
    continuity: float | None
    opens: time
    closes: time
    capacity: int
    phone: str
    email: str

    def __post_init__(self) -> None:
        if not 0 < len(self.about) <= _SHORT:
            raise Invalid(field="about", value=self.about, why=f"must say something, in at most {_SHORT} characters")
        if not self.languages:
            raise Invalid(field="languages", value=self.languages, why="the carers speak at least one language")
        if self.carers < 1:
            raise Invalid(field="carers", value=self.carers, why="a provider has at least one carer")
        if self.continuity is not None and self.continuity < 1:
            raise Invalid(field="continuity", value=self.continuity, why="a citizen who is visited meets somebody")
        if self.closes <= self.opens:
            raise Invalid(field="closes", value=self.closes, why=f"lies before the office opens ({self.opens})")
        if self.capacity < 0:
            raise Invalid(field="capacity", value=self.capacity, why="cannot be less than nobody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider as it is open to one citizen: `team_id` is who would come, `taken` how many places are already taken."""

    provider: Provider
    facts: ProviderFacts
    team_id: TeamId
    districts: frozenset[District]
    taken: int

    @property
    def open_places(self) -> int:
        return max(0, self.facts.capacity - self.taken)

    @property
    def is_full(self) -> bool:
        return self.open_places == 0


def offers_in(
    district: District,
    *,
    providers: Iterable[Provider],
    teams: Collection[Team],
    facts: Mapping[ProviderId, ProviderFacts],
    taken: Mapping[ProviderId, int],
) -> tuple[Offer, ...]:
    """The providers of home care that serve the district and have told their facts, full ones too, in alphabetical order."""
    found = []
    for provider in providers:
        own = [team for team in teams if team.provider_id == provider.id and team.kind is ServiceKind.HOME_CARE]
        serving = serving_team(own, district)
        if serving is None or provider.id not in facts:
            continue
        found.append(
            Offer(
                provider=provider,
                facts=facts[provider.id],
                team_id=serving.id,
                districts=frozenset[District]().union(*(team.districts for team in own)),
                taken=taken.get(provider.id, 0),
            )
        )
    return tuple(sorted(found, key=lambda offer: alphabetical(offer.provider.name)))


def serving_team(teams: Iterable[Team], district: District) -> Team | None:
    """Who of these teams comes to the district; of several, always the one whose name comes first."""
    return min((team for team in teams if district in team.districts), key=lambda team: team.name, default=None)


def alphabetical(name: str) -> tuple[str, str]:
    """The place of a name in Swedish alphabetical order: å, ä, ö after z."""
    return name.casefold().translate(_LETTERS), name
