"""A PostgreSQL data folder: where it may live, made whole or not at all, opened by a version that fits."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from finance_hub.embedded.account import Account, as_account, can_enter, make_passable
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


@dataclass(frozen=True)
class Cluster:
    """A data folder, the folder of the programs that open it, and the account they run under."""

    data: Path
    programs: Path
    account: Account | None

    def ensure(self, *, password: str, throwaway: bool) -> None:
        """Make the data folder when there is none; refuse one of another major version.

        A set-up that was interrupted leaves only `data.new`, which is thrown away. A throwaway folder is not
        waited for until it is on the disk. Raises UnableToOpenCluster.
        """
        if not self.data.exists():
            self._create(password=password, options=["--no-sync"] if throwaway else [])
        made_by, offered = int((self.data / "PG_VERSION").read_text()), self._version()
        if made_by != offered:
            raise UnableToOpenCluster(
                f"PostgreSQL {made_by} made the data in {self.data}, and {self.programs} holds PostgreSQL "
                f"{offered}. Name the folder of PostgreSQL {made_by}'s programs in PG_BIN, or move the data with "
                "pg_upgrade."
            )

    def set_password(self, password: str) -> None:
        """Give the administrator a new password while no server runs, for when the old one was lost.

        Raises UnableToOpenCluster.
        """
        statement = f"ALTER ROLE {ADMINISTRATOR} PASSWORD '{password}'\n"
        done = self._run("postgres", "--single", "-D", self.data, "postgres", typed=statement)
        if done.returncode != 0 or "ERROR" in done.stderr:
            raise UnableToOpenCluster(
                f"The lost password of {self.data} could not be replaced:\n{done.stderr.strip()}"
            )

    def _create(self, *, password: str, options: list[str]) -> None:
        unfinished, secret = self.data.with_suffix(".new"), self.data.with_suffix(".password")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(password, encoding="ascii")
        if self.account is not None:
            os.chown(unfinished, self.account.uid, self.account.gid)
            os.chown(secret, self.account.uid, self.account.gid)
        options += ["-U", ADMINISTRATOR, f"--pwfile={secret}", "--encoding=UTF8", "--auth=scram-sha-256"]
        done = self._run("initdb", "-D", unfinished, *options, *_locale(self._version()))
        secret.unlink()
        if done.returncode != 0:
            raise UnableToOpenCluster(f"initdb could not make {self.data}:\n{done.stderr.strip()}")
        unfinished.rename(self.data)

    def _run(self, program: str, *options: str | Path, typed: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.programs / program, *options],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data.parent,
            env=server_environment(),
            **as_account(self.account),
        )

    def _version(self) -> int:
        return major_version(self.programs / "postgres")


def _locale(version: int) -> list[str]:
    if version >= _FIRST_WITH_BUILTIN_LOCALE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def server_environment() -> dict[str, str]:
    """Our environment without what would steer PostgreSQL behind our back, and with plain messages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
