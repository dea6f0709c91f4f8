"""The terms of a fund over HTTP, and the room that its caps leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.errors import language_of
from finance_hub.rest.fields import Choice, Day, Moment, Money, Rate, Record, Strict, Whole, Words, YesNo
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from funds import operations, queries
from funds.api import moments, samples
from funds.api.shapes import page_of
from funds.models.terms import Base, Compounding, DayCount, Order


@extend_schema_field({"type": "integer"})
class Days(Strict):
    """A number of days, of either sign; only ever answered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: int) -> int:
        return value


_MAY_BE_LEFT_OUT: dict[str, Any] = {"required": False, "allow_null": True}


class NewTerms(Record):
    """What is left out or null is not agreed. Rates and shares are per cent; steps of the fee are later rows."""

    valid_from = Day()
    document = Words(max_length=200)
    fee_base = Choice(Base.values, **_MAY_BE_LEFT_OUT)
    fee_rate_pct = Rate(**_MAY_BE_LEFT_OUT)
    fee_offset_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    order = Choice(Order.values, **_MAY_BE_LEFT_OUT)
    preferred_return_pct = Rate(**_MAY_BE_LEFT_OUT)
    compounding = Choice(Compounding.values, **_MAY_BE_LEFT_OUT)
    day_count = Choice(DayCount.values, default=DayCount.ACTUAL_365.value)
    catch_up_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    catch_up_target_pct = Rate(**_MAY_BE_LEFT_OUT)
    carried_interest_pct = Rate(**_MAY_BE_LEFT_OUT)
    clawback = YesNo(**_MAY_BE_LEFT_OUT)
    concession_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    concession_floor_pct = Rate(**_MAY_BE_LEFT_OUT)
    recycling_limit_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    firm_cap_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    firm_cap_base = Choice(Base.values, **_MAY_BE_LEFT_OUT)
    sub_fund_share_cap_pct = Rate(full=True, **_MAY_BE_LEFT_OUT)
    caps_bind = YesNo(**_MAY_BE_LEFT_OUT)
    project_years = Whole(most=50, **_MAY_BE_LEFT_OUT)
    reinvestment_multiple = Rate(**_MAY_BE_LEFT_OUT)
    reinvestment_base = Choice(Base.values, **_MAY_BE_LEFT_OUT)
    reinvestment_rules = Words(max_length=2000, min_length=0, default="")
    investment_ends_on = Day(**_MAY_BE_LEFT_OUT)
    ends_on = Day(**_MAY_BE_LEFT_OUT)
    valuation_days = Whole(least=1, most=3660, **_MAY_BE_LEFT_OUT)
    extension_years = Whole(most=50, **_MAY_BE_LEFT_OUT)


class TermsShown(NewTerms):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")


class HeadroomShown(Record):
    """One cap and the room it leaves; `limit` and `room` are null where its base is zero.

    `cap` is firm, sub_fund or recycling; where it `binds` an investment above it is refused.
    """

    cap = Words(max_length=20)
    subject = Words(max_length=200)
    pct = Rate(full=True)
    base = Choice(Base.values)
    used = Money()
    limit = Money(allow_null=True)
    room = Money(signed=True, allow_null=True)
    binds = YesNo()
    document = Words(max_length=200)


class DeadlineShown(Record):
    """One limit in time: `until` is its last day, `left` the days to it, negative once it is past.

    `limit` is investment_period, life, extended_life or project, the time that one firm has been held.
    """

    limit = Words(max_length=20)
    subject = Words(max_length=200)
    since = Day()
    until = Day()
    used = Days()
    left = Days()
    document = Words(max_length=200)


class HeadroomOfFund(Record):
    caps = HeadroomShown(many=True)
    deadlines = DeadlineShown(many=True)


class TermsInForce(Record):
    """What is agreed on the day (null before the first row), and each cap with its room, the fullest first."""

    terms = TermsShown(allow_null=True)
    headroom = HeadroomShown(many=True)


TermsPage = page_of(TermsShown)


class Terms(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text("基金条款的各个版本，新录入的在前", "Every version of the fund's terms, newest entry first"),
            response=TermsPage,
            query=cursors.QUERY,
            answer=samples.listed(samples.TERMS),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.record",
            Text("登记自某日起的条款", "Record what is agreed from a day on"),
            status=201,
            request=NewTerms,
            response=TermsShown,
            example=samples.NEW_TERMS,
            answer=samples.TERMS,
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        return self.listed(queries.terms(queries.fund(code)), request=request)

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        recorded = operations.record_terms(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(recorded, request=request), status=201)


class Agreed(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "该日有效的条款与各项上限余量",
                "The terms in force on a day, and the room that their caps leave",
            ),
            response=TermsInForce,
            query=moments.QUERY,
            answer={"terms": samples.TERMS, "headroom": [samples.HEADROOM]},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), queries.fund(code)
        shown = {
            "terms": queries.in_force(fund, as_of=as_of, known_at=known_at),
            "headroom": _said(queries.headroom(fund, as_of=as_of, known_at=known_at), request),
        }
        return moments.tagged(self.show(shown, request=request))


class Headroom(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "各项上限余量：单一企业、子基金份额、循环投资、投资期、存续期、直投项目期限",
                "What every cap leaves: firms, sub-funds, recycling, investment period, life, time of a project",
            ),
            response=HeadroomOfFund,
            query=moments.QUERY,
            answer={"caps": [samples.HEADROOM], "deadlines": [samples.DEADLINE]},
            problems=(InvalidFields,),
        )
    }

    def get(self, request: Request, code: str) -> Response:
        (as_of, known_at), fund = moments.Moment.of(request), queries.fund(code)
        shown = {
            "caps": _said(queries.headroom(fund, as_of=as_of, known_at=known_at), request),
            "deadlines": _said(queries.deadlines(fund, as_of=as_of, known_at=known_at), request),
        }
        return moments.tagged(self.show(shown, request=request))


def _said(
    rows: Sequence[queries.Headroom] | Sequence[queries.Deadline], request: Request
) -> list[dict[str, Any]]:
    """The rows with whom they are about in the language of the request."""
    language = language_of(request)
    return [{**row._asdict(), "subject": row.subject.say(language)} for row in rows]
