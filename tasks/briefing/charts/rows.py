"""Charts that run down the page, a row a category: sorted bars, dots against limits, the funnel."""

from dataclasses import dataclass
from itertools import pairwise

from tasks.briefing import text
from tasks.briefing.charts import plot as plots
from tasks.briefing.charts.plot import Box, Plot
from tasks.briefing.layout import Chart, ChartKind
from tasks.briefing.pen import BLACK, GREY, HAIR, WHITE, Pen
from tasks.briefing.wording import Wording

NAMES_AT_MOST = 0.36
LABELS_AT_MOST = 0.4
ROW_LINES = 2
DOWN = plots.LABEL * 0.35  # from the middle of a row to the baseline of its texts
THINNEST = 0.75  # half of a funnel bar whose value is zero, so that the stage still shows


@dataclass(frozen=True, slots=True)
class Row:
    """One category: its values by series, its label and the room for it, where its middle is, its height."""

    values: tuple[float | None, ...]
    label: str
    room: float
    middle: float
    height: float


def draw(pen: Pen, area: Box, chart: Chart, words: Wording) -> None:
    """Draw the chart into the area."""
    values = [value for series in chart.series for value in series.values]
    axis = plots.scale([*values, *(limit.value for limit in chart.limits)], ticks=6)
    names = [text.clean(name) for name in chart.categories]
    beside = min(area.width * NAMES_AT_MOST, max(text.width(name, plots.LABEL) for name in names) + 8)
    funnel = chart.kind is ChartKind.FUNNEL
    right = min(area.width * LABELS_AT_MOST, _label_width(chart))
    top, bottom = (14.0 if chart.limits else 2.0), (2.0 if funnel else 14.0)
    plot = Plot(pen, area.inset(left=beside, right=right, top=top, bottom=bottom), axis, words)
    if not funnel:
        _axis(plot)
    rows = _rows(plot, chart, right - 6)
    paint = {ChartKind.DOTS_AND_LIMITS: _dots, ChartKind.FUNNEL: _funnel}.get(chart.kind, _bar)
    for row, name in zip(rows, names, strict=True):
        _row_name(plot, name, row, beside)
        paint(plot, row)
    if funnel:
        _slopes(plot, rows)
    _limits(plot, chart)


def _label_width(chart: Chart) -> float:
    """The room beside the plot for the labels of the first series."""
    labels = chart.series[0].labels
    return max((text.width(text.clean(label), plots.LABEL) for label in labels), default=0.0) + 8


def _rows(plot: Plot, chart: Chart, room: float) -> list[Row]:
    """The categories from the top down."""
    each = plot.box.height / len(chart.categories)
    labels = chart.series[0].labels or ("",) * len(chart.categories)
    columns = zip(*(series.values for series in chart.series), strict=True)
    return [
        Row(values, text.clean(label), room, plot.box.top - (position + 0.5) * each, each)
        for position, (values, label) in enumerate(zip(columns, labels, strict=True))
    ]


def _axis(plot: Plot) -> None:
    """Ticks below the plot, hairlines down it, and the line of zero."""
    for tick in plot.axis.ticks():
        x = plot.x(tick)
        plot.pen.line(x, plot.box.bottom, x, plot.box.top, width=0.3, tone=HAIR)
        label = plot.axis.label(tick)
        plot.pen.text(x, plot.box.bottom - 10, label, size=plots.LABEL, tone=GREY, anchor="centre")
    zero = plot.x(0.0)
    plot.pen.line(zero, plot.box.bottom, zero, plot.box.top, width=0.8)


def _row_name(plot: Plot, name: str, row: Row, room: float) -> None:
    """The category at the left, in one line or two; the table beside a chart has it in full."""
    size = min(plots.LABEL, row.height * 0.85)
    most = ROW_LINES if row.height >= 2.1 * size else 1
    said = text.at_most(most, text.lines(name, size, room - 8), size, room - 8)
    first = row.middle + (len(said) - 1) * size * 0.55 - size * 0.35
    for position, line in enumerate(said):
        plot.pen.text(plot.box.left - 6, first - position * size * 1.1, line, size=size, anchor="right")


def _bar(plot: Plot, row: Row) -> None:
    """A bar from zero, its value at its end."""
    zero, value = plot.x(0.0), row.values[0]
    if value is None:
        plot.pen.text(zero + 4, row.middle - DOWN, plot.words.not_reported, size=plots.LABEL)
        return
    end = plot.x(value)
    thick = min(14.0, row.height * 0.62)
    left, length = min(zero, end), abs(end - zero)
    plot.pen.box(left, row.middle - thick / 2, length, thick, fill=plots.NAVY, edge=BLACK)
    label = text.shortened(row.label, plots.LABEL, plot.box.right + row.room - max(end, zero))
    x, y = max(end, zero) + 4, row.middle - DOWN
    if label:  # no line of the axis runs through it
        plot.pen.box(x - 1, y - 1.5, text.width(label, plots.LABEL) + 2, plots.LABEL + 0.5, fill=WHITE)
    plot.pen.text(x, y, label, size=plots.LABEL)


def _dots(plot: Plot, row: Row) -> None:
    """A dot at the present value, a stroke at the row's own limit, the words at the right edge."""
    value, bound = row.values[0], row.values[1] if len(row.values) > 1 else None
    plot.pen.line(plot.box.left, row.middle, plot.box.right, row.middle, width=0.3, tone=HAIR)
    if bound is not None:
        x, half = plot.x(bound), min(6.0, row.height * 0.4)
        plot.pen.line(x, row.middle - half, x, row.middle + half, width=1.8)
    if value is None:
        said = plot.words.not_reported
        plot.pen.text(plot.box.left + 4, row.middle + 1.5, said, size=plots.LABEL)
    else:
        plot.pen.line(plot.x(0.0), row.middle, plot.x(value), row.middle, width=1.2, tone=plots.MIDDLE)
        plot.pen.disc(plot.x(value), row.middle, 3.2, fill=plots.NAVY)
    _label(plot, row)


def _label(plot: Plot, row: Row) -> None:
    """The words at the right edge of a row."""
    label = text.shortened(row.label, plots.LABEL, row.room)
    plot.pen.text(plot.box.right + 6, row.middle - DOWN, label, size=plots.LABEL)


def _half(plot: Plot, value: float) -> float:
    """Half of the length of a funnel bar."""
    return max(THINNEST, value / plot.axis.high * plot.box.width / 2)


def _funnel(plot: Plot, row: Row) -> None:
    """A bar around the middle, as long as its value."""
    centre, value = plot.box.left + plot.box.width / 2, row.values[0]
    if value is None:
        said = plot.words.not_reported
        plot.pen.text(centre, row.middle - DOWN, said, size=plots.LABEL, anchor="centre")
        return
    half, thick = _half(plot, value), row.height * 0.66
    plot.pen.box(centre - half, row.middle - thick / 2, 2 * half, thick, fill=plots.LIGHT, edge=BLACK)
    _label(plot, row)


def _slopes(plot: Plot, rows: list[Row]) -> None:
    """Slanting edges from each funnel bar to the next, where both have a value."""
    centre = plot.box.left + plot.box.width / 2
    for upper, lower in pairwise(rows):
        if upper.values[0] is None or lower.values[0] is None:
            continue
        start, end = _half(plot, upper.values[0]), _half(plot, lower.values[0])
        high, low = upper.middle - upper.height * 0.33, lower.middle + lower.height * 0.33
        for side in (-1, 1):
            plot.pen.line(centre + side * start, high, centre + side * end, low, width=0.4, tone=GREY)


def _limits(plot: Plot, chart: Chart) -> None:
    """Dashed lines down the plot with their names above."""
    for limit in chart.limits:
        x, top = plot.x(limit.value), plot.box.top
        plot.pen.line(x, plot.box.bottom, x, top + 2, width=1.0, dash=(4, 2.5))
        name = text.shortened(text.clean(limit.label), plots.LABEL, plot.box.width / 2)
        half = text.width(name, plots.LABEL) / 2
        at = min(max(x, plot.box.left + half), plot.box.right - half)
        plot.pen.text(at, top + 5, name, size=plots.LABEL, anchor="centre")
