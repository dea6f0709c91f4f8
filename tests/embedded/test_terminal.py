"""Commands typed by hand."""

import os
from pathlib import Path

import pytest

from finance_hub.embedded import terminal


class OperationalError(Exception):
    """Named as the database layer names it."""


class TestWithoutACity:
    def test_settings_load_and_point_nowhere(self, tmp_path: Path) -> None:
        variables = {"FINANCE_HUB_VAR": str(tmp_path)}
        terminal.lend(variables)
        assert variables == {
            "FINANCE_HUB_VAR": str(tmp_path),
            "FINANCE_HUB_PROFILE": "demo",
            "DATABASE_URL": terminal.NOWHERE,
        }
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_URL_FILE"])
    def test_a_named_database_is_left_alone(self, name: str) -> None:
        variables = {name: "postgresql://h/city"}
        terminal.lend(variables)
        assert variables == {name: "postgresql://h/city"}

    def test_a_command_that_wants_the_database_is_told_how_to_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", terminal.NOWHERE)
        with pytest.raises(SystemExit, match="make run"), terminal.explained():
            raise OperationalError

    def test_any_other_failure_passes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", terminal.NOWHERE)
        with pytest.raises(LookupError), terminal.explained():
            raise LookupError

    def test_a_failing_real_database_is_not_explained_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://h/city")
        with pytest.raises(OperationalError), terminal.explained():
            raise OperationalError
        assert os.environ["DATABASE_URL"] == "postgresql://h/city"
