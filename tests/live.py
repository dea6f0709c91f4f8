"""The service as it runs: gunicorn and a worker as processes of their own, on the test database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from finance_hub.embedded import ports
from tests.kernel.processes import database_url

_GUNICORN = (
    "gunicorn", "finance_hub.wsgi:application", "--workers", "2", "--worker-class", "gthread", "--threads", "8",
    "--no-control-socket", "--log-level", "warning",
)  # fmt: skip
_WORKER = ("celery", "-A", "finance_hub.celery", "worker", "--concurrency", "2", "--loglevel", "INFO")


@contextmanager
def service(folder: Path) -> Iterator[int]:
    """The port of a running service whose files stand in `folder`; stopped when the block ends."""
    port = ports.pick()
    environment = _environment(folder)
    commands = ([*_GUNICORN, "--bind", f"127.0.0.1:{port}"], [*_WORKER])
    record = folder / "service.log"
    with record.open("wb") as log:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", *command], env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log,
                start_new_session=True,
            )
            for command in commands
        ]  # fmt: skip
        try:
            _wait_until(lambda: _is_healthy(port) and b" ready." in record.read_bytes(), seconds=90)
            yield port
        finally:
            _stop(running)


def _environment(folder: Path) -> dict[str, str]:
    at: dict[str, Any] = connection.settings_dict
    return {
        "PATH": os.environ["PATH"],
        "FINANCE_HUB_PROFILE": "test",
        "FINANCE_HUB_VAR": str(folder),
        "SECRET_KEY": "a key of the tests alone, long enough and of no use elsewhere",
        "DATABASE_URL": database_url(user=at["USER"], password=at["PASSWORD"]),
        "REDIS_URL": own_broker(settings.REDIS_URL),
    }


def own_broker(url: str) -> str:
    """A database of the broker for this test process alone: nobody else takes its messages or counts in it."""
    parts = urlsplit(url)
    number = int(parts.path.removeprefix("/") or 0)
    lane = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 3
    return parts._replace(path=f"/{number + 1 + lane}").geturl()


def _wait_until(it_is_so: Callable[[], bool], *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not it_is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.1)


def _is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False


def _stop(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(timeout=8)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
