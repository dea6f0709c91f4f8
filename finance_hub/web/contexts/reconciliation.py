"""`/reports/reconciliation`: a month as the centre holds it, for the bank to compare."""

from dataclasses import dataclass

from finance_hub.web.contexts.chrome import FieldError, Status


@dataclass(frozen=True, slots=True)
class Line:
    """A product, or all of them: amounts in the order of the headings."""

    label: str
    cells: tuple[str, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A drawdown whose flow and stock disagree; `stock` is a dash where the snapshot leaves it out."""

    contract: str
    drawdown: str
    flow: str
    stock: str
    difference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The form of the bank; POSTs `month`, `content` and `agree=yes`. Field ids for errors: `agree`."""

    month: str
    content: str
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`meaning` says what the status is about; `found` counts the differences, all of which are not shown."""

    title: str
    status: Status
    meaning: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    unit: str
    differences: tuple[Difference, ...]
    found: str
    agreement: Agreement | None
    back_url: str
    refusal: str = ""
