"""`/risk`: tolerances, joint loss, what both rest on, and stress runs."""

from dataclasses import dataclass

from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.overview import PeriodPicker, Sparkline
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Budget:
    """A rule on one key: a bar up to `used_width` percent with its limit at `limit_at`, and what it would take."""

    name: str
    status: Status
    used: str
    limit: str
    left: str
    basis: str
    warning: str
    used_width: str
    limit_at: str
    history: Sparkline | None


@dataclass(frozen=True, slots=True)
class Headline:
    label: str
    value: str
    unit: str
    aside: str


@dataclass(frozen=True, slots=True)
class Stress:
    """The last run of the month. `progress_url` while it is under way; `start` where one may be asked for."""

    status: Status | None
    said: str
    progress_url: str | None
    cancel_url: str | None
    token_month: str
    may_start: bool
    why_not: str
    comparison: Grid


@dataclass(frozen=True, slots=True)
class Risk:
    """`lapsed` are sentences on rules that ended; without a joint loss `missing` says what is lacking, and who brings it."""

    month: str
    basis: str
    picker: PeriodPicker
    actions: tuple[Link, ...]
    workbook_url: str
    lapsed: tuple[str, ...]
    waiting: tuple[Link, ...]
    budgets: tuple[Budget, ...]
    budget_grid: Grid
    headlines: tuple[Headline, ...]
    missing: str
    said: str
    charts: tuple[Chart, ...]
    limits: Grid | None
    contributions: Grid | None
    payers: Grid | None
    books: Grid | None
    sensitivity: Grid | None
    assumptions: Grid
    scenarios: Grid
    stress: Stress


@dataclass(frozen=True, slots=True)
class NoFigures:
    """Before the first month is computed."""

    actions: tuple[Link, ...]
    month: str
