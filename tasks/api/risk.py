"""Tolerances with their budgets, what is assumed of failures, joint loss, and stress runs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.errors import language_of
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from finance_hub.rest.wording import WORDS
from funds.api import samples
from funds.api.shapes import page_of
from tasks import queries
from tasks.api import risk_samples as shown
from tasks.api import risk_shapes as shapes
from tasks.api.figures import RULE_ANSWER, month_of
from tasks.exposure.assumed import assumptions
from tasks.models import LossResult
from tasks.risk import assume, entered, runs, tolerances
from tasks.risk.parameters import Assumed, delivered


class NoJointLoss(Problem):
    code = "no-joint-loss-yet"
    status = 404
    title = Text("该月份的联合损失尚未计算", "The joint loss of the month has not been computed yet")


class ToleranceBudgets(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "tolerance.read",
            Text(
                "某月各条容忍度规则的额度、已用、剩余与十三个月走势",
                "The budget of every tolerance in a month, and thirteen months of it",
            ),
            response=shapes.TolerancesShown,
            query=(
                Query(
                    "period",
                    Text("月份，默认最近有数据的月份", "The month, the newest with figures if not said"),
                    example="2026-10",
                ),
            ),
            answer={
                "period": "2026-10",
                "snapshot": "ss_01JD3M8Q4T",
                "lapsed": [],
                "budgets": [
                    {**shown.BUDGET, "rule": {**RULE_ANSWER, "scope": "category", "fund": None, "key": "seed"}}
                ],
            },
            problems=(queries.NoFigures,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        return Response(self.show(tolerances.of_month(_asked(request)), request=request))


class Assumptions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text("历次风险假设，新登记的在前", "Every set of risk assumptions, newest entry first"),
            response=page_of(shapes.RiskAssumptionsShown),
            query=cursors.QUERY,
            answer=samples.listed(shown.ASSUMPTIONS),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "risk.assume",
            Text("登记自某日起的一整套风险假设", "Enter a whole set of risk assumptions from a day on"),
            status=201,
            request=shapes.AssumptionsRequest,
            response=shapes.RiskAssumptionsShown,
            example=shown.NEW_ASSUMPTIONS,
            answer=shown.ASSUMPTIONS,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request) -> Response:
        rows, onward = cursors.page(assumptions(), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        parameters = [Assumed(**row) for row in body.pop("parameters")]
        made = assume.assume(**body, parameters=parameters, by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class DeliveredAssumptions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text(
                "随产品提供的默认风险假设及各项依据",
                "The assumptions that come with the product, and what each rests on",
            ),
            response=shapes.DeliveredShown,
            answer=shown.DELIVERED,
        )
    }

    def get(self, request: Request) -> Response:
        document, parameters = delivered(language=language_of(request))
        return Response(self.show({"document": document, "parameters": parameters}, request=request))


class Scenarios(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text("压力情景，新登记的在前", "Stress scenarios, newest entry first"),
            response=page_of(shapes.ScenarioShown),
            query=cursors.QUERY,
            answer=samples.listed(shown.SCENARIO),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "risk.assume",
            Text("登记自某日起的压力情景", "Enter a stress scenario from a day on"),
            status=201,
            request=shapes.ScenarioRequest,
            response=shapes.ScenarioShown,
            example=shown.NEW_SCENARIO,
            answer=shown.SCENARIO,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request) -> Response:
        rows, onward = cursors.page(entered.scenarios(), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request) -> Response:
        made = assume.define_scenario(**self.read_body(request), by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class JointLoss(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text("某月全部公共资金的联合损失", "What all public money of a month can lose together"),
            response=shapes.JointLossShown,
            answer=shown.JOINT,
            problems=(NoJointLoss,),
        )
    }

    def get(self, request: Request, period: str) -> Response:
        found = entered.latest_result(month_of(period))
        if found is None:
            raise NoJointLoss
        return Response(self.show(_result(found), request=request))


class StressRuns(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text("压力测试，新发起的在前", "Stress runs, newest first"),
            response=page_of(shapes.StressRunShown),
            query=cursors.QUERY,
            answer=samples.listed(shown.RUN),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "stress.run",
            Text(
                "发起某月的压力测试；输入未变则返回已有的一次",
                "Run the stress scenarios of a month; the run that is there where nothing changed",
            ),
            status=202,
            request=shapes.StressRequest,
            example={"period": "2026-10"},
            response=shapes.StressRunShown,
            answer=shown.RUN,
            problems=(InvalidFields, queries.NoFigures, runs.NoAssumptions, runs.NoScenarios),
        ),
    }

    def get(self, request: Request) -> Response:
        rows, onward = cursors.page(entered.runs(), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request) -> Response:
        month = Month.parse(str(self.read_body(request)["period"]))
        run, _ = runs.start(month, by=person_of(request), now=timezone.now())
        return Response(self.show(run, request=request), status=202)


class OneStressRun(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "risk.read",
            Text("一次压力测试的进度与对比", "The progress of a stress run, and its comparison"),
            response=shapes.StressRunShown,
            answer=shown.RUN,
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        return Response(self.show(entered.run(public_id), request=request))


class StressCancelling(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "stress.run",
            Text("取消一次压力测试", "Cancel a stress run"),
            response=shapes.StressRunShown,
            answer={**shown.RUN, "state": "cancelled"},
            problems=(runs.RunIsOver,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        run = runs.cancel(public_id, by=person_of(request), now=timezone.now())
        return Response(self.show(run, request=request))


def _asked(request: Request) -> Month:
    """Raises InvalidFields (`period`), NoFigures."""
    text = request.query_params.get("period")
    if text:
        try:
            return Month.parse(text)
        except UnableToReadMonth as error:
            raise refuse("#/period", "month-format", *WORDS["month-format"]) from error
    known = queries.months_with_figures()
    if not known:
        raise queries.NoFigures
    return known[0]


def _result(found: LossResult) -> dict[str, Any]:
    return {
        "period": Month.of(found.snapshot.month),
        "snapshot": found.snapshot.public_id,
        "assumptions": found.assumptions,
        "scenario": shapes.scenario_code(found.scenario),
        "seed": found.seed,
        "draws": found.draws,
        "computed_at": found.computed_at,
        "result": found.content,
    }
