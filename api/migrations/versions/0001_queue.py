"""What the tables lean on: exclusion constraints over ids and days, and procrastinate's queue."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    # Sent as it stands, by the driver: the schema's functions hold colons and percent signs.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())


def downgrade() -> None:
    raise NotImplementedError("before the first step there was no vardag")
