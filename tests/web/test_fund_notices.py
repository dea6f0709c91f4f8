"""Notices are shown before they are entered; transfers and investors."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from funds.models import Investor
from tests.funds.conftest import CITY, COMPANY, Desk, made
from tests.web import reporting
from tests.web.funding import (
    CALL,
    PAGE,
    entered,
    entries,
    fields_of,
    refused,
    send,
)


class TestANotice:
    AMOUNT = {"amount": "10,000,000.01", "effective_date": "2024-06-01", "note": "第二期"}

    def test_is_shown_with_its_split_before_it_is_entered(self, manager: Client) -> None:
        """7,000,000.007 and 3,000,000.003: the fen that is left goes to the city's larger remainder."""
        before = entries()
        answer = send(manager, CALL, **self.AMOUNT, step="preview")
        text = reporting.read_answer(answer)

        assert answer.status_code == 200
        assert "2024年6月1日 催缴：尚未登记" in text
        assert f"{CITY} 7,000,000.01 70.00%" in text
        assert f"{COMPANY} 3,000,000.00 30.00%" in text
        assert "合计 10,000,000.01 100.00%" in text
        assert "备注 第二期" in text
        assert entries() == before

    def test_is_entered_on_confirmation_once(self, manager: Client) -> None:
        shown = fields_of(send(manager, CALL, **self.AMOUNT, step="preview").content.decode())
        first = manager.post(CALL, {**shown, "step": "enter"})
        second = manager.post(CALL, {**shown, "step": "enter"})

        entered(first, manager, "已按全体出资人登记")
        assert second["Location"] == first["Location"]
        parts = [entry for entry in entries("call") if entry[3] == date(2024, 6, 1)]
        assert parts == [
            ("call", CITY, "7000000.01", date(2024, 6, 1)), ("call", COMPANY, "3000000.00", date(2024, 6, 1)),
        ]  # fmt: skip

    def test_goes_back_to_its_fields_with_what_was_typed(self, manager: Client) -> None:
        shown = fields_of(send(manager, CALL, **self.AMOUNT, step="preview").content.decode())
        back = fields_of(manager.post(CALL, {**shown, "step": "change"}).content.decode())

        assert {name: back[name] for name in self.AMOUNT} == self.AMOUNT

    def test_whose_split_has_changed_since_is_shown_again(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        shown = fields_of(send(manager, CALL, **self.AMOUNT, step="preview").content.decode())
        made(worked[0].event("commitment", "70000000.00", "2024-05-01", investor=COMPANY))
        answer = manager.post(CALL, {**shown, "step": "enter"})

        assert answer.status_code == 409
        assert "其间有新的登记，请重新查看分摊。" in reporting.read_answer(answer)
        assert len(entries("call")) == 2

    def test_that_nobody_has_seen_is_not_entered(self, manager: Client) -> None:
        assert send(manager, CALL, **self.AMOUNT, step="enter", content="").status_code == 409
        assert len(entries("call")) == 2

    def test_of_a_payment_goes_by_what_each_owes(self, worked: tuple[Desk, str], manager: Client) -> None:
        made(worked[0].event("call", "5.00", "2024-06-01", investor=COMPANY))
        address = f"{PAGE}/record/contribution"
        shown = send(manager, address, amount="5", effective_date="2024-06-02", step="preview")

        assert f"{COMPANY} 5.00 100.00%" in reporting.read_answer(shown)
        form = fields_of(shown.content.decode())
        entered(manager.post(address, {**form, "step": "enter"}), manager, "已按全体出资人登记")

    def test_of_a_distribution_bears_its_nature_and_basis(self, manager: Client) -> None:
        address = f"{PAGE}/record/distribution"
        said = {"amount": "100.00", "effective_date": "2024-06-02", "basis": "commitment", "nature": "gain"}
        shown = send(manager, address, **said, recallable="yes", step="preview")
        form = fields_of(shown.content.decode())
        assert (form["nature"], form["recallable"], form["basis"]) == ("gain", "yes", "commitment")
        assert "分摊依据 有效认缴 分配性质 收益 可再催缴 是" in reporting.read_answer(shown)

        entered(manager.post(address, {**form, "step": "enter"}), manager, "分配 收益、可再催缴")

    @pytest.mark.parametrize("step", ["preview", "enter"])
    @pytest.mark.parametrize(
        ("kind", "typed", "field"),
        [
            ("call", {"amount": ""}, "amount"),
            ("call", {"amount": "60,000,000.01"}, "amount"),
            ("call", {"effective_date": "2099-01-01"}, "effective_date"),
            ("call", {"effective_date": "2022-05-31"}, "effective_date"),
            ("contribution", {}, "amount"),
            ("distribution", {"amount": "14000000.01"}, "amount"),
            ("distribution", {"basis": "whim"}, "basis"),
            ("distribution", {"basis": ""}, "basis"),
            ("distribution", {"nature": "gift"}, "nature"),
        ],
    )
    def test_is_refused_beside_its_field(
        self, manager: Client, kind: str, typed: dict[str, str], field: str, step: str
    ) -> None:
        before = entries()
        said = {"amount": "1.00", "effective_date": "2024-06-01", "step": step, **typed}
        refused(send(manager, f"{PAGE}/record/{kind}", **said), field)

        assert entries() == before


class TestATransfer:
    ADDRESS = f"{PAGE}/record/transfer"
    SAID = {"seller": CITY, "buyer": COMPANY, "amount": "7000000", "effective_date": "2024-06-01"}

    def test_moves_a_share_of_all_that_stands_to_the_account(self, manager: Client) -> None:
        """A tenth of the city's: 7 of commitment, 2.8 called and paid, 0.35 distributed."""
        entered(send(manager, self.ADDRESS, **self.SAID), manager, "份额转让已登记")
        text = reporting.read(manager, PAGE)

        assert f"{CITY} 财政资金 6,300.00 2,520.00 2,520.00 315.00 0.00 315.00 0.00 3,780.00" in text
        assert "认缴 转出" in text

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"buyer": CITY}, "buyer"),
            ({"seller": ""}, "seller"),
            ({"seller": "路人"}, "seller"),
            ({"amount": "70000000.01"}, "amount"),
            ({"effective_date": "2022-05-31"}, "effective_date"),
        ],
    )
    def test_is_refused_beside_its_field(self, manager: Client, typed: dict[str, str], field: str) -> None:
        before = entries()
        refused(send(manager, self.ADDRESS, **{**self.SAID, **typed}), field)
        assert entries() == before


class TestAnInvestor:
    ADDRESS = f"{PAGE}/record/investor"

    def test_is_added(self, manager: Client) -> None:
        entered(
            send(manager, self.ADDRESS, name="社会投资人", capital="social"), manager, "社会投资人 社会资本"
        )

    @pytest.mark.parametrize(
        ("name", "capital", "field", "status"),
        [(CITY, "fiscal", "name", 409), ("", "fiscal", "name", 422), ("新人", "", "capital", 422)],
    )
    def test_is_refused_beside_its_field(
        self, manager: Client, name: str, capital: str, field: str, status: int
    ) -> None:
        refused(send(manager, self.ADDRESS, name=name, capital=capital), field, status=status)
        with within(EVERYTHING):
            assert Investor.objects.count() == 2
