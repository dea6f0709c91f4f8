"""All public money in one firm, or in the firms of one control group, and the baton of a firm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, cast

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import firms
from finance_hub.kernel.models import Firm
from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Record, Whole
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from funds.api import moments
from tasks.api import exposure_samples as samples
from tasks.api.exposure_shapes import ExposureShape, GroupExposureShape, answer
from tasks.exposure import batons, reading
from tasks.exposure.paths import BASES, Basis

BASIS = Query(
    "basis",
    Text("穿透份额口径，缺省为实缴", "The shares of the look-through; what was paid in if left out"),
    choices=BASES,
    example="paid_in",
)


class FirmExposure(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("一家企业的公共资金敞口", "All public money in one firm"),
            response=ExposureShape,
            query=(*moments.QUERY, BASIS),
            answer=samples.FIRM,
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=person_of(request).scope)
        return moments.tagged(self.show(_answered(request, [firm]), request=request))


class GroupExposure(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("一个关联集团的公共资金敞口", "All public money in the firms of one control group"),
            response=GroupExposureShape,
            query=(*moments.QUERY, BASIS),
            answer={**samples.FIRM, "group": "示例集团"},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, group: str) -> Response:
        members = reading.group(group)
        shown = _answered(request, list(members.firms))
        return moments.tagged(self.show({**shown, "group": members.group.name}, request=request))


def _answered(request: Request, of: list[Firm]) -> dict[str, Any]:
    moment = moments.Moment.of(request)
    basis = cast(Basis, request.query_params.get("basis") or BASES[0])
    read = reading.read(of, as_of=moment.as_of, known_at=moment.known_at, basis=basis)
    return answer(
        read, of, as_of=moment.as_of, known_at=moment.known_at, basis=basis, language=language_of(request)
    )


class StepShape(Record):
    """A step that is still waited for has no day; its `days` are those waited up to `as_of`."""

    step = Choice(["angel", *batons.STEPS])
    date = Day(allow_null=True)
    days = Whole()


class BatonShape(Record):
    """`days` count from the first angel money; without any there are no steps."""

    as_of = Day()
    steps = StepShape(many=True)


class FirmBaton(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("一家企业的接力：从首笔天使出资到贷款、后续融资与上市",
                 "The baton of a firm: from the first angel money to a loan, a later round, and a listing"),
            response=BatonShape,
            query=moments.QUERY,
            answer=samples.BATON,
            problems=(InvalidFields,),
        )
    }  # fmt: skip

    def get(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=person_of(request).scope)
        moment = moments.Moment.of(request)
        found = batons.batons(as_of=moment.as_of, known_at=moment.known_at, firm=firm.pk)
        day = moment.as_of - timedelta(days=1)
        steps = found[0].steps(until=day) if found else ()
        shown = {"as_of": day, "steps": [{"step": s.step, "date": s.on, "days": s.days} for s in steps]}
        return moments.tagged(self.show(shown, request=request))
