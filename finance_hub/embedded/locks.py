"""Advisory file locks: released by the kernel when their holder ends, however it ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FileLock:
    """One open handle on a lock file; several may hold it shared, or one alone.

    Use as a context manager for the exclusive lock. Handles of one process exclude each other too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Wait until nobody holds the lock alone, then hold it with others."""
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def try_share(self) -> bool:
        """Hold the lock with others, or answer False at once when somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold the lock alone, or answer False at once when anybody holds it."""
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go; the handle stays usable."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go for good."""
        os.close(self._handle)

    def is_in_place(self) -> bool:
        """Whether the file at the path is still the one held: False after somebody removed the folder."""
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(self._handle))
        except FileNotFoundError:
            return False

    def __enter__(self) -> "FileLock":
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _try(self, mode: int) -> bool:
        try:
            fcntl.flock(self._handle, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(path: Path) -> bool:
    """Whether some process holds the lock at this path alone; a missing file is held by nobody."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        return not lock.try_share()
    finally:
        lock.close()
