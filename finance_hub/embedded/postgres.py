"""The embedded PostgreSQL: loopback only, password only, its own data, never as root."""

import signal
import subprocess
from pathlib import Path

import psycopg

from finance_hub.embedded import account as accounts
from finance_hub.embedded import binaries, cluster, processes
from finance_hub.embedded.instance import Instance
from finance_hub.embedded.ports import LOOPBACK

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    # A look over every book of positions locks each of them, and a batch makes some forty temporary tables.
    "max_locks_per_transaction": "512",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "jit": "off",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
}

# Nothing waits for the disk: a power cut costs a folder that is made again. A killed server still loses no
# committed row, so synchronous_commit stays on.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}


class PostgresServer:
    """One cluster of an instance, as the keeper drives it."""

    name = "postgres"
    stop_signal = signal.SIGINT  # a fast shutdown: sessions are ended, nothing is lost
    stop_seconds = 30.0
    start_seconds = 600.0  # replaying the log after a crash takes as long as it takes

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.account = accounts.for_servers()
        self.data = cluster.home(instance, account=self.account) / "data"

    def prepare(self) -> None:
        """Find the programs, make the data folder when there is none, replace a lost password."""
        self.programs = self._programs()
        self.clear_leftovers()
        password_lost = self.data.exists() and not self.instance.remembers(self.name)
        self.password = self.instance.secret(self.name)
        ours = cluster.Cluster(self.data, programs=self.programs, account=self.account)
        ours.ensure(password=self.password, throwaway=self.instance.is_throwaway)
        if password_lost:
            ours.set_password(self.password)

    def _programs(self) -> Path:
        found = binaries.postgres_folder()
        if self.account is None:
            return found
        return binaries.runnable_folder(found, account=self.account, copies=cluster.data_root())

    def launch(self, port: int) -> "subprocess.Popen[bytes]":
        """Start the server; it ends fast when this process dies."""
        settings = {**SETTINGS, "port": str(port)} | (
            THROWAWAY_SETTINGS if self.instance.is_throwaway else {}
        )
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.instance.open_log(self.name) as log:
            return subprocess.Popen(
                [self.programs / "postgres", "-D", self.data, *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=cluster.server_environment(),
                start_new_session=True,
                preexec_fn=processes.dies_with_parent(self.stop_signal),
                **accounts.as_account(self.account),
            )

    def is_ready(self, port: int) -> bool:
        """Whether the administrator can log in; False while the server starts or recovers."""
        try:
            with psycopg.connect(
                host=LOOPBACK,
                port=port,
                user=cluster.ADMINISTRATOR,
                password=self.password,
                dbname="postgres",
                connect_timeout=2,
            ):
                return True
        except psycopg.OperationalError:
            return False

    def clear_leftovers(self) -> None:
        """End what an earlier start left running on our data, and a pid file that names anybody else.

        PostgreSQL refuses to start while the pid in the file lives, be it a zombie or a stranger's.
        """
        if not self.data.exists():
            return
        pid_file = self.data / "postmaster.pid"
        living = self._living()
        if living and pid_file.exists():
            postmaster = int(pid_file.read_text().split(maxsplit=1)[0])
            processes.end([postmaster] if postmaster in living else [], first=self.stop_signal, grace=10.0)
        # Backends notice a dead postmaster by themselves, but not in the middle of a long computation.
        processes.wait_until(lambda: not self._living(), seconds=2.0)
        processes.end(self._living(), first=signal.SIGQUIT, grace=3.0)
        pid_file.unlink(missing_ok=True)

    def _living(self) -> list[int]:
        return processes.working_in(self.data, program="postgres", account=self.account)

    def after_failed_start(self, attempt: int) -> None:
        """Nothing in the data is ever thrown away."""
