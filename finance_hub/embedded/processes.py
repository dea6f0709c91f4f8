"""Processes: proof of whose they are, how they end, and what ends them when their parent dies.

A pid alone proves nothing, because pids are used again. A process is ours when it carries the marker we put
into its environment, when it is a server that works in our data folder, or when pid *and* birth agree with
what we wrote down. Nothing else is ever signalled.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from finance_hub.embedded.account import Account, as_account

# Loaded before any fork: the child of a fork should do as little as possible.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1

# `-ef` follows /proc/PID/cwd, which only the process's own account (or a root that may trace) can do: so the
# question is asked by that account, in a shell, since it may be unable to reach our Python.
_WORKING_IN = 'for p in /proc/[0-9]*; do [ "$p/cwd" -ef "$0" ] && echo "${p#/proc/}"; done; :'


def birth(pid: int) -> str | None:
    """A mark that no later process with this pid can have; None when it has ended (a zombie has ended)."""
    if sys.platform != "linux":
        command = ["ps", "-o", "state=,lstart=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return None if not shown or shown.startswith("Z") else shown.split(maxsplit=1)[1]
    try:
        # The name is in parentheses and may hold anything; after it: state, parent, …, start in ticks.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{_boot()}:{fields[19]}"


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def working_in(folder: Path, *, program: str, account: Account | None) -> list[int]:
    """Pids of the live processes of that program whose working directory is this folder.

    Empty where there is no /proc.
    """
    command = ["/bin/sh", "-c", _WORKING_IN, str(folder)]
    found = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd="/", **as_account(account)
    )
    return [pid for pid in map(int, found.stdout.split()) if _name(pid) == program[:15] and birth(pid)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def marked(marker: str) -> list[int]:
    """Pids of the live processes, this one excepted, started with that `NAME=value` in the environment."""
    wanted, found = marker.encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue  # another account's, or gone meanwhile
        if wanted in variables and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return [pid for pid in found if birth(pid)]


def send(pid: int, *, number: signal.Signals) -> None:
    """Signal a process; one that has ended meanwhile is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def end(pids: Iterable[int], *, first: signal.Signals, grace: float) -> None:
    """Send `first` to each, wait up to `grace` seconds, then SIGKILL whoever is left and wait 5 seconds."""
    living = {pid: mark for pid in pids if (mark := birth(pid))}
    for number, patience in ((first, grace), (signal.SIGKILL, 5.0)):
        for pid in living:
            send(pid, number=number)
        living = _wait_for_end(living, seconds=patience)


def _wait_for_end(living: dict[int, str], *, seconds: float) -> dict[int, str]:
    def still() -> dict[int, str]:
        return {pid: mark for pid, mark in living.items() if birth(pid) == mark}

    wait_until(lambda: not still(), seconds=seconds)
    return still()


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.03) -> bool:
    """Ask until the condition holds or the time is over; answers whether it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True


def end_group(leader: int) -> None:
    """SIGKILL whatever is left of the process group that a child of ours led."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` by which the kernel signals the child when its parent ends; Linux only, else nothing.

    The parent must start the child from its main thread: the kernel watches the thread.
    """
    parent = os.getpid()

    def bind() -> None:
        be_told_of_parents_end(number)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return bind


def be_told_of_parents_end(number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent ends; Linux only, else nothing."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
