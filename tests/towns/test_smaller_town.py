from scheduler import Problem
from tests.towns.day import carer, day, job
from tests.towns.smaller_town import smallest


def test_what_has_nothing_to_do_with_what_is_wrong_is_left_out() -> None:
    """Wrong is, here, that C2 may not come to J7, as long as J7 is published."""
    jobs = [job(f"J{i}", "L1", ("08:00", "12:00"), forbidden=["C0", "C2"], costs={"C1": 3}) for i in range(20)]
    told = [(f"J{i}", "C3", "09:00") for i in range(20)]
    town = day([carer(f"C{i}", breaks=[("11:00", "13:00", 30)]) for i in range(5)], jobs, published=told)

    def wrong(problem: Problem) -> bool:
        told = {appointment.job for appointment in problem.published}
        return any(job.id == "J7" and "C2" in job.forbidden_carers and job.id in told for job in problem.jobs)

    small = smallest(town, wrong)
    assert [job.id for job in small.jobs] == ["J7"]
    assert [carer.id for carer in small.carers] == ["C2", "C3"]
    assert [carer.breaks for carer in small.carers] == [(), ()]
