"""Risk-compensation pools over HTTP: the centre's own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.problems import InvalidFields, SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Money, Record, Whole, Words, YesNo
from finance_hub.rest.ground.shapes.parts import Code
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.api.agreements import number
from loans.api.guarantee_samples import REVERSAL
from loans.api.guarantee_shapes import NewReversal, Percent
from loans.api.shapes import Moment
from loans.models import FuseMeasure, Pool, PoolEventKind, PoolLimits
from loans.operations import days, guarantee_events, pool_events
from loans.operations import pools as operations
from loans.queries import pools as queries


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


_NEW = {"code": "tech-pool", "name": "科技信贷风险补偿资金池", "name_en": "Technology Credit Risk Pool"}
_LIMITS: dict[str, Any] = {
    "leverage_limit": "10.00", "fuse_measure": "npl_ratio", "fuse_line_pct": "3.00",
    "document": "示例〔2026〕2号", "valid_from": "2026-01-01",
}  # fmt: skip
_LIMITS_SHOWN: dict[str, Any] = {
    **_LIMITS, "version": 1, "proposed_by": "maker", "approved_by": "approver",
    "approved_at": "2026-11-03T09:13:21+08:00",
}  # fmt: skip
_EVENT = {"kind": "contribution", "amount": "4000000.00", "party": "市财政局", "effective_date": "2026-01-05"}
_EVENT_SHOWN: dict[str, Any] = {
    **_EVENT, "id": "pe_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "claim": None, "recovery": None, "reverses": None,
    "recorded_at": "2026-11-03T09:13:21+08:00",
}  # fmt: skip
_SHOWN: dict[str, Any] = {
    **_NEW, "balance": "4000000.00", "guaranteed": "12000000.00", "leverage": "3.00", "limits": [_LIMITS_SHOWN],
    "fuses": [{"bank": "bank-a", "measure": "npl_ratio", "value_pct": "1.25", "line_pct": "3.00", "blown": False}],
}  # fmt: skip


class Pools(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "pool.read",
            Text("风险补偿资金池", "The risk-compensation pools"),
            response=PoolList,
            answer={"data": [_SHOWN]},
        ),
        "POST": Operation(
            "pool.record",
            Text("设立资金池", "Found a pool"),
            status=201,
            request=NewPool,
            response=PoolShown,
            example=_NEW,
            answer={
                **_SHOWN,
                "balance": "0.00",
                "guaranteed": "0.00",
                "leverage": None,
                "limits": [],
                "fuses": [],
            },
            problems=(operations.PoolExists,),
        ),
    }

    def get(self, request: Request) -> Response:
        return Response(
            self.show({"data": _present(list(queries.pools().order_by("code")))}, request=request)
        )

    def post(self, request: Request) -> Response:
        made = operations.found(**self.read_body(request), by=person_of(request), now=timezone.now())
        [shown] = _present([queries.pool(made.code)])
        response = Response(self.show(shown, request=request), status=201)
        response["Location"] = f"/api/v1/risk-pools/{made.code}"
        return response


class OnePool(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "pool.read",
            Text("一个资金池及其收支", "A pool with its money in and out"),
            response=PoolWithEvents,
            answer={**_SHOWN, "events": [_EVENT_SHOWN]},
        )
    }

    def get(self, request: Request, code: str) -> Response:
        held = queries.pool(code)
        [shown] = _present([held])
        return Response(self.show({**shown, "events": list(queries.pool_events(held))}, request=request))


class Limits(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "pool.record",
            Text("提出资金池限额与熔断线", "Propose a pool's leverage limit and fuse line"),
            status=201,
            request=NewLimits,
            response=PoolShown,
            example=_LIMITS,
            answer={**_SHOWN, "limits": [{**_LIMITS_SHOWN, "approved_by": None, "approved_at": None}]},
            problems=(InvalidFields,),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        operations.limit(code, **self.read_body(request), by=person_of(request), now=timezone.now())
        [shown] = _present([queries.pool(code)])
        return Response(self.show(shown, request=request), status=201)


class LimitsApproval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "pool.approve",
            Text("批准资金池限额", "Approve a pool's limits"),
            response=PoolShown,
            answer=_SHOWN,
            problems=(operations.LimitsAlreadyApproved, SelfApproval),
        )
    }

    def post(self, request: Request, code: str, version: str) -> Response:
        operations.approve(code, version=number(version), by=person_of(request), now=timezone.now())
        [shown] = _present([queries.pool(code)])
        return Response(self.show(shown, request=request))


class PoolEvents(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "pool.record",
            Text("登记出资或退出", "Record a contribution or a withdrawal"),
            status=201,
            request=NewPoolEvent,
            response=PoolEventShown,
            example=_EVENT,
            answer=_EVENT_SHOWN,
            problems=(pool_events.PoolTooSmall,),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        event = pool_events.record(
            pool=code, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        response = Response(self.show(event, request=request), status=201)
        response["Location"] = f"/api/v1/risk-pools/{code}"
        return response


class PoolEventReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "pool.record",
            Text("冲正一笔出资或退出", "Reverse a contribution or a withdrawal"),
            status=201,
            request=NewReversal,
            response=PoolEventShown,
            example=REVERSAL,
            answer={**_EVENT_SHOWN, **REVERSAL, "reverses": _EVENT_SHOWN["id"]},
            problems=(
                days.AlreadyReversed, days.ReversalOfAReversal, guarantee_events.EventOfAClaim,
                pool_events.PoolTooSmall,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, code: str, event: str) -> Response:
        reversal = pool_events.reverse(
            pool=code, event=event, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        return Response(self.show(reversal, request=request), status=201)


def _present(pools: list[Pool]) -> list[dict[str, Any]]:
    """Each pool as it stands today, with the fuse of each of its banks."""
    now = timezone.now()
    as_of = days.today(now) + timedelta(days=1)
    stands = {row.pool_id: row for row in queries.pool_frame(as_of, now)}
    fuses = queries.fuse_frame(as_of, now)
    banks = dict(Organisation.objects.filter(pk__in={f.bank_id for f in fuses}).values_list("pk", "code"))
    return [
        {
            "code": pool.code,
            "name": pool.name,
            "name_en": pool.name_en,
            "balance": yuan(stands[pool.pk].balance),
            "guaranteed": yuan(stands[pool.pk].guaranteed),
            "leverage": _leverage(stands[pool.pk]),
            "limits": [_present_limits(limits) for limits in pool.limits.all()],
            "fuses": [_present_fuse(f, banks) for f in fuses if f.pool_id == pool.pk],
        }
        for pool in pools
    ]


def _leverage(stands: queries.PoolRow) -> Decimal | None:
    return Decimal(stands.guaranteed) / stands.balance if stands.balance else None


def _present_limits(limits: PoolLimits) -> dict[str, Any]:
    same = (
        "version", "leverage_limit", "fuse_measure", "fuse_line_pct", "document", "valid_from", "approved_at",
    )  # fmt: skip
    return {name: getattr(limits, name) for name in same} | {
        "proposed_by": limits.proposed_by.username,
        "approved_by": limits.approved_by.username if limits.approved_by else None,
    }


def _present_fuse(fuse: queries.FuseRow, banks: dict[int, str]) -> dict[str, Any]:
    value = fuse.value
    return {
        "bank": banks[fuse.bank_id],
        "measure": fuse.measure,
        "value_pct": None if value is None else value * 100,
        "line_pct": None if fuse.line is None else Decimal(fuse.line) / 100,
        "blown": fuse.blown,
    }
