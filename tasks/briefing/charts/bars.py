"""Upright bars: single, grouped, stacked, stacked under a line, and the bridge between two balances."""

from itertools import pairwise

from tasks.briefing import text
from tasks.briefing.charts import plot as plots
from tasks.briefing.charts.plot import Box, Plot, Scale, ValueLabel
from tasks.briefing.layout import Chart, ChartKind, Series
from tasks.briefing.pen import BLACK, WHITE, Hatch, Pen
from tasks.briefing.wording import Wording

PANEL = 84.0  # of a line with a scale of its own, with its name above
HEADROOM = 12.0  # above the highest tick, for a value label
INSIDE = 10.0  # a segment lower than this carries no label
LIMIT_AT_MOST = 0.25  # of the width, for the name of a limit beside the plot
NAME_AT_MOST = 0.35  # of the width, for the name of a line
STACKED = frozenset({ChartKind.STACKED_BARS, ChartKind.STACKED_BARS_AND_LINE})

Cells = list[tuple[float | None, str]]


def draw(pen: Pen, area: Box, chart: Chart, words: Wording) -> None:
    """Draw the chart into the area."""
    line = chart.series[-1] if chart.kind is ChartKind.STACKED_BARS_AND_LINE else None
    bars = chart.series[:-1] if line else chart.series
    axis = _bar_scale(chart, bars, line)
    panel = plots.scale(line.values, ticks=3, from_zero=False) if line and chart.line_unit else None
    beside = max(plots.tick_width(axis), plots.tick_width(panel) if panel else 0.0)
    below = area.inset(top=PANEL) if panel else area
    legend = 16.0 if len(chart.series) > 1 and chart.kind is not ChartKind.BRIDGE else 0.0
    names = plots.limit_names(chart.limits, area.width * LIMIT_AT_MOST)
    right = max((text.width(name, plots.LABEL) + 6 for name in names), default=0.0)
    box = below.inset(left=beside, right=right, top=legend + HEADROOM)
    below_axis = plots.categories(chart.categories, box.width / len(chart.categories))
    plot = Plot(pen, box.inset(bottom=below_axis.foot), axis, words)
    plots.left_axis(plot)
    below_axis.write(pen, plot.box)
    labels = _bars(plot, chart, bars)
    plots.base_line(plot)
    plots.limits(plot, chart.limits)
    for label in labels:
        label.write(pen, ground=WHITE if chart.limits else None)
    plots.write_names(plot, names, [plot.y(limit.value) for limit in chart.limits])
    if line and panel:
        upper = Box(box.left, area.top - PANEL + 10, box.width, PANEL - 34)
        plots.left_axis(Plot(pen, upper, panel, words))
        _line(Plot(pen, upper, panel, words), line)
        _line_name(pen, area, f"{line.name}{words.in_unit(chart.line_unit)}")
    elif line:
        _line(plot, line)
        _line_name(pen, area, line.name)
    _legend(pen, below, chart, bars, line)


def _bar_scale(chart: Chart, bars: tuple[Series, ...], line: Series | None) -> Scale:
    """A scale for the bars, their limits, and the line when it shares their axis."""
    values: list[float | None] = [limit.value for limit in chart.limits]
    if line and not chart.line_unit:
        values += line.values
    if chart.kind in STACKED:
        for stack in zip(*(series.values for series in bars), strict=True):
            present = [value for value in stack if value is not None]
            values += [sum(v for v in present if v > 0), sum(v for v in present if v < 0)]
    else:
        values += [value for series in bars for value in series.values]
    return plots.scale(values)


def _bars(plot: Plot, chart: Chart, bars: tuple[Series, ...]) -> list[ValueLabel]:
    """Draw every category with the painter of the kind; the labels above bars come later, over limits."""
    labels: list[ValueLabel] = []
    paint = _bridge if chart.kind is ChartKind.BRIDGE else _stack if chart.kind in STACKED else _group
    for position, (centre, slot) in enumerate(plots.slots(plot.box, len(chart.categories))):
        cells = [(s.values[position], s.labels[position] if s.labels else "") for s in bars]
        labels += paint(plot, centre, slot, cells)
    return labels


def _group(plot: Plot, centre: float, slot: float, cells: Cells) -> list[ValueLabel]:
    """Bars side by side, each from zero."""
    labels = []
    each = min(34.0, slot * 0.78 / len(cells))
    zero = plot.y(0.0)
    for position, (value, label) in enumerate(cells):
        x = centre + (position - len(cells) / 2) * each
        if value is None:
            plots.gap(plot, x + each / 2, zero)
            continue
        y = plot.y(value)
        _fill(plot, x, zero, each, y, position)
        room = slot * 0.98 if len(cells) == 1 else each * 1.1
        above = max(y, zero) + 2.5 if value >= 0 else y - 9
        labels.append(ValueLabel(x + each / 2, above, label, room))
    return labels


def _stack(plot: Plot, centre: float, slot: float, cells: Cells) -> list[ValueLabel]:
    """Bars upon each other: above zero what is positive, below it what is negative."""
    each = min(40.0, slot * 0.62)
    up, down = 0.0, 0.0
    for position, (value, label) in enumerate(cells):
        if value is None:
            continue
        base = up if value >= 0 else down
        y0, y1 = plot.y(base), plot.y(base + value)
        up, down = (up + value, down) if value >= 0 else (up, down + value)
        _fill(plot, centre - each / 2, y0, each, y1, position)
        if abs(y1 - y0) >= INSIDE and label:
            _inside(plot, centre, (y0 + y1) / 2, label, each, position)
    missing = sum(value is None for value, _ in cells)
    if missing:
        plots.gap(plot, centre, plot.y(up), partly=missing < len(cells))
    return []


def _bridge(plot: Plot, centre: float, slot: float, cells: Cells) -> list[ValueLabel]:
    """A bar from where it starts to where it ends: dark from zero, light for a rise, hatched for a fall."""
    (start, label), (end, end_label) = cells
    if start is None or end is None:
        plots.gap(plot, centre, plot.y(0.0))
        return []
    each = min(44.0, slot * 0.62)
    left = centre - each / 2
    y0, y1 = plot.y(start), plot.y(end)
    _fill(plot, left, y0, each, y1, 0 if start == 0 else 1 if end >= start else 2)
    if left + slot < plot.box.right:
        plot.pen.line(left + each, y1, left + slot, y1, width=0.5, dash=(1.5, 1.5))
    return [ValueLabel(centre, max(y0, y1) + 2.5, end_label or label, slot * 0.98)]


def _fill(plot: Plot, x: float, y0: float, width: float, y1: float, fill: int) -> None:
    """One bar between two heights."""
    tone, hatch = plots.FILLS[fill % len(plots.FILLS)]
    plot.pen.hatched(x, min(y0, y1), width, abs(y1 - y0), tone=tone, hatch=hatch)


def _inside(plot: Plot, x: float, y: float, label: str, room: float, fill: int) -> None:
    """A label in the middle of a segment, legible on its tone."""
    tone, hatch = plots.FILLS[fill % len(plots.FILLS)]
    dark = hatch is Hatch.SOLID and sum(tone) < 1.2
    ground = None if hatch is Hatch.SOLID else WHITE
    ValueLabel(x, y - 2.8, label, room - 2).write(plot.pen, tone=WHITE if dark else BLACK, ground=ground)


def _line(plot: Plot, line: Series) -> None:
    """The line over the bars; it stops where a value is missing."""
    places = plots.slots(plot.box, len(line.values))
    points = [
        None if value is None else (centre, plot.y(value))
        for (centre, _), value in zip(places, line.values, strict=True)
    ]
    for before, after in pairwise(points):
        if before and after:
            plot.pen.line(*before, *after, width=1.6)
    for position, ((centre, slot), point) in enumerate(zip(places, points, strict=True)):
        if point is None:
            plots.gap(plot, centre, plot.box.bottom)
            continue
        plot.pen.disc(*point, 2.4, fill=WHITE, edge_width=1.1)
        if line.labels:
            ValueLabel(centre, point[1] + 4.5, line.labels[position], slot).write(plot.pen)


def _line_name(pen: Pen, area: Box, name: str) -> None:
    """What the line shows, at the upper right."""
    name = text.shortened(text.clean(name), plots.LABEL, area.width * NAME_AT_MOST)
    start = area.right - text.width(name, plots.LABEL) - 26
    pen.line(start, area.top - 5, start + 20, area.top - 5, width=1.6)
    pen.disc(start + 10, area.top - 5, 2.4, fill=WHITE, edge_width=1.1)
    pen.text(area.right, area.top - 8, name, size=plots.LABEL, anchor="right")


def _legend(pen: Pen, area: Box, chart: Chart, bars: tuple[Series, ...], line: Series | None) -> None:
    """Names of the fills; a single row of bars needs none."""
    if chart.kind is ChartKind.BRIDGE or len(chart.series) < 2:
        return
    room = area.inset(right=area.width * NAME_AT_MOST + 30) if line and not chart.line_unit else area
    plots.legend(pen, room, [(series.name, position) for position, series in enumerate(bars)])
