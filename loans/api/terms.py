"""Branches, prime rates and subsidy schemes over HTTP: recorded by the centre, read by whom they concern."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Moment, Money, Rate, Record, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from loans.models import Branch, BranchKind, LprTenor
from loans.operations import terms
from loans.queries.branches import branches
from loans.queries.prices import lpr_quotes
from loans.queries.subsidies import subsidy_schemes


class NewBranch(Record):
    bank = Words(max_length=40)
    code = Words(max_length=40)
    name = Words(max_length=100)
    name_en = Words(max_length=100)
    kind = Choice(BranchKind.values)
    valid_from = Day()


class BranchShown(NewBranch):
    """In force from `valid_from` until a later row of the branch; of one day's, the one recorded last."""

    recorded_at = Moment()


class NewLprQuote(Record):
    tenor = Choice(LprTenor.values)
    published_on = Day()
    rate_pct = Rate()
    source = Words(max_length=200)  # type: ignore[assignment]  # DRF has a source too


class LprQuoteShown(NewLprQuote):
    recorded_at = Moment()


class NewSubsidyScheme(Record):
    """For the days of `[valid_from, valid_to)`. A loan gets the rate that its bank reports, at most `rate_pct`
    and at most `share_pct` of its own rate; a firm at most `firm_year_cap` a calendar year."""

    products = serializers.ListField(child=Words(max_length=24), max_length=20)
    rate_pct = Rate()
    share_pct = Rate(full=True)
    firm_year_cap = Money(positive=True, allow_null=True)
    document = Words(max_length=200)
    valid_from = Day()
    valid_to = Day()


class SubsidySchemeShown(NewSubsidyScheme):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()


_RECORDED = {"recorded_at": "2026-11-03T09:13:21+08:00"}
_BRANCH = {
    "bank": "bank-a",
    "code": "330483-0101",
    "name": "桐乡科技支行",
    "name_en": "Tongxiang science branch",
    "kind": "specialised",
    "valid_from": "2026-01-01",
}
_LPR = {
    "tenor": "1y",
    "published_on": "2025-05-20",
    "rate_pct": "3.0000",
    "source": "全国银行间同业拆借中心公告",
}
_SCHEME: dict[str, Any] = {
    "products": ["rd"],
    "rate_pct": "1.0000",
    "share_pct": "50.0000",
    "firm_year_cap": "200000.00",
    "document": "桐科〔2026〕12号",
    "valid_from": "2026-01-01",
    "valid_to": "2027-01-01",
}
_PAGED = {"next_cursor": None, "has_more": False}


class Branches(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "contract.read",
            Text("专营机构、人才银行与普通网点", "Specialised, talent and ordinary branches"),
            response=BranchShown,
            many=True,
            query=(Query("bank", Text("银行代码", "The bank's code")), *cursors.QUERY),
            answer=[{**_BRANCH, **_RECORDED}],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "reference.edit",
            Text("登记网点及其类别", "Record what a branch is from a day on"),
            status=201,
            request=NewBranch,
            response=BranchShown,
            example=_BRANCH,
            answer={**_BRANCH, **_RECORDED},
        ),
    }

    def get(self, request: Request) -> Response:
        rows = branches()
        if bank := request.query_params.get("bank"):
            rows = rows.filter(bank__code=bank)
        found, onward = cursors.page(rows, request=request)
        shown = self.show([_branch(one) for one in found], request=request)
        return Response({"data": shown, **onward})

    def post(self, request: Request) -> Response:
        made = terms.record_branch(**self.read_body(request), by=person_of(request), now=timezone.now())
        return Response(self.show(_branch(made), request=request), status=201)


class LprQuotes(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("贷款市场报价利率", "Loan prime rates, the one recorded last first"),
            response=LprQuoteShown,
            many=True,
            query=cursors.QUERY,
            answer=[{**_LPR, **_RECORDED}],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "reference.edit",
            Text("登记公布的贷款市场报价利率", "Record a loan prime rate as published"),
            status=201,
            request=NewLprQuote,
            response=LprQuoteShown,
            example=_LPR,
            answer={**_LPR, **_RECORDED},
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(lpr_quotes(), request=request)

    def post(self, request: Request) -> Response:
        made = terms.record_lpr(**self.read_body(request), by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class SubsidySchemes(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("贴息办法", "The subsidy schemes"),
            response=SubsidySchemeShown,
            many=True,
            query=cursors.QUERY,
            answer=[{**_SCHEME, "id": "su_01JD3M8Q4TZ7X9KT2VNC4H6WEA", **_RECORDED}],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "reference.edit",
            Text("登记贴息办法", "Record a subsidy scheme"),
            status=201,
            request=NewSubsidyScheme,
            response=SubsidySchemeShown,
            example=_SCHEME,
            answer={**_SCHEME, "id": "su_01JD3M8Q4TZ7X9KT2VNC4H6WEA", **_RECORDED},
            problems=(terms.SubsidyOverlaps,),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(subsidy_schemes(), request=request)

    def post(self, request: Request) -> Response:
        made = terms.record_subsidy_scheme(
            **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        return Response(self.show(made, request=request), status=201)


def _branch(branch: Branch) -> dict[str, Any]:
    same = ("code", "name", "name_en", "kind", "valid_from", "recorded_at")
    return {"bank": branch.bank.code} | {name: getattr(branch, name) for name in same}
