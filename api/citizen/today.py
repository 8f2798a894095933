"""The citizen's day in words: from the record's `CitizenDay` to what is said, on the page and in the message alike."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from api.citizen.schemas import ChangeTold, ComerTold, DayTold, VisitTold
from api.citizen.voice import TO_ONESELF, Voice
from api.i18n import _, language
from api.live.hub import Audience
from api.live.snapshot import whose
from api.pages import clock_time
from api.pages import day as day_name
from api.words import word
from visits.guard.viewer import Role, Viewer
from visits.performed.citizen_day import CitizenDay, CitizenVisit, Comer, DayChange, Punctuality
from visits.performed.estimate import told_interval
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind
from visits.store import outbox
from visits.store.citizen_days import citizen_days

_MOST_CHANGES = 5


def snapshots(session: Session, viewers: Sequence[Viewer], *, on: date, now: datetime) -> Mapping[UUID, DayTold]:
    """The days of many citizens, told as of `now` in the reader's language."""
    return {key: told(day, now=now) for key, day in citizen_days(session, viewers, on=on).items()}


TODAY = Audience(role=Role.CITIZEN, counts=outbox.Audience.CITIZEN, snapshots=snapshots, days_shown=2, days_back=1)


def told(day: CitizenDay, *, now: datetime, voice: Voice = TO_ONESELF) -> DayTold:
    """The day in words, as it is said to the citizen, or about the citizen to somebody else."""
    following = day.next
    state = _state(day)
    return DayTold(
        of=whose(day.citizen_id),
        on=day.on,
        revision=day.revision,
        at=now,
        state=state,
        day=_day_in_words(day.on),
        headline=_headline(day, state, voice),
        explanation=voice.explanation(state),
        next=None if following is None else _visit(following, voice, is_next=True),
        later=[_visit(visit, voice) for visit in day.later],
        over=[_visit(visit, voice) for visit in day.over],
        changes=[_change(change) for change in day.changes[:_MOST_CHANGES]],
        tomorrow_day=_day_in_words(day.on + timedelta(days=1)),
        tomorrow=[_visit(visit, voice) for visit in day.tomorrow if not visit.state.is_over],
    )


def _state(day: CitizenDay) -> str:
    if day.next is not None:
        return "under_way" if day.next.state is VisitState.STARTED else "next"
    if day.away:
        return "away"
    return "all_done" if day.over else "nothing"


def _headline(day: CitizenDay, state: str, voice: Voice) -> str:
    """The day in one sentence: what a screen reader says when it has changed."""
    if day.next is None:
        return voice.calm(state)
    visit = _visit(day.next, voice, is_next=True)
    return " ".join(part for part in (f"{visit.label}: {visit.when}, {visit.who}.", visit.note) if part)


def _visit(visit: CitizenVisit, voice: Voice, *, is_next: bool = False) -> VisitTold:
    from_at, to_at = visit.told
    return VisitTold(
        id=visit.id,
        state=visit.state.value,
        punctuality=visit.punctuality.value,
        from_at=from_at,
        to_at=to_at,
        minutes=visit.minutes,
        codes=[code.value for code in visit.codes],
        carers=[ComerTold(name=comer.shown_name, title=word(comer.title)) for comer in visit.carers],
        label=_label(visit, voice, is_next=is_next),
        when=_when(visit),
        who=_names(visit.carers) or _("Vi vet inte än vem som kommer"),
        titles=_titles(visit.carers),
        help=_sentence(voice.help(visit.codes)),
        note=_note(visit),
    )


def _label(visit: CitizenVisit, voice: Voice, *, is_next: bool) -> str:
    if visit.state is VisitState.PLANNED:
        return _("Nästa besök") if is_next else ""
    return voice.here_now if visit.state is VisitState.STARTED else word(visit.state)


def _when(visit: CitizenVisit) -> str:
    if visit.came_at is not None and visit.left_at is not None:
        return _("kl. %(start)s–%(end)s", start=clock_time(visit.came_at), end=clock_time(visit.left_at))
    if visit.came_at is not None:
        return _("sedan %(start)s", start=clock_time(visit.came_at))
    return _about(visit.told)


def _about(interval: tuple[datetime, datetime]) -> str:
    return _("ca %(start)s–%(end)s", start=clock_time(interval[0]), end=clock_time(interval[1]))


def _note(visit: CitizenVisit) -> str:
    if visit.state is not VisitState.PLANNED:
        return ""
    if visit.planned_at is None:
        return _("Tiden är inte bestämd än.")
    match visit.punctuality:
        case Punctuality.DELAYED:
            return _("Besöket är försenat, vi väntas nu %(when)s.", when=_about(visit.told))
        case Punctuality.A_LITTLE_LATER:
            return _("Det blir lite senare än planerat.")
        case Punctuality.AS_PLANNED:
            return ""


def _change(change: DayChange) -> ChangeTold:
    text = _("Ändrat %(at)s: %(what)s", at=clock_time(change.changed_at), what=_what_changed(change))
    return ChangeTold(at=change.changed_at, text=text)


def _what_changed(change: DayChange) -> str:
    old = "" if change.old_start_at is None else _about(told_interval(change.old_start_at))
    new = "" if change.new_start_at is None else _about(told_interval(change.new_start_at))
    if change.kind is ChangeKind.ADDED:
        return _("%(who)s kommer även %(when)s.", who=_names(change.new_carers), when=new)
    if change.kind is ChangeKind.WITHDRAWN:
        return _("Besöket %(when)s blir inte av.", when=old)
    arrived = [comer for comer in change.new_carers if comer not in change.old_carers]
    gone = [comer for comer in change.old_carers if comer not in change.new_carers]
    swap = _swap(arrived, gone)
    if old == new:
        return swap + "."
    moved = _("Besöket är nu %(new)s i stället för %(old)s.", new=new, old=old)
    return f"{swap}. {moved}" if swap else moved


def _swap(arrived: Sequence[Comer], gone: Sequence[Comer]) -> str:
    if arrived and gone:
        return _("%(new)s kommer i stället för %(old)s", new=_names(arrived), old=_names(gone))
    if arrived:
        return _("%(new)s kommer också", new=_names(arrived))
    return _("%(old)s kommer inte", old=_names(gone)) if gone else ""


def _names(comers: Sequence[Comer]) -> str:
    names = [comer.shown_name for comer in comers]
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s och %(last)s", some=", ".join(names[:-1]), last=names[-1])


def _titles(comers: Sequence[Comer]) -> str:
    return ", ".join(dict.fromkeys(word(comer.title) for comer in comers))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day_in_words(on: date) -> str:
    return _day_in(on, language())


@lru_cache(maxsize=64)
def _day_in(on: date, _language: str) -> str:
    """Worked out once for all who are told the same day in the same language."""
    return _sentence(day_name(on))
