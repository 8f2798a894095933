"""Who delivers: providers, and the teams in which their carers work."""

from dataclasses import dataclass
from enum import StrEnum

from visits.terms import District, Place, ProviderId, ServiceKind, TeamId


class ProviderKind(StrEnum):
    MUNICIPAL = "municipal"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A deliverer of help. Facts for comparison are kept by `provider_choice`."""

    id: ProviderId
    name: str
    kind: ProviderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Carers who share an area, a starting place and a coordinator."""

    id: TeamId
    provider_id: ProviderId
    name: str
    kind: ServiceKind
    districts: frozenset[District]
    start: Place
