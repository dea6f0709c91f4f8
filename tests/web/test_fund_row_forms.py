"""Forms that begin from a row: an entry of the ledger, a holding, a deal; and investments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import HoldingEvent, Valuation
from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, OTHER_FIRM, Desk, found_fund, made
from tests.web.funding import (
    PAGE,
    deals,
    entered,
    entries,
    entry_of,
    opened,
    refused,
    send,
)


class TestAnEntryOfTheLedger:
    def test_is_reversed_from_its_row(self, manager: Client) -> None:
        address = f"{PAGE}/entries/{entry_of('fee')}/reverse"
        assert f'href="{address}"' in manager.get(PAGE).content.decode()
        entered(send(manager, address, effective_date="2024-06-01"), manager, "已冲销")

        assert entries()[0] == ("fee", None, "1000000.00", date(2024, 6, 1))
        assert f'href="{address}"' not in manager.get(PAGE).content.decode()

    def test_is_corrected_from_its_row_which_is_filled_in(self, manager: Client) -> None:
        address = f"{PAGE}/entries/{entry_of('fee')}/correct"
        form = opened(manager, address)
        assert (form["amount"], form["effective_date"]) == ("1000000.00", "2023-01-10")
        entered(send(manager, address, amount="900000", note="多录"), manager, "更正后的记录")

        assert [amount for _k, _i, amount, _d in entries("fee")] == ["900000.00", "1000000.00", "1000000.00"]

    def test_keeps_its_marks_in_a_correction_unless_they_are_changed(self, manager: Client) -> None:
        address = f"{PAGE}/entries/{entry_of('distribution')}/correct"
        assert opened(manager, address)["nature"] == "gain"
        entered(send(manager, address, note="性质有误", nature="income"), manager, "分配 股息利息")

    @pytest.mark.parametrize(
        ("kind", "form", "typed", "field", "status"),
        [
            ("fee", "reverse", {"effective_date": "2023-01-09"}, "effective_date", 422),
            ("fee", "reverse", {"effective_date": "2099-01-01"}, "effective_date", 422),
            ("call", "reverse", {"effective_date": "2024-06-01"}, "effective_date", 409),
            ("fee", "correct", {"note": ""}, "note", 422),
            ("fee", "correct", {"note": "x", "amount": "0"}, "amount", 422),
            ("fee", "correct", {"note": "x", "amount": "20000000"}, "amount", 409),
            ("commitment", "correct", {"note": "x", "amount": "1"}, "amount", 409),
        ],
    )
    def test_is_refused_beside_its_field(
        self, manager: Client, kind: str, form: str, typed: dict[str, str], field: str, status: int
    ) -> None:
        before = entries()
        refused(send(manager, f"{PAGE}/entries/{entry_of(kind)}/{form}", **typed), field, status=status)
        assert entries() == before

    @pytest.mark.parametrize("form", ["reverse", "correct"])
    def test_that_was_reversed_is_not_reversed_again(
        self, worked: tuple[Desk, str], manager: Client, form: str
    ) -> None:
        fee = entry_of("fee")
        made(worked[0].reverse(fee, "2024-06-01"))
        answer = send(manager, f"{PAGE}/entries/{fee}/{form}", note="再来")

        said = refused(answer, "effective_date" if form == "reverse" else "amount", status=409)
        assert said == ["该记录已被冲销"]

    def test_of_another_fund_is_not_there(self, manager: Client, api: Callable[[str], Api]) -> None:
        other = found_fund(api, code="seed", tier="sub", name="种子")
        event = made(other.event("commitment", "9.00", "2022-06-01", investor=CITY))["id"]

        assert manager.get(f"{PAGE}/entries/{event}/reverse").status_code == 404
        assert manager.post(f"{PAGE}/entries/{event}/reverse", {}).status_code == 404
        assert manager.get(f"/funds/seed/entries/{event}/reverse").status_code == 200
        assert manager.get(f"/funds/seed/entries/{event}/undo").status_code == 404


class TestAnInvestment:
    ADDRESS = f"{PAGE}/record/investment"
    SAID = {"amount": "1000000", "effective_date": "2024-06-01"}

    def test_in_a_firm_that_the_register_knows(self, manager: Client) -> None:
        entered(send(manager, self.ADDRESS, uscc=FIRM, **self.SAID), manager, "投资已登记。")
        assert deals()[0] == ("investment", "1000000.00", "1000000.00")

    def test_in_a_firm_that_comes_into_the_register_with_it(self, manager: Client) -> None:
        said = {"uscc": OTHER_FIRM, "firm_name": "另一家企业", **self.SAID}
        entered(send(manager, self.ADDRESS, **said), manager, "另一家企业")

    def test_in_a_sub_fund(self, manager: Client, api: Callable[[str], Api]) -> None:
        found_fund(api, code="seed", tier="sub", name="种子子基金")
        entered(send(manager, self.ADDRESS, sub_fund="seed", **self.SAID), manager, "种子子基金")

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({}, "uscc"),
            ({"uscc": OTHER_FIRM}, "uscc"),
            ({"uscc": "91330483MA2B9PTN03"}, "uscc"),
            ({"uscc": "1"}, "uscc"),
            ({"uscc": FIRM, "amount": "14000000.01"}, "amount"),
            ({"uscc": FIRM, "effective_date": "2022-05-31"}, "effective_date"),
            ({"sub_fund": "no-such-fund"}, "sub_fund"),
        ],
    )
    def test_is_refused_beside_its_field(self, manager: Client, typed: dict[str, str], field: str) -> None:
        before = deals()
        refused(send(manager, self.ADDRESS, **{**self.SAID, **typed}), field)
        assert deals() == before


class TestAHolding:
    DAY = {"effective_date": "2024-06-01"}

    def test_is_valued_at_nothing_too(self, manager: Client, holding: str) -> None:
        entered(
            send(manager, f"{holding}/value", fair_value="0", method="cost", **self.DAY),
            manager,
            "估值已登记。",
        )
        with within(EVERYTHING):
            assert Valuation.objects.latest("pk").fair_value == Decimal(0)

    def test_is_sold_in_part(self, manager: Client, holding: str) -> None:
        answer = send(manager, f"{holding}/exit", cash="9000000", cost="5000000", **self.DAY)
        entered(answer, manager, "退出已登记。")
        assert deals()[0] == ("exit", "9000000.00", "5000000.00")

    def test_is_given_up(self, manager: Client, holding: str) -> None:
        entered(send(manager, f"{holding}/write-off", cost="20000000", **self.DAY), manager, "已全部核销")
        assert deals()[0] == ("write_off", "0.00", "20000000.00")

    def test_has_its_deals_reversed(self, worked: tuple[Desk, str], manager: Client, holding: str) -> None:
        sale = made(worked[0].exit(worked[1], cash="1.00", cost="1.00", on="2024-06-01"))["id"]
        address = f"{PAGE}/deals/{sale}/reverse"
        assert f'href="{address}"' in manager.get(holding).content.decode()
        entered(send(manager, address, effective_date="2024-07-01"), manager, "已冲销")
        assert f'href="{address}"' not in manager.get(holding).content.decode()

    NAMED: ClassVar = {
        "fair_value": "公允价值", "method": "估值方法", "cash": "收回现金", "cost": ("结转成本", "核销成本"),
        "effective_date": "日期",
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("form", "typed", "field"),
        [
            ("value", {"fair_value": "", "method": "cost"}, "fair_value"),
            ("value", {"fair_value": "-1", "method": "cost"}, "fair_value"),
            ("value", {"fair_value": "1", "method": ""}, "method"),
            ("value", {"fair_value": "1", "method": "whim"}, "method"),
            (
                "value",
                {"fair_value": "1", "method": "cost", "effective_date": "2023-02-28"},
                "effective_date",
            ),
            ("exit", {"cash": "1", "cost": "20000000.01"}, "cost"),
            ("exit", {"cash": "", "cost": "1"}, "cash"),
            ("exit", {"cash": "1", "cost": "0"}, "cost"),
            ("write-off", {"cost": "20000000.01"}, "cost"),
            ("write-off", {"cost": "1", "effective_date": "2099-01-01"}, "effective_date"),
        ],
    )
    def test_is_refused_beside_its_field(
        self, manager: Client, holding: str, form: str, typed: dict[str, str], field: str
    ) -> None:
        before = deals()
        answer = send(manager, f"{holding}/{form}", **{**self.DAY, **typed})
        assert refused(answer, field)[0].startswith(self.NAMED[field])
        assert deals() == before
        with within(EVERYTHING):
            assert Valuation.objects.count() == 1

    def test_nothing_may_be_got_but_not_less(self, manager: Client, holding: str) -> None:
        answer = send(manager, f"{holding}/exit", cash="-1", cost="1", **self.DAY)
        assert refused(answer, "cash") == ["收回现金：金额不能为负"]

    def test_a_deal_that_later_ones_rest_on_is_not_reversed(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        made(worked[0].exit(worked[1], cash="0.00", cost="1.00", on="2024-06-01"))
        with within(EVERYTHING):
            bought = HoldingEvent.objects.get(kind="investment").public_id
        answer = send(manager, f"{PAGE}/deals/{bought}/reverse", effective_date="2024-07-01")
        refused(answer, "effective_date", status=409)

    def test_of_another_fund_is_not_there(
        self, holding: str, worked: tuple[Desk, str], manager: Client
    ) -> None:
        assert manager.get("/funds/angel/holdings/ho_none/value").status_code == 404
        assert manager.get(f"{holding}/gift").status_code == 404
        assert manager.get(f"{PAGE}/deals/he_none/reverse").status_code == 404
