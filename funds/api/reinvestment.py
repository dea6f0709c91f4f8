"""返投 over HTTP: the rules of recognition, what is recognised by them, and where a fund stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.errors import language_of
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import queries
from funds.api import moments, samples
from funds.api import reinvestment_shapes as shapes
from funds.api.ratios import SCORE_IS_A_FORECAST, ratio
from funds.fund_policy import Score
from funds.models import Route
from funds.operations import reinvestment as operations
from funds.operations import reversing
from funds.operations.reinvestment.cases import RouteNotRecognised
from funds.operations.reinvestment.recognising import InputCountsElsewhere, NoReinvestmentRules

_CASES = (InvalidFields, NoReinvestmentRules, RouteNotRecognised, InputCountsElsewhere)


class Rules(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "返投认定规则的各个版本，新录入的在前",
                "Every set of rules of recognition, newest entry first",
            ),
            response=shapes.RulesPage,
            query=cursors.QUERY,
            answer=samples.listed(shapes.RULES),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.recognise",
            Text("登记自某日起的返投认定规则", "Record how local investment is recognised from a day on"),
            status=201,
            request=shapes.NewRules,
            response=shapes.RulesShown,
            example=shapes.NEW_RULES,
            answer=shapes.RULES,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        rows, onward = cursors.page(queries.reinvestment_rules(queries.fund(code)), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        factors = {route: body.pop(f"{route}_factor", None) for route in Route.values}
        rules = operations.record_rules(
            fund=code, factors=factors, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(rules, request=request), status=201)


class Recognitions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("返投认定记录，新录入的在前", "What was recognised, newest entry first"),
            response=shapes.RecognitionPage,
            query=cursors.QUERY,
            answer=samples.listed(shapes.RECOGNITION),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.recognise",
            Text(
                "认定返投：同一笔资金按认定额较高的情形计一次",
                "Recognise local investment: of the cases of the same money the higher one counts, once",
            ),
            status=201,
            request=shapes.NewRecognition,
            response=shapes.RecognitionShown,
            example=shapes.NEW_RECOGNITION,
            answer=shapes.RECOGNITION,
            problems=_CASES,
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        rows, onward = cursors.page(queries.recognitions(queries.fund(code)), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        body = _case_of(self.read_body(request))
        case = operations.recognise(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(case, request=request), status=201)


class Reversal(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.recognise",
            Text("撤销一项返投认定", "Take a recognition back"),
            status=201,
            request=shapes.NewReversal,
            response=shapes.RecognitionShown,
            example=shapes.NEW_REVERSAL,
            answer=shapes.REVERSAL,
            problems=(InvalidFields, reversing.AlreadyReversed, reversing.ReversalOfAReversal),
        )
    }

    def post(self, request: Request, code: str, recognition: str) -> Response:
        body = self.read_body(request)
        reversal = operations.reverse_recognition(
            fund=code, recognition=recognition, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(reversal, request=request), status=201)


class Correction(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "fund.recognise",
            Text(
                "更正一项返投认定：原记录自其当日起撤销，并另行认定",
                "Correct a recognition: it is taken back on its own day and another takes its place",
            ),
            status=201,
            request=shapes.NewCase,
            response=shapes.RecognitionShown,
            example=shapes.NEW_CORRECTION,
            answer=shapes.CORRECTION,
            problems=(*_CASES, reversing.AlreadyReversed, reversing.ReversalOfAReversal),
        )
    }

    def post(self, request: Request, code: str, recognition: str) -> Response:
        body = self.read_body(request)
        case = operations.correct_recognition(
            fund=code, recognition=recognition, **body, by=person_of(request), now=timezone.now()
        )
        return Response(self.show(case, request=request), status=201)


class Standing(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "返投：认定额、两种比例、应返投与尚缺、评分预测",
                "Recognised local investment, both ratios, what is due and left, and the forecast of the score",
            ),
            response=shapes.ReinvestmentShown,
            query=moments.QUERY,
            answer={
                "recognised": "8000000.00",
                "by_route": {"own_input": "8000000.00"},
                "fiscal_paid_in": "20000000.00",
                "fiscal_committed": "40000000.00",
                "to_fiscal_paid_in": {"value": "0.4000", "reason": None},
                "to_fiscal_committed": {"value": "0.2000", "reason": None},
                "multiple": "1.0000",
                "base": "paid_in",
                "base_amount": "20000000.00",
                "due": "20000000.00",
                "left": "12000000.00",
                "document": "合伙协议",
                "score_asked": {"document": "发改财金规〔2025〕1753号", "points": 1},
                "score_reached": {"document": "发改财金规〔2025〕1753号", "points": 3},
                "score_note": SCORE_IS_A_FORECAST.zh,
                "inputs": [
                    {
                        "uscc": "91330483MA2B9PTN02",
                        "firm": "桐乡示例科技有限公司",
                        "reference": "嘉会审〔2026〕118号",
                        "route": "own_input",
                        "recognised": "8000000.00",
                    }
                ],
            },
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        moment = moments.Moment.of(request)
        language = language_of(request)
        found = queries.reinvestment(queries.fund(code), as_of=moment.as_of, known_at=moment.known_at)
        shown: dict[str, Any] = {
            **found._asdict(),
            "to_fiscal_paid_in": ratio(found.recognised, found.fiscal_paid_in),
            "to_fiscal_committed": ratio(found.recognised, found.fiscal_committed),
            "score_asked": _score(found.score_asked, language),
            "score_reached": _score(found.score_reached, language),
            "score_note": SCORE_IS_A_FORECAST.say(language),
        }
        return moments.tagged(self.show(shown, request=request))


def _score(score: Score | None, language: str) -> dict[str, Any] | None:
    return score and {"document": score.document.say(language), "points": score.points}


def _case_of(body: dict[str, Any]) -> dict[str, Any]:
    """A name that is left out is none."""
    return {"firm_name": None, **body}
