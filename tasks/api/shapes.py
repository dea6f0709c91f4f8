"""What is sent and answered."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from finance_hub.kernel.periods import SHANGHAI, Month
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import (
    Choice,
    Day,
    Instant,
    MonthText,
    Record,
    Strict,
    Whole,
    Words,
    YesNo,
    is_text,
)
from tasks.catalogue import entry_of
from tasks.models import Figure, Snapshot, ToleranceRule, ToleranceScope


def stamp(at: Any) -> str | None:
    """RFC 3339 with the offset of Asia/Shanghai."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


class Number(Strict):
    """A plain decimal as a string, e.g. a count or a percentage of a target; both bounds may be reached."""

    def __init__(
        self, *, least: str = "-Infinity", most: str = "Infinity", places: int = 4, **kwargs: Any
    ) -> None:
        self.least, self.most, self.places = Decimal(least), Decimal(most), places
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not is_text(data):
            raise self.refuse("not-a-string")
        if not re.fullmatch(rf"-?(0|[1-9][0-9]{{0,13}})(\.[0-9]{{1,{self.places}}})?", data, re.ASCII):
            raise self.refuse("invalid")
        number = Decimal(data)
        if not self.least <= number <= self.most:
            raise self.refuse("min_value" if number < self.least else "max_value")
        return number

    def to_representation(self, value: Any) -> str:
        return f"{value.normalize():f}"


class FigureShape(Record):
    """`not_reported`: reporters without whose data it is incomplete; `open_errors`: contradictions in its data."""

    code = Words(max_length=60)
    scope = Words(max_length=20, min_length=0)
    key = Words(max_length=80, min_length=0)
    label = Words(max_length=200, min_length=0)  # type: ignore[assignment]  # DRF has a label too
    unit = Words(max_length=20)
    value = Number(allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    notes = serializers.ListField(child=Words(max_length=200))
    not_reported = serializers.ListField(child=Words(max_length=40))
    open_errors = Whole()

    def to_representation(self, instance: Figure) -> dict[str, Any]:
        english = language_of(self.context["request"]) == "en"
        gaps, place = self.context["gaps"], (instance.code, instance.scope, instance.key)
        return {
            "code": instance.code,
            "scope": instance.scope,
            "key": instance.key,
            "label": instance.label_en if english else instance.label,
            "unit": entry_of(instance.code, instance.scope).unit.value,
            "value": None if instance.value is None else f"{instance.value.normalize():f}",
            "reason": instance.reason or None,
            "notes": instance.notes,
            "not_reported": list(dict.fromkeys(lack.code for lack in gaps.of(*place))),
            "open_errors": gaps.errors(*place),
        }


class SnapshotShape(Record):
    id = Words(max_length=40)
    period = MonthText()
    fingerprint = Words(max_length=64)
    known_at = Instant()
    not_reported = serializers.ListField(child=serializers.DictField())
    figures = FigureShape(many=True)


def snapshot_answer(snapshot: Snapshot, figures: list[Any]) -> dict[str, Any]:
    return {
        "id": snapshot.public_id,
        "period": str(Month.of(snapshot.month)),
        "fingerprint": snapshot.fingerprint,
        "known_at": stamp(snapshot.known_at),
        "not_reported": snapshot.not_reported,
        "figures": figures,
    }


class DefinitionShape(Record):
    code = Words(max_length=60)
    scope = Words(max_length=20, min_length=0)
    unit = Words(max_length=20)
    name = Words(max_length=100)
    definition = Words(max_length=500)


class RuleRequest(Record):
    """`scope` says what the limit is set on; `key` which tier, category, year or holding, each of them where it is "".

    A rule on a fund names it; one on categories or projects may name one, whose projects alone then count.
    `warning_pct` is of the limit.
    """

    scope = Choice(ToleranceScope.values, required=False, default="fund")
    fund = Words(max_length=40, allow_null=True, required=False, default=None)
    key = Words(max_length=40, min_length=0, required=False, default="")
    base = Choice(["principal-paid", "size"])
    netting = YesNo()
    timing = Choice(["realised", "realised-and-impaired", "liquidation"])
    limit_pct = Number()
    warning_pct = Number(required=False, default=Decimal(80))
    owner = Words(max_length=100, min_length=0)
    document = Words(max_length=200)
    valid_from = Day()
    valid_to = Day(allow_null=True, required=False, default=None)


class RuleShape(RuleRequest):
    id = Words(max_length=40)
    proposed_by = Words(max_length=64)
    approved_by = Words(max_length=64, allow_null=True)

    def to_representation(self, instance: ToleranceRule) -> dict[str, Any]:
        return {
            "id": instance.public_id,
            "scope": instance.scope,
            "fund": instance.fund.code if instance.fund else None,
            "key": instance.key,
            "base": instance.base,
            "netting": instance.netting,
            "timing": instance.timing,
            "limit_pct": f"{instance.limit_pct:.2f}",
            "warning_pct": f"{instance.warning_pct:.2f}",
            "owner": instance.owner,
            "document": instance.document,
            "valid_from": instance.valid_from.isoformat(),
            "valid_to": instance.valid_to.isoformat() if instance.valid_to else None,
            "proposed_by": instance.proposed_by.username,
            "approved_by": instance.approved_by.username if instance.approved_by else None,
        }


class DraftRequest(Record):
    period = MonthText()


class JobShape(Record):
    id = Words(max_length=40)
    kind = Words(max_length=40)
    state = Words(max_length=12)
