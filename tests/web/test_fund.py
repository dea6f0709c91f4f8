"""A fund's page and a holding's, worked by hand, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from funds.queries.staleness import months_before
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, FIRM, OTHER_FIRM, Desk, found_fund, made
from tests.web import reporting, scenes
from tests.web.conftest import Browse
from tests.web.funding import LAST, PAGE, queries_of
from tests.web.test_assets import INLINE_HANDLER, INLINE_SCRIPT, INLINE_STYLE

THEN = f"?as_of={LAST}"


FUND_OF_NOBODY = {
    "code": "new-fund", "name": "新基金", "name_en": "New Fund", "tier": "angel", "manager": "angel-manager",
    "planned_size": "1000000.00", "established_on": "2024-01-01",
}  # fmt: skip


class TestAFund:
    def test_shows_where_its_money_stands(self, worked: tuple[Desk, str], manager: Client) -> None:
        text = reporting.read(manager, PAGE + THEN)

        assert "截至2024年12月31日日终，按现有全部记录。" in text
        for said in (
            "净资产 4,000.00 万元 40,000,000.00 元",
            "认缴 1.00 亿元 100,000,000.00 元",
            "实缴 4,000.00 万元 40,000,000.00 元 为计划规模的 40.0%",
            "已分配 500.00 万元",
            "未缴认缴 6,000.00 万元",
            "现金 1,400.00 万元 14,000,000.00 元 已扣收益分成、管理费和费用100.00万元",
        ):
            assert said in text

    def test_shows_how_it_has_done(self, worked: tuple[Desk, str], manager: Client) -> None:
        """DPI 5 / 40, RVPI 40 / 40, TVPI 45 / 40; the IRR balances -40, +5 and +40 on their days."""
        text = reporting.read(manager, PAGE + THEN)

        assert "DPI 0.13 倍" in text
        assert "RVPI 1.00 倍" in text
        assert "TVPI 1.13 倍" in text
        rate = float(re.search(r"净内部收益率 ([\d.]+)%", text)[1]) / 100  # type: ignore[index]
        days = ((date(2024, 5, 1) - date(2022, 6, 20)).days, (date(2024, 12, 31) - date(2022, 6, 20)).days)
        worth = -40 + 5 / (1 + rate) ** (days[0] / 365) + 40 / (1 + rate) ** (days[1] / 365)
        assert abs(worth) < 0.01

    def test_gives_the_reason_where_there_is_no_rate(self, worked: tuple[Desk, str], manager: Client) -> None:
        early = reporting.read(manager, f"{PAGE}?as_of=2022-12-31")
        before = reporting.read(manager, f"{PAGE}?as_of=2022-06-05")

        assert "净内部收益率 — （不足一年）" in early
        assert "DPI — （分母为零）" in before
        assert "净内部收益率 — （现金流不足）" in before

    def test_shows_the_account_of_each_investor(self, worked: tuple[Desk, str], manager: Client) -> None:
        text = reporting.read(manager, PAGE + THEN)

        assert "已分配 其中：返还本金 其中：收益 其中：股息利息 未缴认缴" in text
        assert f"{CITY} 财政资金 7,000.00 2,800.00 2,800.00 350.00 0.00 350.00 0.00 4,200.00" in text
        assert f"{COMPANY} 国有资本 3,000.00 1,200.00 1,200.00 150.00 0.00 150.00 0.00 1,800.00" in text
        assert "合计 10,000.00 4,000.00 4,000.00 500.00 0.00 500.00 0.00 6,000.00" in text

    def test_rolls_the_year_forward(self, worked: tuple[Desk, str], manager: Client) -> None:
        """NAV 45 at the end of 2023, less 5 distributed: 40. The accounts begin with 28 + 3.5 and 12 + 1.5."""
        text = reporting.read(manager, PAGE + THEN)

        assert (
            "变动项 年初至今 期初 4,500.00 ＋实缴 0.00 －分配 500.00 －收益分成 0.00 －管理费 0.00 －费用 0.00 "
            "＋股息利息 0.00 ±已实现损益 0.00 ±估值变动 0.00 ＝期末 4,000.00"
        ) in text
        assert f"{CITY} 3,150.00 0.00 350.00 0.00 0.00 2,800.00" in text
        assert f"{COMPANY} 1,350.00 0.00 150.00 0.00 0.00 1,200.00" in text

    def test_rolls_any_period_forward_beside_it(self, worked: tuple[Desk, str], manager: Client) -> None:
        """From its founding: 40 paid in, 1 of fees, 6 of value: 45."""
        text = reporting.read(manager, f"{PAGE}{THEN}&start=2022-06-01&end=2023-12-31")

        assert "变动项 年初至今 2022年6月1日 – 2023年12月31日 期初 4,500.00 0.00 ＋实缴 0.00 4,000.00" in text
        assert "－管理费 0.00 100.00" in text
        assert "±估值变动 0.00 600.00 ＝期末 4,000.00 4,500.00" in text
        assert "出资人资本账户：2022年6月1日 – 2023年12月31日" in text

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ("start=2025-01-01", "start"),
            ("start=2023-05-01&end=2023-04-30", "start"),
            ("end=2023-04-30", "start"),
            ("start=x&end=2023-04-30", "start"),
            ("start=2023-01-01&end=x", "end"),
        ],
    )
    def test_refuses_a_period_that_is_none(
        self, worked: tuple[Desk, str], manager: Client, asked: str, field: str
    ) -> None:
        answer = manager.get(f"{PAGE}{THEN}&{asked}")

        assert answer.status_code == 422
        assert field in [name for name, _said in reporting.errors(answer)]

    def test_shows_the_flows_by_year_as_a_table_and_a_drawing(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        answer = manager.get(PAGE + THEN)
        text = reporting.read_answer(answer)

        assert "2022 4,000.00 0.00 −4,000.00 −4,000.00" in text
        assert "2023 0.00 0.00 0.00 −4,000.00" in text
        assert "2024 0.00 500.00 500.00 −3,500.00" in text
        assert "累计净流出最多为 4,000.00万元（2022年6月20日），尚未收回。" in text
        assert len(re.findall(r'<rect class="flow-(?:paid|got)"', answer.content.decode())) == 2

    def test_shows_its_holdings_and_says_in_words_that_a_value_is_old(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        text = reporting.read(manager, PAGE + THEN)
        assert (
            "桐乡示例科技有限公司 2,000.00 2,000.00 2,600.00 最近融资价格法 2023年12月31日 已超过 6 个月 0.00 1.30"
        ) in text

    def test_marks_a_value_that_does_not_know_of_the_last_deal(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        made(worked[0].invest("1000000.00", "2024-02-01", uscc=FIRM))
        text = reporting.read(manager, f"{PAGE}?as_of=2024-03-01")
        assert "2023年12月31日 早于最近一笔交易 0.00 1.00" in text

    def test_a_holding_without_a_value_has_none_and_no_multiple(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        made(worked[0].invest("1000000.00", "2024-02-01", uscc=OTHER_FIRM, firm_name="另一家企业"))
        text = reporting.read(manager, PAGE + THEN)
        assert "另一家企业 100.00 100.00 — 尚未估值 — — 尚未估值 0.00 — 尚未估值" in text

    def test_a_holding_that_was_sold_keeps_no_value(self, worked: tuple[Desk, str], manager: Client) -> None:
        made(worked[0].exit(worked[1], cash="30000000.00", cost="20000000.00", on="2024-06-01"))
        text = reporting.read(manager, PAGE + THEN)
        assert "2,000.00 0.00 — 最近融资价格法 2023年12月31日 已全部退出 3,000.00 1.50" in text

    def test_lists_its_ledger_newest_entry_first_page_by_page(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        for _ in range(30):
            made(worked[0].event("expense", "1.00", "2024-06-01"))
        first = manager.get(PAGE)
        onward = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
        second = manager.get(onward[0].replace("&amp;", "&").split("#")[0])

        assert reporting.read_answer(first).count("2024年6月1日 费用 基金整体 1.00") == 25
        text = reporting.read_answer(second)
        assert text.count("2024年6月1日 费用 基金整体 1.00") == 5
        assert (
            text.index("2024年5月1日 分配")
            < text.index("2022年6月20日 实缴")
            < text.index("2022年6月1日 认缴")
        )

    def test_shows_what_was_taken_back_and_what_took_its_place(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        desk, _holding = worked
        fee = made(desk.event("fee", "2.00", "2024-06-01"))
        made(desk.reverse(fee["id"], "2024-07-01"))
        cost = made(desk.event("expense", "5.00", "2024-06-02"))
        made(desk.correct(cost["id"], "6.00", "2024-06-02"))
        text = reporting.read(manager, PAGE)

        assert "管理费 基金整体 −2.00 冲销 2024年6月1日 的记录" in text
        assert "管理费 基金整体 2.00 已冲销" in text
        assert "费用 基金整体 6.00 更正后的记录 录入有误" in text
        assert "费用 基金整体 5.00 已更正" in text

    def test_as_known_before_anything_was_recorded_nothing_is_reported(
        self, worked: tuple[Desk, str], manager: Client
    ) -> None:
        text = reporting.read(manager, f"{PAGE}{THEN}&known_at=2022-01-01 09:30")

        assert "按2022年1月1日 09:30已知的记录" in text
        assert "净资产 — （未报送）" in text
        assert "尚无实缴。首笔实缴登记后即可看到曲线。" in text
        assert "净资产变动 尚无记录。 未缴认缴变动 尚无记录。" in text

    @pytest.mark.usefixtures("worked")
    def test_that_is_new_says_what_to_do_next(self, api: Callable[[str], Api], browse: Browse) -> None:
        api("maker").post("/funds", {**FUND_OF_NOBODY})
        text = reporting.read(browse("manager_angel"), "/funds/new-fund")

        assert "该基金还没有出资人。请先添加出资人，再登记其认缴。" in text
        assert "尚无记录。请从登记出资人的认缴开始。" in text
        assert "净资产 — （未报送）" in text
        assert "请先添加" not in reporting.read(browse("maker"), "/funds/new-fund")

    def test_takes_no_more_queries_for_a_longer_life(self, worked: tuple[Desk, str], manager: Client) -> None:
        before = queries_of(manager, PAGE)
        desk, _holding = worked
        made(desk.api.post("/funds/angel/investors", {"name": "社会投资人", "capital": "social"}))
        for n in range(6):
            made(desk.event("expense", "1.00", "2024-06-01"))
            firm = scenes.firm_code(n)
            made(desk.invest("1.00", "2024-06-02", uscc=firm, firm_name=f"企业 {n}"))

        assert queries_of(manager, PAGE) == before < 50

    @pytest.mark.parametrize("address", [PAGE + THEN, "/funds", f"{PAGE}?start=2022-06-01&end=2023-12-31"])
    def test_is_wholly_in_english_and_holds_nothing_inline(
        self, worked: tuple[Desk, str], browse: Browse, address: str
    ) -> None:
        answer = browse("manager_angel", language="en").get(address)
        text = reporting.read_answer(answer).replace("简体中文", "")
        for named in (CITY, COMPANY, "桐乡示例科技有限公司", "某", "（测试）"):
            text = text.replace(named, "")

        assert re.findall(r"[\u4e00-\u9fff]+", text) == []
        source = answer.content.decode()
        assert [p.findall(source) for p in (INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT)] == [[], [], []]

    @pytest.mark.parametrize("who", ["manager_angel", "auditor"])
    def test_is_long_and_has_a_way_to_each_part(
        self, worked: tuple[Desk, str], browse: Browse, who: str
    ) -> None:
        page = browse(who).get(PAGE).content.decode()
        ways = re.findall(r'<a href="#(\w+)">', page)
        assert ways == ["money", "performance", "outlook", "holdings", "accounts", "policy", "ledger"]
        parts = [page.index(f' id="{way}"') for way in ways]
        assert parts == sorted(parts)
        assert f'href="{PAGE}/template.xlsx"' in page
        assert ("更多" in page) == (who == "manager_angel")


class TestAHolding:
    def test_shows_its_deals_and_values(self, worked: tuple[Desk, str], manager: Client) -> None:
        desk, holding = worked
        made(desk.exit(holding, cash="9000000.00", cost="5000000.00", on="2024-08-01"))
        text = reporting.read(manager, f"{PAGE}/holdings/{holding}")

        assert "2024年8月1日 退出 9,000,000.00 5,000,000.00" in text
        assert "2023年3月1日 投资 20,000,000.00 20,000,000.00" in text
        assert "2023年12月31日 26,000,000.00 最近融资价格法" in text
        assert "剩余成本 1,500.00万元" in text
        # 9 got and 15 of cost left, for the value does not know of the exit: 24 / 20
        assert "MOIC 1.20" in text

    def test_of_another_fund_is_not_there(
        self, worked: tuple[Desk, str], manager: Client, api: Callable[[str], Api]
    ) -> None:
        found_fund(api, code="seed", tier="sub", name="种子")
        assert manager.get(f"/funds/seed/holdings/{worked[1]}").status_code == 404
        assert manager.get(f"{PAGE}/holdings/ho_none").status_code == 404

    def test_is_wholly_in_english(self, worked: tuple[Desk, str], browse: Browse) -> None:
        text = reporting.read(browse("manager_angel", language="en"), f"{PAGE}/holdings/{worked[1]}")
        for named in ("简体中文", "桐乡示例科技有限公司", "某"):
            text = text.replace(named, "")
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 30), 6, date(2024, 2, 29)),
        (date(2026, 3, 15), 6, date(2025, 9, 15)),
    ],
)
def test_half_a_year_before_a_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
