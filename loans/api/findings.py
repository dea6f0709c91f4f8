"""What the rules found odd in the reports, for the bank to mend and the centre to chase."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from loans import quality
from loans.api.asking import month_in_query
from loans.models import Finding, SubjectKind
from loans.queries import findings as queries


class Subject(Record):
    """`id`: the event's number, the firm's code, the pledge's certificate, or the data set."""

    kind = Choice(SubjectKind.values)
    contract_no = Words(max_length=64, allow_null=True)
    drawdown_no = Words(max_length=64, allow_null=True)
    id = Words(max_length=64, allow_null=True)


class FindingLinks(Record):
    batch = Words(max_length=200, allow_null=True)
    contract = Words(max_length=300, allow_null=True)


class FindingShown(Record):
    """`age_days` are the whole days from when it was first seen to its end, or to now."""

    id = Words(max_length=30)
    rule = Words(max_length=40)
    severity = Choice([severity.value for severity in quality.Severity])
    name = Words(max_length=100)
    name_en = Words(max_length=100)
    message = Words(max_length=300)
    message_en = Words(max_length=300)
    advice = Words(max_length=200)
    advice_en = Words(max_length=200)
    bank = Words(max_length=40)
    period = MonthText()
    subject = Subject()
    context = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]
    batch = Words(max_length=40, allow_null=True)
    row_number = Whole(allow_null=True)
    first_seen_at = Moment()
    last_seen_at = Moment()
    resolved_at = Moment(allow_null=True)
    age_days = Whole()
    links = FindingLinks()


class FindingPage(Record):
    data = FindingShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_FINDING: dict[str, Any] = {
    "id": "fd_1207",
    "rule": "stock-flow-differs",
    "severity": "error",
    "name": "存量与发生额不一致",
    "name_en": "Stock and flow differ",
    "message": "存量余额 2450000.00，发生额推算余额 2500000.00，相差 -50000.00",
    "message_en": "The stock says 2450000.00, the flow gives 2500000.00: a difference of -50000.00",
    "advice": "核对该借据的发生额是否漏报，或更正存量余额",
    "advice_en": "See whether an event was not reported, or correct the balance of the stock",
    "bank": "bank-a",
    "period": "2026-10",
    "subject": {"kind": "drawdown", "contract_no": "HT-2026-0091", "drawdown_no": "JJ-0001", "id": None},
    "context": {"stock": "2450000.00", "flow": "2500000.00", "difference": "-50000.00"},
    "batch": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "row_number": 17,
    "first_seen_at": "2026-11-03T09:14:00+08:00",
    "last_seen_at": "2026-11-05T09:14:00+08:00",
    "resolved_at": None,
    "age_days": 2,
    "links": {
        "batch": "/api/v1/loan-report-batches/lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
        "contract": "/api/v1/contracts/HT-2026-0091?bank=bank-a",
    },
}


class Findings(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "finding.read",
            Text("数据体检：发现的问题", "Data quality: what was found"),
            response=FindingPage,
            query=(
                Query("bank", Text("银行代码", "The bank's code"), example="bank-a"),
                Query("period", Text("报告期", "Period"), example="2026-10"),
                Query("rule", Text("规则代码", "The rule's code"), choices=tuple(quality.BY_CODE)),
                Query("state", Text("状态，缺省 open", "State; open if left out"), choices=queries.STATES),
                *cursors.QUERY,
            ),
            answer={"data": [_FINDING], "next_cursor": None, "has_more": False},
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request) -> Response:
        given = request.query_params
        wanted: dict[str, Any] = {
            lookup: given[name]
            for name, lookup in (("bank", "bank__code"), ("rule", "rule"))
            if given.get(name)
        }
        if period := given.get("period"):
            wanted["period"] = month_in_query(period).first
        rows = queries.findings(state=given.get("state") or "open", **wanted)
        found, onward = cursors.page(rows, request=request)
        now = timezone.now()
        return Response(
            self.show({"data": [_present(one, now=now) for one in found], **onward}, request=request)
        )


def _present(found: Finding, *, now: datetime) -> dict[str, Any]:
    same = ("rule", "period", "context", "row_number", "first_seen_at", "last_seen_at", "resolved_at")
    return {name: getattr(found, name) for name in same} | {
        **_said(found),
        "id": f"fd_{found.pk}",
        "bank": found.bank.code,
        "batch": found.batch or None,
        "age_days": max(0, ((found.resolved_at or now) - found.first_seen_at) // timedelta(days=1)),
        "subject": {
            "kind": found.subject_kind,
            "contract_no": found.contract_no or None,
            "drawdown_no": found.drawdown_no or None,
            "id": found.subject or None,
        },
        "links": {
            "batch": f"/api/v1/loan-report-batches/{found.batch}" if found.batch else None,
            "contract": f"/api/v1/contracts/{quote(found.contract_no)}?bank={found.bank.code}"
            if found.contract_no
            else None,
        },
    }


def _said(found: Finding) -> dict[str, str]:
    """The rule's words; of a rule that is no more, only its code is left to say."""
    rule = quality.BY_CODE.get(found.rule)
    if rule is None:
        plain = Text(found.rule, found.rule)
        severity, name, sentence, advice = quality.Severity.NOTICE.value, plain, plain, Text("", "")
    else:
        severity, name, advice = rule.severity.value, rule.name, rule.advice
        known = defaultdict(str, found.context)
        sentence = Text(rule.sentence.zh.format_map(known), rule.sentence.en.format_map(known))
    return {
        "severity": severity, "name": name.zh, "name_en": name.en, "message": sentence.zh,
        "message_en": sentence.en, "advice": advice.zh, "advice_en": advice.en,
    }  # fmt: skip
