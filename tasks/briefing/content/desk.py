"""The writer's desk: this month's figures, those before, and how they are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import wording
from tasks.briefing.layout import Language
from tasks.catalogue import BY_CODE
from tasks.models import Figure, Target
from tasks.queries import FigureSet

#: Figures that charts and changes read from earlier months.
HISTORIC = (
    "loans.balance", "loans.disbursed", "loans.repaid", "loans.npl_ratio", "guarantees.outstanding",
    "fund.paid_in", "fund.invested", "exposure.public", "pipeline.under_way", "tolerance.used_share",
    "fund.subscribed", "deals.invested", "loans.firms", "pipeline.listed",
)  # fmt: skip
CHART_MONTHS = 13


@dataclass(frozen=True)
class Desk:
    language: Language
    month: Month
    now: FigureSet
    history: Mapping[Month, FigureSet]
    targets: tuple[Target, ...]

    def say(self, zh: str, en: str) -> str:
        return Text(zh, en).say(self.language)

    def name(self, code: str) -> str:
        """The figure's name in the catalogue."""
        return BY_CODE[code][0].name.say(self.language)

    def label(self, figure: Figure) -> str:
        return wording.label(figure, language=self.language)

    def cell(self, code: str, scope: str = "", key: str = "") -> str:
        return wording.shown(self.now.get(code, scope, key), language=self.language)

    def value(self, code: str, scope: str = "", key: str = "") -> Decimal | None:
        return self.now.value(code, scope, key)

    def before(self, months: int, code: str, scope: str = "", key: str = "") -> Decimal | None:
        """The value so many months earlier, None where there is none."""
        earlier = self.history.get(self.month - months)
        return earlier.value(code, scope, key) if earlier else None

    def changed(self, months: int, code: str, scope: str = "", key: str = "") -> str:
        now, before = self.value(code, scope, key), self.before(months, code, scope, key)
        return wording.change(now, before, unit=BY_CODE[code][0].unit)

    def money(self, value: Decimal) -> str:
        """An amount in running text, with its unit: 3.21亿元, CNY 321.00 million."""
        number, unit = wording.headline(value, language=self.language)
        return self.say(f"{number}{unit}", unit.replace("CNY", f"CNY {number}"))

    @property
    def unit(self) -> str:
        """The money unit of tables."""
        return wording.TABLE_UNIT.say(self.language)

    @property
    def as_of(self) -> str:
        last = self.month.last
        return self.say(f"{last.year}年{last.month}月{last.day}日", last.isoformat())

    @property
    def months(self) -> list[Month]:
        """The thirteen months up to this one."""
        return list((self.month - (CHART_MONTHS - 1)).until(self.month + 1))

    def series(self, code: str, scope: str = "", key: str = "") -> tuple[float | None, ...]:
        """Thirteen months in the unit of tables (money) or as they are; None where not known."""
        return tuple(self._plotted(month, code, scope, key) for month in self.months)

    def plotted(self, value: Decimal | None) -> float | None:
        """Money on the scale of the tables' unit."""
        if value is None:
            return None
        return float(value / (1_000_000 if self.language == "en" else 10_000))

    def _plotted(self, month: Month, code: str, scope: str, key: str) -> float | None:
        figures = self.now if month == self.month else self.history.get(month)
        return self.plotted(figures.value(code, scope, key)) if figures else None
