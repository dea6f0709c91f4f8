"""The edges of loans read a clock of their own: 2026-11-05, going on as the test does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW
from tests.conftest import Build

EDGES = (
    "api.agreements", "api.claims", "api.net_assets", "api.pools",
    "api.approvals", "api.batches", "api.contracts", "api.exports", "api.findings", "api.guarantees", "api.inline",
    "api.reconciliations", "api.reference", "api.reporting", "api.terms", "api.waiting", "api.webhooks", "intake.road",
    "operations.deliveries", "operations.exports", "operations.findings",
)  # fmt: skip


class Clock:
    """Stands for django.utils.timezone at the edges."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self._began)

    def set_at_the_edges(self, patch: pytest.MonkeyPatch) -> None:
        for edge in EDGES:
            patch.setattr(f"loans.{edge}.timezone", self)


@pytest.fixture(scope="class")
def standing_clock() -> Iterator[Clock]:
    found = Clock()
    with pytest.MonkeyPatch.context() as patch:
        found.set_at_the_edges(patch)
        yield found


@pytest.fixture(scope="class")
def build(build: Build, standing_clock: Clock) -> Build:
    return build


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It goes on from where what stands was built; where nothing does, from the beginning."""
    if "standing_clock" in request.fixturenames:
        stands: Clock = request.getfixturevalue("standing_clock")
        return stands
    found = Clock()
    found.set_at_the_edges(monkeypatch)
    return found
