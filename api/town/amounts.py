"""In which units a town's decisions are written: occasions, hours, minutes or frame time, as municipalities differ and change."""

from collections import Counter
from collections.abc import Iterable
from math import ceil

from api.town.calls import EVERY_DAY, Call
from api.town.chance import Chance, Ids
from api.town.needs import PLANNED_OF_GRANTED, WEEKS_A_MONTH
from visits.granted.decisions import Amount, DecidedAs, GrantedService, Per
from visits.terms import GrantedServiceId, ServiceCode, ServiceKind

_STYLES = {DecidedAs.OCCASIONS: 0.55, DecidedAs.FRAME: 0.2, DecidedAs.HOURS: 0.17, DecidedAs.MINUTES: 0.08}
_HEALTH_TASK_MINUTES = 10
_QUARTER = 15


def granted(chance: Chance, ids: Ids, kind: ServiceKind, visits: list[Call]) -> tuple[GrantedService, ...]:
    """The lines of a decision to which these visits come, so that what is planned is about 0.95 of it, and never more.

    Nights are granted by occasion, housing support by the week.
    """
    if kind is ServiceKind.HOUSING_SUPPORT:
        return _as_whole(ids, visits, Per.WEEK, DecidedAs.HOURS)
    style = DecidedAs.OCCASIONS if kind is ServiceKind.NIGHT_CARE else chance.weighted(_STYLES)
    match style:
        case DecidedAs.OCCASIONS:
            return _by_occasion(ids, visits)
        case DecidedAs.FRAME:
            return _as_whole(ids, visits, Per.MONTH, style)
        case DecidedAs.HOURS:
            return tuple(line for group in _by_code(visits) for line in _as_whole(ids, group, Per.MONTH, style))
        case DecidedAs.MINUTES:
            return tuple(line for group in _by_code(visits) for line in _as_whole(ids, group, Per.WEEK, style))


def _by_occasion(ids: Ids, visits: list[Call]) -> tuple[GrantedService, ...]:
    lines = Counter(line for call in visits for line in _occasions(call))
    return tuple(
        GrantedService(
            id=GrantedServiceId(ids.next("granted")),
            code=code,
            amount=Amount(minutes=minutes, occasions=occasions * times, per=per, every=every),
            staff_required=staff,
        )
        for (code, minutes, occasions, per, every, staff), times in lines.items()
    )


def _occasions(call: Call) -> list[tuple[ServiceCode, int, int, Per, int, int]]:
    """Code, minutes, occasions, unit, every how many, and staff; a health task is granted on a line of its own, as self-care."""
    is_daily = call.times_a_week == len(EVERY_DAY)
    occasions, per = (1, Per.DAY) if is_daily else (call.times_a_week, Per.WEEK)
    task = _HEALTH_TASK_MINUTES if call.health_task and call.minutes > _HEALTH_TASK_MINUTES else 0
    main = round((call.minutes - task) / PLANNED_OF_GRANTED)
    found = [(call.code, main, occasions, per, call.every_weeks, call.staff)]
    if task:
        minutes = round(task / PLANNED_OF_GRANTED)
        found.append((ServiceCode.SELF_CARE, minutes, occasions, per, call.every_weeks, call.staff))
    return found


def _by_code(visits: Iterable[Call]) -> list[list[Call]]:
    groups: dict[ServiceCode, list[Call]] = {}
    for call in visits:
        groups.setdefault(call.code, []).append(call)
    return list(groups.values())


def _as_whole(ids: Ids, visits: list[Call], per: Per, style: DecidedAs) -> tuple[GrantedService, ...]:
    """One line for all the help that one carer gives, and one for what two give; in whole quarters of an hour."""
    found = []
    for staff in (1, 2):
        own = [call for call in visits if call.staff == staff]
        if not own:
            continue
        planned = sum(call.weekly_minutes for call in own) * (WEEKS_A_MONTH if per is Per.MONTH else 1)
        step = 1 if style is DecidedAs.MINUTES else _QUARTER
        minutes = max(step * round(planned / PLANNED_OF_GRANTED / step), step * ceil(planned / step))
        code, *also = dict.fromkeys(code for call in own for code in _codes(call))
        found.append(
            GrantedService(
                id=GrantedServiceId(ids.next("granted")),
                code=code,
                also=tuple(also),
                amount=Amount(minutes=minutes, per=per, decided_as=style),
                staff_required=staff,
            )
        )
    return tuple(found)


def _codes(call: Call) -> tuple[ServiceCode, ...]:
    return (call.code, ServiceCode.SELF_CARE) if call.health_task else (call.code,)
