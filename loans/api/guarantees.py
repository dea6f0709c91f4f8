"""Guarantees over HTTP: reported by guarantors, read by them and the centre."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Money, Record, Uscc, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from loans.api.shapes import Moment
from loans.models import Guarantee, GuaranteeEventKind
from loans.operations import guarantees as reports
from loans.queries import guarantees as queries


@extend_schema_field({"type": "string", "pattern": r"^(0|[1-9]\d{0,2})(\.\d{1,2})?$", "example": "20.00"})
class Percent(Money):
    """From 0 to 100 with at most two places, as a decimal string."""

    def to_internal_value(self, data: Any) -> Decimal:
        share = super().to_internal_value(data)
        if share > 100:
            raise self.refuse("max_value")
        return share


class Terms(Record):
    guarantee_no = Words(max_length=64)
    uscc = Uscc()
    bank = Words(max_length=40)
    contract_no = Words(max_length=64)
    principal = Money(positive=True)
    start_date = Day()
    end_date = Day()
    bank_share_pct = Percent()
    government_share_pct = Percent()
    guarantor_share_pct = Percent()


class NewGuarantee(Terms):
    """`firm_name` is required where the registry does not know the firm."""

    firm_name = Words(max_length=200, required=False)


class GuaranteeShown(Terms):
    id = Words(max_length=40)
    guarantor = Words(max_length=40)
    firm_name = Words(max_length=200)
    outstanding = Money()
    released = Money()
    compensated = Money()
    recovered = Money()
    recorded_at = Moment()


class NewEvent(Record):
    kind = Choice(GuaranteeEventKind.values)
    amount = Money(positive=True)
    effective_date = Day()


class EventShown(NewEvent):
    id = Words(max_length=40, source="public_id")
    recorded_at = Moment()


class GuaranteeWithEvents(GuaranteeShown):
    events = EventShown(many=True)


class GuaranteePage(Record):
    data = GuaranteeShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_NEW: dict[str, Any] = {
    "guarantee_no": "DB-2026-0017",
    "uscc": "91330483MA2B9PTN02",
    "bank": "bank-a",
    "contract_no": "HT-2026-0091",
    "principal": "3000000.00",
    "start_date": "2026-10-17",
    "end_date": "2027-10-16",
    "bank_share_pct": "20.00",
    "government_share_pct": "60.00",
    "guarantor_share_pct": "20.00",
    "firm_name": "桐乡示例科技股份有限公司",
}
_EVENT = {"kind": "release", "amount": "1000000.00", "effective_date": "2026-10-31"}
_SHOWN: dict[str, Any] = {
    **_NEW,
    "id": "gu_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "guarantor": "guarantor-a",
    "outstanding": "2000000.00",
    "released": "1000000.00",
    "compensated": "0.00",
    "recovered": "0.00",
    "recorded_at": "2026-11-03T09:13:21+08:00",
}
_EVENT_SHOWN = {**_EVENT, "id": "ge_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "recorded_at": "2026-11-03T09:13:21+08:00"}


class Guarantees(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "guarantee.read",
            Text("担保列表", "The guarantees"),
            response=GuaranteePage,
            query=(
                Query("uscc", Text("企业统一社会信用代码", "The firm's code")),
                Query("guarantor", Text("担保机构代码", "The guarantor's code")),
                *cursors.QUERY,
            ),
            answer={"data": [_SHOWN], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "guarantee.report",
            Text("登记一笔担保", "Report a guarantee"),
            status=201,
            request=NewGuarantee,
            response=GuaranteeShown,
            example=_NEW,
            answer=_SHOWN,
            problems=(reports.GuaranteeNumberTaken,),
        ),
    }

    def get(self, request: Request) -> Response:
        rows = queries.guarantees()
        if uscc := request.query_params.get("uscc"):
            rows = rows.filter(firm__uscc=uscc)
        if guarantor := request.query_params.get("guarantor"):
            rows = rows.filter(guarantor__code=guarantor)
        found, onward = cursors.page(rows, request=request)
        return Response(self.show({"data": _present(found), **onward}, request=request))

    def post(self, request: Request) -> Response:
        made = reports.create(**self.read_body(request), by=person_of(request), now=timezone.now())
        [shown] = _present([queries.guarantee(made.public_id)])
        response = Response(self.show(shown, request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{made.public_id}"
        return response


class OneGuarantee(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "guarantee.read",
            Text(
                "一笔担保及其解除、代偿与追偿", "A guarantee with its releases, compensation and recoveries"
            ),
            response=GuaranteeWithEvents,
            answer={**_SHOWN, "events": [_EVENT_SHOWN]},
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        held = queries.guarantee(public_id)
        [shown] = _present([held])
        return Response(self.show({**shown, "events": list(queries.events(held))}, request=request))


class GuaranteeEvents(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "guarantee.report",
            Text("登记解除、代偿或追偿", "Report a release, a compensation or a recovery"),
            status=201,
            request=NewEvent,
            response=EventShown,
            example=_EVENT,
            answer=_EVENT_SHOWN,
            problems=(reports.AboveOutstanding, reports.RecoveryAboveCompensation),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        event = reports.record_event(
            guarantee=public_id, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        response = Response(self.show(event, request=request), status=201)
        response["Location"] = f"/api/v1/guarantees/{public_id}"
        return response


def _present(guarantees: list[Guarantee]) -> list[dict[str, Any]]:
    """Each guarantee with where it stands; one query more, whatever their number."""
    then = queries.standing([guarantee.pk for guarantee in guarantees])
    return [_one(guarantee, then[guarantee.pk]) for guarantee in guarantees]


def _one(guarantee: Guarantee, stands: queries.Standing) -> dict[str, Any]:
    same = (
        "guarantee_no", "contract_no", "principal", "start_date", "end_date", "bank_share_pct",
        "government_share_pct", "guarantor_share_pct", "recorded_at",
    )  # fmt: skip
    return (
        {name: getattr(guarantee, name) for name in same}
        | stands._asdict()
        | {
            "id": guarantee.public_id,
            "guarantor": guarantee.guarantor.code,
            "uscc": guarantee.firm.uscc,
            "firm_name": guarantee.firm.name,
            "bank": guarantee.bank.code,
            "outstanding": guarantee.principal - stands.released - stands.compensated,
        }
    )
