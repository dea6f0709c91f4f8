"""A small report in one request: declared, uploaded and submitted at once; a batch like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from finance_hub.kernel import audit, idempotency, money
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.storage import new_file
from finance_hub.rest.formats import JsonNumber
from loans.intake.receive import path_of
from loans.models import BatchState, Dataset, LoanReportBatch
from loans.operations import batches, sandbox


def report(
    *,
    period: Month,
    rows: Sequence[Any],
    dataset: str = Dataset.FLOW,
    acceptance: str | None = None,
    dry_run: bool = False,
    client_reference: str = "",
    control_totals: dict[str, Any] | None = None,
    idempotency_key: str,
    by: Person,
    now: datetime,
) -> LoanReportBatch:
    """A submitted batch of `rows`, JSON values as `rest.formats.read_json` gives them.

    Once per key: whoever died after this was stored finds the batch again. Without
    `control_totals` the rows are their own. Raises PeriodNotOpen, Forbidden, InvalidFields, KeyReused,
    InProgress, StorageFull; SandboxFailure where a test asks for it.
    """
    content = as_ndjson(rows)
    sha256 = hashlib.sha256(content).hexdigest()
    known = LoanReportBatch.objects.filter(declared_by=by, idempotency_key=idempotency_key).first()
    if known and known.content_sha256 != sha256:
        raise idempotency.KeyReused(differs="body")
    if known:
        return batches.fresh(known)
    batch = batches.prepare(
        period=period, dataset=dataset, format="ndjson", content_sha256=sha256,
        control_totals=control_totals or totals(rows, dataset=dataset), acceptance=acceptance,
        dry_run=dry_run, client_reference=client_reference, idempotency_key=idempotency_key, by=by, now=now,
    )  # fmt: skip
    batch.state, batch.content_bytes = BatchState.UPLOADED, len(content)
    with new_file(path_of(batch.public_id)) as file:
        file.write(content)
    sandbox.fail_once(batch)
    with transaction.atomic():
        _store(batch)
        begun = batches.begin(batch, by=by, now=now)
        audit.record(
            "batch.report", actor=by, subject=f"batch:{batch.public_id}", at=now,
            period=str(period), dataset=dataset, content_sha256=batch.content_sha256,
            totals=batch.declared_totals,
        )  # fmt: skip
    return begun


def _store(batch: LoanReportBatch) -> None:
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
    except IntegrityError as late:  # another holder of the key, whose lease ran out, was alive and faster
        raise idempotency.InProgress from late


def as_ndjson(rows: Sequence[Any]) -> bytes:
    """The rows as a file that says what the request said: a JSON number stays one, digit by digit."""
    option = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_APPEND_NEWLINE
    return b"".join(orjson.dumps(row, default=_number, option=option) for row in rows)


def _number(value: Any) -> orjson.Fragment:
    if isinstance(value, JsonNumber):
        return orjson.Fragment(str(value))
    raise TypeError(type(value).__name__)


def totals(rows: Sequence[Any], *, dataset: str) -> dict[str, Any]:
    """The control totals of rows, as their sender would declare them."""
    if dataset == Dataset.STOCK:
        return {"rows": len(rows), "balance": _sum(rows, "balance")}
    kinds = {"disbursed": "disbursement", "repaid": "repayment"}
    objects = [row for row in rows if isinstance(row, dict)]
    return {"rows": len(rows)} | {
        name: _sum([row for row in objects if row.get("record_type") == kind], "amount")
        for name, kind in kinds.items()
    }


def _sum(rows: Sequence[Any], name: str) -> Decimal:
    """Yuan, over the rows whose amount is well-formed money."""
    return sum((_amount(row.get(name)) for row in rows if isinstance(row, dict)), Decimal(0))


def _amount(value: Any) -> Decimal:
    try:
        return money.parse(None if isinstance(value, JsonNumber) else value)
    except money.UnableToReadMoney:
        return Decimal(0)
