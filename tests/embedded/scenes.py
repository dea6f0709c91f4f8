"""What the tests of the embedded servers do again and again."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from finance_hub.embedded import processes
from finance_hub.embedded.account import as_account, for_servers
from finance_hub.embedded.instance import CHECKOUT, Instance
from finance_hub.embedded.ports import LOOPBACK

POSTGRES = ("postgres",)
BROKER = ("broker",)


@contextmanager
def administrator(instance: Instance, *, port: int) -> Iterator[psycopg.Connection[Any]]:
    """A session of the embedded server's administrator."""
    with psycopg.connect(
        host=LOOPBACK,
        port=port,
        user="postgres",
        password=instance.secret("postgres"),
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    ) as connection:
        yield connection


def write_note(instance: Instance, *, port: int, text: str) -> None:
    """A committed row that must survive whatever comes."""
    with administrator(instance, port=port) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", (text,))


def notes(instance: Instance, *, port: int) -> list[str]:
    """All rows written by `write_note`."""
    with administrator(instance, port=port) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text").fetchall()]


def postmaster(data: Path) -> int:
    """The pid in the server's own file."""
    return int((data / "postmaster.pid").read_text().split()[0])


def under_server_account(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A process of the account that the database runs under, which PostgreSQL may therefore signal."""
    return subprocess.Popen(command, cwd="/", start_new_session=True, **as_account(for_servers()))


def start(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
    """`python -m finance_hub.embedded ARGUMENTS…` without a terminal."""
    return start_python("-m", "finance_hub.embedded", *arguments, **variables)


def start_python(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
    """Our Python in the checkout, its output readable, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_line(process: "subprocess.Popen[str]", *, beginning: str) -> str:
    """The first line of its output that begins so; fails with all it said when it ends without one."""
    said = []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith(beginning):
            return line.strip()
    raise AssertionError(f"ended with {process.wait()}: {''.join(said)}{process.communicate()[1]}")


def all_gone(instance: Instance, *, seconds: float = 10.0) -> bool:
    """Whether, soon, no process of the instance is left and nothing listens on its ports."""
    return processes.wait_until(lambda: not processes_of(instance), seconds=seconds)


def processes_of(instance: Instance) -> list[str]:
    """Command lines that name the instance's folder, and marked processes of its city."""
    pids = {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if str(instance.folder) in _line(entry)}
    pids |= set(processes.marked(f"FINANCE_HUB_VAR={instance.folder}"))
    return [_line(Path(f"/proc/{pid}")) for pid in pids if processes.birth(pid)]


def _line(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(*pids: int) -> None:
    """SIGKILL."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def has_changed(data: Path, *, pid: int) -> bool:
    """Whether another postmaster has taken over the data within 15 seconds."""

    def is_another() -> bool:
        return (data / "postmaster.pid").exists() and postmaster(data) != pid

    return processes.wait_until(is_another, seconds=15)


def script(text: str) -> tuple[str, ...]:
    """Our Python running a few lines."""
    return (sys.executable, "-c", textwrap.dedent(text))
