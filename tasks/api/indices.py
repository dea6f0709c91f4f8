"""Indices and their levels over HTTP, and which of them a fund is measured against."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Day, Moment, Record, Whole, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from finance_hub.rest.wording import WORDS
from funds import queries as funds
from funds.api import moments, samples
from funds.api.shapes import page_of
from tasks import entered, indices
from tasks.api.shapes import Number

#: How many levels are entered in one request.
MOST_LEVELS = 5_000


def level(**kwargs: Any) -> Number:
    """An index level: six places, as its publisher prints it."""
    return Number(most="999999999999", places=6, **kwargs)


class NewIndex(Record):
    code = Words(max_length=40)
    name = Words(max_length=200)
    name_en = Words(max_length=200)
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    base_date = Day()
    base_level = level()


class IndexShown(NewIndex):
    recorded_at = Moment()


class Levels(serializers.ListSerializer[Any]):
    """Rows that are too many are refused before any of them is read."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > MOST_LEVELS:
            raise serializers.ValidationError(WORDS["too-many-rows"].en, code="too-many-rows")
        rows: list[Any] = super().to_internal_value(data)
        return rows


class LevelRow(Record):
    date = Day()
    level = level()

    class Meta:
        list_serializer_class = Levels


class NewLevels(Record):
    """Up to 5,000 days in any order. A day whose level is known already is corrected where it differs."""

    rows = LevelRow(many=True, allow_empty=False)


class EnteredShown(Record):
    """Rows by what became of them: new days, corrected ones, and those that said nothing new."""

    added = Whole()
    corrected = Whole()
    unchanged = Whole()


class LevelShown(Record):
    date = Day(source="effective_date")
    level = level()
    recorded_at = Moment()


class NewBenchmark(Record):
    index = Words(max_length=40)
    valid_from = Day()


class BenchmarkShown(Record):
    index = IndexShown()
    valid_from = Day()
    recorded_at = Moment()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")


NEW_INDEX = {
    "code": "example-500",
    "name": "示例500指数",
    "name_en": "Example 500",
    "source": "示例指数公司，收盘点位",
    "base_date": "2019-12-31",
    "base_level": "1000",
}
INDEX = {**NEW_INDEX, "recorded_at": "2026-11-05T09:30:00+08:00"}
BENCHMARK = {
    "index": INDEX,
    "valid_from": "2022-06-01",
    "recorded_at": "2026-11-05T09:30:00+08:00",
    "recorded_by": "王某",
}


class Indices(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("市场指数", "The market indices"),
            response=page_of(IndexShown),
            query=cursors.QUERY,
            answer=samples.listed(INDEX),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "reference.edit",
            Text("登记市场指数及其来源", "Register a market index and its source"),
            status=201,
            request=NewIndex,
            response=IndexShown,
            example=NEW_INDEX,
            answer=INDEX,
            problems=(InvalidFields, indices.IndexCodeTaken),
        ),
    }

    def get(self, request: Request) -> Response:
        rows, onward = cursors.page(entered.indices(), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request) -> Response:
        made = indices.found(**self.read_body(request), by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class IndexLevels(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text(
                "指数点位，每日一条，日期新的在前",
                "The levels of an index, one a day, the newest day first",
            ),
            response=page_of(LevelShown),
            query=(*moments.QUERY, *cursors.QUERY),
            answer=samples.listed(
                {"date": "2026-10-30", "level": "1234.5678", "recorded_at": "2026-11-05T09:30:00+08:00"}
            ),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "reference.edit",
            Text("批量登记或更正指数点位", "Enter or correct levels of an index, many at once"),
            status=201,
            request=NewLevels,
            response=EnteredShown,
            example={
                "rows": [
                    {"date": "2026-10-29", "level": "1228.01"},
                    {"date": "2026-10-30", "level": "1234.5678"},
                ]
            },
            answer={"added": 2, "corrected": 0, "unchanged": 0},
            problems=(InvalidFields,),
        ),
    }

    def get(self, request: Request, code: str) -> Response:
        moment, of = moments.Moment.of(request), entered.index(code)
        levels = entered.levels(of, as_of=moment.as_of, known_at=moment.known_at)
        rows, onward = cursors.page(levels, request=request, by=("effective_date", "pk"))
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        rows = [indices.Row(**row) for row in self.read_body(request)["rows"]]
        counted = indices.record_levels(code, rows=rows, by=person_of(request), now=timezone.now())
        return Response(self.show(counted, request=request), status=201)


class Benchmarks(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "fund.read",
            Text(
                "基金的业绩比较基准，新登记的在前",
                "Every choice of the index that the fund is measured against, newest entry first",
            ),
            response=page_of(BenchmarkShown),
            query=cursors.QUERY,
            answer=samples.listed(BENCHMARK),
            problems=(InvalidFields, cursors.InvalidCursor),
        ),
        "POST": Operation(
            "fund.assume",
            Text("选定基金自某日起的业绩比较基准", "Choose the index that a fund is measured against from a day on"),
            status=201,
            request=NewBenchmark,
            response=BenchmarkShown,
            example={"index": "example-500", "valid_from": "2022-06-01"},
            answer=BENCHMARK,
            problems=(InvalidFields,),
        ),
    }  # fmt: skip

    def get(self, request: Request, code: str) -> Response:
        rows, onward = cursors.page(entered.benchmarks(funds.fund(code)), request=request)
        return Response(self.show({"data": rows, **onward}, request=request))

    def post(self, request: Request, code: str) -> Response:
        body = self.read_body(request)
        made = indices.choose(fund=code, **body, by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)
