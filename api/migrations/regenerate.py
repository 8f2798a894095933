"""``python -m api.migrations.regenerate``: write the step that makes all tables anew.

For as long as nothing is released there is one such step, ``0002_tables.py``; afterwards each change gets a step of
its own.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.operations.ops import ExecuteSQLOp, MigrationScript

from api.migrations.migrate import config, migrate
from api.migrations.tables import all_tables
from visits.store.checkins import FACTS_ARE_KEPT
from visits.store.database import make_engine
from visits.store.embedded import EmbeddedPostgres
from visits.store.incidents import INCIDENTS_ARE_KEPT
from visits.store.orders import NO_GAP_BETWEEN_ORDERS, WITHIN_DECISION

_STEP = "0002"


def regenerate() -> Path:
    all_tables()  # a store that cannot be imported must not cost us the step we have
    versions = Path(__file__).parent / "versions"
    path = versions / f"{_STEP}_tables.py"
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="vardag-") as folder, EmbeddedPostgres(Path(folder)) as server:
        engine = make_engine(server.database("scratch"))
        migrate(engine)
        with engine.begin() as connection:
            command.revision(
                config(connection),
                message="tables",
                autogenerate=True,
                rev_id=_STEP,
                process_revision_directives=_add_what_alembic_cannot_see,
            )
        engine.dispose()
    return path


def _add_what_alembic_cannot_see(_context: object, _revision: object, directives: list[MigrationScript]) -> None:
    """The triggers behind what the tables keep themselves: written out, so that the step means the same later on."""
    for step in directives:
        if step.upgrade_ops is not None:
            step.upgrade_ops.ops += [
                ExecuteSQLOp(NO_GAP_BETWEEN_ORDERS),
                ExecuteSQLOp(WITHIN_DECISION),
                ExecuteSQLOp(FACTS_ARE_KEPT),
                ExecuteSQLOp(INCIDENTS_ARE_KEPT),
            ]


if __name__ == "__main__":
    sys.stdout.write(f"wrote {regenerate()}\n")
