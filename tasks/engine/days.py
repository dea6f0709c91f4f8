"""Days as callers hold them: dates, datetimes, and what NumPy and pandas make of them."""

from datetime import date, datetime
from typing import Any


def civil(day: Any) -> date | None:
    """The civil date: of a moment the one that its own clock shows; None for a missing one (None, NaT).

    Raises TypeError for what is no day, text among it.
    """
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    if day is None or day != day:  # NaT is not even itself
        return None
    if isinstance(day, datetime):
        return day.date()
    if getattr(getattr(day, "dtype", None), "kind", "") == "M":
        found: date | None = day.astype("datetime64[D]").item()
        return found
    raise TypeError("a day is a date")


def given(day: Any) -> date:
    """The civil date of a day that has to be there. Raises TypeError."""
    found = civil(day)
    if found is None:
        raise TypeError("a day is a date")
    return found
