"""A bank that listens, a real receiver, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast
from tests.kernel import handlers
from tests.kernel.receiver import Receiver, receiving
from tests.loans.webhooks.push import Bank, Clock


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Clock:
    """2026-11-05, standing still until it is told to go on; nobody rings the real workers."""
    found = Clock()
    for edge in ("api.webhooks", "operations.deliveries"):
        monkeypatch.setattr(f"loans.{edge}.timezone", found)
    settings.CELERY_APP = "tests.kernel.handlers.bell"
    handlers.reset()
    return found


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def bank(cast: Cast, at: Clock) -> Bank:
    return Bank(cast, at)
