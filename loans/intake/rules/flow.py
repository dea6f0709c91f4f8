"""The rules of a flow row that need nothing but the row and its batch's period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from finance_hub.kernel.periods import Month
from loans import codes, formats
from loans.intake.rules.checks import (
    Check,
    amount,
    choice,
    date_format,
    day,
    given,
    integer,
    money,
    rate,
    required,
    texts,
    whole,
)  # fmt: skip
from loans.models import Dataset, RecordType, RepaymentMethod
from loans.queries.products import ProductTerms, product_terms
from loans.reasons import REASONS, RENEWALS

_KIND = pl.col("record_type")
_POSITIVE = ["disbursement", "repayment", "refinancing", "write_off", "recovery"]
_TERMS = ("product", "annual_rate_pct", "maturity_date", "repayment_method")


def checks(*, period: Month, today: date, products: Iterable[str]) -> list[Check]:
    return [
        *(required(name) for name in formats.REQUIRED[Dataset.FLOW]),
        *texts(formats.FLOW),
        choice("record_type", RecordType.values),
        choice("product", products),
        choice("repayment_method", RepaymentMethod.values),
        *integer("revision", least=1),
        *integer("lpr_spread_bp", least=-10_000),
        *rate("annual_rate_pct"),
        *rate("interest_subsidy_pct"),
        *_amounts(),
        *_dates(period, today),
        *_by_kind(),
        *(check for terms in product_terms(products) for check in _by_product(terms)),
    ]


def _amounts() -> list[Check]:
    sum_ = amount("amount")
    return [
        *money("amount", signed=True),
        Check("amount-not-positive", "amount", _KIND.is_in(_POSITIVE) & (sum_ <= 0)),
        Check("amount-negative", "amount", (_KIND == "reversal") & (sum_ < 0)),
        Check("amount-zero", "amount", (_KIND == "adjustment") & (sum_ == 0)),
        Check("amount-not-zero", "amount", (_KIND == "extension") & (sum_ != 0)),
        Check("currency-not-cny", "currency", pl.col("currency") != "CNY"),
    ]


def _dates(period: Month, today: date) -> list[Check]:
    value_date, maturity = day("value_date"), day("maturity_date")
    outside = (value_date < period.first) | (value_date >= period.end)
    dated = _KIND.is_in(["disbursement", "extension"])
    return [
        date_format("value_date"),
        date_format("maturity_date"),
        Check("date-outside-period", "value_date", outside, {"period": str(period)}),
        Check("date-in-future", "value_date", ~outside & (value_date > today)),
        Check("maturity-not-after-value-date", "maturity_date", dated & (maturity <= value_date)),
    ]


def _by_kind() -> list[Check]:
    """What a record type asks for beyond the fields that every row has."""
    reversal, corrects = _KIND == "reversal", _KIND.is_in(["adjustment", "reversal"])
    reasoned = (corrects | (whole("revision") > 1)).fill_null(value=False)
    known, renewals = ([reason.code for reason in reasons] for reasons in (REASONS, RENEWALS))
    renewed_somehow = (_KIND == "refinancing") & ~pl.col("reason_code").fill_null("").is_in(renewals)
    return [
        *(required(name, where=_KIND == "disbursement") for name in _TERMS),
        required("maturity_date", where=_KIND == "extension"),
        required("reverses", where=reversal),
        Check("reverses-not-expected", "reverses", ~reversal & given("reverses")),
        required("reason_code", where=reasoned),
        Check("industry-unknown", "purpose_industry", given("purpose_industry") & ~known_industry()),
        Check("reason-code-unknown", "reason_code", ~pl.col("reason_code").is_in(known)),
        Check("refinancing-kind-missing", "reason_code", renewed_somehow),
    ]


def known_industry() -> pl.Expr:
    """Whether a purpose begins with a division of GB/T 4754-2017."""
    divisions = [industry.code for industry in codes.industries() if len(industry.code) == 3]
    purpose = pl.col("purpose_industry")
    return purpose.str.contains(r"^[A-T][0-9]{2,4}$") & purpose.str.slice(0, 3).is_in(divisions)


def _by_product(terms: ProductTerms) -> list[Check]:
    """What the table of products says of one: the fields it asks for, the days on which it is lent."""
    lent, day_lent = (_KIND == "disbursement") & (pl.col("product") == terms.code), day("value_date")
    found = [_asked(name, where=lent) for name in terms.required_fields]
    bounds = (
        (day_lent < terms.valid_from) if terms.valid_from else None,
        (day_lent >= terms.valid_to) if terms.valid_to else None,
    )
    period = f"[{terms.valid_from or '…'}, {terms.valid_to or '…'})"
    return found + [
        Check("product-not-offered", "product", lent & outside, {"period": period})
        for outside in bounds
        if outside is not None
    ]


def _asked(name: str, *, where: pl.Expr) -> Check:
    if name == "pledges":
        return Check("required", name, where & ~pl.col("has_pledges"))
    return required(name, where=where)


def typed() -> list[pl.Expr]:
    """The columns in the types and the canonical form in which they are staged."""
    return [
        whole("revision").cast(pl.Int32),
        whole("lpr_spread_bp").cast(pl.Int32),
        day("value_date"),
        day("maturity_date"),
        amount("amount"),
        *(
            pl.col(name).cast(pl.Decimal(9, 4), strict=False)
            for name in ("annual_rate_pct", "interest_subsidy_pct")
        ),
    ]


#: What makes two reports of one event and revision the same fact; the name and the sender's own
#: row id are not part of it.
CONTENT = tuple(
    name
    for name in formats.FLOW
    if name not in {"client_row_id", "external_event_id", "revision", "firm_name", "currency"}
)
