"""Guarantees: what is outstanding and what happened in the month, by guarantor, and how far their capital is used."""

from __future__ import annotations

from loans import guarantee_rules
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.guarantor_tables import ByGuarantor
from tasks.briefing.content.tables import GUARANTORS, notes, rounded
from tasks.briefing.layout import Chart, ChartKind, Column, Section, Series, Table, Words
from tasks.models import Figure

FIGURES = (
    "guarantees.outstanding", "guarantees.firms", "guarantees.government_share", "guarantees.written",
    "guarantees.released_month", "guarantees.compensated_month", "guarantees.recovered_month",
    "guarantees.compensated", "guarantees.recovered", "guarantees.compensation_ratio",
    "guarantees.compensation_ratio_year", "guarantees.recovery_ratio", "guarantees.policy_share", "guarantees.liability",
    "guarantees.overdue_not_compensated",
)  # fmt: skip
BY_GUARANTOR = (
    "guarantees.firms", "guarantees.outstanding", "guarantees.written", "guarantees.compensated_month",
    "guarantees.recovered_month", "guarantees.compensation_ratio", "guarantees.liability", "guarantees.leverage",
)  # fmt: skip


def section(desk: Desk) -> Section:
    return Section(
        desk.say("政府性融资担保", "Government-backed guarantees"),
        "guarantees",
        (_main(desk), _by_guarantor(desk), _leverage(desk)),
    )


def _main(desk: Desk) -> Table:
    return Table(
        number=0,
        caption=desk.say("担保主要指标", "Main figures of guarantees"),
        unit=desk.say(f"{desk.unit}、户、%", f"{desk.unit}, firms, %"),
        columns=(
            Column(desk.say("指标", "Figure"), weight=2.4),
            Column(desk.say("本月", "This month"), "right", 1.4),
            Column(desk.say("上月", "Month before"), "right", 1.4),
            Column(desk.say("环比", "m/m"), "right"),
            Column(desk.say("同比", "y/y"), "right"),
        ),
        rows=tuple(
            (
                desk.name(code), desk.cell(code), desk.cell(code, ago=1), desk.changed(1, code),
                desk.changed(12, code),
            )
            for code in FIGURES
        ),
        empty_text=desk.say("尚无担保", "No guarantees yet"),
        note=desk.say(
            "比率的环比、同比为百分点，户数为户，金额为增长率，基数为零的不计；代偿率按金额而非笔数。",
            "Changes are percentage points for ratios, numbers for firms, growth for amounts, none on zero; ratios "
            "are of amounts, not of contracts.",
        ),
        source=desk.say(*GUARANTORS),
    )  # fmt: skip


def _by_guarantor(desk: Desk) -> Table:
    by = ByGuarantor(desk)
    rows: list[tuple[Words, ...]] = [
        (desk.label(one), *(by.cell(code, one.key) for code in BY_GUARANTOR)) for one in by.guarantors
    ]
    if rows:
        rows.append(
            (
                desk.say("合计", "Total"),
                *(desk.cell(code) if desk.now.get(code) else "" for code in BY_GUARANTOR),
            )
        )
    return Table(
        number=0,
        caption=desk.say("各担保机构", "By guarantor"),
        unit=desk.say(f"{desk.unit}、户、%、倍", f"{desk.unit}, firms, %, multiples"),
        columns=(
            Column(desk.say("担保机构", "Guarantor"), weight=1.8),
            *(Column(desk.name(code), "right") for code in BY_GUARANTOR),
        ),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无担保机构", "No guarantors yet"),
        note=notes(
            desk.say(
                "一户有多家机构担保的，合计户数只计一次；担保合同未登记贷款产品，不按产品列示。",
                "A firm with several guarantors is counted once in the total; guarantees are not recorded by product.",
            ),
            rounded(desk, rows),
            by.note(*BY_GUARANTOR),
        ),
        source=desk.say(*GUARANTORS),
    )


def _told(desk: Desk) -> list[Figure]:
    """The leverage of every guarantor of which it may be told."""
    by = ByGuarantor(desk)
    found = desk.now.all("guarantees.leverage", "guarantor")
    return [one for one in found if not by.is_hidden(one.code, one.key)]


def _leverage(desk: Desk) -> Chart:
    found = _told(desk)
    known = [one for one in found if one.value is not None]
    most = guarantee_rules.limit("leverage", desk.month.last)
    return Chart(
        number=0,
        finding=_finding(desk),
        unit=desk.say("倍", "multiple"),
        as_of=desk.as_of,
        source=desk.say(*GUARANTORS),
        kind=ChartKind.DOTS_AND_LIMITS,
        categories=tuple(desk.label(one) for one in found) if known else (),
        series=(
            Series(
                desk.say("放大倍数", "Leverage"),
                tuple(None if one.value is None else float(one.value) for one in found),
                tuple(desk.shown(one) for one in found),
            ),
            *(
                [Series(desk.say("上限", "Limit"), tuple(float(most) for _ in found))]
                if most is not None
                else []
            ),
        )
        if known
        else (),
        note=desk.say(
            "放大倍数为责任余额除以净资产（扣除对其他担保公司的投资）；上限按融资担保责任余额计量办法。",
            "Leverage is the liability balance by net assets (less stakes in other guarantee companies); the limit is that of "
            "the rules on liability balances.",
        ),
        empty_text=desk.say("担保机构均未报送净资产", "No guarantor has reported its net assets"),
    )


def _finding(desk: Desk) -> Words:
    known = sorted((one for one in _told(desk) if one.value is not None), key=lambda one: one.value or 0)
    if not known:
        return desk.say("放大倍数尚无数据", "Leverage is not known")
    top, most = known[-1], guarantee_rules.limit("leverage", desk.month.last)
    above = [one for one in known if most is not None and one.value is not None and one.value > most]
    if above:
        return desk.write(
            "{above}家担保机构放大倍数超过上限",
            "{above} guarantors are above the limit of leverage",
            above=desk.count(above),
        )
    return desk.write(
        "放大倍数最高为{who}的{top}倍，未超上限",
        "Leverage is highest at {who} with {top}, within the limit",
        who=desk.label(top),
        top=desk.shown(top),
    )
