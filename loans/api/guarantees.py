"""Guarantees and policies over HTTP: reported by guarantors and insurers, read by them, by the bank of the
loan, and by the centre."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.days import today
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from loans.api import guarantee_samples as samples
from loans.api import guarantee_shapes as shapes
from loans.models import Guarantee
from loans.operations import covering, guarantee_events, guarantee_reports, recoveries, reversals
from loans.operations import guarantees as reports
from loans.queries import guarantees as queries


class Guarantees(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "guarantee.read",
            Text("担保列表", "The guarantees"),
            response=shapes.GuaranteePage,
            query=(
                Query("uscc", Text("企业统一社会信用代码", "The firm's code")),
                Query("guarantor", Text("担保机构代码", "The guarantor's code")),
                Query("agreement", Text("分险协议代码", "The agreement's code")),
                *cursors.QUERY,
            ),
            answer={"data": [samples.SHOWN], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "guarantee.report",
            Text("登记一笔担保或保单", "Report a guarantee or a policy"),
            status=201,
            request=shapes.NewGuarantee,
            response=shapes.GuaranteeShown,
            example=samples.NEW,
            answer=samples.SHOWN,
            problems=(
                reports.GuaranteeNumberTaken,
                reports.InstrumentNotOfOrganisation,
                covering.NoTermsInForce,
                covering.AboveBorrowerCap,
                covering.AboveGroupCap,
                covering.AboveYearlyCap,
                covering.PoolWithoutLimits,
                covering.PoolFuseBlown,
                covering.PoolLeverageExceeded,
            ),
        ),
    }

    def get(self, request: Request) -> Response:
        rows = queries.guarantees()
        if uscc := request.query_params.get("uscc"):
            rows = rows.filter(firm__uscc=uscc)
        if guarantor := request.query_params.get("guarantor"):
            rows = rows.filter(guarantor__code=guarantor)
        if agreement := request.query_params.get("agreement"):
            rows = rows.filter(terms__agreement__code=agreement)
        found, onward = cursors.page(rows, request=request)
        return Response(self.show({"data": _present(found), **onward}, request=request))

    def post(self, request: Request) -> Response:
        made = reports.create(**self.read_body(request), by=person_of(request), now=timezone.now())
        [shown] = _present([queries.guarantee(made.public_id)])
        response = Response(self.show(shown, request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{made.public_id}"
        return response


class OneGuarantee(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "guarantee.read",
            Text(
                "一笔担保及其解除、代偿与追偿", "A guarantee with its releases, compensation and recoveries"
            ),
            response=shapes.GuaranteeWithEvents,
            answer=samples.WHOLE,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        held = queries.guarantee(public_id)
        [shown] = _present([held])
        whole = {
            **shown,
            "fees_due": queries.fees_due(held, until=today(timezone.now())),
            "events": list(queries.events(held)),
            "claims": [shapes.present_claim(claim) for claim in queries.claims(held)],
            "recoveries": [shapes.present_recovery(recovery) for recovery in queries.recoveries(held)],
        }
        return Response(self.show(whole, request=request))


class GuaranteeEvents(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text(
                "登记解除、核销或收费；无协议的担保亦可按金额登记代偿与追偿",
                "Report a release, a write-off or a fee; without an agreement also a compensation or recovery",
            ),
            status=201,
            request=shapes.NewEvent,
            response=shapes.EventShown,
            example=samples.EVENT,
            answer=samples.EVENT_SHOWN,
            problems=(
                recoveries.ClaimNeeded,
                guarantee_events.AboveOutstanding,
                guarantee_events.RecoveryAboveCompensation,
                guarantee_events.WriteOffAboveClaim,
            ),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        event = guarantee_reports.record_event(
            guarantee=public_id, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        response = Response(self.show(event, request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{public_id}"
        return response


class EventReversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("冲正一笔解除、核销或收费", "Reverse a release, a write-off or a fee"),
            status=201,
            request=shapes.NewReversal,
            response=shapes.EventShown,
            example=samples.REVERSAL,
            answer=samples.EVENT_REVERSED,
            problems=(
                reversals.AlreadyReversed,
                reversals.ReversalOfAReversal,
                guarantee_events.EventOfAClaim,
            ),
        )
    }

    def post(self, request: Request, public_id: str, event: str) -> Response:
        reversal = guarantee_events.reverse_event(
            guarantee=public_id,
            event=event,
            **self.read_body(request),
            by=person_of(request),
            now=timezone.now(),
        )
        return Response(self.show(reversal, request=request), status=201)


def _present(guarantees: list[Guarantee]) -> list[dict[str, Any]]:
    """Each guarantee with where it stands; one query more, whatever their number."""
    then = queries.standing([guarantee.pk for guarantee in guarantees])
    return [shapes.present(guarantee, then[guarantee.pk]) for guarantee in guarantees]
