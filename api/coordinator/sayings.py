"""What the coordinator's pages say: how a visit stands, how a run goes, and what a schedule costs, in words."""

from collections.abc import Mapping

from api.i18n import N_, _, ngettext
from api.pages import clock_time, minutes
from visits.performed.standing import Standing
from visits.planned.schedule import ChangeKind, VisitChange
from visits.store.runs import Run, RunState
from visits.store.team_days import DayInBrief

STANDINGS: dict[Standing, str] = {
    Standing.PLANNED: N_("Planerat"),
    Standing.DELAYED: N_("Väntas bli sent"),
    Standing.LATE: N_("Försenat"),
    Standing.STARTED: N_("Pågår"),
    Standing.COMPLETED: N_("Klart"),
    Standing.NOBODY_HOME: N_("Ingen öppnade"),
    Standing.DECLINED: N_("Avböjt"),
    Standing.CANCELLED: N_("Inställt"),
    Standing.WITHDRAWN: N_("Borttaget"),
}

RUN_STATES: dict[RunState, str] = {
    RunState.WAITING: N_("Väntar på sin tur"),
    RunState.RUNNING: N_("Planerar"),
    RunState.DONE: N_("Planeringen är klar"),
    RunState.CANCELLED: N_("Planeringen avbröts"),
    RunState.FAILED: N_("Planeringen misslyckades"),
}

COST_TERMS: dict[str, str] = {
    "travel": N_("Restid"),
    "lateness": N_("Senare än önskat"),
    "earliness": N_("Tidigare än önskat"),
    "max_lateness": N_("Den värsta förseningen"),
    "continuity": N_("Ovana ansikten"),
    "moved": N_("Flyttat sedan det publicerades"),
    "unplaced": N_("Besök utan plats"),
}
"""Each term of the scheduler's cost, which is counted in seconds of travel."""

ABSENCE_REASONS: dict[str, str] = {
    "ill": N_("Sjuk"),
    "child_ill": N_("Vård av barn"),
    "other": N_("Annat"),
}


def standing_word(standing: Standing) -> str:
    return _(STANDINGS[standing])


def run_word(run: Run) -> str:
    if run.state is RunState.RUNNING and run.cancel_asked:
        return _("Avbryter")
    return _(RUN_STATES[run.state])


def percent_of(run: Run) -> int | None:
    """How much of its time a run has used, 0 to 100; None before the solver has begun."""
    progress = run.progress or {}
    limit = float(progress.get("limit_seconds") or 0)
    if limit <= 0:
        return None
    return min(100, max(0, round(float(progress.get("seconds", 0)) / limit * 100)))


def progress_words(run: Run) -> list[str]:
    """What there is to say of a run under way, each a short phrase."""
    progress = run.progress or {}
    told = []
    percent = percent_of(run)
    if percent is not None:
        told.append(_("%(percent)s %%", percent=percent))
    if "seconds" in progress:
        told.append(_("%(seconds)s s", seconds=round(float(progress["seconds"]))))
    if "placed" in progress:
        told.append(ngettext("%(num)s besök har plats", "%(num)s besök har plats", int(progress["placed"])))
    if "unplaced" in progress:
        told.append(ngettext("%(num)s utan plats", "%(num)s utan plats", int(progress["unplaced"])))
    if progress.get("cost") is not None:
        told.append(_("motsvarar %(time)s restid", time=minutes(round(int(progress["cost"]) / 60))))
    return told


def cost_words(cost: Mapping[str, int]) -> list[tuple[str, str]]:
    """What a schedule costs, term by term, as time on the road; terms that cost nothing are left out."""
    return [(_(label), minutes(round(cost[term] / 60))) for term, label in COST_TERMS.items() if cost.get(term)]


def day_word(day: DayInBrief) -> str:
    """How far a day has come, in a word or two."""
    if day.run is not None and not day.run.state.is_over:
        return run_word(day.run)
    if day.published and day.draft_id:
        return _("Publicerad, utkast finns")
    if day.published:
        return _("Publicerad")
    if day.draft_id:
        return _("Utkast")
    return _("Inte planerad") if day.shifts else _("Ingen bemanning")


def change_word(change: VisitChange) -> str:
    """What kind of change it is for the citizen."""
    match change.kind:
        case ChangeKind.ADDED:
            return _("Nytt besök")
        case ChangeKind.WITHDRAWN:
            return _("Besöket utgår")
        case ChangeKind.MOVED:
            moved = change.old_start_at != change.new_start_at
            if moved and change.other_carer:
                return _("Ny tid och annan personal")
            return _("Annan personal") if change.other_carer else _("Ny tid")


def from_to(change: VisitChange) -> tuple[str, str]:
    """When before, and when after; a dash where there is no visit."""
    old, new = change.old_start_at, change.new_start_at
    return clock_time(old) if old else "–", clock_time(new) if new else "–"
