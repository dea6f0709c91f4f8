"""Which fund, which quarter, as known when."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, TypedDict

from finance_hub.kernel import days
from finance_hub.kernel.periods import Quarter, UnableToReadQuarter
from finance_hub.kernel.problems import refuse
from funds import queries as funds
from funds.models import Fund

QUARTER, YEAR, INCEPTION = "quarter", "year", "inception"
#: What a statement may cover, up to the end of the quarter.
SPANS = (QUARTER, YEAR, INCEPTION)


class When(TypedDict):
    as_of: date
    known_at: datetime


class Subject(NamedTuple):
    """`known_at` is the moment up to which recordings count."""

    fund: Fund
    quarter: Quarter
    known_at: datetime

    @classmethod
    def read(cls, code: str, quarter: str, *, known_at: datetime, now: datetime) -> Subject:
        """Raises NotFound, and InvalidFields for what is no quarter, one that is not over, and one before the fund."""
        fund = funds.fund(code)
        try:
            asked = Quarter.parse(quarter)
        except UnableToReadQuarter as error:
            raise refuse(
                "#/quarter", "quarter-format", "季度须写作 2026-Q3", "A quarter is written 2026-Q3"
            ) from error
        if asked.end > days.today(now):
            raise refuse("#/quarter", "quarter-not-over", "该季度尚未结束", "The quarter is not over yet")
        if asked.end <= fund.established_on:
            raise refuse(
                "#/quarter",
                "before-the-fund",
                "该季度结束时基金尚未成立",
                "The fund was established after the quarter",
            )
        return cls(fund, asked, known_at)

    def at(self, as_of: date) -> When:
        """A day and the moment, as queries take them."""
        return {"as_of": as_of, "known_at": self.known_at}

    def file_name(self, template: str) -> str:
        """Of a workbook, e.g. `ilpa-reporting-qingtong-angel-2026-Q3.xlsx`."""
        return f"ilpa-{template}-{self.fund.code}-{self.quarter}.xlsx"

    @property
    def when(self) -> When:
        """The end of the quarter."""
        return self.at(self.quarter.end)

    def start(self, span: str) -> date | None:
        """The first day of what the span covers; None is the beginning of everything."""
        firsts = {QUARTER: self.quarter.first, YEAR: date(self.quarter.year, 1, 1), INCEPTION: None}
        return firsts[span]
