"""`/figures/records` and `/figures/restatement`: what stands behind a figure, and what changed it."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice


@dataclass(frozen=True, slots=True)
class Line:
    """A record: what it is, its number, what it is about, who reported it, when, and what it contributes."""

    record: str
    ref: str
    about: str
    who: str
    day: str
    recorded: str
    part: str
    amount: str
    moves: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of records; `sums` are label and amount of the totals over all pages, `found` how many there are."""

    rows: tuple[Line, ...]
    sums: tuple[tuple[str, str], ...]
    found: str
    has_parts: bool
    first_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """`lacks` are sentences about what the figure lacks; `note` says why the lines do not add up, if they do not."""

    name: str
    label: str
    value: str
    definition: str
    basis: str
    agrees: Status | None
    note: str
    lacks: tuple[str, ...]
    lines: Lines
    is_money: bool
    file_url: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in both snapshots; `url` leads to the records that changed it."""

    name: str
    label: str
    old: str
    new: str
    difference: str
    kind: Status
    url: str


@dataclass(frozen=True, slots=True)
class Restatement:
    """The page. `from_choices` and `to_choices` are all snapshots of the month; `found` counts all changes."""

    month: str
    months: tuple[Choice, ...]
    from_choices: tuple[Choice, ...]
    to_choices: tuple[Choice, ...]
    basis: str
    is_closed: bool
    changes: tuple[Change, ...]
    found: str
    first_url: str | None
    next_url: str | None
    records: Lines
    file_url: str
    restate: str | None
    """The month that the reader may have computed again, None where there is nothing to ask for."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What changed one figure; `figure` is None where it is the same in both snapshots."""

    name: str
    label: str
    basis: str
    figure: Change | None
    agrees: Status | None
    note: str
    lines: Lines
    back_url: str


@dataclass(frozen=True, slots=True)
class NoSnapshots:
    """Nothing has been computed; the page says who must do what."""

    months: tuple[Choice, ...]
