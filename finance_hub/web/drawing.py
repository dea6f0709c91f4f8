"""Numbers to the coordinates of small drawings, so that pages need no script and no inline style."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from finance_hub.web.contexts.funds import Bar, Drawing, Mark

WIDTH = 120
HEIGHT = 28
MARGIN = 3


class Line(NamedTuple):
    """A sparkline: the `points` of its polylines, and its last known point ("" without one)."""

    paths: tuple[str, ...]
    last_x: str
    last_y: str


def percent_width(part: Decimal, *, whole: Decimal) -> str:
    """Share of a bar in percent with one decimal, held between 0 and 100; "0.0" if whole is 0."""
    if whole <= 0:
        return "0.0"
    share = min(max(part / whole * 100, Decimal(0)), Decimal(100))
    return str(share.quantize(Decimal("0.1")))


def sparkline(values: Sequence[Decimal | None]) -> Line:
    """The line of a series in a box of 120 × 28, oldest value first.

    Gaps (None) break the line: unreported months are not bridged. A single month between gaps
    becomes a line of length zero, which round caps draw as a dot.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Line((), "", "")
    points = [_place(value, position, len(values), known) for position, value in enumerate(values)]
    last_x, last_y = next(point for point in reversed(points) if point).split(",")
    return Line(_runs(points), last_x, last_y)


def _place(value: Decimal | None, position: int, count: int, known: Sequence[Decimal]) -> str:
    if value is None:
        return ""
    low, high = min(known), max(known)
    across = Decimal(position) / max(count - 1, 1)
    up = (value - low) / (high - low) if high > low else Decimal("0.5")
    x = MARGIN + across * (WIDTH - 2 * MARGIN)
    y = HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)
    return f"{x:.1f},{y:.1f}"


def _runs(points: Sequence[str]) -> tuple[str, ...]:
    runs: list[list[str]] = [[]]
    for point in points:
        if point:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return tuple(" ".join(run if len(run) > 1 else run * 2) for run in runs if run)


#: The box of `flows`: room on the left for the levels, below for the years.
FLOWS_WIDTH, FLOWS_HEIGHT = 640, 280
LEFT, RIGHT, TOP, FOOT = 70, 632, 10, 254
_LEVELS = 5
_MOST_YEARS = 12


def flows(years: Mapping[int, tuple[Decimal, Decimal]], path: Sequence[tuple[date, Decimal]]) -> Drawing:
    """What was paid in (down) and got (up) by year as bars, and the cumulative net flow as a line.

    `years` holds every year of the span in order, each with two amounts of 0 or more; `path` begins from
    zero. Levels are marked by the amounts they stand for, as text of whole numbers, to be worded by the page.
    """
    below, above = (-paid for paid, _got in years.values()), (got for _paid, got in years.values())
    scale = _Scale.over([*below, *above, *(sum_ for _day, sum_ in path)])
    first, slot, up = next(iter(years)), Decimal(RIGHT - LEFT) / len(years), scale.up

    def across(day: date) -> Decimal:
        length = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days
        passed = Decimal((day - date(day.year, 1, 1)).days) / length
        return LEFT + (day.year - first + passed) * slot

    return scale.drawing(
        list(years),
        bars=tuple(
            bar
            for position, amounts in enumerate(years.values())
            for bar in _bars(amounts, left=LEFT + position * slot, slot=slot, up=up)
        ),
        path=_points(_steps([(across(d), up(s)) for d, s in path], up(Decimal(0)))),
    )


def band(
    years: Sequence[int],
    *,
    base: Sequence[Decimal],
    low: Sequence[Decimal],
    high: Sequence[Decimal],
) -> Drawing:
    """A sum at the end of each year as a line, within the area between two others; as long as `years`.

    A line that is not known is empty; without both its edges there is no area.
    """
    scale = _Scale.over([*base, *low, *high])
    slot = Decimal(RIGHT - LEFT) / len(years)

    def line(sums: Sequence[Decimal]) -> list[tuple[Decimal, Decimal]]:
        return [(LEFT + (at + Decimal("0.5")) * slot, scale.up(amount)) for at, amount in enumerate(sums)]

    area = [*line(low), *reversed(line(high))] if low and high else []
    return scale.drawing(years, bars=(), path=_points(line(base)), area=_points(area))


class _Scale(NamedTuple):
    """Levels of `step` from `low` to `high` steps, zero among them, over the height of the box."""

    step: Decimal
    low: int
    high: int

    @classmethod
    def over(cls, amounts: Sequence[Decimal]) -> "_Scale":
        lowest, highest = min([Decimal(0), *amounts]), max([Decimal(0), *amounts])
        step = _step(highest - lowest)
        low = int((lowest / step).to_integral_value("ROUND_FLOOR"))
        return cls(step, low, max(int((highest / step).to_integral_value("ROUND_CEILING")), low + 1))

    def up(self, amount: Decimal) -> Decimal:
        return FOOT - (amount / self.step - self.low) / (self.high - self.low) * (FOOT - TOP)

    def drawing(self, years: Sequence[int], *, bars: tuple[Bar, ...], path: str, area: str = "") -> Drawing:
        """In the box, with a slot for each year; of many years not all are named."""
        slot = Decimal(RIGHT - LEFT) / len(years)
        return Drawing(
            width=FLOWS_WIDTH,
            height=FLOWS_HEIGHT,
            left=str(LEFT),
            right=str(RIGHT),
            foot=str(FOOT),
            zero=f"{self.up(Decimal(0)):.1f}",
            bars=bars,
            path=path,
            years=tuple(
                Mark(f"{LEFT + (position + Decimal('0.5')) * slot:.1f}", str(year))
                for position, year in enumerate(years)
                if position % (len(years) // (_MOST_YEARS + 1) + 1) == 0
            ),
            levels=tuple(
                Mark(f"{self.up(self.step * n):.1f}", f"{self.step * n:f}")
                for n in range(self.low, self.high + 1)
            ),
            area=area,
        )


def _points(line: Iterable[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in line)


def _step(span: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 × 10ⁿ that cuts the span into few enough levels; 1 for no span."""
    if span <= 0:
        return Decimal(1)
    size = Decimal(10) ** (span.adjusted() - 1)
    return next(size * n for n in (1, 2, 5, 10, 20, 50, 100) if span / (size * n) <= _LEVELS)


def _bars(
    amounts: tuple[Decimal, Decimal], *, left: Decimal, slot: Decimal, up: Callable[[Decimal], Decimal]
) -> Iterator[Bar]:
    paid, got = amounts
    width, x, zero = slot * Decimal("0.6"), left + slot * Decimal("0.2"), up(Decimal(0))
    if paid > 0:
        yield Bar(f"{x:.1f}", f"{zero:.1f}", f"{width:.1f}", f"{up(-paid) - zero:.1f}", "paid")
    if got > 0:
        yield Bar(f"{x:.1f}", f"{up(got):.1f}", f"{width:.1f}", f"{zero - up(got):.1f}", "got")


def _steps(points: Sequence[tuple[Decimal, Decimal]], zero: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """A sum holds until the next flow: the line goes level and then up or down, from zero on."""
    level = zero
    for x, y in points:
        yield x, level
        yield x, y
        level = y
