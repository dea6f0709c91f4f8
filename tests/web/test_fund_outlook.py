"""What a fund's page foresees, and how it says that the fund has done against an index; worked by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, made
from tests.tasks.measuring import ASSUMED, PACE, enter, found_index
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.funding import LAST, PAGE, queries_of

THEN = f"{PAGE}?as_of={LAST}"
Speak = Callable[[str], Api]


@pytest.fixture
def assumed(worked: tuple[Desk, str], api: Speak) -> None:
    made(api("maker").post("/funds/angel/pacing-assumptions", ASSUMED))


def measure(api: Speak, **levels: str) -> None:
    found_index(api)
    enter(api, **levels)
    made(api("maker").post("/funds/angel/benchmarks", {"index": "example-500", "valid_from": "2022-06-01"}))


def test_foresees_the_years_that_are_left(assumed: None, manager: Client) -> None:
    """60 unfunded and worth 40 in its third year, 35 out: 24 and 14.4 called; 27 and 54 back by the base case.

    By the low one 22.5 and 41.5 come back, by the high one 45 and 118.
    """
    answer = manager.get(THEN)
    text = reporting.read_answer(answer)

    assert "基准情景：至2026年12月31日，还将出资3,840.00万元，收回8,100.00万元" in text
    assert (
        "低情景：出资人的钱收不回来。 基准情景：出资人的钱在2026年12月31日前收回。 "
        "高情景：出资人的钱在2026年12月31日前收回。"
    ) in text
    assert "年度截至 实缴 分配 净资产 未缴认缴 累计净现金流" in text
    assert (
        "2025年12月31日 2,400.00 2,700.00 2,250.00 / 4,500.00 4,500.00 4,150.00 / 5,900.00 3,600.00 "
        "−3,200.00 −3,650.00 / −1,400.00"
    ) in text
    assert (
        "2026年12月31日 1,440.00 5,400.00 4,150.00 / 11,800.00 1,440.00 2,160.00 760.00 −940.00 / 8,960.00"
        in text
    )
    assert (
        "参数 低情景 基准情景 高情景 年增长率 0% 20% 100% 存续期 4 年 4 年 4 年 分配曲度 2 2 2 "
        "最低年分配率 30% 30% 30% 各年出资占未缴认缴的比例 50%、40% 50%、40% 50%、40%"
    ) in text
    assert "现金流测算，自2022年6月1日起适用；maker 某于" in text
    drawn = answer.content.decode()
    area = re.search(r'<polygon class="flow-band" points="([^"]+)"', drawn)
    assert area
    assert len(area[1].split()) == 6


def test_a_scenario_whose_life_is_over_leaves_a_dash_and_no_band(
    worked: tuple[Desk, str], api: Speak, manager: Client
) -> None:
    made(api("maker").post("/funds/angel/pacing-assumptions", {**ASSUMED, "low": {**PACE, "life": 2}}))
    answer = manager.get(THEN)
    assert "2025年12月31日 2,400.00 — / 2,400.00 2,700.00 — / 4,500.00" in reporting.read_answer(answer)
    assert "flow-band" not in answer.content.decode()


def test_says_why_nothing_is_foreseen(assumed: None, manager: Client) -> None:
    assert "没有预测：假设的存续期已满。" in reporting.read(manager, f"{PAGE}?as_of=2026-06-01")
    assert "没有预测：未报送。" in reporting.read(manager, f"{PAGE}?as_of=2022-05-31")


def test_without_assumptions_or_a_benchmark_it_says_who_has_not_entered_them(manager: Client) -> None:
    text = reporting.read(manager, THEN)
    assert "中心尚未登记该日有效的本基金假设。" in text
    assert "该日尚未选定本基金的业绩比较基准。" in text
    assert "KS-PME — （未选定业绩比较基准）" in text


def test_measures_the_fund_against_its_benchmark(
    worked: tuple[Desk, str], api: Speak, manager: Client
) -> None:
    """40 paid in at 100 are 50 at 125; 5 back at 100 are 6.25: (6.25 + 40) / 50 = 0.925."""
    measure(api, d2022_06_20="100", d2024_04_28="100", d2024_12_31="125")
    text = reporting.read(manager, THEN)
    assert "KS-PME 0.93 倍 大于 1 即跑赢指数" in text
    assert re.search(r"直接阿尔法 −\d\.\d\d%", text)
    assert "比较基准：示例500指数（示例指数公司）。 当日没有点位的，取此前最近一日，最久相隔 3 天。" in text


def test_an_index_that_begins_too_late_measures_nothing(
    worked: tuple[Desk, str], api: Speak, manager: Client
) -> None:
    measure(api, d2024_01_01="100")
    text = reporting.read(manager, THEN)
    assert "KS-PME — （未报送）" in text
    assert "2022年6月20日 及以前没有点位。" in text


def test_takes_no_more_queries_with_all_of_it_and_is_wholly_in_english(
    assumed: None, api: Speak, manager: Client, browse: Browse
) -> None:
    measure(api, d2022_06_20="100")
    before = queries_of(manager, THEN)
    enter(api, d2022_06_21="101", d2022_06_22="102", d2024_05_01="103")
    assert queries_of(manager, THEN) == before < 50
    text = reporting.read(browse("manager_angel", language="en"), THEN).replace("简体中文", "")
    for named in (CITY, COMPANY, "桐乡示例科技有限公司", "某", "（测试）", "现金流测算", "示例指数公司"):
        text = text.replace(named, "")
    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert (
        "By the base case CNY 38.40 million is still called and CNY 81.00 million comes back by 31 Dec 2026"
        in text
    )
    assert "Direct alpha" in text
