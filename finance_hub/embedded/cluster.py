"""A PostgreSQL data folder: where it may live, made whole or not at all, opened by a version that fits."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from finance_hub.embedded.account import Account, as_account, can_enter
from finance_hub.embedded.binaries import major_version
from finance_hub.embedded.instance import Instance

ADMINISTRATOR = "postgres"

# The builtin provider sorts by code point and knows all of Unicode's cases, without ICU and alike everywhere.
_FIRST_WITH_BUILTIN_LOCALE = 17


class UnableToOpenCluster(Exception):
    """The data folder cannot be made, reached or opened; the text says why."""


def data_root() -> Path:
    """Where data and programs live that root's database account could not reach in the checkout."""
    return Path(os.environ.get("FINANCE_HUB_DATA_ROOT", "/var/lib/finance_hub"))


def home(instance: Instance, *, account: Account | None) -> Path:
    """The folder that holds `data`: in the instance, or under `data_root()` if the account cannot get there.

    The place outside is named after the instance's path and identity: a copied checkout does not share data
    with its original, and a checkout made anew does not find its predecessor's.
    Raises UnableToOpenCluster when data was made inside and can no longer be reached.
    """
    inside = instance.room("postgres")
    reachable = can_enter(inside, account=account)
    if (inside / "data").exists() and not reachable:
        raise UnableToOpenCluster(
            f"The database in {inside} is out of reach of account {account.name if account else 'in use'}. "
            "Give its folders back their permission to pass through (chmod o+x), or start as their owner."
        )
    if reachable and ((inside / "data").exists() or account is None):
        return inside
    mark = hashlib.sha256(f"{instance.folder}\n{instance.identity}".encode()).hexdigest()[:16]
    outside = data_root() / mark
    if reachable and not outside.exists():
        return inside
    make_passable(data_root())
    make_passable(outside)
    (outside / "instance").write_text(f"{instance.folder}\n", encoding="utf-8")
    return outside


def make_passable(folder: Path) -> None:
    """Make a folder of ours that every account may pass through; one that exists is left as it is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)


def ensure(data: Path, *, programs: Path, account: Account | None, password: str) -> None:
    """Make the data folder when there is none; refuse one of another major version.

    A set-up that was interrupted leaves only `data.new`, which is thrown away.
    Raises UnableToOpenCluster.
    """
    if not data.exists():
        _create(data, programs=programs, account=account, password=password)
    made_by, offered = int((data / "PG_VERSION").read_text()), major_version(programs / "postgres")
    if made_by != offered:
        raise UnableToOpenCluster(
            f"PostgreSQL {made_by} made the data in {data}, and {programs} holds PostgreSQL {offered}. "
            f"Name the folder of PostgreSQL {made_by}'s programs in PG_BIN, or move the data with pg_upgrade."
        )


def _create(data: Path, *, programs: Path, account: Account | None, password: str) -> None:
    unfinished, secret = data.with_suffix(".new"), data.with_suffix(".password")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="ascii")
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
        os.chown(secret, account.uid, account.gid)
    try:
        _run_initdb(unfinished, secret, programs=programs, account=account)
    finally:
        secret.unlink()
    unfinished.rename(data)


def _run_initdb(data: Path, secret: Path, *, programs: Path, account: Account | None) -> None:
    command: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        ADMINISTRATOR,
        f"--pwfile={secret}",
        "--encoding=UTF8",
    ]
    command += ["--auth=scram-sha-256", *_locale(major_version(programs / "postgres")), "--no-instructions"]
    options = as_account(account)
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=data, env=server_environment(), **options
    )
    if done.returncode != 0:
        raise UnableToOpenCluster(f"initdb could not make {data}:\n{done.stderr.strip()}")


def _locale(version: int) -> list[str]:
    if version >= _FIRST_WITH_BUILTIN_LOCALE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def set_password(data: Path, *, programs: Path, account: Account | None, password: str) -> None:
    """Give the administrator a new password while no server runs, for when the old one was lost.

    Raises UnableToOpenCluster.
    """
    statement = f"ALTER ROLE {ADMINISTRATOR} PASSWORD '{password}'\n"
    command: list[str | Path] = [programs / "postgres", "--single", "-D", data, "postgres"]
    options = as_account(account)
    done = subprocess.run(
        command,
        input=statement,
        capture_output=True,
        text=True,
        check=False,
        cwd=data,
        env=server_environment(),
        **options,
    )
    if done.returncode != 0 or "ERROR" in done.stderr:
        raise UnableToOpenCluster(
            f"The lost password of {data} could not be replaced:\n{done.stderr.strip()}"
        )


def server_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL behind our back, and with plain messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
