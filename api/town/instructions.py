"""What care plans say: plain Swedish, as a planner writes it to a colleague."""

from api.town.chance import Chance
from visits.granted.catalogue import Category, category
from visits.granted.decisions import Decision
from visits.terms import ServiceCode

_TEXTS: dict[ServiceCode, tuple[str, ...]] = {
    ServiceCode.MORNING: (
        "Hjälp upp ur sängen, tvätt och påklädning. Frukost: gröt och kaffe.",
        "Stöd vid tvätt och påklädning. Smörgås och te till frukost, bädda sängen.",
        "Väck lugnt. Tandborstning, påklädning, stödstrumpor. Frukost vid fönstret.",
        "Morgonhygien och påklädning. Klarar frukosten själv om den står framme.",
    ),
    ServiceCode.LUNCH: (
        "Värm matlådan, duka och sitt med en stund. Ta undan disken.",
        "Lunch enligt matlistan på kylen. Påminn om att dricka.",
        "Värm maten. Toalettbesök före lunch.",
    ),
    ServiceCode.CHECK: (
        "Titta till, erbjud kaffe och frukt. Toalettbesök.",
        "Tillsyn. Gå några varv i lägenheten tillsammans.",
        "Titta till och se att larmet sitter på armen.",
    ),
    ServiceCode.EVENING: (
        "Kvällsmål och disk. Se till att spisen är avstängd.",
        "Värm middagen, duka fram och håll sällskap.",
        "Kvällsmål, posten och en pratstund.",
    ),
    ServiceCode.BEDTIME: (
        "Kvällstvätt, nattkläder och hjälp i säng. Tänd nattlampan.",
        "Hjälp i säng. Vatten och telefon inom räckhåll. Lås dörren.",
        "Toalettbesök, tandborstning och hjälp i säng.",
    ),
    ServiceCode.NIGHT: (
        "Tillsyn. Väck inte om allt är lugnt.",
        "Vändning och byte av skydd. Tala lågmält.",
    ),
    ServiceCode.SHOWER: (
        "Dusch med duschstol. Smörj in benen efteråt. Rena kläder.",
        "Dusch och hårtvätt. Handduken ska vara varm.",
    ),
    ServiceCode.SHOPPING: (
        "Handla efter listan på kylen. Ta med kvittot.",
        "Handla tillsammans om vädret är bra, annars efter lista.",
    ),
    ServiceCode.CLEANING: (
        "Dammsug och våttorka golven, städa badrummet.",
        "Städa kök och badrum. Byt lakan.",
    ),
    ServiceCode.LAUNDRY: (
        "Tvätta en maskin i tvättstugan. Häng upp och vik.",
        "Hämta tvätten, vik och lägg in.",
    ),
    ServiceCode.WALK: (
        "Promenad i egen takt. Rullatorn står i hallen.",
        "Promenad till parken, ta en paus på bänken.",
    ),
    ServiceCode.SUPPORT: (
        "Gå igenom veckan tillsammans. Stöd att komma igång med disk och tvätt.",
        "Öppna posten tillsammans. Följ med till affären om hen vill.",
        "Stöd att laga mat. Prata om helgen.",
    ),
}
_HEALTH_TASKS = (
    "Överlämna medicin ur dosetten (delegerat).",
    "Ge insulin enligt ordination i pärmen (delegerat).",
    "Ögondroppar i båda ögonen (delegerat).",
    "Sätt på medicinplåstret, skriv datum (delegerat).",
)
_TOGETHER = "Ni är två: förflytta med lift."


def instructions(chance: Chance, code: ServiceCode, *, health_task: bool, together: bool) -> str:
    parts = [chance.pick(_TEXTS[code])]
    if health_task:
        parts.append(chance.pick(_HEALTH_TASKS))
    if together:
        parts.append(_TOGETHER)
    return " ".join(parts)


_GOALS: dict[Category, tuple[str, ...]] = {
    Category.PERSONAL_CARE: (
        "Komma upp, hålla sig fräsch och äta i sin egen takt.",
        "Känna sig trygg hemma och klara så mycket som möjligt själv.",
        "Behålla krafterna: göra det som går, med stöd vid det som är svårt.",
    ),
    Category.HOUSEHOLD: (
        "Ha ett ombonat hem och det som behövs i skafferiet.",
        "Orka med annat när det tunga hemma blir gjort.",
    ),
    Category.SOCIAL: ("Komma ut och träffa folk varje vecka.",),
    Category.SUPPORT: (
        "Få struktur på veckan och klara post, inköp och städning själv.",
        "Bryta ensamheten och våga ta kontakt med myndigheter.",
    ),
}


def goal(chance: Chance, decision: Decision) -> str:
    """What the help is to lead to, by the most personal of what is granted."""
    granted = {category(code) for service in decision.services for code in service.codes}
    return chance.pick(next(texts for kind, texts in _GOALS.items() if kind in granted))
