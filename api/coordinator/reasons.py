"""Why a visit found no place, in plain words: the scheduler's code and parameters made into a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.i18n import N_, _
from api.pages import number
from api.words import words
from visits.planned.schedule import UnplacedReason
from visits.terms import Skill


@dataclass(frozen=True, slots=True)
class Told:
    """How a reason is said when it holds for everybody at work, and when it holds for some of them."""

    of_all: str
    of_some: str


SKILLS = Told(N_("Ingen i passet har %(skills)s"), N_("Saknar %(skills)s eller arbetar inte då"))
SENTENCES: dict[str, Told] = {
    "NO_SKILLED_CARER_ON_SHIFT": Told(N_("Ingen arbetar när besöket ska bli av"), N_("Arbetar inte då")),
    "NO_GAP_IN_WINDOW": Told(
        N_("Ingen har en lucka när besöket ska börja"), N_("Har ingen lucka när besöket ska börja")
    ),
    "FORBIDDEN_FOR_ALL": Told(
        N_("Ingen som arbetar får komma till den här personen"), N_("Får inte komma till den här personen")
    ),
    "PARTNER_CANNOT_BE_PLACED": Told(
        N_("Besöket som det hör ihop med får inte plats"), N_("Besöket som det hör ihop med får inte plats")
    ),
    "CHEAPER_TO_LEAVE": Told(
        N_("Besöket kan vänta: att få in det skulle rubba för mycket annat"),
        N_("Skulle rubba för mycket annat"),
    ),
    "NO_REASON_FOUND": Told(N_("Ingen enskild orsak hittades"), N_("Ingen enskild orsak hittades")),
}
"""The scheduler's closed list; a code that is new to us is told as the last one."""
_SHARE = N_("%(sentence)s (%(percent)s %% av personalen)")


def sentence(reason: UnplacedReason) -> str:
    """One reason, with the share of the staff that it rules out where it rules anybody out."""
    told = _told(reason)
    return told if reason.share <= 0 else _(_SHARE, sentence=told, percent=number(reason.share * 100))


def _told(reason: UnplacedReason) -> str:
    lacking = _skills(reason) if reason.code == "NO_SKILLED_CARER_ON_SHIFT" else ()
    said = SKILLS if lacking else SENTENCES.get(reason.code, SENTENCES["NO_REASON_FOUND"])
    return _(said.of_all if reason.share >= 1 else said.of_some, skills=words(lacking))


def _skills(reason: UnplacedReason) -> Sequence[Skill]:
    """The skills that the reason names; words that are not ours are left out."""
    named = str(reason.params.get("skills", "")).replace(",", " ").split()
    return [Skill(name) for name in named if name in set(Skill)]
