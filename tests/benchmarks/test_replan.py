from benchmarks.replan import disturbed, must_be_told
from scheduler import CarerId, JobId, Placement, Problem, Route, Solution
from tests.towns.day import at, carer, day, job

HOURS = ("08:30", "09:30", "10:30", "11:30", "12:30", "13:30")


def _told() -> tuple[Problem, Solution]:
    """C1 comes to A0 to A5 and C2 to B0 to B5, on the hour."""
    visits = [job(f"{name}{k}", "L1", (hour, "15:00")) for name in "AB" for k, hour in enumerate(HOURS)]
    problem = day([carer("C1"), carer("C2")], visits)
    routes = [
        Route(CarerId(who), tuple(Placement(JobId(f"{name}{k}"), at(hour)) for k, hour in enumerate(HOURS)))
        for who, name in (("C1", "A"), ("C2", "B"))
    ]
    return problem, Solution("town", tuple(routes))


def test_a_disturbed_day_has_one_carer_at_home_three_visits_less_and_two_more() -> None:
    problem, told = _told()
    changed, lost = disturbed(problem, told, seed=1)
    at_home = [one.id for one in changed.carers if one.shift.start == one.shift.end]
    assert len(at_home) == 1
    cancelled = {one.id for one in problem.jobs} - {one.id for one in changed.jobs}
    new = {one.id for one in changed.jobs} - {one.id for one in problem.jobs}
    assert (len(cancelled), len(new)) == (3, 2)
    assert lost == {name for name, (who, _) in told.placed.items() if who == at_home[0]} - cancelled
    assert {one.job for one in changed.published} == set(told.placed) - cancelled - lost


def test_who_gets_another_carer_or_another_quarter_must_be_told() -> None:
    _, told = _told()
    stops = [
        Placement(JobId("A0"), at("08:45")),
        Placement(JobId("A1"), at("09:46")),
        Placement(JobId("B2"), at("10:30")),
        Placement(JobId("new"), at("12:00")),
    ]
    plan = Solution("town", (Route(CarerId("C1"), tuple(stops)),))
    assert must_be_told(told, plan) == {"A1", "B2"}
