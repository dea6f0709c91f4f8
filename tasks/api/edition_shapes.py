"""Editions, their texts and their matters, as sent and answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.periods import Month
from finance_hub.rest.fields import Choice, Day, MonthText, Record, Whole, Words, YesNo
from tasks.api.shapes import stamp
from tasks.models import Briefing, BriefingState, Matter, MatterOutcome, MatterStanding

_LONGEST_POINT, _LONGEST_REASON = 600, 300


class BriefingShape(Record):
    """`correction` is 0 for the issue itself; a correction has the numbers of the one that it `corrects`."""

    id = Words(max_length=40)
    period = MonthText()
    state = Choice(list(BriefingState.values))
    issue_no = Whole(allow_null=True)
    total_no = Whole(allow_null=True)
    correction = Whole()
    corrects = Words(max_length=40, allow_null=True)
    occasion = Words(max_length=500, min_length=0)
    note = Words(max_length=40, min_length=0)
    snapshot = Words(max_length=40)
    drafted_by = Words(max_length=64, allow_null=True)
    drafted_at = Words(max_length=40)
    reviewed_by = Words(max_length=64, allow_null=True)
    reviewed_at = Words(max_length=40, allow_null=True)
    returned_by = Words(max_length=64, allow_null=True)
    returned_at = Words(max_length=40, allow_null=True)
    return_reason = Words(max_length=500, min_length=0)
    approved_by = Words(max_length=64, allow_null=True)
    approved_at = Words(max_length=40, allow_null=True)
    published_at = Words(max_length=40, allow_null=True)
    pages = Whole()
    sha256 = Words(max_length=64)
    file_url = Words(max_length=200)

    def to_representation(self, instance: Briefing) -> dict[str, Any]:
        people = {
            f"{act}_by": getattr(getattr(instance, f"{act}_by"), "username", None)
            for act in ("drafted", "reviewed", "returned", "approved")
        }
        times = {
            f"{act}_at": stamp(getattr(instance, f"{act}_at"))
            for act in ("drafted", "reviewed", "returned", "approved", "published")
        }
        said: dict[str, Any] = {
            "id": instance.public_id,
            "period": str(Month.of(instance.month)),
            "snapshot": instance.snapshot.public_id,
            "corrects": instance.corrects.public_id if instance.corrects else None,
            "file_url": f"/api/v1/briefings/{instance.public_id}/file",
            **people,
            **times,
        }
        return {
            field: said[field] if field in said else getattr(instance, field) for field in self.get_fields()
        }


class ReturnRequest(Record):
    reason = Words(max_length=500)


class CorrectionRequest(Record):
    occasion = Words(max_length=500)


class ReasonShape(Record):
    """`against` is the name of an obstacle; an empty text takes the reason back."""

    against = Words(max_length=80)
    text = Words(max_length=_LONGEST_REASON, min_length=0)


class PointsShape(Record):
    """As many sentences in Chinese as in English; each number in them is one that the draft prints."""

    zh = serializers.ListField(child=Words(max_length=_LONGEST_POINT), max_length=50)
    en = serializers.ListField(child=Words(max_length=_LONGEST_POINT), max_length=50)


class EditRequest(Record):
    """What is to be otherwise; what is left out stays. `key_points_by_rule` takes edited points back."""

    key_points = PointsShape(required=False, allow_null=True, default=None)
    key_points_by_rule = YesNo(required=False, default=False)
    note = Words(max_length=40, min_length=0, required=False, allow_null=True, default=None)
    reasons = ReasonShape(many=True, required=False, allow_null=True, default=None)


class TextsShape(Record):
    """`missing` are the places, from 1, of points with a number whose figure is missing now."""

    edited = YesNo()
    zh = serializers.ListField(child=Words(max_length=2_000))
    en = serializers.ListField(child=Words(max_length=2_000))
    missing = serializers.ListField(child=Whole())


class ObstacleShape(Record):
    """`reason` is null until the draft gives one."""

    name = Words(max_length=80)
    text = Words(max_length=500)
    reason = Words(max_length=_LONGEST_REASON, allow_null=True)
    given_by = Words(max_length=100, allow_null=True)


class MatterRequest(Record):
    period = MonthText()
    text = Words(max_length=300)
    text_en = Words(max_length=300)
    owner = Words(max_length=100)
    owner_en = Words(max_length=100)
    due = Day()


class OutcomeRequest(Record):
    period = MonthText()
    standing = Choice(list(MatterStanding.values))
    text = Words(max_length=300)
    text_en = Words(max_length=300)


class OutcomeShape(OutcomeRequest):
    recorded_by = Words(max_length=64)
    recorded_at = Words(max_length=40)

    def to_representation(self, instance: MatterOutcome) -> dict[str, Any]:
        return {
            "period": str(Month.of(instance.month)),
            "standing": instance.standing,
            "text": instance.text,
            "text_en": instance.text_en,
            "recorded_by": instance.recorded_by.username,
            "recorded_at": stamp(instance.recorded_at),
        }


class MatterShape(MatterRequest):
    id = Words(max_length=40)
    recorded_by = Words(max_length=64)
    recorded_at = Words(max_length=40)
    outcomes = OutcomeShape(many=True)

    def to_representation(self, instance: Matter) -> dict[str, Any]:
        outcomes = sorted(instance.outcomes.all(), key=lambda one: one.pk)
        return {
            "id": instance.public_id,
            "period": str(Month.of(instance.month)),
            "text": instance.text,
            "text_en": instance.text_en,
            "owner": instance.owner,
            "owner_en": instance.owner_en,
            "due": instance.due.isoformat(),
            "recorded_by": instance.recorded_by.username,
            "recorded_at": stamp(instance.recorded_at),
            "outcomes": OutcomeShape(outcomes, many=True, context=self.context).data,
        }
