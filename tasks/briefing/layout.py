"""What one issue of the briefing holds, before it is set: the tree that content builds and the setter reads.

Every text arrives ready to print: rounded, worded, in the issue's language; a number among them remembers its
figures (`origin`). The setter numbers the sections, writes its own few words (`wording`) and computes no figure.
Texts are plain: markup characters print as themselves. A value that nobody reported is None, and is said, never
drawn as zero.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Literal

from tasks.briefing.origin import Sentence

Words = str | Sentence
Language = Literal["zh-hans", "en"]
Align = Literal["left", "right", "centre"]


class ChartKind(StrEnum):
    """How a chart is drawn; what each expects of its series is said in `Chart`."""

    BARS = "bars"
    GROUPED_BARS = "grouped-bars"
    STACKED_BARS = "stacked-bars"
    STACKED_BARS_AND_LINE = "stacked-bars-and-line"
    HORIZONTAL_BARS = "horizontal-bars"
    LINES = "lines"
    BRIDGE = "bridge"
    DOTS_AND_LIMITS = "dots-and-limits"
    FUNNEL = "funnel"
    SMALL_MULTIPLES = "small-multiples"


class MisfitError(ValueError):
    """The content does not fit its frame: a row with too many cells, a series with too few values."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure of page 1. `value` may be "—"; then `note` says why."""

    label: str
    value: str
    unit: str = ""
    change_labels: tuple[Words, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, first line indented by two characters."""

    text: Words


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading of the second level inside a section; numbered （一）, （二） by the setter."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A table column. `weight` is its share of the width that is left once every text fits."""

    heading: str
    align: Align = "left"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under repeated heads; `total_row` sets the last row apart. No rows: `empty_text` is said."""

    number: int
    caption: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    empty_text: str
    total_row: bool = False
    note: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a table without columns and a row that is not as long as the heads."""
        if not self.columns:
            raise MisfitError(f"table {self.number} has no columns")
        for position, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise MisfitError(
                    f"table {self.number}, row {position}: {len(row)} cells, {len(self.columns)} columns"
                )


@dataclass(frozen=True, slots=True)
class Series:
    """One row of a chart. `labels` are the values as printed; without them only the axis tells."""

    name: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across the plot at `value`, named."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing whose title is its finding.

    Each series has one value a category. By kind:

    * BARS, HORIZONTAL_BARS, FUNNEL: one series; FUNNEL: values of zero or more.
    * GROUPED_BARS, STACKED_BARS, LINES: one to six series.
    * STACKED_BARS_AND_LINE: the last series is the line. With `line_unit` it has a scale of its own and
      runs in a panel above the bars; without, it shares theirs.
    * BRIDGE: two series, where each bar starts and where it ends, in the order of the categories.
    * DOTS_AND_LIMITS: the first series is the present value; a second one, if any, is each row's own
      limit; the first series' labels stand at the right edge.
    * SMALL_MULTIPLES: one to eighteen series over the same months, a panel each on one scale; of the
      labels the last is printed.
    """

    number: int
    finding: Words
    unit: str
    as_of: str
    source: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()
    note: str = ""
    line_unit: str = ""
    empty_text: str = ""

    def __post_init__(self) -> None:
        """Refuse series that do not match the categories or the kind, and values that are no numbers."""
        for series in self.series:
            lengths = {len(series.values), len(series.labels) or len(series.values), len(self.categories)}
            if len(lengths) > 1:
                raise MisfitError(f"chart {self.number}, {series.name}: one value and label a category")
            if not all(value is None or isfinite(value) for value in series.values):
                raise MisfitError(f"chart {self.number}, {series.name}: a value is not finite")
            if self.kind is ChartKind.FUNNEL and any(
                value is not None and value < 0 for value in series.values
            ):
                raise MisfitError(f"chart {self.number}: a funnel has no negative values")
        least, most = SERIES_OF_KIND.get(self.kind, (1, 6))
        if self.categories and not least <= len(self.series) <= most:
            raise MisfitError(f"chart {self.number}: {self.kind} takes {least} to {most} series")


SERIES_OF_KIND = {
    ChartKind.BARS: (1, 1),
    ChartKind.HORIZONTAL_BARS: (1, 1),
    ChartKind.FUNNEL: (1, 1),
    ChartKind.BRIDGE: (2, 2),
    ChartKind.DOTS_AND_LIMITS: (1, 2),
    ChartKind.STACKED_BARS_AND_LINE: (2, 6),
    ChartKind.SMALL_MULTIPLES: (1, 18),
}

Block = Paragraph | Subheading | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter. `heading` comes without its ordinal; `anchor` names its bookmark and is unique."""

    heading: str
    anchor: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Colophon:
    """The end of the last page: to whom, from which data, and how to check it."""

    snapshot_no: str
    fingerprint: str
    as_of_label: str
    generated_label: str
    distribution: tuple[str, ...] = ()
    copies: str = ""
    notes: tuple[str, ...] = ()
    verify_text: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. Without `issue_no` it is an unnumbered draft; `watermark` crosses every page.

    `dated` is the day that the file itself bears in its properties; without it they show 1 January 2000.
    `correction` counts the editions that correct this number: 1 for the first.
    """

    series: str
    title: str
    unit_name: str
    month_label: str
    language: Language
    key_points: tuple[Words, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    colophon: Colophon
    issue_no: int | None = None
    total_no: int | None = None
    date_label: str | None = None
    classification_note: str = ""
    watermark: str | None = None
    dated: date | None = None
    correction: int = 0

    def __post_init__(self) -> None:
        """Refuse two sections under one anchor: a bookmark would lead to the wrong one."""
        anchors = [section.anchor for section in self.sections]
        if len(set(anchors)) != len(anchors):
            raise MisfitError("two sections share an anchor")
