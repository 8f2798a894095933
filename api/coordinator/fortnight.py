"""The coordinator's fortnight: planned in one go, with what was chosen, what is granted and unused, and how many people come."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.auth.access import CoordinatorViewer
from api.coordinator.sayings import day_word, percent_of, progress_words, run_word
from api.i18n import N_, _
from api.pages import render
from api.words import word
from api.work import NowDep, SessionDep
from visits.actions.cancel_run import cancel_run
from visits.actions.plan_fortnight import ask_for_fortnight
from visits.actions.publish_schedule import publish_schedules
from visits.errors import Invalid, NotFound
from visits.guard.viewer import Viewer
from visits.planned.due_days import monday
from visits.planned.fortnight import FORTNIGHT_DAYS, LeftOut
from visits.planned.frames import FrameUse, Unused
from visits.store.fortnights import FortnightShown, fortnight_shown
from visits.terms import CitizenId, RunId, ScheduleId, TeamId, VisitTemplateId

router = APIRouter(tags=["coordinator"])
PATH = "/planering/tva-veckor"
MANY_PEOPLE = 15

LEFT_OUT: dict[LeftOut, str] = {
    LeftOut.AWAY: N_("är borta"),
    LeftOut.FRAME: N_("ryms inte i det som är beviljat"),
    LeftOut.NO_DAY: N_("ingen dag ligger tillräckligt långt från de andra"),
}
UNUSED: dict[Unused, str] = {
    Unused.AWAY: N_("är borta"),
    Unused.NO_DAY: N_("ingen dag"),
    Unused.NOT_ASKED: N_("planen använder inte mer"),
}

FirstDay = Annotated[date | None, Query(alias="fran")]


@router.get(PATH)
def fortnight_page(
    request: Request, session: SessionDep, viewer: CoordinatorViewer, now: NowDep, fran: FirstDay = None
) -> Response:
    """Fourteen days from a Monday: the next one, unless the address names a day of another week."""
    first_on = monday(fran) if fran else monday(viewer.today + timedelta(days=6))
    shown = fortnight_shown(session, viewer, first_on=first_on, now=now)
    values = {
        "shown": shown,
        "path": PATH,
        "first_on": first_on,
        "today": viewer.today,
        "lines": movable_lines(shown),
        "over": [frame_line(shown, use) for use in shown.uses if use.beyond_minutes],
        "under": [frame_line(shown, use) for use in shown.uses if use.unused_minutes and not use.beyond_minutes],
        "many": MANY_PEOPLE,
        "day_word": day_word,
        "percent_of": percent_of,
        "progress_words": progress_words,
        "run_word": run_word,
        "later": first_on + timedelta(days=FORTNIGHT_DAYS),
        "earlier": first_on - timedelta(days=FORTNIGHT_DAYS),
    }
    return render(request, "coordinator/fortnight.html", values)


@router.post(PATH + "/planera")
def plan(session: SessionDep, viewer: CoordinatorViewer, now: NowDep, first_on: Annotated[date, Form()]) -> Response:
    """Ask that the fortnight be planned; what is published in it stands."""
    if first_on != monday(first_on):
        raise Invalid(field="first_on", value=first_on, why="a fortnight begins on a Monday")
    team_id = _team(viewer)
    ask_for_fortnight(session, viewer, team_id=team_id, first_on=first_on, now=now)
    return _back(first_on)


@router.post(PATH + "/avbryt")
def cancel(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    run_id: Annotated[UUID, Form()],
    first_on: Annotated[date, Form()],
) -> Response:
    """Take the run back; the days that were chosen stay chosen."""
    cancel_run(session, viewer, RunId(run_id), now=now)
    return _back(first_on)


@router.post(PATH + "/publicera")
def publish(
    session: SessionDep,
    viewer: CoordinatorViewer,
    now: NowDep,
    schedule_id: Annotated[list[UUID], Form(min_length=1, max_length=FORTNIGHT_DAYS)],
    first_on: Annotated[date, Form()],
) -> Response:
    """Publish every draft of the fortnight: all of them, or none."""
    publish_schedules(session, viewer, [ScheduleId(key) for key in schedule_id], now=now)
    return _back(first_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovableLine:
    """A visit whose day is chosen: on which days it comes, and how often less than the plan asks, with the reason."""

    name: str
    help: str
    how: str
    days: tuple[date, ...]
    left_out: tuple[str, ...]


def movable_lines(shown: FortnightShown) -> list[MovableLine]:
    """One line a visit, over both weeks, those with something left out first."""
    templates = {
        template.id: (case.order.citizen_id, template)
        for case in shown.fortnight.cases
        for plan in case.plans
        for template in plan.templates
    }
    days: dict[VisitTemplateId, list[date]] = {}
    left: dict[VisitTemplateId, dict[LeftOut, int]] = {}
    for week in shown.weeks:
        days.setdefault(week.template_id, []).extend(sorted(week.days))
        for reason, times in week.left_out.items():
            told = left.setdefault(week.template_id, {})
            told[reason] = told.get(reason, 0) + times
    found = []
    for key, chosen in days.items():
        citizen_id, template = templates[key]
        found.append(
            MovableLine(
                name=_name(shown, citizen_id),
                help=", ".join(word(code) for code in template.codes),
                how=_how(template.times_a_week, template.every_weeks),
                days=tuple(chosen),
                left_out=tuple(
                    _("%(times)s gånger: %(why)s", times=times, why=_(LEFT_OUT[reason]))
                    if times > 1
                    else _("en gång: %(why)s", why=_(LEFT_OUT[reason]))
                    for reason, times in left.get(key, {}).items()
                ),
            )
        )
    return sorted(found, key=lambda line: (not line.left_out, line.name, line.help))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLine:
    """One frame of one citizen."""

    name: str
    use: FrameUse
    whys: tuple[tuple[str, int], ...]


def frame_line(shown: FortnightShown, use: FrameUse) -> FrameLine:
    """The frame with the words for what it leaves unused."""
    whys = tuple((_(UNUSED[reason]), minutes) for reason, minutes in use.unused.items())
    return FrameLine(name=_name(shown, use.citizen_id), use=use, whys=whys)


def _how(times: int, every_weeks: int) -> str:
    often = _("en gång") if times == 1 else _("%(times)s gånger", times=times)
    return (
        _("%(often)s i veckan", often=often)
        if every_weeks == 1
        else _("%(often)s var %(weeks)s:e vecka", often=often, weeks=every_weeks)
    )


def _name(shown: FortnightShown, citizen_id: CitizenId) -> str:
    citizen = shown.citizens.get(citizen_id)
    return citizen.name if citizen else "–"


def _team(viewer: Viewer) -> TeamId:
    if viewer.team_id is None:
        raise NotFound(what="team")
    return viewer.team_id


def _back(first_on: date) -> Response:
    return RedirectResponse(f"{PATH}?fran={monday(first_on).isoformat()}", status_code=303)
