"""Every test gets an instance of its own, in a folder whose name is as awkward as a person might choose."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from finance_hub.embedded.holding import held
from finance_hub.embedded.instance import Instance

from .scenes import POSTGRES, write_note

# What an outer `exec` or `run` has set must not reach the instances made here.
OUTER = (
    "DATABASE_URL",
    "APP_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PG_BIN",
    "REDIS_BIN",
    "PORT",
    "MAKELEVEL",
)


@pytest.fixture(autouse=True, scope="module")
def _environment_of_its_own() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [*OUTER, *(name for name in os.environ if name.startswith("FINANCE_HUB_"))]:
            patch.delenv(name, raising=False)
        yield


@contextmanager
def a_place() -> Iterator[Path]:
    """A folder that every account may enter; pytest's own are closed to the database's account under root."""
    folder = Path(tempfile.mkdtemp(prefix="finance hub's test "))
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FINANCE_HUB_DATA_ROOT", str(folder / "outside"))
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of the test's own."""
    with a_place() as folder:
        yield folder


@pytest.fixture
def instance(place: Path) -> Instance:
    """A throwaway instance (named `test`: without fsync), never started before."""
    return Instance(place / "test")


@pytest.fixture(scope="module")
def kept() -> Iterator[Instance]:
    """A stopped instance of the module with one committed note, `kept`. Tests leave it stopped and whole."""
    with a_place() as folder:
        instance = Instance(folder / "test")
        with held(instance, names=POSTGRES) as holds:
            write_note(instance, port=holds["postgres"].take(), text="kept")
        yield instance
