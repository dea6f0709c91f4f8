"""The life of docs/fund-life.md in ILPA's templates: the cells that the paper works out by hand, to the cent.

The life is long to enter: one serves all readings of a template.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import python_calamine

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk
from tests.tasks.test_fund_life import IRR, ended, life

__all__ = ["ended", "life"]  # fixtures
Speak = Callable[[str], Api]
ZERO = "0.00"


def template(desk: Desk, name: str, quarter: str) -> dict[str, Any]:
    answer = desk.api.get(f"/funds/{desk.fund}/ilpa/{name}?quarter={quarter}")
    assert answer.status_code == 200, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def sheets(desk: Desk, name: str, quarter: str) -> dict[str, list[list[Any]]]:
    answer = desk.api.get(f"/funds/{desk.fund}/ilpa/{name}.xlsx?quarter={quarter}")
    assert answer.status_code == 200, answer.content
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {title: book.get_sheet_by_name(title).to_python() for title in book.sheet_names}


def lines(shown: dict[str, Any], span: str, party: str, *, investor: str | None = None) -> dict[str, Any]:
    found = [c for c in shown["columns"] if (c["span"], c["party"], c["investor"]) == (span, party, investor)]
    assert len(found) == 1
    amounts: dict[str, Any] = found[0]["lines"]
    return amounts


def moved(of: dict[str, Any]) -> dict[str, Any]:
    """The lines of a statement that say something."""
    unfunded = (
        "unfunded_begin",
        "committed",
        "contributed_inside",
        "recallable",
        "unfunded_end",
        "commitment",
    )
    return {
        code: amount for code, amount in of.items() if amount not in (None, ZERO) and code not in unfunded
    }


def test_the_reporting_template_quarter_by_quarter(ended: Desk) -> None:
    _the_second_quarter_of_2017(ended)
    _what_may_still_be_called_in_2017(ended)
    _the_second_quarter_of_2022(ended)
    _the_last_quarter_with_an_entry(ended)
    _the_schedule_and_the_cash_make_the_nav(ended)
    _the_workbook_of_the_reporting_template(ended)


def test_the_performance_template(ended: Desk) -> None:
    _the_performance_to_2022(ended)
    _the_performance_of_the_whole_life(ended)
    _the_workbook_of_the_performance_template(ended)


EARLY = {
    "nav_begin": "77000000.00", "distributions": "-15000000.00", "cash_flows": "-15000000.00", "realised": "8000000.00",
    "nav_end": "70000000.00", "nav_end_gross": "70000000.00",
}  # fmt: skip


def _the_second_quarter_of_2017(ended: Desk) -> None:
    shown = template(ended, "reporting", "2017-Q2")
    for span in ("quarter", "year"):
        assert moved(lines(shown, span, "fund")) == moved(lines(shown, span, "investors")) == EARLY
        assert moved(lines(shown, span, "manager")) == {}
    assert moved(lines(shown, "inception", "fund")) == {
        "contributions": "80000000.00", "distributions": "-15000000.00", "cash_flows": "65000000.00",
        "fees": "-3000000.00", "net_operating_income": "-3000000.00", "realised": "8000000.00",
        "nav_end": "70000000.00", "nav_end_gross": "70000000.00",
    }  # fmt: skip
    city = lines(shown, "quarter", "investor", investor=CITY)
    assert moved(city) == {
        "nav_begin": "46200000.00", "distributions": "-9000000.00", "cash_flows": "-9000000.00",
        "realised": "4800000.00", "nav_end": "42000000.00", "nav_end_gross": "42000000.00",
    }  # fmt: skip
    assert lines(shown, "quarter", "investor", investor=COMPANY)["nav_end"] == "28000000.00"


def _what_may_still_be_called_in_2017(ended: Desk) -> None:
    shown = template(ended, "reporting", "2017-Q2")
    named = ("unfunded_begin", "committed", "contributed_inside", "recallable", "released", "unfunded_end")
    quarter, inception = (lines(shown, span, "fund") for span in ("quarter", "inception"))
    assert [quarter[name] for name in named] == [
        "20000000.00", ZERO, ZERO, "10000000.00", ZERO, "30000000.00",
    ]  # fmt: skip
    assert [inception[name] for name in named] == [
        ZERO, "100000000.00", "-80000000.00", "10000000.00", ZERO, "30000000.00",
    ]  # fmt: skip
    manager = lines(shown, "quarter", "manager")
    assert {manager[name] for name in named} == {None}


def _the_second_quarter_of_2022(ended: Desk) -> None:
    shown = template(ended, "reporting", "2022-Q2")
    assert moved(lines(shown, "quarter", "fund")) == {
        "nav_begin": "58000000.00", "distributions": "-120000000.00", "cash_flows": "-120000000.00",
        "realised": "95000000.00", "nav_end": "33000000.00", "nav_end_gross": "33000000.00",
    }  # fmt: skip
    assert moved(lines(shown, "quarter", "investors")) == {
        "nav_begin": "58000000.00", "distributions": "-114026534.03", "cash_flows": "-114026534.03",
        "realised": "95000000.00", "carry": "-19600000.00", "nav_end": "19373465.97",
        "carry_change": "-13626534.03", "carry_end": "-13626534.03", "carry_paid": "-5973465.97",
        "nav_end_gross": "33000000.00",
    }  # fmt: skip
    assert moved(lines(shown, "quarter", "manager")) == {
        "distributions": "-5973465.97", "cash_flows": "-5973465.97", "carry": "19600000.00",
        "nav_end": "13626534.03", "carry_change": "13626534.03", "carry_end": "13626534.03",
        "carry_paid": "5973465.97",
    }  # fmt: skip
    city = lines(shown, "quarter", "investor", investor=CITY)
    company = lines(shown, "quarter", "investor", investor=COMPANY)
    named = ("nav_begin", "distributions", "realised", "carry_paid", "carry", "nav_end", "nav_end_gross")
    assert [city[name] for name in named] == [
        "34800000.00", "-68415920.42", "57000000.00", "-3584079.58", "-11760000.00", "11624079.58", "19800000.00",
    ]  # fmt: skip
    assert [company[name] for name in named] == [
        "23200000.00", "-45610613.61", "38000000.00", "-2389386.39", "-7840000.00", "7749386.39", "13200000.00",
    ]  # fmt: skip


def _the_last_quarter_with_an_entry(ended: Desk) -> None:
    shown = template(ended, "reporting", "2025-Q2")
    assert moved(lines(shown, "quarter", "investors")) == {
        "nav_begin": "17773465.97", "distributions": "-51373465.97", "cash_flows": "-51373465.97",
        "realised": "42000000.00", "carry": "-8400000.00", "carry_begin": "-13226534.03",
        "carry_change": "13226534.03", "carry_paid": "-21626534.03",
    }  # fmt: skip
    whole = lines(shown, "inception", "investors")
    named = ("contributions", "distributions", "fees", "realised", "carry", "nav_end")
    assert [whole[name] for name in named] == [
        "100000000.00", "-210400000.00", "-10000000.00", "148000000.00", "-27600000.00", ZERO,
    ]  # fmt: skip


def _the_schedule_and_the_cash_make_the_nav(ended: Desk) -> None:
    shown = template(ended, "reporting", "2022-Q2")
    assert (shown["cash"], shown["nav"]) == ("15000000.00", "33000000.00")
    told = [(row["invested"], row["proceeds"], row["remaining"], row["basis"]) for row in shown["schedule"]]
    assert told == [
        ("20000000.00", "48000000.00", ZERO, "nothing"),
        ("20000000.00", "3000000.00", ZERO, "nothing"),
        ("25000000.00", "120000000.00", ZERO, "nothing"),
        ("18000000.00", ZERO, "18000000.00", "cost"),
    ]
    assert shown["underlying"] == []


def _the_performance_to_2022(ended: Desk) -> None:
    shown = template(ended, "performance", "2022-Q2")
    net, without = shown["net"]
    assert {**without, "view": "with_facility"} == net
    assert shown["has_facility"] is False
    assert (net["paid"], net["got"], net["nav"], net["multiple"]) == (
        "100000000.00", "159026534.03", "19373465.97", "1.784",
    )  # fmt: skip
    flows = [
        (date(2014, 2, 15), -30e6), (date(2014, 7, 15), -20e6), (date(2016, 3, 15), -30e6), (date(2017, 6, 15), 15e6),
        (date(2018, 1, 20), -20e6), (date(2020, 9, 15), 30e6), (date(2022, 6, 15), 114026534.03),
        (date(2022, 6, 30), 19373465.97),
    ]  # fmt: skip
    assert worth(float(net["irr"]), flows) == pytest.approx(0, abs=1)
    assert shown["before_accrued"]["multiple"] == "1.92026534"  # with 33 million in the place of 19.37
    realised, unrealised, total = shown["gross"]
    assert [(p["investments"], p["invested"], p["got"], p["worth"], p["at_cost"], p["multiple"])
            for p in shown["gross"]] == [
        (3, "65000000.00", "171000000.00", ZERO, 0, "2.63076923"),
        (1, "18000000.00", ZERO, "18000000.00", 1, "1"),
        (4, "83000000.00", "171000000.00", "18000000.00", 1, "2.27710843"),
    ]  # fmt: skip
    deals = [
        (date(2014, 3, 1), -20e6), (date(2014, 9, 1), -20e6), (date(2016, 4, 1), -25e6), (date(2017, 6, 1), 18e6),
        (date(2020, 9, 1), 30e6), (date(2021, 3, 1), 3e6), (date(2022, 6, 1), 120e6),
    ]  # fmt: skip
    assert worth(float(realised["irr"]), deals) == pytest.approx(0, abs=1)
    assert unrealised["irr"] == "0"
    assert float(total["irr"]) < float(realised["irr"])
    assert [(one["multiple"], one["multiple_reason"], one["is_realised"]) for one in shown["investments"]] == [
        ("2.4", None, True), ("0.15", None, True), ("4.8", None, True), (None, "not-reported", False),
    ]  # fmt: skip


def worth(rate: float, flows: list[tuple[date, float]]) -> float:
    """What flows are worth on the first day, discounted by days over 365."""
    first = flows[0][0]
    return sum(amount * (1 + rate) ** (-(day - first).days / 365) for day, amount in flows)


def _the_performance_of_the_whole_life(ended: Desk) -> None:
    shown = template(ended, "performance", "2025-Q2")
    for view in (*shown["net"], shown["before_accrued"]):
        assert view["multiple"] == "2.104"
        assert float(view["irr"]) == pytest.approx(IRR, abs=1e-8)
    assert [pool["investments"] for pool in shown["gross"]] == [4, 0, 4]
    assert shown["gross"][1]["multiple_reason"] == "no-denominator"
    kinds = {"investment.cost", "investment.proceeds", "investment.recovery", None}  # none: the write-off
    assert {row["type"] for row in shown["movements"]} == kinds
    assert sum(float(row["cash"]) for row in shown["movements"]) == 148e6
    typed = {row["type"] for row in shown["transactions"]}
    assert typed == {
        "commitment.made", None, "call.capital", "fund.management_fees", "distribution.capital_recallable",
        "distribution.gain", "distribution.all", "distribution.carried_interest",
    }  # fmt: skip


def _the_workbook_of_the_reporting_template(ended: Desk) -> None:
    shown, book = template(ended, "reporting", "2022-Q2"), sheets(ended, "reporting", "2022-Q2")
    assert [title.split()[0] for title in book] == ["口径", "汇总", "出资人", "投资明细", "底层基金"]
    spans, periods, parties, *rows = book["汇总 Reporting"]
    assert (spans[3], periods[3], parties[3]) == (
        "本季 · QTD",
        "2022-04-01 – 2022-06-30",
        "基金合计 · Total fund",
    )
    columns = [(s, p) for s in ("quarter", "year", "inception") for p in ("fund", "investors", "manager")]
    for at, (span, party) in enumerate(columns, 3):
        amounts = lines(shown, span, party)
        for code, row in zip(amounts, rows, strict=False):
            if amounts[code] is None:
                assert isinstance(row[at], str)
                assert " · " in row[at]
            else:
                assert row[at] == float(amounts[code]), (span, party, code)
        assert rows[len(amounts)][at] == 0.0  # the check at the foot
    assert len(rows) == len(lines(shown, "quarter", "fund")) + 1
    held = book["投资明细 Investments"]
    assert [row[2] for row in held[1:5]] == [
        date(2014, 3, 1),
        date(2014, 9, 1),
        date(2016, 4, 1),
        date(2018, 2, 1),
    ]
    assert [row[9] for row in held[5:]] == [18e6, 15e6, 33e6]
    named = {row[0]: row[1] for row in book["口径 Definitions"] if row[0]}
    assert named["模板 · Template"] == "ILPA Reporting Template 2.0 (2025-01-22)"
    assert named["截至 · As of"] == "2022-06-30"
    assert datetime.fromisoformat(named["数据时点 · As known at"]).tzinfo is not None


def _the_workbook_of_the_performance_template(ended: Desk) -> None:
    shown, book = template(ended, "performance", "2022-Q2"), sheets(ended, "performance", "2022-Q2")
    results = {row[0]: row for row in book["业绩 Performance"]}
    net = results["净收益：含认缴信贷 · Net, with subscription facilities"]
    assert net[2:5] == [1e8, 159026534.03, 19373465.97]
    assert net[6] == float(shown["net"][0]["irr"])
    assert net[7] == 1.784
    assert results["组合毛收益：合计 · Portfolio gross: total"][1:6] == [4.0, 83e6, 171e6, 18e6, 1.0]
    *entries, total = book["交易 Transactions"][1:]
    assert total[5:11] == [59026534.03, 59026534.03, 10e6, 1e8, 159026534.03, 88e6]
    assert sum(row[5] for row in entries if row[5] != "") == pytest.approx(total[5])
    assert all(isinstance(row[0], date) for row in entries)
    unvalued = next(row for row in book["投资 Investments"] if row[1] == date(2018, 2, 1))
    assert unvalued[8] == "未报送 · not reported"
    coded = [row[0] for row in book["交易类型 Types"][1:]]
    assert "facility.draw" in coded
