"""`/funds`, `/funds/<code>` and a holding of a fund."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link
from finance_hub.web.contexts.sheets import Asking


@dataclass(frozen=True, slots=True)
class Chooser:
    """The two times of a question, as typed; GETs `as_of` and `known_at`. `said` tells what is shown.

    `now_url` leads back to today with all that is known, where something else is shown.
    Field ids for errors: `as_of`, `known_at`.
    """

    url: str
    as_of: str
    known_at: str
    said: str
    now_url: str | None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class FundList:
    """Every fund in scope; `found` counts them."""

    found: str
    chooser: Chooser
    grid: Grid


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline of a fund. `value` is None when missing; then `reason` says why. `exact` is to the fen."""

    label: str
    value: str | None
    unit: str = ""
    reason: str = ""
    exact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the drawing, in its units."""

    x: str
    y: str
    width: str
    height: str
    tone: Literal["paid", "got"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Words in the drawing and the line that they stand at."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars from the zero line by year, and the path of the cumulative net flow; `area` is the band around it.

    Made by `drawing.flows` and `drawing.band`.
    """

    width: int
    height: int
    left: str
    right: str
    foot: str
    zero: str
    bars: tuple[Bar, ...]
    path: str
    years: tuple[Mark, ...]
    levels: tuple[Mark, ...]
    area: str = ""


@dataclass(frozen=True, slots=True)
class Flows:
    """Cash flows with the investors; `grid` is the twin of the drawing, None of both without flows."""

    title: str
    unit: str
    summary: str
    said: str
    drawing: Drawing | None
    grid: Grid


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the fund will still call and pay back; `title` is the finding, `years` the twin of the drawing.

    `assumed` has the parameters of the scenarios, no lines without any.
    """

    title: str
    unit: str
    summary: str
    said: str
    drawing: Drawing | None
    years: Grid
    assumed: Grid


@dataclass(frozen=True, slots=True)
class Period:
    """The chosen period of the roll-forward, as typed; GETs `start` and `end` beside what `kept` holds.

    Field ids for errors: `start`, `end`.
    """

    url: str
    start: str
    end: str
    kept: tuple[tuple[str, str], ...]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund's page. `actions` are the acts of its manager and `further` the rare ones, both empty for readers;
    `downloads` are for both. Each part of `policy` is a grid, or two beside each other.
    """

    name: str
    code: str
    tier: str
    list_url: str
    deals_url: str
    chooser: Chooser
    period: Period
    errors: tuple[FieldError, ...]
    actions: tuple[Link, ...]
    further: tuple[Link, ...]
    downloads: tuple[Link, ...]
    facts: tuple[Fact, ...]
    money: tuple[Figure, ...]
    performance: tuple[Figure, ...]
    note: str
    equivalents: tuple[Figure, ...]
    against: str
    accounts: Grid
    rolls: tuple[Grid, ...]
    flows: Flows
    outlook: Outlook
    policy: tuple[tuple[Grid, ...], ...]
    holdings: Grid
    ledger: Grid
    asking: Asking


@dataclass(frozen=True, slots=True)
class Holding:
    """A fund's stake in one investee: its deals and its values, newest first.

    `led` are the deals of the board whose payments made it.
    """

    title: str
    back: Link
    investee: Link | None
    led: tuple[Link, ...]
    actions: tuple[Link, ...]
    facts: tuple[Fact, ...]
    grids: tuple[Grid, ...]
