"""The virtual environment `.venv`, built from a lock with hashes; run by any Python >= 3.11 before all else.

`python3 -m finance_hub.embedded.packages [requirements/dev.txt]`. A stamp inside `.venv`, written last, says
which lock it holds: the same lock is a matter of milliseconds, another is installed over it, and a `.venv`
without a stamp was interrupted and is built afresh. Only the standard library is used here.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from finance_hub.embedded.instance import CHECKOUT
from finance_hub.embedded.locks import FileLock

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-lock"
OLDEST_PYTHON = (3, 11)
INTERRUPTED = 130

# What a lock never lists and pip needs.
INSTALLERS = {"pip", "setuptools", "wheel"}


class UnableToInstall(Exception):
    """The packages could not be installed; what the installer said is on the terminal already."""


def ensure(lock: Path) -> None:
    """Have exactly the lock's packages in `.venv`. Raises UnableToInstall."""
    guard = CHECKOUT / "var"
    guard.mkdir(exist_ok=True)
    with FileLock(guard / "packages.lock"):
        wanted = _mark(lock)
        if not _works():
            shutil.rmtree(VENV, ignore_errors=True)
            print(f"Making .venv from {lock.relative_to(CHECKOUT)} (once; takes a minute or two)", flush=True)
            _make_venv()
        elif STAMP.read_text(encoding="ascii") == wanted:
            return
        STAMP.unlink(missing_ok=True)
        _install(lock)
        STAMP.write_text(wanted, encoding="ascii")


def _mark(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _works() -> bool:
    """Whether `.venv` was once finished and its Python still is the one it was made for."""
    if not os.access(STAMP, os.R_OK) or not os.access(PYTHON, os.X_OK):
        return False
    asked = "import importlib.util, sys; sys.exit(importlib.util.find_spec('django') is None)"
    return subprocess.run([PYTHON, "-c", asked], capture_output=True, check=False).returncode == 0


def _make_venv() -> None:
    # Some distributions ship venv without the pip it would copy in: then ours installs from outside.
    for options in ([], ["--without-pip"]):
        made = subprocess.run(
            [sys.executable, "-m", "venv", *options, VENV], capture_output=True, text=True, check=False
        )
        if made.returncode == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    raise UnableToInstall(f"{sys.executable} could not make {VENV}:\n{made.stdout}{made.stderr}")


def _install(lock: Path) -> None:
    uv = shutil.which("uv")
    if uv and _succeeds(
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(lock)]
    ):
        return
    if uv:
        print("uv could not install the packages; pip takes over", flush=True)
    options = ["--quiet", "--require-hashes", "--no-input", "--disable-pip-version-check"]
    if not _succeeds([*_pip(), "install", *options, "-r", str(lock)]):
        raise UnableToInstall(f"pip could not install {lock}.")
    if strangers := _installed() - _listed(lock):
        _succeeds([*_pip(), "uninstall", "--quiet", "--yes", *sorted(strangers)])


def _pip() -> list[str]:
    inside = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    if inside.returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def _succeeds(command: Sequence[str]) -> bool:
    # A machine-wide "install for the user" would send the packages past the environment.
    return subprocess.run(command, env={**os.environ, "PIP_USER": "0"}, check=False).returncode == 0


def _installed() -> set[str]:
    asked = "import importlib.metadata as m; print(*(one.metadata['Name'] for one in m.distributions()))"
    shown = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True).stdout
    return {_canonical(name) for name in shown.split()} - INSTALLERS


def _listed(lock: Path) -> set[str]:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {_canonical(name) for name in names}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: Sequence[str]) -> int:
    """Answers the exit code."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        print("Python 3.11 or newer is needed.", file=sys.stderr)
        return 1
    try:
        ensure(CHECKOUT / (arguments[0] if arguments else "requirements/dev.txt"))
    except UnableToInstall as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
