"""Every published case is played by a test that names it and its source."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from tests.engine.published import every_case


def _played() -> set[str]:
    """The ids of the cases that tests of the engine and of the kernel's codes are made of."""
    engine = [f"tests.engine.{module.name}" for module in iter_modules([str(Path(__file__).parent)])]
    tests = [
        test
        for name in (*engine, "tests.kernel.test_uscc")
        for test in vars(import_module(name)).values()
        if getattr(test, "__name__", "").startswith("test_")
    ]
    marks = [mark for test in tests for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    ids = [getattr(parameter, "id", None) for mark in marks for parameter in mark.args[1]]
    return {id_.rsplit(" [", 1)[0] for id_ in ids if isinstance(id_, str) and id_.endswith("]")}


def test_every_published_case_is_played() -> None:
    owed = every_case()
    assert owed == _played()
    assert len(owed) > 100
