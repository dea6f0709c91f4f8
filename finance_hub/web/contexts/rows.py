"""`/funds/<code>/import`: rows of a sheet, typed, pasted or sent as a file, and what they would be."""

from dataclasses import dataclass
from typing import Any

from finance_hub.web.contexts.chrome import FieldError
from finance_hub.web.contexts.grids import Grid
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A kind of row to choose; `current` is the one that is shown."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """Two forms that POST to `url`, with `sheet` and `token`: a `file` to check, and the grid.

    `grid` is what the script of the grid makes it of: columns, rows, faults and its words. The form of the grid
    sends `rows`, JSON of `{"n": number, "c": [cells]}`, and as `step` `check` or `enter`, that with `content`, the
    fingerprint of what was shown. `summary` is what was found, None until something was checked; then `enter` is
    the button that enters it, "" where nothing can be entered. Ids of errors are `file` and those of cells,
    `r<number>-<column>`; `more` says how many errors are not listed.
    """

    title: str
    back: Link
    url: str
    token: str
    sheet: str
    sheets: tuple[SheetLink, ...]
    template_url: str
    hint: str
    most_bytes: int
    too_large: str
    grid: dict[str, Any]
    rows: str
    errors: tuple[FieldError, ...] = ()
    more: str = ""
    refusal: str = ""
    found: str = ""
    summary: Grid | None = None
    content: str = ""
    enter: str = ""
