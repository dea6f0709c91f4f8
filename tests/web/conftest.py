"""Browsers of the cast: `browse("maker")` is signed in, `browse("")` is nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.conftest import Build
from tests.funds.conftest import Desk
from tests.web import funding

Browse = Callable[..., Client]
PASSWORD = "tall-reeds-by-the-canal"


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """Argon2id costs what it should; nothing here tests its cost."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def browse(cast: Cast) -> Browse:
    def signed_in(name: str, *, language: str = "zh-hans") -> Client:
        client = Client(headers={"Accept-Language": language})
        if name:
            client.force_login(cast[name])
        return client

    return signed_in


@pytest.fixture
def with_password(cast: Cast) -> Callable[[str], str]:
    """Gives one of the cast a password and returns it."""

    def given(name: str) -> str:
        cast[name].set_password(PASSWORD)
        cast[name].save(update_fields=["password"])
        return PASSWORD

    return given


@pytest.fixture(scope="class")
def worked(build: Build) -> tuple[Desk, str]:
    """The fund of `funding.worked_fund` and the id of its holding; it stands for all tests of a class."""
    worked: tuple[Desk, str] = build(funding.worked_fund)
    return worked


@pytest.fixture
def manager(browse: Browse, worked: tuple[Desk, str]) -> Client:
    """The manager of the worked fund."""
    return browse("manager_angel")


@pytest.fixture
def holding(worked: tuple[Desk, str]) -> str:
    """The address of its holding."""
    return f"{funding.PAGE}/holdings/{worked[1]}"
