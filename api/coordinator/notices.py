"""What has just been done, told once at the top of the page after the redirect."""

from enum import StrEnum

from api.i18n import N_


class Done(StrEnum):
    """As it stands in the address."""

    PLANNING = "planerar"
    CANCELLING = "avbryter"
    PUBLISHED = "publicerat"
    DISCARDED = "kasserat"
    CARER_ABSENT = "franvaro"
    CITIZEN_AWAY = "borta"
    ACKNOWLEDGED = "kvitterat"
    IMPORTED = "inlast"
    TAKEN_BACK = "tillbakataget"
    MENDED = "rattat"
    WAITS_FOR_ANOTHER = "vantar"
    AGREED = "godkant"
    DISAGREED = "avslaget"


NOTICES: dict[str, str] = {
    Done.PLANNING: N_("Planeringen är beställd. Utkastet visas här så snart det är klart."),
    Done.CANCELLING: N_("Planeringen avbryts."),
    Done.PUBLISHED: N_("Planeringen gäller nu. De som berörs ser sin nya dag direkt."),
    Done.DISCARDED: N_("Utkastet är borttaget. Det som var publicerat gäller."),
    Done.CARER_ABSENT: N_("Frånvaron är noterad. Dagen planeras om; du ser skillnaden här innan du publicerar."),
    Done.IMPORTED: N_("Filen är inläst. Dagar som redan är publicerade planeras om."),
    Done.TAKEN_BACK: N_("Inläsningen är tillbakatagen. Det som fanns före den gäller igen."),
    Done.ACKNOWLEDGED: N_("Skälet är sparat med ditt namn och tiden."),
    Done.CITIZEN_AWAY: N_("Det är noterat. Personens besök är inställda, och dagen planeras om."),
    Done.MENDED: N_("Det är rättat. Det som sades först finns kvar och syns."),
    Done.WAITS_FOR_ANOTHER: N_(
        "Rättelsen är sparad. Den gäller något äldre och räknas först när någon mer har godkänt den."
    ),
    Done.AGREED: N_("Rättelsen är godkänd och räknas nu."),
    Done.DISAGREED: N_("Rättelsen är avslagen och räknas inte."),
}
