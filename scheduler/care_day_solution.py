"""care-day-solution/1: a solution to and from JSON values."""

from scheduler.errors import InvalidSolution
from scheduler.problem import CarerId, JobId
from scheduler.reading import Value
from scheduler.reasons import Reason, ReasonCode
from scheduler.solution import Cost, Placement, Route, Run, Solution, Unplaced

FORMAT = "care-day-solution/1"


def solution_from_json(raw: object) -> Solution:
    """Raises InvalidSolution for whatever the format does not allow. Only its problem can say whether it is right."""
    top = Value(raw, "", InvalidSolution).fields("format problem routes unplaced", "cost run")
    if top["format"].raw != FORMAT:
        raise top["format"].wrong(f"is not {FORMAT!r}")
    return Solution(
        problem=top["problem"].text(),
        routes=tuple(_route(x) for x in top["routes"].items()),
        unplaced=tuple(_unplaced(x) for x in top["unplaced"].items()),
        cost=_cost(top["cost"]) if "cost" in top else None,
        stated_total=top["cost"].fields("total", " ".join(Cost.__slots__))["total"].whole() if "cost" in top else None,
        run=_run(top["run"]) if "run" in top else None,
    )


def _route(at: Value) -> Route:
    fields = at.fields("carer stops", "breaks")
    stops = []
    for stop in fields["stops"].items():
        found = stop.fields("job start")
        stops.append(Placement(JobId(found["job"].text()), found["start"].whole()))
    breaks = fields["breaks"].items() if "breaks" in fields else ()
    return Route(
        CarerId(fields["carer"].text()), tuple(stops), tuple(x.fields("start")["start"].whole() for x in breaks)
    )


def _unplaced(at: Value) -> Unplaced:
    fields = at.fields("job", "reasons")
    reasons = fields["reasons"].items() if "reasons" in fields else ()
    return Unplaced(JobId(fields["job"].text()), tuple(_reason(x) for x in reasons))


def _reason(at: Value) -> Reason:
    """`text` is for people and is not read back."""
    fields = at.fields("code share", "text")
    code, share = fields["code"].text(), fields["share"].number()
    if code not in set(ReasonCode):
        raise fields["code"].wrong("is not a known reason")
    if not 0 <= share <= 1:
        raise fields["share"].wrong("is not between 0 and 1")
    return Reason(ReasonCode(code), share)


def _cost(at: Value) -> Cost:
    names = " ".join(Cost.__slots__)
    fields = at.fields(f"total {names}")
    return Cost(**{name: fields[name].whole() for name in Cost.__slots__})


def _run(at: Value) -> Run:
    fields = at.fields("seconds seed solver", "bound optimal")
    return Run(
        fields["seconds"].number(),
        fields["seed"].whole(),
        fields["solver"].text(),
        fields["bound"].whole() if "bound" in fields else None,
        fields["optimal"].yes_or_no() if "optimal" in fields else False,
    )


def solution_to_json(solution: Solution) -> dict[str, object]:
    found: dict[str, object] = {
        "format": FORMAT,
        "problem": solution.problem,
        "routes": [_route_json(x) for x in solution.routes],
        "unplaced": [_unplaced_json(x) for x in solution.unplaced],
    }
    if solution.cost is not None:
        cost = solution.cost
        found["cost"] = {"total": cost.total, **{name: getattr(cost, name) for name in Cost.__slots__}}
    if solution.run is not None:
        found["run"] = _run_json(solution.run)
    return found


def _run_json(run: Run) -> dict[str, object]:
    found: dict[str, object] = {"seconds": round(run.seconds, 3), "seed": run.seed, "solver": run.solver}
    if run.bound is not None:
        found["bound"] = run.bound
    if run.optimal:
        found["optimal"] = True
    return found


def _route_json(route: Route) -> dict[str, object]:
    return {
        "carer": route.carer,
        "stops": [{"job": x.job, "start": x.start} for x in route.stops],
        "breaks": [{"start": start} for start in route.breaks],
    }


def _unplaced_json(unplaced: Unplaced) -> dict[str, object]:
    return {
        "job": unplaced.job,
        "reasons": [{"code": x.code.value, "text": str(x), "share": round(x.share, 4)} for x in unplaced.reasons],
    }
