"""The coordinator's fortnight: planned in one go, with what was chosen, what is granted and unused, and how many people come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.auth.access import CoordinatorViewer
from api.coordinator.sayings import day_word, percent_of, progress_words, run_word
from api.i18n import N_, _
from api.pages import render
from api.words import word, words
from api.work import NowDep, SessionDep
from visits.actions.acknowledge_forgotten import LONGEST_REASON
from visits.actions.cancel_run import cancel_run
from visits.actions.plan_fortnight import ask_for_fortnight
from visits.actions.publish_fortnight import publish_fortnight
from visits.errors import Invalid, NotFound
from visits.granted.visit_templates import VisitTemplate
from visits.guard.viewer import Viewer
from visits.planned.due_days import monday
from visits.planned.fortnight import FORTNIGHT_DAYS, Shortage
from visits.planned.frames import FrameUse, Unused
from visits.store import schedules
from visits.store.forgotten import left_out
from visits.store.fortnights import FortnightShown, fortnight_shown
from visits.terms import CitizenId, RunId, ScheduleId, TeamId, VisitTemplateId

router = APIRouter(tags=["coordinator"])
PATH = "/planering/tva-veckor"
MANY_PEOPLE = 15

SHORTAGES: dict[Shortage, str] = {
    Shortage.AWAY: N_("är borta"),
    Shortage.FRAME: N_("ryms inte i det som är beviljat"),
    Shortage.NO_DAY: N_("ingen dag ligger tillräckligt långt från de andra"),
}
UNUSED: dict[Unused, str] = {
    Unused.AWAY: N_("är borta"),
    Unused.NO_DAY: N_("ingen dag"),
    Unused.NOT_ASKED: N_("planen använder inte mer"),
}


class Publication(BaseModel):
    """The drafts to publish; `about` and `less_often` name what was shown to be left out, and `reason` is why that may be."""

    first_on: date
    schedule_id: Annotated[list[UUID], Field(min_length=1, max_length=FORTNIGHT_DAYS)]
    about: Annotated[list[UUID], Field(max_length=2000)] = []
    less_often: Annotated[list[UUID], Field(max_length=2000)] = []
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


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
        "open_rows": open_rows(session, viewer, shown),
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
    session: SessionDep, viewer: CoordinatorViewer, now: NowDep, asked: Annotated[Publication, Form()]
) -> Response:
    """Publish every draft of the fortnight: all of them, or none. The reason given is that of what was shown."""
    publish_fortnight(
        session,
        viewer,
        [ScheduleId(key) for key in asked.schedule_id],
        about=asked.about,
        templates=[VisitTemplateId(key) for key in asked.less_often],
        reason=asked.reason,
        now=now,
    )
    return _back(asked.first_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """Somebody whom the drafts leave out and of whom nobody has said why that may be: on a day, or in a week less often.

    `field` and `key` name the row to the form.
    """

    field: str
    key: UUID
    on: date
    name: str
    what: str


def open_rows(session: Session, viewer: Viewer, shown: FortnightShown) -> list[OpenRow]:
    """What must be explained before the fortnight is published, in order of time."""
    if not shown.drafts or (shown.run is not None and not shown.run.state.is_over):
        return []
    templates = _templates(shown)
    short = [week for week in shown.weeks if week.left_out and week.template_id in templates]
    found = [
        OpenRow(
            field="less_often",
            key=week.template_id,
            on=week.week_on,
            name=_name(shown, templates[week.template_id][0]),
            what=f"{words(templates[week.template_id][1].codes)}, {'; '.join(_shortages(week.left_out))}",
        )
        for week in short
    ]
    said = {week.template_id for week in short}
    for day in shown.days:
        rows = left_out(session, viewer, schedules.schedule(session, viewer, day.draft_id)) if day.draft_id else []
        for one in (row.forgotten for row in rows if row.is_open):
            if one.template is None or one.template.id not in said:
                what = words(one.template.codes) if one.template else _("hela beställningen")
                found.append(
                    OpenRow(field="about", key=one.about, on=day.on, name=_name(shown, one.citizen_id), what=what)
                )
    return sorted(found, key=lambda row: (row.on, row.name))


def _templates(shown: FortnightShown) -> dict[VisitTemplateId, tuple[CitizenId, VisitTemplate]]:
    return {
        template.id: (case.order.citizen_id, template)
        for case in shown.fortnight.cases
        for plan in case.plans
        for template in plan.templates
    }


def _shortages(left: Mapping[Shortage, int]) -> list[str]:
    return [
        _("%(times)s gånger: %(why)s", times=times, why=_(SHORTAGES[reason]))
        if times > 1
        else _("en gång: %(why)s", why=_(SHORTAGES[reason]))
        for reason, times in left.items()
    ]


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
    templates = _templates(shown)
    days: dict[VisitTemplateId, list[date]] = {}
    left: dict[VisitTemplateId, dict[Shortage, int]] = {}
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
                left_out=tuple(_shortages(left.get(key, {}))),
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
