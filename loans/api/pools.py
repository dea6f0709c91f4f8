"""Risk-compensation pools over HTTP: the centre's own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.days import today
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.money import yuan
from finance_hub.kernel.problems import InvalidFields, SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.api import pool_shapes as shapes
from loans.api.agreements import number
from loans.api.guarantee_samples import REVERSAL
from loans.api.guarantee_shapes import NewReversal
from loans.models import Pool, PoolLimits
from loans.operations import guarantee_events, pool_events, reversals
from loans.operations import pools as operations
from loans.queries import pools as queries


class Pools(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "pool.read",
            Text("风险补偿资金池", "The risk-compensation pools"),
            response=shapes.PoolList,
            answer={"data": [shapes.SHOWN]},
        ),
        "POST": Operation(
            "pool.record",
            Text("设立资金池", "Found a pool"),
            status=201,
            request=shapes.NewPool,
            response=shapes.PoolShown,
            example=shapes.NEW,
            answer={
                **shapes.SHOWN,
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
            response=shapes.PoolWithEvents,
            answer={**shapes.SHOWN, "events": [shapes.EVENT_SHOWN]},
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
            request=shapes.NewLimits,
            response=shapes.PoolShown,
            example=shapes.LIMITS,
            answer={
                **shapes.SHOWN,
                "limits": [{**shapes.LIMITS_SHOWN, "approved_by": None, "approved_at": None}],
            },
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
            response=shapes.PoolShown,
            answer=shapes.SHOWN,
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
            request=shapes.NewPoolEvent,
            response=shapes.PoolEventShown,
            example=shapes.EVENT,
            answer=shapes.EVENT_SHOWN,
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
            response=shapes.PoolEventShown,
            example=REVERSAL,
            answer={**shapes.EVENT_SHOWN, **REVERSAL, "reverses": shapes.EVENT_SHOWN["id"]},
            problems=(
                reversals.AlreadyReversed, reversals.ReversalOfAReversal, guarantee_events.EventOfAClaim,
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
    as_of = today(now) + timedelta(days=1)
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
