"""`/reports/batches`, one of them, and its rows."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A line of the list."""

    number: str
    url: str
    bank: str
    title: str
    status: Status
    counts: str
    file: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class BatchList:
    """Newest first, a page of them; `shows_bank` for readers who see more than one."""

    rows: tuple[BatchRow, ...]
    shows_bank: bool
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True, slots=True)
class Sums:
    """A table of rows and sums: `columns` are the headings, each line begins with its label.

    `meaning` explains a line; `cells` are as many as columns.
    """

    columns: tuple[str, ...]
    lines: tuple["SumLine", ...]
    unit: str


@dataclass(frozen=True, slots=True)
class SumLine:
    label: str
    meaning: str
    cells: tuple[str, ...]
    url: str | None = None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class BadCell:
    """One thing wrong with one row: the column and the value as the sender wrote them.

    `cell` is where a workbook has it, like `C17`; empty for other files.
    """

    row: str
    line: str
    contract: str
    column: str
    cell: str
    value: str
    fault: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The first rejected rows; `more_url` leads to all of them, `more` says how many there are."""

    cells: tuple[BadCell, ...]
    downloads: tuple[Link, ...]
    more: str
    more_url: str | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The form below a preview; POSTs `acceptance`, `compared=yes` and, if asked, `sure=yes`.

    Field ids for errors: `acceptance`, `compared`, `sure`. `proportions` are sentences about sums that
    are out of proportion; then `sure` is asked.
    """

    url: str
    statement: str
    choices: tuple[Choice, ...]
    proportions: tuple[str, ...]
    compared: bool = False
    sure: bool = False
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch that is being worked on; `progress_url` answers the sentence alone."""

    progress: str
    progress_url: str


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch's page. `outcome` says where it stands, `focus` moves the reader there; `reasons` say what
    stopped it. Of `waiting` and `confirmation` at most one is given. `reported_as` leads from a preview
    to the batch that it became.
    """

    title: str
    reference: str
    outcome: Status
    meaning: str
    reported_as: Link | None
    focus: bool
    reasons: tuple[str, ...]
    waiting: Waiting | None
    sums: Sums | None
    sums_title: str
    rejected: Rejected | None
    warnings: Link | None
    confirmation: Confirmation | None
    facts: tuple[Fact, ...]
    next_steps: tuple[Link, ...]
    list_url: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A heading or a value; numbers stand to the right."""

    text: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one outcome, a page of them; each row has a cell for each column."""

    title: str
    batch_url: str
    reference: str
    tabs: tuple[Tab, ...]
    found: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    downloads: tuple[Link, ...]
    previous_url: str | None
    next_url: str | None
