"""A city to measure: its own database, served by the same programs as `make run`, without demo data.

Everything is thrown away at the end. Clients speak HTTP to it, like anybody else.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import orjson
import psycopg
from psycopg import errors, sql

from finance_hub.embedded import environment, plan, processes
from finance_hub.embedded.instance import CHECKOUT, Instance
from finance_hub.embedded.ports import LOOPBACK, pick

READY_SECONDS = 90
MiB = 1024 * 1024


@dataclass
class City:
    """`owner` is the address of the database for what a DBA may do; `pids` are our own processes."""

    port: int
    owner: str
    pids: list[int]
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, bank: str) -> Client:
        return Client(self.port, self.keys[bank])

    def backends(self) -> list[int]:
        """The processes of the database server that work for this city."""
        with psycopg.connect(self.owner, autocommit=True) as owner:
            rows = owner.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            return [pid for (pid,) in rows if pid != owner.info.backend_pid]


class Client:
    """A bank's program: a key, and a connection for each call."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {key}"}

    def call(self, method: str, path: str, body: Any = None, *, content: Any = None) -> Any:
        """The decoded answer; raises RuntimeError for anything but success."""
        headers = dict(self._headers)
        if method == "POST":
            headers |= {"Idempotency-Key": secrets.token_hex(12), "Content-Type": "application/json"}
            content = orjson.dumps({} if body is None else body)
        if hasattr(content, "fileno"):
            headers["Content-Length"] = str(os.fstat(content.fileno()).st_size)
        connection = HTTPConnection(LOOPBACK, self._port, timeout=1800)
        connection.request(method, f"/api/v1{path}", content, headers)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {said[:500]!r}")
        return orjson.loads(said) if said else None


@contextmanager
def served(*, banks: Mapping[str, str]) -> Iterator[City]:
    """A served city in which each of `banks` ({code: name}) has one person with a key."""
    instance = Instance.named("bench")
    with _database() as owner:
        values = {**os.environ, "DATABASE_URL": owner, "RATE_FACTOR": "1000"}
        values["APP_DATABASE_URL"] = environment.app_url(owner, password=secrets.token_hex(16))
        subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", "provision"],
            env=values,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        runtime = {**values, "DATABASE_URL": values["APP_DATABASE_URL"]}
        port = pick()
        # Without the clock: nothing but what is measured runs beside it.
        programs = [
            p for p in plan.city(instance, port=port, with_demo=False).children if p.name != "scheduler"
        ]
        children = [_start(program.command, environment=runtime) for program in programs]
        try:
            city = City(port, owner, [child.pid for child in children])
            city.keys = _keys(runtime, banks)
            _wait_until_ready(port)
            yield city
        finally:
            for child in children:
                processes.end_group(child.pid)


@contextmanager
def database_alone() -> Iterator[dict[str, str]]:
    """An empty database without any program of ours: the environment in which ours may be started beside this one."""
    with _database() as owner:
        values = {**os.environ, "DATABASE_URL": owner, "DJANGO_SETTINGS_MODULE": "finance_hub.settings"}
        values["APP_DATABASE_URL"] = environment.app_url(owner, password=secrets.token_hex(16))
        subprocess.run(
            [sys.executable, CHECKOUT / "manage.py", "provision"],
            env=values,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        runtime = {**values, "DATABASE_URL": values["APP_DATABASE_URL"]}
        _keys(runtime, {})
        yield runtime


@contextmanager
def gunicorn(application: str, *, environment: Mapping[str, str]) -> Iterator[int]:
    """A peer's own server with as many workers and threads as ours; its port."""
    port = pick()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        application,
        "--bind",
        f"{LOOPBACK}:{port}",
        "--workers",
        "2",
    ]
    command += ["--worker-class", "gthread", "--threads", "4", "--timeout", "1800", "--no-control-socket"]
    child = _start(command, environment={**os.environ, **environment})
    try:
        _wait_until_ready(port)
        yield port
    finally:
        processes.end_group(child.pid)


def _start(command: Any, *, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=environment, cwd=CHECKOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=processes.dies_with_parent(signal.SIGTERM),
    )  # fmt: skip


@contextmanager
def _database() -> Iterator[str]:
    """An empty database of its own, dropped afterwards with its role."""
    address = os.environ["DATABASE_URL"]
    name = f"finance_hub_bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(address)._replace(path=f"/{name}").geturl()
        finally:
            _close_our_own()
            _drop(owner, name)
            owner.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(f"{name}_app")))


def _close_our_own() -> None:
    from django.db import connections

    connections.close_all()


def _drop(owner: psycopg.Connection[Any], name: str) -> None:
    """The programs are gone, but the server may still be ending their sessions."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        except errors.ObjectInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _keys(runtime: Mapping[str, str], banks: Mapping[str, str]) -> dict[str, str]:
    os.environ |= runtime
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finance_hub.settings")
    import django

    django.setup()
    from django.utils import timezone

    from finance_hub.kernel import keys
    from finance_hub.kernel.models import Organisation, Person

    found, now = {}, timezone.now()
    for code, name in banks.items():
        house = Organisation.objects.create(
            code=code, kind="bank", name=name, name_en=code, reports_since=date(2026, 1, 1)
        )
        person = Person(username=code, full_name=name, organisation=house, role="bank")
        person.set_unusable_password()
        person.save()
        issued = keys.issue(person, by=None, now=now, expires_at=now + timedelta(days=2), live=False)
        found[code] = issued.token
    return found


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            connection = HTTPConnection(LOOPBACK, port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing is ready on port {port}")
        time.sleep(0.2)
