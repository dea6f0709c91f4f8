"""The process that keeps one server of one instance: starts it, restarts it, stops it after its last user.

`python -m finance_hub.embedded.keeper postgres|broker FOLDER`, started by `holding`. Users hold the lock
`NAME.users` shared; the keeper, which holds `NAME.keeper` alone, tries to get the users' lock alone. The
kernel frees a dead user's lock, so a killed user is as good as one that said goodbye.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Protocol

from finance_hub.embedded import account, binaries, cluster, ports, processes
from finance_hub.embedded.broker import BrokerServer
from finance_hub.embedded.instance import Instance, read_json, tail, write_private_json
from finance_hub.embedded.locks import FileLock
from finance_hub.embedded.postgres import PostgresServer

LOOK_SECONDS = 0.1
READY_LOOK_SECONDS = 0.05
START_ATTEMPTS = 5
LONGEST_PAUSE_SECONDS = 10.0

Process = subprocess.Popen[bytes]


class Server(Protocol):
    """What the keeper asks of a server."""

    name: str
    instance: Instance
    stop_signal: signal.Signals
    stop_seconds: float
    start_seconds: float

    def prepare(self) -> None:
        """Make everything the first launch needs."""

    def launch(self, port: int) -> Process:
        """Start it on that port."""

    def is_ready(self, port: int) -> bool:
        """Whether it serves."""

    def clear_leftovers(self) -> None:
        """End what an earlier start left behind."""

    def after_failed_start(self, attempt: int) -> None:
        """What may help the next attempt."""


class UnableToStartServer(Exception):
    """The server ended or stayed silent in every attempt; the text holds the end of its log."""


KINDS: dict[str, type[PostgresServer] | type[BrokerServer]] = {
    "postgres": PostgresServer,
    "broker": BrokerServer,
}

# What a person can mend, told without a traceback.
EXPECTED = (
    UnableToStartServer,
    binaries.ServerProgramMissing,
    cluster.UnableToOpenCluster,
    account.NoUnprivilegedAccount,
    ports.NoFreePort,
    OSError,
)


def running_path(instance: Instance, *, name: str) -> Path:
    """The file that says on which port the server serves, while it does."""
    return instance.folder / f"{name}.running.json"


def serving_port(instance: Instance, *, name: str) -> int | None:
    """The port that a living keeper announces; None while the server starts, stops or is not kept."""
    said = read_json(running_path(instance, name=name))
    if not said or processes.birth(said["keeper"]) != said["keeper_birth"]:
        return None
    port: int = said["port"]
    return port


def port_path(instance: Instance, *, name: str) -> Path:
    """The file that remembers the port between starts: the same one keeps written-down addresses valid."""
    return instance.folder / f"{name}.port.json"


def stop(server: Server, process: Process) -> None:
    """Stop the server; kill it when it does not listen, and whatever it leaves behind."""
    if process.poll() is None:
        process.send_signal(server.stop_signal)
    try:
        process.wait(server.stop_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    server.clear_leftovers()


class Keeper:
    """The watch over one server."""

    def __init__(self, server: Server, *, users: FileLock) -> None:
        self.server = server
        self.users = users
        self.asked_to_stop = False

    def keep(self) -> None:
        """Run the server while it has users; start it again when it dies. Raises UnableToStartServer."""
        self.server.prepare()
        process, port = self.start()
        write_private_json(port_path(self.server.instance, name=self.server.name), content={"port": port})
        try:
            self._announce(port)
            while self.is_wanted():
                if process.poll() is not None:
                    self._withdraw()
                    report(f"{self.server.name} ended with {process.returncode}; starting it again")
                    process = self.start_again(port=port)
                    self._announce(port)
                time.sleep(LOOK_SECONDS)
        finally:
            self._withdraw()
            stop(self.server, process)

    def start(self) -> tuple[Process, int]:
        """Start on the remembered or a free port and wait until it serves, or until nobody wants it.

        One that ends gets five attempts, one that stays silent has had its chance. Raises UnableToStartServer.
        """
        for attempt in range(1, START_ATTEMPTS + 1):
            self.server.clear_leftovers()
            port = ports.pick(
                preferred=read_json(port_path(self.server.instance, name=self.server.name)).get("port")
            )
            process = self.server.launch(port)
            if self._wait_for(process, port=port) or not self.is_wanted():
                return process, port
            silent = process.poll() is None
            stop(self.server, process)
            if silent:
                break
            self.server.after_failed_start(attempt)
        log = self.server.instance.log_path(self.server.name)
        raise UnableToStartServer(f"{self.server.name} did not start; the end of {log}:\n{tail(log)}")

    def start_again(self, *, port: int) -> Process:
        """Start a server that died, on the port its users know, for as long as they wait for it."""
        pause = LOOK_SECONDS
        while True:
            self.server.clear_leftovers()
            process = self.server.launch(port)
            if self._wait_for(process, port=port) or not self.is_wanted():
                return process
            stop(self.server, process)
            report(f"{self.server.name} did not come back; next attempt in {pause:.1f} s")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def is_wanted(self) -> bool:
        """Whether anybody holds the users' lock; once nobody does, the keeper itself holds it to its end."""
        return not self.asked_to_stop and self.users.is_in_place() and not self.users.try_alone()

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """A signal handler; who holds the server loses it."""
        self.asked_to_stop = True

    def _wait_for(self, process: Process, *, port: int) -> bool:
        """Whether the server serves, before it ends, stays silent too long, or is wanted by nobody."""
        deadline = time.monotonic() + self.server.start_seconds
        while process.poll() is None and time.monotonic() < deadline and self.is_wanted():
            if self.server.is_ready(port):
                return True
            time.sleep(READY_LOOK_SECONDS)
        return False

    def _announce(self, port: int) -> None:
        """Say that the server serves, and who says so: a killed keeper's word must not count."""
        keeper = {"keeper": os.getpid(), "keeper_birth": processes.birth(os.getpid())}
        path = running_path(self.server.instance, name=self.server.name)
        write_private_json(path, content={"port": port, **keeper})

    def _withdraw(self) -> None:
        running_path(self.server.instance, name=self.server.name).unlink(missing_ok=True)


def report(text: str) -> None:
    """One line in the keeper's log."""
    print(time.strftime("%Y-%m-%dT%H:%M:%S%z"), text, flush=True)


def main(kind: str, folder: str) -> int:
    """Keep the server unless another keeper does; answers the exit code."""
    instance = Instance(Path(folder))
    # Freed by the end of the process, not before: whoever waits for the lock waits for all of it.
    if not instance.lock(f"{kind}.keeper").try_alone():
        return 0
    try:
        keeper = Keeper(KINDS[kind](instance), users=instance.lock(f"{kind}.users"))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, keeper.ask_to_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        keeper.keep()
    except EXPECTED as error:
        print(error, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
