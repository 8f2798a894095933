"""What is wrong with a row, as a person reads it: which row and field, what stood there, why it cannot be taken and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.i18n import N_, _
from api.pages import day
from api.rosters.table import COLUMNS
from api.rosters.working_words import rule_words
from visits.planned.roster_rows import MOST_ROWS, Fault, ImportKind, RowFault
from visits.terms import CarerId

SENTENCES: Mapping[Fault, str] = {
    Fault.UNREADABLE: N_(
        "Filen går inte att läsa: den är varken en tabell (CSV) eller en kalender (iCalendar) som håller ihop."
    ),
    Fault.EMPTY: N_("Det finns inga rader att läsa in."),
    Fault.TOO_MANY_ROWS: N_("För mycket på en gång, högst %(most)s rader. Dela upp filen."),
    Fault.MISSING_COLUMN: N_("Kolumnen saknas. Första raden ska namnge kolumnerna."),
    Fault.MISSING_VALUE: N_("Värdet saknas."),
    Fault.UNKNOWN_PERSON: N_(
        "Ingen i gruppen heter så eller har det id:t. Skriv hela namnet som det står här, eller id:t."
    ),
    Fault.SEVERAL_PERSONS: N_("Flera heter så. Skriv id:t i stället; det står i filen som du kan hämta här."),
    Fault.NOT_A_DAY: N_("Inte en dag. Skriv till exempel 2026-11-23."),
    Fault.NOT_A_TIME: N_("Inte ett klockslag. Skriv till exempel 07:00."),
    Fault.NOT_A_BREAK: N_(
        "Inte en rast. Skriv 12:00-12:30, eller 10:30-12:00/30 för 30 minuter som börjar däremellan."
    ),
    Fault.NOT_YES_OR_NO: N_("Skriv ja eller nej."),
    Fault.UNKNOWN_REASON: N_("Orsaken är inte en av dem som går att välja."),
    Fault.NO_TIMES: N_("Passet har inga klockslag, bara en dag."),
    Fault.TOO_OFTEN: N_("Händelsen upprepas oftare än en gång om dagen."),
    Fault.ENDS_BEFORE: N_("Slutar innan den har börjat."),
    Fault.BREAK_OUTSIDE: N_("Rasten ligger utanför passet."),
    Fault.DAY_IS_OVER: N_("Dagen är över."),
    Fault.TOO_FAR_AHEAD: N_("Dagen ligger för långt bort för att vara rätt."),
    Fault.TWICE: N_("Samma sak står redan på en tidigare rad."),
    Fault.AWAY_ALREADY: N_("Personen är redan borta några av de dagarna, men inte alla."),
}
CALENDAR_FIELDS = frozenset({"DTSTART", "DTEND", "DESCRIPTION", "CATEGORIES", "SUMMARY", "RRULE"})
_TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    row: int
    field: str
    value: str
    why: str


def fault_lines(faults: Iterable[RowFault], kind: ImportKind, names: Mapping[CarerId, str]) -> list[FaultLine]:
    """Every fault, in the order of the rows; `names` are the carers whose rules may be broken."""
    return [
        FaultLine(row=one.row, field=_field(one.field, kind), value=one.value, why=_why(one, names)) for one in faults
    ]


def _why(fault: RowFault, names: Mapping[CarerId, str]) -> str:
    breach = fault.breach
    if breach is None:
        return _(SENTENCES[fault.fault], most=MOST_ROWS)
    rule = rule_words(breach.rule, found=breach.found, limit=breach.limit)
    return f"{names.get(breach.carer_id, '')}, {day(breach.on, 'EEE d MMM')}: {rule}"


def _field(field: str, kind: ImportKind) -> str:
    """The name of the column, as it stands at its head."""
    if field in CALENDAR_FIELDS:
        return field
    columns = COLUMNS[kind]
    if field == _TIMES:
        return f"{columns['begins'][0]}, {columns['ends'][0]}"
    return columns[field][0] if field in columns else field
