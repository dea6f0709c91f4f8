"""What standards measure firms by, reckoned from their financial years.

Every metric is exact: a limb is decided by fractions, so that one fen less than asked for is less.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tasks.engine.readiness.figures import Figure, Missing, lowest, mean, quotient, total
from tasks.engine.readiness.financials import FACTS, Financials, Unit, Year

_LAST_YEAR_REPORTED_BY: Final = (6, 30)


@dataclass(frozen=True, slots=True)
class Book:
    """A firm's figures as of a day. `last` is its last financial year: no later one is read."""

    years: Mapping[int, Year]
    last: int
    market_cap: Figure
    facts: Mapping[str, Figure]
    intervals: int


@dataclass(frozen=True, slots=True)
class Metric:
    """`measure` gives the figure; a compound rate is measured as the factor of growth over all intervals."""

    unit: Unit
    measure: Callable[[Book], Figure]
    compound: bool = False


def opened(financials: Financials, *, as_of: date, intervals: int) -> Book:
    """The figures as of a day.

    The last financial year is the one before that of the day. Up to 30 June it is the year before where that
    one is not reported yet: a firm then applies with that year and audited figures of a later half or quarter.
    """
    years = {year.year: year for year in financials.years}
    last = as_of.year - 1
    if last not in years and last - 1 in years and (as_of.month, as_of.day) <= _LAST_YEAR_REPORTED_BY:
        last -= 1
    cap = financials.market_cap
    known = cap is not None and cap.on <= as_of
    facts = {
        name: Figure.of(financials.facts[name]) if name in financials.facts else Figure.none(Missing(name))
        for name in FACTS
    }
    market_cap = Figure.of(cap.amount) if cap and known else Figure.none(Missing("expected_market_cap"))
    return Book(years, last, market_cap, facts, intervals)


def _figure(book: Book, name: str, year: int) -> Figure:
    """A figure of a year as it was reported."""
    value = getattr(book.years.get(year), name, None)
    return Figure.none(Missing(name, year)) if value is None else Figure.of(value)


def _profit(book: Book, year: int) -> Figure:
    """The lower of net profit before and after non-recurring items 扣除非经常性损益前后孰低."""
    names = ("net_profit", "net_profit_less_non_recurring")
    return lowest([_figure(book, name, year) for name in names])


def _reported(name: str) -> Callable[[Book, int], Figure]:
    return lambda book, year: _figure(book, name, year)


def _over(
    years: int,
    series: Callable[[Book, int], Figure],
    *,
    by: Callable[[list[Figure]], Figure],
    unit: Unit = Unit.YUAN,
) -> Metric:
    """A metric of the last `years` years."""
    return Metric(unit, lambda book: by([series(book, book.last - back) for back in range(years)]))


_REVENUE, _RD, _CASH, _ROE, _PATENTS, _OPINION = map(
    _reported, ("revenue", "rd", "operating_cash_flow", "roe", "invention_patents", "unqualified_opinion")
)


def _intensity(years: int) -> Metric:
    """R&D over revenue, the sums of the years and not the mean of their ratios."""

    def measure(book: Book) -> Figure:
        span = [book.last - back for back in range(years)]
        spent, earned = ([series(book, year) for year in span] for series in (_RD, _REVENUE))
        return quotient(total(spent), total(earned), name="revenue", year=book.last)

    return Metric(Unit.RATIO, measure)


def _factor(name: str, book: Book, *, back: int) -> Figure:
    """The last year's figure over that of `back` years before."""
    base = book.last - back
    return quotient(_figure(book, name, book.last), _figure(book, name, base), name=name, year=base)


def _growth(book: Book) -> Figure:
    factor = _factor("revenue", book, back=1)
    return factor if factor.value is None else Figure.of(factor.value - 1)


def _compound(name: str) -> Metric:
    """The compound rate of growth, over as many intervals as the book says."""
    return Metric(Unit.RATIO, lambda book: _factor(name, book, back=book.intervals), compound=True)


def _rd_staff(book: Book) -> Figure:
    last = book.last
    return quotient(_figure(book, "rd_staff", last), _figure(book, "staff", last), name="staff", year=last)


def _fact(name: str, unit: Unit) -> Metric:
    return Metric(unit, lambda book: book.facts[name])


def bound(metric: Metric, value: Fraction, *, intervals: int) -> Fraction:
    """What the figure of a metric is compared with where the standard asks for `value`."""
    return (1 + value) ** intervals if metric.compound else value


METRICS: Final[Mapping[str, Metric]] = {
    "expected_market_cap": Metric(Unit.YUAN, lambda book: book.market_cap),
    "net_profit_last": _over(1, _profit, by=total),
    "net_profit_each_of_2y": _over(2, _profit, by=lowest),
    "net_profit_each_of_3y": _over(3, _profit, by=lowest),
    "net_profit_sum_2y": _over(2, _profit, by=total),
    "net_profit_sum_3y": _over(3, _profit, by=total),
    "revenue_last": _over(1, _REVENUE, by=total),
    "revenue_avg_2y": _over(2, _REVENUE, by=mean),
    "revenue_sum_3y": _over(3, _REVENUE, by=total),
    "revenue_growth_last": Metric(Unit.RATIO, _growth),
    "revenue_cagr_3y": _compound("revenue"),
    "rd_last": _over(1, _RD, by=total),
    "rd_sum_2y": _over(2, _RD, by=total),
    "rd_sum_3y": _over(3, _RD, by=total),
    "rd_cagr_3y": _compound("rd"),
    "rd_sum_2y_over_revenue_sum_2y": _intensity(2),
    "rd_sum_3y_over_revenue_sum_3y": _intensity(3),
    "operating_cash_flow_last": _over(1, _CASH, by=total),
    "operating_cash_flow_sum_3y": _over(3, _CASH, by=total),
    "roe_weighted_last": _over(1, _ROE, by=total, unit=Unit.RATIO),
    "roe_weighted_avg_2y": _over(2, _ROE, by=mean, unit=Unit.RATIO),
    "rd_staff_share": Metric(Unit.RATIO, _rd_staff),
    "invention_patents_main_business": _over(1, _PATENTS, by=total, unit=Unit.COUNT),
    "unqualified_opinion_each_of_3y": _over(3, _OPINION, by=lowest, unit=Unit.YES_NO),
} | {name: _fact(name, unit) for name, unit in FACTS.items()}
