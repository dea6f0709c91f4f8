"""`/`: the month at a glance."""

from dataclasses import dataclass
from typing import Literal

from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.chrome import Status


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a select: `2026-10`, 2026年10月."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class PeriodPicker:
    """The months that have figures; the neighbours are None at either end."""

    months: tuple[Choice, ...]
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Delta:
    """A change as text without sign ("3.2%", "0.4 个百分点"); "none" shows `text` as the reason."""

    direction: Literal["up", "down", "flat", "none"]
    text: str


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Made by `drawing.sparkline`: `paths` of "x,y x,y" and the last point, in a 120 × 28 box."""

    paths: tuple[str, ...]
    last_x: str
    last_y: str
    description: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure. `value` is None when missing; then `reason` says why ("未报送").

    `aside` sets it beside a second one: "认缴 12.30亿元". `lacks` says what it is without.
    """

    label: str
    value: str | None
    unit: str
    reason: str
    as_of: str
    month_on_month: Delta
    year_on_year: Delta
    sparkline: Sparkline | None
    sources: Status
    aside: str = ""
    url: str | None = None
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class ExposedFirm:
    """A row of the ten largest; amounts in the table's unit, `share` of the city's public exposure as "8.3%"."""

    rank: str
    name: str
    url: str
    parts: tuple[str, ...]
    """As many as `Overview.exposure_parts`."""
    total: str
    share: str
    share_width: str
    """`drawing.percent_width` of the share, relative to the first row."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A tolerance rule: what was used of what limit.

    The widths are percents of the bar ("41.5"), where the bar ends at the larger of limit and
    used; `limit_at` is where the limit's mark stands.
    """

    name: str
    status: Status
    used: str
    limit: str
    left: str
    basis: str
    used_width: str
    limit_at: str


@dataclass(frozen=True, slots=True)
class Target:
    """A policy target: "2 / 4家", how far it is in words, and by when it is due."""

    name: str
    progress: str
    width: str
    status: Status
    deadline: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An organisation that still owes a report for the month; `reports` names what is missing."""

    organisation: str
    reports: str
    last_complete: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `unit` is the table's ("万元"); `basis` tells snapshot, time and closing state."""

    month: str
    picker: PeriodPicker
    basis: str
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    unit: str
    top_firms: tuple[ExposedFirm, ...]
    exposure_parts: tuple[str, ...]
    exposure_definition: str
    tolerances: tuple[Tolerance, ...]
    targets: tuple[Target, ...]
    """The nearest ones; `targets_summary` counts them all."""
    targets_summary: str
    overdue: tuple[Overdue, ...]
    reported: str
    """"7/9 家机构已报送"."""


@dataclass(frozen=True, slots=True)
class NoFigures:
    """The page for a month that has not been computed; `picker` is None while none has been."""

    month: str
    picker: PeriodPicker | None
