"""The words, ids and measures that every floor of the record shares (the glossary is `docs/glossary.md`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID
from zoneinfo import ZoneInfo

from visits.errors import Invalid

CitizenId = NewType("CitizenId", UUID)
CarerId = NewType("CarerId", UUID)
CoordinatorId = NewType("CoordinatorId", UUID)
CaseOfficerId = NewType("CaseOfficerId", UUID)
ManagerId = NewType("ManagerId", UUID)
RelativeId = NewType("RelativeId", UUID)
ProviderId = NewType("ProviderId", UUID)
TeamId = NewType("TeamId", UUID)
DecisionId = NewType("DecisionId", UUID)
GrantedServiceId = NewType("GrantedServiceId", UUID)
OrderId = NewType("OrderId", UUID)
CarePlanId = NewType("CarePlanId", UUID)
VisitTemplateId = NewType("VisitTemplateId", UUID)
ShiftId = NewType("ShiftId", UUID)
ScheduleId = NewType("ScheduleId", UUID)
VisitId = NewType("VisitId", UUID)
FactId = NewType("FactId", UUID)
RunId = NewType("RunId", UUID)
PhoneId = NewType("PhoneId", UUID)
TagId = NewType("TagId", UUID)
LetInId = NewType("LetInId", UUID)
IncidentId = NewType("IncidentId", UUID)

Minutes = NewType("Minutes", int)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class ServiceKind(StrEnum):
    """The services a citizen may hold one order each of at a time.

    Night care is its own kind because nights belong to the municipality's night team whichever provider is chosen.
    """

    HOME_CARE = "home_care"
    NIGHT_CARE = "night_care"
    HOUSING_SUPPORT = "housing_support"


class ServiceCode(StrEnum):
    """What help is given: the catalogue in which decisions and care plans are written."""

    MORNING = "morning"
    LUNCH = "lunch"
    EVENING = "evening"
    BEDTIME = "bedtime"
    NIGHT = "night"
    CHECK = "check"
    SHOWER = "shower"
    SELF_CARE = "self_care"
    BED = "bed"
    DISHES = "dishes"
    MAIL = "mail"
    SHOPPING = "shopping"
    PHARMACY = "pharmacy"
    CLEANING = "cleaning"
    LIGHT_CLEANING = "light_cleaning"
    WINDOWS = "windows"
    LAUNDRY = "laundry"
    WALK = "walk"
    ESCORT = "escort"
    RESPITE = "respite"
    CHILD = "child"
    MEAL_DELIVERY = "meal_delivery"
    ALARM_VISIT = "alarm_visit"
    SUPPORT = "support"


class Skill(StrEnum):
    """What a visit may demand of whoever comes."""

    ASSISTANT_NURSE = "assistant_nurse"
    DELEGATION = "delegation"
    LIFT = "lift"
    HOUSING_SUPPORT = "housing_support"


class Title(StrEnum):
    ASSISTANT_NURSE = "assistant_nurse"
    CARE_ASSISTANT = "care_assistant"
    HOUSING_SUPPORT_WORKER = "housing_support_worker"


class AbsenceReason(StrEnum):
    """Why a citizen is away: what the strip tells apart (domain reference 2.4)."""

    HOSPITAL = "hospital"
    TRAVEL = "travel"
    RESPITE = "respite"
    """Short stay or respite care (korttidsboende, växelvård)."""
    OTHER = "other"


class TravelMode(StrEnum):
    WALK = "walk"
    BICYCLE = "bicycle"
    CAR = "car"


class District(StrEnum):
    """The districts (kommundelar) of the municipality that the synthetic town stands in."""

    ALBY = "Alby"
    FITTJA = "Fittja"
    HALLUNDA = "Hallunda"
    NORSBORG = "Norsborg"
    TUMBA = "Tumba"
    STORVRETEN = "Storvreten"
    TULLINGE = "Tullinge"
    VARSTA = "Vårsta"
    GRODINGE = "Grödinge"


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, WGS84 degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not -90 <= self.lat <= 90:
            raise Invalid(field="lat", value=self.lat, why="must be a latitude between -90 and 90")
        if not -180 <= self.lon <= 180:
            raise Invalid(field="lon", value=self.lon, why="must be a longitude between -180 and 180")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included; `last_on` None means until further notice."""

    first_on: date
    last_on: date | None = None

    def __post_init__(self) -> None:
        if self.last_on is not None and self.last_on < self.first_on:
            raise Invalid(field="last_on", value=self.last_on, why=f"lies before the first day {self.first_on}")

    def __contains__(self, on: date) -> bool:
        return self.first_on <= on and (self.last_on is None or on <= self.last_on)

    def overlaps(self, other: "Period") -> bool:
        return (other.last_on is None or self.first_on <= other.last_on) and (
            self.last_on is None or other.first_on <= self.last_on
        )

    def within(self, other: "Period") -> "Period | None":
        """The days that both share, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.last_on, other.last_on) if end is not None]
        return Period(max(self.first_on, other.first_on), min(ends) if ends else None)

    @property
    def days(self) -> int:
        """How many days; asked of an open-ended period it raises `Invalid`."""
        return (self._closed_end() - self.first_on).days + 1

    def __iter__(self) -> Iterator[date]:
        end = self._closed_end()
        on = self.first_on
        while on <= end:
            yield on
            on += timedelta(days=1)

    def _closed_end(self) -> date:
        if self.last_on is None:
            raise Invalid(field="last_on", value=None, why="an open-ended period has no number of days")
        return self.last_on


def check_text(value: str, *, field: str, at_most: int) -> None:
    """`Invalid` when a text is longer than `at_most` characters, or holds what no text does and no database keeps."""
    if len(value) > at_most:
        raise Invalid(field=field, value=f"{len(value)} characters", why=f"at most {at_most} characters")
    if any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value):
        raise Invalid(field=field, value=value, why="holds a character that is none: U+0000 or half a pair")


def instant(on: date, wall: time) -> datetime:
    """The instant, in UTC, at which the clocks of Stockholm show `wall` on the day `on`.

    On the night when the clock goes back, a time that comes twice is taken the first time; on the night when it goes
    forward, a time that never comes is taken as far after the jump as it was after the last hour shown (02:30 becomes 03:30).
    """
    return datetime.combine(on, wall, tzinfo=STOCKHOLM).astimezone(UTC)


def nearest(wall: time, to: datetime) -> datetime:
    """The instant at which the clocks of Stockholm show `wall`, on the day that brings it nearest to another instant."""
    day = local_day(to)
    return min((instant(day + timedelta(days=days), wall) for days in (-1, 0, 1)), key=lambda at: abs(at - to))


def local_day(at: datetime) -> date:
    """The day that it is in Stockholm at the instant `at`."""
    return at.astimezone(STOCKHOLM).date()


def midnight(on: date) -> datetime:
    """When the day `on` begins in Stockholm; the next one begins 23, 24 or 25 hours later."""
    return instant(on, time(0, 0))
