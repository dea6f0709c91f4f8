"""Webhook endpoints over HTTP: where a bank wants its feed pushed to. Secrets are shown once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Moment, Record, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of
from loans.api.events import EVENT, FeedEventShown
from loans.api.events import present as present_event
from loans.models import DeliveryState, EndpointState, FeedEventType, WebhookDelivery, WebhookEndpoint
from loans.operations import webhooks as operations
from loans.queries import feed


class NewEndpoint(Record):
    url = Words(max_length=500)


class EndpointShown(Record):
    """`pending` and `dead` count deliveries; the secret before the present one signs until
    `previous_secret_until`."""

    id = Words(max_length=40)
    organisation = Words(max_length=40)
    url = Words(max_length=500)
    state = Choice((EndpointState.ACTIVE.value, EndpointState.DISABLED.value))
    previous_secret_until = Moment(allow_null=True)
    pending = Whole()
    dead = Whole()
    created_at = Moment()
    disabled_at = Moment(allow_null=True)


class EndpointList(Record):
    data = EndpointShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF


class EndpointWithSecret(EndpointShown):
    """`secret` is shown once, and null in every replay of the answer."""

    secret = Words(max_length=80, allow_null=True)


class DeliveryShown(Record):
    """`last_status` is what the receiver answered last; where it did not answer, `last_fault` says why."""

    event = Words(max_length=40)
    type = Choice(FeedEventType.values)
    sequence = Whole(most=2**63 - 1)
    state = Choice(DeliveryState.values)
    attempts = Whole()
    last_attempt_at = Moment(allow_null=True)
    last_status = Whole(allow_null=True)
    last_fault = Words(max_length=30, allow_null=True)
    next_attempt_at = Moment(allow_null=True)


class DeliveryPage(Record):
    data = DeliveryShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_URL = "https://hooks.bank.example/finance-hub"
_SHOWN: dict[str, Any] = {
    "id": "we_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "organisation": "bank-a",
    "url": _URL,
    "state": "active",
    "previous_secret_until": None,
    "pending": 0,
    "dead": 0,
    "created_at": "2026-11-03T09:13:21+08:00",
    "disabled_at": None,
}
_SECRET = "whsec_…"  # noqa: S105 - an example
_DELIVERY = {
    "event": EVENT["id"],
    "type": EVENT["type"],
    "sequence": EVENT["sequence"],
    "state": "pending",
    "attempts": 2,
    "last_attempt_at": "2026-11-03T09:18:55+08:00",
    "last_status": None,
    "last_fault": "timed-out",
    "next_attempt_at": "2026-11-03T09:48:55+08:00",
}


class Endpoints(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "webhook.read",
            Text("推送接收地址列表", "The webhook endpoints"),
            response=EndpointList,
            answer={"data": [_SHOWN]},
        ),
        "POST": Operation(
            "webhook.manage",
            Text("登记推送接收地址，签名密钥仅显示一次", "Add a webhook endpoint; its secret is shown once"),
            status=201,
            request=NewEndpoint,
            response=EndpointWithSecret,
            example={"url": _URL},
            answer={**_SHOWN, "secret": _SECRET},
            shown_once=("secret",),
            problems=(operations.TooManyEndpoints, InvalidFields),
        ),
    }

    def get(self, request: Request) -> Response:
        rows = feed.endpoints().order_by("organisation_id", "slot")
        return Response(self.show({"data": [_present(row) for row in rows]}, request=request))

    def post(self, request: Request) -> Response:
        made = operations.add(**self.read_body(request), by=person_of(request), now=timezone.now())
        response = _told(self, made, request=request, status=201)
        response["Location"] = f"/api/v1/webhook-endpoints/{made.endpoint.public_id}"
        return response


class OneEndpoint(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "webhook.read",
            Text("一个接收地址及其未送达数", "A webhook endpoint, and how much was not delivered"),
            response=EndpointShown,
            answer=_SHOWN,
        ),
        "DELETE": Operation(
            "webhook.manage",
            Text("删除接收地址，未送达的不再推送", "Delete an endpoint; what waits for it is dropped"),
            status=204,
        ),
    }

    def get(self, request: Request, public_id: str) -> Response:
        return Response(self.show(_present(feed.endpoint(public_id)), request=request))

    def delete(self, request: Request, public_id: str) -> Response:
        operations.remove(feed.endpoint(public_id), by=person_of(request), now=timezone.now())
        return Response(status=204)


class Deliveries(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "webhook.read",
            Text("推送记录，由近及远；state=dead 为最终未送达", "Deliveries, newest first; state=dead are those given up"),
            response=DeliveryPage,
            query=(
                Query("state", Text("状态", "State"), choices=tuple(DeliveryState.values), example="dead"),
                *cursors.QUERY,
            ),
            answer={"data": [_DELIVERY], "next_cursor": None, "has_more": False},
            problems=(cursors.InvalidCursor,),
        )
    }  # fmt: skip

    def get(self, request: Request, public_id: str) -> Response:
        rows = feed.deliveries(feed.endpoint(public_id), state=request.query_params.get("state", ""))
        found, onward = cursors.page(rows, request=request)
        return Response(self.show({"data": [_delivery(row) for row in found], **onward}, request=request))


class RotateSecret(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "webhook.manage",
            Text(
                "更换签名密钥，旧密钥 24 小时内同时签名",
                "Give an endpoint a new secret; the old one signs too for 24 hours",
            ),
            response=EndpointWithSecret,
            answer={**_SHOWN, "previous_secret_until": "2026-11-04T09:13:21+08:00", "secret": _SECRET},
            shown_once=("secret",),
            problems=(operations.EndpointEnded,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        made = operations.rotate(feed.endpoint(public_id), by=person_of(request), now=timezone.now())
        return _told(self, made, request=request)


class Try(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "webhook.manage",
            Text(
                "推送一个测试事件，仅发往此地址",
                "Push a test event to this endpoint alone; its delivery says how it went",
            ),
            status=202,
            response=FeedEventShown,
            answer={**EVENT, "type": "webhook_endpoint.test", "data": {"id": _SHOWN["id"]}},
            problems=(operations.EndpointEnded,),
        )
    }

    def post(self, request: Request, public_id: str) -> Response:
        event = operations.test(feed.endpoint(public_id), by=person_of(request), now=timezone.now())
        return Response(self.show(present_event(event), request=request), status=202)


def _present(endpoint: WebhookEndpoint) -> dict[str, Any]:
    counted = {name: getattr(endpoint, name) for name in ("pending", "dead")}
    return counted | {
        "id": endpoint.public_id,
        "organisation": endpoint.organisation.code,
        "url": endpoint.url,
        "state": endpoint.state,
        "previous_secret_until": endpoint.previous_until,
        "created_at": endpoint.created_at,
        "disabled_at": endpoint.ended_at,
    }


def _told(view: ApiView, made: operations.Secret, *, request: Request, status: int = 200) -> Response:
    said = {**_present(feed.endpoint(made.endpoint.public_id)), "secret": made.secret}
    return Response(view.show(said, request=request), status=status)


def _delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    same = ("state", "attempts", "last_attempt_at", "last_status", "next_attempt_at")
    return {name: getattr(delivery, name) for name in same} | {
        "event": delivery.event.public_id,
        "type": delivery.event.type,
        "sequence": delivery.event.sequence,
        "last_fault": delivery.last_fault or None,
    }
