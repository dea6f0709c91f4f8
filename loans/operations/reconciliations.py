"""A bank compares its own totals of a month with the centre's, and what it said is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.months import MonthNotOver
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import Forbidden, Problem, refuse
from finance_hub.kernel.text import Text
from loans import feed
from loans.models import Confirmation, Dataset, LoanProduct
from loans.queries.reconciliation import Line, Reconciliation, last_confirmation, reconcile

#: With the bank's id, the key of the lock that numbers its confirmations.
LOCK = 0x7265636F
Totals = Mapping[str, Any]


class MonthNotReported(Problem):
    code = "month-not-reported"
    status = 409
    title = Text("该月份尚未报送完整", "The month has not been reported in full")
    detail = Text("尚未入账：{datasets}", "Not applied yet: {datasets}")


def confirm(
    month: Month, *, totals: Totals, by_product: Sequence[Totals] = (), by: Person, now: datetime
) -> tuple[Confirmation, bool]:
    """Keep what the caller's bank has in its own books beside what is held: (record, whether it is new).

    `totals` and each of `by_product` (which has `product` too) are Decimal yuan under the names of
    `reconciliation.AMOUNTS` and `stock_balance`; names left out are not compared. Saying the same of
    the same content again finds the record that is there. Raises Forbidden, MonthNotOver,
    MonthNotReported, InvalidFields.
    """
    bank = by.organisation
    if bank.kind != "bank":
        raise Forbidden
    if Month.of(now) <= month:
        raise MonthNotOver
    _require_products(by_product)
    own = {"totals": _plain(totals), "by_product": [_plain(line) for line in by_product]}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, bank.pk])
        held = reconcile(bank, month, known_at=now)
        if missing := sorted(set(Dataset.values) - held.datasets):
            raise MonthNotReported(datasets=", ".join(missing))
        last = last_confirmation(bank, month)
        if last and (last.content_sha256, last.own_totals) == (held.sha256, own):
            return last, False
        differences = list(_differences(held, totals, by_product))
        said = Confirmation.objects.create(
            public_id=ids.new("rc"), bank=bank, period=month.first, number=last.number + 1 if last else 1,
            content_sha256=held.sha256, own_totals=own, differences=differences, matched=not differences,
            confirmed_by=by, recorded_at=now,
        )  # fmt: skip
        feed.record("reconciliation.confirmed", organisation_id=bank.pk, subject=str(month), now=now)
        audit.record(
            "reconciliation.confirm", actor=by, subject=f"reconciliation:{bank.code}:{month}", at=now,
            confirmation=said.public_id, content_sha256=said.content_sha256, matched=said.matched,
        )  # fmt: skip
    return said, True


def _require_products(lines: Sequence[Totals]) -> None:
    known = set(LoanProduct.objects.values_list("code", flat=True))
    seen: set[str] = set()
    for at, line in enumerate(lines):
        pointer, product = f"#/by_product/{at}/product", line["product"]
        if product not in known:
            raise refuse(pointer, "invalid_choice", "没有这个产品", "There is no such product")
        if product in seen:
            raise refuse(pointer, "product-twice", "产品重复", "The product occurs twice")
        seen.add(product)


def _differences(held: Reconciliation, totals: Totals, lines: Sequence[Totals]) -> Iterator[dict[str, Any]]:
    yield from _of_line(held.total, totals, product=None)
    by_product = {line.product: line for line in held.by_product}
    for own in lines:
        yield from _of_line(by_product.get(own["product"]), own, product=own["product"])


def _of_line(line: Line | None, own: Totals, *, product: str | None) -> Iterator[dict[str, Any]]:
    """The amounts that are not equal; a product without a line is nothing but zeros."""
    for name, amount in own.items():
        if not isinstance(amount, Decimal):
            continue
        held = (line and getattr(line, name)) or Decimal("0.00")
        if amount != held:
            told = {"own": amount, "held": held, "difference": amount - held}
            yield {"product": product, "name": name, **_plain(told)}


def _plain(line: Totals) -> dict[str, Any]:
    return {name: f"{v:.2f}" if isinstance(v, Decimal) else v for name, v in line.items()}
