"""What a glance at the routes says is what a trial finds."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler import Problem, Steps
from scheduler.glance import AS_IT_IS, Eased, alone, spans
from scheduler.indexed import Indexed
from scheduler.solvers.greedy import Greedy
from scheduler.trial import Trial, able, allowing
from tests.scheduler.obstacles import dropped
from tests.towns.day import at, carer, day, job
from tests.towns.pressed_town import pressed_town


def test_a_route_by_itself_tells_when_a_visit_could_start() -> None:
    """C1 is with J2 from 9:00 to 9:30, or up to half an hour later, and with J3 at 11:00; ten minutes of road each way.

    J1, next door to both, can begin from 8:10 until J2 must, and from 9:30 until half an hour before J3.
    """
    jobs = [
        job("J1", "L1", ("08:00", "12:00")),
        job("J2", "L1", ("09:00", "09:30")),
        job("J3", "L1", ("11:00", "11:00")),
    ]
    facts = Indexed(day([carer("C1", shift=("08:00", "11:40"))], jobs))
    route = alone(facts, 0, AS_IT_IS.shift(facts, 0), (1, 2))
    assert (route.first, route.last) == ({1: at("09:00"), 2: at("11:00")}, {1: at("09:30"), 2: at("11:00")})
    assert spans(facts, 0, 0, route, (facts.low[0], facts.high[0])) == [
        (at("08:10"), at("09:00")),
        (at("09:30"), at("10:30")),
    ]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problem=pressed_town(), data=st.data())
def test_a_glance_never_contradicts_a_trial(problem: Problem, data: st.DataObject) -> None:
    plan = dropped(data, problem, Greedy().solve(problem, limit=Steps(0), seed=1))
    trial = Trial(problem, plan)
    facts, timeline = trial.facts, trial.timeline
    placed = [o for o in range(facts.n) if timeline.home[o] >= 0]
    for j in timeline.absent():
        freed = trial.together(data.draw(st.sets(st.sampled_from(placed), max_size=3))) if placed else []
        partners = [o for o in facts.partners[j] if o != j and timeline.home[o] < 0]
        for c in range(len(problem.carers)):
            breaks = data.draw(st.sampled_from([(), tuple(v for v in timeline.routes[c] if v >= facts.n)]))
            earlier, later = data.draw(st.sampled_from([(0, 0), (3600, 0), (0, 7200)]))
            eased = Eased((*freed, *breaks), c, earlier, later)
            asked = allowing(facts, {j: [c], **{o: able(facts, o) for o in partners}})
            for day_then in (AS_IT_IS, Eased(freed), eased):
                with trial.given(asked, day_then) as holds:
                    fits = holds and trial.may_fit([j])
                    beside = {o: holds and trial.may_fit([j, o]) for o in partners}
                assert trial.glance.fits(j, c, day_then) in {fits, None}
                for o in partners if fits else ():
                    assert trial.glance.fits_beside(o, able(facts, o), j, c, day_then) in {beside[o], None}
            with trial.given(asked):
                assert trial.fit([j], calmly=False) or not trial.glance.fits(j, c, AS_IT_IS)
