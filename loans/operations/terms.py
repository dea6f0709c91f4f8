"""What the centre keeps for loans: branches, prime rates as published, terms of interest subsidies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.days import require_day
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from loans.models import Branch, LoanProduct, LprQuote, SubsidyScheme


class SubsidyOverlaps(Problem):
    code = "subsidy-overlaps"
    status = 409
    title = Text(
        "其中某一产品在部分日期已有贴息办法", "A product has another subsidy scheme on some of these days"
    )


def record_branch(
    *, bank: str, code: str, name: str, name_en: str, kind: str, valid_from: date, by: Person, now: datetime
) -> Branch:
    """What the branch `code` of the bank with the code `bank` is from a day on; a later row corrects an
    earlier one of the same day. Raises InvalidFields (`bank-unknown`)."""
    house = Organisation.objects.filter(code=bank, kind="bank").first()
    if house is None:
        raise refuse("#/bank", "bank-unknown", "没有这家银行", "There is no such bank")
    with transaction.atomic():
        made = Branch.objects.create(
            bank=house, code=code, name=name, name_en=name_en, kind=kind, valid_from=valid_from, recorded_at=now,
            recorded_by=by,
        )  # fmt: skip
        audit.record(
            "branch.record", actor=by, subject=f"branch:{bank}:{code}", at=now, kind=kind,
            valid_from=valid_from.isoformat(),
        )  # fmt: skip
    return made


def record_lpr(
    *, tenor: str, published_on: date, rate_pct: Decimal, source: str, by: Person, now: datetime
) -> LprQuote:
    """A loan prime rate as published; one for a day that has one corrects it.

    Raises InvalidFields (`date-in-future`, `percentage-out-of-range`).
    """
    require_day(published_on, now=now, pointer="#/published_on")
    _require_percentage(rate_pct, "#/rate_pct")
    with transaction.atomic():
        made = LprQuote.objects.create(
            tenor=tenor, published_on=published_on, rate_pct=rate_pct, source=source, recorded_at=now
        )
        audit.record(
            "lpr.record", actor=by, subject=f"lpr:{tenor}:{published_on}", at=now, rate_pct=str(rate_pct),
            source=source,
        )  # fmt: skip
    return made


def record_subsidy_scheme(
    *,
    products: Sequence[str],
    rate_pct: Decimal,
    share_pct: Decimal,
    firm_year_cap: Decimal | None,
    document: str,
    valid_from: date,
    valid_to: date,
    by: Person,
    now: datetime,
) -> SubsidyScheme:
    """Terms for some products on the days of `[valid_from, valid_to)`, as `SubsidyScheme` has them.

    Raises InvalidFields (`not-a-product`, `percentage-out-of-range`, `ends-before-it-begins`,
    `amount-not-positive`), SubsidyOverlaps.
    """
    _require_products(products)
    _require_percentage(rate_pct, "#/rate_pct")
    if not 0 < share_pct <= 100:
        raise _out_of_range("#/share_pct")
    if valid_to <= valid_from:
        raise refuse("#/valid_to", "ends-before-it-begins", "须晚于开始日期", "must be after valid_from")
    if firm_year_cap is not None and firm_year_cap <= 0:
        raise refuse(
            "#/firm_year_cap", "amount-not-positive", "金额须大于零", "The amount must be greater than zero"
        )
    try:
        with transaction.atomic():
            made = SubsidyScheme.objects.create(
                public_id=ids.new("su"), products=sorted(products), rate_pct=rate_pct, share_pct=share_pct,
                firm_year_cap=firm_year_cap, document=document, valid_from=valid_from, valid_to=valid_to,
                recorded_at=now, recorded_by=by,
            )  # fmt: skip
            audit.record(
                "subsidy.record", actor=by, subject=f"subsidy:{made.public_id}", at=now,
                products=made.products, rate_pct=str(rate_pct), document=document,
            )  # fmt: skip
    except IntegrityError as clash:
        raise SubsidyOverlaps from clash
    return made


def _require_products(codes: Sequence[str]) -> None:
    known = set(LoanProduct.objects.filter(code__in=codes).values_list("code", flat=True))
    for at, code in enumerate(codes):
        if code not in known:
            raise refuse(f"#/products/{at}", "not-a-product", "没有这个产品", "There is no such product")
    if not codes or len(known) < len(codes):
        raise refuse(
            "#/products",
            "products-not-distinct",
            "至少一个产品，且不得重复",
            "At least one product, each once",
        )


def _require_percentage(rate: Decimal, pointer: str) -> None:
    if not 0 < rate < 100:
        raise _out_of_range(pointer)


def _out_of_range(pointer: str) -> Problem:
    return refuse(pointer, "percentage-out-of-range", "须大于 0 且不超过 100", "must be above 0, at most 100")
