"""The database that migrating makes is the one that the code believes in."""

from sqlalchemy import Engine, text

from api.migrations.migrate import at_head, differences, migrate


def test_migrating_makes_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        assert at_head(connection)
        assert differences(connection) == []


def test_a_column_that_no_step_has_made_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE citizens DROP COLUMN phone"))
        found = differences(connection)
    assert len(found) == 1
    assert "add_column" in found[0]
    assert "phone" in found[0]


def test_an_exclusion_constraint_that_no_step_has_made_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        name = connection.scalar(
            text("SELECT conname FROM pg_constraint WHERE contype = 'x' AND conrelid = 'service_orders'::regclass")
        )
        connection.execute(text(f'ALTER TABLE service_orders DROP CONSTRAINT "{name}"'))
        assert differences(connection) == [f"constraint {name} of service_orders is in no migration"]


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert at_head(connection)


def test_the_queue_of_background_runs_is_there(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
