"""The one place where the parts are joined."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import QueuePool
from starlette.staticfiles import StaticFiles

from api import health, logs, metrics, problems
from api.auth import routes as auth_routes
from api.auth.access import recognise
from api.auth.pretend import Pretend
from api.carer import pages as carer_pages
from api.carer import phone as carer_phone
from api.carer import routes as carer_routes
from api.carer import shell as carer_shell
from api.case_officer import follow_up
from api.case_officer import pages as case_officer_pages
from api.case_officer import routes as case_officer_routes
from api.citizen import choosing, choosing_routes
from api.citizen import pages as citizen_pages
from api.citizen import relatives as citizen_relatives
from api.citizen import routes as citizen_routes
from api.citizen import time as citizen_time
from api.coordinator import routes as coordinator_routes
from api.edge import Edge
from api.feeds import routes as feeds_routes
from api.headers import SecurityHeaders
from api.house import House, make_house
from api.incidents import handling, reporting
from api.live.hub import Hub
from api.live.running import live
from api.manager import pages as manager_pages
from api.manager import time as manager_time
from api.pages import rooms_with
from api.reactions import REACTIONS
from api.relative import pages as relative_pages
from api.relative import routes as relative_routes
from api.relative import time as relative_time
from api.runs import routes as runs_routes
from api.runs.worker import working
from api.settings import Settings, settings_from_environment

_STEP_SECONDS, _PATIENCE_STEPS = 0.05, 100


def create_app(settings: Settings) -> FastAPI:
    """The application for a migrated database at ``settings.database_url``.

    :raises ValueError: if the settings name no database (``vardag serve`` starts one and fills in its address).
    """
    house = make_house(settings)
    app = FastAPI(
        title="vardag",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # "/idag/" is not a page: an unknown route is told as such instead of being led elsewhere.
        redirect_slashes=False,
    )
    app.state.house = house
    app.state.hub = Hub(house)
    problems.install(app, recognise=recognise)
    _add_routes(app, settings)
    for room, folder in rooms_with("static").items():
        app.mount(f"/static/{room}", StaticFiles(directory=folder), name=f"static-{room}")
    # The last one added is the outermost.
    app.add_middleware(Edge, hosts=settings.hosts)
    app.add_middleware(SecurityHeaders, https_only=not settings.demo)
    app.add_middleware(metrics.RequestMetrics)
    app.add_middleware(logs.RequestLog)
    return app


def app_from_environment() -> FastAPI:
    """For uvicorn, which makes the application anew in each of its processes."""
    settings = settings_from_environment()
    logs.set_up(settings.log_level)
    return create_app(settings)


def _add_routes(app: FastAPI, settings: Settings) -> None:
    """Every room's routes."""
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(auth_routes.router)
    app.include_router(citizen_routes.router)
    app.include_router(citizen_pages.router)
    app.include_router(choosing_routes.router)
    app.include_router(choosing.router)
    app.include_router(case_officer_routes.router)
    app.include_router(follow_up.router)  # before the cases, so that "uppfoljning" is not read as somebody's id
    app.include_router(case_officer_pages.router)
    app.include_router(citizen_time.router)
    app.include_router(citizen_relatives.router)
    app.include_router(carer_routes.router)
    app.include_router(carer_pages.router)
    app.include_router(carer_phone.router)
    app.include_router(carer_shell.router)
    app.include_router(feeds_routes.router)
    app.include_router(runs_routes.router)
    app.include_router(coordinator_routes.router)
    app.include_router(reporting.router)
    app.include_router(handling.router)
    app.include_router(manager_pages.router)
    app.include_router(manager_time.router)
    app.include_router(relative_routes.router)
    app.include_router(relative_pages.router)
    app.include_router(relative_time.router)
    if settings.pretend_sign_in:
        app.include_router(Pretend(settings).router())


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """What runs beside the requests, started in order and stopped in reverse."""
    house: House = app.state.house
    async with AsyncExitStack() as running:
        running.push_async_callback(_close, house)
        await running.enter_async_context(live(house, app.state.hub, REACTIONS))
        if house.settings.worker_inside:
            await running.enter_async_context(working(house))
        yield


async def _close(house: House) -> None:
    """Close the connections to the database: those in use when they have been given back, or after a few seconds.

    A request that was cut off may still be at its last question, in a thread.
    """
    pool = house.engine.pool
    for _ in range(_PATIENCE_STEPS):
        if not isinstance(pool, QueuePool) or pool.checkedout() == 0:
            break
        await asyncio.sleep(_STEP_SECONDS)
    house.engine.dispose()
