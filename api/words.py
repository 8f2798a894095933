"""The Swedish word of each term of the record, through gettext: the one table from enum to what a person reads.

Use `word(ServiceCode.MORNING)`; in templates the filter ``|word``. A service has two forms: what is decided
("Morgonhjälp", `word`) and what the citizen gets at the visit ("hjälp på morgonen", `help_at_visit`).
"""

from collections.abc import Iterable
from enum import StrEnum

from api.i18n import N_, _
from provider_choice.choice import DeclineReason, RequestKind, RequestState
from visits.granted.care_plans import CarePlanState, Participation
from visits.granted.catalogue import Category
from visits.granted.commencement import Delay
from visits.granted.decisions import DecidedAs, Per
from visits.granted.orders import OrderState
from visits.granted.plan_lines import LineFinding
from visits.granted.visit_templates import Priority
from visits.guard.viewer import Role
from visits.organisation import ProviderKind
from visits.people import ProtectedIdentity
from visits.performed.checkins import FactKind, Source
from visits.performed.deviations import DeviationKind
from visits.performed.incidents import Actor, IncidentState, StepKind
from visits.performed.visit import VisitState
from visits.planned.schedule import ChangeKind, ScheduleState
from visits.terms import AbsenceReason, ServiceCode, ServiceKind, Skill, Title, TravelMode

WORDS: tuple[tuple[StrEnum, str], ...] = (
    (ServiceKind.HOME_CARE, N_("Hemtjänst")),
    (ServiceKind.NIGHT_CARE, N_("Hemtjänst på natten")),
    (ServiceKind.HOUSING_SUPPORT, N_("Boendestöd")),
    (ServiceCode.MORNING, N_("Morgonhjälp")),
    (ServiceCode.LUNCH, N_("Lunchhjälp")),
    (ServiceCode.EVENING, N_("Kvällshjälp")),
    (ServiceCode.BEDTIME, N_("Hjälp vid läggdags")),
    (ServiceCode.NIGHT, N_("Natthjälp")),
    (ServiceCode.CHECK, N_("Tillsyn")),
    (ServiceCode.SHOWER, N_("Dusch")),
    (ServiceCode.SELF_CARE, N_("Egenvård")),
    (ServiceCode.BED, N_("Bäddning")),
    (ServiceCode.DISHES, N_("Disk")),
    (ServiceCode.MAIL, N_("Post och tidning")),
    (ServiceCode.SHOPPING, N_("Inköp")),
    (ServiceCode.PHARMACY, N_("Apoteksärende")),
    (ServiceCode.CLEANING, N_("Städning")),
    (ServiceCode.LIGHT_CLEANING, N_("Lättstädning")),
    (ServiceCode.WINDOWS, N_("Fönsterputs")),
    (ServiceCode.LAUNDRY, N_("Tvätt")),
    (ServiceCode.WALK, N_("Promenad")),
    (ServiceCode.ESCORT, N_("Ledsagning")),
    (ServiceCode.RESPITE, N_("Avlösning i hemmet")),
    (ServiceCode.CHILD, N_("Insats till barn")),
    (ServiceCode.MEAL_DELIVERY, N_("Matdistribution")),
    (ServiceCode.ALARM_VISIT, N_("Trygghetslarm")),
    (ServiceCode.SUPPORT, N_("Stöd i vardagen")),
    (Skill.ASSISTANT_NURSE, N_("undersköterska")),
    (Skill.DELEGATION, N_("delegering")),
    (Skill.LIFT, N_("tunga lyft")),
    (Skill.HOUSING_SUPPORT, N_("boendestöd")),
    (Title.ASSISTANT_NURSE, N_("undersköterska")),
    (Title.CARE_ASSISTANT, N_("vårdbiträde")),
    (Title.HOUSING_SUPPORT_WORKER, N_("boendestödjare")),
    (AbsenceReason.HOSPITAL, N_("På sjukhus")),
    (AbsenceReason.TRAVEL, N_("Bortrest")),
    (AbsenceReason.RESPITE, N_("På korttidsboende eller växelvård")),
    (AbsenceReason.OTHER, N_("Annan frånvaro")),
    (TravelMode.WALK, N_("till fots")),
    (TravelMode.BICYCLE, N_("cykel")),
    (TravelMode.CAR, N_("bil")),
    (VisitState.PLANNED, N_("Planerat")),
    (VisitState.STARTED, N_("Pågår")),
    (VisitState.COMPLETED, N_("Klart")),
    (VisitState.NOBODY_HOME, N_("Ingen öppnade")),
    (VisitState.DECLINED, N_("Avböjt")),
    (VisitState.CANCELLED, N_("Inställt")),
    (VisitState.WITHDRAWN, N_("Borttaget")),
    (FactKind.CHECK_IN, N_("Incheckning")),
    (FactKind.CHECK_OUT, N_("Utcheckning")),
    (FactKind.NOTE, N_("Anteckning")),
    (FactKind.NOBODY_HOME, N_("Ingen öppnar")),
    (FactKind.DECLINED, N_("Avböjt")),
    (FactKind.CANCELLED_LATE, N_("Sent återbud")),
    (FactKind.TASK_DONE, N_("Insats utförd")),
    (FactKind.TASK_DECLINED, N_("Insats avböjd")),
    (FactKind.MOVED, N_("Flyttat till annan tid")),
    (FactKind.EXTRA_VISIT, N_("Extra besök")),
    (FactKind.ELSEWHERE, N_("Utfört utanför hemmet")),
    (DeviationKind.UNATTENDED, N_("Ingen har kommit")),
    (DeviationKind.LATE_30, N_("Mer än 30 minuter sent")),
    (DeviationKind.LATE_15, N_("Mer än 15 minuter sent")),
    (DeviationKind.MISSED, N_("Uteblivet")),
    (DeviationKind.SHORT, N_("Kort")),
    (DeviationKind.LONG, N_("Långt")),
    (DeviationKind.NOT_CHECKED_OUT, N_("Glömd utcheckning")),
    (Source.MANUAL, N_("för hand")),
    (Source.TAG, N_("tagg i hemmet")),
    (Source.LOCK, N_("digitalt lås")),
    (ScheduleState.DRAFT, N_("Utkast")),
    (ScheduleState.PUBLISHED, N_("Publicerat")),
    (ScheduleState.SUPERSEDED, N_("Ersatt")),
    (ScheduleState.DISCARDED, N_("Kasserat")),
    (ChangeKind.ADDED, N_("Nytt besök")),
    (ChangeKind.WITHDRAWN, N_("Borttaget besök")),
    (ChangeKind.MOVED, N_("Ändrat besök")),
    (Priority.MUST, N_("måste bli av")),
    (Priority.SHOULD, N_("bör bli av")),
    (Priority.MAY, N_("kan vänta")),
    (Per.DAY, N_("per dag")),
    (Per.WEEK, N_("per vecka")),
    (Per.MONTH, N_("per månad")),
    (Per.YEAR, N_("per år")),
    (DecidedAs.OCCASIONS, N_("minuter per gång")),
    (DecidedAs.HOURS, N_("tid i timmar")),
    (DecidedAs.MINUTES, N_("tid i minuter")),
    (DecidedAs.FRAME, N_("ramtid")),
    (Category.PERSONAL_CARE, N_("Personlig omvårdnad")),
    (Category.HOUSEHOLD, N_("Serviceinsats")),
    (Category.SOCIAL, N_("Social samvaro")),
    (Category.RESPITE, N_("Avlösning")),
    (Category.MEALS, N_("Måltider")),
    (Category.ALARM, N_("Larm")),
    (Category.SUPPORT, N_("Stöd")),
    (OrderState.SENT, N_("Skickad")),
    (OrderState.ACKNOWLEDGED, N_("Mottagen")),
    (OrderState.COMMENCED, N_("Påbörjad")),
    (OrderState.PAUSED, N_("Vilande")),
    (OrderState.CHANGED, N_("Ändrad, ny version gäller")),
    (OrderState.ENDED, N_("Avslutad")),
    (LineFinding.WITHIN, N_("inom ramen")),
    (LineFinding.UNUSED, N_("används inte")),
    (LineFinding.BEYOND, N_("mer än beviljat")),
    (LineFinding.NOT_GRANTED, N_("inte beviljat")),
    (LineFinding.STAFF_NOT_GRANTED, N_("två kommer, en är beviljad")),
    (Delay.NOT_ORDERED, N_("ingen utförare har fått någon beställning")),
    (Delay.NOT_ACKNOWLEDGED, N_("utföraren har inte tagit emot beställningen")),
    (Delay.NOT_COMMENCED, N_("utföraren har tagit emot men inte börjat")),
    (CarePlanState.PRELIMINARY, N_("Preliminär")),
    (CarePlanState.PROPOSED, N_("Förslag")),
    (CarePlanState.ACTIVE, N_("Gällande")),
    (CarePlanState.DUE_FOR_REVIEW, N_("Ska följas upp")),
    (CarePlanState.SUPERSEDED, N_("Ersatt")),
    (Participation.FULL, N_("Deltog")),
    (Participation.PARTLY, N_("Deltog delvis")),
    (Participation.DECLINED, N_("Ville inte delta")),
    (ProviderKind.MUNICIPAL, N_("Kommunens egen hemtjänst")),
    (ProviderKind.PRIVATE, N_("Privat utförare")),
    (RequestKind.WISH, N_("Önskar utförare")),
    (RequestKind.SWITCH, N_("Vill byta utförare")),
    (RequestState.SUBMITTED, N_("Väntar på svar")),
    (RequestState.CONFIRMED, N_("Godkänt")),
    (RequestState.TOOK_EFFECT, N_("Har trätt i kraft")),
    (RequestState.DECLINED, N_("Avslaget")),
    (RequestState.WITHDRAWN, N_("Återtaget")),
    (DeclineReason.PROVIDER_FULL, N_("Utföraren har inga lediga platser")),
    (DeclineReason.OUTSIDE_AREA, N_("Utföraren kommer inte till området där personen bor")),
    (DeclineReason.NO_DECISION, N_("Det finns inget beslut om hemtjänst som gäller")),
    (DeclineReason.CHANGED_MIND, N_("Personen har själv sagt att det inte längre behövs")),
    (DeclineReason.NOT_ENTITLED, N_("Den som bad om det får inte bestämma det åt personen")),
    (ProtectedIdentity.SECRECY_MARK, N_("Sekretessmarkering")),
    (ProtectedIdentity.PROTECTED_REGISTRATION, N_("Skyddad folkbokföring")),
    (ProtectedIdentity.ASSUMED_IDENTITY, N_("Fingerade personuppgifter")),
    (Role.CITIZEN, N_("Den som får hjälp")),
    (Role.CARER, N_("Omsorgspersonal")),
    (Role.COORDINATOR, N_("Samordnare")),
    (Role.CASE_OFFICER, N_("Biståndshandläggare")),
    (Role.MANAGER, N_("Verksamhetschef")),
    (Role.RELATIVE, N_("Närstående")),
    (Role.SYSTEM, N_("Systemet")),
    (Actor.CARER, N_("omsorgspersonal")),
    (Actor.COORDINATOR, N_("samordnare")),
    (Actor.MANAGER, N_("verksamhetschef")),
    (StepKind.REPORTED, N_("Anmält")),
    (StepKind.INVESTIGATION_BEGUN, N_("Utredningen börjar")),
    (StepKind.REMEDIED, N_("Åtgärd")),
    (StepKind.FOUND_SERIOUS, N_("Bedömt som allvarligt")),
    (StepKind.FOUND_NOT_SERIOUS, N_("Bedömt som inte allvarligt")),
    (StepKind.NOTIFIED, N_("Anmält till IVO")),
    (StepKind.BOARD_INFORMED, N_("Nämnden informerad")),
    (StepKind.NOTED, N_("Anteckning")),
    (StepKind.CLOSED, N_("Utredningen avslutad")),
    (IncidentState.REPORTED, N_("Anmält, väntar på utredning")),
    (IncidentState.INVESTIGATING, N_("Utreds")),
    (IncidentState.REMEDIED, N_("Åtgärdat")),
    (IncidentState.ASSESSED, N_("Bedömt")),
    (IncidentState.CLOSED, N_("Avslutat")),
)
_BY_NAME = {(type(term).__name__, term.name): text for term, text in WORDS}

HELP_AT_VISIT: dict[ServiceCode, str] = {
    ServiceCode.MORNING: N_("hjälp på morgonen"),
    ServiceCode.LUNCH: N_("hjälp med lunch"),
    ServiceCode.EVENING: N_("hjälp på kvällen"),
    ServiceCode.BEDTIME: N_("hjälp att gå och lägga dig"),
    ServiceCode.NIGHT: N_("tillsyn på natten"),
    ServiceCode.CHECK: N_("titta till dig"),
    ServiceCode.SHOWER: N_("hjälp att duscha"),
    ServiceCode.SELF_CARE: N_("hjälp med medicin och egenvård"),
    ServiceCode.BED: N_("bädda"),
    ServiceCode.DISHES: N_("diska"),
    ServiceCode.MAIL: N_("hämta post och tidning"),
    ServiceCode.SHOPPING: N_("handla"),
    ServiceCode.PHARMACY: N_("uträtta ärende på apoteket"),
    ServiceCode.CLEANING: N_("städa"),
    ServiceCode.LIGHT_CLEANING: N_("städa lite"),
    ServiceCode.WINDOWS: N_("putsa fönster"),
    ServiceCode.LAUNDRY: N_("tvätta"),
    ServiceCode.WALK: N_("promenad"),
    ServiceCode.ESCORT: N_("ledsagning"),
    ServiceCode.RESPITE: N_("avlösning"),
    ServiceCode.CHILD: N_("hjälp till barn"),
    ServiceCode.MEAL_DELIVERY: N_("leverans av mat"),
    ServiceCode.ALARM_VISIT: N_("besök efter larm"),
    ServiceCode.SUPPORT: N_("stöd i vardagen"),
}

WEEKDAYS = (N_("måndag"), N_("tisdag"), N_("onsdag"), N_("torsdag"), N_("fredag"), N_("lördag"), N_("söndag"))


def word(term: StrEnum) -> str:
    """The word for a term, in the reader's language."""
    # Members of different enums with the same value are equal as texts, so the table is asked by kind and name.
    return _(_BY_NAME[type(term).__name__, term.name])


def words(terms: Iterable[StrEnum]) -> str:
    """Several terms in one line: "Dusch, Städning"."""
    return ", ".join(word(term) for term in terms)


def help_at_visit(codes: Iterable[ServiceCode]) -> str:
    """What the citizen gets, as the middle of a sentence: "hjälp på morgonen, hjälp att duscha"."""
    return ", ".join(_(HELP_AT_VISIT[code]) for code in codes)


def weekday(number: int) -> str:
    """0 is Monday."""
    return _(WEEKDAYS[number])
