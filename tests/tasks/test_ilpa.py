"""ILPA's templates: what is refused, what has no value, what was known then, whose fund it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import SHANGHAI, Quarter, UnableToReadQuarter
from funds.models import Fund
from tests.cast import Api, Cast
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made, refused
from tests.tasks.test_ilpa_worked import lines, template, worth

Speak = Callable[[str], Api]
TERMS = {
    "document": "合伙协议", "valid_from": "2022-06-01", "preferred_return_pct": "8", "compounding": "annually",
    "carried_interest_pct": "20", "order": "european", "catch_up_pct": "100",
}  # fmt: skip
PATHS = tuple(f"/funds/angel/ilpa/{name}" for name in (
    "reporting", "reporting.xlsx", "performance", "performance.xlsx",
))  # fmt: skip


@pytest.fixture
def fund(api: Speak) -> Desk:
    """Million: 60 + 40 committed, 50 called and paid on 2022-06-20, 20 invested in July, worth 60 a year later."""
    angel = found_fund(api)
    made(angel.event("commitment", "60000000.00", "2022-06-01", investor=CITY))
    made(angel.event("commitment", "40000000.00", "2022-06-01", investor=COMPANY))
    made(angel.notice("call", "50000000.00", "2022-06-10"))
    made(angel.notice("contribution", "50000000.00", "2022-06-20"))
    held = made(angel.invest("20000000.00", "2022-07-01"))["holding"]
    made(angel.value(held, at="60000000.00", on="2023-06-30"))
    return angel


def test_what_is_no_quarter_that_is_over_is_refused(fund: Desk) -> None:
    running = timezone.now().astimezone(SHANGHAI).date()
    this = f"{running.year}-Q{(running.month + 2) // 3}"
    for path in PATHS:
        refused(fund.api.get(path), 422, "required")
        for asked in (
            "2026",
            "2026-Q0",
            "2026-Q5",
            "2026-q3",
            "2026-3",
            "2026-Q３",
            "0000-Q1",
            "9999-Q1",
            "1899-Q4",
        ):
            problem = refused(fund.api.get(f"{path}?quarter={asked}"), 422, "quarter-format")
            assert problem["errors"][0]["pointer"] == "#/quarter"
        for asked in (this, "2999-Q1"):
            refused(fund.api.get(f"{path}?quarter={asked}"), 422, "quarter-not-over")
        for asked in ("2022-Q1", "1900-Q1"):
            refused(fund.api.get(f"{path}?quarter={asked}"), 422, "before-the-fund")
        refused(fund.api.get(f"{path}?quarter=2023-Q3&known_at=2023-10-01"), 422, "time-format")
        assert fund.api.get(f"{path}?quarter=2022-Q2").status_code == 200


def test_another_managers_fund_answers_like_a_missing_one(fund: Desk, api: Speak) -> None:
    stranger = api("manager_industry")

    def said(path: str) -> Any:
        answer = stranger.get(f"{path}?quarter=2023-Q3")
        body = json.loads(answer.content)
        body.pop("request_id")
        return answer.status_code, body

    for path in PATHS:
        foreign, missing = said(path), said(path.replace("angel", "nobody"))
        assert foreign == missing
        assert foreign[0] == 404
        assert api("auditor").get(f"{path}?quarter=2023-Q3").status_code == 200
        assert api("bank_a").get(f"{path}?quarter=2023-Q3").status_code == 403


def test_without_terms_the_shares_of_the_parties_have_no_value(fund: Desk) -> None:
    shown = template(fund, "reporting", "2023-Q3")
    whole, investors, manager = (lines(shown, "quarter", party) for party in ("fund", "investors", "manager"))
    assert (whole["nav_begin"], whole["nav_end"], whole["carry"]) == ("90000000.00", "90000000.00", "0.00")
    for party in (investors, manager):
        assert {party[name] for name in ("nav_begin", "nav_end", "carry", "carry_end")} == {None}
    assert investors["nav_end_gross"] == "90000000.00"
    reasons = next(c["reasons"] for c in shown["columns"] if c["party"] == "investors")
    assert reasons["nav_end"] == "terms-not-recorded"
    inception = lines(shown, "inception", "investors")
    assert (inception["nav_begin"], inception["nav_end"]) == ("0.00", None)
    net = template(fund, "performance", "2023-Q3")["net"][0]
    assert (net["nav"], net["irr"], net["irr_reason"]) == (None, None, "terms-not-recorded")


@pytest.mark.parametrize(
    ("changes", "reason", "net"),
    [
        ({}, None, "82000000.00"),
        ({"carried_interest_pct": None, "order": None, "catch_up_pct": None}, None, "90000000.00"),
        # No deal has been sold: of one, the gain is the manager's to share as well, a fifth above the return.
        ({"order": "american"}, None, "82000000.00"),
    ],
)
def test_the_terms_decide_what_is_accrued(
    fund: Desk, changes: dict[str, Any], reason: str | None, net: str | None
) -> None:
    """A gain of 40 above 50 million is enough for the preferred return and all of the catch-up: a fifth is 8."""
    terms = {name: said for name, said in {**TERMS, **changes}.items() if said is not None}
    made(fund.api.post("/funds/angel/terms", terms))
    shown = template(fund, "reporting", "2023-Q3")
    investors = lines(shown, "quarter", "investors")
    assert investors["nav_end"] == net
    told = next(c["reasons"] for c in shown["columns"] if c["party"] == "investors").get("nav_end")
    assert told == reason


def test_as_known_then_and_under_the_same_tag(fund: Desk) -> None:
    before = timezone.now().isoformat().replace("+", "%2B")
    made(fund.event("fee", "500000.00", "2023-09-15"))
    path = "/funds/angel/ilpa/reporting?quarter=2023-Q3"
    then = fund.api.get(f"{path}&known_at={before}").json()
    now = fund.api.get(path).json()
    assert lines(then, "quarter", "fund")["fees"] == "0.00"
    assert lines(now, "quarter", "fund")["fees"] == "-500000.00"
    assert lines(now, "year", "fund")["net_operating_income"] == "-500000.00"
    book = f"/funds/angel/ilpa/reporting.xlsx?quarter=2023-Q3&known_at={before}"
    first, again = fund.api.get(book), fund.api.get(book)
    assert first.content == again.content
    assert first["Content-Disposition"] == 'attachment; filename="ilpa-reporting-angel-2023-Q3.xlsx"'
    held = fund.api.get(book, **{"If-None-Match": first["ETag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_more_entries_and_investments_ask_no_more_of_the_database(fund: Desk) -> None:
    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as said:
            template(fund, name, "2023-Q3")
        return len(said)

    names = ("reporting", "performance")
    before = [asked(name) for name in names]
    for firm in ("91330483MA28AQK513", "9133048377826412XH"):
        made(fund.invest("1000000.00", "2023-02-01", uscc=firm, firm_name=firm))
        made(fund.event("fee", "1000.00", "2023-03-01"))
        made(fund.notice("call", "1000000.00", "2023-04-01"))
    assert [asked(name) for name in names] == before


def test_a_young_fund_has_no_rate_and_its_net_return_is_that_of_the_page(fund: Desk) -> None:
    made(fund.api.post("/funds/angel/terms", TERMS))
    young = template(fund, "performance", "2022-Q4")
    assert (young["net"][0]["irr"], young["net"][0]["irr_reason"]) == (None, "under-one-year")
    assert young["net"][0]["multiple"] == "1"
    assert young["investments"][0]["irr_reason"] == "not-reported"  # never valued by then
    old = template(fund, "performance", "2023-Q3")
    flows = [(date(2022, 6, 20), -50e6), (date(2023, 9, 30), 82e6)]
    assert worth(float(old["net"][0]["irr"]), flows) == pytest.approx(0, abs=1)
    assert (old["net"][0]["multiple"], old["before_accrued"]["multiple"]) == ("1.64", "1.8")
    assert old["investments"][0] == {
        "holding": old["investments"][0]["holding"], "is_realised": False, "basis": "fair_value", "multiple": "3",
        "multiple_reason": None, "irr": old["investments"][0]["irr"], "irr_reason": None,
    }  # fmt: skip


def test_a_transfer_moves_earlier_results_and_nothing_of_the_fund(fund: Desk) -> None:
    """Half of the city's commitment goes over on 2023-08-01: 15 of 30 million paid, and 30 % of a gain of 40."""
    made(fund.api.post("/funds/angel/terms", {**TERMS, "carried_interest_pct": "0"}))
    made(fund.transfer("30000000.00", "2023-08-01", seller=CITY, buyer=COMPANY))
    made(fund.event("fee", "1000000.00", "2023-09-15"))
    shown = template(fund, "reporting", "2023-Q3")
    city, company = (lines(shown, "quarter", "investor", investor=name) for name in (CITY, COMPANY))
    named = ("nav_begin", "contributions", "transfers", "fees", "nav_end", "unfunded_transfers", "commitment")
    assert [city[name] for name in named] == [
        "54000000.00", "0.00", "-27000000.00", "-300000.00", "26700000.00", "-15000000.00", "30000000.00",
    ]  # fmt: skip
    assert [company[name] for name in named] == [
        "36000000.00", "0.00", "27000000.00", "-700000.00", "62300000.00", "15000000.00", "70000000.00",
    ]  # fmt: skip
    whole = lines(shown, "quarter", "fund")
    assert (whole["transfers"], whole["nav_end"]) == ("0.00", "89000000.00")


class TestAFundOfFunds:
    """The fund pays 40 of 100 million of a child, which spends 2 on fees, 1 on costs and 0.5 on its manager."""

    @pytest.fixture(autouse=True)
    def child(self, fund: Desk, api: Speak) -> None:
        child = found_fund(api, code="sub", tier="sub")
        made(
            child.api.post("/funds/sub/investors", {"name": "母基金", "capital": "state", "holder": "angel"})
        )
        for name, amount in (("母基金", "40000000.00"), (CITY, "60000000.00")):
            for kind in ("commitment", "call", "contribution"):
                made(child.event(kind, amount, "2023-01-10", investor=name))
        made(fund.invest("20000000.00", "2023-01-10", sub_fund="sub"))
        made(child.event("fee", "2000000.00", "2023-02-15"))
        made(child.event("fee", "1000000.00", "2023-08-15"))
        made(child.event("expense", "1000000.00", "2023-08-16"))
        made(child.event("carry", "500000.00", "2023-08-17"))

    def test_shows_its_share_of_what_the_child_spent(self, fund: Desk, api: Speak) -> None:
        """A second child does not know whose money it has: nothing is told of the fund's part in it."""
        found_fund(api, code="sub-b", tier="sub")
        made(fund.invest("1000000.00", "2023-02-01", sub_fund="sub-b"))
        child, unknown = template(fund, "reporting", "2023-Q3")["underlying"]
        assert (unknown["code"], unknown["invested"], unknown["commitment"]) == ("sub-b", "1000000.00", None)
        assert unknown["costs"]["quarter"] == {"fees": None, "expenses": None, "paid": None}
        assert child == {
            "code": "sub", "name": "青桐天使基金", "vintage": 2022, "currency": "CNY", "invested": "20000000.00",
            "commitment": "40000000.00", "unfunded": "0.00", "contributed": "40000000.00", "distributed": "0.00",
            "nav": "38200000.00",
            "costs": {
                "quarter": {"fees": "400000.00", "expenses": "400000.00", "paid": "200000.00"},
                "year": {"fees": "1200000.00", "expenses": "400000.00", "paid": "200000.00"},
                "inception": {"fees": "1200000.00", "expenses": "400000.00", "paid": "200000.00"},
            },
        }  # fmt: skip

    def test_tells_nothing_of_the_books_of_another_house(self, fund: Desk, api: Speak, cast: Cast) -> None:
        """The child went to another manager since."""
        with scoping.within(EVERYTHING):
            Fund.objects.filter(code="sub").update(manager=cast.organisation("industry-manager"))
        (child,) = template(fund, "reporting", "2023-Q3")["underlying"]
        assert (child["code"], child["nav"], child["costs"]["quarter"]["fees"]) == (None, None, None)
        assert child["invested"] == "20000000.00"
        assert fund.api.get("/funds/angel/ilpa/reporting.xlsx?quarter=2023-Q3").status_code == 200
        (seen,) = template(Desk(api("maker"), "angel"), "reporting", "2023-Q3")["underlying"]
        assert (seen["code"], seen["nav"]) == ("sub", "38200000.00")


def test_quarters_of_the_calendar() -> None:
    third = Quarter.parse("2026-Q3")
    assert (third.first, third.last, third.end) == (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1))
    assert Quarter.parse("9998-Q4").end == date(9999, 1, 1)
    assert Quarter.before(date(2026, 10, 1)) == third == Quarter.before(date(2026, 12, 31))
    assert Quarter.before(date(2026, 9, 30)) == Quarter(2026, 2)
    assert Quarter.before(date(1900, 3, 31)) is None
    assert str(Quarter.before(date(2027, 1, 1))) == "2026-Q4"
    for text in ("2026-Q5", "2026-Q", "Q3-2026", "２026-Q1", "2026-Q1 "):
        with pytest.raises(UnableToReadQuarter):
            Quarter.parse(text)
