"""The worker: takes days from the queue and plans them. Inside `vardag serve`, or alone on another machine as `vardag work`.

A worker that is killed leaves its day behind; every other one looks for such days every few seconds, and one takes it up again.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from queue import LifoQueue
from uuid import UUID

import typer
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Status

from api.house import House
from api.logs import get_logger
from api.runs.planner import Planner
from api.runs.queue import QUEUE, TASK, defer_run
from visits.store import runs
from visits.store.database import libpq_address
from visits.terms import TeamId

HEARTBEAT_SECONDS = 2.0
LOST_SECONDS = 10.0
"""A worker whose heart has not beaten for this long is lost."""
LOOK_SECONDS = 2.0
_REST_SECONDS = 2.0
_KEEP_JOBS_HOURS = 24

_log = get_logger("vardag.runs")


class Worker:
    """One process's worker, with as many planners as it may plan days at once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = threading.Event()
        self._planners: LifoQueue[Planner] = LifoQueue()
        for _ in range(house.settings.runs_at_once):
            self._planners.put(Planner(house, self._stopping))

    async def run(self) -> None:
        """Work until cancelled; begin anew when the database was away."""
        await asyncio.to_thread(self._warm_up)
        try:
            while True:
                try:
                    await self._work()
                except Exception as error:  # noqa: BLE001 - whatever it was, days still want to be planned
                    _log.warning("worker_begins_anew", error=type(error).__name__)
                await asyncio.sleep(_REST_SECONDS)
        finally:
            await asyncio.to_thread(self._stop_planners)

    def stop(self) -> None:
        """Have the days under way put back, so that cancelling `run` need not wait for them."""
        self._stopping.set()

    async def _work(self) -> None:
        app = self._queue()
        async with app.open_async():
            done = asyncio.Event()
            looking = asyncio.create_task(self._look_after(app, done))
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    name="runs",
                    concurrency=self._house.settings.runs_at_once,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=5,
                    fetch_job_polling_interval=LOOK_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=LOST_SECONDS,
                )
            finally:
                done.set()
                await looking  # not cancelled: a thread that asks the database is waited for

    def _queue(self) -> App:
        address = libpq_address(self._house.settings.database_url or "")
        pool_size = 2 + self._house.settings.runs_at_once
        kwargs = {"application_name": "vardag-worker", "connect_timeout": 5}
        app = App(connector=PsycopgConnector(conninfo=address, min_size=1, max_size=pool_size, kwargs=kwargs))
        app.task(name=TASK, queue=QUEUE)(self._plan_day)
        return app

    def _plan_day(self, team_id: str, on: str) -> None:
        planner = self._planners.get()
        try:
            planner.plan_day(TeamId(UUID(team_id)), date.fromisoformat(on))
        finally:
            self._planners.put(planner)

    async def _look_after(self, app: App, done: asyncio.Event) -> None:
        """Every few seconds: jobs of lost workers are ended, and days without a job get one."""
        while not done.is_set():
            try:
                await self._take_from_the_lost(app)
                await asyncio.to_thread(self._defer_forgotten)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look may succeed
                _log.warning("look_failed", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), LOOK_SECONDS)

    async def _take_from_the_lost(self, app: App) -> None:
        """A job left behind is ended; the run that it was for is then a day without a job."""
        for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=LOST_SECONDS):
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
            _log.warning("worker_lost", job=job.id)
        await app.job_manager.delete_old_jobs(
            nb_hours=_KEEP_JOBS_HOURS, queue=QUEUE, include_failed=True, include_cancelled=True, include_aborted=True
        )

    def _defer_forgotten(self) -> None:
        with self._house.sessions.begin() as session:
            for team_id, on in runs.days_without_a_job(session):
                defer_run(session, team_id=team_id, on=on)

    def _warm_up(self) -> None:
        for planner in list(self._planners.queue):
            planner.solver.start()

    def _stop_planners(self) -> None:
        while not self._planners.empty():
            self._planners.get().solver.stop()


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """Work beside the requests inside this block."""
    worker = Worker(house)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def work_until_told(house: House) -> None:
    """Work until SIGINT or SIGTERM; says so once it would hear them."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    typer.echo("vardag works: waits for days to plan", err=True)
    async with working(house):
        await told.wait()


def register(app: typer.Typer) -> None:
    """The command ``vardag work``."""

    @app.command()
    def work() -> None:
        """Plan days that are asked for elsewhere: a worker for this machine."""
        from api import logs
        from api.house import make_house
        from api.postgres import demand_head, with_database
        from api.settings import settings_from_environment

        settings = settings_from_environment()
        logs.set_up(settings.log_level)
        logging.getLogger("procrastinate").setLevel("WARNING")
        with with_database(settings) as ready:
            demand_head(ready)
            house = make_house(ready)
            try:
                asyncio.run(work_until_told(house))
            finally:
                house.engine.dispose()
