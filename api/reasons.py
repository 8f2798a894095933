"""Why a visit found no place, in plain words: the scheduler's code and parameters made into a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from babel.numbers import format_decimal

from api.i18n import N_, _, locale
from api.words import word
from visits.terms import Skill


class Reason(Protocol):
    """What the scheduler says, or the record keeps of it: a code, the share of the staff it rules out (0 to 1), what it names."""

    @property
    def code(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def params(self) -> Mapping[str, object]: ...


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


def sentence(reason: Reason) -> str:
    """One reason, with the share of the staff that it rules out where it rules anybody out."""
    lacking = _skills(reason) if reason.code == "NO_SKILLED_CARER_ON_SHIFT" else ""
    said = SKILLS if lacking else SENTENCES.get(reason.code, SENTENCES["NO_REASON_FOUND"])
    told = _(said.of_all if reason.share >= 1 else said.of_some, skills=lacking)
    if reason.share <= 0:
        return told
    return _(_SHARE, sentence=told, percent=format_decimal(reason.share * 100, "#,##0", locale=locale()))


def _skills(reason: Reason) -> str:
    named = [name.strip() for name in str(reason.params.get("skills", "")).split(",")]
    return ", ".join(word(Skill(name)) for name in named if name)
