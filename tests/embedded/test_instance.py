"""An instance's folder: names, secrets, logs."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from finance_hub.embedded import instance as module
from finance_hub.embedded.instance import CHECKOUT, Instance, read_json, tail, write_private_json


class TestNames:
    def test_without_a_slash_are_under_var(self) -> None:
        assert Instance.named("bench").folder == CHECKOUT / "var" / "bench"

    def test_with_a_slash_are_folders(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        assert Instance.named("./x").folder == tmp_path / "x"


class TestSecrets:
    def test_are_drawn_once_kept_and_private(self, tmp_path: Path) -> None:
        first = Instance(tmp_path / "a").secret("owner")
        assert Instance(tmp_path / "a").secret("owner") == first
        assert Instance(tmp_path / "b").secret("owner") != first
        assert (tmp_path / "a" / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o711

    def test_drawn_at_once_by_many_are_one(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            drawn = list(pool.map(lambda _: Instance(tmp_path / "a").secret("owner"), range(40)))
        assert len(set(drawn)) == 1

    def test_that_cannot_be_written_leave_the_old_file_and_no_other(self, tmp_path: Path) -> None:
        write_private_json(tmp_path / "s.json", content={"a": 1})
        with pytest.raises(TypeError):
            write_private_json(tmp_path / "s.json", content={"a": object()})
        assert [path.name for path in tmp_path.iterdir()] == ["s.json"]
        assert read_json(tmp_path / "s.json") == {"a": 1}

    def test_in_a_broken_file_are_not_drawn_anew(self, tmp_path: Path) -> None:
        instance = Instance(tmp_path / "a")
        instance.secret("owner")
        (tmp_path / "a" / "secrets.json").write_text("{")
        with pytest.raises(json.JSONDecodeError):
            instance.secret("owner")


class TestLogs:
    def test_grown_large_are_moved_aside_at_the_next_start(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "LOG_LIMIT_BYTES", 10)
        instance = Instance(tmp_path / "a")
        for text in (b"first and long", b"second"):
            with instance.open_log("web") as log:
                log.write(text)
        assert instance.log_path("web").read_bytes() == b"second"
        assert instance.log_path("web").with_suffix(".log.1").read_bytes() == b"first and long"

    def test_are_quoted_by_their_end(self, tmp_path: Path) -> None:
        (tmp_path / "x.log").write_text("one\ntwo\n青桐\n", encoding="utf-8")
        assert tail(tmp_path / "x.log", lines=2) == "two\n青桐"
        assert tail(tmp_path / "none.log") == ""
