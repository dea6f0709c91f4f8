"""Idempotency keys: a repeated POST gets the stored answer, a concurrent one a quick 409.

The key's row is committed first, so that a second caller is told at once instead of waiting
behind the first one's transaction; the answer is stored in the transaction of the work itself,
so that a crash between the two cannot leave work done and unanswered. Keys never expire: a
Friday's timeout is retried on Monday.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from psycopg.types.json import Jsonb

from finance_hub.kernel.models import IdempotencyKey, Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text

LEASE_SECONDS = 60
LONGEST_PATH = 300
_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)


class KeyMissing(Problem):
    code = "idempotency-key-missing"
    status = 400
    title = Text("缺少 Idempotency-Key 请求头", "The Idempotency-Key header is missing")


class KeyMalformed(Problem):
    code = "idempotency-key-malformed"
    status = 400
    title = Text(
        "Idempotency-Key 须为 1–255 个可见 ASCII 字符",
        "Idempotency-Key must be 1-255 visible ASCII characters",
    )


class KeyReused(Problem):
    code = "idempotency-key-reused"
    status = 422
    title = Text("同一幂等键已用于另一请求", "This idempotency key belongs to another request")
    detail = Text("与首次请求不同之处：{differs}", "It differs from the first request in: {differs}")


class InProgress(Problem):
    code = "idempotency-in-progress"
    status = 409
    title = Text("相同的请求正在处理", "The same request is being worked on")
    retry_after = 2


class TakenOver(RuntimeError):
    """The key's lease ran out and another request holds it: this one must roll back."""


@dataclass(frozen=True)
class Answer:
    """The stored answer of the first request."""

    status: int
    headers: dict[str, str]
    body: Any
    original_request_id: str


def read_key(header: str | None) -> str:
    """The key, bare or quoted (RFC 8941 string). Raises KeyMissing, KeyMalformed."""
    if header is None:
        raise KeyMissing
    bare = header[1:-1] if len(header) >= 2 and header[0] == header[-1] == '"' else header
    if not _VISIBLE.fullmatch(bare):
        raise KeyMalformed
    return bare


def fingerprint(body: Any) -> str:
    """SHA-256 of the canonical JSON, so that key order and blanks do not matter.

    A subclass of str (a JSON number kept as text) is written by its repr: 0.1 is not "0.1".
    """
    options = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
    return hashlib.sha256(orjson.dumps(body, option=options, default=repr)).hexdigest()


def claim(*, person: Person, key: str, method_path: str, body_sha256: str, request_id: str) -> int | Answer:
    """Claim the key in its own commit: the attempt number to complete it with, or the stored answer.

    Raises KeyReused, InProgress. Call outside a transaction.
    """
    if len(method_path) > LONGEST_PATH:
        method_path = hashlib.sha256(method_path.encode("utf-8", "backslashreplace")).hexdigest()
    facts: list[Any] = [person.pk, key, method_path, body_sha256, request_id, LEASE_SECONDS]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kernel_idempotencykey AS k
                 (person_id, key, method_path, body_sha256, request_id, attempt, lease_until)
               VALUES (%s, %s, %s, %s, %s, 1, now() + make_interval(secs => %s))
               ON CONFLICT (person_id, key) DO UPDATE
                 SET attempt = k.attempt + 1, lease_until = excluded.lease_until
                 WHERE k.status IS NULL AND k.lease_until < now()
                   AND k.method_path = excluded.method_path AND k.body_sha256 = excluded.body_sha256
               RETURNING attempt""",
            facts,
        )
        claimed = cursor.fetchone()
    if claimed:
        return int(claimed[0])
    held = IdempotencyKey.objects.filter(person=person, key=key).first()
    if held is None:  # the holder was refused between our two statements and freed the key
        raise InProgress
    differs = [
        name
        for name, before, now in (
            ("path", held.method_path, method_path),
            ("body", held.body_sha256, body_sha256),
        )
        if before != now
    ]
    if differs:
        raise KeyReused(differs=", ".join(differs), original_request_id=held.request_id)
    if held.status is None:
        raise InProgress
    return Answer(held.status, dict(held.headers or {}), orjson.loads(held.body or "null"), held.request_id)


def complete(*, person: Person, key: str, attempt: int, answer: Answer) -> None:
    """Store the answer, in the transaction of the work. Raises TakenOver.

    The body is kept as the text that was sent: a JSON column would order its names anew.
    """
    body = orjson.dumps(answer.body, default=str).decode()
    facts: list[Any] = [answer.status, Jsonb(answer.headers), Jsonb(body), person.pk, key, attempt]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE kernel_idempotencykey SET status = %s, headers = %s, body = %s
               WHERE person_id = %s AND key = %s AND attempt = %s AND status IS NULL""",
            facts,
        )
        if cursor.rowcount != 1:
            raise TakenOver(key)


def abandon(*, person: Person, key: str, attempt: int) -> None:
    """Free the key of a request that was refused: a corrected one may use it again."""
    IdempotencyKey.objects.filter(person=person, key=key, attempt=attempt, status=None).delete()
