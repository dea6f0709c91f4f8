"""Charts and their table twins.

A chart is drawn by the browser from `ChartSpec` (serialised with `json_script`); the same
figures stand in `table`, so that nothing can be read from the picture alone.
"""

from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict


class ChartSeries(TypedDict):
    """One series; `values` are plain numbers in the unit of its axis, None where not reported.

    `labels`, if given, replace the numbers in the tooltip (for instance "0.65 亿元" beside a
    percentage). `tone` picks the colour: four steps from light to dark, "ink" for a line over
    bars, or "limit" (dashed). Bars with the same `stack` stand on each other.
    """

    name: str
    kind: Literal["bar", "line"]
    axis: Literal["left", "right"]
    tone: Literal["step1", "step2", "step3", "step4", "ink", "limit"]
    values: list[float | None]
    stack: NotRequired[str]
    labels: NotRequired[list[str]]


class ChartAxis(TypedDict):
    """An axis title and the number of decimals on its marks."""

    name: str
    decimals: int


class ChartSpec(TypedDict):
    """What the drawing module reads; `categories` are the words under (or beside) the bars."""

    direction: Literal["vertical", "horizontal"]
    categories: list[str]
    left: ChartAxis
    right: NotRequired[ChartAxis]
    series: list[ChartSeries]
    missing: str


@dataclass(frozen=True, slots=True)
class Table:
    """The twin: the first column heads its row, the others are figures as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure: `title` says the finding, `caption` the unit, date and source.

    `key` is a word of a-z, 0-9 and hyphens, unique on the page; ids are made from it.
    `summary` is one sentence for people who do not see the picture.
    """

    key: str
    title: str
    caption: str
    summary: str
    spec: ChartSpec
    table: Table
    #: Where the same table is found as a workbook.
    download: str = ""

    @property
    def data_id(self) -> str:
        """The id of the script element that carries the spec."""
        return f"{self.key}-data"
