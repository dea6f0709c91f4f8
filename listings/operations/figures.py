"""What standards measure a firm by: its financial years, and what is stated of it as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.problems import NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from listings.models import YEARLY, FinancialYear, FirmStatement
from listings.models.figures import FIRST_YEAR, FRACTIONS, IN_YUAN, YES_NO
from listings.operations.rules import first_of, lock_firm, require_day, require_said


class YearRecorded(Problem):
    code = "financial-year-recorded"
    status = 409
    title = Text("该年度已登记，请更正", "This financial year is recorded already: correct it")


def record_year(
    *,
    uscc: str,
    year: int,
    figures: Mapping[str, Any],
    effective_date: date,
    source: str,
    by: Person,
    now: datetime,
) -> FinancialYear:
    """What a firm reported of a year, by the names of `YEARLY`; what is left out or None is not reported.

    Raises InvalidFields, YearRecorded.
    """
    with transaction.atomic():
        firm = lock_firm(uscc)
        if FinancialYear.objects.filter(firm=firm, year=year).exists():
            raise YearRecorded
        return _record_year(firm, year, figures, None, effective_date, source, by=by, now=now)


def correct_year(
    *,
    uscc: str,
    year: int,
    figures: Mapping[str, Any],
    effective_date: date,
    source: str,
    by: Person,
    now: datetime,
) -> FinancialYear:
    """All figures of a recorded year anew; those left out are not reported. Raises NotFound, InvalidFields."""
    with transaction.atomic():
        firm = lock_firm(uscc)
        first = FinancialYear.objects.filter(firm=firm, year=year, corrects=None).first()
        if first is None:
            raise NotFound
        return _record_year(firm, year, figures, first, effective_date, source, by=by, now=now)


def state(
    *,
    uscc: str,
    name: str,
    effective_date: date,
    source: str,
    number: Decimal | None = None,
    holds: bool | None = None,
    corrects: str = "",
    by: Person,
    now: datetime,
) -> FirmStatement:
    """A number of the firm as it stands on a day, or a yes or no; or the entry `corrects` is corrected to that.

    Raises InvalidFields.
    """
    require_said(source, "#/source")
    _require_value(name, number, holds)
    with transaction.atomic():
        firm = lock_firm(uscc)
        require_day(effective_date, of=firm, now=now)
        first = first_of(FirmStatement.objects.filter(firm=firm, name=name), corrects) if corrects else None
        made = FirmStatement.objects.create(
            public_id=ids.new("fs"), firm=firm, name=name, number=number, holds=holds, source=source,
            effective_date=effective_date, corrects=first, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        audit.record(
            "listing.state", actor=by, subject=f"firm:{uscc}", at=now, name=name, source=source,
            value=str(number if holds is None else holds), effective_date=effective_date.isoformat(),
            corrects=corrects,
        )  # fmt: skip
    return made


def _record_year(
    firm: Firm, year: int, figures: Mapping[str, Any], first: FinancialYear | None, effective_date: date,
    source: str, *, by: Person, now: datetime,
) -> FinancialYear:  # fmt: skip
    require_said(source, "#/source")
    _require_founded(firm, year)
    require_day(effective_date, of=firm, now=now)
    _require_year(year, effective_date, figures)
    made = FinancialYear.objects.create(
        public_id=ids.new("fy"), firm=firm, year=year, **figures, effective_date=effective_date, source=source,
        corrects=first, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    audit.record(
        "listing.correct_year" if first else "listing.record_year", actor=by, subject=f"firm:{firm.uscc}",
        at=now, year=year, effective_date=effective_date.isoformat(), source=source,
        figures={name: str(value) for name, value in figures.items() if value is not None},
    )  # fmt: skip
    return made


def _require_founded(firm: Firm, year: int) -> None:
    if firm.founded_on and year < firm.founded_on.year:
        raise refuse(
            "#/year", "year-before-founding", "财务年度早于企业成立的年份 {founded}",
            "The year is before that in which the firm was founded, {founded}", founded=str(firm.founded_on.year),
        )  # fmt: skip


def _require_year(year: int, effective_date: date, figures: Mapping[str, Any]) -> None:
    if unknown := set(figures) - set(YEARLY):
        raise ValueError(f"not a figure of a year: {sorted(unknown)}")
    if not FIRST_YEAR <= year < effective_date.year:
        raise refuse(
            "#/effective_date",
            "year-not-over",
            "财务年度须在报告日之前结束",
            "A financial year is reported after its end",
        )
    if all(figures.get(name) is None for name in YEARLY):
        raise refuse("#/revenue", "nothing-reported", "至少须填写一项", "At least one figure must be given")
    staff, researchers = figures.get("staff"), figures.get("rd_staff")
    if staff is not None and researchers is not None and researchers > staff:
        raise refuse(
            "#/rd_staff",
            "rd-staff-above-staff",
            "研发人员多于员工总数",
            "There are more R&D staff than staff",
        )


def _require_value(name: str, number: Decimal | None, holds: bool | None) -> None:
    """Raises InvalidFields: one value and of the right kind, not negative, of no more places than its kind has."""
    if name in YES_NO:
        if holds is None or number is not None:
            raise refuse("#/holds", "yes-or-no", "须填写是或否", "Say whether it is so")
        return
    if number is None or holds is not None:
        raise refuse("#/number", "number-wanted", "须填写数值", "Give the number")
    if number < 0:
        raise refuse("#/number", "amount-negative", "不能为负", "It must not be negative")
    places = 2 if name in IN_YUAN else 6 if name in FRACTIONS else 0
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise refuse("#/number", "too-many-places", "小数位数过多", "It has too many decimal places")
    if name in FRACTIONS and number > 1:
        raise refuse("#/number", "fraction-above-one", "占比不能超过 1", "A share is at most 1")
