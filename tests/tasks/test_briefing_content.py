"""What the briefing says, section by section, by hand from a few stored figures."""

from __future__ import annotations

import pytest

from finance_hub.kernel.periods import Month
from tasks.briefing.content.bank_tables import MARK
from tasks.briefing.layout import Chart, ChartKind
from tasks.briefing.origin import plain
from tasks.models import Snapshot
from tests.briefing import walk
from tests.tasks.saying import OCTOBER, city, figures, paragraphs, row, rows, said, table, used

pytestmark = pytest.mark.usefixtures("everything")
#: Banks A and B lend two products; of A's R&D loans two firms are behind.
BANKS = ("甲银行", "Bank A"), ("乙银行", "Bank B")
FIRMS = {"a": 6, "b": 7, "a:rd": 2, "a:ip": 4, "b:rd": 4, "b:ip": 3, "rd": 6, "ip": 6}
BALANCES = {"a": 40, "b": 60, "a:rd": 10, "a:ip": 30, "b:rd": 40, "b:ip": 20, "rd": 50, "ip": 50}
NAMES = {"a": BANKS[0], "b": BANKS[1], "rd": "研发贷", "ip": "知识产权质押贷"}


def loans(code: str, amounts: dict[str, int], *, each: int) -> list[tuple[object, ...]]:
    """Of every bank (a), product (rd) and both (a:rd)."""

    def scope(place: str) -> str:
        return "bank_product" if ":" in place else "bank" if place in BANK_KEYS else "product"

    return [
        (
            code,
            scope(place),
            place if place in ("rd", "ip") else f"bank-{place}",
            NAMES.get(place, ""),
            n * each,
        )
        for place, n in amounts.items()
    ]


BANK_KEYS = ("a", "b")
LOANS = (
    city("loans.balance", 100_000_000),
    city("loans.firms", 12),
    *loans("loans.balance", BALANCES, each=1_000_000),
    *loans("loans.firms", FIRMS, each=1),
)


class TestKeyPoints:
    def test_what_changed_leads_then_what_is_near_a_limit_then_who_is_silent(self) -> None:
        figures(Month(2026, 9), city("loans.balance", 80_000_000))
        snapshot = figures(
            OCTOBER, city("loans.balance", 100_000_000), city("loans.disbursed", 25_000_000),
            city("loans.npl_ratio", "not-reported"), city("reporting.due", 2), city("reporting.complete", 1),
            city("fund.subscribed", 1_000_000_000),
            city("fund.paid_in", 320_000_000), city("fund.invested", 123_456_789), city("deals.investments", 0),
            city("deals.invested", 0), city("guarantees.outstanding", 50_000_000), city("guarantees.compensated_month", 0),
            *used("tier:angel", ("天使类基金", "Angel funds"), "0.85"), silent=[("bank-b", "stock")],
        )  # fmt: skip
        assert [plain(point) for point in said(snapshot).key_points] == [
            "专项贷款余额1.00亿元，环比增长25.0%、同比无可比数，当月发放2,500.00万元；不良率未报送。",
            "天使类基金风险容忍度已用85.0%，达到预警线。",
            "应报送银行2家，已报齐1家；乙银行未报齐，相关合计不含未报送数据。",
            "三级基金认缴10.00亿元、实缴3.20亿元，累计投资1.23亿元；本月无新投资。",
            "在保余额5,000.00万元，环比无可比数，当月无代偿。",
        ]
        english = [plain(point) for point in said(snapshot, "en").key_points]
        assert english[0] == (
            "Specialty loans stand at CNY 100.00 million, up 25.0% on the month and not comparable on the year; CNY 25.00 "
            "million was disbursed in the month; the NPL ratio is not reported."
        )
        assert english[1] == "Angel funds: 85.0% of the risk tolerance is used, above the warning line."

    def test_what_is_passed_leads_everything(self) -> None:
        snapshot = figures(
            OCTOBER, city("loans.balance", 1), city("loans.disbursed", 1),
            *used("tier:angel", ("天使类基金", "Angel funds"), "1.2"),
        )  # fmt: skip
        first, second = said(snapshot).key_points
        assert plain(first) == "天使类基金风险容忍度已用120.0%，超过限额。"
        assert plain(second).startswith("专项贷款余额0.00万元")

    def test_as_a_person_edited_them_they_stand(self, october: Snapshot) -> None:
        assert said(october, key_points=("改过的一句。",)).key_points == ("改过的一句。",)


class TestOverview:
    def test_the_year_to_date_is_the_sum_of_its_months(self) -> None:
        for number in range(1, 10):
            figures(Month(2026, number), city("loans.disbursed", number * 1_000_000))
        snapshot = figures(OCTOBER, city("loans.disbursed", 10_000_000), city("loans.repaid", 5_000_000))
        issue = said(snapshot)
        assert row(issue, "主要指标", "当月发放") == (
            "当月发放",
            "1,000.00",
            "900.00",
            "+11.1%",
            "—",
            "5,500.00",
            "未设",
            "—",
        )
        assert row(issue, "主要指标", "当月归还")[5] == "—（各月不全）"
        assert row(said(snapshot, "en"), "Main figures", "Disbursed in the month")[1:4] == (
            "10.00",
            "9.00",
            "+11.1%",
        )

    def test_a_tile_says_why_it_has_no_number_and_how_many_rules_hold(self) -> None:
        snapshot = figures(
            OCTOBER, city("loans.balance", "not-reported"), *used("tier:angel", "天使", "0.5"),
            *used("tier:sub", "子基金", "1.5"),
            *used("project:hd_1", "单个项目：甲", "1"), *used("project:hd_2", "单个项目：乙", "0.2"),
        )  # fmt: skip
        tiles = {tile.label: tile for tile in said(snapshot).tiles}
        assert (tiles["专项贷款余额"].value, tiles["专项贷款余额"].note) == ("—", "未报送")
        # Two tolerances and the projects as one.
        assert tiles["风险规则通过"].value == "2"
        assert [plain(one) for one in tiles["风险规则通过"].change_labels] == ["共3项"]


class TestLoans:
    def test_a_cell_with_two_firms_is_left_out_with_what_would_give_it_away(self) -> None:
        issue = said(figures(OCTOBER, *LOANS))
        assert rows(issue, "贷款余额：银行 × 产品") == [
            ("甲银行", MARK, MARK, "4,000.00"),
            ("乙银行", MARK, MARK, "6,000.00"),
            ("合计", "5,000.00", "5,000.00", "10,000.00"),
        ]
        assert "不足三户" in table(issue, "贷款余额：银行 × 产品").note
        told = {ref for number in walk.numbers(issue) if number.value is not None for ref in number.of}
        assert {ref for ref in told if ref.scope == "bank_product"} == set()
        assert any(ref.scope == "bank" for ref in told)

    def test_a_bank_that_is_silent_says_so_and_is_named_beside_the_total(self) -> None:
        silent = [one for one in LOANS if one[2] != "bank-b"] + [
            ("loans.balance", "bank", "bank-b", BANKS[1], "not-reported")
        ]
        issue = said(figures(OCTOBER, *silent, silent=[("bank-b", "flow"), ("bank-b", "stock")]))
        by_bank = rows(issue, "各银行专项贷款")
        assert by_bank[1][4] == "—（未报送）"
        assert by_bank[2][0] == "合计（不含乙银行）"
        assert paragraphs(issue, "loans")[0].startswith("乙银行未报送发生额")

    def test_more_products_than_a_chart_can_tell_apart_have_their_rest_together(self) -> None:
        products = [("loans.disbursed", "product", f"p{n}", f"产品{n}", n * 10_000) for n in range(1, 7)]
        issue = said(figures(OCTOBER, city("loans.disbursed", 210_000), *products))
        (chart,) = (
            block
            for section in issue.sections
            for block in section.blocks
            if isinstance(block, Chart) and block.kind is ChartKind.STACKED_BARS_AND_LINE
        )
        drawn = {series.name: series.values[-1] for series in chart.series}
        assert drawn == {"产品6": 6, "产品5": 5, "产品4": 4, "产品3": 3, "其他产品": 3, "期末余额": None}

    def test_parts_that_do_not_add_up_as_shown_say_why(self) -> None:
        thirds = [("loans.balance", "bank", f"bank-{x}", x, "33333.33") for x in "ab"]
        counts = [("loans.firms", "bank", f"bank-{x}", "", 9) for x in "ab"]
        issue = said(figures(OCTOBER, city("loans.balance", "66666.66"), *thirds, *counts))
        assert [one[4] for one in rows(issue, "各银行专项贷款")] == ["3.33", "3.33", "6.67"]
        assert "因四舍五入" in table(issue, "各银行专项贷款").note


class TestDealsAndListings:
    def test_deals_are_told_one_by_one(self) -> None:
        snapshot = figures(
            OCTOBER, city("deals.investments", 2), city("deals.invested", 9_000_000), city("deals.first", 5_000_000),
            city("deals.proceeds", 0), city("deals.written_off", 2_000_000),
            ("fund.planned", "fund", "angel", "天使基金", 100_000_000),
            ("deals.invested", "fund_firm", "angel|U2", "二号", 5_000_000, "first"),
            ("deals.invested", "fund_firm", "angel|U1", "一号", 4_000_000),
            ("deals.written_off", "fund_firm", "angel|U3", "三号", 2_000_000),
            ("deals.invested", "industry", "C", ("制造业", "Manufacturing"), 9_000_000),
        )  # fmt: skip
        issue = said(snapshot)
        assert paragraphs(issue, "deals") == [
            "本月完成投资2笔、900.00万元，其中首次投资500.00万元、追加投资400.00万元；无退出；核销200.00万元。"
        ]
        assert rows(issue, "本月投资、退出与核销") == [
            ("首次投资", "天使基金", "二号", "500.00"),
            ("追加投资", "天使基金", "一号", "400.00"),
            ("核销", "天使基金", "三号", "200.00"),
        ]
        assert rows(issue, "本月投资的产业与区域分布") == [("产业", "制造业", "900.00", "100.00%")]

    def test_moves_name_the_firms_and_a_quiet_month_says_so(self) -> None:
        moved = figures(
            OCTOBER, ("pipeline.moves", "move", "up", "晋级", 1), ("pipeline.moves", "move", "out", "退出", 0),
            ("pipeline.moved", "firm_move", "up|U1|7", "一号", 1, "from: inquiry", "to: committee"),
        )  # fmt: skip
        issue = said(moved)
        assert paragraphs(issue, "listings") == ["本月晋级1家。"]
        assert rows(issue, "本月梯队变动") == [("晋级", "一号", "问询", "上市委审议")]
        assert rows(said(moved, "en"), "Moves of the month") == [
            ("Advanced", "一号", "Inquiry", "Listing committee")
        ]
        quiet = said(figures(Month(2026, 9), city("deals.investments", 0)))
        assert paragraphs(quiet, "deals") == ["本月无变动。"]
        assert table(quiet, "本月梯队变动").empty_text == "本月无变动"
