"""One day planned from beginning to end: read, solve, store; told each second, and ended when somebody takes it back."""

import threading
import time
from dataclasses import asdict
from datetime import date

from sqlalchemy.orm import Session

from api.house import House
from api.logs import get_logger
from api.runs.fortnights import FortnightSolver
from api.runs.solving import Cancelled, SolverDied, SolverProcess, Work
from visits.actions.ask_for_run import run_changed
from visits.actions.plan_fortnight import FortnightInputs, lay_days, read_fortnight
from visits.actions.regenerate_schedule import Inputs, Solving, read_inputs, store_draft
from visits.errors import CareError, Stale
from visits.guard.viewer import Viewer
from visits.planned.planning_day import Draft
from visits.store import outbox, runs
from visits.store.runs import Run, RunState
from visits.terms import TeamId, local_day

MOST_ATTEMPTS = 3
"""A run whose worker was lost this often is not begun again: it may be what ends the workers."""
MOST_READINGS = 3
"""How often a day is read and solved anew, because it has changed meanwhile, before the run gives up."""
_ASK_SECONDS = 0.3
_TELL_SECONDS = 0.9

_log = get_logger("vardag.runs")


class _Lost(Exception):
    """Another worker has taken over this run, or somebody has ended it."""


class _GivenUp(Exception):
    """Begun too often."""


class _Stopping(Exception):
    """The worker is being stopped."""


class Planner:
    """Plans days, one at a time, with a solver process of its own. Used by one thread at a time."""

    def __init__(self, house: House, stopping: threading.Event) -> None:
        self._house = house
        self._stopping = stopping
        self.solver = SolverProcess()

    def plan_day(self, team_id: TeamId, on: date) -> None:
        """Do every run that waits for the day, and those that a lost worker has left."""
        while not self._stopping.is_set():
            with self._house.sessions.begin() as session:
                run = runs.take(session, team_id, on, now=self._house.clock.now())
                if run is None:
                    return
                self._tell(session, run)
            self._do(run)

    def _do(self, run: Run) -> None:
        started = time.monotonic()
        try:
            self._plan(run)
            ended = RunState.DONE
        except Cancelled:
            ended = self._end(run, RunState.CANCELLED)
        except (CareError, SolverDied, _GivenUp) as error:
            ended = self._end(run, RunState.FAILED, error=_word(error))
        except _Stopping:
            self._put_back(run)
            return
        except _Lost:
            return
        _log.info("run_ended", state=ended.value, ms=round((time.monotonic() - started) * 1000))

    def _plan(self, run: Run) -> None:
        """Read, solve and store, anew for as long as the day changes meanwhile."""
        if run.cancel_asked:
            raise Cancelled
        if run.attempts > MOST_ATTEMPTS:
            raise _GivenUp
        if run.days > 1:
            return self._plan_fortnight(run)
        for _ in range(MOST_READINGS):
            inputs = self._read(run)
            draft = self._solve(run, inputs)
            try:
                return self._store(run, inputs, draft)
            except Stale:
                _log.info("run_stale")
        raise Stale(what="schedule", on=run.on)

    def _read(self, run: Run) -> Inputs:
        now = self._house.clock.now()
        with self._house.sessions.begin() as session:
            return read_inputs(session, self._viewer(run), team_id=run.team_id, on=run.on, now=now)

    def _solve(self, run: Run, inputs: Inputs) -> Draft:
        settings = self._house.settings
        seconds = settings.plan_seconds if inputs.day.published is None else settings.replan_seconds
        watch = _Watch(self._house, run, self._stopping)
        work = Work(day=inputs.day, seconds=seconds, threads=settings.plan_threads)
        return self.solver.solve(work, tell=watch.tell, is_cancelled=watch.is_cancelled)

    def _store(self, run: Run, inputs: Inputs, draft: Draft) -> None:
        """Draft and end of the run in one transaction."""
        now = self._house.clock.now()
        with self._house.sessions.begin() as session:
            schedule = store_draft(session, self._viewer(run), inputs, draft, now=now)
            done = runs.change_mine(session, run, state=RunState.DONE, ended_at=now, schedule_id=schedule.id)
            if done is None:
                raise _Lost
            self._tell(session, done)

    def _plan_fortnight(self, run: Run) -> None:
        """Lay visits on days, plan every day with regard to the others, and store what of it still holds."""
        inputs = self._read_fortnight(run)
        settings = self._house.settings
        watch = _Watch(self._house, run, self._stopping)
        solver = FortnightSolver(self.solver, at_once=settings.runs_at_once)
        try:
            drafts = solver.solve(inputs, seconds=settings.fortnight_seconds, watch=watch)
        finally:
            solver.stop()
        stored = [self._store_day(run, one, draft) for one, draft in zip(inputs.days, drafts, strict=True)]
        self._end(run, RunState.DONE if all(stored) else RunState.FAILED, error="" if all(stored) else Stale.code)

    def _read_fortnight(self, run: Run) -> FortnightInputs:
        """In two transactions: the days that are chosen hold whatever comes of the rest."""
        now = self._house.clock.now()
        with self._house.sessions.begin() as session:
            lay_days(session, self._viewer(run), team_id=run.team_id, first_on=run.on, now=now)
        with self._house.sessions.begin() as session:
            return read_fortnight(session, self._viewer(run), team_id=run.team_id, first_on=run.on, now=now)

    def _store_day(self, run: Run, inputs: Inputs, draft: Draft) -> bool:
        """Whether the day's draft still holds; each in a transaction of its own."""
        try:
            with self._house.sessions.begin() as session:
                store_draft(session, self._viewer(run), inputs, draft, now=self._house.clock.now())
        except Stale:
            _log.info("run_stale")
            return False
        return True

    def _end(self, run: Run, state: RunState, **values: object) -> RunState:
        with self._house.sessions.begin() as session:
            ended = runs.change_mine(session, run, state=state, ended_at=self._house.clock.now(), **values)
            if ended is not None:
                self._tell(session, ended)
        return state

    def _put_back(self, run: Run) -> None:
        """Let another worker begin it anew; it is no fault of the run that this one stops."""
        with self._house.sessions.begin() as session:
            if runs.waiting(session, run.team_id, run.on) is None:
                runs.change_mine(session, run, state=RunState.WAITING, attempts=run.attempts - 1)
            else:
                runs.change_mine(session, run, state=RunState.CANCELLED, ended_at=self._house.clock.now())

    def _tell(self, session: Session, run: Run) -> None:
        outbox.leave(session, run_changed(run))

    def _viewer(self, run: Run) -> Viewer:
        return Viewer.system(reason=f"run:{run.why}", today=local_day(self._house.clock.now()))


class _Watch:
    """Writes a run's progress about each second, and hears when it is taken back."""

    def __init__(self, house: House, run: Run, stopping: threading.Event) -> None:
        self._house = house
        self._run = run
        self._stopping = stopping
        self._newest: Solving | None = None
        self._asked = self._told = time.monotonic() - _TELL_SECONDS

    def tell(self, step: Solving) -> None:
        self._newest = step

    def is_cancelled(self) -> bool:
        if self._stopping.is_set():
            raise _Stopping
        now = time.monotonic()
        if now - self._asked < _ASK_SECONDS:
            return False
        self._asked = now
        with self._house.sessions.begin() as session:
            return self._write(session, now)

    def _write(self, session: Session, now: float) -> bool:
        changed: dict[str, object] = {}
        if self._newest is not None and now - self._told >= _TELL_SECONDS:
            changed["progress"] = asdict(self._newest)
            self._told, self._newest = now, None
        run = runs.change_mine(session, self._run, cancel_asked=runs.runs.c.cancel_asked, **changed)
        if run is None:
            raise _Lost
        if changed:
            outbox.leave(session, run_changed(run))
        return run.cancel_asked


def _word(error: Exception) -> str:
    """The short word under which a failure stands in the run."""
    match error:
        case CareError():
            return error.code
        case _GivenUp():
            return "worker_lost"
        case _:
            return "solver_died"
