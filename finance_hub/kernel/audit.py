"""The audit chain: append-only, gapless, hash-linked.

Every act is one entry written in the transaction of the act itself. Appends queue on the one
AuditHead row; reading the tail without that lock forks the chain under concurrency. Write the
entry last in a transaction: the lock is held until commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction

from finance_hub.kernel.models import AuditEntry, AuditHead, Person

DOMAIN = b"finance_hub.audit.v1"
GENESIS = "0" * 64


@dataclass(frozen=True)
class Break:
    """The first entry that does not follow: its seq and why."""

    seq: int
    reason: str


def entry_hash(fields: dict[str, Any]) -> str:
    """SHA-256 of the domain and the canonical JSON (sorted keys) of all columns but `hash`."""
    return hashlib.sha256(DOMAIN + orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record(
    action: str,
    *,
    actor: Person | None,
    subject: str,
    succeeded: bool = True,
    at: datetime,
    **detail: Any,
) -> AuditEntry:
    """Append one entry. `at` is aware; `detail` is JSON. Runs in the caller's transaction."""
    with transaction.atomic():
        # The head is born here once; later appends find it and wait for its lock.
        AuditHead.objects.bulk_create([AuditHead(id=1, seq=0, hash=GENESIS)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(id=1)
        fields = {
            "seq": head.seq + 1,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_id": actor.pk if actor else None,
            "actor_label": f"{actor.username} {actor.full_name}" if actor else "system",
            "action": action,
            "subject": subject,
            "succeeded": succeeded,
            "detail": orjson.loads(orjson.dumps(detail, default=str)),
            "prev_hash": head.hash,
        }
        entry = AuditEntry.objects.create(**fields, hash=entry_hash(fields))
        AuditHead.objects.filter(id=1).update(seq=entry.seq, hash=entry.hash)
    return entry


def verify(*, anchor: tuple[int, str] | None = None) -> Break | None:
    """Walk the chain from its first entry; None when every link, the head and the anchor hold.

    `anchor` is a (seq, hash) kept outside the database: without one, a cut tail whose head row
    was rewritten too cannot be seen.
    """
    seq, last = 0, GENESIS
    for fields, stored in _entries():
        seq += 1
        if fields["seq"] != seq:
            return Break(seq, "missing")
        if fields["prev_hash"] != last:
            return Break(seq, "does not follow the entry before it")
        if entry_hash(fields) != stored:
            return Break(seq, "was changed")
        if anchor and anchor[0] == seq and anchor[1] != stored:
            return Break(seq, "differs from the anchor")
        last = stored
    head = AuditHead.objects.filter(id=1).first()
    if (head.seq, head.hash) != (seq, last) if head else seq:
        return Break(seq + 1, "the head names entries that are missing")
    if anchor and anchor[0] > seq:
        return Break(seq + 1, "missing, the anchor names a later entry")
    return None


def _entries() -> Iterable[tuple[dict[str, Any], str]]:
    columns = (
        "seq",
        "at",
        "actor_id",
        "actor_label",
        "action",
        "subject",
        "succeeded",
        "detail",
        "prev_hash",
    )
    rows = AuditEntry.objects.order_by("seq").values(*columns, "hash")
    for row in rows.iterator(chunk_size=2_000) if connection.in_atomic_block else rows.iterator():
        stored = row.pop("hash")
        yield row, stored
