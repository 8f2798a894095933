"""The roster: who works when over two weeks, what breaks or strains the rules, and rosters brought in from files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.clock import Day
from api.coordinator.notices import NOTICES, Done
from api.i18n import N_, _
from api.pages import clock_time, render
from api.rosters.fault_words import fault_lines
from api.rosters.reading import LONGEST_FILE, read_roster, text_of
from api.rosters.working_words import rule_name, rule_words
from api.rosters.writing import written
from api.work import NowDep, SessionDep
from visits.actions.import_absences import import_absences, judge_absences
from visits.actions.import_roster import import_roster, judge_roster
from visits.actions.take_back_import import take_back_import
from visits.errors import NotFound
from visits.guard.confidentiality import Subject
from visits.guard.viewer import Viewer
from visits.planned.roster_import import AbsenceChange, RosterChange
from visits.planned.roster_rows import ImportKind, Read
from visits.planned.staffing import Shift
from visits.planned.working_time import RosterBreach
from visits.store import carers, citizens, officials, teams
from visits.store.roster_batches import Batch
from visits.store.team_rosters import TeamRoster, team_roster
from visits.terms import CarerId, CitizenId, Period, TeamId, local_day

router = APIRouter(tags=["coordinator"])
PATH = "/planering/bemanning"
WEEKS_SHOWN = 2
_LONGEST_NAME = 100

KINDS: Mapping[ImportKind, str] = {
    ImportKind.SHIFTS: N_("Arbetspass"),
    ImportKind.CARER_ABSENCES: N_("Frånvaro i personalen"),
    ImportKind.CITIZEN_ABSENCES: N_("Brukare som är borta"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One carer's day: the shifts, whether the carer is away, and what is wrong with it."""

    on: date
    shifts: tuple[str, ...]
    is_absent: bool
    broken: tuple[str, ...]
    strained: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarerRow:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One rule that is broken or strained, for the list below the table."""

    name: str
    on: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    batch: Batch
    by: str


@router.get(PATH)
def roster_page(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    *,
    vecka: Annotated[Day | None, Query()] = None,
    gjort: Annotated[str, Query()] = "",
) -> Response:
    """Two weeks of the team, from the Monday of the day asked for."""
    first_on = _monday(vecka or viewer.today)
    period = Period(first_on, first_on + timedelta(days=7 * WEEKS_SHOWN - 1))
    team_id = _team(viewer)
    found = team_roster(session, viewer, team_id=team_id, period=period)
    names = {carer.id: carer.name for carer in found.carers}
    staff = {one.id: one.name for one in officials.coordinators_of(session, team_id)}
    by_day = sorted(found.breaches, key=lambda one: (one.on, names[one.carer_id]))
    values = {
        "team": teams.team(session, team_id),
        "period": period,
        "today": viewer.today,
        "weeks": [_week(found, first_on + timedelta(days=7 * number)) for number in range(WEEKS_SHOWN)],
        "broken": [_noted(one, names) for one in by_day if one.rule.binds],
        "strained": [_noted(one, names) for one in by_day if not one.rule.binds],
        "expiring": [(names[one.carer_id], one.valid.last_on) for one in found.expiring],
        "imports": [
            ImportLine(batch=one, by=next((name for key, name in staff.items() if key == one.made_by), ""))
            for one in found.batches
        ],
        "kinds": KINDS,
        "done": NOTICES.get(gjort),
    }
    return render(request, "coordinator/rosters.html", values)


@router.get(f"{PATH}/pass.csv")
def roster_table(
    session: SessionDep, viewer: CoordinatorViewer, *, vecka: Annotated[Day | None, Query()] = None
) -> Response:
    """The same two weeks as the table that can be changed and brought in again."""
    first_on = _monday(vecka or viewer.today)
    period = Period(first_on, first_on + timedelta(days=7 * WEEKS_SHOWN - 1))
    found = team_roster(session, viewer, team_id=_team(viewer), period=period)
    text = written(found.shifts, {carer.id: carer.name for carer in found.carers})
    headers = {
        "Content-Disposition": f'attachment; filename="pass-{first_on.isoformat()}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post(f"{PATH}/granska")
def preview(
    request: Request,
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    *,
    kind: Annotated[ImportKind, Form()],
    file: Annotated[UploadFile, File()],
) -> Response:
    """What the file would change, and every row that cannot be taken. Nothing is stored yet."""
    text = text_of(file.file.read(LONGEST_FILE + 1))
    name = (file.filename or "")[-_LONGEST_NAME:]
    today = local_day(now)
    read = read_roster(text, kind, today=today)
    values: dict[str, object] = {
        "kind": kind.value,
        "kind_word": _(KINDS[kind]),
        "text": text,
        "file_name": name,
        "ignored": read.ignored,
        **_judged(session, viewer, read, today=today),
    }
    return render(request, "coordinator/roster_preview.html", values)


class Wanted(BaseModel):
    """The preview, confirmed: the same file once more."""

    kind: ImportKind
    text: str = Field(max_length=LONGEST_FILE)
    file_name: str = Field(default="", max_length=_LONGEST_NAME)


@router.post(f"{PATH}/las-in")
def bring_in(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, given: Annotated[Wanted, Form()]) -> Response:
    """Store what the file says, judged anew: all of it, or nothing."""
    read = read_roster(given.text, given.kind, today=local_day(now))
    store = import_roster if given.kind is ImportKind.SHIFTS else import_absences
    made = store(session, viewer, read, team_id=_team(viewer), file_name=given.file_name, now=now)
    return _back(made, Done.IMPORTED)


@router.post(f"{PATH}/ta-tillbaka")
def take_back(
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, batch_id: Annotated[UUID, Form()]
) -> Response:
    """Undo an import whole."""
    return _back(take_back_import(session, viewer, batch_id, now=now), Done.TAKEN_BACK)


def _back(batch: Batch, done: Done) -> Response:
    week = f"vecka={batch.days[0].isoformat()}&" if batch.days else ""
    return RedirectResponse(f"{PATH}?{week}gjort={done.value}", status_code=303)


def _judged(session: Session, viewer: Viewer, read: Read, *, today: date) -> dict[str, object]:
    team_id = _team(viewer)
    staff = {carer.id: carer.name for carer in carers.carers_of(session, team_id)}
    if read.kind is ImportKind.SHIFTS:
        change = judge_roster(session, viewer, read, team_id=team_id, today=today)
        return {
            "faults": fault_lines(change.faults, read.kind, staff),
            "shifts": _changed_days(change, staff),
            "counts": (len(change.added), len(change.removed), len(change.kept)),
            "warnings": [_noted(one, staff) for one in change.warnings],
            "absences": (),
            "changes": bool(change.added or change.removed),
        }
    away = judge_absences(session, viewer, read, team_id=team_id, today=today)
    return {
        "faults": fault_lines(away.faults, read.kind, staff),
        "shifts": (),
        "counts": (len(away.added), 0, len(away.kept)),
        "warnings": (),
        "absences": _absences(session, viewer, away, read.kind, staff),
        "changes": bool(away.added),
    }


def _changed_days(
    change: RosterChange, names: Mapping[CarerId, str]
) -> list[tuple[str, date, tuple[str, ...], tuple[str, ...]]]:
    """Each carer's day that would change: the name, the day, the shifts before and after."""
    keys = {(shift.carer_id, shift.on) for shift in (*change.added, *change.removed)}
    return sorted(
        (names[carer_id], on, _of_day(change.removed, carer_id, on), _of_day(change.added, carer_id, on))
        for carer_id, on in keys
    )


def _of_day(shifts: Sequence[Shift], carer_id: CarerId, on: date) -> tuple[str, ...]:
    return tuple(_shift_words(one) for one in shifts if one.carer_id == carer_id and one.on == on)


def _absences(
    session: Session, viewer: Viewer, change: AbsenceChange, kind: ImportKind, staff: Mapping[CarerId, str]
) -> list[tuple[str, Period]]:
    names: dict[UUID, str] = dict(staff.items())
    if kind is ImportKind.CITIZEN_ABSENCES:
        for one in change.added:
            wanted = [CitizenId(one.person_id)]
            found = citizens.find(session, viewer, Subject.CARE, only=wanted, on=one.period.first_on)
            names |= {citizen.id: citizen.name for citizen in found}
    return [(names.get(one.person_id, ""), one.period) for one in change.added]


def _week(found: TeamRoster, first_on: date) -> tuple[list[date], list[CarerRow]]:
    days = [first_on + timedelta(days=ahead) for ahead in range(7)]
    return days, [
        CarerRow(name=carer.name, cells=tuple(_cell(found, carer.id, on) for on in days)) for carer in found.carers
    ]


def _cell(found: TeamRoster, carer_id: CarerId, on: date) -> Cell:
    wrong = [one for one in found.breaches if one.carer_id == carer_id and one.on == on]
    return Cell(
        on=on,
        shifts=_of_day(found.shifts, carer_id, on),
        is_absent=on in found.absent.get(carer_id, ()),
        broken=tuple(rule_name(one.rule) for one in wrong if one.rule.binds),
        strained=tuple(rule_name(one.rule) for one in wrong if not one.rule.binds),
    )


def _shift_words(shift: Shift) -> str:
    return f"{clock_time(shift.start_at)}–{clock_time(shift.end_at)}"


def _rule(breach: RosterBreach) -> str:
    return rule_words(breach.rule, found=breach.found, limit=breach.limit)


def _noted(breach: RosterBreach, names: Mapping[CarerId, str]) -> Noted:
    return Noted(name=names.get(breach.carer_id, ""), on=breach.on, what=_rule(breach))


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _team(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id
