"""The whole day of one person as it is sent: to an open socket, and as the answer to a plain GET, by one schema."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict

from api import i18n

_OPAQUE_BYTES = 9


class Snapshot(BaseModel):
    """What every live page is told; each audience adds its own fields.

    A page shows a snapshot only if `of` is whom it was opened for, and only if `revision` is not below the one it shows for
    the same day `on`: so neither a late message nor a change of user in another tab shows what is not true or not theirs.
    """

    model_config = ConfigDict(frozen=True)

    of: str
    """Whose day, by `whose`."""
    on: date
    revision: int
    at: datetime
    """When this was true."""


def whose(person_id: UUID) -> str:
    """A name for a person that says nothing about them, for pages to compare."""
    return hashlib.blake2b(person_id.bytes, digest_size=_OPAQUE_BYTES, person=b"vardag/whose").hexdigest()


def etag(person_id: UUID, *, on: date, revision: int) -> str:
    """The tag of a snapshot's content as this reader gets it. Equal tags, equal content but for `at`."""
    return f'"{whose(person_id)}.{on:%Y%m%d}.{revision}.{i18n.language()}"'


def not_modified(request: Request, tag: str) -> Response | None:
    """304 when the reader says that it has this content already (RFC 9110 13.1.2), else None."""
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag not in known and "*" not in known:
        return None
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
