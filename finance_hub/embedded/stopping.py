"""Who asks this process to stop: a signal, the end of the `make` that started it, or one make swallowed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from finance_hub.embedded import processes

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """True once something asked; `number` is the signal to pass on."""

    def __init__(self) -> None:
        self.number: signal.Signals | None = None

    def __bool__(self) -> bool:
        if self.number is None and _make_was_interrupted():
            self.number = signal.SIGINT
        return self.number is not None

    def notice(self, number: int, frame: FrameType | None) -> None:
        """A signal handler."""
        self.number = signal.Signals(number)


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Note SIGINT, SIGTERM and SIGHUP for the length of the block instead of dying of them."""
    request = StopRequest()
    before = {number: signal.signal(number, request.notice) for number in ASKING}
    if _under_make():
        processes.be_told_of_parents_end(signal.SIGTERM)
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _under_make() -> bool:
    return bool(os.environ.get("MAKELEVEL"))


def _make_was_interrupted() -> bool:
    """Whether the `make` that started us caught SIGINT.

    A terminal sends Ctrl-C to everyone, but a signal sent to make alone stays there: make waits for its
    recipe and does not pass SIGINT on. While it waits, inside its handler, it has SIGINT blocked.
    """
    if not _under_make():
        return False
    parent = Path(f"/proc/{os.getppid()}")
    try:
        is_make = (parent / "comm").read_text().strip() in ("make", "gmake")
        status = (parent / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
    return is_make and bool(blocked & (1 << (signal.SIGINT - 1)))
