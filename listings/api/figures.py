"""Financial years of firms, and what is stated of them as they stand."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import firms
from finance_hub.kernel.problems import InvalidFields, NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Money, Record, Whole, Words, YesNo
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from listings import operations, queries
from listings.api.candidates import Reason
from listings.api.numbers import Number
from listings.api.procedure import Entry
from listings.models import YEARLY, Stated
from listings.models.figures import FIRST_YEAR


def _told(field: Any, **kwargs: Any) -> Any:
    return field(allow_null=True, default=None, **kwargs)


class Figures(Record):
    """Amounts in yuan; `roe` a fraction; staff and patents at the end of the year. Null is not reported."""

    revenue = _told(Money)
    net_profit = _told(Money, signed=True)
    net_profit_less_non_recurring = _told(Money, signed=True)
    rd = _told(Money)
    operating_cash_flow = _told(Money, signed=True)
    roe = _told(Number, most=1000)
    invention_patents = _told(Whole)
    rd_staff = _told(Whole)
    staff = _told(Whole)
    unqualified_opinion = _told(YesNo)


class YearAnew(Figures):
    """All figures of the year: what is left out is not reported. `effective_date` is that of the report."""

    effective_date = Day()
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too


class NewYear(YearAnew):
    year = Whole(least=FIRST_YEAR, most=9998)


class YearShown(Entry, Figures):
    year = Whole()


class YearList(Record):
    data = YearShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


class NewStatement(Record):
    """`number` in yuan, a fraction of 1 or a whole number, or `holds` for a yes or no, as `name` asks."""

    name = Choice(Stated.values)
    number = _told(Number)
    holds = _told(YesNo)
    effective_date = Day()
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    corrects = Words(max_length=40, min_length=0, default="")


class StatementShown(Entry):
    name = Choice(Stated.values)
    number = Number(allow_null=True)
    holds = YesNo(allow_null=True)


class StatementList(Record):
    data = StatementShown(many=True)  # type: ignore[assignment]


class TakenBack(Record):
    id = Words(max_length=40, source="public_id")
    corrects = Words(max_length=40, source="corrects.public_id")


_FIGURES = {
    "revenue": "326000000.00",
    "net_profit": "58200000.00",
    "net_profit_less_non_recurring": "52100000.00",
    "rd": "41000000.00",
    "operating_cash_flow": "37500000.00",
    "roe": "0.132",
    "invention_patents": 21,
    "rd_staff": 96,
    "staff": 410,
    "unqualified_opinion": True,
}
_ANEW = {**_FIGURES, "effective_date": "2026-04-20", "source": "2025年度审计报告"}
_STAMP = {"recorded_at": "2026-04-22T09:00:00+08:00", "recorded_by": "张某", "corrects": None}
YEAR = {"id": "fy_01JD3M8Q4T", "year": 2025, **_ANEW, **_STAMP}
NEW_STATEMENT = {
    "name": "expected_market_cap",
    "number": "2400000000",
    "holds": None,
    "effective_date": "2026-03-31",
    "source": "B轮融资投后估值",
}
STATEMENT = {"id": "fs_01JD3M8Q4T", **NEW_STATEMENT, **_STAMP}


class Years(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("企业的财务年度，近年在前", "The financial years of a firm, the last first"),
            response=YearList,
            answer={"data": [YEAR]},
        ),
        "POST": Operation(
            "listing.record",
            Text("登记一个财务年度", "Record a financial year"),
            status=201,
            request=NewYear,
            response=YearList,
            example={"year": 2025, **_ANEW},
            answer={"data": [YEAR]},
            problems=(InvalidFields, operations.YearRecorded),
        ),
    }

    def get(self, request: Request, uscc: str) -> Response:
        return _years(self, request, uscc, status=200)

    def post(self, request: Request, uscc: str) -> Response:
        body = self.read_body(request)
        firms.find(uscc, scope=person_of(request).scope)
        figures = {name: body.pop(name) for name in YEARLY}
        operations.record_year(uscc=uscc, figures=figures, **body, by=person_of(request), now=timezone.now())
        return _years(self, request, uscc, status=201)


class YearCorrections(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "listing.record",
            Text("更正一个财务年度（重述全部数据）", "Correct a financial year: all of its figures anew"),
            status=201,
            request=YearAnew,
            response=YearList,
            example={**_ANEW, "source": "2025年度审计报告（更正）"},
            answer={"data": [YEAR]},
            problems=(InvalidFields,),
        )
    }

    def post(self, request: Request, uscc: str, year: str) -> Response:
        body = self.read_body(request)
        firms.find(uscc, scope=person_of(request).scope)
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise NotFound
        figures = {name: body.pop(name) for name in YEARLY}
        operations.correct_year(
            uscc=uscc, year=int(year), figures=figures, **body, by=person_of(request), now=timezone.now()
        )
        return _years(self, request, uscc, status=201)


class Statements(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text(
                "企业上市条件的事实：预计市值、股本、科创属性等",
                "What is stated of a firm for its listing: expected market cap, capital, attributes",
            ),
            response=StatementList,
            answer={"data": [STATEMENT]},
        ),
        "POST": Operation(
            "listing.record",
            Text(
                "登记企业上市条件的一项事实，或更正", "State a fact of a firm for its listing, or correct one"
            ),
            status=201,
            request=NewStatement,
            response=StatementList,
            example=NEW_STATEMENT,
            answer={"data": [STATEMENT]},
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request, uscc: str) -> Response:
        return self._all(request, uscc, status=200)

    def post(self, request: Request, uscc: str) -> Response:
        body = self.read_body(request)
        firms.find(uscc, scope=person_of(request).scope)
        operations.state(uscc=uscc, **body, by=person_of(request), now=timezone.now())
        return self._all(request, uscc, status=201)

    def _all(self, request: Request, uscc: str, *, status: int) -> Response:
        found = queries.statements(firms.find(uscc, scope=person_of(request).scope))
        return Response(self.show({"data": list(found)}, request=request), status=status)


class TakingBack(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "listing.record",
            Text(
                "撤销误登记的中介机构、文件、财务年度或事实",
                "Take back a party, a paper, a financial year or a statement that should not be there",
            ),
            status=201,
            request=Reason,
            response=TakenBack,
            example={"reason": "登记到了另一家企业名下"},
            answer={"id": "fs_01JD3M8Q5V", "corrects": "fs_01JD3M8Q4T"},
            problems=(InvalidFields, operations.EntryTakenBack, operations.LettersTakeTurns),
        )
    }

    def post(self, request: Request, entry: str) -> Response:
        body = self.read_body(request)
        made = operations.take_back(entry, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


def _years(view: ApiView, request: Request, uscc: str, *, status: int) -> Response:
    found = queries.years(firms.find(uscc, scope=person_of(request).scope))
    return Response(view.show({"data": list(found)}, request=request), status=status)
