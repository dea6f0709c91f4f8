"""The list of funds, and for whom it and its pages are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Api
from tests.funds.conftest import CITY, OTHER_FIRM, Desk, found_fund, made
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.funding import LAST, PAGE, queries_of

THEN = f"?as_of={LAST}"


@pytest.mark.usefixtures("worked")
class TestTheList:
    def test_shows_where_the_money_of_each_fund_stands(self, browse: Browse) -> None:
        text = reporting.read(browse("maker"), f"/funds{THEN}")

        assert "共 1 只基金" in text
        assert (
            "青桐天使基金 angel 天使基金 angel-manager（测试） 10,000.00 10,000.00 4,000.00 500.00 4,000.00 6,000.00 1"
        ) in text
        assert "单位：万元" in text

    def test_has_the_yuan_to_the_fen_behind_every_amount(self, manager: Client) -> None:
        text = manager.get(f"/funds{THEN}").content.decode()
        assert '<span title="40,000,000.00 元">4,000.00</span>' in text

    def test_names_no_manager_to_a_manager(self, manager: Client) -> None:
        assert "管理人" not in reporting.read(manager, "/funds").replace("基金管理人", "")

    def test_counts_the_money_of_a_sub_fund_once_and_says_so(
        self, browse: Browse, api: Callable[[str], Api]
    ) -> None:
        """100 planned and 40 paid in of the angel fund, 7 planned of the industry fund; 9 of the sub-fund are theirs."""
        found_fund(
            api, code="industry", tier="industry", manager="industry-manager", planned_size="7000000.00"
        )
        seed = found_fund(api, code="seed", tier="sub", name="种子子基金", planned_size="9000000.00")
        made(seed.event("commitment", "9000000.00", "2022-06-01", investor=CITY))
        text = reporting.read(browse("maker"), f"/funds{THEN}")

        assert "合计 10,700.00 10,000.00 4,000.00 500.00 4,000.00 6,000.00 1" in text
        assert "合计不含子基金：其资金来自上层基金，不重复计算。" in text
        assert "种子子基金 seed 子基金 angel-manager（测试） 900.00 900.00 0.00" in text

    def test_says_of_a_fund_without_entries_that_nothing_is_reported(
        self, browse: Browse, api: Callable[[str], Api]
    ) -> None:
        found_fund(api, code="industry", tier="industry", name="产业基金", manager="industry-manager")
        text = reporting.read(browse("maker"), f"/funds{THEN}")

        assert "产业基金 industry 产业基金 industry-manager（测试） 10,000.00 — 未报送 — — — — —" in text
        assert "产业基金尚未报送，合计中仅计其计划规模。" in text

    def test_says_how_many_holdings_count_at_cost(self, worked: tuple[Desk, str], manager: Client) -> None:
        made(worked[0].invest("1000000.00", "2024-06-01", uscc=OTHER_FIRM, firm_name="另一家企业"))
        text = reporting.read(manager, f"/funds{THEN}")

        assert "2 1 项按成本" in text
        assert "最近一笔交易后未再估值的项目，在净资产中按剩余成本计。" in text

    def test_goes_back_in_time_and_keeps_it_on_the_way_to_a_fund(self, manager: Client) -> None:
        answer = manager.get("/funds?as_of=2022-06-15")

        assert "10,000.00 10,000.00 0.00 0.00 0.00 6,000.00 0" in reporting.read_answer(answer)
        assert 'href="/funds/angel?as_of=2022-06-15"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ("as_of=yesterday", "as_of"),
            ("as_of=2026-02-30", "as_of"),
            ("as_of=9998-12-31", "as_of"),
            ("known_at=noon", "known_at"),
            ("known_at=9999-12-31T23:59-12:00", "known_at"),
        ],
    )
    def test_refuses_a_time_that_is_none_beside_its_field(
        self, manager: Client, asked: str, field: str
    ) -> None:
        answer = manager.get(f"/funds?{asked}")

        assert answer.status_code == 422
        assert [name for name, _said in reporting.errors(answer)] == [field]

    def test_takes_as_many_queries_for_many_funds_as_for_one(
        self, manager: Client, api: Callable[[str], Api]
    ) -> None:
        before = queries_of(manager, "/funds")
        for n in range(4):
            found_fund(api, code=f"seed-{n}", tier="sub", name=f"种子 {n}")

        assert "共 5 只基金" in reporting.read(manager, "/funds")
        assert queries_of(manager, "/funds") == before <= 16

    def test_is_empty_for_a_manager_without_funds_and_says_what_to_do(self, browse: Browse) -> None:
        text = reporting.read(browse("manager_industry"), "/funds")

        assert "名下还没有基金。基金由金融服务中心登记并指定管理人。" in text
        assert "青桐天使基金" not in text


class TestWhoSeesIt:
    @pytest.mark.parametrize("name", ["maker", "approver", "auditor", "manager_angel"])
    def test_its_manager_and_the_readers_of_the_centre(
        self, worked: tuple[Desk, str], browse: Browse, name: str
    ) -> None:
        assert "青桐天使基金" in reporting.read(browse(name), PAGE)

    @pytest.mark.parametrize("tail", ["", "/holdings/{holding}", "/record/event", "/record/call"])
    def test_another_manager_is_answered_as_if_there_were_none(
        self, worked: tuple[Desk, str], browse: Browse, tail: str
    ) -> None:
        stranger, where = browse("manager_industry"), tail.format(holding=worked[1])
        foreign, missing = stranger.get(PAGE + where), stranger.get("/funds/no-such-fund" + where)

        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert _without_reference(foreign) == _without_reference(missing)

    @pytest.mark.parametrize("name", ["bank_a", "guarantor_a", "department", "admin"])
    @pytest.mark.parametrize("address", ["/funds", PAGE])
    def test_nobody_else(self, worked: tuple[Desk, str], browse: Browse, name: str, address: str) -> None:
        assert browse(name).get(address).status_code == 403

    @pytest.mark.parametrize("name", ["maker", "approver", "auditor"])
    def test_the_centre_is_shown_no_form(self, worked: tuple[Desk, str], browse: Browse, name: str) -> None:
        for address in (PAGE, f"{PAGE}/holdings/{worked[1]}"):
            text = browse(name).get(address).content.decode()
            assert "/record/" not in text
            assert "/reverse" not in text
            assert "/value" not in text


def _without_reference(answer: Any) -> str:
    return re.sub(r"[a-z]+_[0-9A-Z]{26}", "", reporting.read_answer(answer))
