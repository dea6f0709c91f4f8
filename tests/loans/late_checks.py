"""The road with the checks that follow the balances in place, and the list of live pledges after the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from loans.intake import apply
from loans.intake.apply import branches, pledges, recoveries
from loans.models import LoanReportBatch


@pytest.fixture(autouse=True)
def _late_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    banks: list[int] = []
    reversals, warn, write = apply.reversals.check, apply.flow_checks.warn, apply.flow_facts.write

    def first(*, bank: int) -> None:
        banks.append(bank)
        reversals(bank=bank)

    def last() -> None:
        recoveries.check(bank=banks[-1])
        pledges.check(bank=banks[-1])
        branches.warn(bank=banks[-1])
        warn()

    def written(batch: LoanReportBatch, *, now: datetime) -> Any:
        write(batch, now=now)
        pledges.register(bank=batch.bank_id)

    monkeypatch.setattr(apply.reversals, "check", first)
    monkeypatch.setattr(apply.flow_checks, "warn", last)
    monkeypatch.setattr(apply.flow_facts, "write", written)
