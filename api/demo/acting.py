"""What goes on beside the server while the demo runs: the carers are played, and tomorrow is planned before it comes."""

import threading
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session, sessionmaker

from api.auth.pretend import sign_in_address
from api.clock import SWEDEN, DemoClock
from api.demo.cast import Cast, cast, cast_again, everybody
from api.demo.phone import Phone
from api.demo.planning import plan_and_publish, unplanned
from api.demo.script import Chosen
from api.demo.simulator import Simulator
from api.demo.visitor import Visitor, VisitorError
from api.logs import get_logger
from api.settings import Settings
from visits.guard.viewer import Role
from visits.store import shifts
from visits.store.database import make_engine, session_factory
from visits.terms import CarerId, Period, local_day

_LOOK_SECONDS = 5.0

_log = get_logger("vardag.demo")


class Acting:
    """Everybody who acts in the demo beside the newcomer."""

    def __init__(self, settings: Settings, clock: DemoClock, console: Console) -> None:
        self._settings = settings
        self._clock = clock
        self._console = console
        self._stopping = threading.Event()
        self._simulator: Simulator | None = None

    def act(self) -> None:
        """Play the day up to now, welcome the newcomer, then play on until `stop`."""
        engine = make_engine(self._settings.database_url or "", pool_size=3)
        sessions = session_factory(engine)
        planner = threading.Thread(target=self._keep_planned, args=(sessions,), name="planner")
        try:
            with sessions.begin() as session:
                shown = cast(session, self._clock.now())
                carers = everybody(session, self._clock.now())
            self._simulator = self._rehearse(carers, shown)
            if self._stopping.is_set():
                return
            if shown is not None:
                with sessions.begin() as session:
                    shown = cast_again(session, shown, self._clock.now())
            self._wish(shown)
            self._welcome(shown)
            planner.start()
            self._simulator.run()
        finally:
            self._stopping.set()
            if planner.ident is not None:
                planner.join()
            engine.dispose()

    def stop(self) -> None:
        self._stopping.set()
        if self._simulator is not None:
            self._simulator.stop()

    def _phone(self, carer_id: UUID) -> Phone:
        address = sign_in_address(self._settings, Role.CARER, carer_id)
        return Phone(carer_id, base_url=self._settings.base_url, sign_in=address)

    def _rehearse(self, carers: dict[CarerId, bool], shown: Cast | None) -> Simulator:
        left_alone = frozenset[UUID]({shown.carer.id}) if shown else frozenset[UUID]()
        phones = {self._phone(carer_id): begun for carer_id, begun in carers.items()}
        simulator = Simulator(phones, self._clock, left_alone=left_alone, chosen=shown.chosen if shown else Chosen())
        self._simulator = simulator
        with self._console.status("The carers tell what they have done so far today") as status:
            facts = simulator.play_until_now(
                lambda done, of: status.update(f"The carers tell what they have done so far today ({done} of {of})")
            )
        self._console.print(f"The carers have told {facts} facts about their day so far")
        return simulator

    def _wish(self, shown: Cast | None) -> None:
        """Somebody asks for another provider, so that the case officer has something to answer."""
        if shown is None or shown.wishes is None:
            return
        address = sign_in_address(self._settings, Role.CITIZEN, shown.wishes)
        citizen = Visitor(shown.wishes, base_url=self._settings.base_url, sign_in=address)
        try:
            told = citizen.ask("GET", "/api/v1/me/providers").json()
            others = [one["id"] for one in told["providers"] if one["open_places"] and not one["is_present"]]
            if told["may_ask"] and others:
                citizen.ask("POST", "/api/v1/me/choice-requests", {"provider_id": others[0], "kind": told["kind"]})
        except VisitorError as error:
            _log.info("demo_wish_not_stated", error=str(error))
        finally:
            citizen.close()

    def _keep_planned(self, sessions: sessionmaker[Session]) -> None:
        """When the demo's clock passes midnight, plan the day after, as far as there are rosters."""
        planned_on = local_day(self._clock.now())
        while not self._stopping.wait(_LOOK_SECONDS):
            now = self._clock.now()
            today = local_day(now)
            if today == planned_on:
                continue
            planned_on = today
            with sessions() as session:
                known = shifts.rostered_days(session)
            days = [on for on in Period(today, today.fromordinal(today.toordinal() + 1)) if known and on in known]
            try:
                plan_and_publish(sessions, unplanned(sessions, days), now=now, tell=lambda _: None)
            except Exception as error:  # noqa: BLE001 - the demo goes on; the coordinator can plan by hand
                _log.warning("demo_day_not_planned", error=type(error).__name__)

    def _welcome(self, shown: Cast | None) -> None:
        now = self._clock.now().astimezone(SWEDEN)
        out = self._console
        out.print()
        out.print(
            f"[bold]vardag is ready at {self._settings.base_url}[/bold]. In the demo it is {now:%A %d %B, %H:%M}, and "
            f"{self._clock.speed:g} minutes pass in one."
        )
        if shown is None:
            out.print("Nobody is on the way at this hour; try --at 09:40.")
        else:
            out.print("Open one of these; each signs in at once. (A private window for each keeps them apart.)\n")
            out.print(_people(self._settings, shown))
        out.print(f"Anybody else: {self._settings.base_url}/logga-in/demo\n")
        out.print("Ctrl-C stops everything. What has happened is kept; --fresh starts over.")


def _people(settings: Settings, shown: Cast) -> Table:
    planning = (
        f"Coordinator of {shown.team.name}, {shown.coordinator.name}: the day as a timeline. Regenerate, publish."
    )
    walking = f"Carer, {shown.carer.name}: the route on the phone. Nobody plays this one: check in yourself."
    waiting = f"Citizen, {shown.citizen.name}: whom that carer visits next. Leave the page open, and check in."
    deciding = f"Case officer, {shown.case_officer.name}: somebody has asked for another provider."
    rows = [
        (Role.COORDINATOR, shown.coordinator.id, planning),
        (Role.CARER, shown.carer.id, walking),
        (Role.CITIZEN, shown.citizen.id, waiting),
        (Role.CASE_OFFICER, shown.case_officer.id, deciding),
        (
            Role.MANAGER,
            shown.manager.id,
            f"Manager, {shown.manager.name}: what the teams amount to, and what has gone wrong.",
        ),
    ]
    if shown.relative is not None and shown.followed is not None:
        says = f"Relative, {shown.relative.name}: follows the day of {shown.followed.name}, who has let them in."
        rows.append((Role.RELATIVE, shown.relative.id, says))
    if shown.delayed is not None and shown.late is not None:
        says = f"Citizen, {shown.delayed.name}: waits for {shown.late.shown_name}, who tends to run late."
        rows.insert(3, (Role.CITIZEN, shown.delayed.id, says))
    table = Table.grid(padding=(0, 0, 1, 0))
    for role, person_id, says in rows:
        table.add_row(f"{says}\n  {sign_in_address(settings, role, person_id)}")
    return table
