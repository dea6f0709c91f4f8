"""`/deals` and one of them."""

from dataclasses import dataclass

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.firms import Column
from finance_hub.web.contexts.grids import Grid, Line
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; GETs `fund`, `lead`, `instrument`, `stage`, `q` and, for the list, `view`."""

    url: str
    text: str
    funds: tuple[Choice, ...]
    leads: tuple[Choice, ...]
    instruments: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    view: str
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board. `age` says how long it stands there, `quiet` that this is long."""

    title: str
    url: str
    firm: str
    fund: str
    amount: str
    exact: str
    lead: str
    age: str
    quiet: Status | None


@dataclass(frozen=True, slots=True)
class Pile:
    """A column: how many deals stand there and what is planned for them. `more` leads to those not shown."""

    key: str
    title: str
    count: str
    amount: str
    exact: str
    cards: tuple[Card, ...]
    more: Link | None


@dataclass(frozen=True, slots=True)
class Views:
    """The two ways to look at the same deals; the url of the one that is shown is None."""

    board_url: str | None
    list_url: str | None
    new_url: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """`open` are the stages of a deal that lives, `ended` those of one that does not."""

    found: str
    filter: Filter
    views: Views
    open: tuple[Pile, ...]
    ended: tuple[Pile, ...]
    ended_said: str


@dataclass(frozen=True, slots=True)
class DealList:
    """The same deals as a table, a page of them."""

    found: str
    filter: Filter
    views: Views
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    unit: str
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the road: `state` is done, skipped, current or ahead; `notes` are sentences about it."""

    title: str
    state: str
    day: str
    said: str
    notes: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The record behind a decision: who answered for it, and how."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Deal:
    """`next` is the act that takes it on, `skips` lead further, `actions` are the others; none for readers."""

    title: str
    back: Link
    firm: Link
    fund: Link
    standing: Status
    age: str
    quiet: Status | None
    next: Link | None
    skips: tuple[Link, ...]
    actions: tuple[Link, ...]
    facts: tuple[Fact, ...]
    road: tuple[Step, ...]
    decisions: tuple[Decision, ...]
    payments: Grid
    documents: Grid
    history: Grid
