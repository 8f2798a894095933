"""Column types of PostgreSQL that SQLAlchemy has no name for, as the steps write them."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class DatabaseType(UserDefinedType[Any]):
    """A type by the name that PostgreSQL knows, such as ``xid8``."""

    cache_ok = True

    def __init__(self, spec: str) -> None:
        self.spec = spec

    def get_col_spec(self, **_options: object) -> str:
        return self.spec
