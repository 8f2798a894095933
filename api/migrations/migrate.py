"""Bring a database to the newest step, and tell whether it is there."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Engine, Enum, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.types import UserDefinedType

from api.migrations import column_types  # noqa: F401 - makes PostgreSQL's own types known
from api.migrations.tables import all_tables
from visits.store.base import Instant
from visits.store.columns import Days

_ONE_AT_A_TIME = 7_020_411_205_302
"""Key of the advisory lock: of several processes that start at once, one migrates and the others wait."""
_NOT_OURS = ("procrastinate_",)


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the database to step `to`, all in one transaction."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        command.upgrade(config(connection), to)


def at_head(connection: Connection) -> bool:
    """Whether every step has been taken here."""
    wanted = set(ScriptDirectory.from_config(config(connection)).get_heads())
    return set(MigrationContext.configure(connection).get_current_heads()) == wanted


def differences(connection: Connection) -> list[str]:
    """What the tables in the code have and the migrated database lacks, or the other way round."""
    tables = all_tables()
    found = compare_metadata(MigrationContext.configure(connection, opts=compare_options()), tables)
    return [str(one) for one in found] + _missing_constraints(connection)


def _missing_constraints(connection: Connection) -> list[str]:
    """Exclusion and check constraints, which Alembic does not compare."""
    known = set(connection.scalars(text("SELECT conname FROM pg_constraint WHERE contype IN ('x', 'c')")))
    return [
        f"constraint {constraint.name} of {table.name} is in no migration"
        for table in all_tables().sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, ExcludeConstraint | CheckConstraint) and str(constraint.name) not in known
    ]


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def compare_options() -> dict[str, Any]:
    return {
        "target_metadata": all_tables(),
        "include_name": _is_ours,
        "render_item": _render,
        "compare_server_default": True,
        "compare_type": True,
    }


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith(_NOT_OURS)


def _render(kind: str, item: object, context: AutogenContext) -> str | bool:
    """Write a step in plain database types: it must mean the same when our own column types have changed."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Days):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.DATERANGE()"
    if kind == "type" and isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, UserDefinedType):
        name = item.get_col_spec().capitalize()
        context.imports.add(f"from api.migrations.column_types import {name}")
        return f"{name}()"
    return False
