"""``vardag roster``: bring in a roster or absences from a file, for whoever does it every night without a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from api import i18n
from api.clock import SWEDEN
from api.postgres import demand_head, with_database
from api.rosters.fault_words import fault_lines
from api.rosters.reading import read_roster, text_of
from api.settings import SettingsError, settings_from_environment
from visits.actions.import_absences import import_absences, judge_absences
from visits.actions.import_roster import import_roster, judge_roster
from visits.guard.viewer import Viewer
from visits.organisation import Team
from visits.planned.roster_rows import ImportKind, Read, RowFault
from visits.store import carers, teams
from visits.store.database import make_engine, session_factory


def register(app: typer.Typer) -> None:
    app.command("roster")(roster)


def roster(
    *,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A table (CSV) or a calendar (iCalendar).")],
    team: Annotated[str, typer.Option(help="The name of the team.")],
    kind: Annotated[ImportKind, typer.Option(help="What the file holds.")] = ImportKind.SHIFTS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is wrong and what would change.")] = False,
) -> None:
    """Bring in a team's roster, or who is away, from a file: all of it, or nothing."""
    text = text_of(file.read_bytes())
    with _transaction() as (session, now):
        viewer = Viewer.system(reason="roster brought in by command", today=now.date())
        read = read_roster(text, kind, today=now.date())
        own = _team(session, team)
        found, change = _judge(session, viewer, read, own, today=now.date())
        if found:
            _tell(session, found, kind, own)
            raise typer.Exit(1)
        if not dry_run:
            store = import_roster if kind is ImportKind.SHIFTS else import_absences
            store(session, viewer, read, team_id=own.id, file_name=file.name[-100:], now=now)
    typer.echo(f"{change}{' (nothing stored: --dry-run)' if dry_run else ''}")


@contextmanager
def _transaction() -> Iterator[tuple[Session, datetime]]:
    settings = settings_from_environment()
    with with_database(settings) as ready:
        demand_head(ready)
        engine = make_engine(ready.database_url or "")
        try:
            with session_factory(engine)() as session, session.begin():
                yield session, ready.make_clock().now().astimezone(SWEDEN)
        finally:
            engine.dispose()


def _team(session: Session, name: str) -> Team:
    found = [one for one in teams.all_teams(session) if one.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise SettingsError(f"--team {name!r}: {'several teams have' if found else 'no team has'} that name")
    return found[0]


def _judge(
    session: Session, viewer: Viewer, read: Read, team: Team, *, today: date
) -> tuple[tuple[RowFault, ...], str]:
    if read.kind is ImportKind.SHIFTS:
        change = judge_roster(session, viewer, read, team_id=team.id, today=today)
        told = f"{len(change.added)} shifts new, {len(change.removed)} removed, {len(change.kept)} there already"
        return change.faults, f"{told}; {len(change.warnings)} warnings"
    away = judge_absences(session, viewer, read, team_id=team.id, today=today)
    return away.faults, f"{len(away.added)} absences new, {len(away.kept)} there already"


def _tell(session: Session, found: tuple[RowFault, ...], kind: ImportKind, team: Team) -> None:
    names = {carer.id: carer.name for carer in carers.carers_of(session, team.id)}
    with i18n.speaking("en"):
        for line in fault_lines(found, kind, names):
            typer.echo(f"row {line.row}, {line.field or 'file'} {line.value!r}: {line.why}", err=True)
    typer.echo("nothing has been stored", err=True)
