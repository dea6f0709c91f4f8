"""The outbox: every change that a bank waits for is recorded here in the transaction that makes it.

Numbers have no gaps and become visible in their order: whoever records holds the organisation's head
row until commit, so record late, just before the audit entry. Nothing here calls anybody; pushing is
a job of its own (`loans.operations.deliveries`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from finance_hub.kernel import ids
from loans.models import FeedEvent, FeedEventType, FeedHead


def record(type: str, *, organisation_id: int, subject: str, now: datetime) -> FeedEvent:
    """The organisation's next event. `subject` is a public id, or a month as `2026-10`.

    Wants a scope that holds the organisation, and runs in the caller's transaction. Raises ValueError
    for a type that nobody declared.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO loans_feedhead AS head (organisation_id, sequence) VALUES (%s, 1)
                   ON CONFLICT (organisation_id) DO UPDATE SET sequence = head.sequence + 1
                   RETURNING sequence""",
                [organisation_id],
            )
            sequence = cursor.fetchone()[0]
        return FeedEvent.objects.create(
            public_id=ids.new("evt"),
            organisation_id=organisation_id,
            sequence=sequence,
            type=FeedEventType(type),
            subject=subject,
            recorded_at=now,
        )


def hold(organisation_id: int) -> int:
    """The last number given, which nobody can follow up on until the caller's transaction ends."""
    FeedHead.objects.bulk_create(
        [FeedHead(organisation_id=organisation_id, sequence=0)], ignore_conflicts=True
    )
    return FeedHead.objects.select_for_update().get(organisation_id=organisation_id).sequence
