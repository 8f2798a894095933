"""The days that benchmarks plan, by name: the examples beside this repository, and days of made-up towns of our own.

Days of our own are named by their number of jobs. Their towns' seeds are used here only: nothing is tuned on them.
"""

from api.town.providers import Size
from benchmarks._shared import shared_folder
from benchmarks._towns import TownDay
from scheduler import Problem, load_problem

_ALBY, _HALLUNDA, _TUMBA = "Hemtjänst Alby–Fittja", "Hemtjänst Hallunda–Norsborg", "Hemtjänst Tumba–Storvreten"

EXAMPLES = ("town-60", "town-120", "town-200", "town-400", "town-1000")
OWN = {
    "own-49": TownDay(Size.MEDIUM, 2601, ("Sju Lyktor Hemtjänst",)),
    "own-68": TownDay(Size.LARGE, 2601, ("Kvällsdagg Hemtjänst",)),
    "own-90": TownDay(Size.SMALL, 2602, ("Hemtjänst norr",)),
    "own-101": TownDay(Size.LARGE, 2602, ("Hemtjänst Vårsta–Grödinge",)),
    "own-186": TownDay(Size.LARGE, 2601, ("Havtornets Hemvård",)),
    "own-204": TownDay(Size.MEDIUM, 2601, ("Hemtjänst Tumba",)),
    "own-419": TownDay(Size.LARGE, 2602, (_ALBY,)),
    "own-443": TownDay(Size.LARGE, 2601, (_HALLUNDA,)),
    "own-955": TownDay(Size.LARGE, 2601, (_ALBY, _HALLUNDA)),
    "own-1023": TownDay(Size.LARGE, 2602, (_HALLUNDA, _TUMBA)),
}


def load_day(name: str) -> Problem:
    """Raises SystemExit with a clear line for a name that is no day, or an example that is not there."""
    if name in OWN:
        return OWN[name].problem(name)
    file = shared_folder() / "examples" / f"{name}.care-day.json.gz"
    if not file.is_file():
        raise SystemExit(f"no day is named {name!r}: no file {file}, and days of our own are {', '.join(OWN)}")
    return load_problem(file)
