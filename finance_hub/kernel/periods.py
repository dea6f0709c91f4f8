"""Civil months and quarters of Asia/Shanghai. Periods are half-open: from the first day to the next month's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Every date read is in a month, and every month has a next first day.
FIRST_YEAR, LAST_YEAR = 1900, 9998


class UnableToReadMonth(ValueError):
    """The text is not a month written `2026-10`."""


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, e.g. `Month(2026, 10)`, written `2026-10`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and FIRST_YEAR <= self.year <= LAST_YEAR):
            raise UnableToReadMonth(f"{self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2026-10`; raises UnableToReadMonth for anything else."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text, re.ASCII)
        if not match:
            raise UnableToReadMonth(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of a civil date; an aware datetime is first taken to Asia/Shanghai."""
        if isinstance(day, datetime):
            if day.tzinfo is None:
                raise ValueError("a naive datetime has no civil month")
            day = day.astimezone(SHANGHAI).date()
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The first day after the month (exclusive end)."""
        return date(self.year + self.number // 12, self.number % 12 + 1, 1)

    @property
    def last(self) -> date:
        """The last day of the month, as the as-of date of its figures."""
        return date.fromordinal(self.end.toordinal() - 1)

    def __add__(self, months: int) -> Month:
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def until(self, other: Month) -> Iterator[Month]:
        """The months from this one up to, but not including, `other`."""
        month = self
        while month < other:
            yield month
            month += 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


class UnableToReadQuarter(ValueError):
    """The text is not a quarter written `2026-Q3`."""


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year, e.g. `Quarter(2026, 3)`, written `2026-Q3`."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 4 and FIRST_YEAR <= self.year <= LAST_YEAR):
            raise UnableToReadQuarter(f"{self.year}-Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2026-Q3`; raises UnableToReadQuarter for anything else."""
        match = re.fullmatch(r"([0-9]{4})-Q([1-4])", text, re.ASCII)
        if not match:
            raise UnableToReadQuarter(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def before(cls, day: date) -> Quarter | None:
        """The last quarter that ended before a day; None in the first quarter of the calendar."""
        index = day.year * 4 + (day.month - 1) // 3 - 1
        return cls(index // 4, index % 4 + 1) if index // 4 >= FIRST_YEAR else None

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def end(self) -> date:
        """The first day after the quarter (exclusive end)."""
        return Month(self.year, self.number * 3).end

    @property
    def last(self) -> date:
        return Month(self.year, self.number * 3).last

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


def parse_date(text: object) -> date:
    """Read a civil date written `2026-10-17` in ASCII digits, 1900-9998; raises ValueError otherwise."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise ValueError(f"{text!r} is not a date written YYYY-MM-DD")
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError(f"{text!r} has a year outside {FIRST_YEAR}-{LAST_YEAR}")
    return date.fromisoformat(text)
