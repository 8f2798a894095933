"""One job for each team's day, in the transaction of whoever asks."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.runs.queue import defer_run
from tests.factories.world import MONDAY, World


def jobs(session: Session) -> int:
    return int(session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0)


def test_a_day_deferred_again_is_one_job_and_leaves_the_transaction_whole(session: Session) -> None:
    team = World(session).team()
    for _ in range(3):
        with session.begin_nested():
            defer_run(session, team_id=team.id, on=MONDAY)
    assert jobs(session) == 1
    session.commit()
    assert jobs(session) == 1


def test_what_is_rolled_back_was_never_deferred(session: Session) -> None:
    team = World(session).team()
    session.commit()
    defer_run(session, team_id=team.id, on=MONDAY)
    session.rollback()
    assert jobs(session) == 0
