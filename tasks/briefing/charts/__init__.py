"""Charts as strips: the finding above, the drawing, and below it unit, date and source.

Everything is drawn in vectors with the briefing's own pen, so that text stays text in the one embedded
font, and in tones and hatchings that survive a copying machine.
"""

from collections.abc import Iterator

from tasks.briefing import prose, sheet, text
from tasks.briefing.charts import bars, lines, multiples, rows
from tasks.briefing.charts.plot import Box
from tasks.briefing.flow import Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Chart, ChartKind
from tasks.briefing.origin import parts_of
from tasks.briefing.pen import GREY, Pen
from tasks.briefing.prose import Style
from tasks.briefing.wording import Wording

TITLE = Style(10.5, 15.0, face=Face.BOLD)
HEIGHT, LEAST = 190.0, 145.0
PANEL = 70.0  # more, for a line in a panel of its own
ROW_HEIGHT, ROW_LEAST, ROWS_AT_MOST = 22.0, 17.0, 520.0
EMPTY_HEIGHT = 40.0
PANEL_ROW, PANEL_ROW_LEAST = 98.0, 82.0
PAINTERS = {ChartKind.LINES: lines.draw, ChartKind.SMALL_MULTIPLES: multiples.draw}
DOWN_THE_PAGE = frozenset({ChartKind.HORIZONTAL_BARS, ChartKind.DOTS_AND_LIMITS, ChartKind.FUNNEL})


def strips(chart: Chart, words: Wording) -> Iterator[Strip]:
    """One chart, never parted from its title and its small print."""
    title = (f"{words.figure(chart.number)}{words.joint}", *parts_of(chart.finding))
    yield from prose.paragraph(title, TITLE, space=14.0, keep=True)
    yield drawing(chart, words)
    said = [f"{words.unit}{chart.unit}"] if chart.unit else []
    said.append(chart.as_of)
    if chart.source:
        said.append(f"{words.source}{chart.source}")
    below = list(prose.paragraph(words.joint.join(filter(None, said)), prose.SMALL, keep=bool(chart.note)))
    yield from below
    if chart.note:
        yield from prose.paragraph(f"{words.note}{chart.note}", prose.SMALL)


def drawing(chart: Chart, words: Wording) -> Strip:
    """The strip with the drawing, which may be pressed a little to stay on its page."""
    if all(value is None for series in chart.series for value in series.values):
        return _nothing(chart, words)
    down = chart.kind in DOWN_THE_PAGE
    painter = rows.draw if down else PAINTERS.get(chart.kind, bars.draw)
    height, least = (HEIGHT + PANEL, LEAST + PANEL) if chart.line_unit else (HEIGHT, LEAST)
    if down:
        count = len(chart.categories)
        height, least = (min(ROWS_AT_MOST, 30 + count * each) for each in (ROW_HEIGHT, ROW_LEAST))

    if chart.kind is ChartKind.SMALL_MULTIPLES:
        height, least = (
            min(ROWS_AT_MOST, 20 + multiples.rows_of(chart) * each) for each in (PANEL_ROW, PANEL_ROW_LEAST)
        )

    def draw(pen: Pen, top: float, given: float) -> None:
        painter(pen, Box(sheet.LEFT, top - given + 4, sheet.MEASURE, given - 8), chart, words)

    return Strip(height, draw, keep=True, least=least)


def _nothing(chart: Chart, words: Wording) -> Strip:
    """What is said where there is nothing to draw."""
    said = text.shortened(text.clean(chart.empty_text or words.not_reported), 10.5, sheet.MEASURE - 24)

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.box(sheet.LEFT, top - height + 4, sheet.MEASURE, height - 8, edge=GREY)
        middle = sheet.LEFT + sheet.MEASURE / 2
        pen.text(middle, top - height / 2 - 4, said, size=10.5, tone=GREY, anchor="centre")

    return Strip(EMPTY_HEIGHT, draw, keep=True)
