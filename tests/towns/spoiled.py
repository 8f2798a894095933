"""Documents as they should not be: values replaced by anything, left out or doubled."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from scheduler.care_day import problem_to_json
from tests.towns.day import carer, day, job

Json = Any


def full_day() -> Json:
    """A document with every field of the format."""
    town = day(
        [carer("C1", skills=["lift"], breaks=[("11:00", "13:00", 30)]), carer("C2")],
        [
            job("J1", "L1", ("08:00", "10:00"), skills=["lift"], costs={"other": 5, "C1": 0}),
            job("J2", "L1", ("08:00", "12:00"), forbidden=["C1"]),
            job("J3", "L0", ("08:00", "12:00")),
        ],
        pinned=[("J3", "C1", "08:30")],
        published=[("J1", "C1", "09:00")],
    )
    raw = problem_to_json(town)
    raw["jobs"][0]["target"] = {"earliest": 30_000, "latest": 31_000, "early_cost": 1, "late_cost": 2}  # type: ignore[index]
    raw["links"] = [
        {"first": "J1", "second": "J2", "min_gap": 0, "max_gap": 600, "carers": "different", "all_or_none": True}
    ]
    return raw


ANYTHING: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 60, 28_800, 10**9, 10**12, 10**13, -(10**12), 2**63, 10**40]),
    st.sampled_from([0.5, -0.0, 1e308]),
    st.sampled_from(
        ["", "C1", "J1", "L1", "other", "any", "different", "\n", "å", "\ud800", "2026-11-23T00:00:00+01:00"]
    ),
    # copies, or one would end up inside itself
    st.sampled_from([[], [[]], {}, {"job": "J1"}, ["C1", "C1"], [0]]).map(copy.deepcopy),
)


def places(raw: Json) -> Iterator[tuple[str | int, ...]]:
    """The way to each value of a document."""
    inside = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for step, below in inside:
        yield (step,)
        yield from ((step, *rest) for rest in places(below))


@st.composite
def spoiled(draw: st.DrawFn, raw: Json) -> Json:
    """The document with one to three values replaced, left out or doubled."""
    raw = copy.deepcopy(raw)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(places(raw))))
        at = raw
        for step in way:
            at = at[step]
        match draw(st.sampled_from(["replace", "leave out", "double"])):
            case "leave out":
                del at[last]
            case "double" if isinstance(at, list):
                at.append(copy.deepcopy(at[last]))
            case _:
                at[last] = draw(ANYTHING)
        if not raw:
            break
    return raw
