"""Small multiples: a panel a series, all on one scale, with the limit as a line and the last value said."""

from dataclasses import dataclass

from tasks.briefing import text
from tasks.briefing.charts import plot as plots
from tasks.briefing.charts.lines import stroke, track_of
from tasks.briefing.charts.plot import Box, Plot
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Chart, Series
from tasks.briefing.pen import GREY, HAIR, Pen
from tasks.briefing.wording import Wording

A_ROW = 3
GUTTER = 14.0
NAME_LINES = 2
NAME_PITCH = 9.5
HEAD = NAME_LINES * NAME_PITCH + 4
FOOT = 20.0
TICKS = 2


@dataclass(frozen=True, slots=True)
class Panel:
    """One series in its part of the area; the first panel of a row bears the scale."""

    area: Box
    series: Series
    scaled: bool


def rows_of(chart: Chart) -> int:
    """How many rows of panels a chart takes."""
    return -(-len(chart.series) // A_ROW)


def draw(pen: Pen, area: Box, chart: Chart, words: Wording) -> None:
    """Draw the panels from the upper left, row by row."""
    values = [value for series in chart.series for value in series.values]
    axis = plots.scale([*values, *(limit.value for limit in chart.limits)], ticks=TICKS)
    named = 17.0 if chart.limits else 0.0
    _limit_line(pen, area, chart)
    area = area.inset(top=named, left=plots.tick_width(axis))
    height = area.height / rows_of(chart)
    width = (area.width - GUTTER * (A_ROW - 1)) / A_ROW
    for position, series in enumerate(chart.series):
        down, across = divmod(position, A_ROW)
        place = Box(area.left + across * (width + GUTTER), area.top - (down + 1) * height, width, height)
        _panel(pen, Panel(place, series, not across), axis, chart, words)


def _limit_line(pen: Pen, area: Box, chart: Chart) -> None:
    """What the dashed lines mean, once for all panels."""
    x = area.left
    for limit in chart.limits:
        name = text.shortened(text.clean(limit.label), plots.LABEL, area.width / len(chart.limits) - 34)
        pen.line(x, area.top - 5, x + 18, area.top - 5, width=1.0, dash=(4, 2.5))
        pen.text(x + 22, area.top - 8, name, size=plots.LABEL)
        x += 34 + text.width(name, plots.LABEL)


def _panel(pen: Pen, panel: Panel, axis: plots.Scale, chart: Chart, words: Wording) -> None:
    """Name and last value above, the line over its months below."""
    box = panel.area.inset(top=HEAD, bottom=FOOT)
    plot = Plot(pen, box, axis, words)
    _heading(plot, panel)
    for tick in axis.ticks():
        y = plot.y(tick)
        pen.line(box.left, y, box.right, y, width=0.3, tone=HAIR)
        if panel.scaled:
            pen.text(
                box.left - 4, y - 2.6, axis.label(tick), size=plots.SMALL_LABEL, tone=GREY, anchor="right"
            )
    plots.base_line(plot)
    plots.limits(plot, chart.limits)
    for (centre, _), value in zip(
        plots.slots(box, len(panel.series.values)), panel.series.values, strict=True
    ):
        if value is None:
            plots.gap(plot, centre, box.bottom)
    stroke(pen, track_of(plot, panel.series), 0, radius=1.6)
    _span(plot, chart)


def _heading(plot: Plot, panel: Panel) -> None:
    """The series' name in two lines at most, and beside it the value of the last month as printed."""
    last = text.clean(panel.series.labels[-1]) if panel.series.labels else ""
    last = text.shortened(last, plots.LABEL, plot.box.width * 0.45, face=Face.BOLD)
    room = plot.box.width - text.width(last, plots.LABEL, face=Face.BOLD) - 6
    broken = text.lines(text.clean(panel.series.name), plots.LABEL, room)
    for position, line in enumerate(text.at_most(NAME_LINES, broken, plots.LABEL, room)):
        y = panel.area.top - 8 - position * NAME_PITCH
        plot.pen.text(plot.box.left, y, line, size=plots.LABEL)
    plot.pen.text(plot.box.right, panel.area.top - 8, last, size=plots.LABEL, face=Face.BOLD, anchor="right")


def _span(plot: Plot, chart: Chart) -> None:
    """The first and the last month below a panel."""
    names = [text.clean(name) for name in (chart.categories[0], chart.categories[-1])]
    first, last = (text.shortened(name, plots.SMALL_LABEL, plot.box.width / 2 - 3) for name in names)
    y = plot.box.bottom - 9
    if len(chart.categories) > 1:
        plot.pen.text(plot.box.left, y, first, size=plots.SMALL_LABEL, tone=GREY)
    plot.pen.text(plot.box.right, y, last, size=plots.SMALL_LABEL, tone=GREY, anchor="right")
