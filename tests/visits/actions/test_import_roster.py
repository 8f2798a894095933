"""Rosters and absences from files, against a real database: whole or not at all, and back again."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from api.rosters.reading import read_roster
from tests.factories.world import MONDAY, Cared, World
from visits.actions.import_absences import import_absences, judge_absences
from visits.actions.import_roster import import_roster, judge_roster
from visits.actions.publish_schedule import publish_schedule
from visits.actions.take_back_import import take_back_import
from visits.errors import NotFound, Refused
from visits.events import CarerReportedAbsent, RosterImported
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.people import Carer
from visits.performed.visit import VisitState
from visits.planned.roster_rows import Fault, ImportKind
from visits.planned.schedule import ScheduleState
from visits.planned.staffing import Shift
from visits.planned.working_time import RosterRule
from visits.store import carers, citizen_absences, outbox, shifts, visits
from visits.store.roster_batches import Batch
from visits.terms import Period

TUESDAY = MONDAY + timedelta(days=1)
LAST = MONDAY + timedelta(days=20)


@dataclass
class Planners:
    """A team with Amira, who works Monday 07-16 as it is, and Jonas, who is off; it is Sunday noon."""

    world: World
    team: Team
    amira: Carer
    jonas: Carer
    viewer: Viewer

    def roster(self, *rows: str) -> Batch:
        text = "\n".join(["medarbetare;datum;börjar;slutar;raster;delegering", *rows])
        return self._import(text, ImportKind.SHIFTS)

    def absences(self, *rows: str, kind: ImportKind = ImportKind.CARER_ABSENCES) -> Batch:
        who = "medarbetare" if kind is ImportKind.CARER_ABSENCES else "brukare"
        return self._import("\n".join([f"{who};från;till;orsak", *rows]), kind)

    def _import(self, text: str, kind: ImportKind) -> Batch:
        store = import_roster if kind is ImportKind.SHIFTS else import_absences
        read = read_roster(text, kind, today=self.today)
        return store(self.session, self.viewer, read, team_id=self.team.id, file_name="schema.csv", now=self.now)

    def faults(self, *rows: str) -> list[tuple[int, Fault, RosterRule | None]]:
        text = "\n".join(["medarbetare;datum;börjar;slutar;raster;delegering", *rows])
        read = read_roster(text, ImportKind.SHIFTS, today=self.today)
        change = judge_roster(self.session, self.viewer, read, team_id=self.team.id, today=self.today)
        return [(one.row, one.fault, one.breach.rule if one.breach else None) for one in change.faults]

    def working(self) -> set[tuple[str, date, str]]:
        known = shifts.shifts_of_team(self.session, self.team.id, MONDAY, LAST)
        names = {self.amira.id: "Amira", self.jonas.id: "Jonas"}
        return {(names[one.carer_id], one.on, self._clock(one)) for one in known}

    def _clock(self, shift: Shift) -> str:
        return f"{(shift.end_at - shift.start_at) / timedelta(hours=1):g} h"

    def news(self, kind: type[object]) -> list[object]:
        told = outbox.visible_since(self.session, 0)
        return [stored.event for stored in told if isinstance(stored.event, kind)]

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def today(self) -> date:
        return MONDAY - timedelta(days=1)

    @property
    def now(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - an instant
        return self.world.at("12:00", on=self.today)


@pytest.fixture
def planners(session: Session) -> Planners:
    world = World(session)
    team = world.team()
    breaks = [("10:30", "12:00", 30)]
    amira = world.carer(team, "Amira", breaks=breaks)
    jonas = world.carer(team, "Jonas", works=None, delegated=False)
    viewer = world.as_coordinator(team)
    session.commit()
    return Planners(world, team, amira, jonas, viewer)


def test_a_row_says_all_that_its_carer_works_that_day(planners: Planners) -> None:
    amira, jonas = planners.amira, planners.jonas
    made = planners.roster(
        f"{amira.name};2026-11-23;07:00;13:00;09:30-10:00;ja",
        f"{jonas.id};2026-11-24;21:30;07:15;00:30-01:00 04:30-05:00;nej",
        f"{jonas.name};2026-11-23;;;;",
    )
    assert planners.working() == {("Amira", MONDAY, "6 h"), ("Jonas", TUESDAY, "9.75 h")}
    assert (len(made.added), len(made.removed), made.days) == (2, 1, (MONDAY, TUESDAY))
    (event,) = planners.news(RosterImported)
    assert isinstance(event, RosterImported)
    assert [(days.on, days.carers) for days in event.touched] == [(MONDAY, (amira.id,)), (TUESDAY, (jonas.id,))]

    again = planners.roster(f"{amira.name};2026-11-23;07:00;13:00;09:30-10:00;ja")
    assert (again.added, again.removed, again.days) == ((), (), ()), "what is known already changes nothing"


def test_a_roster_that_breaks_a_rule_is_refused_whole_with_every_row_and_rule(planners: Planners) -> None:
    """Amira works until 16 on Monday: six the next morning is 14 h later, but the evening before that is not."""
    amira, jonas = planners.amira.name, planners.jonas.name
    rows = (
        f"{jonas};2026-11-23;14:30;22:00;17:00-17:30;",
        f"{jonas};2026-11-24;07:00;15:30;10:30-12:00/30;",
        f"{amira};2026-11-24;07:00;15:30;;",
        f"{jonas};2026-11-26;06:00;20:00;10:00-10:30 15:00-15:30;",
        f"{jonas};2026-11-27;09:00;12:00;;ja",
        "Ingen Alls;2026-11-24;07:00;12:00;;",
        f"{amira};2026-11-20;07:00;12:00;;",
        f"{amira};2026-11-25;07:00;12:00;11:45-12:15;",
    )
    assert planners.faults(*rows) == [
        (3, Fault.RULE, RosterRule.DAILY_REST),
        (4, Fault.RULE, RosterRule.BREAK),
        (5, Fault.RULE, RosterRule.SHIFT_LENGTH),
        (6, Fault.RULE, RosterRule.DELEGATION),
        (7, Fault.UNKNOWN_PERSON, None),
        (8, Fault.DAY_IS_OVER, None),
        (9, Fault.BREAK_OUTSIDE, None),
    ]
    with pytest.raises(Refused) as refused:
        planners.roster(*rows, f"{amira};2026-11-30;07:00;12:00;;")
    assert refused.value.params == {"rule": "import_refused", "rows": 7}
    assert planners.working() == {("Amira", MONDAY, "9 h")}, "nothing half written"


def test_rest_is_kept_over_the_edge_of_the_file(planners: Planners) -> None:
    """The file has only Sunday's night until 07.15; Amira's known shift begins at 07.00, and would be Monday's."""
    sunday = planners.today.isoformat()
    night = f"{planners.amira.name};{sunday};21:30;06:30;00:30-01:00 04:30-05:00;"
    assert planners.faults(night) == [(2, Fault.RULE, RosterRule.DAILY_REST)]
    assert planners.faults(night, f"{planners.amira.name};2026-11-23;;;;") == []


def test_what_was_wrong_before_and_that_no_row_has_to_do_with_stands_in_nobodys_way(planners: Planners) -> None:
    planners.world.shift(planners.jonas, "07:00", "21:00")
    assert planners.faults(f"{planners.amira.name};2026-11-25;07:00;12:00;;") == []


def test_an_import_is_taken_back_whole(planners: Planners) -> None:
    made = planners.roster(f"{planners.amira.name};2026-11-23;;;;", f"{planners.jonas.name};2026-11-24;07:00;12:00;;")
    assert planners.working() == {("Jonas", TUESDAY, "5 h")}
    take_back_import(planners.session, planners.viewer, made.id, now=planners.now)
    assert planners.working() == {("Amira", MONDAY, "9 h")}
    with pytest.raises(Refused) as refused:
        take_back_import(planners.session, planners.viewer, made.id, now=planners.now)
    assert refused.value.params["rule"] == "import_taken_back"
    with pytest.raises(NotFound):
        take_back_import(
            planners.session, planners.world.as_coordinator(planners.world.team()), made.id, now=planners.now
        )


def test_an_import_is_not_taken_back_once_a_day_has_been_published_on_it_or_another_has_changed_it(
    planners: Planners,
) -> None:
    row = f"{planners.jonas.name};2026-11-24;07:00;12:00;;"
    first = planners.roster(row)
    later = planners.roster(row.replace("12:00", "11:00"))
    with pytest.raises(Refused) as refused:
        take_back_import(planners.session, planners.viewer, first.id, now=planners.now)
    assert refused.value.params["rule"] == "import_changed_since"

    cared = planners.world.cared(planners.team)
    draft = planners.world.published(
        planners.team, [(cared, planners.jonas, "08:00")], on=TUESDAY, state=ScheduleState.DRAFT
    )
    publish_schedule(planners.session, planners.viewer, draft.id, now=planners.now + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        take_back_import(planners.session, planners.viewer, later.id, now=planners.now + timedelta(minutes=2))
    assert refused.value.params == {"rule": "import_published_on", "on": TUESDAY}


def test_absent_carers_are_brought_in_a_day_at_a_time_and_taken_back(planners: Planners) -> None:
    made = planners.absences(f"{planners.amira.name};2026-11-23;2026-11-25;semester")
    assert [carers.absent_on(planners.session, planners.team.id, on) for on in (MONDAY, LAST)] == [
        {planners.amira.id},
        frozenset(),
    ]
    assert len(planners.news(CarerReportedAbsent)) == 3
    more = planners.absences(f"{planners.amira.name};2026-11-25;2026-11-26;sjuk")
    assert len(more.added) == 1, "the 25th was known"
    take_back_import(planners.session, planners.viewer, made.id, now=planners.now)
    away = carers.absent_between(planners.session, planners.team.id, MONDAY, LAST)
    assert away == {planners.amira.id: [date(2026, 11, 26)]}


def test_citizens_who_are_away_are_brought_in_and_their_published_visits_cancelled(planners: Planners) -> None:
    astrid: Cared = planners.world.cared(planners.team, planners.world.citizen("Astrid"))
    bertil: Cared = planners.world.cared(planners.team, planners.world.citizen("Bertil"))
    elsewhere: Cared = planners.world.cared(planners.world.team())
    planners.world.published(planners.team, [(astrid, planners.amira, "08:00")])
    kind = ImportKind.CITIZEN_ABSENCES
    text = f"brukare;från;till;orsak\n{elsewhere.citizen.name};2026-11-23;;\n{astrid.citizen.name};2026-11-24;2026-11-23;\n"
    read = read_roster(text, kind, today=planners.today)
    change = judge_absences(planners.session, planners.viewer, read, team_id=planners.team.id, today=planners.today)
    assert [(one.row, one.fault) for one in change.faults] == [(2, Fault.UNKNOWN_PERSON), (3, Fault.ENDS_BEFORE)]

    at_home = planners.absences(f"{bertil.citizen.name};2026-12-01;2026-12-03;resa", kind=kind)
    cancelling = planners.absences(f"{astrid.citizen.name};2026-11-23;2026-11-26;sjukhus", kind=kind)
    assert visits.states_of_team(planners.session, planners.team.id, MONDAY)[astrid.visit()] is VisitState.CANCELLED
    take_back_import(planners.session, planners.viewer, at_home.id, now=planners.now)
    period = Period(MONDAY, LAST)
    left = citizen_absences.absences_in(planners.session, [astrid.id, bertil.id], period)
    assert [one.citizen_id for one in left] == [astrid.id]
    with pytest.raises(Refused) as refused:
        take_back_import(planners.session, planners.viewer, cancelling.id, now=planners.now)
    assert refused.value.params == {"rule": "import_cancelled_visits", "visits": 1}


def test_a_coordinator_of_another_team_brings_nothing_in(planners: Planners) -> None:
    stranger = planners.world.as_coordinator(planners.world.team())
    read = read_roster("medarbetare;datum;börjar;slutar\n", ImportKind.SHIFTS, today=planners.today)
    with pytest.raises(NotFound):
        judge_roster(planners.session, stranger, read, team_id=planners.team.id, today=planners.today)
