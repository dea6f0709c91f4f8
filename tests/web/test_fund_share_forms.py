"""Rounds, shares, convertibles and warrants on the page of a holding, and the forms that enter them.

The worked fund holds the firm for 20 million since 2023-03-01, valued on 2023-12-31.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from finance_hub.web import fields
from funds.models import HoldingEvent, Round, Security, Units
from tests.cast import Api
from tests.funds.conftest import CITY, Desk, found_fund, made
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.funding import PAGE, deals, entered, opened, queries_of, refused, send

#: 25 million for 2.5 million of 20 million shares; 20 million of it is the fund's: 2 million shares, 10 %.
ROUND = {
    "name": "A 轮", "effective_date": "2023-03-01", "raised": "25000000", "price": "￥10",
    "new_shares": "2,500,000", "shares_after": "２０，０００，０００", "lead_investor": "某某创投", "document": "增资协议",
}  # fmt: skip
LATER = {
    **ROUND, "name": "B 轮", "effective_date": "2024-02-01", "raised": "100000000", "price": "", "pre_money": "400000000",
    "new_shares": "5000000", "shares_after": "25000000",
}  # fmt: skip


def of(model: Any, **only: Any) -> Any:
    with within(EVERYTHING):
        return model.objects.filter(**only).latest("pk")


def deal(kind: str = "investment") -> str:
    return f"{PAGE}/deals/{of(HoldingEvent, kind=kind).public_id}"


@pytest.fixture
def told(manager: Client, holding: str) -> str:
    """The A round with the fund's shares in it, then the B round: the address of the holding."""
    entered(send(manager, f"{holding}/round", **ROUND), manager, "融资轮次已登记。")
    said = {"shares": "2000000", "round": of(Round).public_id}
    entered(send(manager, f"{deal()}/shares", **said), manager, "股数已登记。")
    entered(send(manager, f"{holding}/round", **LATER), manager, "融资轮次已登记。")
    return holding


class TestTheHolding:
    def test_shows_rounds_the_path_of_its_part_and_that_its_value_is_old(
        self, told: str, manager: Client, browse: Browse
    ) -> None:
        text = reporting.read(manager, told)
        assert "2023年3月1日 认购 A 轮 2,000,000 20,000,000 10.00%" in text
        assert "2024年2月1日 稀释 B 轮 2,000,000 25,000,000 8.00%" in text
        assert (
            "B 轮 增资协议 2024年2月1日 10,000.00 40,000.00 50,000.00 20.00 5,000,000 25,000,000 某某创投"
            in text
        )
        assert "持股比例 8.00%" in text
        assert "按最近一轮价格 4,000.00万元（B 轮，2024年2月1日）" in text
        assert "早于最近一轮融资" in text
        before = reporting.read(manager, f"{told}?as_of=2023-12-31")
        assert "持股比例 10.00%" in before
        assert "早于最近一轮融资" not in before
        # The centre reads the same and enters nothing; in English nothing is left in Chinese but names.
        english = reporting.read(browse("auditor", language="en"), told)
        for named in ("简体中文", "桐乡示例科技有限公司", "某某创投", "增资协议", "某", "A 轮", "B 轮"):
            english = english.replace(named, "")
        assert re.findall(r"[\u4e00-\u9fff]+", english) == []
        assert "Record a round" not in english

    def test_takes_no_more_queries_for_more_rounds_and_rights(self, told: str, manager: Client) -> None:
        before = queries_of(manager, told)
        for name in ("C 轮", "D 轮"):
            entered(send(manager, f"{told}/round", **{**LATER, "name": name}), manager, "已登记")
            said = {"ends_on": "2026-12-31", "shares": "10", "strike": "1.5", "document": "协议"}
            entered(send(manager, f"{told}/warrant", **said), manager, "已登记")
        assert queries_of(manager, told) == before


class TestShares:
    def test_go_with_an_exit_whose_cost_follows(self, told: str, manager: Client) -> None:
        said = {"cash": "12000000", "shares": "500000", "route": "buy_back", "effective_date": "2024-06-01"}
        entered(send(manager, f"{told}/exit", **said), manager, "回购")
        assert deals()[0] == ("exit", "12000000.00", "5000000.00")
        assert "2024年6月1日 减持 1,500,000 25,000,000 6.00%" in reporting.read(manager, told)

    def test_are_taken_back_and_said_anew(self, told: str, manager: Client) -> None:
        address = f"{PAGE}/units/{of(Units).public_id}/reverse"
        assert f'href="{address}"' in manager.get(told).content.decode()
        entered(send(manager, address), manager, "已冲销")
        entered(send(manager, f"{deal()}/shares", shares="1000000"), manager, "4.00%")

    def test_are_refused_beside_their_field(self, told: str, manager: Client) -> None:
        before = deals()
        for form, typed, field, status in (
            ("exit", {"cash": "1", "shares": "2000001"}, "shares", 422),
            ("exit", {"cash": "1", "shares": "半"}, "shares", 422),
            ("exit", {"cash": "1", "shares": "1.5"}, "shares", 422),
            ("exit", {"cash": "1"}, "cost", 422),
            ("round", ROUND, "new_shares", 409),
            ("round", {**LATER, "name": "C 轮", "price": "20"}, "pre_money", 422),
            ("round", {**LATER, "name": "C 轮", "new_shares": "5000002"}, "new_shares", 422),
            ("round", {**LATER, "name": "C 轮", "price": "十元"}, "price", 422),
            ("round", {**LATER, "name": "C 轮", "document": ""}, "document", 422),
            ("warrant", {"ends_on": "2026-12-31", "strike": "1", "document": "x"}, "shares", 422),
        ):
            said: dict[str, str] = {"effective_date": "2024-06-01", **typed}
            refused(send(manager, f"{told}/{form}", **said), field, status=status)
        assert deals() == before


class TestRights:
    def test_a_convertible_is_recorded_offered_converted_and_taken_back(
        self, told: str, worked: tuple[Desk, str], manager: Client
    ) -> None:
        made(worked[0].invest("1000000.00", "2023-06-01"))
        terms = {
            "annual_rate_pct": "6%",
            "discount_pct": "20",
            "ends_on": "2025-05-31",
            "document": "可转债协议",
        }
        entered(send(manager, f"{deal()}/convertible", **terms), manager, "1,000,000.00 元")
        address = f"{PAGE}/securities/{of(Security).public_id}"
        # 1,000,000 and 245 days of interest, 40,273.97, at 16.00 yuan
        form = manager.get(f"{address}/convert").content.decode()
        assert "65,017 股，每股 16.00 元" in form
        entered(send(manager, f"{address}/convert"), manager, "已转股")
        text = reporting.read(manager, told)
        assert "2024年2月1日 转股 B 轮 2,065,017 25,000,000 8.2601%" in text
        entered(send(manager, f"{PAGE}/units/{of(Units).public_id}/reverse"), manager, "已冲销")
        entered(send(manager, f"{address}/reverse"), manager, "尚未登记可转债或认股权")

    def test_a_convertible_is_paid_back(self, told: str, worked: tuple[Desk, str], manager: Client) -> None:
        made(worked[0].invest("1000000.00", "2023-06-01"))
        terms = {"annual_rate_pct": "0", "ends_on": "2099-05-31", "document": "可转债协议"}
        entered(send(manager, f"{deal()}/convertible", **terms), manager, "存续")
        said = {"cash": "1050000", "convertible": of(Security).public_id, "effective_date": "2024-06-01"}
        entered(send(manager, f"{told}/exit", **said), manager, "已兑付")
        assert deals()[0] == ("exit", "1050000.00", "1000000.00")

    def test_a_warrant_with_a_loan_is_recorded_and_exercised(self, told: str, manager: Client) -> None:
        said = {
            "effective_date": "2024-03-01", "ends_on": "2099-12-31", "share_pct": "1", "strike": "12.5",
            "bank": "bank-a", "reference": "RG-1", "document": "认股选择权协议",
        }  # fmt: skip
        entered(send(manager, f"{told}/warrant", **said), manager, "RG-1")
        address = f"{PAGE}/securities/{of(Security).public_id}"
        more = {"shares": "250001", "effective_date": "2024-04-01"}
        refused(send(manager, f"{address}/exercise", **more), "shares")
        entered(send(manager, f"{address}/exercise", **{**more, "shares": "250,000"}), manager, "部分行权")
        assert deals()[0] == ("investment", "3125000.00", "3125000.00")

    def test_a_round_is_reversed_from_its_row(self, told: str, manager: Client) -> None:
        last, first = of(Round), of(Round, name="A 轮")
        address = f"{told}/rounds/{{}}/reverse"
        assert f'href="{address.format(last.public_id)}"' in manager.get(told).content.decode()
        refused(send(manager, address.format(first.public_id)), "note", status=409)
        entered(send(manager, address.format(last.public_id)), manager, "10.00%")


def test_nobody_else_enters_any_of_it(
    told: str, manager: Client, browse: Browse, api: Callable[[str], Api]
) -> None:
    units, last = of(Units).public_id, of(Round).public_id
    addresses = [
        f"{told}/round", f"{told}/warrant", f"{deal()}/shares", f"{deal()}/convertible",
        f"{PAGE}/units/{units}/reverse", f"{told}/rounds/{last}/reverse",
    ]  # fmt: skip
    for address in addresses:
        assert browse("auditor").get(address).status_code == 403, address
        assert browse("manager_industry").get(address).status_code == 404, address
    other = found_fund(api, code="seed", tier="sub", name="种子")
    for kind in ("commitment", "call", "contribution"):
        made(other.event(kind, "9.00", "2022-06-01", investor=CITY))
    mine = made(other.invest("1.00", "2022-07-01"))["holding"]
    for address in addresses:
        assert manager.get(address.replace("/angel/", "/seed/")).status_code == 404, address
    # The round is in the book of the manager, whichever of its funds holds the firm.
    assert manager.get(f"/funds/seed/holdings/{mine}/rounds/{last}/reverse").status_code == 200
    for address in (f"{deal()}/gift", f"{PAGE}/securities/se_none/convert", f"{PAGE}/units/hu_none/reverse"):
        assert manager.get(address).status_code == 404
    assert opened(manager, f"{told}/round")["name"] == ""


@pytest.mark.parametrize(
    ("typed", "read"), [("1,250,000", 1250000), ("１２５股", 125), ("0", 0), (" 12 ", 12)]
)
def test_counts_are_read_as_people_write_them(typed: str, read: int) -> None:
    assert fields.whole(typed) == read


@pytest.mark.parametrize("typed", ["1.0", "1,25", "-1", "", "1e3", "一百", "1,000.0"])
def test_what_is_no_count_is_refused(typed: str) -> None:
    with pytest.raises(fields.Unread):
        fields.whole(typed)


@pytest.mark.parametrize("typed", ["1.2345678", "-1", "1,25", "", "NaN", "1e3", "百分之六"])
def test_what_is_no_price_or_rate_is_refused(typed: str) -> None:
    with pytest.raises(fields.Unread):
        fields.number(typed)
    assert str(fields.number("￥1,234.50 元")) == "1234.50"
