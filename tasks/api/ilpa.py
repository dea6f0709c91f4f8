"""ILPA's templates of a fund over HTTP, as JSON and as workbooks, and the transaction types behind them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import files
from finance_hub.rest.errors import language_of
from finance_hub.rest.formats import AnyFile
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from funds import ilpa
from funds.api import moments
from funds.queries.schedules import Invested
from funds.queries.transactions import Movement, Transaction
from tasks.api import ilpa_samples as samples
from tasks.api import ilpa_shapes as shapes
from tasks.ilpa import WORKBOOKS, Performance, Reporting, Subject, performance, reporting
from tasks.ilpa.performance import METHOD
from tasks.ilpa.reporting import Column
from tasks.ilpa.underlying import CURRENCY, Underlying
from tasks.workbook import MEDIA_TYPE

_QUERY = (
    Query("quarter", Text("已结束的季度", "A quarter that is over"), required=True, example="2026-Q3"),
    moments.KNOWN_AT,
)


class TransactionTypes(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("ILPA 交易类型及其处理方式", "ILPA's transaction types and their treatment"),
            response=shapes.TypesShown,
            answer=samples.TYPES,
        )
    }

    def get(self, request: Request) -> Response:
        data = [
            {**one._asdict(), "name": one.name.zh, "name_en": one.name.en} for one in ilpa.types().values()
        ]
        shown = {"version": ilpa.version(), "data": data, "sources": ilpa.sources()}
        return moments.tagged(self.show(shown, request=request))


class ReportingTemplate(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("ILPA 报告模板：一只基金的一个季度", "ILPA's Reporting Template of a fund and quarter"),
            response=shapes.ReportingShown,
            query=_QUERY,
            answer=samples.REPORTING,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        made, english = reporting(_subject(request, code)), language_of(request) == "en"
        return moments.tagged(self.show(_reporting(made, english=english), request=request))


class ReportingWorkbook(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("ILPA 报告模板，XLSX", "ILPA's Reporting Template as a workbook"),
            query=_QUERY,
            produces=MEDIA_TYPE,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> HttpResponseBase:
        return _workbook(request, _subject(request, code), template="reporting")


class PerformanceTemplate(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "ILPA 业绩模板：一只基金截至季末", "ILPA's Performance Template of a fund to a quarter's end"
            ),
            response=shapes.PerformanceShown,
            query=_QUERY,
            answer=samples.PERFORMANCE,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        made, language = performance(_subject(request, code)), language_of(request)
        return moments.tagged(self.show(_performance(made, language=language), request=request))


class PerformanceWorkbook(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("ILPA 业绩模板，XLSX", "ILPA's Performance Template as a workbook"),
            query=_QUERY,
            produces=MEDIA_TYPE,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> HttpResponseBase:
        return _workbook(request, _subject(request, code), template="performance")


def _workbook(request: Request, of: Subject, *, template: str) -> HttpResponseBase:
    content = WORKBOOKS[template](of)
    return files.made(request, content, name=of.file_name(template), content_type=MEDIA_TYPE)


def _subject(request: Request, code: str) -> Subject:
    now = timezone.now()
    known_at = moments.known_at(request) or now
    return Subject.read(code, request.query_params["quarter"], known_at=known_at, now=now)


def _headed(of: Subject, *, template: str) -> dict[str, Any]:
    kind = ilpa.template(template)
    return {
        "template": kind.name,
        "version": kind.version,
        "fund": of.fund,
        "quarter": str(of.quarter),
        "as_of": of.quarter.last,
        "known_at": of.known_at,
    }


def _reporting(of: Reporting, *, english: bool) -> dict[str, Any]:
    return {
        **_headed(of.subject, template="reporting"),
        "columns": [_column(column) for column in of.columns],
        "schedule": [_invested(one, english=english) for one in of.schedule],
        "cash": of.cash,
        "nav": of.nav,
        "underlying": [_underlying(one, english=english) for one in of.underlying],
    }


def _column(of: Column) -> dict[str, Any]:
    return {**of._asdict(), "lines": of.amounts}


def _invested(of: Invested, *, english: bool) -> dict[str, Any]:
    firm, child = of.holding.firm, of.holding.sub_fund
    child_name = child and (child.name_en if english else child.name)
    return {
        **of._asdict(),
        "holding": of.holding.public_id,
        "uscc": firm.uscc if firm else None,
        "name": firm.name if firm else child_name,
        "sub_fund": child.code if child else None,
    }


def _underlying(of: Underlying, *, english: bool) -> dict[str, Any]:
    name = of.name and (of.name.en if english else of.name.zh)
    return {**of._asdict(), "name": name, "currency": CURRENCY}


def _performance(of: Performance, *, language: str) -> dict[str, Any]:
    return {
        **_headed(of.subject, template="performance"),
        "methodology": METHOD,
        "has_facility": of.has_facility,
        "net": [{**one._asdict(), "nav": one.nav.value, **_result(one.result)} for one in of.net],
        "before_accrued": {
            **of.before_accrued._asdict(),
            "nav": of.before_accrued.nav.value,
            **_result(of.before_accrued.result),
        },
        "gross": [{**one._asdict(), "investments": one.number, **_result(one.result)} for one in of.gross],
        "investments": [
            {
                "holding": one.held.holding.public_id,
                "is_realised": one.held.is_realised,
                "basis": one.held.basis,
                **_result(one.result),
            }
            for one in of.investments
        ],
        "transactions": [_transaction(one, language=language) for one in of.transactions],
        "movements": [_movement(one) for one in of.movements],
    }


def _result(of: Any) -> dict[str, Any]:
    return {
        "irr": of.irr.value,
        "irr_reason": of.irr.reason or None,
        "multiple": of.multiple.value,
        "multiple_reason": of.multiple.reason or None,
    }


_MOVED = ("unfunded", "paid_in", "distributed", "with_facility", "without_facility")


def _transaction(of: Transaction, *, language: str) -> dict[str, Any]:
    return {
        "id": of.event.public_id,
        "effective_date": of.event.effective_date,
        "investor": of.event.investor.name if of.event.investor else None,
        "type": of.type.code if of.type else None,
        "candidates": [one.code for one in of.rule.candidates],
        "untold": of.rule.untold.say(language) if of.rule.untold else None,
        "amount": of.amount,
        **{name: of.moves(name) for name in _MOVED},
    }


def _movement(of: Movement) -> dict[str, Any]:
    return {
        "id": of.event.public_id,
        "effective_date": of.event.effective_date,
        "holding": of.event.holding.public_id,
        "type": of.rule.type.code if of.rule.type else None,
        "cash": of.cash,
    }
