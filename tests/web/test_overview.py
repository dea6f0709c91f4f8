"""The overview says what is stored, says what is missing, and adds nothing."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal

import pytest
from django.test import Client

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.web.contexts.overview import Delta
from finance_hub.web.presenters.overview.boards import status
from finance_hub.web.presenters.overview.tiles import delta
from funds.models import Fund
from tasks.catalogue import Unit
from tests.cast import Cast
from tests.web import scenes
from tests.web.conftest import Browse

D = Decimal


def read(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def spec(text: str, key: str) -> dict[str, object]:
    found = re.search(rf'<script id="{key}-data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    made: dict[str, object] = json.loads(found[1])
    return made


@pytest.fixture
def page(cast: Cast, browse: Browse) -> str:
    scenes.add_year()
    return read(browse("maker"))


class TestHeadlines:
    @pytest.mark.parametrize(
        "said",
        [
            "实缴 24.10 亿元 认缴 86.80亿元",
            "已投 19.62 亿元 当月投资额 3,500.00万元",
            "专项贷款余额 8.59 亿元 当月发放 3,930.00万元",
            "在保余额 4.12 亿元 政府分担责任 1.65亿元",
            "上市后备企业 47 家 新增上市企业 2 家",
            "基金容忍度达标 2 / 2 项 最高已用 85.0%",
            "1/2 家银行已报齐",
        ],
    )
    def test_are_the_stored_figures_in_words(self, page: str, said: str) -> None:
        assert said in squeezed(page)

    def test_compare_with_the_month_and_the_year_before(self, page: str) -> None:
        """1 / 0.95 = 1.0526, and 1 / 0.40 = 2.5."""
        assert "环比 ▲ 上升 5.3% 同比 ▲ 上升 150.0%" in squeezed(page)

    def test_are_said_in_millions_and_billions_in_english(self, browse: Browse, page: str) -> None:
        text = squeezed(read(browse("maker", language="en")))

        assert "Paid in 2.41 CNY billion Committed CNY 8.68 billion" in text
        assert "Loan balance 859.10 CNY million" in text

    def test_say_why_a_figure_is_missing_and_never_zero(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER, **{"loans.balance": None})
        text = squeezed(read(browse("maker")))

        assert "专项贷款余额 — （未报送）" in text
        assert "专项贷款余额 0" not in text

    def test_have_no_change_without_a_month_before(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER)

        assert "环比 — 同比 —" in squeezed(read(browse("maker")))

    def test_do_not_bridge_unknown_months(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER - 2)
        scenes.add_month(scenes.OCTOBER - 1, **{"loans.balance": None})
        scenes.add_month(scenes.OCTOBER)

        assert "截至2026年10月的 13 个月中 2 个月有数据" in read(browse("maker"))


class TestAChange:
    @pytest.mark.parametrize(
        ("now", "before", "unit", "expected"),
        [
            (D(110), D(100), Unit.YUAN, Delta("up", "10.0%")),
            (D(90), D(100), Unit.YUAN, Delta("down", "10.0%")),
            (D(100), D(100), Unit.YUAN, Delta("flat", "0.0%")),
            (D("100.01"), D(100), Unit.YUAN, Delta("flat", "0.0%")),
            (D(5), D(3), Unit.COUNT, Delta("up", "2")),
            (D(3), D(5), Unit.COUNT, Delta("down", "2")),
            (D(3), None, Unit.COUNT, Delta("none", "—")),
            (None, D(3), Unit.COUNT, Delta("none", "—")),
            (D(3), D(0), Unit.YUAN, Delta("none", "—")),
        ],
    )
    def test_has_its_direction_apart(
        self, now: Decimal | None, before: Decimal | None, unit: Unit, expected: Delta
    ) -> None:
        assert delta(now, before, unit=unit) == expected


class TestCharts:
    def test_stack_disbursements_by_product_under_the_balance(self, page: str) -> None:
        series = spec(page, "loans")["series"]
        assert isinstance(series, list)

        assert [s["name"] for s in series] == ["投融贷", "研发贷", "孵化贷", "知识产权质押贷", "专项贷款余额"]
        assert [s["values"][-1] for s in series] == [800.0, 1250.0, 320.0, 1560.0, 85910.0]
        assert {s.get("stack") for s in series[:4]} == {"month"}

    def test_show_funds_as_shares_of_their_plan_with_amounts(self, page: str) -> None:
        series = spec(page, "funds")["series"]
        assert isinstance(series, list)

        assert [s["values"] for s in series] == [
            [100.0, 100.0, 100.0], [80.0, 60.0, 40.0], [60.0, 35.0, 10.0], [41.5, 28.0, 8.2],
        ]  # fmt: skip
        assert series[2]["labels"] == ["6,000.00万元", "3.50亿元", "20.00亿元"]

    def test_show_what_the_banks_watch_without_the_normal_class(self, page: str) -> None:
        series = spec(page, "quality")["series"]
        assert isinstance(series, list)

        assert [s["name"] for s in series] == ["关注", "次级", "可疑", "损失", "不良率"]
        assert series[-1]["labels"][-1] == "1.76%"

    def test_leave_gaps_for_months_without_figures(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER)
        series = spec(read(browse("maker")), "loans")["series"]
        assert isinstance(series, list)

        assert series[-1]["values"] == [None] * 12 + [85910.0]

    def test_have_their_table_with_the_same_figures(self, page: str) -> None:
        assert "26/10 800.00 1,250.00 320.00 1,560.00 85,910.00" in squeezed(page)


class TestBoards:
    def test_rank_the_ten_largest_with_their_parts(self, page: str) -> None:
        text = squeezed(page)

        assert (
            "1 桐芯微电子科技（第1）股份有限公司 6,000.00 1,200.00 1,800.00 2,400.00 600.00 12,000.00 5.7%"
            in text
        )
        assert page.count('href="/firms/91330483MA') == 10
        assert 'width="100.0%"' in page
        # The tenth has 30 of 120 million.
        assert 'width="25.0%"' in page

    def test_define_what_they_add_up(self, page: str) -> None:
        assert (
            "直接股权、穿透股权、贷款中的公共分担、未列报贷款担保与保险的公共分担、代偿未追回的公共部分之和。"
            in page
        )

    def test_show_each_tolerance_with_its_state(self, page: str) -> None:
        text = squeezed(page)

        assert "青桐天使基金 关注 85.0% 已用 2,040.00万元 / 限额 2,400.00万元 余量 360.00万元" in text
        assert "创新母基金 正常 10.0% 已用 700.00万元 / 限额 7,000.00万元" in text

    def test_name_who_has_not_reported_what_once(self, page: str) -> None:
        assert "乙银行 发生额、月末存量 2026年9月" in squeezed(page)
        assert page.count("乙银行") == 1

    def test_say_when_everybody_has_reported(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER, **{"reporting.complete": "2"})

        assert "应报机构均已报送" in read(browse("maker"))

    def test_count_targets_without_taking_silence_for_zero(self, page: str) -> None:
        assert "共 54 项（48 项指标）：4 项有数据，其中 1 项已达成；44 项未填报" in page

    def test_show_the_nearest_targets_that_are_not_reached(self, page: str) -> None:
        text = squeezed(page)

        assert "35 / 70% 50.0%" in text
        assert "R&D经费支出占GDP比重达到3.5%" not in text

    @pytest.mark.parametrize(
        ("share", "word", "tone"),
        [
            (None, "未知", "watch"),
            (D("0.7999"), "正常", "ok"),
            (D("0.8"), "关注", "watch"),
            (D(1), "关注", "watch"),
            (D("1.0001"), "预警", "alert"),
        ],
    )
    def test_say_a_state_in_words(self, share: Decimal | None, word: str, tone: str) -> None:
        assert status(share).text.startswith(word)
        assert status(share).tone == tone

    def test_name_the_document_a_tolerance_rests_on(self, cast: Cast, browse: Browse) -> None:
        from datetime import date

        from tasks.models import ToleranceRule

        scenes.add_month(scenes.OCTOBER)
        with scoping.within(EVERYTHING):
            fund = Fund.objects.create(
                code="angel", name="青桐天使基金", name_en="Angel", tier="angel",
                manager=cast.organisation("angel-manager"), planned_size=D(100_000_000),
                established_on=date(2023, 1, 1),
            )  # fmt: skip
            ToleranceRule.objects.create(
                public_id="tr_1", fund=fund, base="principal-paid", netting=True, timing="realised",
                limit_pct=D("40.00"), document="桐财〔2025〕3号", valid_from=date(2025, 1, 1),
                proposed_by=cast["maker"], proposed_at=scenes.KNOWN,
                approved_by=cast["approver"], approved_at=scenes.KNOWN,
            )  # fmt: skip

        assert "实缴投资本金的 40%；桐财〔2025〕3号" in read(browse("maker"))


class TestTheMonth:
    def test_is_the_latest_with_figures_unless_asked(self, browse: Browse, page: str) -> None:
        assert "总览 2026年10月" in page
        assert "总览 2026年8月" in read(browse("maker"), "/?month=2026-08")

    def test_links_to_its_neighbours_that_have_figures(self, cast: Cast, browse: Browse) -> None:
        for month in (Month(2026, 5), Month(2026, 8), Month(2026, 10)):
            scenes.add_month(month)
        text = read(browse("maker"), "/?month=2026-08")

        assert 'rel="prev" href="/?month=2026-05"' in text
        assert 'rel="next" href="/?month=2026-10"' in text

    def test_without_figures_says_so_and_offers_the_others(self, browse: Browse, page: str) -> None:
        text = read(browse("maker"), "/?month=2030-01")

        assert "本月尚未生成数据" in text
        assert 'rel="prev" href="/?month=2026-10"' in text

    def test_of_an_empty_city_says_so(self, cast: Cast, browse: Browse) -> None:
        text = read(browse("maker"))

        assert "尚未生成任何月份的数据" in text
        assert "<select" not in text

    @pytest.mark.parametrize(
        "wrong", ["2026-13", "2026", "october", "2026-1", "２０２６-10", "0000-01", "\0"]
    )
    def test_that_is_no_month_is_not_found(self, browse: Browse, wrong: str) -> None:
        assert browse("maker").get("/", {"month": wrong}).status_code == 404

    def test_shows_its_latest_snapshot_and_says_which(self, cast: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER)
        latest = scenes.add_month(scenes.OCTOBER, **{"loans.balance": "123456789.00"})
        text = read(browse("maker"))

        assert latest.public_id in text
        assert "1.23 亿元" in squeezed(text)

    def test_costs_no_more_queries_with_more_months(
        self, browse: Browse, page: str, django_assert_max_num_queries: object
    ) -> None:
        client = browse("maker")
        client.get("/")
        with django_assert_max_num_queries(22):  # type: ignore[operator]
            client.get("/")
