"""A bank compares its month with what the centre holds, and confirms it on a page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import Confirmation
from tests.cast import Cast
from tests.loans import bank
from tests.web import reporting
from tests.web.conftest import Browse

ADDRESS = "/reports/reconciliation"
OCTOBER = f"{ADDRESS}?month=2026-10"


@pytest.fixture
def clerk(browse: Browse) -> Client:
    return browse("bank_a")


def report(client: Client, *, balance: str = "700.00") -> None:
    """1,000 paid out, 300 repaid; the snapshot says what is given."""
    reporting.reported(client, reporting.table(bank.disbursement(), bank.repayment()))
    stock = reporting.table(bank.position(balance), dataset="stock")
    reporting.reported(client, stock, dataset="stock")


def confirm(client: Client, **said: str) -> Any:
    found = re.search(r'name="content" value="(\w+)"', client.get(OCTOBER).content.decode())
    content = found[1] if found else ""
    return client.post(ADDRESS, {"month": "2026-10", "content": content, "agree": "yes"} | said)


def confirmations() -> list[tuple[str, bool]]:
    with within(EVERYTHING):
        return list(Confirmation.objects.values_list("bank__code", "matched"))


class TestTheTotals:
    def test_add_up_from_opening_to_closing(self, clerk: Client) -> None:
        report(clerk)
        text = reporting.read(clerk, OCTOBER)

        assert "研发贷 0.00 1,000.00 300.00 0.00 0.00 0.00 700.00 700.00" in text
        assert "全部产品 0.00 1,000.00 300.00 0.00 0.00 0.00 700.00 700.00" in text
        assert "每笔借据的发生额与存量一致。" in text
        assert "未确认" in text

    def test_list_where_flow_and_snapshot_disagree(self, clerk: Client) -> None:
        report(clerk, balance="650.00")
        text = reporting.read(clerk, OCTOBER)

        assert "1 笔借据不一致。" in text
        assert "HT-1 JJ-1 700.00 650.00 −50.00 余额不同" in text

    def test_of_half_a_report_are_not_to_be_confirmed(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(bank.disbursement()))
        text = reporting.read(clerk, OCTOBER)

        assert "未报送完整" in text
        assert 'name="agree"' not in clerk.get(OCTOBER).content.decode()

    def test_are_wholly_in_english(self, browse: Browse) -> None:
        client = browse("bank_a", language="en")
        report(client, balance="650.00")
        text = reporting.read(client, OCTOBER).replace("简体中文", "").replace("bank_a 某", "")

        assert "HT-1 JJ-1 700.00 650.00 −50.00 other balance" in text
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    @pytest.mark.parametrize("asked", ["", "?month=x", "?month=2026-13"])
    def test_of_no_month_are_not_there(self, clerk: Client, asked: str) -> None:
        assert clerk.get(ADDRESS + asked).status_code == 404

    @pytest.mark.parametrize("name", ["maker", "guarantor_a", "admin"])
    def test_are_for_banks(self, browse: Browse, name: str) -> None:
        assert browse(name).get(OCTOBER).status_code == 403


class TestConfirming:
    def test_is_kept_and_shown_everywhere(self, browse: Browse, clerk: Client) -> None:
        report(clerk)
        answer = confirm(clerk)

        assert (answer.status_code, answer["Location"]) == (302, OCTOBER)
        assert confirmations() == [("bank-a", True)]
        assert "本月已确认" in reporting.read(clerk, OCTOBER)
        assert "发生额 已确认" in reporting.read(clerk, "/reports")
        assert "bank-a（测试） 发生额 已确认" in reporting.read(browse("maker"), "/reporting?month=2026-10")

    def test_is_taken_back_by_what_comes_later(self, clerk: Client) -> None:
        report(clerk)
        confirm(clerk)
        more = bank.disbursement("E-9", "50.00", contract_no="HT-9", drawdown_no="JJ-9")
        reporting.reported(clerk, reporting.table(more))

        assert "须重新确认" in reporting.read(clerk, OCTOBER)
        assert "已确认" not in reporting.read(clerk, "/reports")

    def test_needs_its_tick(self, clerk: Client) -> None:
        report(clerk)
        answer = confirm(clerk, agree="")

        assert answer.status_code == 422
        assert reporting.errors(answer) == [("agree", "请勾选，确认合计与本行账面一致。")]
        assert confirmations() == []

    def test_of_totals_that_were_others_is_refused(self, clerk: Client) -> None:
        report(clerk)
        answer = confirm(clerk, content="0" * 64)

        assert answer.status_code == 409
        assert "合计已有变化，请重新核对。" in reporting.read_answer(answer)
        assert confirmations() == []

    def test_of_half_a_report_is_refused(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(bank.disbursement()))
        assert confirm(clerk).status_code == 409
        assert confirmations() == []

    def test_says_nothing_for_another_bank(self, browse: Browse, clerk: Client) -> None:
        report(clerk)
        confirm(clerk)
        assert "700.00" not in reporting.read(browse("bank_b"), OCTOBER)


class TestTheChecklist:
    def test_leads_here_once_both_are_reported_and_the_month_is_over(self, clerk: Client, cast: Cast) -> None:
        link = f'href="{OCTOBER}"'
        assert link not in clerk.get("/reports").content.decode()
        report(clerk)
        assert link in clerk.get("/reports").content.decode()
        assert cast.organisation("bank-a").reports_since == date(2026, 10, 1)
