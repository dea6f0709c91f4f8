"""What the investors paid and got, year by year, and how deep they have stood in the fund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from finance_hub.web import drawing, words
from finance_hub.web.contexts.funds import Drawing, Flows, Mark
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.funds import wording
from funds.queries import FlowRow
from tasks.engine.pacing import JCurve, j_curve
from tasks.wording import TABLE_UNIT, number

Years = dict[int, tuple[Decimal, Decimal]]
#: What one of the unit of tables is, in yuan.
_UNITS = Text("10000", "1000000")


def curve_of(rows: Sequence[FlowRow]) -> JCurve:
    return j_curve(
        [row.effective_date for row in rows],
        [yuan(row.distribution_fen - row.contribution_fen) for row in rows],
    )


def flows(rows: Sequence[FlowRow], curve: JCurve, *, until: date) -> Flows:
    """A year without flows stands there with none: the fund lived through it."""
    years, path = _years(rows, until=until), [(point.on, point.amount) for point in curve.cumulative]
    return Flows(
        title=_("Cash flows with the investors"),
        unit=words.table_unit(),
        summary=_("Paid in and distributed by year as bars, the cumulative net flow as a line."),
        said=_said(curve),
        drawing=in_table_units(drawing.flows(years, path)) if path else None,
        grid=_grid(years),
    )


def _years(rows: Sequence[FlowRow], *, until: date) -> Years:
    if not rows:
        return {}
    span = range(rows[0].effective_date.year, max(until.year, rows[-1].effective_date.year) + 1)
    sums = {year: [0, 0] for year in span}
    for row in rows:
        sums[row.effective_date.year][0] += row.contribution_fen
        sums[row.effective_date.year][1] += row.distribution_fen
    return {year: (yuan(paid), yuan(got)) for year, (paid, got) in sums.items()}


def _said(curve: JCurve) -> str:
    """The depth of the curve, and when the money was back."""
    if curve.depth is None:
        return ""
    if curve.depth.amount >= 0:
        return _("The investors have never stood below zero.")
    said = {"depth": words.money(-curve.depth.amount), "day": words.day(curve.depth.on)}
    if curve.break_even is None:
        return _("At most %(depth)s were out, on %(day)s; they have not come back yet.") % said
    back = {**said, "back": words.day(curve.break_even)}
    return _("At most %(depth)s were out, on %(day)s; they were back on %(back)s.") % back


def in_table_units(drawn: Drawing) -> Drawing:
    """Levels worded in the unit of tables."""
    unit = Decimal(words.say(_UNITS))
    marks = [Decimal(mark.text) / unit for mark in drawn.levels]
    places = 0 if all(mark == mark.to_integral_value() for mark in marks) else 2
    levels = tuple(
        Mark(mark.at, number(amount, places=places)) for mark, amount in zip(drawn.levels, marks, strict=True)
    )
    return replace(drawn, levels=levels)


def _grid(years: Years) -> Grid:
    lines, cumulative = [], Decimal(0)
    for year, (paid, got) in years.items():
        cumulative += got - paid
        lines.append(Line((Cell(str(year)), *wording.amounts(paid, got, got - paid, cumulative))))
    named = (_("Paid in"), _("Distributed"), _("Net"), _("Cumulative"))
    return Grid(
        key="flows-by-year",
        title=_("By year"),
        headings=(Heading(_("Year")), *map(wording.number, named)),
        lines=tuple(lines),
        empty=_("Nothing has been paid in yet. The curve begins with the first payment."),
        unit=words.say(TABLE_UNIT),
    )
