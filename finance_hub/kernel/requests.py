"""The request log: every call of the API with a key, kept for 400 days, without its body.

Written after the answer is made and outside of the request's own transaction, so that refused
requests are in it too; a log that cannot be written keeps nobody from working.
"""

from __future__ import annotations

import logging
import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.models import QuerySet

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ApiKey, RequestRecord
from finance_hub.kernel.prepared import Prepared
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import printable

log = logging.getLogger(__name__)
KEPT = timedelta(days=400)
_CHUNK = 10_000
_NOTED = Prepared(
    """INSERT INTO kernel_requestrecord
         (organisation_id, key_id, request_id, at, method, path, status, problem, milliseconds, bytes_in,
          idempotency_key, address)
       SELECT $1::bigint, $2, $3, $4::timestamptz, $5, $6, $7::smallint, $8, $9::integer, $10::bigint, $11, $12::inet
         FROM (SELECT set_config('app.organisation', $13, true),
                      set_config('synchronous_commit', 'off', true)) AS scope"""
)


@dataclass(frozen=True)
class Call:
    """What is noted of a request; `path` with its query, `address` empty where it is not known."""

    request_id: str
    method: str
    path: str
    status: int
    problem: str
    milliseconds: int
    bytes_in: int
    idempotency_key: str
    address: str


def note(call: Call, *, key: ApiKey, now: datetime) -> bool:
    """Add a call to the log of the key's organisation; False where the database would not take it.

    One statement, one round trip: the scope that the policy asks for is set in the statement itself,
    before its row is checked. Losing the last moments of the log in a crash costs less than a wait
    for the disk on every read.
    """
    facts: list[Any] = [
        key.person.organisation_id, key.key_id, call.request_id[:60], now, call.method[:10],
        printable(call.path)[:4096], call.status, call.problem[:60], call.milliseconds, call.bytes_in,
        printable(call.idempotency_key)[:255], call.address or None,
    ]  # fmt: skip
    try:
        with connection.cursor() as cursor:
            _NOTED.execute(cursor, [*facts, str(key.person.organisation_id)])
    except Error as error:
        log.warning("request %s is not in the log: %s", call.request_id, error)
        return False
    return True


def recorded(*, status: str = "", problem: str = "", organisation: str = "") -> QuerySet[RequestRecord]:
    """Calls in scope, with their organisation; `status` is a code (`422`) or a class of codes (`4xx`)."""
    rows = RequestRecord.objects.select_related("organisation")
    if status.endswith("xx"):
        first = int(status[0]) * 100
        rows = rows.filter(status__range=(first, first + 99))
    elif status:
        rows = rows.filter(status=int(status))
    wanted = {
        name: value for name, value in (("problem", problem), ("organisation__code", organisation)) if value
    }
    return rows.filter(**wanted)


def find(request_id: str) -> RequestRecord:
    """The latest call in scope that bears the id. Raises NotFound."""
    found = recorded().filter(request_id=request_id).order_by("-pk").first()
    if found is None:
        raise NotFound
    return found


def curl(record: RequestRecord, *, base: str) -> str:
    """The call as a command for a shell: the key's secret is left out, and the body, which is not kept.

    `base` is the service's address, e.g. `https://finance.example.cn`.
    """
    kind = "live" if settings.LIVE_KEYS else "test"
    words = ["curl", "--request", record.method, f"{base}{record.path}"]
    words += ["--header", f"Authorization: Bearer fsk_{kind}_{record.key_id}_SECRET"]
    if record.idempotency_key:
        words += ["--header", f"Idempotency-Key: {record.idempotency_key}"]
    if record.method in {"POST", "PATCH"}:
        words += ["--header", "Content-Type: application/json"]
    if record.bytes_in:
        words += ["--data-binary", "@BODY"]
    return shlex.join(words)


def forget(*, now: datetime) -> int:
    """Delete the calls of more than 400 days ago, some thousands a transaction; how many."""
    forgotten = 0
    while True:
        with within(EVERYTHING):
            old = RequestRecord.objects.filter(at__lt=now - KEPT).order_by("at")[:_CHUNK]
            deleted, _ = RequestRecord.objects.filter(pk__in=old.values("pk")).delete()
        forgotten += deleted
        if deleted < _CHUNK:
            return forgotten
