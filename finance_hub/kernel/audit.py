"""The audit chain: append-only, gapless, hash-linked.

Every act is one entry written in the transaction of the act itself. Appends queue on the one
AuditHead row; reading the tail without that lock forks the chain under concurrency. Write the
entry last in a transaction: the lock is held until commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet

from finance_hub.kernel.models import AuditEntry, AuditHead, Person
from finance_hub.kernel.text import printable

DOMAIN = b"finance_hub.audit.v1"
GENESIS = "0" * 64
#: The columns of an entry but those that chain it.
Said = dict[str, Any]
_waiting: ContextVar[list[Said] | None] = ContextVar("waiting", default=None)


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
) -> None:
    """Append one entry. `at` is aware; `detail` is JSON. Runs in the caller's transaction."""
    said = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": actor.pk if actor else None,
        "actor_label": f"{actor.username} {actor.full_name}" if actor else "system",
        "action": action,
        "subject": printable(subject)[:200],
        "succeeded": succeeded,
        "detail": _storable(detail),
    }
    waiting = _waiting.get()
    if waiting is None:
        append([said])
    else:
        waiting.append(said)


@contextmanager
def put_off() -> Iterator[list[Said]]:
    """What the block records, not yet written: many acts in one transaction take the chain's lock once.

    Whoever puts entries off hands them to `append` at the end, or drops them with the acts that they tell of.
    """
    kept: list[Said] = []
    token = _waiting.set(kept)
    try:
        yield kept
    finally:
        _waiting.reset(token)


@contextmanager
def written_last() -> Iterator[None]:
    """What the block records is written when it has ended well: whoever else acts meanwhile is not kept waiting."""
    with put_off() as kept:
        yield
    if kept:
        append(kept)


def append(entries: Sequence[Said]) -> None:
    """Write entries in their order. The lock of the chain is held until the caller's transaction ends."""
    with transaction.atomic(savepoint=False):
        (seq, last), linked = _locked_head(), []
        for said in entries:
            seq += 1
            fields = {**said, "seq": seq, "prev_hash": last}
            last = entry_hash(fields)
            linked.append(AuditEntry(**fields, hash=last))
        AuditEntry.objects.bulk_create(linked)
        AuditHead.objects.filter(id=1).update(seq=seq, hash=last)


def _locked_head() -> tuple[int, str]:
    """The head, which is born here once; later appends find it and wait for its lock."""
    locked = AuditHead.objects.select_for_update().filter(id=1).values_list("seq", "hash")
    for found in locked:
        return found
    AuditHead.objects.bulk_create([AuditHead(id=1, seq=0, hash=GENESIS)], ignore_conflicts=True)
    return locked.get()


def verify(*, anchor: tuple[int, str] | None = None) -> Break | None:
    """Walk the chain from its first entry; None when every link, the head and the anchor hold.

    `anchor` is a (seq, hash) kept outside the database: without one, a cut tail whose head row
    was rewritten too cannot be seen.
    """
    # Entries go on being written: the head before the walk is a lower bound, the head after it an
    # upper one.
    known = head()
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
        if known[0] == seq and known[1] != stored:
            return Break(seq, "differs from the head")
        last = stored
    if known[0] > seq:
        return Break(seq + 1, "missing, the head names a later entry")
    if head()[0] < seq:
        return Break(head()[0] + 1, "is not known to the head")
    if anchor and anchor[0] > seq:
        return Break(seq + 1, "missing, the anchor names a later entry")
    return None


def entries(*, action: str = "", subject: str = "") -> QuerySet[AuditEntry]:
    """The trail, of one action or one subject where given."""
    wanted = {name: value for name, value in (("action", action), ("subject", subject)) if value}
    return AuditEntry.objects.filter(**wanted)


def head() -> tuple[int, str]:
    """(seq, hash) of the last entry: the anchor to keep outside the database."""
    found = AuditHead.objects.filter(id=1).values_list("seq", "hash").first()
    return found or (0, GENESIS)


def _storable(detail: dict[str, Any]) -> dict[str, Any]:
    """The detail as a JSON column gives it back: its hash must survive the way there and back.

    PostgreSQL writes 1e16 as 10000000000000000 and refuses NUL, so floats and long integers
    become text, and NUL and lone surrogates are written out.
    """
    return {printable(name): _storable_value(value) for name, value in detail.items()}


def _storable_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _storable({str(name): inner for name, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return [_storable_value(inner) for inner in value]
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    return printable(value.isoformat() if isinstance(value, date) else str(value))


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
    for row in rows.iterator(chunk_size=2_000):
        stored = row.pop("hash")
        yield row, stored
