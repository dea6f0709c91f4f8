"""`/targets` and one of them."""

from dataclasses import dataclass

from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Count:
    """How many targets have a status; leads to them. `is_chosen` where they are the ones shown."""

    status: Status
    number: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; GETs `unit`, `status`, `tracking` and `report`."""

    url: str
    units: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    trackings: tuple[Choice, ...]
    reports: tuple[Choice, ...]
    clear_url: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """How far a target is, in percents of its bar; `mark` is where the line stands, both None where not known."""

    done: str | None
    mark: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A target in the list. `present` is its value or the reason why there is none; `asks` says how many questions
    are open, `reports` what is owed or waits."""

    code: str
    url: str
    text: str
    unit: str
    strive: str
    goal: str
    present: str
    as_of: str
    way: Way
    ahead: str
    is_behind: bool
    status: Status
    deadline: str
    reports: tuple[Status, ...]
    asks: str


@dataclass(frozen=True, slots=True)
class TargetList:
    """`basis` says of which month the figures are, `nothing` what to do where there are no rows."""

    found: str
    basis: str
    counts: tuple[Count, ...]
    filter: Filter
    rows: tuple[Row, ...]
    nothing: str
    owed: Grid
    waiting: Grid
    questions: Grid
    excel_url: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the plan leaves open; `answers` are sentences, the last one first."""

    text: str
    about: str
    raised: str
    status: Status
    others: str
    answers: tuple[str, ...]
    answer_url: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A target's page; `forecast` says what a model expects, or that there is none, `newer` what is in force and not
    in the figures yet, empty where they hold it."""

    code: str
    title: str
    back: Link
    status: Status
    deadline: str
    basis: str
    newer: str
    quote: str
    way: Way
    actions: tuple[Link, ...]
    chart: Chart
    spans: tuple[Choice, ...]
    reports: Grid
    years: Grid | None
    facts: tuple[Fact, ...]
    progress: tuple[Fact, ...]
    note: str
    forecast: str
    questions: tuple[Question, ...]
