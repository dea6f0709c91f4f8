"""How much memory of its own each process takes above where it stood at the start (Linux)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

PAUSE = 0.1


class Watch:
    """Looks at processes and their children for the length of the block; `new` names more of them meanwhile.

    What counts is memory that no other process shares, so that shared buffers count for nobody.
    """

    def __init__(self, pids: Iterable[int], *, new: Callable[[], list[int]]) -> None:
        self._roots, self._new = list(pids), new
        self._first: dict[int, int] = {}
        self._most: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on)

    def __enter__(self) -> Watch:
        self._look(_family(self._roots))
        self._first = dict(self._most)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def grown(self) -> int:
        """Bytes that the process that grew most has grown by; one that is new is counted from nothing."""
        return max(self._most[pid] - self._first.get(pid, 0) for pid in self._most)

    def by_name(self) -> dict[str, int]:
        """The same for each program, by its name."""
        found: dict[str, int] = {}
        for pid, most in self._most.items():
            name = self._names.get(pid, "?")
            found[name] = max(found.get(name, 0), most - self._first.get(pid, 0))
        return found

    _names: dict[int, str] = {}

    def _look_on(self) -> None:
        rounds = 0
        while not self._over.wait(PAUSE):
            if rounds % 20 == 0:
                self._roots = [*self._roots, *self._new()]
            rounds += 1
            self._look(_family(self._roots))

    def _look(self, pids: set[int]) -> None:
        for pid in pids:
            own = _own(pid)
            if own is not None:
                self._most[pid] = max(self._most.get(pid, 0), own)
                self._names.setdefault(pid, _name(pid))


def _family(roots: Iterable[int]) -> set[int]:
    found, ahead = set(), list(roots)
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _own(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _name(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ").split()
    except OSError:
        return "?"
    joined = " ".join(words)
    return next(
        (name for name in ("gunicorn", "celery", "postgres") if name in joined), words[0] if words else "?"
    )
