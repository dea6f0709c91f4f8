"""What the state asks of a fund, on its page: local investment, caps, periods and the fee, worked by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Api
from tests.funds.conftest import Desk, made
from tests.funds.reinvesting import Centre
from tests.funds.terms import agree
from tests.web import reporting
from tests.web.conftest import Browse
from tests.web.funding import LAST, PAGE, queries_of

THEN = f"?as_of={LAST}"


@pytest.fixture
def asked(worked: tuple[Desk, str], api: Callable[[str], Api]) -> Centre:
    """Of the worked fund (28 of 70 million of fiscal money paid in, 20 invested) 1.5 times are asked for, of which
    21 are recognised; one firm may have 22 % of the commitments; 3.65 % a year is the fee on them."""
    desk = worked[0]
    made(
        agree(
            desk, reinvestment_multiple="1.5", reinvestment_base="paid_in", firm_cap_pct="22",
            firm_cap_base="commitment", fee_rate_pct="3.65", fee_offset_pct="50", project_years=8,
            investment_ends_on="2024-12-01", ends_on="2032-05-31", extension_years=2, recycling_limit_pct="20",
        )
    )  # fmt: skip
    body = {"amount": "100000.00", "earned_from": "顾问费", "effective_date": "2024-03-01"}
    made(desk.api.post("/funds/angel/manager-earnings", body))
    centre = Centre(api("maker"))
    made(centre.rule())
    made(centre.recognise("invested", "20000000.00", reference="审〔2024〕1号"))
    made(centre.recognise("own_input", "1000000.00", reference="审〔2024〕2号"))
    return centre


@pytest.mark.usefixtures("asked")
class TestThePage:
    def test_tells_what_is_recognised_due_and_left(self, manager: Client) -> None:
        """21 of 42 due; 0.75 of 28 paid in and 0.30 of 70 committed; all 100 committed to 70."""
        text = reporting.read(manager, PAGE + THEN)

        for said in (
            "返投认定额 2,100.00 被投企业的本地投入 2,000.00、合伙人自有投入 100.00",
            "应返投额 4,200.00 实缴的1.5倍，基数2,800.00万元",
            "尚缺返投额 2,100.00",
            "返投比例（财政实缴口径） 0.75 倍",
            "返投比例（财政认缴口径） 0.30 倍",
            "返投要求评分（预测） — 尚未施行",
            "财政资金放大倍数（总规模口径）：认缴总额 ÷ 财政认缴 1.43 倍",
            "财政资金放大倍数（社会资本口径）：社会资本实缴 ÷ 财政实缴 0.00 倍",
            "桐乡示例科技有限公司 审〔2024〕1号 被投企业的本地投入 2,000.00",
        ):
            assert said in text
        later = reporting.read(manager, f"{PAGE}?as_of=2026-10-31")
        assert "返投要求评分（预测） 0 发改财金规〔2025〕1753号" in later
        assert "返投完成评分（预测） 2 发改财金规〔2025〕1753号" in later

    def test_tells_what_each_cap_and_period_leaves(self, manager: Client) -> None:
        """20 of 22 million: more than nine tenths. The investment period ended thirty days ago."""
        text = reporting.read(manager, PAGE + THEN)

        assert "单一企业 接近上限 桐乡示例科技有限公司 2,000.00 2,200.00 200.00 认缴的22% 合伙协议" in text
        assert "循环投资（再催缴） 青桐天使基金 0.00 2,000.00 2,000.00 认缴的20% 合伙协议" in text
        assert "投资期 已届满 青桐天使基金 2022年6月1日 2024年12月1日 -30 合伙协议" in text
        assert "直投项目期限 桐乡示例科技有限公司 2023年3月1日 2031年3月1日 2,251 合伙协议" in text

    def test_tells_the_fee_of_the_year_and_what_was_charged(self, manager: Client) -> None:
        """366 days of 100 million at 3.65 % are 3.66 million, less half of 0.1; nothing was charged in the year."""
        text = reporting.read(manager, PAGE + THEN)

        assert "2024年1月1日 – 2024年12月31日 认缴 10,000.00 3.65% 366.00" in text
        assert "抵减 管理人自被投企业收入10.00万元的50% −5.00" in text
        assert "应提 361.00 账面已提 0.00 已提减应提 −361.00" in text
        assert "国办发〔2025〕1号" not in text
        assert "国办发〔2025〕1号要求管理费按实缴或已投计提。" in reporting.read(
            manager, f"{PAGE}?as_of=2025-12-31"
        )

    def test_tells_who_would_get_what(self, worked: tuple[Desk, str], manager: Client) -> None:
        """40 million of NAV: 35 of capital (40 less the 5 distributed) with nothing preferred: 1 of 5 to the manager."""
        made(
            agree(worked[0], preferred_return_pct=None, compounding=None, concession_pct="10", clawback=True)
        )
        text = reporting.read(manager, PAGE + THEN)
        assert "返还本金 3,500.00 — 按比例分成 400.00 100.00 合计 3,900.00 100.00" in text
        assert "财政资金所得2,730.00万元中，按条款让利28.00万元。" in text
        made(agree(worked[0], preferred_return_pct=None, compounding=None, order="american", clawback=True))
        text = reporting.read(manager, PAGE + THEN)
        steps = "返还本金 2,100.00 — 按比例分成 400.00 100.00 账面现金（非当日变现所得） 1,400.00 —"
        assert f"{steps} 合计 3,900.00 100.00" in text
        assert "基金终了时管理人须回拨0.00万元。" in text

    def test_is_wholly_in_english(self, browse: Browse) -> None:
        answer = browse("manager_angel", language="en").get(f"{PAGE}?as_of=2025-12-31")
        text = reporting.read_answer(answer).replace("简体中文", "")
        kept = ("市财政局", "城投集团", "桐乡示例科技有限公司", "合伙协议", "某", "（测试）")
        for named in (*kept, "审〔2024〕", "号", "国办发〔2025〕"):
            text = text.replace(named, "")
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    def test_shows_the_first_rows_of_a_long_table_and_all_of_them_when_asked(
        self, asked: Centre, manager: Client
    ) -> None:
        for n in range(11):
            made(asked.recognise("own_input", "1.00", reference=f"审〔2025〕{n}号"))
        then = f"{THEN}&start=2024-01-01"

        page = manager.get(PAGE + then).content.decode()
        assert "共 13 项，列出 12 项。" in page
        way = f"{PAGE}{then}&whole=recognised"
        assert f'href="{way.replace("&", "&amp;")}#recognised">列出全部 13 项</a>' in page
        whole = reporting.read(manager, way)
        assert all(f"审〔2025〕{n}号" in whole for n in range(11))
        assert "列出" not in whole

    def test_takes_as_many_queries_for_more_cases(self, asked: Centre, manager: Client) -> None:
        before = queries_of(manager, PAGE)
        for n in range(4):
            made(asked.recognise("own_input", "1.00", reference=f"审〔2025〕{n}号"))
        assert queries_of(manager, PAGE) == before < 70


def test_says_of_a_fund_without_terms_that_nothing_is_agreed(
    worked: tuple[Desk, str], manager: Client
) -> None:
    text = reporting.read(manager, PAGE + THEN)

    assert "应返投额 — 未约定" in text
    nothing = (
        "未约定上限，或尚无适用的持有。",
        "条款未约定期限。",
        "未约定管理费。",
        "该日没有约定收益分成的条款。",
    )
    for said in nothing:
        assert said in text
