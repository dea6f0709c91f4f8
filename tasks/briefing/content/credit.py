"""Specialty loans by bank and product, their quality, and guarantees."""

from __future__ import annotations

from finance_hub.kernel.periods import Month
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Chart, ChartKind, Column, Section, Series, Table
from tasks.catalogue import BY_CODE
from tasks.models import Figure


def loans(desk: Desk) -> Section:
    banks = desk.now.all("loans.balance", "bank")
    return Section(
        desk.say("专项贷款", "Specialty loans"),
        "loans",
        (_by_bank(desk, banks), _months_chart(desk), _by_class(desk), _matrix(desk, banks)),
    )


def _by_bank(desk: Desk, banks: list[Figure]) -> Table:
    columns = ("loans.firms", "loans.disbursed", "loans.repaid", "loans.balance", "loans.npl_ratio")
    rows = tuple((desk.label(b), *(desk.cell(code, "bank", b.key) for code in columns)) for b in banks)
    total = (desk.say("合计", "Total"), *(desk.cell(code) for code in columns))
    return Table(
        number=4,
        caption=desk.say("各银行专项贷款", "Specialty loans by bank"),
        unit=desk.say(f"{desk.unit}、户、%", f"{desk.unit}, firms, %"),
        columns=(
            Column(desk.say("银行", "Bank"), weight=2.0),
            *(Column(desk.name(code), "right") for code in columns),
        ),
        rows=(*rows, total) if rows else (),
        total_row=bool(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        note=desk.say(
            "一户在多家银行有贷款的，合计户数只计一次；合计不含未报送银行。",
            "A firm with loans from several banks is counted once in the total; banks not reported are left out.",
        ),
        source=desk.say("各银行报送", "The banks"),
    )


def _month_label(desk: Desk, month: Month) -> str:
    return desk.say(f"{month.year % 100}/{month.number}", f"{month.number}/{month.year % 100:02d}")


def _months_chart(desk: Desk) -> Chart:
    growth = desk.changed(12, "loans.balance")
    return Chart(
        number=4,
        finding=desk.say("专项贷款余额与月度发放", "Loan balance and monthly issuance")
        if growth.value is None
        else desk.write(
            "专项贷款余额同比{growth}", "The loan balance changed by {growth} on the year", growth=growth
        ),
        unit=desk.unit,
        line_unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say("各银行报送", "The banks"),
        kind=ChartKind.STACKED_BARS_AND_LINE,
        categories=tuple(_month_label(desk, month) for month in desk.months),
        series=(
            *(
                Series(desk.label(product), desk.series("loans.disbursed", "product", product.key))
                for product in desk.now.all("loans.disbursed", "product")
            ),
            Series(desk.say("余额（右轴）", "Balance (right)"), desk.series("loans.balance")),
        ),
        note=desk.say(
            "柱为当月发放（左轴），线为期末余额（右轴）。",
            "Bars are monthly disbursements (left), the line is the closing balance (right).",
        ),
    )


def _by_class(desk: Desk) -> Table:
    classes = desk.now.all("loans.five_tier", "five_tier")
    known = [figure for figure in classes if figure.value is not None]

    return Table(
        number=5,
        caption=desk.say("五级分类", "Five-tier classes"),
        unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
        columns=(
            Column(desk.say("分类", "Class"), weight=1.5),
            Column(desk.say("余额", "Balance"), "right"),
            Column(desk.say("占比", "Share"), "right"),
        ),
        rows=tuple((desk.label(c), desk.shown(c), desk.part(c, known)) for c in classes),
        empty_text=desk.say("各银行均未报送月末存量", "No bank has reported positions"),
        source=desk.say("各银行月末存量", "The banks' month-end positions"),
    )


def _matrix(desk: Desk, banks: list[Figure]) -> Table:
    products = desk.now.all("loans.balance", "product")
    rows = tuple(
        (
            desk.label(bank),
            *(desk.cell("loans.balance", "bank_product", f"{bank.key}:{p.key}") for p in products),
            desk.cell("loans.balance", "bank", bank.key),
        )
        for bank in banks
    )
    total = (
        desk.say("合计", "Total"),
        *(desk.cell("loans.balance", "product", p.key) for p in products),
        desk.cell("loans.balance"),
    )
    return Table(
        number=6,
        caption=desk.say("贷款余额：银行 × 产品", "Loan balance by bank and product"),
        unit=desk.unit,
        columns=(
            Column(desk.say("银行", "Bank"), weight=2.0),
            *(Column(desk.label(product), "right") for product in products),
            Column(desk.say("合计", "Total"), "right"),
        ),
        rows=(*rows, total) if rows else (),
        total_row=bool(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        source=desk.say("各银行报送", "The banks"),
    )


def guarantees(desk: Desk) -> Section:
    codes = (
        "guarantees.outstanding", "guarantees.firms", "guarantees.government_share", "guarantees.compensated",
        "guarantees.recovered", "guarantees.compensation_ratio", "guarantees.compensation_ratio_year",
        "guarantees.recovery_ratio", "guarantees.liability", "guarantees.policy_share",
        "guarantees.overdue_not_compensated",
    )  # fmt: skip
    by_guarantor = desk.now.all("guarantees.outstanding", "guarantor")
    return Section(
        desk.say("政府性融资担保", "Government-backed guarantees"),
        "guarantees",
        (
            Table(
                number=7,
                caption=desk.say("担保主要指标", "Main figures of guarantees"),
                unit=desk.say(f"{desk.unit}、户、%", f"{desk.unit}, firms, %"),
                columns=(
                    Column(desk.say("指标", "Figure"), weight=2.0),
                    Column(desk.say("本月", "This month"), "right"),
                    Column(desk.say("口径", "Definition"), weight=4.0),
                ),
                rows=tuple((desk.name(code), desk.cell(code), _definition(desk, code)) for code in codes),
                empty_text=desk.say("尚无担保", "No guarantees yet"),
                source=desk.say("担保机构报送", "Guarantors"),
            ),
            Table(
                number=8,
                caption=desk.say("各担保机构在保余额", "Outstanding by guarantor"),
                unit=desk.unit,
                columns=(
                    Column(desk.say("担保机构", "Guarantor"), weight=2.0),
                    Column(desk.say("在保余额", "Outstanding"), "right"),
                ),
                rows=tuple((desk.label(g), desk.shown(g)) for g in by_guarantor),
                empty_text=desk.say("尚无担保机构", "No guarantors yet"),
                source=desk.say("担保机构报送", "Guarantors"),
            ),
        ),
    )


def _definition(desk: Desk, code: str) -> str:
    return BY_CODE[code][0].definition.say(desk.language)
