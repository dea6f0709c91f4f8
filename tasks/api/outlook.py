"""What is assumed of the years that a fund has left, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Day, Moment, Money, Rate, Record, Whole, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import queries as funds
from funds.api import moments, samples
from funds.api.shapes import page_of
from tasks import entered
from tasks.api.shapes import Number
from tasks.assumptions import Assumed, assume
from tasks.catalogue.outlook import Course, Forecast, anniversary, foresee
from tasks.models import Outlook, PacingAssumptions

MOST_YEARS = 50


class Scenario(Record):
    """The parameters of Takahashi and Alexander (2001); rates are per cent.

    `contribution_rates_pct` is called in the first, second … year of the fund's age, of what is unfunded then,
    the last one in all further years. A higher `bow` pays back later.
    """

    contribution_rates_pct = serializers.ListField(
        child=Rate(full=True), allow_empty=False, max_length=MOST_YEARS
    )
    life = Whole(least=1, most=MOST_YEARS)
    bow = Number(least="0", most="20")
    growth_pct = Number(least="-99.9999", most="1000")
    yield_pct = Rate(full=True)


class NewAssumptions(Record):
    """The band: both edges and the middle. `document` says where they come from."""

    valid_from = Day()
    document = Words(max_length=200)
    low = Scenario()
    base = Scenario()
    high = Scenario()


class AssumptionsShown(NewAssumptions):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")

    def to_representation(self, instance: PacingAssumptions) -> dict[str, Any]:
        scenarios = {each.outlook: each for each in instance.scenarios.all()}
        stated = ("public_id", "valid_from", "document", "recorded_at", "recorded_by")
        return super().to_representation({**{name: getattr(instance, name) for name in stated}, **scenarios})


class YearShown(Record):
    contributions = Money()
    distributions = Money()
    nav = Money()
    unfunded = Money()


class ForecastYear(Record):
    """One year of the fund's age; a scenario whose life is over by then is null."""

    year = Whole()
    ends_on = Day()
    low = YearShown(allow_null=True)
    base = YearShown(allow_null=True)
    high = YearShown(allow_null=True)


class Reasons(Record):
    """Why a scenario foresees nothing; null where it does."""

    low = Words(max_length=40, allow_null=True)
    base = Words(max_length=40, allow_null=True)
    high = Words(max_length=40, allow_null=True)


class ForecastShown(Record):
    """From where the fund stands on the day, by what is assumed then; `age` in whole years.

    Without assumptions, or where nothing is known of the fund, `reason` says so and there are no years.
    """

    as_of = Day()
    age = Whole()
    committed = Money()
    paid_in = Money()
    unfunded = Money(signed=True)
    nav = Money(signed=True)
    assumptions = AssumptionsShown(allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    reasons = Reasons()
    years = ForecastYear(many=True)


_BASE = {
    "contribution_rates_pct": ["25.0000", "33.3000", "50.0000"],
    "life": 12,
    "bow": "2.5",
    "growth_pct": "13",
    "yield_pct": "0.0000",
}
NEW_ASSUMPTIONS = {
    "valid_from": "2026-01-01",
    "document": "基金现金流测算说明（2026年）",
    "low": {**_BASE, "growth_pct": "4"},
    "base": _BASE,
    "high": {**_BASE, "growth_pct": "20"},
}
ASSUMPTIONS = {
    **NEW_ASSUMPTIONS,
    "id": "pa_01JD3M8Q4T",
    "recorded_at": "2026-11-05T09:30:00+08:00",
    "recorded_by": "王某",
}
_YEAR = {
    "contributions": "10000000.00",
    "distributions": "8100000.00",
    "nav": "69700000.00",
    "unfunded": "10000000.00",
}


class Assumptions(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("现金流预测所用假设，新登记的在前", "Every set of assumptions of the forecast, newest entry first"),
            response=page_of(AssumptionsShown),
            query=cursors.QUERY,
            answer=samples.listed(ASSUMPTIONS),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.assume",
            Text("登记基金自某日起的现金流假设（低、基准、高）", "Assume a fund's cash flows from a day on: low, base, high"),
            status=201,
            request=NewAssumptions,
            response=AssumptionsShown,
            example=NEW_ASSUMPTIONS,
            answer=ASSUMPTIONS,
            problems=(InvalidFields,),
        ),
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        rows, onward = cursors.page(entered.assumptions(funds.fund(code)), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        scenarios = {outlook: Assumed(**body.pop(outlook.value)) for outlook in Outlook}
        made = assume(fund=code, scenarios=scenarios, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class Forecasts(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "现金流预测：按假设逐年的出资、分配、净资产与未缴认缴，低、基准、高三种情景",
                "The forecast: contributions, distributions, NAV and unfunded commitment by year, low, base and high",
            ),
            response=ForecastShown,
            query=moments.QUERY,
            answer={
                "as_of": "2026-10-31",
                "age": 4,
                "committed": "100000000.00",
                "paid_in": "80000000.00",
                "unfunded": "20000000.00",
                "nav": "60000000.00",
                "assumptions": ASSUMPTIONS,
                "reason": None,
                "reasons": {"low": None, "base": None, "high": None},
                "years": [{"year": 5, "ends_on": "2027-10-31", "low": _YEAR, "base": _YEAR, "high": _YEAR}],
            },
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), funds.fund(code)
        stands = funds.position(fund, as_of=as_of, known_at=known_at)
        nav = funds.net_assets(fund, as_of=as_of, known_at=known_at)
        assumed = entered.assumed(fund, as_of=as_of, known_at=known_at)
        on = as_of - timedelta(days=1)
        foreseen = foresee(
            assumed, unfunded=stands.unfunded, nav=nav, is_known=any(stands),
            established_on=fund.established_on, on=on,
        )  # fmt: skip
        shown = {
            "as_of": on, "age": max(foreseen.age, 0), "committed": stands.committed, "paid_in": stands.contributed,
            "unfunded": stands.unfunded, "nav": nav, "assumptions": assumed, "reason": foreseen.reason or None,
            "reasons": {outlook.value: _course(foreseen, outlook).reason or None for outlook in Outlook},
            "years": list(_years(foreseen, on)),
        }  # fmt: skip
        return moments.tagged(self.show(shown, request=request))


def _course(of: Forecast, outlook: Outlook) -> Course:
    return of.courses.get(outlook, Course((), of.reason))


def _years(of: Forecast, on: date) -> Iterator[dict[str, Any]]:
    for at in range(of.length):
        courses = {outlook.value: course.years[at : at + 1] for outlook, course in of.courses.items()}
        shown = {name: years[0] if years else None for name, years in courses.items()}
        yield {"year": of.age + at + 1, "ends_on": anniversary(on, at + 1), **shown}
