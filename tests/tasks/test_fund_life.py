"""The life of a fund that docs/fund-life.md works out by hand, entered over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from django.conf import settings

from tasks.engine import returns
from tasks.engine.pacing import j_curve
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made
from tests.tasks.test_month import figures, run_due

Speak = Callable[[str], Api]
DOCS = Path(settings.BASE_DIR) / "docs"
TERMS = {
    "document": "合伙协议", "preferred_return_pct": "8", "compounding": "annually", "carried_interest_pct": "20",
    "order": "european", "catch_up_pct": "100",
}  # fmt: skip
FIRMS = {
    "A": "91350100M000100Y43", "B": "91330483MA2B9PTN02", "C": "91330483MA28AQK513", "D": "9133048377826412XH",
}  # fmt: skip
PAID = {"A": ("20000000.00", "2014-03-01"), "B": ("20000000.00", "2014-09-01"),
        "C": ("25000000.00", "2016-04-01"), "D": ("18000000.00", "2018-02-01")}  # fmt: skip
IRR = 0.115495964316


def parts(entered: Any) -> dict[str, str]:
    return {event["investor"]: event["amount"] for event in made(entered)["events"]}


@pytest.fixture
def life(api: Speak) -> Desk:
    """Up to the day before the last distribution."""
    fund = found_fund(api, established_on="2014-01-01")
    for since, until in (("2014-01-01", "2024-01-01"), ("2023-12-01", "2026-01-01")):
        made(fund.api.post("/funds/angel/terms", {**TERMS, "valid_from": since, "ends_on": until}))
    made(fund.event("commitment", "60000000.00", "2014-01-10", investor=CITY))
    made(fund.event("call", "30000000.00", "2014-02-01", investor=CITY))
    made(fund.event("contribution", "30000000.00", "2014-02-15", investor=CITY))
    held = {"A": made(fund.invest(*PAID["A"], uscc=FIRMS["A"], firm_name="A"))["holding"]}
    made(fund.event("commitment", "40000000.00", "2014-07-01", investor=COMPANY))
    made(fund.event("call", "20000000.00", "2014-07-01", investor=COMPANY))
    made(fund.event("contribution", "20000000.00", "2014-07-15", investor=COMPANY))
    held["B"] = made(fund.invest(*PAID["B"], uscc=FIRMS["B"], firm_name="B"))["holding"]
    assert parts(fund.notice("call", "30000000.00", "2016-03-01")) == {
        CITY: "18000000.00",
        COMPANY: "12000000.00",
    }
    made(fund.notice("contribution", "30000000.00", "2016-03-15"))
    held["C"] = made(fund.invest(*PAID["C"], uscc=FIRMS["C"], firm_name="C"))["holding"]
    for year in range(2014, 2017):
        made(fund.event("fee", "1000000.00", f"{year}-12-31"))
    made(fund.exit(held["A"], cash="18000000.00", cost="10000000.00", on="2017-06-01"))
    back = {"nature": "return_of_capital", "recallable": True}
    assert parts(fund.notice("distribution", "10000000.00", "2017-06-15", **back)) == {
        CITY: "6000000.00", COMPANY: "4000000.00",
    }  # fmt: skip
    made(fund.notice("distribution", "5000000.00", "2017-06-15", nature="gain"))
    assert fund.position(as_of="2017-12-31")["uncalled"] == "30000000.00"
    made(fund.notice("call", "20000000.00", "2018-01-10"))
    made(fund.notice("contribution", "20000000.00", "2018-01-20"))
    held["D"] = made(fund.invest(*PAID["D"], uscc=FIRMS["D"], firm_name="D"))["holding"]
    for year in range(2017, 2024):
        made(fund.event("fee", "1000000.00", f"{year}-12-31"))
    made(fund.write_off(held["B"], cost="20000000.00", on="2019-05-01"))
    made(fund.exit(held["A"], cash="30000000.00", cost="10000000.00", on="2020-09-01"))
    made(fund.notice("distribution", "30000000.00", "2020-09-15"))
    made(fund.receive(held["B"], "recovery", "3000000.00", on="2021-03-01"))
    made(fund.exit(held["C"], cash="120000000.00", cost="25000000.00", on="2022-06-01"))
    assert parts(fund.notice("distribution", "114026534.03", "2022-06-15", nature="gain")) == {
        CITY: "68415920.42", COMPANY: "45610613.61",
    }  # fmt: skip
    made(fund.event("carry", "5973465.97", "2022-06-15"))
    made(fund.exit(held["D"], cash="60000000.00", cost="18000000.00", on="2025-04-01"))
    return fund


@pytest.fixture
def ended(life: Desk) -> Desk:
    assert parts(life.notice("distribution", "51373465.97", "2025-04-15", nature="gain")) == {
        CITY: "30824079.58", COMPANY: "20549386.39",
    }  # fmt: skip
    made(life.event("carry", "21626534.03", "2025-04-15"))
    return life


def test_the_waterfall_tells_the_last_distribution(life: Desk) -> None:
    shown = life.api.get("/funds/angel/waterfall?as_of=2025-04-14").json()
    assert shown["nav"] == life.position(as_of="2025-04-14")["cash"] == "73000000.00"
    assert [(paid["tier"], paid["to"], paid["amount"]) for paid in shown["payments"]] == [
        ("catch_up", "manager", "8783167.54"),
        ("split", "investors", "51373465.97"),
        ("split", "manager", "12843366.49"),
    ]


def test_the_ledger_ends_as_the_paper_does(ended: Desk) -> None:
    position = ended.position()
    named = (
        "contributed",
        "distributed",
        "recallable",
        "unfunded",
        "carry",
        "fees",
        "proceeds",
        "invested",
        "cash",
    )
    assert [position[name] for name in named] == [
        "100000000.00", "210400000.00", "10000000.00", "10000000.00", "27600000.00", "10000000.00", "231000000.00",
        "83000000.00", "0.00",
    ]  # fmt: skip
    accounts = ended.accounts()
    assert {name: account["distributed"] for name, account in accounts.items()} == {
        CITY: "126240000.00", COMPANY: "84160000.00",
    }  # fmt: skip
    nav = ended.rolled("2014-01-01", "2025-12-31")["nav"]
    assert (nav["realised"], nav["fees"], nav["carry"], nav["end"]) == (
        "148000000.00", "10000000.00", "27600000.00", "0.00",
    )  # fmt: skip


def test_the_figures_are_those_of_the_paper(ended: Desk, api: Speak) -> None:
    assert run_due() == ["succeeded"]
    assert figures(api, "fund.dpi", "fund") == figures(api, "fund.tvpi", "fund") == {"angel": "2.104"}
    irr = figures(api, "fund.irr", "fund")["angel"]
    assert abs(float(irr or 0) - IRR) < 1e-8  # kept with eight places


def test_the_rate_and_the_curve_to_the_last_digit(ended: Desk) -> None:
    events = ended.api.get("/funds/angel/events?limit=100").json()["data"]
    sign = {"contribution": -1, "distribution": 1}
    flows = [e for e in events if e["kind"] in sign]
    days = [date.fromisoformat(e["effective_date"]) for e in flows]
    amounts = [sign[e["kind"]] * Decimal(e["amount"]) for e in flows]
    rate = returns.xirr(days, amounts)
    assert rate.value == pytest.approx(IRR, abs=1e-9)
    curve = j_curve(days, amounts)
    assert curve.depth is not None
    assert (curve.depth.on, curve.depth.amount) == (date(2018, 1, 20), Decimal("-85000000.00"))
    assert curve.break_even == date(2022, 6, 15)


def test_the_terms_were_extended(life: Desk) -> None:
    def ends(on: date) -> str:
        shown = life.api.get(f"/funds/angel/terms/in-force?as_of={on}").json()["terms"]["ends_on"]
        return str(shown)

    extended = date(2023, 12, 1)
    assert (ends(extended - timedelta(days=1)), ends(extended)) == ("2024-01-01", "2026-01-01")


def test_the_paper_and_its_sheet_say_the_same() -> None:
    paper = (DOCS / "fund-life.md").read_text("utf-8")
    book = python_calamine.CalamineWorkbook.from_path(DOCS / "fund-life.xlsx")
    hurdle = book.get_sheet_by_name("Hurdle").to_python()
    columns = {name: at for at, name in enumerate(hurdle[0])}
    names = ("To preferred", "Catch-up", "To investors", "To manager", "Capital left")
    said = [row[columns[name]] for row in hurdle[1:] for name in names]
    assert [amount for amount in said if amount and f"{amount:,.2f}" not in paper] == []
    found = {row[0]: row[1] for row in book.get_sheet_by_name("Returns").to_python()}
    assert found["DPI"] == pytest.approx(2.104, abs=1e-12)
    assert found["IRR"] == pytest.approx(IRR, abs=1e-12)
    assert f"{IRR:.12f}" in paper
