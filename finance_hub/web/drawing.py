"""Numbers to the coordinates of small drawings, so that pages need no script and no inline style."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

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
