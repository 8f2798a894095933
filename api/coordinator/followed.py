"""What is said of a visit that is followed up: how it deviates, what does not fit, and what everybody has told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.i18n import N_, _
from api.pages import clock_time, day, local_day, minutes
from api.words import word
from visits.performed.attendance import Misfit
from visits.performed.checkins import Fact, FactKind, Source
from visits.performed.deviations import Deviation, DeviationKind
from visits.store.follow_ups import FollowedVisit, FollowUp
from visits.terms import CarerId, CitizenId, CoordinatorId

MISFITS: dict[Misfit, str] = {
    Misfit.CHECKED_IN_TWICE: N_("Checkade in två gånger. Den första tiden räknas."),
    Misfit.CHECKED_OUT_AGAIN: N_("Checkade ut en gång till. Den första tiden räknas."),
    Misfit.NEVER_CHECKED_IN: N_("Incheckning saknas, så ingen tid räknas."),
    Misfit.TURNED_AWAY_YET_PERFORMED: N_("Stämmer inte med att någon var där. Tiden där räknas."),
    Misfit.TWO_ANSWERS_AT_THE_DOOR: N_("Två olika svar. Det senare räknas."),
    Misfit.TASK_ANSWERED_TWICE: N_("Samma insats är både utförd och avböjd. Det senare svaret räknas."),
    Misfit.DONE_YET_TURNED_AWAY: N_("Insatsen sägs vara utförd, men besöket blev inte av."),
    Misfit.MOVED_YET_PERFORMED: N_("Flyttat fast någon redan hade varit där. Tiden där räknas."),
}
_ARRIVED_LATE = timedelta(minutes=10)


def name_of(found: FollowUp, citizen_id: CitizenId) -> str:
    """A citizen's name; whoever has gone over to another provider since is no longer named."""
    citizen = found.citizens.get(citizen_id)
    return citizen.name if citizen else _("Inte längre hos er")


def who(found: FollowUp, carers: Iterable[CarerId]) -> str:
    return ", ".join(found.carers[carer_id].name for carer_id in carers if carer_id in found.carers) or _("ingen")


def misfit_words(misfit: Misfit) -> str:
    return _(MISFITS[misfit])


def deviation_words(found: FollowUp, deviation: Deviation) -> str:
    """How a visit deviates, as a sentence."""
    waits = deviation.is_open and deviation.kind in {DeviationKind.LATE_15, DeviationKind.LATE_30}
    sentence = _NOT_BEGUN if waits else DEVIATIONS[deviation.kind]
    name = who(found, [deviation.carer_id] if deviation.carer_id else [])
    return _(sentence, time=minutes(deviation.minutes), name=name)


DEVIATIONS: dict[DeviationKind, str] = {
    DeviationKind.UNATTENDED: N_("Ingen har checkat in. Besöket skulle ha börjat för minst %(time)s sedan."),
    DeviationKind.LATE_30: N_("Började %(time)s sent."),
    DeviationKind.LATE_15: N_("Började %(time)s sent."),
    DeviationKind.MISSED: N_("Ingen kom, och ingen har sagt varför."),
    DeviationKind.SHORT: N_("%(time)s kortare än planerat."),
    DeviationKind.LONG: N_("%(time)s längre än planerat."),
    DeviationKind.NOT_CHECKED_OUT: N_("%(name)s har inte checkat ut. Tiden räknas först när det är rättat."),
}
_NOT_BEGUN = N_("Har inte börjat, %(time)s efter utsatt tid.")
"""Of a visit that is late and to which nobody has come yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One fact as the coordinator reads it. `flag` says what does not fit with it, `status` where it does not count."""

    fact: Fact
    text: str
    by: str
    flag: str
    status: str
    counts: bool
    waits: bool

    @property
    def is_void(self) -> bool:
        """Whether it neither counts nor may come to."""
        return not self.counts and not self.waits


def stated(found: FollowUp, one: FollowedVisit) -> list[Stated]:
    """Everything that was told about the visit, in order, also what no longer counts."""
    flags = {item.fact_id: misfit_words(item.misfit) for item in one.told.contradictions}
    standing = {fact.id for fact in one.told.standing}
    waiting = {fact.id for fact in one.told.waiting}
    phones = list(dict.fromkeys(fact.device for fact in one.told.facts if fact.device))
    return [
        Stated(
            fact=fact,
            text=_text(fact),
            by=", ".join([*_by(found, fact), *_phone(fact, phones)]),
            flag=flags.get(fact.id, ""),
            status=_status(fact, counts=fact.id in standing, waits=fact.id in waiting),
            counts=fact.id in standing,
            waits=fact.id in waiting,
        )
        for fact in one.told.facts
    ]


def _text(fact: Fact) -> str:
    takes_back = fact.kind is FactKind.NOTE and fact.corrects is not None
    what = _("Tog tillbaka det som sagts") if takes_back else word(fact.kind)
    if fact.code is not None:
        what = f"{what}: {word(fact.code)}"
    if fact.moved_to is not None:
        what = f"{what}: {clock_time(fact.moved_to)}"
    return _("%(what)s %(time)s", what=what, time=clock_time(fact.happened_at))


def _phone(fact: Fact, phones: list[UUID]) -> list[str]:
    """Which phone it came from, where several have told of one visit: they may not agree."""
    if fact.device is None or len(phones) < 2:
        return []
    return [_("telefon %(number)s", number=phones.index(fact.device) + 1)]


def _by(found: FollowUp, fact: Fact) -> list[str]:
    """Who said it, how presence was proven, and when it came in where that was later."""
    told = [who(found, [fact.carer_id])] if fact.carer_id else []
    told.append(_put_in_by(found, fact.coordinator_id) if fact.coordinator_id else word(fact.source))
    if fact.coordinator_id is None and fact.source is Source.MANUAL and fact.kind in _NEEDS_NO_PROOF:
        told.pop()
    if fact.received_at - fact.happened_at > _ARRIVED_LATE and fact.coordinator_id is None:
        came = clock_time(fact.received_at)
        if local_day(fact.received_at) != local_day(fact.happened_at):
            came = f"{day(local_day(fact.received_at), 'd MMM')} {came}"
        told.append(_("kom in %(time)s", time=came))
    if fact.reason:
        told.append(_("”%(reason)s”", reason=fact.reason))
    return told


def _put_in_by(found: FollowUp, coordinator_id: CoordinatorId) -> str:
    coordinator = found.coordinators.get(coordinator_id)
    return _("infört av %(name)s", name=coordinator.name if coordinator else _("samordnaren"))


_NEEDS_NO_PROOF = frozenset(FactKind) - {FactKind.CHECK_IN, FactKind.CHECK_OUT}


def _status(fact: Fact, *, counts: bool, waits: bool) -> str:
    if waits:
        return _("Väntar på att någon mer godkänner")
    if counts:
        return ""
    return _("Avslaget, räknas inte") if fact.needs_approval else _("Rättat, räknas inte")
