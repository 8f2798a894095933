"""What would give a visit a place, in the coordinator's words: with whom, when, if what, and what it costs others."""

from api.coordinator.board import name_of
from api.i18n import N_, _, ngettext
from api.pages import clock_time, minutes
from api.words import word
from visits.planned.schedule import RemedyKind, UnplacedRemedy
from visits.store.team_days import TeamDay
from visits.terms import CarerId, Skill, VisitId

SENTENCES: dict[tuple[RemedyKind, bool], str] = {
    (RemedyKind.PLACE, False): N_("Får plats hos %(carer)s kl. %(time)s"),
    (RemedyKind.WINDOW, True): N_("Får plats hos %(carer)s kl. %(time)s om det får börja %(amount)s tidigare"),
    (RemedyKind.WINDOW, False): N_("Får plats hos %(carer)s kl. %(time)s om det får börja %(amount)s senare"),
    (RemedyKind.SKILL, False): N_("Får plats hos %(carer)s kl. %(time)s om %(helped)s har %(skill)s"),
    (RemedyKind.SHIFT, True): N_("Får plats hos %(carer)s kl. %(time)s om %(helped)s börjar %(amount)s tidigare"),
    (RemedyKind.SHIFT, False): N_("Får plats hos %(carer)s kl. %(time)s om %(helped)s slutar %(amount)s senare"),
    (RemedyKind.MOVE, False): N_("Får plats hos %(carer)s kl. %(time)s om besöket hos %(others)s flyttas"),
    (RemedyKind.DROP, False): N_("Får plats hos %(carer)s kl. %(time)s om besöket hos %(others)s utgår"),
}
"""By kind, and whether something begins earlier."""


def remedy_words(day: TeamDay, remedy: UnplacedRemedy) -> str:
    """One remedy, with what it costs others where it costs them something."""
    said = _(
        SENTENCES[remedy.kind, remedy.earlier_minutes > 0],
        carer=_carer(day, remedy.carer_id),
        time=clock_time(remedy.start_at),
        amount=minutes(remedy.earlier_minutes or remedy.later_minutes),
        skill=word(Skill(remedy.skill)) if remedy.skill else "",
        helped=_carer(day, remedy.helped) if remedy.helped else "",
        others=", ".join(_citizen(day, visit) for visit in remedy.others),
    )
    costs = []
    extra_minutes = round(remedy.extra_seconds / 60)
    if extra_minutes > 0:
        costs.append(_("motsvarar %(time)s mer restid", time=minutes(extra_minutes)))
    if remedy.told:
        costs.append(ngettext("%(num)s annan behöver få veta", "%(num)s andra behöver få veta", remedy.told))
    return f"{said} ({', '.join(costs)})" if costs else said


def _carer(day: TeamDay, carer: CarerId) -> str:
    return day.carers[carer].name if carer in day.carers else "–"


def _citizen(day: TeamDay, visit_id: VisitId) -> str:
    visit = day.visits.get(visit_id)
    return name_of(day, visit.citizen_id) if visit else "–"
