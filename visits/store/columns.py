"""The kinds of column in which the record's words, days and ids are kept."""

import enum
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, String, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, Range
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from visits.terms import Period

UUIDS = ARRAY(Uuid)
STRINGS = ARRAY(String)


def words(members: type[enum.StrEnum]) -> Enum:
    """Text with the members' values, checked on both ways; a new member needs no ALTER TYPE."""
    return Enum(
        members,
        native_enum=False,
        length=64,
        values_callable=lambda kind: [member.value for member in kind],
        validate_strings=True,
        create_constraint=False,
    )


class Days(TypeDecorator[Period]):
    """A `Period` as `daterange`, so that the database itself can refuse two truths that overlap."""

    impl = DATERANGE
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> Range[object] | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        upper = None if value.last_on is None else value.last_on + timedelta(days=1)
        return Range(value.first_on, upper, bounds="[)")

    def process_result_value(self, value: Range[object] | None, dialect: Dialect) -> Period | None:  # noqa: ARG002 - as above
        if value is None or value.lower is None:
            return None
        upper = value.upper
        return Period(value.lower, None if upper is None else upper - timedelta(days=1))  # type: ignore[arg-type,operator]


def plain(values: Iterable[enum.StrEnum]) -> list[str]:
    """Enum members as the sorted texts an array column holds."""
    return sorted(value.value for value in values)


def ids(values: Iterable[UUID]) -> list[UUID]:
    """Ids in a stable order, for array columns and `= ANY`."""
    return sorted(set(values))


def among(column: ColumnElement[Any], wanted: Iterable[UUID]) -> ColumnElement[bool]:
    """The column holds one of these ids: one array parameter, however many there are (`IN` would make one for each)."""
    return column == any_(literal(ids(wanted), UUIDS))
