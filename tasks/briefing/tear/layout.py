"""What a one-page sheet holds before it is set. Texts are ready to print; what may grow says how little it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from tasks.briefing.layout import Chart, Column, Language, Tile


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with their values, row by row over so many columns. A long value takes two lines, then is cut."""

    items: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of which the first rows are shown, as many as the page has room for, `least` at the least.

    `rest(n)` says what is in the rows after the first n, which are left out. While its neighbours grow by a
    row it grows by `pace`.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    rest: Callable[[int], str]
    total: tuple[str, ...] | None = None
    least: int = 2
    pace: int = 1


def nothing(why: str) -> Listing:
    """In the place of what is not there: why it is not."""
    return Listing(columns=(), rows=(), empty=why, rest=lambda _shown: "")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart without its frame of title and small print, as high as the page has room for."""

    chart: Chart
    least: float = 96.0
    most: float = 150.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One station of a road. What was not reached says so in `what` and has no day."""

    title: str
    when: str
    what: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Road:
    """Stations from left to right, those that were reached joined by a line."""

    stops: tuple[Stop, ...]


Body = Pairs | Listing | Picture | Road


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page under its title; `share` is its part of the width among its neighbours."""

    title: str
    body: Body
    unit: str = ""
    note: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """The whole sheet. `bands` stand below each other, the panels of one side by side.

    `proof` says at the foot which data it was made of; `keywords` is the snapshot's fingerprint in full.
    """

    language: Language
    kind: str
    unit_name: str
    month_label: str
    title: str
    subtitle: str
    facts: Pairs
    tiles: tuple[tuple[Tile, ...], ...]
    bands: tuple[tuple[Panel, ...], ...]
    notes: tuple[str, ...]
    proof: tuple[str, ...]
    keywords: str
