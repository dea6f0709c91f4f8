"""Claims and recoveries over HTTP, with every party's part."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.api import guarantee_samples as samples
from loans.api import guarantee_shapes as shapes
from loans.operations import claims, guarantee_events, pool_events, recoveries, reversals

_REVERSAL = (reversals.AlreadyReversed, reversals.ReversalOfAReversal)


class Claims(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("登记一笔代偿，按协议分担", "Report a claim; the agreement splits it"),
            status=201,
            request=shapes.NewClaim,
            response=shapes.ClaimShown,
            example=samples.CLAIM,
            answer=samples.CLAIM_SHOWN,
            problems=(claims.ClaimTooEarly, claims.InterestNotCovered, guarantee_events.AboveOutstanding),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        made = claims.claim(
            guarantee=public_id, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        response = Response(self.show(shapes.present_claim(made), request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{public_id}"
        return response


class ClaimReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("冲正一笔代偿", "Reverse a claim"),
            status=201,
            request=shapes.NewReversal,
            response=shapes.ClaimShown,
            example=samples.REVERSAL,
            answer=samples.CLAIM_REVERSED,
            problems=(
                *_REVERSAL, claims.ClaimHasRecoveries, guarantee_events.RecoveryAboveCompensation,
            ),
        )
    }  # fmt: skip

    def post(self, request: Request, public_id: str, claim: str) -> Response:
        reversal = claims.reverse_claim(
            guarantee=public_id,
            claim=claim,
            **self.read_body(request),
            by=person_of(request),
            now=timezone.now(),
        )
        return Response(self.show(shapes.present_claim(reversal), request=request), status=201)


class Recoveries(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("登记一笔追偿，按代偿比例返还", "Report a recovery; it flows back as the loss was borne"),
            status=201,
            request=shapes.NewRecovery,
            response=shapes.RecoveryShown,
            example=samples.RECOVERY,
            answer=samples.RECOVERY_SHOWN,
            problems=(guarantee_events.RecoveryAboveCompensation,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        made = recoveries.recover(
            guarantee=public_id, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        response = Response(self.show(shapes.present_recovery(made), request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{public_id}"
        return response


class RecoveryReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("冲正一笔追偿", "Reverse a recovery"),
            status=201,
            request=shapes.NewReversal,
            response=shapes.RecoveryShown,
            example=samples.REVERSAL,
            answer=samples.RECOVERY_REVERSED,
            problems=(*_REVERSAL, pool_events.PoolTooSmall),
        )
    }

    def post(self, request: Request, public_id: str, recovery: str) -> Response:
        reversal = recoveries.reverse_recovery(
            guarantee=public_id, recovery=recovery, **self.read_body(request), by=person_of(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(self.show(shapes.present_recovery(reversal), request=request), status=201)
