"""Column types of PostgreSQL that SQLAlchemy has no name for, as the steps write them and as the database is read."""

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Xid8(UserDefinedType[int]):
    """The id of a transaction, which never comes again."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


ischema_names["xid8"] = Xid8
