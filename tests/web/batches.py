"""A bank's clerk, a file with good and bad rows, and the batch that it becomes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import LoanReportBatch
from tests.loans import bank
from tests.web import reporting
from tests.web.conftest import Browse


@pytest.fixture
def clerk(browse: Browse) -> Client:
    return browse("bank_a")


def loan(n: int, amount: str = "1000.00", **changes: Any) -> bank.Row:
    return bank.disbursement(f"E-{n}", amount, contract_no=f"HT-{n}", drawdown_no=f"JJ-{n}", **changes)


def batch_at(address: str) -> LoanReportBatch:
    with within(EVERYTHING):
        return LoanReportBatch.objects.get(public_id=address.split("?")[0].rpartition("/")[2])


def mixed() -> bytes:
    """Two good rows of 1,000.00 and 2,500.50; 12.345, an unknown type and two faults in one row."""
    return reporting.table(
        loan(1),
        loan(2, "12.345"),
        loan(3, "2500.50"),
        loan(4, record_type="loan"),
        loan(5, uscc="91350100M000100Y44", product="x"),
    )
