"""When `.venv` is left alone, brought up to date, or built afresh; the installer is played."""

from pathlib import Path

import pytest

from finance_hub.embedded import packages


class Installer:
    """Notes what it was asked to do; can be told to fail."""

    def __init__(self, venv: Path) -> None:
        self.venv = venv
        self.done: list[str] = []
        self.fails = False

    def make_venv(self) -> None:
        self.done.append("make")
        (self.venv / "bin").mkdir(parents=True)
        (self.venv / "bin" / "python").write_text("#!/bin/sh\nexit 0\n")
        (self.venv / "bin" / "python").chmod(0o755)

    def install(self, lock: Path) -> None:
        self.done.append("install")
        if self.fails:
            raise packages.UnableToInstall


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "dev.txt"
    path.write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    return path


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installer:
    venv = tmp_path / ".venv"
    played = Installer(venv)
    monkeypatch.setattr(packages, "CHECKOUT", tmp_path)
    monkeypatch.setattr(packages, "VENV", venv)
    monkeypatch.setattr(packages, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(packages, "STAMP", venv / "installed-lock")
    monkeypatch.setattr(packages, "_make_venv", played.make_venv)
    monkeypatch.setattr(packages, "_install", played.install)
    return played


class TestTheEnvironment:
    def test_is_made_once(self, installer: Installer, lock: Path) -> None:
        packages.ensure(lock)
        packages.ensure(lock)
        assert installer.done == ["make", "install"]

    def test_is_brought_up_to_date_in_place_when_the_lock_changes(
        self, installer: Installer, lock: Path
    ) -> None:
        packages.ensure(lock)
        lock.write_text(lock.read_text().replace("19", "20"))
        packages.ensure(lock)
        packages.ensure(lock)
        assert installer.done == ["make", "install", "install"]

    @pytest.mark.parametrize("changed", [False, True])
    def test_whose_installation_failed_is_built_afresh(
        self, installer: Installer, lock: Path, changed: bool
    ) -> None:
        if changed:
            packages.ensure(lock)
            lock.write_text(lock.read_text().replace("19", "20"))
        installer.fails = True
        with pytest.raises(packages.UnableToInstall):
            packages.ensure(lock)
        installer.fails, installer.done = False, []
        packages.ensure(lock)
        assert installer.done == ["make", "install"]

    def test_whose_python_no_longer_runs_is_built_afresh(self, installer: Installer, lock: Path) -> None:
        packages.ensure(lock)
        (installer.venv / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
        packages.ensure(lock)
        assert installer.done == ["make", "install"] * 2

    def test_that_somebody_removed_is_built_afresh(self, installer: Installer, lock: Path) -> None:
        packages.ensure(lock)
        (installer.venv / "bin" / "python").unlink()
        packages.ensure(lock)
        assert installer.done == ["make", "install"] * 2


def test_a_failure_is_an_exit_code_and_a_sentence(
    installer: Installer, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installer.fails = True
    assert packages.main(["dev.txt"]) == 1
    installer.fails = False
    assert packages.main(["dev.txt"]) == 0


def test_names_are_compared_as_indexes_compare_them(lock: Path) -> None:
    lock.write_text("Foo_Bar.baz==1 \\\n    --hash=sha256:00\n# via x\nb==2 ; sys_platform == 'win32'\n")
    assert packages._listed(lock) == {"foo-bar-baz", "b"}
