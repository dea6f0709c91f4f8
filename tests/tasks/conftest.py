"""A month with a few figures, so that a briefing can be drafted without the whole city."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from finance_hub.kernel import ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks.models import Figure, Snapshot
from tests.cast import Cast

KNOWN = datetime(2026, 11, 8, 1, tzinfo=UTC)


def make_snapshot(month: date, *, balance: str | None, known_at: datetime = KNOWN) -> Snapshot:
    """A snapshot with a loan balance, None for not reported, and a completeness of one bank in two."""
    snapshot = Snapshot.objects.create(
        public_id=ids.new("ss"),
        month=month,
        fingerprint=hashlib.sha256(f"{month}{balance}".encode()).hexdigest(),
        known_at=known_at,
        taken_at=known_at,
        not_reported=[{"code": "bank-b", "name": "乙银行", "name_en": "Bank B", "dataset": "stock"}],
    )
    values = {
        "loans.balance": balance,
        "loans.disbursed": "5000000.00",
        "loans.repaid": "1000000.00",
        "fund.subscribed": "1000000000.00",
        "fund.paid_in": "321000000.00",
        "fund.invested": "123456789.00",
        "reporting.complete": "1",
        "reporting.due": "2",
    }
    Figure.objects.bulk_create(
        [
            Figure(
                snapshot=snapshot,
                code=code,
                value=value and Decimal(value),
                reason="" if value else "not-reported",
            )
            for code, value in values.items()
        ]
        + [
            Figure(
                snapshot=snapshot, code="loans.disbursed", scope="product", key=key, label=label, value=value
            )
            for key, label, value in (
                ("rd", "研发贷", Decimal(4_000_000)),
                ("ip_pledge", "知识产权质押贷", Decimal(1)),
            )
        ]
        + [Figure(snapshot=snapshot, code="loans.npl_ratio", value=None, reason="not-reported")]
    )
    return snapshot


@pytest.fixture
def everything(cast: Cast) -> Iterator[Cast]:
    """The cast, within the centre's scope."""
    with within(EVERYTHING):
        yield cast


@pytest.fixture
def october(everything: Cast) -> Snapshot:
    return make_snapshot(date(2026, 10, 1), balance="64000000.00")
