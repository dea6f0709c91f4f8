"""Tables whose cells are ready: one template shows them all."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a column; numbers stand to the right. Without a label it is named for the ear alone by `meaning`."""

    label: str
    is_number: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value. `exact` is the amount to the fen, shown on hover; `note` stands small beside the text."""

    text: str
    is_number: bool = False
    exact: str = ""
    note: str = ""
    url: str | None = None
    statuses: tuple[Status, ...] = ()
    links: tuple[Link, ...] = ()
    is_tight: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row; its first cell heads it."""

    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A panel with a table. `key` is its id on the page; without lines `empty` says what to do next.

    `actions` are what can be entered here; the urls page through the lines, None at either end.
    """

    key: str
    title: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    empty: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    actions: tuple[Link, ...] = ()
    previous_url: str | None = None
    next_url: str | None = None
