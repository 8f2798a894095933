"""Run by Alembic for each command; the connection comes from `api.migrations.migrate`."""

from alembic import context

from api.migrations.migrate import compare_options

context.configure(connection=context.config.attributes["connection"], **compare_options())
with context.begin_transaction():
    context.run_migrations()
