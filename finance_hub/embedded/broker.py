"""The embedded broker (Valkey or Redis): loopback only, password only, on disk, never evicting.

It carries messages that the job table can publish again, so a broker that cannot read its own file gets a
new one.
"""

import os
import signal
import socket
import subprocess
from pathlib import Path

from finance_hub.embedded import binaries, processes
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.ports import LOOPBACK

# Each command that runs beside others counts from its own database number (see `databases`).
DATABASES = 64


class BrokerServer:
    """The broker of an instance, as the keeper drives it."""

    name = "broker"
    stop_signal = signal.SIGTERM
    stop_seconds = 10.0
    start_seconds = 60.0

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.data = instance.room("broker")

    def prepare(self) -> None:
        """Find the program and the password."""
        self.program = binaries.broker_program()
        self.clear_leftovers()
        self.password = self.instance.secret(self.name)

    def launch(self, port: int) -> "subprocess.Popen[bytes]":
        """Start the server; it ends when this process dies. The password is in no command line."""
        read_end, write_end = os.pipe()
        os.write(write_end, self._configuration(port).encode())
        os.close(write_end)
        with self.instance.open_log(self.name) as log, os.fdopen(read_end) as configuration:
            return subprocess.Popen(
                [self.program, "-"],
                stdin=configuration,
                stdout=log,
                stderr=log,
                cwd=self.data,
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(self.stop_signal),
            )

    def _configuration(self, port: int) -> str:
        folder = str(self.data).replace("\\", "\\\\").replace('"', '\\"')
        return f"""
            bind {LOOPBACK}
            port {port}
            requirepass {self.password}
            dir "{folder}"
            databases {DATABASES}
            appendonly yes
            save ""
            maxmemory-policy noeviction
            daemonize no
            logfile ""
        """

    def is_ready(self, port: int) -> bool:
        """Whether it accepts the password and answers; False while it starts or loads."""
        request = f"AUTH {self.password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection((LOOPBACK, port), timeout=2.0) as connection:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                return connection.makefile("rb").read() == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def clear_leftovers(self) -> None:
        """End what an earlier start left running on our data."""
        for program in (self.program.name, "valkey-server", "redis-server"):
            living = processes.working_in(self.data, program=program, account=None)
            processes.end(living, first=self.stop_signal, grace=5.0)

    def after_failed_start(self, attempt: int) -> None:
        """After a second failure on a free port the data must be at fault: put them aside."""
        spoilt = self.data / "appendonlydir"
        if attempt >= 2 and spoilt.exists():
            spoilt.rename(_unused(self.data / "unreadable"))


def _unused(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}-{number}")).exists():
        number += 1
    return candidate
