"""Who works on an attempt, the papers of its procedure, and the time limits it stands under."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest.fields import Choice, Day, Instant, Record, Words
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from listings import operations, queries
from listings.models import FilingKind, PartyRole
from listings.stages import AttemptTakenBack
from listings.time_limits import WORKING_DAYS, State, Watch

_CORRECTS = {"max_length": 40, "min_length": 0, "default": ""}


class NewParty(Record):
    """`corrects` is the entry that this one corrects; a change of the party is a new entry without it."""

    role = Choice(PartyRole.values)
    name = Words(max_length=200)
    effective_date = Day()
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    corrects = Words(**_CORRECTS)  # type: ignore[arg-type]  # said once for both


class NewFiling(Record):
    """`period_end` with `figures_audited` alone: up to which day the figures were audited."""

    kind = Choice(FilingKind.values)
    effective_date = Day()
    period_end = Day(allow_null=True, default=None)
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    corrects = Words(**_CORRECTS)  # type: ignore[arg-type]


class Entry(Record):
    """Who recorded it and when; `corrects` is the entry first recorded, where this one corrects it."""

    id = Words(max_length=40, source="public_id")
    effective_date = Day()
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    corrects = Words(max_length=40, source="corrects.public_id", allow_null=True, default=None)


class Party(Entry):
    role = Choice(PartyRole.values)
    name = Words(max_length=200)


class FilingShown(Entry):
    kind = Choice(FilingKind.values)
    period_end = Day(allow_null=True)


class PartyList(Record):
    data = Party(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


class FilingList(Record):
    data = FilingShown(many=True)  # type: ignore[assignment]


class LimitShown(Record):
    """`due_on` of a stopped clock is the day it would be due if it ran again now; null where unknown."""

    code = Words(max_length=40)
    name = Words(max_length=200)
    name_en = Words(max_length=200)
    state = Choice(State)
    began_on = Day(allow_null=True)
    due_on = Day(allow_null=True)
    source = Words(max_length=300)  # type: ignore[assignment]  # DRF has a source too
    note = Words(max_length=300, allow_null=True)
    note_en = Words(max_length=300, allow_null=True)


class Limits(Record):
    """`note` says how working days are counted, where a limit has them."""

    as_of = Day()
    limits = LimitShown(many=True)
    note = Words(max_length=300, allow_null=True)
    note_en = Words(max_length=300, allow_null=True)


_STAMP = {
    "recorded_at": "2026-10-13T09:00:00+08:00",
    "recorded_by": "张某",
    "corrects": None,
}
NEW_PARTY = {
    "role": "sponsor",
    "name": "示例证券股份有限公司",
    "effective_date": "2026-03-02",
    "source": "辅导备案公示",
}
NEW_FILING = {
    "kind": "inquiry_letter",
    "effective_date": "2026-08-14",
    "source": "交易所官网审核问询函公示",
}
PARTY = {"id": "lp_01JD3M8Q4T", **NEW_PARTY, **_STAMP}
FILING = {"id": "lf_01JD3M8Q4T", **NEW_FILING, "period_end": None, **_STAMP}


class Parties(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("一次申报的中介机构，含已更换的", "The parties of an attempt, former ones too"),
            response=PartyList,
            answer={"data": [PARTY]},
        ),
        "POST": Operation(
            "listing.record",
            Text("登记中介机构、更换或更正", "Record a party of an attempt, its successor, or a correction"),
            status=201,
            request=NewParty,
            response=PartyList,
            example=NEW_PARTY,
            answer={"data": [PARTY]},
            problems=(InvalidFields, AttemptTakenBack, operations.PartyRecorded),
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        return self._all(request, public_id, status=200)

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        operations.record_party(attempt=public_id, **body, by=person_of(request), now=timezone.now())
        return self._all(request, public_id, status=201)

    def _all(self, request: Request, public_id: str, *, status: int) -> Response:
        found = queries.parties(queries.attempt(public_id))
        return Response(self.show({"data": list(found)}, request=request), status=status)


class Filings(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("一次申报的问询、回复与财务资料", "Letters, replies and audited figures of an attempt"),
            response=FilingList,
            answer={"data": [FILING]},
        ),
        "POST": Operation(
            "listing.record",
            Text(
                "登记问询函、回复、财务资料更新或延长，或更正",
                "Record a letter, a reply, audited figures, their extension, or a correction",
            ),
            status=201,
            request=NewFiling,
            response=FilingList,
            example=NEW_FILING,
            answer={"data": [FILING]},
            problems=(InvalidFields, AttemptTakenBack, operations.LettersTakeTurns),
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        return self._all(request, public_id, status=200)

    def post(self, request: Request, public_id: str) -> Response:
        body = self.read_body(request)
        operations.record_filing(attempt=public_id, **body, by=person_of(request), now=timezone.now())
        return self._all(request, public_id, status=201)

    def _all(self, request: Request, public_id: str, *, status: int) -> Response:
        found = queries.filings(queries.attempt(public_id))
        return Response(self.show({"data": list(found)}, request=request), status=status)


class TimeLimits(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "listing.read",
            Text("今日适用的时限：到期日与逾期", "The time limits of today: when each is due, or overdue"),
            response=Limits,
            answer={
                "as_of": "2026-11-10",
                "limits": [
                    {
                        "code": "issuer-replies",
                        "name": "发行人回复问询累计不超过 3 个月",
                        "name_en": "The issuer replies to inquiries within 3 months in all",
                        "state": "running",
                        "began_on": "2026-08-14",
                        "due_on": "2026-11-14",
                        "source": "published copy of the review rules",
                        "note": None,
                        "note_en": None,
                    }
                ],
                "note": None,
                "note_en": None,
            },
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        found = queries.watched(queries.attempt(public_id), on=timezone.localdate())
        note = WORKING_DAYS if found.in_working_days else None
        shown = {
            "as_of": found.on,
            "limits": [_limit(watch) for watch in found.limits],
            "note": note and note.zh,
            "note_en": note and note.en,
        }
        return Response(self.show(shown, request=request))


def _limit(watch: Watch) -> dict[str, Any]:
    limit = watch.limit
    return {
        "code": limit.code, "name": limit.text.zh, "name_en": limit.text.en, "state": watch.state.value,
        "began_on": watch.began_on, "due_on": watch.due_on, "source": limit.source,
        "note": limit.note and limit.note.zh, "note_en": limit.note and limit.note.en,
    }  # fmt: skip
