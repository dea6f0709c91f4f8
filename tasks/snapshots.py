"""Snapshots: every figure of the catalogue, computed from one reading of the frames, kept for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids, months
from finance_hub.kernel.periods import Month
from tasks import catalogue, frames
from tasks.models import Figure, Snapshot


def take(month: Month, *, known_at: datetime, taken_at: datetime) -> tuple[Snapshot, bool]:
    """The snapshot of a month as known at a moment, and whether it is new.

    The same inputs give the same fingerprint and so the snapshot that is there already; all figures
    of a new one are inserted with it in one transaction.
    """
    read = frames.read(month, known_at=known_at)
    fingerprint = read.fingerprint(catalogue=catalogue.VERSION)
    with transaction.atomic():
        # Two workers that reach this line together: one inserts, the other waits and finds it.
        Snapshot.objects.bulk_create(
            [
                Snapshot(
                    public_id=ids.new("ss"),
                    month=month.first,
                    fingerprint=fingerprint,
                    known_at=known_at,
                    taken_at=taken_at,
                    not_reported=_silent(read),
                )
            ],
            ignore_conflicts=True,
        )
        snapshot = Snapshot.objects.get(month=month.first, fingerprint=fingerprint)
        if Figure.objects.filter(snapshot=snapshot).exists():
            return snapshot, False
        figures = _figures(snapshot, read)
        Figure.objects.bulk_create(figures, batch_size=1_000)
        audit.record(
            "snapshot.take",
            actor=None,
            subject=f"snapshot:{snapshot.public_id}",
            at=taken_at,
            month=str(month),
            fingerprint=fingerprint,
            figures=len(figures),
        )
    return snapshot, True


def as_known_now(month: Month, *, now: datetime) -> Snapshot | None:
    """What was recorded for the closed month before `month` since its close, as a snapshot of its own: the issue of
    `month` compares with it. None where that month is open; the snapshot that is there where nothing came."""
    before = month - 1
    return take(before, known_at=now, taken_at=now)[0] if months.is_closed(before) else None


def _figures(snapshot: Snapshot, read: frames.Frames) -> list[Figure]:
    return [
        Figure(
            snapshot=snapshot,
            code=entry.code,
            scope=entry.scope.value,
            key=point.key,
            label=point.label.zh,
            label_en=point.label.en,
            position=position,
            value=point.value,
            reason=point.reason,
            notes=list(point.notes),
        )
        for entry, points in catalogue.computed(read)
        for position, point in enumerate(points)
    ]


def _silent(read: frames.Frames) -> list[dict[str, Any]]:
    names = {reporter.code: reporter for reporter in read.reporters}
    return [
        {"code": code, "name": names[code].name, "name_en": names[code].name_en, "dataset": dataset}
        for code, dataset in read.not_reported
    ]
