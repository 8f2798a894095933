"""The fault run in small: the server dies at work and before its reply, the database crashes, and every fact is there once."""

from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor

from benchmarks import sync


def test_nothing_is_lost_or_doubled_when_server_and_database_die() -> None:
    # In a thread of its own: where a browser was driven before, this one has a loop running.
    with ThreadPoolExecutor(1) as beside:
        figures = beside.submit(sync.measure, Namespace(short=True, phones=4, visits=6, seed=1)).result()
    assert (figures["facts"], figures["stored"]) == (96, 96)
    assert figures["lost"] == figures["doubled"] == figures["altered"] == figures["contradictions"] == 0
    before_reply, at_work = figures["server_killed_after_commit_before_reply"], figures["server_killed_at_work"]
    # In turn, the first one before its reply; how often hangs on how many requests find no database, and are sent again.
    assert at_work >= 1
    assert before_reply in {at_work, at_work + 1}
    assert figures["server_killed"] == before_reply + at_work
    assert figures["database_crashed"] == 1
