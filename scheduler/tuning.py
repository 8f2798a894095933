from enum import StrEnum


class Tuning(StrEnum):
    """What people get for their time.

    `quick`: the first good plan, near what people have been told, within seconds: for the hour in which somebody falls ill.
    `thorough`: the best plan that the time allows, for the next day or the next week; it begins afresh several times and mixes
    the routes of all beginnings.
    """

    QUICK = "quick"
    THOROUGH = "thorough"
