"""Empty a demo's database, so that another town can be made up in it."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.migrations.tables import all_tables

_QUEUE = ("procrastinate_jobs",)


def empty(session: Session) -> None:
    """Delete every row of every table of ours, waiting jobs included."""
    tables = [table.name for table in all_tables().sorted_tables]
    quoted = ", ".join(f'"{name}"' for name in (*tables, *_QUEUE))
    session.execute(text(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE"))
