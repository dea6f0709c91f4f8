"""The chart of a target: what was reported against the straight line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.charts import Chart, ChartSpec, Table
from finance_hub.web.presenters.targets import wording
from finance_hub.web.presenters.targets.course import Point
from tasks.standing import Standing
from tasks.wording import DASH


def chart(one: Standing, points: Sequence[Point], *, download: str) -> Chart:
    unit = one.target.unit
    names = (pgettext("target", "Value"), pgettext("target", "Expected"), _("Ahead"))
    said = [tuple(_said(value, unit) for value in (p.value, p.expected, p.ahead)) for p in points]
    scale = _scale(unit)
    spec: ChartSpec = {
        "direction": "vertical",
        "categories": [words.short_month(p.month) for p in points],
        "left": {"name": axis(unit), "decimals": 0},
        "series": [
            {
                "name": names[0], "kind": "line", "axis": "left", "tone": "step4",
                "values": [_plotted(p.value, scale) for p in points], "labels": [row[0] for row in said],
            },
            {
                "name": names[1], "kind": "line", "axis": "left", "tone": "limit",
                "values": [_plotted(p.expected, scale) for p in points], "labels": [row[1] for row in said],
            },
        ],
        "missing": words.reason("not-reported"),
    }  # fmt: skip
    return Chart(
        key="course",
        title=_title(one, points),
        caption=_caption(one, points),
        summary=_("The value month by month as a line, and the straight line that it is held against."),
        spec=spec,
        download=download,
        table=Table(
            (_("Month"), *names),
            tuple((words.month(point.month), *row) for point, row in zip(points, said, strict=True)),
        ),
    )


def axis(unit: str) -> str:
    if wording.is_money(unit):
        return words.table_unit()
    return words.say(wording.UNITS.get(unit, Text(unit, unit))).strip(" ()")


def _title(one: Standing, points: Sequence[Point]) -> str:
    """The finding, from the last month that is known."""
    known = [point for point in points if point.value is not None]
    if not known or known[-1].value is None:
        return _("Nothing is known of it in these months")
    last = wording.amount(known[-1].value, one.target.unit)
    better = known[-1].ahead
    if better is None:
        return _("%(value)s in %(month)s") % {"value": last, "month": words.month(known[-1].month)}
    gap = wording.gap(abs(better), one.target.unit)
    said = (
        _("%(month)s: %(value)s, ahead of its line by %(gap)s")
        if better >= 0
        else _("%(month)s: %(value)s, behind its line by %(gap)s")
    )
    return said % {"month": words.month(known[-1].month), "value": last, "gap": gap}


def _caption(one: Standing, points: Sequence[Point]) -> str:
    said = _("Unit: %(unit)s. %(line)s Source: %(source)s; %(first)s to %(last)s.")
    lines = one.reason("target.expected") if all(p.expected is None for p in points) else ""
    return said % {
        "unit": axis(one.target.unit),
        "line": _("Dashed: by days on a straight line to the target at its deadline.")
        if not lines
        else _("There is no line: %(reason)s.") % {"reason": words.reason(lines)},
        "source": _("computed here")
        if one.target.tracking == "computed" or one.fact.complete
        else _("reports in force today"),
        "first": words.month(points[0].month),
        "last": words.month(points[-1].month),
    }


def _scale(unit: str) -> Decimal:
    if not wording.is_money(unit):
        return Decimal(1)
    return Decimal(1_000_000) if words.language() == "en" else Decimal(10_000)


def _plotted(value: Decimal | None, scale: Decimal) -> float | None:
    return None if value is None else float(value / scale)


def _said(value: Decimal | None, unit: str) -> str:
    if value is None:
        return DASH
    return wording.number((value / _scale(unit)).quantize(Decimal("0.01")))
