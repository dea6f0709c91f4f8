"""What charts share: the scale, the frame of a plot, tones that a copier keeps apart, words for gaps."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.briefing import text
from tasks.briefing.layout import Limit
from tasks.briefing.pen import BLACK, GREY, HAIR, Hatch, Pen, Tone
from tasks.briefing.wording import Wording

LABEL = 8.0
SMALL_LABEL = 7.0
LABEL_SIZES = (8.0, 7.5, 7.0, 6.5)
LABEL_LINES = 3
NAMES_APART = 10.0
NAVY: Tone = (0.11, 0.23, 0.42)
MIDDLE: Tone = (0.46, 0.59, 0.75)
LIGHT: Tone = (0.80, 0.86, 0.93)
FILLS: tuple[tuple[Tone, Hatch], ...] = (
    (NAVY, Hatch.SOLID),
    (LIGHT, Hatch.SOLID),
    (NAVY, Hatch.RISING),
    (MIDDLE, Hatch.SOLID),
    (GREY, Hatch.FALLING),
    (NAVY, Hatch.LEVEL),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.bottom + self.height

    def inset(self, *, left: float = 0.0, right: float = 0.0, top: float = 0.0, bottom: float = 0.0) -> "Box":
        """The rectangle with its edges moved inwards."""
        width, height = self.width - left - right, self.height - top - bottom
        return Box(self.left + left, self.bottom + bottom, width, height)


@dataclass(frozen=True, slots=True)
class Scale:
    """Even ticks from `low` to `high`, both of which are ticks."""

    low: float
    high: float
    step: float

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """The values of the ticks, from the low end."""
        return [self.low + k * self.step for k in range(round((self.high - self.low) / self.step) + 1)]

    def label(self, value: float) -> str:
        """A tick as printed: no more decimals than the step has."""
        decimals = next(d for d in range(12) if math.isclose(self.step, round(self.step, d), rel_tol=1e-6))
        shown = f"{value:,.{decimals}f}"
        return "0" if float(shown.replace(",", "")) == 0 else shown.replace("-", "−")


def scale(values: Iterable[float | None], *, ticks: int = 5, from_zero: bool = True) -> Scale:
    """A scale that holds every value that is there.

    It begins at zero, unless that is not asked for and the values lie close together far from zero.
    """
    present = [value for value in values if value is not None] or [0.0]
    low, high = min(present), max(present)
    if from_zero or low < 0.6 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        low, high = min(low, 0.0), max(high, low + 1.0)
    step = _round_step((high - low) / ticks)
    return Scale(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def _round_step(step: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart being drawn: the pen, the rectangle of the values, their scale, and the words for gaps."""

    pen: Pen
    box: Box
    axis: Scale
    words: Wording

    def x(self, value: float) -> float:
        """Where a value stands when values run to the right."""
        return self.box.left + self.axis.share(value) * self.box.width

    def y(self, value: float) -> float:
        """Where a value stands when values run upwards."""
        return self.box.bottom + self.axis.share(value) * self.box.height


def tick_width(axis: Scale) -> float:
    """The room that the labels of an axis take beside the plot."""
    return max(text.width(axis.label(tick), LABEL) for tick in axis.ticks()) + 5


def left_axis(plot: Plot) -> None:
    """Ticks and labels at the left of a plot, and hairlines across it."""
    for tick in plot.axis.ticks():
        y = plot.y(tick)
        plot.pen.line(plot.box.left, y, plot.box.right, y, width=0.3, tone=HAIR)
        label = plot.axis.label(tick)
        plot.pen.text(plot.box.left - 4, y - LABEL * 0.35, label, size=LABEL, tone=GREY, anchor="right")


def base_line(plot: Plot) -> None:
    """The line from which bars are measured: zero, or the foot of a plot that does not reach zero."""
    y = plot.y(min(max(0.0, plot.axis.low), plot.axis.high))
    plot.pen.line(plot.box.left, y, plot.box.right, y, width=0.8)


def slots(box: Box, count: int) -> list[tuple[float, float]]:
    """Centre and width of each category along the foot of a plot."""
    each = box.width / max(1, count)
    return [(box.left + (position + 0.5) * each, each) for position in range(count)]


@dataclass(frozen=True, slots=True)
class Categories:
    """The labels below a plot: their size and the lines of each."""

    size: float
    labels: tuple[tuple[str, ...], ...]

    @property
    def foot(self) -> float:
        """The height that they need."""
        return max(map(len, self.labels), default=0) * self.size * 1.2 + 6

    def write(self, pen: Pen, box: Box) -> None:
        """Write them below a plot."""
        for (centre, _), rows in zip(slots(box, len(self.labels)), self.labels, strict=True):
            for position, row in enumerate(rows):
                y = box.bottom - self.size * 1.35 - position * self.size * 1.2
                pen.text(centre, y, row, size=self.size, anchor="centre")


def categories(names: Sequence[str], slot: float) -> Categories:
    """Break each label to its slot, in the largest size in which no word has to be broken.

    What needs more than three lines is shortened: the table beside a chart has it in full.
    """
    cleaned = [text.clean(name) for name in names]
    for size in LABEL_SIZES:
        broken = [text.lines(name, size, slot - 1) for name in cleaned]
        if all(text.may_part(a[-1:], b[:1]) for rows in broken for a, b in pairwise(rows)):
            break
    kept = (text.at_most(LABEL_LINES, rows, size, slot - 1) for rows in broken)
    return Categories(size, tuple(map(tuple, kept)))


def legend(pen: Pen, area: Box, entries: Sequence[tuple[str, int]]) -> None:
    """Swatches and names along the upper edge, in (name, fill number); too many share the room evenly."""
    share = area.width / max(1, len(entries))
    natural = sum(text.width(text.clean(name), LABEL) + 30 for name, _ in entries) <= area.width
    x = area.left
    for name, fill in entries:
        words = text.shortened(text.clean(name), LABEL, area.width if natural else share - 30)
        tone, hatch = FILLS[fill % len(FILLS)]
        pen.hatched(x, area.top - 9, 12, 8, tone=tone, hatch=hatch)
        pen.text(x + 16, area.top - 8, words, size=LABEL)
        x += (text.width(words, LABEL) + 30) if natural else share


def limits(plot: Plot, lines: Sequence[Limit]) -> None:
    """Dashed lines across a plot; their names stand beside it."""
    for limit in lines:
        y = plot.y(limit.value)
        plot.pen.line(plot.box.left, y, plot.box.right, y, width=1.0, dash=(4, 2.5))


def limit_names(lines: Sequence[Limit], room: float) -> list[str]:
    """The names of limits, cut to the room beside a plot."""
    return [text.shortened(text.clean(limit.label), LABEL, room) for limit in lines]


def write_names(plot: Plot, names: Sequence[str], ends: Sequence[float]) -> None:
    """Names at the right of a plot at the heights `ends`, pushed apart where those lie close together."""
    order = sorted(range(len(names)), key=lambda index: ends[index])
    heights: list[float] = []
    for index in order:
        heights.append(max(ends[index], heights[-1] + NAMES_APART if heights else plot.box.bottom))
    excess = max(0.0, heights[-1] - plot.box.top) if heights else 0.0
    for index, height in zip(order, heights, strict=True):
        plot.pen.text(plot.box.right + 4, height - excess - 2.8, names[index], size=LABEL)


def gap(plot: Plot, x: float, y: float, *, partly: bool = False) -> None:
    """Say, upwards from (x, y), that a value (or a part of it) was not reported."""
    said = plot.words.partly_reported if partly else plot.words.not_reported
    plot.pen.upright(x, y + 2, said, size=SMALL_LABEL, tone=BLACK)


@dataclass(frozen=True, slots=True)
class ValueLabel:
    """A value to be written at (x, y), its middle at x, in no more than `room`."""

    x: float
    y: float
    label: str
    room: float

    def write(self, pen: Pen, *, tone: Tone = BLACK, ground: Tone | None = None) -> None:
        """Write it, smaller or not at all where it would touch its neighbours; on a patch of `ground`."""
        words = text.clean(self.label)
        for size in (LABEL, SMALL_LABEL, 6.0):
            width = text.width(words, size)
            if words and width <= self.room:
                if ground is not None:
                    pen.box(self.x - width / 2 - 2, self.y - 1.5, width + 4, size + 0.5, fill=ground)
                pen.text(self.x, self.y, words, size=size, tone=tone, anchor="centre")
                return
