"""The edges of loans read a clock of their own: 2026-11-05, going on as the test does."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW

EDGES = (
    "api.agreements", "api.claims", "api.net_assets", "api.pools",
    "api.approvals", "api.batches", "api.contracts", "api.exports", "api.findings", "api.guarantees", "api.inline",
    "api.reconciliations", "api.reference", "api.reporting", "api.waiting", "api.webhooks", "intake.road",
    "operations.deliveries", "operations.exports", "operations.findings",
)  # fmt: skip


class Clock:
    """Stands for django.utils.timezone at the edges."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self._began)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for edge in EDGES:
        monkeypatch.setattr(f"loans.{edge}.timezone", found)
    return found
