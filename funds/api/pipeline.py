"""Deals, their steps and their payments over HTTP, and the board of a fund."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag, person_of, require_version
from funds import queries
from funds.api import pipeline_samples as samples
from funds.api import pipeline_shapes as shapes
from funds.api.samples import listed
from funds.models.deals import Standing
from funds.operations import pipeline as operations
from funds.operations.pipeline import editing, payments, rules, steps
from funds.queries import pipeline

_FILTERS = (
    Query("fund", Text("基金代码", "Code of the fund")),
    Query("stage", Text("所处环节", "Where it stands"), choices=tuple(Standing.values)),
    Query("firm", Text("企业统一社会信用代码", "Unified social credit code of the firm")),
)


class Deals(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("项目列表，新登记的在前", "Deals, newest first"),
            response=shapes.DealPage,
            query=(*_FILTERS, *cursors.QUERY),
            answer=listed(samples.DEAL),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记项目：首次接洽", "Open a deal: the first meeting"),
            status=201,
            request=shapes.NewDeal,
            response=shapes.DealInPipeline,
            example=samples.NEW_DEAL,
            answer=samples.DEAL,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request) -> Response:
        asked = request.query_params
        found = pipeline.deals(standing=asked.get("stage", ""))
        if code := asked.get("fund"):
            found = found.filter(fund=queries.fund(code))
        if uscc := asked.get("firm"):
            found = found.filter(firm__uscc=uscc)
        return self.listed(found, request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        deal = operations.open_deal(**body, by=person_of(request), now=timezone.now())
        return _shown(self, deal.public_id, request=request, status=201)


class OneDeal(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("一个项目及其所处环节", "One deal and where it stands"),
            response=shapes.DealInPipeline,
            answer=samples.DEAL,
        ),
        "PATCH": Operation(
            "fund.record",
            Text("修改项目要素", "Change the header of a deal"),
            request=shapes.DealChanges,
            response=shapes.DealInPipeline,
            example=samples.CHANGES,
            answer=samples.CHANGED,
            needs_version=True,
            problems=(InvalidFields, editing.StaleDeal, editing.FirmIsSettled, editing.PlannedBelowPaid),
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        return _shown(self, public_id, request=request)

    def patch(self, request: Request, public_id: str) -> Response:
        pipeline.deal(public_id)  # who may not see it is not told that the header is missing
        version, changes = require_version(request), self.read_body(request)
        operations.edit_deal(public_id, version=version, by=person_of(request), now=timezone.now(), **changes)
        return _shown(self, public_id, request=request)


class Steps(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("项目环节，新登记的在前，含已更正的", "Steps of a deal, newest first, corrected ones too"),
            response=shapes.StepPage,
            query=cursors.QUERY,
            answer=listed(samples.STEP),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记或更正项目环节", "Take a deal a step on, or correct a step"),
            status=201,
            request=shapes.NewStep,
            response=shapes.StepShown,
            example=samples.NEW_STEP,
            answer=samples.STEP,
            problems=(
                InvalidFields, rules.StageAlreadyReached, rules.DealClosed, rules.DealNotClosed,
                rules.DealSigned, rules.VotedDown, rules.CorrectionKeepsTheStage, steps.StepAlreadyCorrected,
                steps.PaidStepStands, payments.InvestmentAlreadyTied, payments.PaymentAbovePlanned,
            ),
        ),
    }  # fmt: skip

    def get(self, request: Request, public_id: str) -> Response:
        return self.listed(pipeline.steps(pipeline.deal(public_id)), request=request)

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        step = operations.take_step(deal=public_id, **body, by=person_of(request), now=timezone.now())
        shown = pipeline.steps(step.deal).get(pk=step.pk)
        return Response(self.show(shown, request=request), status=201)


class Payments(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("项目各期出资", "The tranches of a deal"),
            response=shapes.PaymentPage,
            query=cursors.QUERY,
            answer=listed(samples.PAYMENT),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记后续一期出资对应的投资记录", "Tie a further investment to a paid deal"),
            status=201,
            request=shapes.NewPayment,
            response=shapes.PaymentShown,
            example=samples.NEW_PAYMENT,
            answer=samples.PAYMENT,
            problems=(
                InvalidFields,
                payments.DealNotPaid,
                payments.InvestmentAlreadyTied,
                payments.PaymentAbovePlanned,
            ),
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        return self.listed(pipeline.payments(pipeline.deal(public_id)), request=request)

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        payment = operations.add_payment(deal=public_id, **body, by=person_of(request), now=timezone.now())
        shown = pipeline.payments(payment.deal).get(pk=payment.pk)
        return Response(self.show(shown, request=request), status=201)


class Pipeline(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("基金项目看板：各环节数量与拟投金额", "The fund's board: deals and planned sums by stage"),
            response=shapes.Board,
            answer=samples.BOARD,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        fund = queries.fund(code)
        board = {"fund": fund.code, "stages": pipeline.board(fund)}
        return Response(self.show(board, request=request))


def _shown(view: ApiView, public_id: str, *, request: Request, status: int = 200) -> Response:
    deal = pipeline.deal(public_id)
    headers = {"ETag": etag(deal.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/deals/{public_id}"
    return Response(view.show(deal, request=request), status=status, headers=headers)
