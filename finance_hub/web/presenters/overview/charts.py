"""Three charts: loans, how far the funds have come, and what the banks watch."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts.charts import Chart, ChartSeries, ChartSpec, Table
from finance_hub.web.presenters.overview.desk import Desk
from tasks import queries, wording
from tasks.catalogue import Unit
from tasks.models import Figure

Tone = Literal["step1", "step2", "step3", "step4", "ink"]
STEPS: tuple[Tone, ...] = ("step1", "step2", "step3", "step4")
FUND_SIZES = ("fund.planned", "fund.subscribed", "fund.paid_in", "fund.invested")


def charts(desk: Desk) -> tuple[Chart, ...]:
    return (_loans(desk), _funds(desk), _quality(desk))


def _scale() -> Decimal:
    """Yuan in the unit of tables."""
    return Decimal(1_000_000) if words.language() == "en" else Decimal(10_000)


def _plotted(values: Sequence[Decimal | None], *, scale: Decimal) -> list[float | None]:
    """What the canvas draws; the table twin keeps the exact figures."""
    return [None if value is None else float(value / scale) for value in values]


def _cells(values: Sequence[Decimal | None], *, unit: Unit = Unit.YUAN) -> list[str]:
    language = words.language()
    return [wording.DASH if v is None else wording.value_in(unit, v, language=language) for v in values]


def _loans(desk: Desk) -> Chart:
    products = desk.now.all("loans.disbursed", "product")
    named = [(desk.label(p), desk.values("loans.disbursed", "product", p.key)) for p in products]
    balance = desk.values("loans.balance")
    growth = wording.change(balance[-1], balance[0], unit=Unit.YUAN)
    title = (
        _("Loan balance and monthly disbursement")
        if growth == wording.DASH
        else _("The loan balance changed by %(growth)s on the year") % {"growth": growth}
    )
    return Chart(
        key="loans",
        title=title,
        caption=_caption(
            desk, _("%(unit)s. Bars: disbursed in the month; line: balance at its end."), _("the banks")
        ),
        summary=_("Monthly disbursement by product as bars and the loan balance as a line, 13 months."),
        spec=_months(desk, named, line=(desk.name("loans.balance"), balance), line_unit=Unit.YUAN),
        table=_by_month(desk, named, last=(desk.name("loans.balance"), balance), unit=Unit.YUAN),
    )


def _quality(desk: Desk) -> Chart:
    classes = [c for c in desk.now.all("loans.five_tier", "five_tier") if c.key != "normal"]
    named = [(desk.label(c), desk.values("loans.five_tier", "five_tier", c.key)) for c in classes]
    ratio = desk.values("loans.npl_ratio")
    title = (
        _("No bank has reported positions for the month")
        if ratio[-1] is None
        else _("The NPL ratio is %(ratio)s") % {"ratio": wording.percent(ratio[-1])}
    )
    return Chart(
        key="quality",
        title=title,
        caption=_caption(
            desk,
            _("%(unit)s. Bars: loans below the normal class; line: NPL ratio."),
            _("the banks' positions"),
        ),
        summary=_("Loans of the four classes below normal as bars and the NPL ratio as a line, 13 months."),
        spec=_months(desk, named, line=(desk.name("loans.npl_ratio"), ratio), line_unit=Unit.RATIO),
        table=_by_month(desk, named, last=(desk.name("loans.npl_ratio"), ratio), unit=Unit.RATIO),
    )


Named = tuple[str, list[Decimal | None]]


def _months(desk: Desk, bars: Sequence[Named], *, line: Named, line_unit: Unit) -> ChartSpec:
    """Stacked bars in the unit of tables on the left, a line on the right."""
    ratio = line_unit is Unit.RATIO
    drawn: list[ChartSeries] = [
        {
            "name": name,
            "kind": "bar",
            "axis": "left",
            "tone": STEPS[position % len(STEPS)],
            "values": _plotted(values, scale=_scale()),
            "labels": _cells(values),
            "stack": "month",
        }
        for position, (name, values) in enumerate(bars)
    ]
    drawn.append(
        {
            "name": line[0],
            "kind": "line",
            "axis": "right",
            "tone": "ink",
            "values": _plotted(line[1], scale=Decimal("0.01") if ratio else _scale()),
            "labels": _cells(line[1], unit=line_unit),
        }
    )
    return {
        "direction": "vertical",
        "categories": [words.short_month(month) for month in desk.months],
        "left": {"name": words.table_unit(), "decimals": 0},
        "right": {"name": "%" if ratio else words.table_unit(), "decimals": 1 if ratio else 0},
        "series": drawn,
        "missing": words.reason("not-reported"),
    }


def _by_month(desk: Desk, bars: Sequence[Named], *, last: Named, unit: Unit) -> Table:
    columns = [_cells(values) for _name, values in bars] + [_cells(last[1], unit=unit)]
    names = (_("Month"), *(name for name, _values in bars), last[0])
    rows = zip((words.short_month(month) for month in desk.months), *columns, strict=True)
    return Table(names, tuple(rows))


def _funds(desk: Desk) -> Chart:
    own = queries.city_funds(desk.now)
    planned, paid = desk.value("fund.planned"), desk.value("fund.paid_in")
    title = (
        _("%(share)s of the funds' planned size is paid in")
        % {"share": wording.percent(paid / planned, places=1)}
        if planned and paid is not None
        else _("How far the funds have come")
    )
    headings = (_("Fund"), *(desk.name(code) for code in FUND_SIZES))
    rows = tuple((desk.label(f), *(desk.cell(code, "fund", f.key) for code in FUND_SIZES)) for f in own)
    return Chart(
        key="funds",
        title=title,
        caption=_caption(desk, _("Bars: share of the planned size; labels: amounts."), _("fund managers")),
        summary=_("For each fund the committed, paid-in and invested shares of its planned size as bars."),
        spec={
            "direction": "horizontal",
            "categories": [desk.label(fund) for fund in own],
            "left": {"name": "%", "decimals": 0},
            "series": [
                _share_of_plan(desk, own, code, tone) for code, tone in zip(FUND_SIZES, STEPS, strict=True)
            ],
            "missing": words.reason("not-reported"),
        },
        table=Table(headings, rows),
    )


def _share_of_plan(desk: Desk, own: Sequence[Figure], code: str, tone: Tone) -> ChartSeries:
    sizes = [desk.value(code, "fund", fund.key) for fund in own]
    shares = [
        None if size is None or not fund.value else size / fund.value * 100
        for size, fund in zip(sizes, own, strict=True)
    ]
    return {
        "name": desk.name(code),
        "kind": "bar",
        "axis": "left",
        "tone": tone,
        "values": _plotted(shares, scale=Decimal(1)),
        "labels": [wording.DASH if size is None else words.money(size) for size in sizes],
    }


def _caption(desk: Desk, what: str, source: str) -> str:
    said = _("%(what)s As of %(day)s; source: %(source)s.")
    return said % {
        "what": what % {"unit": words.table_unit()},
        "day": words.day(desk.month.last),
        "source": source,
    }
