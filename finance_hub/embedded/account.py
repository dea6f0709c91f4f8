"""The account that a database server runs under: PostgreSQL refuses to be root.

No account is created and nobody's folder is opened up: where the account cannot go, its files are put
somewhere it can.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class AccountOptions(TypedDict, total=False):
    """The arguments by which `subprocess` starts a program under another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int


class NoUnprivilegedAccount(Exception):
    """We are root and there is no account to step down to."""


def for_servers() -> Account | None:
    """The account to step down to: `postgres`, else `nobody`; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoUnprivilegedAccount(
        "PostgreSQL does not run as root, and this machine has neither an account 'postgres' nor 'nobody'. "
        "Start as an ordinary user, or name a running server in DATABASE_URL."
    )


def as_account(account: Account | None) -> AccountOptions:
    """Arguments for `subprocess` to start a program under the account; none for None."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def make_passable(folder: Path) -> None:
    """Make a folder of ours that every account may pass through; one that exists is left as it is."""
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)


def can_enter(folder: Path, *, account: Account | None) -> bool:
    """Whether the account can make this existing folder its working directory."""
    command = ["/bin/sh", "-c", 'cd -- "$0"', str(folder)]
    return (
        subprocess.run(command, capture_output=True, check=False, cwd="/", **as_account(account)).returncode
        == 0
    )


def can_run(program: Path, *, account: Account | None) -> bool:
    """Whether `PROGRAM --version` works under the account."""
    try:
        ran = subprocess.run(
            [program, "--version"], capture_output=True, check=False, cwd="/", **as_account(account)
        )
    except OSError:
        return False
    return ran.returncode == 0
