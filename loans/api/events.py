"""The feed over HTTP: what happened, in order, for those who ask."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Moment, Record, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from finance_hub.rest.wording import WORDS
from loans.models import FeedEvent, FeedEventType
from loans.queries import feed


class EventData(Record):
    """What the event is about: a public id, or a month."""

    id = Words(max_length=64)


class FeedEventShown(Record):
    """`sequence` counts the organisation's events from 1 without gaps, in the order they took effect."""

    id = Words(max_length=40)
    type = Choice(FeedEventType.values)
    sequence = Whole(most=2**63 - 1)
    recorded_at = Moment()
    data = EventData()  # type: ignore[assignment]  # a field, taken off the class by DRF


class EventsPage(Record):
    """`next_cursor` is where to go on, also when there is nothing new."""

    data = FeedEventShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=20)
    has_more = YesNo()


EVENT = {
    "id": "evt_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "type": "loan_report_batch.applied",
    "sequence": 182,
    "recorded_at": "2026-11-03T09:13:21+08:00",
    "data": {"id": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA"},
}


class Events(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "event.read",
            Text("事件流，由远及近", "The feed of events, oldest first"),
            response=EventsPage,
            query=(
                Query("cursor", Text("上一页的 next_cursor，即已处理的最大 sequence；缺省从头开始",
                                     "The next_cursor of the page before, that is the highest sequence dealt with;"
                                     " without it from the beginning"), example="181"),
                Query("limit", Text("每页条数，1–200", "Rows a page, 1-200"), example="50"),
                Query("organisation", Text("机构代码（仅中心须填）", "The organisation's code, which the centre must give")),
            ),
            answer={"data": [EVENT], "next_cursor": "182", "has_more": False},
            problems=(cursors.InvalidCursor,),
        )
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        after, most = _after(request.query_params.get("cursor")), cursors.limit_of(request)
        found = feed.events(organisation=_organisation(request), after=after, most=most + 1)
        shown = found[:most]
        said = {
            "data": [present(event) for event in shown],
            "next_cursor": str(shown[-1].sequence if shown else after),
            "has_more": len(found) > most,
        }
        return Response(self.show(said, request=request))


def present(event: FeedEvent) -> dict[str, Any]:
    return {
        "id": event.public_id,
        "type": event.type,
        "sequence": event.sequence,
        "recorded_at": event.recorded_at,
        "data": {"id": event.subject},
    }


def _after(cursor: str | None) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) <= 18:
        return int(cursor)
    raise cursors.InvalidCursor


def _organisation(request: Request) -> str:
    """Whose feed: the one asked for, where the scope holds it, else one's own. The centre has none."""
    person = person_of(request)
    asked = request.query_params.get("organisation", "")
    if asked or not person.scope.everything:
        return asked or person.organisation.code
    raise refuse("#/organisation", "required", WORDS["required"].zh, WORDS["required"].en)
