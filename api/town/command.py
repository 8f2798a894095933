"""``vardag town``: fill the database with a synthetic town."""

from collections import Counter
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from api.clock import SWEDEN, RealClock
from api.postgres import bring_to_head, with_database
from api.settings import Settings, SettingsError, settings_from_environment
from api.town.comparison import provider_facts
from api.town.emptying import empty
from api.town.incidents import incidents
from api.town.past import past
from api.town.providers import Size
from api.town.relatives import relatives
from api.town.town import generate
from provider_choice.actions.tell_about_providers import tell_about_providers
from visits.actions.fill_incidents import fill_incidents
from visits.actions.fill_past import fill_past
from visits.actions.fill_register import fill_register
from visits.actions.fill_relatives import fill_relatives
from visits.errors import Refused
from visits.planned.register import Register
from visits.store.database import make_engine, session_factory

LONGEST_DAYS = 92
MOST_PAST_WEEKS = 26


def register(app: typer.Typer) -> None:
    app.command("town")(town)


def town(
    *,
    size: Annotated[Size, typer.Option(help="About 120, 400 or 1,230 citizens.")] = Size.SMALL,
    seed: Annotated[int, typer.Option(help="The same seed gives the same town.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=LONGEST_DAYS, help="For how many days carers have rosters.")] = 14,
    first: Annotated[str | None, typer.Option(help="The first of these days, as 2026-11-23; else today.")] = None,
    past_weeks: Annotated[
        int, typer.Option(min=0, max=MOST_PAST_WEEKS, help="How many weeks have been planned and performed already.")
    ] = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Empty the database first (only with VARDAG_DEMO=true).")
    ] = False,
) -> None:
    """Fill the database with a made-up municipality: citizens, decisions, plans, carers and rosters."""
    console = Console(stderr=True)
    first_on = _day(first)
    with with_database(settings_from_environment()) as settings:
        bring_to_head(settings)
        engine = make_engine(settings.database_url or "")
        try:
            if fresh:
                start_over(engine, settings)
            with console.status(f"making up a {size.value} town …"):
                made = fill(engine, size=size, seed=seed, first_on=first_on, days=days, past_weeks=past_weeks)
        except Refused:
            raise SettingsError(
                "there are people in this database already: choose an empty one, or start over with --fresh"
            ) from None
        finally:
            engine.dispose()
    console.print(summary(made, size=size, seed=seed))


def fill(engine: Engine, *, size: Size, seed: int, first_on: date, days: int, past_weeks: int = 0) -> Register:
    """Make up a town, and the weeks behind it, and store it in one transaction. `Refused` when somebody is there already."""
    made = generate(size, seed, first_on, days)
    with session_factory(engine)() as session, session.begin():
        fill_register(session, made)
        tell_about_providers(session, provider_facts(made, seed))
        fill_relatives(session, *relatives(made, seed))
        fill_incidents(session, incidents(made, seed))
        if past_weeks:
            fill_past(session, past(made, seed, past_weeks))
    return made


def start_over(engine: Engine, settings: Settings) -> None:
    """Empty every table of a demo's database."""
    if not settings.demo:
        raise SettingsError("--fresh empties the whole database: only with VARDAG_DEMO=true")
    with session_factory(engine)() as session, session.begin():
        empty(session)


def summary(made: Register, *, size: Size, seed: int) -> Table:
    """What the town holds, team by team."""
    kinds = {provider.id: provider.kind.value for provider in made.providers}
    citizens = Counter(order.team_id for order in made.orders)
    carers = Counter(carer.team_id for carer in made.carers)
    team_of = {carer.id: carer.team_id for carer in made.carers}
    on_shift = Counter(team_of[shift.carer_id] for shift in made.shifts if shift.on == made.period.first_on)
    table = Table(
        title=f"A {size.value} town (seed {seed}), rosters {made.period.first_on} to {made.period.last_on}",
        title_justify="left",
    )
    for heading in ("team", "run by"):
        table.add_column(heading)
    for heading in ("citizens", "carers", "at work first day"):
        table.add_column(heading, justify="right")
    for team in made.teams:
        table.add_row(
            team.name,
            kinds[team.provider_id],
            str(citizens[team.id]),
            str(carers[team.id]),
            str(on_shift[team.id]),
        )
    table.add_section()
    table.add_row("in all", "", str(len(made.citizens)), str(len(made.carers)), str(on_shift.total()))
    visits = sum(len(plan.templates) for plan in made.plans)
    table.caption = f"{visits} recurring visits; some citizens have help from two teams"
    table.caption_justify = "left"
    return table


def _day(written: str | None) -> date:
    if written is None:
        return RealClock().now().astimezone(SWEDEN).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise SettingsError(f"--first {written!r} is not a day: write it as 2026-11-23") from None
