"""The two times of a question, `as_of` and `known_at`, from the query string, and the ETag of an answer."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import days
from finance_hub.kernel.periods import parse_date
from finance_hub.kernel.problems import refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Query
from finance_hub.rest.views import etag

KNOWN_AT = Query(
    "known_at",
    Text("按该时刻已知的记录，须带时区", "As known at this moment, with its offset; now if left out"),
    example="2026-11-05T09:30:00+08:00",
)
QUERY = (
    Query(
        "as_of",
        Text("截至该日日终，缺省为今日", "At the end of this day; today if left out"),
        example="2026-10-31",
    ),
    KNOWN_AT,
)


#: By so much a caller's clock may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=1)


class Moment(NamedTuple):
    """`as_of` is exclusive here: the day after the one that was asked for."""

    as_of: date
    known_at: datetime

    @classmethod
    def of(cls, request: Request) -> Moment:
        """Raises InvalidFields for a date or time that is not written as documented."""
        now = timezone.now()
        day = request.query_params.get("as_of")
        until = day_of(day, name="as_of") + timedelta(days=1) if day else cls.present(now).as_of
        return cls(until, known_at(request) or now)

    @classmethod
    def present(cls, now: datetime) -> Moment:
        """Today and all that is known: what an entry is answered with."""
        return cls(days.today(now) + timedelta(days=1), now)


def known_at(request: Request) -> datetime | None:
    """The moment that `known_at` names, None where it is left out. Raises InvalidFields."""
    known = request.query_params.get("known_at")
    return _known_at(known, now=timezone.now()) if known else None


def tagged(data: Any) -> Response:
    """The answer with the fingerprint of its content as its ETag."""
    response = Response(data)
    response["ETag"] = etag(hashlib.sha256(orjson.dumps(data)).hexdigest()[:32])
    return response


def day_of(text: str, *, name: str) -> date:
    """The day that a parameter names. Raises InvalidFields."""
    try:
        day = parse_date(text)
    except ValueError as error:
        raise refuse(
            f"#/{name}",
            "date-format",
            "日期须写作 2026-10-31，年份为1900至9998",
            "Written like 2026-10-31, of a year from 1900 to 9998",
        ) from error
    if day == date.max:
        raise refuse(f"#/{name}", "date-format", "日期超出范围", "The date is out of range")
    return day


def _known_at(text: str, *, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)  # the ends of the calendar have no moment in UTC
    except (ValueError, OverflowError):
        moment = None
    # In a query string an unescaped plus sign arrives as a blank.
    if moment is None or moment.tzinfo is None:
        raise refuse(
            "#/known_at",
            "time-format",
            "时刻须写作 2026-11-05T09:30:00+08:00（加号须转义为 %2B）",
            "A moment is written 2026-11-05T09:30:00+08:00, with the plus sign escaped as %2B",
        )
    if moment > now + CLOCKS_DIFFER:
        raise refuse(
            "#/known_at", "time-in-future", "时刻不能在未来：届时会知道什么，现在无从知晓",
            "The moment must not be in the future: what will be known then nobody knows",
        )  # fmt: skip
    return min(moment, now)
