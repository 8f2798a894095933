"""To whom a citizen's day is told: the citizen ("Du har inga besök idag"), or somebody close ("Anna har inga besök idag")."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.i18n import _
from api.words import help_at_visit, word
from visits.terms import ServiceCode


@dataclass(frozen=True, slots=True)
class Voice:
    """`name` is the citizen's given name when it is told to somebody else."""

    name: str = ""

    def calm(self, state: str) -> str:
        """A day on which nobody more is expected, in one sentence."""
        match state:
            case "away":
                return _("%(name)s är borta idag.", name=self.name) if self.name else _("Du är borta idag.")
            case "all_done":
                return _("Dagens besök är klara.")
            case _other:
                return _("%(name)s har inga besök idag.", name=self.name) if self.name else _("Du har inga besök idag.")

    def explanation(self, state: str) -> str:
        """What follows from such a day; empty while somebody is expected."""
        match state:
            case "away":
                if self.name:
                    return _("Därför kommer ingen dit.")
                return _("Därför kommer ingen till dig. Hör av dig till hemtjänsten om du har kommit hem.")
            case "all_done":
                if self.name:
                    return _("Ingen mer kommer till %(name)s idag.", name=self.name)
                return _("Ingen mer kommer till dig idag.")
            case "nothing":
                return _("Hör av dig till hemtjänsten om du tror att det är fel.")
        return ""

    @property
    def here_now(self) -> str:
        return _("Hos %(name)s nu", name=self.name) if self.name else _("Hos dig nu")

    def help(self, codes: Iterable[ServiceCode]) -> str:
        """What the visit is for, in words that fit whoever reads them."""
        return ", ".join(word(code).lower() for code in codes) if self.name else help_at_visit(codes)


TO_ONESELF = Voice()
