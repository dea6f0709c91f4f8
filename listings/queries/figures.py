"""What standards measure firms by: financial years, and what is stated of a firm as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from finance_hub.kernel.models import Firm
from listings.models import YEARLY, FinancialYear, FirmStatement
from listings.queries.counting import counting


class YearRow(NamedTuple):
    """A financial year of a firm as reported; amounts in yuan, None where nobody reported a figure."""

    firm_id: int
    year: int
    revenue: Decimal | None
    net_profit: Decimal | None
    net_profit_less_non_recurring: Decimal | None
    rd: Decimal | None
    operating_cash_flow: Decimal | None
    roe: Decimal | None
    invention_patents: int | None
    rd_staff: int | None
    staff: int | None
    unqualified_opinion: bool | None


class StatementRow(NamedTuple):
    """What was stated last of a firm under a name, and on which day: a number, or a yes or no."""

    firm_id: int
    name: str
    on: date
    number: Decimal | None
    holds: bool | None
    source: str


def years_frame(as_of: date, known_at: datetime, *, firms: Iterable[int] | None = None) -> list[YearRow]:
    """By firm and year, what was reported before `as_of`; of all firms, or of some."""
    found = _of(counting(FinancialYear.objects.all(), known_at=known_at), firms)
    rows = found.filter(effective_date__lt=as_of).order_by("firm_id", "year")
    return [YearRow(*row) for row in rows.values_list("firm_id", "year", *YEARLY)]


def statements_frame(
    as_of: date, known_at: datetime, *, firms: Iterable[int] | None = None
) -> list[StatementRow]:
    """By firm and name, the last before `as_of`; of one day, the one first recorded last."""
    found = _of(counting(FirmStatement.objects.all(), known_at=known_at), firms)
    last = (
        found.filter(effective_date__lt=as_of)
        .order_by("firm_id", "name", "-effective_date", "-first")
        .distinct("firm_id", "name")
    )
    named = last.values_list("firm_id", "name", "effective_date", "number", "holds", "source")
    return [StatementRow(*row) for row in named]


def years(of: Firm) -> QuerySet[FinancialYear, Any]:
    """The years of a firm that count, the last first, with their authors."""
    found = counting(FinancialYear.objects.filter(firm=of).select_related("recorded_by", "corrects"))
    return found.order_by("-year")


def statements(of: Firm) -> QuerySet[FirmStatement, Any]:
    """The statements of a firm that count, by name and then the newest first, with their authors."""
    found = counting(FirmStatement.objects.filter(firm=of).select_related("recorded_by", "corrects"))
    return found.order_by("name", "-effective_date", "-first")


def _of(rows: QuerySet[Any, Any], firms: Iterable[int] | None) -> QuerySet[Any, Any]:
    return rows if firms is None else rows.filter(firm__in=list(firms))
