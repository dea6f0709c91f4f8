"""Specialty loans by bank and product, thirteen months of them, and their quality."""

from __future__ import annotations

from decimal import Decimal

from tasks.briefing.content.bank_tables import ByBank
from tasks.briefing.content.desk import Desk
from tasks.briefing.content.tables import BANKS, notes, rounded, silent_banks, total_of_banks
from tasks.briefing.layout import Block, Chart, ChartKind, Column, Paragraph, Section, Series, Table, Words

#: What the bars of one chart can tell apart.
MOST_PRODUCTS = 5
#: Of a bank or of a product, as the general reader wants them.
COLUMNS = (
    "loans.firms", "loans.disbursed", "loans.repaid", "loans.balance", "loans.overdue_balance", "loans.npl_ratio",
    "loans.rate",
)  # fmt: skip


def section(desk: Desk) -> Section:
    loans = ByBank(desk)
    return Section(
        desk.say("专项贷款", "Specialty loans"),
        "loans",
        (
            *_reporting(desk),
            _by_bank(desk, loans),
            _by_product(desk, loans),
            _months(desk),
            _matrix(desk, loans),
            _by_class(desk),
        ),
    )


def _reporting(desk: Desk) -> list[Block]:
    """Who has not sent what, before any number; nothing where all have."""
    flow, stock = silent_banks(desk, "flow"), silent_banks(desk, "stock")
    said: list[str] = []
    if flow:
        names = desk.listed(flow)
        said.append(
            desk.say(
                f"{names}未报送发生额，户数、发放、归还与余额的合计不含该行。",
                f"{names} sent no loan events: borrowers, disbursements, repayments and balances are without it.",
            )
        )
    if stock:
        names = desk.listed(stock)
        said.append(
            desk.say(
                f"{names}未报送月末存量，逾期、不良率、利率与五级分类不含该行。",
                f"{names} sent no month-end positions: overdue balances, NPL ratio, rate and classes are without it.",
            )
        )
    return [Paragraph(desk.say("", " ").join(said))] if said else []


def _columns(desk: Desk, first: tuple[str, str]) -> tuple[Column, ...]:
    return (
        Column(desk.say(*first), weight=1.8),
        *(Column(desk.name(code), "right", 0.8 if code == "loans.firms" else 1.0) for code in COLUMNS),
    )


def _unit(desk: Desk) -> str:
    return desk.say(f"{desk.unit}、户、%", f"{desk.unit}, firms, %")


_ONCE = (
    "一户在多家银行或有多项产品的，合计只计一次；逾期、不良率、利率取自月末存量。",
    "A firm with several banks or products is counted once in the total; overdue, NPL ratio and rate are of month-end "
    "positions.",
)


def _of_stock(desk: Desk) -> str:
    missing = silent_banks(desk, "stock")
    if not missing:
        return ""
    return desk.say(
        f"合计的逾期余额、不良率、加权利率不含{'、'.join(missing)}。",
        f"In the total overdue balance, NPL ratio and rate are without {', '.join(missing)}.",
    )


def _by_bank(desk: Desk, loans: ByBank) -> Table:
    rows: list[tuple[Words, ...]] = [
        (desk.label(bank), *(loans.cell(code, bank=bank.key) for code in COLUMNS)) for bank in loans.banks
    ]
    if rows:
        rows.append((total_of_banks(desk, "flow"), *(loans.cell(code) for code in COLUMNS)))
    return Table(
        number=0,
        caption=desk.say("各银行专项贷款", "Specialty loans by bank"),
        unit=_unit(desk),
        columns=_columns(desk, ("银行", "Bank")),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        note=notes(desk.say(*_ONCE), _of_stock(desk), rounded(desk, rows), loans.note(*COLUMNS)),
        source=desk.say(*BANKS),
    )


def _by_product(desk: Desk, loans: ByBank) -> Table:
    rows: list[tuple[Words, ...]] = [
        (desk.label(product), *(loans.cell(code, product=product.key) for code in COLUMNS))
        for product in loans.products
    ]
    if rows:
        rows.append((total_of_banks(desk, "flow"), *(loans.cell(code) for code in COLUMNS)))
    return Table(
        number=0,
        caption=desk.say("各产品专项贷款", "Specialty loans by product"),
        unit=_unit(desk),
        columns=_columns(desk, ("产品", "Product")),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        note=notes(desk.say(*_ONCE), _of_stock(desk), rounded(desk, rows)),
        source=desk.say(*BANKS),
    )


def _finding(desk: Desk) -> Words:
    if desk.changed(12, "loans.balance").value is None:
        return desk.say("专项贷款余额与月度发放", "Loan balance and monthly disbursements")
    return (
        desk.say("专项贷款余额同比", "The loan balance is "),
        *desk.moved(12, "loans.balance"),
        desk.say("", " on the year"),
    )


def _disbursed(desk: Desk) -> list[Series]:
    """By product, those with most of the month; what is beyond a chart's patterns is one more, as all together."""
    every = desk.now.all("loans.disbursed", "product")
    ranked = sorted(every, key=lambda figure: figure.value or Decimal(0), reverse=True)
    shown = every if len(every) <= MOST_PRODUCTS else ranked[: MOST_PRODUCTS - 1]
    found = [Series(desk.label(one), desk.series("loans.disbursed", "product", one.key)) for one in shown]
    if len(shown) == len(every) and every:
        return found
    whole = desk.series("loans.disbursed")
    if not shown:
        return [Series(desk.name("loans.disbursed"), whole)]
    rest = tuple(_less(total, [series.values[at] for series in found]) for at, total in enumerate(whole))
    return [*found, Series(desk.say("其他产品", "Other products"), rest)]


def _less(whole: float | None, parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return None if whole is None or len(known) < len(parts) else round(whole - sum(known), 6)


def _months(desk: Desk) -> Chart:
    return Chart(
        number=0,
        finding=_finding(desk),
        unit=desk.unit,
        line_unit=desk.unit,
        as_of=desk.as_of,
        source=desk.say(*BANKS),
        kind=ChartKind.STACKED_BARS_AND_LINE,
        categories=desk.month_labels,
        series=(
            *_disbursed(desk),
            Series(desk.say("期末余额", "Closing balance"), desk.series("loans.balance")),
        ),
        note=desk.say(
            "柱为当月发放（按产品），线为期末余额，各用一轴；缺报的月份不画。",
            "Bars are the month's disbursements by product, the line is the closing balance on a scale of its own; months "
            "that were not reported are not drawn.",
        ),
    )


def _matrix(desk: Desk, loans: ByBank) -> Table:
    rows: list[tuple[Words, ...]] = [
        (
            desk.label(bank),
            *(loans.cell("loans.balance", bank=bank.key, product=p.key) for p in loans.products),
            loans.cell("loans.balance", bank=bank.key),
        )
        for bank in loans.banks
    ]
    if rows:
        totals = (loans.cell("loans.balance", product=p.key) for p in loans.products)
        rows.append((total_of_banks(desk, "flow"), *totals, loans.cell("loans.balance")))
    return Table(
        number=0,
        caption=desk.say("贷款余额：银行 × 产品", "Loan balance by bank and product"),
        unit=desk.unit,
        columns=(
            Column(desk.say("银行", "Bank"), weight=1.8),
            *(Column(desk.label(product), "right") for product in loans.products),
            Column(desk.say("合计", "Total"), "right"),
        ),
        rows=tuple(rows),
        total_row=bool(rows),
        empty_text=desk.say("尚无报送银行", "No reporting banks yet"),
        note=notes(rounded(desk, rows), loans.note("loans.balance")),
        source=desk.say(*BANKS),
    )


def _by_class(desk: Desk) -> Table:
    classes = desk.now.all("loans.five_tier", "five_tier")
    known = [figure for figure in classes if figure.value is not None]
    return Table(
        number=0,
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
