"""Each peer is asked what it was meant to be asked: on days held in the head it finds the day that is best, and breaks no rule."""

from importlib.util import find_spec

import pytest

from api.town.providers import Size
from benchmarks._cells import Cell, judged, model_of
from benchmarks._days import OWN
from benchmarks._parts import Part, part_of
from benchmarks._towns import TownDay
from benchmarks.peers import PEERS, _costs, _ratios
from scheduler import Problem, breaches
from tests.towns.day import carer, day, job
from tests.towns.double_staffed_morning import double_staffed_morning
from tests.towns.lunch_on_the_road import lunch_on_the_road
from tests.towns.two_carers_three_visits import two_carers_three_visits

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the peers' own


def _plan(peer: str, problem: Problem) -> tuple[int, int, int]:
    """Cost, unplaced and lost of what the peer makes of the problem."""
    if find_spec(peer) is None:
        pytest.skip(f"{peer} is not installed: make bench sets it up")
    return judged(problem, model_of(peer)(problem).search(seconds=0.5, seed=1)[-1].answer)


def _that_knows(part: Part) -> list[str]:
    return {Part.WINDOWS: list(PEERS), Part.BREAKS: ["vroom", "ortools"], Part.WHOLE: ["ortools"]}[part]


@pytest.mark.parametrize("peer", _that_knows(Part.WINDOWS))
def test_a_peer_sends_two_carers_the_short_ways(peer: str) -> None:
    assert _plan(peer, two_carers_three_visits()) == (4200, 0, 0)


@pytest.mark.parametrize("peer", _that_knows(Part.WINDOWS))
def test_a_peer_sends_whom_the_citizen_knows_has_the_skill_and_is_not_forbidden(peer: str) -> None:
    skilled = [carer(name, skills=["delegation"]) for name in ("C1", "C2", "C3")]
    visit = job(
        "J1",
        "L1",
        ("09:00", "09:30"),
        skills=["delegation"],
        forbidden=["C1"],
        costs={"other": 600, "C1": 0, "C3": 100, "C4": 0},
    )
    assert _plan(peer, day([*skilled, carer("C4")], [visit])) == (20 * 60 + 100, 0, 0)


@pytest.mark.parametrize("peer", _that_knows(Part.WINDOWS))
def test_a_peer_leaves_out_what_nobody_may_do(peer: str) -> None:
    visits = [job("J1", "L1", ("09:00", "09:30")), job("J2", "L1", ("09:00", "09:30"), skills=["delegation"])]
    assert _plan(peer, day([carer("C1")], visits)) == (20 * 60 + 100_000, 1, 0)


@pytest.mark.parametrize("peer", ["pyvrp", "ortools"])
def test_a_peer_that_weighs_visits_against_travel_leaves_out_what_is_not_worth_the_way(peer: str) -> None:
    assert _plan(peer, day([carer("C1")], [job("J1", "L1", ("09:00", "09:30"), unplaced=1199)])) == (1199, 1, 0)
    assert _plan(peer, day([carer("C1")], [job("J1", "L1", ("09:00", "09:30"), unplaced=1201)])) == (1200, 0, 0)


@pytest.mark.parametrize("peer", _that_knows(Part.BREAKS))
def test_a_peer_lets_a_carer_rest_on_the_road(peer: str) -> None:
    assert _plan(peer, lunch_on_the_road()) == (60 * 60, 0, 0)


@pytest.mark.parametrize("peer", _that_knows(Part.WHOLE))
def test_a_peer_lets_two_carers_meet_when_both_can(peer: str) -> None:
    assert _plan(peer, double_staffed_morning()) == ((10 + 10 + 10 + 10 + 10) * 60, 0, 0)


def test_less_than_the_whole_day_has_neither_targets_nor_links_nor_breaks() -> None:
    whole = OWN["own-49"].problem("own-49")
    windows, breaks = part_of(whole, Part.WINDOWS), part_of(whole, Part.BREAKS)
    assert part_of(whole, Part.WHOLE) is whole
    assert [one.breaks for one in breaks.carers] == [one.breaks for one in whole.carers]
    assert any(one.breaks for one in whole.carers)
    assert not any(one.breaks for one in windows.carers)
    assert all(one.links == () and not any(job.target for job in one.jobs) for one in (windows, breaks))
    assert [job.duration for job in windows.jobs] == [job.duration for job in whole.jobs]


@pytest.mark.parametrize("name", ["own-49", "own-90", "own-204"])
def test_a_day_of_our_own_has_as_many_jobs_as_its_name_says(name: str) -> None:
    assert len(OWN[name].problem(name).jobs) == int(name.removeprefix("own-"))


def test_teams_that_plan_together_keep_their_own_ways_and_premises() -> None:
    names = ("Hemtjänst norr", "Hemtjänst söder")
    alone = [TownDay(Size.SMALL, 7, (name,)).problem(name) for name in names]
    both = TownDay(Size.SMALL, 7, names).problem("both")
    assert len(both.jobs) == sum(len(one.jobs) for one in alone)
    assert len({one.start_location for one in both.carers}) == 2
    for one in alone:
        for carer_alone, visit in zip(one.carers, one.jobs, strict=False):
            same, there = both.carer_by_id[carer_alone.id], both.job_by_id[visit.id]
            assert both.travel_seconds(same, same.start_location, there.location) == one.travel_seconds(
                carer_alone, carer_alone.start_location, visit.location
            )


def test_a_share_of_a_day_has_about_that_share_of_visits_and_carers() -> None:
    whole = OWN["own-204"].problem("whole")
    half = TownDay(OWN["own-204"].size, OWN["own-204"].seed, OWN["own-204"].teams, share=0.5).problem("half")
    assert abs(len(half.jobs) - len(whole.jobs) / 2) < 0.1 * len(whole.jobs)
    assert len(half.carers) == round(len(whole.carers) / 2)


def test_an_answer_is_judged_by_its_sequences_without_what_breaks_a_rule() -> None:
    problem = lunch_on_the_road(latest="12:15")
    free = part_of(problem, Part.WINDOWS)
    answer = model_of("ortools")(free).search(seconds=0.2, seed=1)[-1].answer
    assert judged(free, answer) == (3600, 0, 0)
    assert breaches(problem, answer)
    cost, unplaced, lost = judged(problem, answer)
    assert (unplaced, lost) == (1, 1)
    assert cost >= 100_000


def test_a_peer_is_compared_at_equal_time_and_with_our_shortest() -> None:
    def cell(solver: str, seed: int, limit: float, cost: int | None) -> Cell:
        return Cell("d", "windows", solver, seed, limit, 9, 0.0, limit, cost, 0, 0)

    cells = [
        cell("vardag", 1, 5, 100),
        cell("vardag", 2, 5, 400),
        cell("vardag", 1, 60, 100),
        cell("pyvrp", 1, 5, None),
        cell("pyvrp", 1, 60, 220),
    ]
    assert _ratios(_costs(cells), ["pyvrp"]) == [
        {"day": "d", "part": "windows", "peer": "pyvrp", "limit": 60, "equal_time": 2.2, "to_our_shortest": 1.1}
    ]
