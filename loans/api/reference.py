"""What an integrator asks first: the calendar, the code lists, the limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, files, rates
from finance_hub.rest.fields import Choice, Moment, MonthText, Record, Whole, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, etag, person_of
from finance_hub.rest.waiting import MOST_SECONDS
from loans import codes, formats, limits, quality, queries
from loans.models import MOST_PARTS, Dataset
from loans.queries import reporting

_HISTORY = 36


class PeriodShown(Record):
    """`missing` are the data sets that the bank still owes; null for everybody else."""

    period = MonthText()
    state = Choice(("open", "closed"))
    accepts = Choice(reporting.ACCEPTS)
    due_at = Moment()
    missing = serializers.ListField(child=Choice(Dataset.values), allow_null=True)


class CalendarShown(Record):
    periods = PeriodShown(many=True)


_PERIOD = {
    "period": "2026-11",
    "state": "open",
    "accepts": "report",
    "due_at": "2026-12-10T18:00:00+08:00",
    "missing": ["flow", "stock"],
}


class ReportingCalendar(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "calendar.read",
            Text("报送日历，最近的月份在前", "The reporting calendar, newest month first"),
            response=CalendarShown,
            answer={"periods": [_PERIOD]},
        )
    }

    def get(self, request: Request) -> Response:
        person, now = person_of(request), timezone.now()
        since = max(_since(person, Month.of(now)), Month.of(now) - _HISTORY)
        periods = reporting.calendar(since=since, now=now)
        months = [period.month for period in periods]
        missing = queries.missing_datasets(person.organisation, months, known_at=now)
        rows = [
            {**period._asdict(), "period": period.month, "missing": missing.get(period.month)}
            for period in periods
        ]
        return Response(self.show({"periods": rows}, request=request))


def _since(person: Person, month: Month) -> Month:
    """The month since which the organisation reports; for others since when anybody does."""
    first = person.organisation.reports_since
    if first is None:
        first = Organisation.objects.aggregate(first=Min("reports_since"))["first"]
    return Month.of(first) if first else month


class CodeShown(Record):
    """`parent` is the code above it in the same list. `valid_from` and `valid_to` bound `[from, to)`;
    null is unbounded."""

    code = Words(max_length=40)
    name = Words(max_length=100)
    name_en = Words(max_length=100)
    parent = Words(max_length=40, allow_null=True)  # type: ignore[assignment]  # as `data` below
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class CodeList(Record):
    data = CodeShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


_DIVISION = {
    "code": "C39",
    "name": "计算机、通信和其他电子设备制造业",
    "name_en": "Manufacture of computers, communication and other electronic equipment",
    "parent": "C",
    "valid_from": "2017-10-01",
    "valid_to": None,
}


def _rules() -> list[codes.Code]:
    return [codes.Code(rule.code, rule.name) for rule in quality.RULES]


_LISTS: dict[str, Callable[[], list[codes.Code]]] = {**codes.LISTS, "finding-rules": _rules}


class Reference(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text(f"代码表：{'、'.join(_LISTS)}", f"Code lists: {', '.join(_LISTS)}"),
            response=CodeList,
            answer={"data": [_DIVISION]},
        )
    }

    def get(self, request: Request, name: str) -> Response:
        if name not in _LISTS:
            raise NotFound
        rows = [{**code._asdict(), "name": code.text.zh, "name_en": code.text.en} for code in _LISTS[name]()]
        shown = self.show({"data": rows}, request=request)
        tag = etag(hashlib.sha256(orjson.dumps(shown)).hexdigest()[:32])
        response = Response(status=304) if files.is_held(request, tag) else Response(shown)
        response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
        return response


class RatesShown(Record):
    """What comes above a rate is answered 429 with Retry-After; every counted answer has RateLimit-*."""

    reads_per_minute = Whole()
    submissions_per_minute = Whole()
    exports_per_hour = Whole()
    concurrent_uploads = Whole()


class LimitsShown(Record):
    formats = serializers.ListField(child=Choice(formats.FORMATS))
    max_rows = Whole()
    max_workbook_rows = Whole()
    max_row_bytes = Whole()
    max_compressed_bytes = Whole()
    max_decompressed_bytes = Whole()
    max_pledges_per_row = Whole()
    batch_expires_after_hours = Whole()
    max_wait_seconds = Whole()
    restatement_months = Whole()
    page_limit = Whole()
    max_inline_rows = Whole()
    max_inline_wait_seconds = Whole()
    max_parts = Whole()
    rates = RatesShown()


def _limits() -> dict[str, Any]:
    return {
        "formats": list(formats.FORMATS),
        "max_rows": limits.MOST_ROWS,
        "max_workbook_rows": limits.MOST_WORKBOOK_ROWS,
        "max_row_bytes": limits.MOST_ROW_BYTES,
        "max_compressed_bytes": limits.MOST_COMPRESSED_BYTES,
        "max_decompressed_bytes": limits.MOST_BYTES,
        "max_pledges_per_row": limits.MOST_PLEDGES,
        "batch_expires_after_hours": int(limits.BATCH_LIFE.total_seconds() // 3600),
        "max_wait_seconds": MOST_SECONDS,
        "restatement_months": limits.REOPEN_MONTHS,
        "page_limit": cursors.MOST,
        "max_inline_rows": limits.MOST_INLINE_ROWS,
        "max_inline_wait_seconds": limits.INLINE_WAIT_SECONDS,
        "max_parts": MOST_PARTS,
        "rates": {
            "reads_per_minute": rates.rate("read").most,
            "submissions_per_minute": rates.rate("submit").most,
            "exports_per_hour": rates.rate("export").most,
            "concurrent_uploads": settings.CONCURRENT_UPLOADS,
        },
    }


class Limits(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "self.read",
            Text("各项上限", "The limits of the service"),
            response=LimitsShown,
            answer=_limits(),
        )
    }

    def get(self, request: Request) -> Response:
        return Response(self.show(_limits(), request=request))
