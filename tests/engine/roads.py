"""A short road with a history, worked out by hand in docs/listing-forecast.md."""

from collections.abc import Iterable
from datetime import date, timedelta

from tasks.engine.forecast import Entry, Prior

AS_OF = date(2026, 1, 1)
COMMITTEE = Prior("committee", 0.5, 10, 11, 2, "assumed")
REGISTERED = Prior("registered", 0.8, 1, 2, 3, "assumed")
ROAD = (COMMITTEE, REGISTERED)


def day(ago: int) -> date:
    """So many days before the day of the forecast."""
    return AS_OF - timedelta(days=ago)


def attempt(number: int, *entries: tuple[str, int], firm: str | int | None = None) -> list[Entry]:
    """An attempt from its stages and how many days ago they were entered."""
    return [Entry(number, firm or f"F{number}", "star", stage, day(ago)) for stage, ago in entries]


def joined(*attempts: Iterable[Entry]) -> list[Entry]:
    return [entry for each in attempts for entry in each]


#: Two left the committee after 10 days, one of them out; one after 20; two are there, for 15 and 10 days.
#: Of those who went on one listed after a day, one after two. F6 came to the road registered, a day ago.
HISTORY = joined(
    attempt(1, ("committee", 210), ("registered", 200), ("listed", 199)),
    attempt(2, ("committee", 210), ("withdrawn", 200)),
    attempt(3, ("committee", 120), ("registered", 100), ("listed", 98)),
    attempt(4, ("committee", 15)),
    attempt(5, ("committee", 10)),
    attempt(6, ("registered", 1)),
)
