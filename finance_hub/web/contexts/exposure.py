"""The exposure of a firm or a group on its page, and `/exposure`, the centre's page of concentration."""

from dataclasses import dataclass

from finance_hub.web.contexts.charts import Chart
from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.funds import Chooser, Figure
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.overview import Choice, PeriodPicker
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class Section:
    """All public money in some firms at the moment that the chooser shows; GETs `as_of`, `known_at`, `basis`.

    `tiles` are the totals, `meaning` what each line counts and leaves out; `chart` is None where there is no money at
    all. `group` leads to the firm's group.
    """

    chooser: Chooser
    bases: tuple[Choice, ...]
    tiles: tuple[Figure, ...]
    said: str
    chart: Chart | None
    lines: Grid
    records: Grid
    assumed: Grid
    meaning: tuple[str, ...] = ()
    group: Link | None = None
    baton: Grid | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A control group's page: its members and their exposure together."""

    name: str
    back: Link
    members: Grid
    exposure: Section
    errors: tuple[FieldError, ...]


@dataclass(frozen=True, slots=True)
class City:
    """A month of the city; without figures `empty` says what is missing and `charts` and the grids are none.

    `measures` are the shares and indices by dimension, `limits` those in force with their headroom, `history` every
    limit ever proposed.
    """

    month: str
    picker: PeriodPicker | None
    basis: str
    empty: str
    actions: tuple[Link, ...]
    tiles: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    limits: tuple[Grid, ...] = ()
