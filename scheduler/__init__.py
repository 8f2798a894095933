"""A day of home care as a routing problem: a frozen problem in whole seconds, solvers behind one small interface, an
immutable answer, and one evaluator that judges them all. It owns the rules of a schedule and nothing else: no database,
no web, no clock but the stopwatch of its limits, no names of people. Everybody may call it; it calls nobody.
"""

from scheduler.comparison import CarerChange, ChangeKind, Comparison, JobChange, Workload, compare
from scheduler.cost import breaches, charges, evaluate
from scheduler.day_choice import Ceiling, DayChoiceProblem, DaysChosen, Room, Series, cost_of, faults_of
from scheduler.errors import InvalidInput, InvalidProblem, InvalidSolution, SchedulerError
from scheduler.explain import CostSplit, cost_split
from scheduler.instances import load_problem, load_solution, save_problem, save_solution, solution_text
from scheduler.limits import AnyOf, Cancelled, Limit, NoImprovement, SearchState, Seconds, Steps
from scheduler.optimality import with_bound
from scheduler.problem import (
    Break,
    Carer,
    CarerId,
    CitizenId,
    Job,
    JobId,
    Link,
    LinkCarers,
    Location,
    LocationId,
    Pinned,
    Problem,
    Published,
    Shift,
    Target,
    TravelTimes,
)
from scheduler.reasons import (
    BreaksInTheWay,
    Forbidden,
    JobsInTheWay,
    MissingSkills,
    Obstacle,
    PartnersUnplaced,
    PinInTheWay,
    Reason,
    ReasonCode,
    ShiftTooShort,
    TooDear,
    WhyNot,
)
from scheduler.remedies import Remedy, RemedyKind, apply_remedy, remedies
from scheduler.rules.breach import Breach, Charge
from scheduler.slots import Slot, apply_slot, slots
from scheduler.solution import Cost, Placement, Route, Run, Solution, Unplaced
from scheduler.solve import solve
from scheduler.solver import OnProgress, Progress, Solver
from scheduler.solvers.day_choosing import choose_days
from scheduler.tuning import Tuning
from scheduler.weights import Weights

__all__ = [
    "AnyOf",
    "Breach",
    "Break",
    "BreaksInTheWay",
    "Cancelled",
    "Carer",
    "CarerChange",
    "CarerId",
    "Ceiling",
    "ChangeKind",
    "Charge",
    "CitizenId",
    "Comparison",
    "Cost",
    "CostSplit",
    "DayChoiceProblem",
    "DaysChosen",
    "Forbidden",
    "InvalidInput",
    "InvalidProblem",
    "InvalidSolution",
    "Job",
    "JobChange",
    "JobId",
    "JobsInTheWay",
    "Limit",
    "Link",
    "LinkCarers",
    "Location",
    "LocationId",
    "MissingSkills",
    "NoImprovement",
    "Obstacle",
    "OnProgress",
    "PartnersUnplaced",
    "PinInTheWay",
    "Pinned",
    "Placement",
    "Problem",
    "Progress",
    "Published",
    "Reason",
    "ReasonCode",
    "Remedy",
    "RemedyKind",
    "Room",
    "Route",
    "Run",
    "SchedulerError",
    "SearchState",
    "Seconds",
    "Series",
    "Shift",
    "ShiftTooShort",
    "Slot",
    "Solution",
    "Solver",
    "Steps",
    "Target",
    "TooDear",
    "TravelTimes",
    "Tuning",
    "Unplaced",
    "Weights",
    "WhyNot",
    "Workload",
    "apply_remedy",
    "apply_slot",
    "breaches",
    "charges",
    "choose_days",
    "compare",
    "cost_of",
    "cost_split",
    "evaluate",
    "faults_of",
    "load_problem",
    "load_solution",
    "remedies",
    "save_problem",
    "save_solution",
    "slots",
    "solution_text",
    "solve",
    "with_bound",
]
