"""Holding an instance's servers: while a process holds one, its keeper keeps it running."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from finance_hub.embedded.instance import CHECKOUT, Instance
from finance_hub.embedded.keeper import serving_port
from finance_hub.embedded.locks import FileLock, is_held

LOOK_SECONDS = 0.03
LEAVE_SECONDS = 45.0  # longer than a keeper gives its server to stop


class ServerUnavailable(Exception):
    """A keeper could not start its server; the text is what it said."""


class Hold:
    """One process's share in one server, `postgres` or `broker`."""

    def __init__(self, instance: Instance, *, name: str) -> None:
        self.instance = instance
        self.name = name
        self._users = instance.lock(f"{name}.users")
        self._log = instance.log_path(f"{name}-keeper")
        self._said_before = 0
        self._keeper: subprocess.Popen[bytes] | None = None

    def ask(self) -> None:
        """Hold the server and have it started, without waiting for it."""
        self._users.share()
        if not self._has_keeper() and not self._is_starting():
            self._start_keeper()

    def take(self) -> int:
        """Hold the server and wait until it serves; answers its port.

        Asking again while holding is cheap, and brings a killed keeper back. Raises ServerUnavailable.
        """
        self._users.share()
        while (port := serving_port(self.instance, name=self.name)) is None:
            if not self._has_keeper() and not self._is_starting():
                self._start_keeper()
            time.sleep(LOOK_SECONDS)
        return port

    def leave(self) -> None:
        """Let go; when nobody else holds the server, wait until it has stopped."""
        self._users.release()
        deadline = time.monotonic() + LEAVE_SECONDS
        while self._has_keeper() and not self._others_hold() and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
        if self._keeper is not None and not self._has_keeper():
            self._keeper.wait()
        self._users.close()

    def _has_keeper(self) -> bool:
        return is_held(self.instance.lock_path(f"{self.name}.keeper"))

    def _others_hold(self) -> bool:
        # Alone: nobody holds it, the keeper is about to notice. Shared but not alone: other users do.
        # Neither: the keeper holds it and is stopping the server.
        probe = FileLock(self.instance.lock_path(f"{self.name}.users"))
        try:
            return not probe.try_alone() and probe.try_share()
        finally:
            probe.close()

    def _start_keeper(self) -> None:
        with self.instance.open_log(f"{self.name}-keeper") as output:
            self._said_before = output.tell()
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "finance_hub.embedded.keeper", self.name, self.instance.folder],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=CHECKOUT,
                start_new_session=True,
            )

    def _is_starting(self) -> bool:
        """Whether our keeper runs. Raises ServerUnavailable when it gave up."""
        if self._keeper is None or self._keeper.poll() is None:
            return self._keeper is not None
        code, self._keeper = self._keeper.returncode, None
        if code > 0:
            said = self._log.read_bytes()[self._said_before :].decode(errors="replace").strip()
            raise ServerUnavailable(said or f"the keeper of {self.name} ended with {code}")
        return False


@contextmanager
def held(instance: Instance, *, names: tuple[str, ...]) -> Iterator[dict[str, Hold]]:
    """Hold these servers for the length of a block, started side by side; yields the holds by name.

    Raises ServerUnavailable.
    """
    with ExitStack() as leaving:
        holds = {name: Hold(instance, name=name) for name in names}
        for hold in holds.values():
            leaving.callback(hold.leave)
            hold.ask()
        for hold in holds.values():
            hold.take()
        yield holds
