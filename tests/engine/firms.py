"""Firms made to stand just where a test wants them, and a plain second reckoning of every metric."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Final

from tasks.engine.readiness import FACTS, METRICS, AllOf, Condition, Financials, Limb, MarketCap, Unit, Year

LAST: Final = 2025
AS_OF: Final = date(2026, 7, 1)
D = Decimal
FEN = D("0.01")

#: The figures of a firm: a year's under (name, year), all others under (name, None).
Draft = dict[tuple[str, int | None], Any]


def financials(draft: Draft) -> Financials:
    """The draft as the engine takes it; what it lacks is missing."""
    years: dict[int, dict[str, Any]] = {}
    for (name, year), value in draft.items():
        if year is not None:
            years.setdefault(year, {})[name] = value
    cap = draft.get(("expected_market_cap", None))
    return Financials(
        tuple(Year(year=year, **figures) for year, figures in years.items()),
        None if cap is None else MarketCap(cap, date(2026, 3, 1), "round B, post-money"),
        {name: value for (name, year), value in draft.items() if year is None and name in FACTS},
    )


def branches(condition: Condition) -> list[tuple[Limb, ...]]:
    """The alternatives of a condition, each as the limbs that are enough together, none a yes and a no at once."""
    if isinstance(condition, Limb):
        return [(condition,)]
    parts = [branches(part) for part in condition.parts]
    if not isinstance(condition, AllOf):
        return [branch for part in parts for branch in part]
    whole = [tuple(limb for branch in chosen for limb in branch) for chosen in product(*parts)]
    return [branch for branch in whole if not any(_opposite(limb) in branch for limb in branch)]


def _opposite(limb: Limb) -> Limb | None:
    return replace(limb, value=not limb.value) if isinstance(limb.value, bool) else None


def comfortable(limbs: tuple[Limb, ...]) -> Draft:
    """A firm well above every limb of one branch: revenue doubles each year, most of it goes into R&D."""
    revenue = max(
        [D(10**8), *(limb.value for limb in limbs if limb.metric.startswith("revenue_") and limb.value > 1)]
    )
    draft: Draft = {("expected_market_cap", None): D(10**12)}
    for back in range(3):
        year = LAST - back
        earned = (revenue * 3 / 2 / 2**back).quantize(FEN)
        figures = {
            "net_profit": D(10**9), "net_profit_less_non_recurring": D(10**9), "revenue": earned,
            "rd": (earned * 9 / 10).quantize(FEN), "operating_cash_flow": D(10**9), "roe": D("0.5"),
            "invention_patents": 1000, "rd_staff": 500, "staff": 1000, "unqualified_opinion": True,
        }  # fmt: skip
        draft |= {(name, year): value for name, value in figures.items()}
    for name, unit in FACTS.items():
        draft[name, None] = True if unit is Unit.YES_NO else D(1) if unit is Unit.RATIO else 10**10
    return draft | {
        (limb.metric, None): limb.value
        for limb in limbs
        if isinstance(limb.value, bool) and limb.metric in FACTS
    }


def step(metric: str) -> Decimal | int:
    """The smallest step of what a metric is made of: a fen, one of a count, a millionth of a ratio."""
    return {Unit.YUAN: FEN, Unit.RATIO: D("0.000001")}.get(METRICS[metric].unit, 1)


def placed(draft: Draft, metric: str, value: Any) -> Draft:
    """The draft with the metric at just `value`, and no other limb of its branch pulled below its own."""
    if metric in FACTS or metric == "expected_market_cap":
        return draft | {(metric, None): value}
    return draft | {(name, LAST - back): figure for name, back, figure in _PLACES[metric](draft, value)}


def figures_of(metric: str) -> list[tuple[str, int | None]]:
    """Every figure that a metric needs."""
    if metric in FACTS or metric == "expected_market_cap":
        return [(metric, None)]
    return [(name, LAST - back) for name, backs in _NEEDS[metric] for back in backs]


def measured(draft: Draft, metric: str) -> Decimal | bool:
    """The metric of a firm whose figures are all known, by the plain formula: to 50 digits where it divides."""
    if metric in FACTS or metric == "expected_market_cap":
        return draft[metric, None]  # type: ignore[no-any-return]
    return _FORMULAS[metric](lambda name, back=0: draft[name, LAST - back])  # type: ignore[no-any-return]


Cells = Iterator[tuple[str, int, Any]]


def _profits(value: Decimal, *backs: int) -> Cells:
    for back in backs:
        yield "net_profit", back, value + 1
        yield "net_profit_less_non_recurring", back, value


def _sum(name: str, years: int) -> Callable[[Draft, Decimal], Cells]:
    """Seven tenths in the last year, for limbs that ask for it alone; the rest in equal parts before."""

    def cells(draft: Draft, value: Decimal) -> Cells:
        parts = [(value * 3 / 10 / (years - 1)).quantize(FEN)] * (years - 1)
        for back, amount in enumerate([value - sum(parts), *parts]):
            yield from _profits(amount, back) if name == "net_profit" else [(name, back, amount)]

    return cells


def _doubling(draft: Draft, value: Decimal, *, name: str = "revenue", years: int = 1) -> Cells:
    """The amounts of all years such that the last `years` add up to the value, each about double the one before."""
    weights = [D(1), D("0.5"), D("0.25")]
    amounts = [(value * weight / sum(weights[:years])).quantize(FEN) for weight in weights]
    amounts[0] += value - sum(amounts[:years])
    yield from ((name, back, amount) for back, amount in enumerate(amounts))
    if name == "revenue":
        yield from (("rd", back, (amount * 9 / 10).quantize(FEN)) for back, amount in enumerate(amounts))


def _factor(name: str, back: int, *, power: int) -> Callable[[Draft, Decimal], Cells]:
    """The last year's amount stays; the year it is compared with is a large round multiple of fen."""

    def cells(draft: Draft, value: Decimal) -> Cells:
        base = D(10) ** 12
        yield name, back, base
        yield name, 0, base * (1 + value) ** power
        if name == "revenue":
            yield from (("rd", year, base * 40 / 2**year) for year in range(3))

    return cells


def _intensity(years: int) -> Callable[[Draft, Decimal], Cells]:
    def cells(draft: Draft, value: Decimal) -> Cells:
        revenue = sum(draft["revenue", LAST - back] for back in range(years))
        scale = (D(10**16) / revenue).quantize(D(1))
        for back in range(years):
            earned = draft["revenue", LAST - back] * scale
            yield "revenue", back, earned
            yield "rd", back, earned * value

    return cells


def _last(name: str) -> Callable[[Draft, Any], Cells]:
    return lambda draft, value: iter([(name, 0, value)])


_PLACES: Final[dict[str, Callable[[Draft, Any], Cells]]] = {
    "net_profit_last": lambda draft, value: _profits(value, 0),
    "net_profit_each_of_2y": lambda draft, value: _profits(value, 1),
    "net_profit_each_of_3y": lambda draft, value: _profits(value, 2),
    "net_profit_sum_2y": _sum("net_profit", 2),
    "net_profit_sum_3y": _sum("net_profit", 3),
    "revenue_last": _doubling,
    "revenue_avg_2y": lambda draft, value: _doubling(draft, value * 2, years=2),
    "revenue_sum_3y": lambda draft, value: _doubling(draft, value, years=3),
    "revenue_growth_last": _factor("revenue", 1, power=1),
    "revenue_cagr_3y": _factor("revenue", 2, power=2),
    "rd_cagr_3y": _factor("rd", 2, power=2),
    "rd_last": lambda draft, value: _doubling(draft, value, name="rd"),
    "rd_sum_2y": lambda draft, value: _doubling(draft, value, name="rd", years=2),
    "rd_sum_3y": lambda draft, value: _doubling(draft, value, name="rd", years=3),
    "rd_sum_2y_over_revenue_sum_2y": _intensity(2),
    "rd_sum_3y_over_revenue_sum_3y": _intensity(3),
    "operating_cash_flow_last": _last("operating_cash_flow"),
    "operating_cash_flow_sum_3y": _sum("operating_cash_flow", 3),
    "roe_weighted_last": _last("roe"),
    "roe_weighted_avg_2y": lambda draft, value: iter(
        [("roe", 0, value * 2 - D("0.01")), ("roe", 1, D("0.01"))]
    ),
    "rd_staff_share": lambda draft, value: iter([("staff", 0, 10**6), ("rd_staff", 0, int(value * 10**6))]),
    "invention_patents_main_business": _last("invention_patents"),
    "unqualified_opinion_each_of_3y": lambda draft, value: iter([("unqualified_opinion", 1, value)]),
}

_BOTH = ("net_profit", "net_profit_less_non_recurring")
_NEEDS: Final[dict[str, list[tuple[str, tuple[int, ...]]]]] = {
    "net_profit_last": [(name, (0,)) for name in _BOTH],
    "net_profit_each_of_2y": [(name, (0, 1)) for name in _BOTH],
    "net_profit_each_of_3y": [(name, (0, 1, 2)) for name in _BOTH],
    "net_profit_sum_2y": [(name, (0, 1)) for name in _BOTH],
    "net_profit_sum_3y": [(name, (0, 1, 2)) for name in _BOTH],
    "revenue_last": [("revenue", (0,))],
    "revenue_avg_2y": [("revenue", (0, 1))],
    "revenue_sum_3y": [("revenue", (0, 1, 2))],
    "revenue_growth_last": [("revenue", (0, 1))],
    "revenue_cagr_3y": [("revenue", (0, 2))],
    "rd_cagr_3y": [("rd", (0, 2))],
    "rd_last": [("rd", (0,))],
    "rd_sum_2y": [("rd", (0, 1))],
    "rd_sum_3y": [("rd", (0, 1, 2))],
    "rd_sum_2y_over_revenue_sum_2y": [("rd", (0, 1)), ("revenue", (0, 1))],
    "rd_sum_3y_over_revenue_sum_3y": [("rd", (0, 1, 2)), ("revenue", (0, 1, 2))],
    "operating_cash_flow_last": [("operating_cash_flow", (0,))],
    "operating_cash_flow_sum_3y": [("operating_cash_flow", (0, 1, 2))],
    "roe_weighted_last": [("roe", (0,))],
    "roe_weighted_avg_2y": [("roe", (0, 1))],
    "rd_staff_share": [("rd_staff", (0,)), ("staff", (0,))],
    "invention_patents_main_business": [("invention_patents", (0,))],
    "unqualified_opinion_each_of_3y": [("unqualified_opinion", (0, 1, 2))],
}


def _lower(at: Any, back: int) -> Decimal:
    return min(at("net_profit", back), at("net_profit_less_non_recurring", back))  # type: ignore[no-any-return]


def _added(at: Any, name: str, years: int) -> Decimal:
    return sum((at(name, back) for back in range(years)), D(0))


_FORMULAS: Final[dict[str, Callable[[Any], Any]]] = {
    "net_profit_last": lambda at: _lower(at, 0),
    "net_profit_each_of_2y": lambda at: min(_lower(at, 0), _lower(at, 1)),
    "net_profit_each_of_3y": lambda at: min(_lower(at, 0), _lower(at, 1), _lower(at, 2)),
    "net_profit_sum_2y": lambda at: _lower(at, 0) + _lower(at, 1),
    "net_profit_sum_3y": lambda at: _lower(at, 0) + _lower(at, 1) + _lower(at, 2),
    "revenue_last": lambda at: at("revenue"),
    "revenue_avg_2y": lambda at: _added(at, "revenue", 2) / 2,
    "revenue_sum_3y": lambda at: _added(at, "revenue", 3),
    "revenue_growth_last": lambda at: at("revenue") / at("revenue", 1) - 1,
    "revenue_cagr_3y": lambda at: (at("revenue") / at("revenue", 2)).sqrt() - 1,
    "rd_cagr_3y": lambda at: (at("rd") / at("rd", 2)).sqrt() - 1,
    "rd_last": lambda at: at("rd"),
    "rd_sum_2y": lambda at: _added(at, "rd", 2),
    "rd_sum_3y": lambda at: _added(at, "rd", 3),
    "rd_sum_2y_over_revenue_sum_2y": lambda at: _added(at, "rd", 2) / _added(at, "revenue", 2),
    "rd_sum_3y_over_revenue_sum_3y": lambda at: _added(at, "rd", 3) / _added(at, "revenue", 3),
    "operating_cash_flow_last": lambda at: at("operating_cash_flow"),
    "operating_cash_flow_sum_3y": lambda at: _added(at, "operating_cash_flow", 3),
    "roe_weighted_last": lambda at: at("roe"),
    "roe_weighted_avg_2y": lambda at: (at("roe") + at("roe", 1)) / 2,
    "rd_staff_share": lambda at: D(at("rd_staff")) / at("staff"),
    "invention_patents_main_business": lambda at: at("invention_patents"),
    "unqualified_opinion_each_of_3y": lambda at: all(at("unqualified_opinion", back) for back in range(3)),
}
