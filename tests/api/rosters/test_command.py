"""``vardag roster`` on a real database: what is wrong is told row by row, what is right is stored at once."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer import Typer
from typer.testing import CliRunner

from api.clock import DemoClock
from api.rosters.command import register
from tests.conftest import MORNING
from tests.factories.world import MONDAY, World
from visits.store import shifts


def test_a_file_is_brought_in_by_command_or_refused_whole(
    session: Session, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("DEMO", "true"),
        ("DATABASE_URL", database_url),
        ("CLOCK", str(DemoClock.starting_at(MORNING))),
    ):
        monkeypatch.setenv(f"VARDAG_{name}", value)
    world = World(session)
    team = world.team("Tumba norra")
    jonas = world.carer(team, "Jonas", works=None)
    session.commit()
    app, runner = Typer(), CliRunner()
    register(app)
    file = tmp_path / "v48.csv"

    file.write_text(
        f"medarbetare;datum;börjar;slutar;raster\n{jonas.name};2026-11-24;06:00;20:00;\nBo;2026-11-24;7;;\n"
    )
    refused = runner.invoke(app, [str(file), "--team", "tumba norra"])
    assert refused.exit_code == 1
    told = refused.stderr.splitlines()
    assert "row 2, börjar, slutar '2026-11-24'" in told[0]
    assert {line.split(":")[0] for line in told[2:-1]} == {
        "row 3, börjar '7'",
        "row 3, medarbetare 'Bo'",
        "row 3, slutar ''",
    }
    assert told[-1] == "nothing has been stored"

    file.write_text(f"medarbetare;datum;börjar;slutar;raster\n{jonas.name};2026-11-24;07:00;12:00;\n")
    tried = runner.invoke(app, [str(file), "--team", "Tumba norra", "--dry-run"])
    assert (tried.exit_code, "nothing stored" in tried.output) == (0, True)
    assert shifts.rostered_days(session) is None
    session.rollback()
    done = runner.invoke(app, [str(file), "--team", "Tumba norra"])
    assert done.output.splitlines() == ["1 shifts new, 0 removed, 0 there already; 0 warnings"]
    (made,) = shifts.shifts_of(session, jonas.id, MONDAY, MONDAY.replace(day=30))
    assert made.on == MONDAY.replace(day=24)
