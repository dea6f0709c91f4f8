"""The ground of every test: a migrated database reached as the runtime role, and a fixed cast.

The owner makes the test database; the tests themselves speak to it as a role that owns nothing,
so that row-level security and append-only triggers are as real as in production.
"""

from __future__ import annotations

import copy
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import setting_changed
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from django.test.utils import override_settings
from hypothesis import settings

from tests import order
from tests.cast import Api, Cast, make_cast
from tests.database import MIGRATED, as_owner, forget_migrated, migrate_once, wipe
from tests.web.browser import chromium

# No example is judged by how long it took: a busy machine is no defect.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


#: Takes what fills a world, gives what that gave.
Build = Callable[[Callable[[Callable[[str], Api]], Any]], Any]
#: Settings that tests change and no middleware looks at when it is made.
UNREAD_BY_MIDDLEWARE = {"VAR_DIR", "FILES_DIR", "PASSWORD_HASHERS"}


# What is imported and collected stays to the end: it is not searched for garbage meanwhile, nor ever again.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def pytest_itemcollected(item: pytest.Item) -> None:
    if order.is_slow(item):
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several workers share the files; one that runs alone takes them as they stand."""
    if hasattr(config, "workerinput"):
        order.longest_first(items)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What was left out is said, and not passed over."""
    if not chromium.path() and not chromium.is_demanded():
        terminalreporter.write_line(f"left out: {chromium.ABSENT}", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """After its workers have gone, whoever started them takes away what they copied."""
    if session.config.getoption("numprocesses", None) and not session.config.getoption("collectonly"):
        with as_owner("postgres") as owner:
            forget_migrated(owner)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, django_db_blocker: Any
) -> None:
    """Workers migrate one database between them, and make theirs as copies of it."""
    if hasattr(request.config, "workerinput"):
        with django_db_blocker.unblock():
            migrate_once(request.getfixturevalue("testrun_uid"))
        connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from finance_hub.kernel import database
    from finance_hub.kernel.management.commands.provision import make_role

    owner = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    role = f"{connection.settings_dict['NAME']}_app"
    with django_db_blocker.unblock():
        make_role(role, "test")
        database.install(role=role)
        connection.close()
    connection.settings_dict |= {"USER": role, "PASSWORD": "test"}
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    connection.settings_dict |= owner


@pytest.fixture(scope="session", autouse=True)
def _wiped_by_the_owner_alone() -> Iterator[None]:
    """`committed` wipes as the owner; Django's own flush would truncate as the runtime role, which may not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_chain_of_middleware() -> Iterator[None]:
    """Every client of a test builds the whole chain anew; here they share one, until a setting that it reads changes."""
    built: list[Any] = []
    build = ClientHandler.load_middleware

    def load(handler: ClientHandler, is_async: bool = False) -> None:
        if not built:
            build(handler, is_async)
            built.append(handler._middleware_chain)  # type: ignore[attr-defined]
        handler._middleware_chain = built[0]  # type: ignore[attr-defined]

    def forget(*, setting: str, **_: Any) -> None:
        if setting not in UNREAD_BY_MIDDLEWARE:
            built.clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load)
        setting_changed.connect(forget)
        yield
        setting_changed.disconnect(forget)


@pytest.fixture(autouse=True)
def _files_of_their_own(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> None:
    stands = "standing_files" in request.fixturenames
    folder = request.getfixturevalue("standing_files") if stands else tmp_path
    settings.VAR_DIR = folder
    settings.FILES_DIR = folder / "files"


@pytest.fixture(scope="class")
def standing_cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast in a transaction around all tests of a class, in which fixtures of the class build what stands.

    Each test of it goes back to what they have built. For worlds that take longer to build than to look at.
    """
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]  # what is durable may begin in it
        around.__enter__()
        cast = make_cast()
    yield cast
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture(scope="class")
def standing_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("standing")


@pytest.fixture(scope="class")
def build(standing_cast: Cast, standing_files: Path, django_db_blocker: Any) -> Build:
    """`build(fill)` gives what `fill(api)` does, once for the class; `api` speaks as anybody of the standing cast."""

    def built(fill: Callable[[Callable[[str], Api]], Any]) -> Any:
        where = override_settings(VAR_DIR=standing_files, FILES_DIR=standing_files / "files")
        with django_db_blocker.unblock(), where:
            return fill(lambda name: Api(standing_cast.key(name)))

    return built


@pytest.fixture
def cast(request: pytest.FixtureRequest, db: None) -> Cast:
    """One of the test's own, or its copy of the one that stands."""
    if "standing_cast" in request.fixturenames:
        return copy.deepcopy(request.getfixturevalue("standing_cast"))
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Callable[[str], Api]:
    """`api("bank_a")` speaks to the API with that person's key; `api("")` carries none."""
    return lambda name: Api(cast.key(name) if name else None)


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A psycopg connection as the owner of the test database, for what a DBA could do."""
    with as_owner() as owner:
        yield owner


@pytest.fixture
def committed(transactional_db: None, owner_connection: Any) -> Iterator[Cast]:
    """The cast, really committed, for tests with threads and processes; wiped afterwards."""
    yield make_cast()
    connections.close_all()
    wipe()
