"""Every limb of every published standard, at its threshold, a step beside it, and missing.

The limbs come from the data, so that a standard added there is played here; the firm is comfortably above all
other limbs of the alternative, so that the one decides.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from listings import standards
from tasks.engine.readiness import METRICS, AllOf, Kind, Limb, Missing, Standard, Unit, Verdict, assess, read
from tests.engine.firms import (
    AS_OF,
    Draft,
    branches,
    comfortable,
    figures_of,
    financials,
    measured,
    placed,
    step,
)

D = Decimal
PUBLISHED = [read(row) for row in standards.published()]
every_standard = pytest.mark.parametrize(
    "standard", [pytest.param(each, id=f"{each.code} from {each.valid_from}") for each in PUBLISHED]
)


def played(standard: Standard) -> Iterator[tuple[tuple[Limb, ...], Limb]]:
    """Each limb of the standard once, with the first alternative that it is part of."""
    seen: set[int] = set()
    for way in branches(standard.condition):
        for limb in way:
            if id(limb) not in seen:
                seen.add(id(limb))
                yield way, limb


def judged(way: tuple[Limb, ...], draft: Draft) -> Any:
    one_way = Standard("ONE-WAY", "star", Kind.FINANCIAL, AllOf(way), date(2019, 1, 1))
    return assess(financials(draft), standards=[one_way], as_of=AS_OF)[0]


@every_standard
def test_the_threshold_decides(standard: Standard) -> None:
    for way, limb in played(standard):
        assert judged(way, comfortable(way)).verdict is Verdict.MEETS
        for value, meets in _around(limb).items():
            draft = placed(comfortable(way), limb.metric, value)
            assert measured(draft, limb.metric) == value
            found = judged(way, draft)
            assert found.verdict is (Verdict.MEETS if meets else Verdict.FAILS), (limb, value)
            if meets:
                assert (found.missing, found.failing, found.way.rank()) == ((), (), (0, 0, 0))
                continue
            (gap,) = (each for each in found.failing if each.metric == limb.metric)
            assert (gap.needed, gap.had, gap.at_most) == (limb.value, value, False)
            assert gap.distance == (None if isinstance(value, bool) else limb.value - value)


def _around(limb: Limb) -> dict[Any, bool]:
    """What stands below, at and above the threshold, and whether it is enough."""
    if isinstance(limb.value, bool):
        return {limb.value: True, not limb.value: False}
    beside = step(limb.metric)
    return {limb.value - beside: False, limb.value: limb.op == ">=", limb.value + beside: True}


@every_standard
def test_a_missing_figure_is_never_a_failure(standard: Standard) -> None:
    for way, limb in played(standard):
        for name, year in figures_of(limb.metric):
            draft = comfortable(way)
            del draft[name, year]
            found = judged(way, draft)
            assert (found.verdict, found.failing) == (Verdict.UNKNOWN, ()), limb
            assert found.missing == (Missing(name, year),)


def test_a_firm_of_which_nothing_is_known_fails_nothing() -> None:
    found = assess(financials({}), standards=PUBLISHED, as_of=AS_OF)
    assert {each.verdict for each in found} == {Verdict.UNKNOWN}
    assert all(each.missing and not each.failing for each in found)


CAP, LAST, SUM2, SUM3 = "expected_market_cap", "net_profit_last", "net_profit_sum_2y", "net_profit_sum_3y"
TWO, THREE, REVENUE, CASH = (
    "net_profit_each_of_2y", "net_profit_each_of_3y", "revenue_last", "operating_cash_flow_sum_3y",
)  # fmt: skip
RD_SHARE = "rd_sum_3y_over_revenue_sum_3y"
#: The printed table, in 亿元 and fractions, by the year in which a version began.
PRINTED: dict[tuple[str, int], list[dict[str, Any]]] = {
    ("STAR-1", 2019): [{CAP: 10, TWO: 0, SUM2: "0.5"}, {CAP: 10, LAST: 0, REVENUE: 1}],
    ("STAR-2", 2019): [{CAP: 15, REVENUE: 2, RD_SHARE: "0.15"}],
    ("STAR-3", 2019): [{CAP: 20, REVENUE: 3, CASH: 1}],
    ("STAR-4", 2019): [{CAP: 30, REVENUE: 3}],
    ("STAR-5", 2019): [{CAP: 40, "staged_results_with_large_market": True}],
    ("CX-1", 2020): [{TWO: 0, SUM2: "0.5"}],
    ("CX-1", 2024): [{TWO: 0, SUM2: 1, LAST: "0.6"}],
    ("CX-2", 2020): [{CAP: 10, LAST: 0, REVENUE: 1}],
    ("CX-2", 2024): [{CAP: 15, LAST: 0, REVENUE: 4}],
    ("CX-3", 2020): [{CAP: 50, REVENUE: 3}],
    ("CX-4", 2026): [
        {CAP: 30, REVENUE: 2, "revenue_cagr_3y": "0.3"}, {CAP: 40, REVENUE: 2, "rd_sum_3y": 1, RD_SHARE: "0.15"},
    ],
    ("BSE-1", 2021): [
        {CAP: 2, TWO: "0.15", "roe_weighted_avg_2y": "0.08"}, {CAP: 2, LAST: "0.25", "roe_weighted_last": "0.08"},
    ],
    ("BSE-2", 2021): [
        {CAP: 4, "revenue_avg_2y": 1, "revenue_growth_last": "0.3", "operating_cash_flow_last": 0},
    ],
    ("BSE-3", 2021): [{CAP: 8, REVENUE: 2, "rd_sum_2y_over_revenue_sum_2y": "0.08"}],
    ("BSE-4", 2021): [{CAP: 15, "rd_sum_2y": "0.5"}],
    ("MB-1", 2023): [
        {THREE: 0, SUM3: "1.5", LAST: "0.6", CASH: 1}, {THREE: 0, SUM3: "1.5", LAST: "0.6", "revenue_sum_3y": 10},
    ],
    ("MB-1", 2024): [
        {THREE: 0, SUM3: 2, LAST: 1, CASH: 2}, {THREE: 0, SUM3: 2, LAST: 1, "revenue_sum_3y": 15},
    ],
    ("MB-2", 2023): [{CAP: 50, LAST: 0, REVENUE: 6, CASH: "1.5"}],
    ("MB-2", 2024): [{CAP: 50, LAST: 0, REVENUE: 6, CASH: "2.5"}],
    ("MB-3", 2023): [{CAP: 80, LAST: 0, REVENUE: 8}],
    ("MB-3", 2024): [{CAP: 100, LAST: 0, REVENUE: 10}],
}  # fmt: skip


def test_the_data_are_those_of_the_printed_table() -> None:
    financial = [each for each in PUBLISHED if each.kind is Kind.FINANCIAL]
    assert {
        (each.code, each.valid_from.year): [
            {limb.metric: limb.value for limb in way} for way in branches(each.condition)
        ]
        for each in financial
    } == {
        key: [{metric: _plain(metric, value) for metric, value in way.items()} for way in ways]
        for key, ways in PRINTED.items()
    }
    # Above nothing is above it; everything else is at least.
    for limb in (limb for each in financial for way in branches(each.condition) for limb in way):
        assert limb.op == ("=" if limb.value is True else ">" if limb.value == 0 else ">=")


def _plain(metric: str, value: Any) -> Any:
    return value if value is True else D(value) * (10**8 if METRICS[metric].unit is Unit.YUAN else 1)


def test_the_standards_of_a_day() -> None:
    def codes(day: date) -> set[str]:
        return {each.code for each in PUBLISHED if each.in_force(day) and each.kind is Kind.FINANCIAL}

    star, beijing = ({f"{board}-{n}" for n in range(1, top)} for board, top in (("STAR", 6), ("BSE", 5)))
    assert codes(date(2022, 6, 1)) == star | beijing | {"CX-1", "CX-2", "CX-3"}
    assert codes(AS_OF) == star | beijing | {"CX-1", "CX-2", "CX-3", "CX-4", "MB-1", "MB-2", "MB-3"}


def test_every_metric_is_asked_for_by_some_standard() -> None:
    asked = {limb.metric for each in PUBLISHED for _, limb in played(each)}
    assert asked == set(METRICS)
