"""Snapshots, the records behind a figure, and what changed between two snapshots, as answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.periods import Month
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Instant, MonthText, Record, Whole, Words
from tasks.api.shapes import FigureShape, Number
from tasks.catalogue import BY_CODE, entry_of
from tasks.models import Snapshot
from tasks.records import Adds


class SnapshotRecord(Record):
    id = Words(max_length=40, source="public_id")
    period = MonthText(source="month")
    known_at = Instant()
    taken_at = Instant()
    fingerprint = Words(max_length=64)
    not_reported = serializers.ListField(child=serializers.DictField())


class LineShape(Record):
    """`part` is `over` or `under` of a ratio and empty otherwise; `amount` in yuan, or a count."""

    record = Words(max_length=30)
    ref = Words(max_length=200)
    about = Words(max_length=300)
    reporter = Words(max_length=40, source="who")
    day = Day(allow_null=True)
    recorded_at = Instant(allow_null=True)
    part = Words(max_length=5, min_length=0)
    amount = Number(places=8)


class RecordsShape(Record):
    """`total` of all lines, not of the page; `adds` says how they make the figure and `note` why they do not add up."""

    snapshot = Words(max_length=40)
    figure = FigureShape()
    adds = Choice([one.value for one in Adds])
    note = Words(max_length=200, min_length=0)
    count = Whole()
    total = Number(places=8)
    over = Number(places=8)
    under = Number(places=8)
    data = LineShape(many=True)  # type: ignore[assignment]
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = serializers.BooleanField()


class ChangeShape(Record):
    """`kind`: `value` changed, a value `appeared` or `vanished`, or only the `reason` for none changed. A reason
    `not-listed` says that the figure has no such key in that snapshot."""

    code = Words(max_length=60)
    scope = Words(max_length=20, min_length=0)
    key = Words(max_length=80, min_length=0)
    label = Words(max_length=200, min_length=0)  # type: ignore[assignment]  # DRF has a label too
    unit = Words(max_length=20)
    kind = Choice(["value", "appeared", "vanished", "reason"])
    old = Number(allow_null=True, places=8)
    old_reason = Words(max_length=40, allow_null=True)
    new = Number(allow_null=True, places=8)
    new_reason = Words(max_length=40, allow_null=True)
    difference = Number(allow_null=True, places=8)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        english = language_of(self.context["request"]) == "en"
        numbers = {name: getattr(instance, name) for name in ("old", "new", "difference")}
        said = {name: None if one is None else f"{one.normalize():f}" for name, one in numbers.items()}
        return {
            "code": instance.code,
            "scope": instance.scope,
            "key": instance.key,
            "label": instance.label_en if english else instance.label,
            "unit": entry_of(instance.code, instance.scope).unit.value if instance.code in BY_CODE else "",
            "kind": instance.kind,
            "old": said["old"],
            "old_reason": instance.old_reason or None,
            "new": said["new"],
            "new_reason": instance.new_reason or None,
            "difference": said["difference"],
        }


class _Between(Record):
    from_snapshot = Words(max_length=40)
    to_snapshot = Words(max_length=40)
    from_period = MonthText()
    to_period = MonthText()
    count = Whole()
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = serializers.BooleanField()


class RestatementShape(_Between):
    data = ChangeShape(many=True)  # type: ignore[assignment]


class EffectsShape(_Between):
    """`total`: what the effects add up to; of a plain sum the `difference`, to the cent."""

    figure = ChangeShape(allow_null=True)
    adds = Choice([one.value for one in Adds])
    note = Words(max_length=200, min_length=0)
    total = Number(places=8)
    data = LineShape(many=True)  # type: ignore[assignment]


class RecordedLine(LineShape):
    """A row of a table of facts, with the codes of the figures that read the table."""

    moves = serializers.ListField(child=Words(max_length=60))


class RecordedShape(_Between):
    data = RecordedLine(many=True)  # type: ignore[assignment]


class RestateRequest(Record):
    period = MonthText()


def between(old: Snapshot, new: Snapshot) -> dict[str, Any]:
    return {
        "from_snapshot": old.public_id,
        "to_snapshot": new.public_id,
        "from_period": Month.of(old.month),
        "to_period": Month.of(new.month),
    }
