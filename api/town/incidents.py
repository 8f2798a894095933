"""A few incidents in the biggest provider's past: one waits, one is investigated, one is closed. About nobody in particular."""

from datetime import datetime, time, timedelta

from api.town.chance import Ids
from visits.organisation import ProviderKind, Team
from visits.people import Carer, Manager
from visits.performed.incidents import Actor, Incident, IncidentStep, StepKind
from visits.planned.register import Register
from visits.terms import IncidentId, instant, local_day

_Line = tuple[StepKind, float, str]
"""What was done, how many hours after the report, and what was written."""
_TOLD: tuple[tuple[float, str, tuple[_Line, ...]], ...] = (
    (3, "En nyckel saknades i skåpet när passet började. Vi vet inte sedan när.", ()),
    (
        70,
        "Två besök på kvällen hade samma läkemedel uppskrivet. Den andra frågade innan hen gav det.",
        ((StepKind.INVESTIGATION_BEGUN, 4, "Vi går igenom signeringslistorna för veckan."),),
    ),
    (
        24 * 20,
        "Brukaren satt ensam i trapphuset när jag kom. Ingen hade följt med in.",
        (
            (StepKind.INVESTIGATION_BEGUN, 2, "Samtal med dem som arbetade."),
            (StepKind.REMEDIED, 30, "Den som följer hem går alltid med in. Genomgånget på mötet."),
            (StepKind.FOUND_NOT_SERIOUS, 50, "Ingen kom till skada, och det hände en gång."),
            (StepKind.CLOSED, 24 * 12, "Uppföljt efter en vecka: det har inte hänt igen."),
        ),
    ),
)


def incidents(town: Register, seed: int) -> list[Incident]:
    """Of the municipality's own provider, reported by carers of its first team."""
    ids = Ids(seed)
    provider = next(one for one in town.providers if one.kind is ProviderKind.MUNICIPAL)
    team = next(one for one in town.teams if one.provider_id == provider.id)
    manager = next(one for one in town.managers if one.provider_id == provider.id)
    crew = [one for one in town.carers if one.team_id == team.id]
    now = instant(town.period.first_on, time(8))
    return [
        _incident(ids, team, (carer, manager), now - timedelta(hours=ago), (text, lines))
        for carer, (ago, text, lines) in zip(crew, _TOLD, strict=False)
    ]


def _incident(
    ids: Ids, team: Team, people: tuple[Carer, Manager], at: datetime, told: tuple[str, tuple[_Line, ...]]
) -> Incident:
    (carer, manager), (text, lines) = people, told
    report = IncidentStep(id=ids.next("step"), kind=StepKind.REPORTED, at=at, by=Actor.CARER, by_id=carer.id, text=text)
    made = Incident(
        id=IncidentId(ids.next("incident")),
        provider_id=team.provider_id,
        is_private=False,
        team_id=team.id,
        happened_on=local_day(at),
        steps=(report,),
    )
    for kind, hours, written in lines:
        step_at = at + timedelta(hours=hours)
        made = made.after(
            IncidentStep(id=ids.next("step"), kind=kind, at=step_at, by=Actor.MANAGER, by_id=manager.id, text=written)
        )
    return made
