"""What `run` runs: the programs of the city, as data."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from finance_hub.embedded.instance import CHECKOUT, Instance
from finance_hub.embedded.ports import LOOPBACK

DEMO_LOGINS = CHECKOUT / "var" / "demo-credentials.json"


@dataclass(frozen=True)
class Program:
    """A command and the name of its log."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Preparation runs first, as the database's owner; then the children start, as the restricted role;
    completion runs beside them, and writes the logins to `credentials`; then `ready_path` must answer 200.
    """

    port: int
    preparation: tuple[Program, ...]
    children: tuple[Program, ...]
    completion: tuple[Program, ...]
    credentials: Path | None = None
    ready_path: str = "/readyz"

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{LOOPBACK}:{self.port}"


def city(instance: Instance, *, port: int, with_demo: bool) -> Plan:
    """Migrate and grant; serve web, worker and scheduler; load the demo city if wanted and not there yet."""
    scheduler = instance.room("scheduler") / "schedule"
    return Plan(
        port=port,
        preparation=(Program("provision", _manage("provision")),),
        children=(
            Program("web", _web(port)),
            Program("worker", _celery("worker", "--concurrency", "2")),
            Program("scheduler", _celery("beat", "--schedule", str(scheduler), "--pidfile=")),
        ),
        completion=(Program("seed", _manage("seed_demo", "--if-empty", "--wait")),) if with_demo else (),
        credentials=DEMO_LOGINS if with_demo else None,
    )


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(CHECKOUT / "manage.py"), *arguments)


def _celery(role: str, *options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "finance_hub.celery", role, "--loglevel", "INFO", *options)


def _web(port: int) -> tuple[str, ...]:
    """gunicorn with 2 x 12 threads, most of which wait for clients or batches; a stuck worker is replaced after
    two minutes, SIGTERM allows 8 seconds.

    The heartbeat is a worker's, not a request's: an upload may take longer. It beats in memory where it can,
    because a slow disk would look like a stuck worker.
    """
    memory = Path("/dev/shm")  # noqa: S108  a folder for gunicorn's own unnamed files
    options = [
        "--bind",
        f"{LOOPBACK}:{port}",
        "--workers",
        "2",
        "--worker-class",
        "gthread",
        "--threads",
        "12",
    ]
    options += ["--timeout", "120", "--graceful-timeout", "8", "--keep-alive", "5", "--no-control-socket"]
    options += ["--worker-tmp-dir", str(memory)] if os.access(memory, os.W_OK | os.X_OK) else []
    return (sys.executable, "-m", "gunicorn", "finance_hub.wsgi:application", *options)
