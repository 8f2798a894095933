"""The carer's day in words: from the record's `CarerDay` to what the phone shows and is told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from api.carer.schemas import BreakTold, CarerDayTold, ChangeTold, FactTold, PartnerTold, StopTold, TaskTold
from api.i18n import N_, _
from api.live.hub import Audience
from api.live.snapshot import whose
from api.pages import clock_time
from api.pages import day as day_in_words
from api.words import word, words
from visits.errors import NotFound
from visits.guard.viewer import Role, Viewer
from visits.performed.attendance import Misfit
from visits.performed.carer_day import CarerDay, CarerStop, Part
from visits.performed.checkins import Fact, Source
from visits.performed.estimate import WORTH_TELLING
from visits.performed.plan_news import PlanNews
from visits.planned.schedule import ChangeKind, VisitChange
from visits.store import outbox
from visits.store.carer_days import carer_day
from visits.terms import STOCKHOLM, TravelMode, VisitId

MISFITS: dict[Misfit, str] = {
    Misfit.CHECKED_IN_TWICE: N_("Du hade redan checkat in. Den första tiden räknas."),
    Misfit.CHECKED_OUT_AGAIN: N_("Besöket var redan avslutat. Den första tiden räknas."),
    Misfit.NEVER_CHECKED_IN: N_("Incheckning saknas, så besökets tid räknas inte."),
    Misfit.TURNED_AWAY_YET_PERFORMED: N_("Stämmer inte med att någon var hos personen. Tiden där räknas."),
    Misfit.TWO_ANSWERS_AT_THE_DOOR: N_("Stämmer inte med ett senare svar. Det senare räknas."),
    Misfit.TASK_ANSWERED_TWICE: N_("Insatsen är både utförd och avböjd. Det senare svaret räknas."),
    Misfit.DONE_YET_TURNED_AWAY: N_("Besöket blev inte av, men insatsen sägs vara utförd."),
    Misfit.MOVED_YET_PERFORMED: N_("Besöket var redan gjort när det flyttades. Tiden där räknas."),
}


def snapshots(session: Session, viewers: Sequence[Viewer], *, on: date, now: datetime) -> Mapping[UUID, CarerDayTold]:
    """The days of many carers, in the reader's language; who may not see the day (any more) is left out."""
    found: dict[UUID, CarerDayTold] = {}
    for viewer in viewers:
        try:
            day = carer_day(session, viewer, on=on)
        except NotFound:
            continue
        found[day.carer.id] = told(day, now=now)
    return found


PASS = Audience(role=Role.CARER, counts=outbox.Audience.CARER, snapshots=snapshots, days_back=1)


def told(day: CarerDay, *, now: datetime) -> CarerDayTold:
    new: dict[VisitId, VisitChange] = {}
    for _changed_at, change in reversed(day.changes):
        new[change.visit_id] = change
    following = day.next_stop
    return CarerDayTold(
        of=whose(day.carer.id),
        on=day.on,
        revision=day.revision,
        at=now,
        is_published=day.published_at is not None,
        next_visit_id=None if following is None else following.visit.id,
        stops=[_stop(day, stop, new.get(stop.visit.id)) for stop in day.stops],
        breaks=[BreakTold(start_at=pause.start_at, end_at=pause.end_at) for pause in day.breaks],
        changes=[ChangeTold(at=at, text=_change(day, at, change)) for at, change in day.changes],
    )


def _stop(day: CarerDay, stop: CarerStop, change: VisitChange | None) -> StopTold:
    misfits = {one.fact_id: one.misfit for one in stop.performed.contradictions}
    return StopTold(
        visit_id=stop.visit.id,
        citizen_id=stop.citizen.id,
        part=stop.part.value,
        state=stop.visit.state.value,
        state_text=word(stop.visit.state),
        name=stop.citizen.name,
        address=stop.citizen.address,
        phone=stop.citizen.phone,
        access_notes=stop.citizen.access_notes,
        codes=[code.value for code in stop.visit.codes],
        help=words(stop.visit.codes),
        tasks=_tasks(stop),
        goal=stop.goal,
        is_first=stop.news is not None and stop.news.is_first,
        news=[] if stop.news is None else _news(stop.news),
        tags=list(stop.tags),
        instructions=stop.visit.instructions,
        start_at=stop.start_at,
        expected_at=stop.expected_at,
        minutes=stop.minutes,
        travel_seconds=stop.travel_seconds,
        mode=day.carer.mode.value,
        travel=_travel(day, stop),
        delay=_delay(stop),
        moved=_moved(stop),
        later_wall=f"{_half_hour_after(stop.expected_at):%H:%M}",
        change="" if change is None else _mark(day, change),
        partners=[PartnerTold(name=one.shown_name, title=word(one.title)) for one in stop.partners],
        together=_together(stop),
        here_since=stop.own.open_since,
        facts=[_fact(fact, misfits.get(fact.id)) for fact in stop.performed.standing if fact.carer_id == day.carer.id],
    )


def _tasks(stop: CarerStop) -> list[TaskTold]:
    """What was to be done, and what else was said about: a task may have been added at the door."""
    done, declined = stop.performed.tasks_done, stop.performed.tasks_declined
    more = sorted((done | declined) - set(stop.visit.codes))
    return [
        TaskTold(
            code=code.value,
            text=word(code),
            state="done" if code in done else "declined" if code in declined else "",
        )
        for code in (*stop.visit.codes, *more)
    ]


def _news(news: PlanNews) -> list[str]:
    """What to read before the door is opened."""
    lines = []
    if news.is_first:
        lines.append(_("Läs hela besöket innan du går in."))
    elif news.since_on is not None:
        lines.append(_("Ny genomförandeplan från %(day)s.", day=day_in_words(news.since_on, "d MMMM")))
    if news.goal:
        lines.append(_("Mål: %(goal)s", goal=news.goal))
    return [*lines, *news.instructions]


def _moved(stop: CarerStop) -> str:
    moved_to = stop.performed.moved_to
    return "" if moved_to is None else _("Flyttat till %(time)s", time=clock_time(moved_to))


def _half_hour_after(at: datetime) -> datetime:
    return (at + timedelta(minutes=30)).astimezone(STOCKHOLM)


def _travel(day: CarerDay, stop: CarerStop) -> str:
    minutes = -(-stop.travel_seconds // 60)
    if minutes == 0:
        return _("Samma adress")
    if day.carer.mode is TravelMode.WALK:
        return _("%(minutes)s min till fots", minutes=minutes)
    return _("%(minutes)s min med %(mode)s", minutes=minutes, mode=word(day.carer.mode))


def _delay(stop: CarerStop) -> str:
    if stop.part is not Part.WAITING or stop.expected_at - stop.start_at < WORTH_TELLING:
        return ""
    return _("Planerat %(time)s", time=clock_time(stop.start_at))


def _together(stop: CarerStop) -> str:
    if not stop.partners:
        return ""
    names = ", ".join(f"{one.shown_name} ({word(one.title)})" for one in stop.partners)
    return _("Tillsammans med %(names)s", names=names)


def _fact(fact: Fact, misfit: Misfit | None) -> FactTold:
    return FactTold(
        id=fact.id,
        kind=fact.kind,
        happened_at=fact.happened_at,
        wall=f"{fact.happened_at.astimezone(STOCKHOLM):%H:%M}",
        text=_fact_text(fact),
        note=fact.note,
        flag="" if misfit is None else _(MISFITS[misfit]),
        code="" if fact.code is None else fact.code.value,
    )


def _fact_text(fact: Fact) -> str:
    what = word(fact.kind) if fact.code is None else f"{word(fact.kind)}: {word(fact.code)}"
    if fact.source is not Source.MANUAL:
        what = f"{what} ({word(fact.source)})"
    return _("%(what)s %(time)s", what=what, time=clock_time(fact.happened_at))


def _mark(day: CarerDay, change: VisitChange) -> str:
    """A word on a stop that was published otherwise before."""
    if day.carer.id not in change.old_carers:
        return _("Nytt")
    if change.old_start_at != change.new_start_at:
        return _("Ny tid")
    return _("Ändrat")


def _change(day: CarerDay, at: datetime, change: VisitChange) -> str:
    return _("Ändrat %(time)s: %(what)s", time=clock_time(at), what=_what_changed(day, change))


def _what_changed(day: CarerDay, change: VisitChange) -> str:
    """What it means for this carer. Whoever is no longer on the route is not named: they are no longer in sight."""
    stop = day.stop(change.visit_id)
    name = _("ett besök") if stop is None else stop.citizen.name
    old = "" if change.old_start_at is None else clock_time(change.old_start_at)
    new = "" if change.new_start_at is None else clock_time(change.new_start_at)
    was_mine, is_mine = day.carer.id in change.old_carers, day.carer.id in change.new_carers
    if is_mine and not was_mine:
        return _("Nytt för dig: %(name)s %(time)s.", name=name, time=new)
    if was_mine and not is_mine:
        if change.kind is ChangeKind.WITHDRAWN:
            return _("Besöket %(time)s blir inte av.", time=old)
        return _("Besöket %(time)s gör någon annan.", time=old)
    if old != new:
        return _("%(name)s är nu %(new)s i stället för %(old)s.", name=name, new=new, old=old)
    return _("Någon annan än förut kommer tillsammans med dig till %(name)s %(time)s.", name=name, time=new)
