"""`/briefings/<id>/read`: an edition as a page, from the same tree as its PDF."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; a number leads to its records, a name to its definition."""

    text: str
    url: str = ""
    kind: Literal["", "num", "term"] = ""


Text = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """`anchor` is the id of a definition."""

    text: Text
    is_number: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names it on the page; without rows `empty` is said."""

    key: str
    title: str
    unit: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool
    empty: str
    notes: tuple[str, ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """`drawing` is SVG of ours, empty where there is none: then the table stands alone."""

    key: str
    title: Text
    drawing: str
    table: Table
    notes: tuple[str, ...]
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Text
    kind: Literal["paragraph", "subheading"] = "paragraph"


Block = Table | Chart | Paragraph


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    label: Text
    value: Text
    unit: str
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """`warning` says that it is a draft, or that a correction has taken its place."""

    title: str
    series: str
    number: str
    unit_name: str
    dated: str
    note: str
    warning: str
    points: tuple[Text, ...]
    tiles: tuple[Tile, ...]
    sections: tuple[Section, ...]
    proof: tuple[str, ...]
    sha256: str
    back_url: str
    pdf_url: str
    verify_url: str
