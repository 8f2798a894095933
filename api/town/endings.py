"""How the visits of a made-up past went, by the rates of the domain reference, section 10."""

from datetime import datetime, timedelta

from api.town.chance import Chance
from visits.performed.checkins import Fact, FactKind, Source
from visits.performed.visit import Visit, VisitState
from visits.planned.schedule import Placement
from visits.terms import FactId, local_day

_ENDINGS = {"made": 0.95, "declined": 0.03, "cancelled": 0.01, "closed": 0.005, "missed": 0.004, "forgotten": 0.001}
_DELAYS = {(-8, 8): 0.72, (8, 15): 0.16, (16, 29): 0.09, (30, 50): 0.03}
"""Minutes between the published start and the check-in, and how common they are."""
_CORRECTED = 0.06


def story(chance: Chance, visit: Visit, parts: list[Placement]) -> tuple[VisitState, list[Fact]]:
    """How a visit of the past went, as it was told."""
    ending = chance.weighted(_ENDINGS)
    came_at = parts[0].start_at + timedelta(minutes=chance.whole(*chance.weighted(_DELAYS)))
    if local_day(came_at) < visit.on:
        came_at = parts[0].start_at
    stayed = timedelta(minutes=max(5, round(visit.minutes * chance.number(0.82, 1.08))))

    def say(part: Placement, kind: FactKind, at: datetime, **more: object) -> Fact:
        return Fact(
            id=FactId(chance.uuid()),
            visit_id=visit.id,
            carer_id=part.carer_id,
            kind=kind,
            happened_at=at,
            received_at=at + timedelta(seconds=chance.whole(2, 40)),
            **{"source": Source.TAG, **more},  # type: ignore[arg-type]
        )

    match ending:
        case "missed":
            return VisitState.PLANNED, []
        case "declined":
            return VisitState.DECLINED, [say(parts[0], FactKind.DECLINED, came_at, source=Source.MANUAL)]
        case "cancelled":
            before = came_at - timedelta(minutes=40)
            if local_day(before) < visit.on:
                before = came_at
            return VisitState.CANCELLED, [say(parts[0], FactKind.CANCELLED_LATE, before, source=Source.MANUAL)]
        case "closed":
            return VisitState.NOBODY_HOME, [say(parts[0], FactKind.NOBODY_HOME, came_at, source=Source.MANUAL)]
    told = []
    for part in parts:
        told.append(say(part, FactKind.CHECK_IN, came_at))
        if ending != "forgotten":
            told.append(say(part, FactKind.CHECK_OUT, came_at + stayed))
    if ending == "made" and chance.happens(_CORRECTED):
        left = told[-1]
        nearer = max(came_at, left.happened_at - timedelta(minutes=chance.whole(1, 5)))
        why = {"corrects": left.id, "reason": "Checkade ut för sent", "source": Source.MANUAL}
        told.append(say(parts[-1], FactKind.CHECK_OUT, nearer, **why))
    return VisitState.STARTED if ending == "forgotten" else VisitState.COMPLETED, told
