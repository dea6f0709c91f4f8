"""What the briefing says of risks, matters, restatements and definitions, by hand from a few stored figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks.briefing.content import Matter, Reason, Standing, matters_of
from tasks.briefing.layout import Chart
from tasks.briefing.origin import plain
from tasks.models import Briefing, LossResult, RiskAssumptions, Snapshot, ToleranceRule
from tests.briefing import walk
from tests.cast import Cast
from tests.tasks.conftest import KNOWN
from tests.tasks.saying import OCTOBER, city, figures, row, rows, said, used

pytestmark = pytest.mark.usefixtures("everything")
BANKS = ("甲银行", "Bank A"), ("乙银行", "Bank B")


class TestRisk:
    def test_each_rule_with_what_is_left_and_for_how_long_it_stands_so(self, cast: Cast) -> None:
        rule = ToleranceRule.objects.create(
            public_id="tr_1", scope="tier", key="angel", base="principal-paid", netting=False, timing="realised",
            limit_pct=40, warning_pct=70, owner="市财政局", document="文件一号", valid_from=date(2026, 1, 1),
            proposed_by=cast["maker"], proposed_at=KNOWN, approved_by=cast["approver"], approved_at=KNOWN,
        )  # fmt: skip
        for month, share in ((7, "0.6"), (8, "0.72"), (9, "0.74")):
            figures(Month(2026, month), *used("tier:angel", "天使类基金", share))
        now = used("tier:angel", "天使类基金", "0.75")
        now[0] = (*now[0], f"rule: {rule.public_id}")
        issue = said(figures(OCTOBER, *now))
        assert rows(issue, "风险容忍度使用情况") == [
            ("天使类基金", "100.00", "75.00", "25.00", "75.00%", "关注", "3", "市财政局")
        ]
        assert rows(issue, "未来十二个月突破限额的概率") == []

    def test_the_chance_of_passing_a_limit(self, cast: Cast) -> None:
        snapshot = figures(OCTOBER, city("loans.balance", 1))
        assumed = RiskAssumptions.objects.create(
            public_id="ra_1",
            valid_from=date(2026, 1, 1),
            document="假设一号",
            recorded_at=KNOWN,
            recorded_by=cast["maker"],
        )
        limit: dict[str, Any] = {
            "kind": "tolerance", "code": "tier:angel", "label": {"zh": "天使类基金", "en": "Angel funds"},
            "room": "250000.00", "expected": "12345.67", "probability": 0.0345,
        }  # fmt: skip
        result = LossResult.objects.create(
            snapshot=snapshot, assumptions=assumed, version="t", seed=1, draws=10, content={"limits": [limit]},
            computed_at=KNOWN,
        )  # fmt: skip
        issue = said(snapshot)
        assert rows(issue, "未来十二个月突破限额的概率") == [("天使类基金", "25.00", "1.23", "3.45%")]
        values = walk.joint(result, "2026-10")
        drawn = [n for n in walk.numbers(issue) if any(ref.code == "joint-loss" for ref in n.of)]
        assert [walk.again(number, values, language="zh-hans") for number in drawn] == drawn

    def test_guarantors_without_net_assets_have_no_leverage_and_no_limit_is_drawn(self) -> None:
        issue = said(figures(OCTOBER, ("guarantees.leverage", "guarantor", "g", "担保公司", "not-reported")))
        (section,) = (one for one in issue.sections if one.anchor == "guarantees")
        chart = section.blocks[-1]
        assert isinstance(chart, Chart)
        assert (chart.categories, chart.series) == ((), ())
        assert chart.empty_text == "担保机构均未报送净资产"


class TestMatters:
    def test_are_drafted_with_owner_and_day_in_both_languages(self) -> None:
        snapshot = figures(
            OCTOBER, *used("tier:angel", ("天使类基金", "Angel funds"), "1.1"),
            ("loans.stock_flow_difference", "bank", "bank-a", BANKS[0], "-50000"),
            ("target.reports_overdue", "responsible_unit", "科技局", ("科技局", "Science bureau"), 2, "S2-03", "S2-04"),
            silent=[("bank-b", "stock")],
        )  # fmt: skip
        assert rows(said(snapshot), "需关注事项") == [
            ("天使类基金风险容忍度已用110.0%，超过限额", "未载明", "2026年11月30日"),
            ("未报送月末存量", "乙银行", "2026年11月20日"),
            ("月末存量与由发生额推得的余额不一致，须核对更正", "甲银行", "2026年11月30日"),
            ("逾期未报目标2项：S2-03、S2-04", "科技局", "2026年12月20日"),
        ]
        drafted = matters_of(snapshot)
        assert [one.code for one in drafted] == [
            "tolerance|tier:angel", "not-reported|bank-b|stock", "difference|bank-a", "target|科技局",
        ]  # fmt: skip
        assert plain(drafted[3].what["en"]) == "Overdue reports on targets, 2: S2-03, S2-04"

    def test_edited_ones_those_of_the_last_issue_and_reasons_stand_as_they_are_given(
        self, october: Snapshot
    ) -> None:
        what = {"zh-hans": "催报", "en": "Chase"}
        mine: Any = Matter("x", what, Text("甲处", "Office A"), date(2026, 11, 25))
        done: Any = Matter(
            "y", what, Text("乙处", "Office B"), None, Standing.DONE, Text("已报送", "reported")
        )
        why = Reason(Text("乙银行未报送", "Bank B has not reported"), "系统故障", "张三", date(2026, 11, 9))
        issue = said(october, "en", matters=[mine], carried=[done], reasons=[why])
        assert rows(issue, "Matters for attention") == [("Chase", "Office A", "2026-11-25")]
        assert rows(issue, "How the matters") == [("Chase", "Office B", "not set", "done", "reported")]
        assert rows(issue, "Why it is published") == [
            ("Bank B has not reported", "系统故障", "张三", "2026-11-09")
        ]


def test_what_was_restated_since_the_last_issue_stands_old_and_new(cast: Cast) -> None:
    september = Month(2026, 9)
    old = figures(september, city("loans.balance", 10_000_000), city("loans.npl_ratio", "0.02"))
    Briefing.objects.create(
        public_id="br_9", month=september.first, snapshot=old, state="published", drafted_by=cast["maker"],
        drafted_at=KNOWN, reviewed_by=cast["approver"], reviewed_at=KNOWN, approved_by=cast["approver"],
        approved_at=KNOWN, issue_no=9, total_no=9, year=2026, file="f", sha256="0" * 64, pages=1,
    )  # fmt: skip
    later = KNOWN + timedelta(days=1)
    figures(september, city("loans.balance", 12_500_000), city("loans.npl_ratio", "0.025"), known_at=later)
    snapshot = figures(OCTOBER, city("loans.balance", 13_000_000), known_at=later)
    issue = said(snapshot)
    assert rows(issue, "上期以来的追溯调整") == [
        ("2026年9月", "专项贷款余额", "1,000.00", "1,250.00", "250.00"),
        ("2026年9月", "不良率", "2.00%", "2.50%", "+0.50"),
    ]
    # And the month is compared with what is known now.
    assert row(issue, "主要指标", "专项贷款余额")[2:4] == ("1,250.00", "+4.0%")


def test_only_what_the_issue_tells_of_is_defined_and_every_name_leads_to_it(october: Snapshot) -> None:
    issue = said(october, "en")
    (section,) = (one for one in issue.sections if one.anchor == "definitions")
    defined = {term.code for term in walk.parts(section) if isinstance(term, walk.Term)}
    named = {term.code for term in walk.terms(issue)}
    assert named == defined
    assert "pools.fuse" not in defined
    assert walk.loose(issue) == []
