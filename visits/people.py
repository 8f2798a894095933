"""The people: who gets help and who is close to them, who comes, who plans, who answers for it and who decides."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from personnummer import personnummer as personnummer_format

from visits.errors import Invalid
from visits.terms import (
    CarerId,
    CaseOfficerId,
    CitizenId,
    CoordinatorId,
    District,
    ManagerId,
    Period,
    Place,
    ProviderId,
    RelativeId,
    TeamId,
    Title,
    TravelMode,
)


class Personnummer:
    """A Swedish personal identity number, twelve digits; prints masked, so that no log or trace ever shows it.

    Never an id, never in a URL, event or feed. Raises `Invalid` (without the value) when the number is not one.
    """

    __slots__ = ("_digits",)

    def __init__(self, digits: str) -> None:
        try:
            parsed = personnummer_format.parse(digits)
        except Exception as error:
            raise Invalid(field="personnummer", value="***", why="is not a Swedish personal identity number") from error
        self._digits: str = parsed.format(long_format=True)

    def reveal(self) -> str:
        """The twelve digits, for the one who stores them or shows them to the person's own case officer."""
        return self._digits

    @property
    def born_on(self) -> date:
        return date(int(self._digits[:4]), int(self._digits[4:6]), int(self._digits[6:8]) % 60)

    def __str__(self) -> str:
        return f"{self._digits[:8]}-****"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Personnummer) and other._digits == self._digits

    def __hash__(self) -> int:
        return hash(self._digits)


class ProtectedIdentity(StrEnum):
    """The three grades of protection in the population register (OSL 21:3, 22:1; domain reference 6.7)."""

    SECRECY_MARK = "secrecy_mark"
    PROTECTED_REGISTRATION = "protected_registration"
    ASSUMED_IDENTITY = "assumed_identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Somebody who gets help at home. `access_notes` is what a carer must know at the door, and nobody else."""

    id: CitizenId
    personnummer: Personnummer
    given_name: str
    family_name: str
    address: str
    place: Place
    district: District
    phone: str
    language: str = "sv"
    access_notes: str = ""
    protected: ProtectedIdentity | None = None
    fixed_care_contact: CarerId | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody who visits. Citizens see `shown_name` and title, never the family name."""

    id: CarerId
    team_id: TeamId
    given_name: str
    family_name: str
    title: Title
    mode: TravelMode
    languages: tuple[str, ...] = ("sv",)
    can_lift: bool = True

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def shown_name(self) -> str:
        return self.given_name


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDelegation:
    """A health task handed over to one carer, personally and for a time: at most a year (HSLF-FS 2017:37)."""

    carer_id: CarerId
    task: str
    valid: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinator:
    id: CoordinatorId
    team_id: TeamId
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfficer:
    id: CaseOfficerId
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """Answers for a provider's work: sees its sums, and what has gone wrong."""

    id: ManagerId
    provider_id: ProviderId
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Somebody close to a citizen, who sees what the citizen has let them see."""

    id: RelativeId
    given_name: str
    family_name: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"
