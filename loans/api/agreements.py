"""Risk-sharing agreements over HTTP: proposed and approved by the centre, read by their parties."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, NotFound, SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Moment, Money, Percent, Rate, Record, Whole, Words, YesNo
from finance_hub.rest.ground.shapes.parts import Code
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from loans.models import Agreement, AgreementTerms, CapBase, FeeBase, Party
from loans.operations import agreements as operations
from loans.queries import agreements as queries


class SharePart(Record):
    """A party's part of a loss; `name` tells apart several parties of a kind."""

    party = Choice(Party.values)
    share_pct = Percent(positive=True)
    name = Words(max_length=100, min_length=0, default="")


class NewTerms(Record):
    """Shares of the principal lost, to 100.00; caps; fee; the waiting period 代偿期限 in days. `keeper` bears
    what the caps leave over."""

    shares = SharePart(many=True, allow_empty=False, max_length=20)  # type: ignore[call-arg]  # of the list
    keeper = Choice(("bank", "guarantor", "insurer"))
    valid_from = Day()
    valid_to = Day(required=False, allow_null=True)
    document = Words(max_length=200)
    pool = Code(required=False, allow_null=True)
    covers_interest = YesNo(default=False)
    waiting_days = Whole(most=3_650)
    compensation_cap_pct = Percent(positive=True, required=False, allow_null=True)
    compensation_cap_base = Choice(CapBase.values, required=False, allow_null=True)
    borrower_cap = Money(positive=True, required=False, allow_null=True)
    group_cap = Money(positive=True, required=False, allow_null=True)
    yearly_cap = Money(positive=True, required=False, allow_null=True)
    fee_rate_max_pct = Rate(required=False, allow_null=True)
    fee_base = Choice(FeeBase.values, default=FeeBase.OUTSTANDING.value)
    fee_days_in_year = Whole(default=365)


class TermsShown(NewTerms):
    version = Whole()
    proposed_by = Words(max_length=64)
    approved_by = Words(max_length=64, allow_null=True)
    approved_at = Moment(allow_null=True)


class NewAgreement(NewTerms):
    """`guarantor` is the code of a guarantor or insurer; without `bank` it covers loans of every bank."""

    code = Code()
    name = Words(max_length=200)
    guarantor = Words(max_length=40)
    bank = Words(max_length=40, required=False, allow_null=True)


class AgreementShown(Record):
    """Every version of its terms, latest first."""

    code = Words(max_length=40)
    name = Words(max_length=200)
    guarantor = Words(max_length=40)
    bank = Words(max_length=40, allow_null=True)
    terms = TermsShown(many=True)


class AgreementPage(Record):
    data = AgreementShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_TERMS: dict[str, Any] = {
    "shares": [
        {"party": "bank", "share_pct": "20.00", "name": ""},
        {"party": "national_fund", "share_pct": "40.00", "name": ""},
        {"party": "re_guarantor", "share_pct": "20.00", "name": ""},
        {"party": "guarantor", "share_pct": "20.00", "name": ""},
    ],
    "keeper": "guarantor",
    "valid_from": "2026-01-01",
    "valid_to": None,
    "document": "示例〔2026〕1号",
    "pool": None,
    "covers_interest": False,
    "waiting_days": 90,
    "compensation_cap_pct": "5.00",
    "compensation_cap_base": "guaranteed",
    "borrower_cap": "30000000.00",
    "group_cap": None,
    "yearly_cap": None,
    "fee_rate_max_pct": "1.0000",
    "fee_base": "outstanding",
    "fee_days_in_year": 365,
}
_NEW: dict[str, Any] = {
    "code": "tech-plan-2026", "name": "科技创新专项担保合作协议", "guarantor": "guarantor-a", "bank": "bank-a", **_TERMS,
}  # fmt: skip
_TERMS_SHOWN: dict[str, Any] = {
    **_TERMS, "version": 1, "proposed_by": "maker", "approved_by": None, "approved_at": None,
}  # fmt: skip
_APPROVED = {**_TERMS_SHOWN, "approved_by": "approver", "approved_at": "2026-11-03T09:13:21+08:00"}
_SHOWN: dict[str, Any] = {
    "code": _NEW["code"], "name": _NEW["name"], "guarantor": "guarantor-a", "bank": "bank-a", "terms": [_APPROVED],
}  # fmt: skip


class Agreements(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "agreement.read",
            Text("分险协议列表", "The risk-sharing agreements"),
            response=AgreementPage,
            query=cursors.QUERY,
            answer={"data": [_SHOWN], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "agreement.propose",
            Text("提出一份分险协议", "Propose an agreement with its first terms"),
            status=201,
            request=NewAgreement,
            response=AgreementShown,
            example=_NEW,
            answer={**_SHOWN, "terms": [_TERMS_SHOWN]},
            problems=(operations.AgreementExists,),
        ),
    }

    def get(self, request: Request) -> Response:
        found, onward = cursors.page(queries.agreements(), request=request)
        return Response(self.show({"data": [_present(one) for one in found], **onward}, request=request))

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        operations.conclude(**_read(body), by=person_of(request), now=timezone.now())
        shown = _present(queries.agreement(body["code"]))
        response = Response(self.show(shown, request=request), status=201)
        response["Location"] = f"/api/v1/agreements/{body['code']}"
        return response


class OneAgreement(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "agreement.read",
            Text("一份分险协议及其各版条款", "An agreement with every version of its terms"),
            response=AgreementShown,
            answer=_SHOWN,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        return Response(self.show(_present(queries.agreement(code)), request=request))


class TermsVersions(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "agreement.propose",
            Text("提出协议的新条款", "Propose a new version of an agreement's terms"),
            status=201,
            request=NewTerms,
            response=AgreementShown,
            example=_TERMS,
            answer={**_SHOWN, "terms": [{**_TERMS_SHOWN, "version": 2}, _APPROVED]},
            problems=(InvalidFields,),
        )
    }

    def post(self, request: Request, code: str) -> Response:
        operations.propose(code, **_read(self.read_body(request)), by=person_of(request), now=timezone.now())
        return Response(self.show(_present(queries.agreement(code)), request=request), status=201)


class TermsApproval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "agreement.approve",
            Text("批准协议条款", "Approve a version of an agreement's terms"),
            response=AgreementShown,
            answer=_SHOWN,
            problems=(operations.TermsAlreadyApproved, SelfApproval),
        )
    }

    def post(self, request: Request, code: str, version: str) -> Response:
        operations.approve(code, version=number(version), by=person_of(request), now=timezone.now())
        return Response(self.show(_present(queries.agreement(code)), request=request))


def number(version: str) -> int:
    """A version as it stands in a path. Raises NotFound."""
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise NotFound
    return int(version)


def _read(body: dict[str, Any]) -> dict[str, Any]:
    shares = [
        operations.Share(one["party"], Decimal(one["share_pct"]), one["name"]) for one in body["shares"]
    ]
    return body | {"shares": shares}


def _present(agreement: Agreement) -> dict[str, Any]:
    return {
        "code": agreement.code,
        "name": agreement.name,
        "guarantor": agreement.guarantor.code,
        "bank": agreement.bank.code if agreement.bank else None,
        "terms": [_present_terms(terms) for terms in agreement.versions.all()],
    }


def _present_terms(terms: AgreementTerms) -> dict[str, Any]:
    same = (
        "version", "keeper", "valid_from", "valid_to", "document", "covers_interest", "waiting_days",
        "compensation_cap_pct", "borrower_cap", "group_cap", "yearly_cap", "fee_rate_max_pct", "fee_base",
        "fee_days_in_year", "approved_at",
    )  # fmt: skip
    return {name: getattr(terms, name) for name in same} | {
        "shares": list(terms.shares.all()),
        "pool": terms.pool.code if terms.pool else None,
        "compensation_cap_base": terms.compensation_cap_base or None,
        "proposed_by": terms.proposed_by.username,
        "approved_by": terms.approved_by.username if terms.approved_by else None,
    }
