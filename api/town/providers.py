"""Who delivers: the municipality's teams by area, its night team and housing support, and fictive private providers."""

from dataclasses import dataclass
from enum import StrEnum

from api.town.chance import Chance, Ids
from api.town.homes import AREAS, moved
from visits.organisation import Provider, ProviderKind, Team
from visits.terms import District, Place, ProviderId, ServiceKind, TeamId

_NORTH = tuple(district for district, area in AREAS.items() if area.northern)
_SOUTH = tuple(district for district, area in AREAS.items() if not area.northern)
_ALL = tuple(AREAS)


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How big a town is. `areas` are the municipality's teams, `private` the other providers, with their districts."""

    elders: int
    younger: int
    supported: int
    case_officers: int
    areas: dict[str, tuple[District, ...]]
    private: dict[str, tuple[District, ...]]

    @property
    def citizens(self) -> int:
        return self.elders + self.younger + self.supported


EXTENTS: dict[Size, Extent] = {
    Size.SMALL: Extent(
        elders=96,
        younger=14,
        supported=10,
        case_officers=2,
        areas={"Hemtjänst norr": _NORTH, "Hemtjänst söder": _SOUTH},
        private={"Tjärblomster Omsorg": _NORTH, "Sju Lyktor Hemtjänst": _SOUTH},
    ),
    Size.MEDIUM: Extent(
        elders=318,
        younger=50,
        supported=32,
        case_officers=5,
        areas={
            "Hemtjänst Alby–Fittja": (District.ALBY, District.FITTJA),
            "Hemtjänst Hallunda–Norsborg": (District.HALLUNDA, District.NORSBORG),
            "Hemtjänst Tumba": (District.TUMBA, District.STORVRETEN, District.VARSTA, District.GRODINGE),
            "Hemtjänst Tullinge": (District.TULLINGE,),
        },
        private={"Tjärblomster Omsorg": _NORTH, "Sju Lyktor Hemtjänst": _SOUTH, "Havtornets Hemvård": _ALL},
    ),
    Size.LARGE: Extent(
        elders=980,
        younger=160,
        supported=90,
        case_officers=14,
        areas={
            "Hemtjänst Alby–Fittja": (District.ALBY, District.FITTJA),
            "Hemtjänst Hallunda–Norsborg": (District.HALLUNDA, District.NORSBORG),
            "Hemtjänst Tumba–Storvreten": (District.TUMBA, District.STORVRETEN),
            "Hemtjänst Tullinge": (District.TULLINGE,),
            "Hemtjänst Vårsta–Grödinge": (District.VARSTA, District.GRODINGE),
        },
        private={
            "Tjärblomster Omsorg": _NORTH,
            "Sju Lyktor Hemtjänst": _SOUTH,
            "Havtornets Hemvård": _ALL,
            "Kvällsdagg Hemtjänst": _NORTH,
        },
    ),
}

MUNICIPAL_SHARE = 0.8
"""Of those with home care; the rest have chosen one of the private providers (reference, 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The providers, and which team comes to whom."""

    providers: tuple[Provider, ...]
    areas: tuple[Team, ...]
    private: tuple[Team, ...]
    night: Team
    support: Team

    @property
    def teams(self) -> tuple[Team, ...]:
        return (*self.areas, self.night, self.support, *self.private)

    def chosen(self, chance: Chance, district: District, *, municipal: bool) -> Team:
        """The home-care team of somebody in this district."""
        offered = self.areas if municipal else self.private
        return chance.pick([team for team in offered if district in team.districts])


def organisation(ids: Ids, extent: Extent) -> Organisation:
    municipal = _provider(ids, "Kommunens hemtjänst", ProviderKind.MUNICIPAL)
    private = {name: _provider(ids, name, ProviderKind.PRIVATE) for name in extent.private}
    return Organisation(
        providers=(municipal, *private.values()),
        areas=tuple(_team(ids, municipal, name, where) for name, where in extent.areas.items()),
        private=tuple(_team(ids, private[name], name, where) for name, where in extent.private.items()),
        night=_team(ids, municipal, "Nattpatrullen", _ALL, ServiceKind.NIGHT_CARE),
        support=_team(ids, municipal, "Boendestöd", _ALL, ServiceKind.HOUSING_SUPPORT),
    )


def _provider(ids: Ids, name: str, kind: ProviderKind) -> Provider:
    return Provider(id=ProviderId(ids.next("provider")), name=name, kind=kind)


def _team(
    ids: Ids,
    provider: Provider,
    name: str,
    districts: tuple[District, ...],
    kind: ServiceKind = ServiceKind.HOME_CARE,
) -> Team:
    return Team(
        id=TeamId(ids.next("team")),
        provider_id=provider.id,
        name=name,
        kind=kind,
        districts=frozenset(districts),
        start=_premises(districts),
    )


def _premises(districts: tuple[District, ...]) -> Place:
    """A team starts near the middle of the district where most of its citizens live."""
    biggest = max(districts, key=lambda district: AREAS[district].elders)
    return moved(AREAS[biggest].centre, north_metres=-120, east_metres=90)
