"""What the API of pools takes and gives, with its examples."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field

from finance_hub.rest.fields import Choice, Day, Moment, Money, Percent, Record, Whole, Words, YesNo
from finance_hub.rest.ground.shapes.parts import Code
from loans.models import FuseMeasure, PoolEventKind
from loans.operations import pool_events


@extend_schema_field({"type": "string", "pattern": r"^(0|[1-9]\d{0,3})(\.\d{1,2})?$", "example": "10.00"})
class Multiple(Money):
    """A positive number of times with at most two places, as a decimal string."""


class NewPool(Record):
    code = Code()
    name = Words(max_length=200)
    name_en = Words(max_length=200)


class NewLimits(Record):
    """`leverage_limit` times the balance may be guaranteed. A bank whose measure reaches `fuse_line_pct` gets
    no new guarantee under the pool."""

    leverage_limit = Multiple(positive=True)
    fuse_measure = Choice(FuseMeasure.values)
    fuse_line_pct = Percent(positive=True)
    document = Words(max_length=200)
    valid_from = Day()


class LimitsShown(NewLimits):
    version = Whole()
    proposed_by = Words(max_length=64)
    approved_by = Words(max_length=64, allow_null=True)
    approved_at = Moment(allow_null=True)


class NewPoolEvent(Record):
    kind = Choice(pool_events.ENTERED)
    amount = Money(positive=True)
    party = Words(max_length=100)
    effective_date = Day()


class PoolEventShown(Record):
    """`claim` or `recovery` is the id of what moved the money, `reverses` that of the entry taken back."""

    id = Words(max_length=40, source="public_id")
    kind = Choice(PoolEventKind.values)
    amount = Money()
    party = Words(max_length=100, min_length=0)
    claim = Words(max_length=40, source="claim.public_id", default=None, allow_null=True)
    recovery = Words(max_length=40, source="recovery.public_id", default=None, allow_null=True)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    effective_date = Day()
    recorded_at = Moment()


class FuseShown(Record):
    """A bank's measure in percent, null where it has no denominator (not reported, or nothing guaranteed)."""

    bank = Words(max_length=40)
    measure = Choice(FuseMeasure.values, allow_null=True)
    value_pct = Percent(allow_null=True)
    line_pct = Percent(allow_null=True)
    blown = YesNo()


class PoolShown(NewPool):
    """As it stands today. `leverage` is null where the pool holds nothing."""

    balance = Money()
    guaranteed = Money()
    leverage = Multiple(allow_null=True)
    limits = LimitsShown(many=True)
    fuses = FuseShown(many=True)


class PoolWithEvents(PoolShown):
    events = PoolEventShown(many=True)


class PoolList(Record):
    data = PoolShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


NEW = {"code": "tech-pool", "name": "科技信贷风险补偿资金池", "name_en": "Technology Credit Risk Pool"}
LIMITS: dict[str, Any] = {
    "leverage_limit": "10.00", "fuse_measure": "npl_ratio", "fuse_line_pct": "3.00",
    "document": "示例〔2026〕2号", "valid_from": "2026-01-01",
}  # fmt: skip
LIMITS_SHOWN: dict[str, Any] = {
    **LIMITS, "version": 1, "proposed_by": "maker", "approved_by": "approver",
    "approved_at": "2026-11-03T09:13:21+08:00",
}  # fmt: skip
EVENT = {"kind": "contribution", "amount": "4000000.00", "party": "市财政局", "effective_date": "2026-01-05"}
EVENT_SHOWN: dict[str, Any] = {
    **EVENT, "id": "pe_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "claim": None, "recovery": None, "reverses": None,
    "recorded_at": "2026-11-03T09:13:21+08:00",
}  # fmt: skip
SHOWN: dict[str, Any] = {
    **NEW, "balance": "4000000.00", "guaranteed": "12000000.00", "leverage": "3.00", "limits": [LIMITS_SHOWN],
    "fuses": [{"bank": "bank-a", "measure": "npl_ratio", "value_pct": "1.25", "line_pct": "3.00", "blown": False}],
}  # fmt: skip
