"""Lines over time, named at their right end."""

from itertools import pairwise

from tasks.briefing import text
from tasks.briefing.charts import plot as plots
from tasks.briefing.charts.plot import Box, Plot, ValueLabel
from tasks.briefing.layout import Chart, Series
from tasks.briefing.pen import BLACK, GREY, WHITE, Pen, Tone
from tasks.briefing.wording import Wording

# Stroke, dashes and the fill of the dots: six lines that stay apart without colour.
STROKES: tuple[tuple[Tone, tuple[float, ...], Tone], ...] = (
    (plots.NAVY, (), plots.NAVY),
    (GREY, (5.0, 2.5), WHITE),
    (BLACK, (1.5, 2.0), BLACK),
    (plots.MIDDLE, (), WHITE),
    (BLACK, (7.0, 2.0, 1.5, 2.0), GREY),
    (GREY, (2.5, 2.5), plots.LIGHT),
)
NAMES_AT_MOST = 0.28
HEADROOM = 12.0

Track = list[tuple[float, float] | None]


def draw(pen: Pen, area: Box, chart: Chart, words: Wording) -> None:
    """Draw the chart into the area."""
    values = [value for series in chart.series for value in series.values]
    axis = plots.scale([*values, *(limit.value for limit in chart.limits)], from_zero=False)
    room = area.width * NAMES_AT_MOST
    names = [_name(series, room, words) for series in chart.series] + plots.limit_names(chart.limits, room)
    beside = max(text.width(name, plots.LABEL) for name in names) + 10
    box = area.inset(left=plots.tick_width(axis), right=beside, top=HEADROOM)
    below = plots.categories(chart.categories, box.width / len(chart.categories))
    plot = Plot(pen, box.inset(bottom=below.foot), axis, words)
    plots.left_axis(plot)
    below.write(pen, plot.box)
    plots.base_line(plot)
    plots.limits(plot, chart.limits)
    _gaps(plot, chart)
    tracks = [track_of(plot, series) for series in chart.series]
    for position, track in enumerate(tracks):
        stroke(pen, track, position)
    if len(tracks) == 1:
        _point_labels(plot, chart.series[0], tracks[0])
    limits = [plot.y(limit.value) for limit in chart.limits]
    plots.write_names(plot, names, [*_ends(plot, tracks), *limits])


def _name(series: Series, room: float, words: Wording) -> str:
    """What stands at the end of a line: its name, and that nothing was reported if so."""
    silent = all(value is None for value in series.values)
    name = text.clean(series.name)
    return text.shortened(f"{name} {words.not_reported}" if silent else name, plots.LABEL, room)


def track_of(plot: Plot, series: Series) -> Track:
    """The points of a line; None where a value is missing."""
    places = plots.slots(plot.box, len(series.values))
    return [
        None if value is None else (centre, plot.y(value))
        for (centre, _), value in zip(places, series.values, strict=True)
    ]


def stroke(pen: Pen, track: Track, position: int, *, radius: float = 2.1) -> None:
    """Draw one line with its dots, open where a value is missing."""
    tone, dash, fill = STROKES[position % len(STROKES)]
    for before, after in pairwise(track):
        if before and after:
            pen.line(*before, *after, width=1.4, tone=tone, dash=dash)
    for point in track:
        if point:
            pen.disc(*point, radius, fill=fill, edge=tone, edge_width=0.9)


def _point_labels(plot: Plot, series: Series, track: Track) -> None:
    """The value at every dot of a single line."""
    for label, point in zip(series.labels, track, strict=False):
        if point:
            ValueLabel(point[0], point[1] + 5, label, plot.box.width / len(track)).write(plot.pen)


def _gaps(plot: Plot, chart: Chart) -> None:
    """Say at the foot of a category that one line, or every line, has no value there."""
    for position, (centre, _) in enumerate(plots.slots(plot.box, len(chart.categories))):
        missing = sum(series.values[position] is None for series in chart.series)
        if missing:
            plots.gap(plot, centre, plot.box.bottom, partly=missing < len(chart.series))


def _ends(plot: Plot, tracks: list[Track]) -> list[float]:
    """How high each line ends; a line without any value is named at the foot."""
    return [
        next((point[1] for point in reversed(track) if point), plot.box.bottom + position * plots.NAMES_APART)
        for position, track in enumerate(tracks)
    ]
