"""``python -m api.migrations.check``: the steps make exactly the tables that the code knows."""

import sys
import tempfile
from pathlib import Path

from api.migrations.migrate import differences, migrate
from visits.store.database import make_engine
from visits.store.embedded import EmbeddedPostgres


def check() -> list[str]:
    """What differs, on a database that was made just now by migrating."""
    with tempfile.TemporaryDirectory(prefix="vardag-") as folder, EmbeddedPostgres(Path(folder)) as server:
        engine = make_engine(server.database("scratch"))
        try:
            migrate(engine)
            with engine.connect() as connection:
                return differences(connection)
        finally:
            engine.dispose()


if __name__ == "__main__":
    found = check()
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write("migrations and tables differ\n" if found else "migrations match tables\n")
    sys.exit(1 if found else 0)
