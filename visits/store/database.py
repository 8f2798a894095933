"""The way to PostgreSQL: one engine for each process, sessions that commit only when `api.work` or a run says so."""

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

_DRIVER = "postgresql+psycopg"
_ACCEPTED = frozenset({"postgres", "postgresql", _DRIVER})


def database_address(url: str | URL) -> URL:
    """The address as SQLAlchemy reads it, whatever way of writing ``postgres://`` was used.

    :raises ValueError: if it is not the address of a PostgreSQL database.
    """
    address = make_url(url)
    if address.drivername not in _ACCEPTED:
        raise ValueError(f"vardag needs PostgreSQL (postgresql://…), got an address of {address.drivername!r}")
    return address.set(drivername=_DRIVER)


def libpq_address(url: str | URL) -> str:
    """The same address for libpq itself: for psycopg's own connections (``LISTEN``) and for procrastinate.

    Holds the password in clear: never log it.
    """
    return database_address(url).set(drivername="postgresql").render_as_string(hide_password=False)


def make_engine(url: str | URL, *, pool_size: int = 10, application_name: str = "vardag") -> Engine:
    """One pool of connections for this process, all speaking UTC; a dead connection is replaced before it is used."""
    return create_engine(
        database_address(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={
            "connect_timeout": 5,
            "application_name": application_name,
            "options": "-c timezone=UTC",
        },
    )


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that never expire what they have read (rows leave `store` as frozen records anyhow)."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=True)
