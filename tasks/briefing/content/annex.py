"""The annex: full tables behind those of the pages, by bank and product, by fund, of the largest holdings, of guarantees."""

from __future__ import annotations

from tasks.briefing.content import targets
from tasks.briefing.content.bank_tables import ByBank
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.guarantor_tables import ByGuarantor
from tasks.briefing.content.limits import STATUSES, projects, tolerance
from tasks.briefing.content.loans import COLUMNS
from tasks.briefing.content.tables import BANKS, FUNDS, GUARANTORS, notes, silent_banks
from tasks.briefing.layout import Column, Section, Table, Words
from tasks.catalogue.declared_month import LISTED_FROM

FUND_COLUMNS = (
    "fund.subscribed", "fund.called", "fund.paid_in", "fund.invested", "fund.distributed", "fund.nav", "fund.dpi",
    "fund.tvpi", "fund.irr",
)  # fmt: skip


def section(desk: Desk) -> Section:
    return Section(
        desk.say("附表", "Annex"),
        "annex",
        (
            _loans(desk),
            _funds(desk),
            _holdings(desk),
            _projects(desk),
            _guarantees(desk),
            targets.every(desk),
        ),
        new_page=True,
    )


def _loans(desk: Desk) -> Table:
    loans, quiet = ByBank(desk), silent_banks(desk)
    rows: list[tuple[Words, ...]] = [
        (
            desk.label(bank),
            desk.label(product),
            *(loans.cell(code, bank=bank.key, product=product.key) for code in COLUMNS),
        )
        for bank in loans.banks
        for product in loans.products
        if desk.label(bank) in quiet or _moved(desk, bank.key, product.key)
    ]
    return Table(
        number=0,
        caption=desk.say("专项贷款明细：银行 × 产品", "Specialty loans by bank and product"),
        unit=desk.say(f"{desk.unit}、户、%", f"{desk.unit}, firms, %"),
        columns=(
            Column(desk.say("银行", "Bank"), weight=1.5),
            Column(desk.say("产品", "Product"), weight=1.4),
            *(Column(desk.name(code), "right", 0.8 if code == "loans.firms" else 1.0) for code in COLUMNS),
        ),
        rows=tuple(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        note=notes(
            desk.say(
                "无余额且当月无发生额的组合不列。",
                "Pairs without a balance and without events in the month are left out.",
            ),
            loans.note(*COLUMNS),
        ),
        source=desk.say(*BANKS),
    )


def _moved(desk: Desk, bank: str, product: str) -> bool:
    key = f"{bank}:{product}"
    return any(
        desk.value(code, "bank_product", key) for code in ("loans.balance", "loans.disbursed", "loans.repaid")
    )


def _funds(desk: Desk) -> Table:
    own = desk.now.all("fund.planned", "fund")
    return Table(
        number=0,
        caption=desk.say("各基金（含子基金）", "Every fund, sub-funds included"),
        unit=desk.say(f"{desk.unit}、倍、%", f"{desk.unit}, multiples, %"),
        columns=(
            Column(desk.say("基金", "Fund"), weight=1.6),
            *(Column(desk.name(code), "right") for code in FUND_COLUMNS),
        ),
        rows=tuple(
            (desk.label(fund), *(desk.cell(code, "fund", fund.key) for code in FUND_COLUMNS)) for fund in own
        ),
        empty_text=desk.say("尚无基金", "No funds yet"),
        note=desk.say(
            "净内部收益率不足一年的不列示；子基金的资金来自母基金与社会出资人，不加入市级合计。",
            "No IRR under one year; money of sub-funds is the mother fund's and outside investors', and in no total of the city.",
        ),
        source=desk.say(*FUNDS),
    )


def _holdings(desk: Desk) -> Table:
    held = desk.now.all("fund.book_value", "fund_firm")
    rows: list[tuple[Words, ...]] = [
        (desk.fund_of(figure), desk.label(figure), desk.shown(figure))
        for figure in held
        if figure.value is not None and figure.value >= LISTED_FROM  # older snapshots hold smaller ones too
    ]
    return Table(
        number=0,
        caption=desk.say(
            "账面价值一千万元以上的持有", "Holdings with a book value of ten million yuan or more"
        ),
        unit=desk.unit,
        columns=(
            Column(desk.say("基金", "Fund"), weight=1.8),
            Column(desk.say("企业或子基金", "Firm or sub-fund"), weight=3.0),
            Column(desk.say("账面价值", "Book value"), "right"),
        ),
        rows=tuple(rows),
        empty_text=desk.say("没有达到此数的持有", "No holding is as large"),
        note=desk.say(
            "各基金直接持有，从大到小；最近一次估值，未估值的按剩余成本；母基金在子基金的份额与子基金的持有是同一笔资金，不可相加。",
            "Held by each fund directly, the largest first; the latest valuation, remaining cost where there is none. A stake "
            "in a sub-fund and what the sub-fund holds are the same money and do not add up.",
        ),
        source=desk.say(*FUNDS),
    )


def _projects(desk: Desk) -> Table:
    """Single projects under their own tolerance, which the pages only count."""
    rows: list[tuple[Words, ...]] = []
    for figure in projects(desk):
        held = tolerance(desk, figure)
        name = held.name.removeprefix(desk.say("单个项目：", "Project: "))
        limit, spent = (
            desk.cell(f"tolerance.{code}", figure.scope, figure.key) for code in ("limit", "used")
        )
        rows.append(
            (name, limit, spent, desk.shown(figure), desk.text(STATUSES[held.status]), desk.text(held.owner))
        )
    return Table(
        number=0,
        caption=desk.say("单个项目容忍度", "Tolerances of single projects"),
        unit=desk.say(f"{desk.unit}、%", f"{desk.unit}, %"),
        columns=(
            Column(desk.say("项目", "Project"), weight=3.0),
            Column(desk.say("限额", "Limit"), "right"),
            Column(desk.say("当前", "Used"), "right"),
            Column(desk.say("已用", "Share"), "right"),
            Column(desk.say("状态", "Status"), "centre", 0.7),
            Column(desk.say("责任部门", "Owner"), weight=1.2),
        ),
        rows=tuple(rows),
        empty_text=desk.say("没有发生损失或减值的项目", "No project has lost anything"),
        note=desk.say(
            "仅列发生损失或减值的项目；按规则不计入的，已用为零。",
            "Only projects that have lost anything or are impaired; what its rule does not count is no use of the tolerance.",
        ),
        source=desk.say(*FUNDS),
    )


def _guarantees(desk: Desk) -> Table:
    """What the table of the pages does not tell: the guarantors since they began, and what ended in the month."""
    codes = ("guarantees.compensated", "guarantees.recovered", "guarantees.released_month")
    by = ByGuarantor(desk)
    return Table(
        number=0,
        caption=desk.say(
            "各担保机构累计代偿、追偿与当月解除", "Guarantors: compensated, recovered, released"
        ),
        unit=desk.unit,
        columns=(
            Column(desk.say("担保机构", "Guarantor"), weight=1.6),
            *(Column(desk.name(code), "right") for code in codes),
        ),
        rows=tuple((desk.label(one), *(by.cell(code, one.key) for code in codes)) for one in by.guarantors),
        empty_text=desk.say("尚无担保机构", "No guarantors yet"),
        note=by.note(*codes),
        source=desk.say(*GUARANTORS),
    )
