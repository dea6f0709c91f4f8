"""Problems, months, jobs and the audit trail as answered."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.kernel.models.records import JobState
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import InternalError, language_of
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Whole, Words, YesNo


class ProblemEntry(Record):
    """`kind` is `request` for a refusal of the whole request, `field` for one of its fields or rows."""

    code = Words(max_length=60)
    kind = Choice(["request", "field"])
    status = Whole()
    retryable = YesNo()
    title = Words(max_length=300)
    title_en = Words(max_length=300)
    detail = Words(max_length=500)
    detail_en = Words(max_length=500)


class ProblemList(Record):
    data = ProblemEntry(many=True)  # type: ignore[assignment]


class MonthShape(Record):
    period = MonthText(source="month")
    state = Choice(["open", "close_proposed", "closed"])
    proposed_by = Words(max_length=100, allow_null=True, source="record.proposed_by.full_name", default=None)
    proposed_at = Moment(allow_null=True, source="record.proposed_at", default=None)
    closed_by = Words(max_length=100, allow_null=True, source="record.closed_by.full_name", default=None)
    closed_at = Moment(allow_null=True, source="record.closed_at", default=None)


class MonthList(Record):
    data = MonthShape(many=True)  # type: ignore[assignment]


class AuditShape(Record):
    seq = Whole(most=2**63 - 1)
    at = Words(max_length=32)
    actor = Words(max_length=200, source="actor_label")
    action = Words(max_length=60)
    subject = Words(max_length=200)
    succeeded = YesNo()
    detail = serializers.DictField()
    prev_hash = Words(max_length=64)
    hash = Words(max_length=64)


class JobErrorShape(Record):
    code = Words(max_length=60)
    message = Words(max_length=500, min_length=0)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        language = language_of(self.context["request"])
        if instance["code"] == InternalError.code:  # the traceback is for those who run the service
            return {"code": InternalError.code, "message": InternalError.title.say(language)}
        said = Text(instance.get("zh", ""), instance.get("en", ""))
        return {"code": instance["code"], "message": said.say(language)}


class JobRecord(Record):
    id = Words(max_length=36)
    kind = Words(max_length=40)
    state = Choice(JobState.values)
    attempt = Whole()
    max_attempts = Whole()
    progress = serializers.DictField()
    error = JobErrorShape(allow_null=True)
    requested_by = Words(max_length=64, allow_null=True, source="requested_by.username", default=None)
    created_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
