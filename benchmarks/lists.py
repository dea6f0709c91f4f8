"""A list of 50 in the API against a bare view that answers the same bytes: the first page, and one far down.

A million entries of one fund's ledger; both servers are gunicorn with two workers, asked in turns over
connections that stay open.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from benchmarks import Result
from benchmarks._city import City, gunicorn, served
from finance_hub.embedded.ports import LOOPBACK

ENTRIES, DEEP, ROUNDS = 1_000_000, 900_000, 200
WANTED = 8.0
_FILLED = """
INSERT INTO funds_fundevent (public_id, fund_id, kind, amount, effective_date, recorded_at, recorded_by_id, note)
SELECT 'fe_' || n, %s, 'fee', 1 + n %% 1000, DATE '2024-01-01' + n %% 700, now(), %s, '管理费'
  FROM generate_series(1, %s) n
"""


def measure() -> Iterator[Result]:
    with TemporaryDirectory() as folder, served(banks={}) as city:
        path = f"/api/v1/funds/{_filled(city)}/events"
        ours = Asked(city.port, key=city.keys["manager"])
        deep = f"{path}?cursor={_cursor_at(path, DEEP)}"
        static = Path(folder) / "bare.json"
        static.write_bytes(ours.get(path))
        with gunicorn("benchmarks._peer:application", environment={
            "PEER_DATABASE_URL": city.owner, "PEER_STATIC": str(static), "DJANGO_SETTINGS_MODULE": "",
        }) as port:  # fmt: skip
            bare = Asked(port)
            for name, asked in (("page 1", path), (f"row {DEEP:,}", deep)):
                mine, theirs = _in_turns(ours, asked, bare)
                yield Result(
                    name=f"list of 50, {name}", ratio=mine / theirs, limit=WANTED,
                    peer=f"a bare view ({theirs * 1000:.2f} ms)", seconds=mine,
                )  # fmt: skip


class Asked:
    """A client with a connection that stays open."""

    def __init__(self, port: int, *, key: str = "") -> None:
        self._connection = HTTPConnection(LOOPBACK, port, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")
        return said


def _in_turns(ours: Asked, path: str, bare: Asked) -> tuple[float, float]:
    """Medians in seconds, the first tenth of the rounds not counted."""
    took: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for name, client, asked in (("ours", ours, path), ("bare", bare, "/bare")):
            begin = time.perf_counter()
            client.get(asked)
            took[name].append(time.perf_counter() - begin)
    return median(took["ours"][ROUNDS // 10 :]), median(took["bare"][ROUNDS // 10 :])


def _filled(city: City) -> str:
    """The code of a fund with so many entries; its manager's key is put among the city's."""
    from django.utils import timezone

    from finance_hub.kernel import keys, scoping
    from finance_hub.kernel.access import EVERYTHING
    from finance_hub.kernel.models import Organisation, Person
    from funds.models import Fund

    now = timezone.now()
    house = Organisation.objects.create(
        code="manager", kind="fund_manager", name="管理公司", name_en="Manager"
    )
    person = Person(username="manager", full_name="管理人", organisation=house, role="fund_manager")
    person.set_unusable_password()
    person.save()
    issued = keys.issue(person, by=None, now=now, expires_at=now + timedelta(days=2), live=False)
    city.keys["manager"] = issued.token
    with scoping.within(EVERYTHING):
        facts: dict[str, Any] = {"name": "基金", "name_en": "Fund", "tier": "angel", "manager": house}
        fund = Fund.objects.create(code="large", planned_size=1, established_on=date(2024, 1, 1), **facts)
    with psycopg.connect(city.owner, autocommit=True) as owner:
        owner.execute("SELECT set_config('app.scope', 'everything', false)")
        owner.execute(_FILLED, [fund.pk, person.pk, ENTRIES])
        owner.execute("ANALYZE funds_fundevent")
    return fund.code


def _cursor_at(path: str, row: int) -> str:
    """The cursor that a client would hold after so many rows: pages are read in fifties, which takes too long."""
    from django.test import RequestFactory
    from rest_framework.request import Request

    from finance_hub.rest import cursors

    request = Request(RequestFactory().get(path))
    return str(cursors._cursor([ENTRIES - row], request))
