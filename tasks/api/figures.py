"""Stored figures and what they mean; tolerance rules."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, SelfApproval
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag, person_of
from tasks import limits, queries
from tasks.api import shapes
from tasks.catalogue import ENTRIES
from tasks.gaps import gaps_of

FIGURE: dict[str, Any] = {
    "code": "loans.balance",
    "scope": "bank",
    "key": "yunhe-bank",
    "label": "运河银行",
    "unit": "yuan",
    "value": "321000000",
    "reason": None,
    "notes": [],
    "not_reported": [],
    "open_errors": 0,
}


class Metrics(ApiView):
    """The latest figures of a month."""

    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("某月的全部指标", "The figures of a month"),
            response=shapes.SnapshotShape,
            query=(
                Query("code", Text("只看一个指标", "One figure only"), example="loans.balance"),
                Query("scope", Text("只看一种范围", "One scope only"), example="bank"),
            ),
            answer={
                "id": "ss_01JD3M8Q4T",
                "period": "2026-10",
                "fingerprint": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "known_at": "2026-11-08T09:00:00+08:00",
                "not_reported": [],
                "figures": [FIGURE],
            },
            problems=(queries.NoFigures,),
        )
    }

    def get(self, request: Request, period: str) -> Response:
        snapshot = queries.snapshot_of(month_of(period))
        wanted = {
            name: request.query_params[name] for name in ("code", "scope") if name in request.query_params
        }
        rows = queries.rows_of(snapshot).filter(**wanted).order_by("code", "scope", "position")
        figures = shapes.FigureShape(
            rows, many=True, context={"request": request, "gaps": gaps_of(snapshot)}
        ).data
        answer = Response(shapes.snapshot_answer(snapshot, list(figures)))
        answer["ETag"] = etag(snapshot.fingerprint)
        return answer


class Definitions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("指标目录与口径", "The catalogue of figures"),
            response=shapes.DefinitionShape,
            many=True,
            answer=[
                {
                    "code": "fund.dpi",
                    "scope": "fund",
                    "unit": "multiple",
                    "name": "DPI",
                    "definition": "累计分配 ÷ 实缴；实缴为零则无值",
                }
            ],
        )
    }

    def get(self, request: Request) -> Response:
        language = language_of(request)
        return Response(
            [
                {
                    "code": entry.code,
                    "scope": entry.scope.value,
                    "unit": entry.unit.value,
                    "name": entry.name.say(language),
                    "definition": entry.definition.say(language),
                }
                for entry in ENTRIES
            ]
        )


RULE = {
    "scope": "fund",
    "fund": "qingtong-angel",
    "key": "",
    "base": "principal-paid",
    "netting": True,
    "timing": "realised-and-impaired",
    "limit_pct": "40.00",
    "warning_pct": "80.00",
    "owner": "市财政局",
    "document": "市科创基金管理办法（试行）",
    "valid_from": "2025-01-01",
    "valid_to": None,
}
RULE_ANSWER = {"id": "tr_01JD3M8Q4T", **RULE, "proposed_by": "maker", "approved_by": None}


class Rules(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "tolerance.read",
            Text("风险容忍度规则", "The tolerance rules"),
            response=shapes.RuleShape,
            many=True,
            answer=[RULE_ANSWER],
        ),
        "POST": Operation(
            "tolerance.propose",
            Text("提出风险容忍度规则", "Propose a tolerance rule"),
            status=201,
            request=shapes.RuleRequest,
            response=shapes.RuleShape,
            example=RULE,
            answer=RULE_ANSWER,
        ),
    }

    def get(self, request: Request) -> Response:
        return Response(self.show(queries.rules().order_by("-valid_from", "-pk"), request=request))

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        rule = limits.propose(fund_code=body.pop("fund"), by=person_of(request), now=timezone.now(), **body)
        return Response(self.show(rule, request=request), status=201)


class RuleApproval(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "tolerance.approve",
            Text("批准风险容忍度规则", "Approve a tolerance rule"),
            response=shapes.RuleShape,
            answer={**RULE_ANSWER, "approved_by": "approver"},
            problems=(limits.RuleAlreadyApproved, limits.RuleOverlaps, SelfApproval),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        rule = limits.approve(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(rule, request=request))


def month_of(text: str) -> Month:
    """The month of a path; anything else is simply not found."""
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise NotFound from error
