"""For the machines around us: whether the process runs, and whether it can do its work."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from api.auth.access import public
from api.house import HouseDep
from api.migrations.migrate import at_head

router = APIRouter(tags=["health"])


@router.get("/healthz", dependencies=[public(reason="tells only that the process runs")])
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", dependencies=[public(reason="tells only whether the database is reachable and migrated")])
def readyz(house: HouseDep) -> Response:
    """200 when requests can be served; 503 with the reason when they cannot."""
    try:
        with house.engine.connect() as connection:
            migrated = at_head(connection)
    except SQLAlchemyError:
        return JSONResponse({"status": "no", "database": "unreachable"}, status_code=503)
    if not migrated:
        return JSONResponse({"status": "no", "database": "reachable", "migrations": "behind"}, status_code=503)
    return JSONResponse({"status": "ok", "database": "reachable", "migrations": "at head"})
