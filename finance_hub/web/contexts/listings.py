"""The pages of the listings: the board and the list, the forecast, and an attempt."""

from dataclasses import dataclass

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.deals import Step, Views
from finance_hub.web.contexts.firms import Column
from finance_hub.web.contexts.grids import Grid, Line
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; GETs `board`, `stage`, `q` and, for the list, `view`."""

    url: str
    text: str
    boards: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    view: str
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """An attempt on the board. `age` says how long it is in the stage, `quiet` that this is long."""

    title: str
    url: str
    board: str
    since: str
    age: str
    quiet: Status | None


@dataclass(frozen=True, slots=True)
class Pile:
    """A column; `more` leads to the attempts that are not shown."""

    key: str
    title: str
    count: str
    cards: tuple[Card, ...]
    more: Link | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The stored forecast; without one `empty` says what is missing and who delivers it.

    `lead` is the finding, `said` what must be read with it.
    """

    lead: str
    said: tuple[str, ...]
    chart: Chart | None
    ways: Grid
    chances: Grid
    readiness: Grid
    download_url: str
    empty: str


@dataclass(frozen=True, slots=True)
class Board:
    found: str
    filter: Filter
    views: Views
    open: tuple[Pile, ...]
    ended: tuple[Pile, ...]
    ended_said: str
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class ListingList:
    """The same attempts as a table, a page of them."""

    found: str
    filter: Filter
    views: Views
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """`actions` are what can be entered, none for readers; the first is the one that takes it on.

    `note` says that the attempt was taken back; it then has no `road`.
    """

    title: str
    back: Link
    firm: Link
    line: str
    standing: Status
    age: str
    quiet: Status | None
    actions: tuple[Link, ...]
    facts: tuple[Fact, ...]
    road: tuple[Step, ...]
    note: str
    limits: Grid
    parties: Grid
    filings: Grid
    readiness: Grid
    years: Grid
    statements: Grid
    history: Grid
    download_url: str
