"""A small city, built once for all the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings

from finance_hub.demo import pipeline, registry
from finance_hub.demo.capital import plan as capital
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.chance import chance
from finance_hub.demo.lending import book
from finance_hub.demo.lending.loans import Loan
from tests.database import wipe

SMALL = {"firms": 30, "loans": 60}
CHEAP_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def firms() -> list[registry.Enterprise]:
    return registry.plan(240, dice=chance(42, "firms"))


@pytest.fixture(scope="session")
def funds(firms: list[registry.Enterprise]) -> list[FundPlan]:
    return capital.plan(firms, champions=pipeline.champions(firms), dice=chance(42, "capital"))


@pytest.fixture(scope="session")
def loans(firms: list[registry.Enterprise], funds: list[FundPlan]) -> list[Loan]:
    """Drawn after the funds, as in the city: a stake that is lost is a firm that fails."""
    return book.open_book(1_500, firms, dice=chance(42, "loans"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout's folder and an instance's folder that no other test writes to."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("checkout")
    before = (settings.BASE_DIR, settings.VAR_DIR, settings.FILES_DIR)
    yield folder
    settings.BASE_DIR, settings.VAR_DIR, settings.FILES_DIR = before


@pytest.fixture(autouse=True)
def _files_of_their_own(room: Path, settings: Any) -> None:
    """Here the files outlive a test, as the city does."""
    settings.BASE_DIR = room
    settings.VAR_DIR = room / "var" / "city"
    settings.FILES_DIR = settings.VAR_DIR / "files"


@pytest.fixture(scope="module")
def empty(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A committed database of one's own, wiped afterwards. Its people's passwords are hashed cheaply."""
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=CHEAP_HASHERS):
        yield
        connections.close_all()
        wipe()


class Terminal(StringIO):
    """Where a person looks on."""

    def isatty(self) -> bool:
        return True


def seed(*, to: StringIO | None = None, **options: Any) -> str:
    """Run the command with the small city's size; what it printed."""
    said = to or StringIO()
    call_command("seed_demo", **SMALL, **options, stdout=said)
    return said.getvalue()
