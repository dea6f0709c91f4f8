"""Webhook endpoints: added, tried, given new secrets and removed by the bank itself."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from finance_hub.kernel import audit, ids, outbound, sealing
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, Forbidden, InvalidFields, Problem
from finance_hub.kernel.text import Text
from loans import feed
from loans.models import (
    DeliveryState,
    EndpointState,
    FeedEvent,
    FeedEventType,
    WebhookDelivery,
    WebhookEndpoint,
)

SLOTS = (1, 2, 3)
#: For how long the secret before the present one signs too.
OVERLAP = timedelta(hours=24)
_PURPOSE = "webhook-secret"


class TooManyEndpoints(Problem):
    code = "three-webhook-endpoints-at-most"
    status = 409
    title = Text("最多三个接收地址", "Three webhook endpoints at most: delete one first")


class EndpointEnded(Problem):
    code = "webhook-endpoint-disabled"
    status = 409
    title = Text("该接收地址已停用", "This webhook endpoint is disabled")
    detail = Text(
        "接收方曾回复 410；请删除后重新登记", "Its receiver answered 410: delete it and add it again"
    )


@dataclass(frozen=True)
class Secret:
    """The only time a secret is seen, as Standard Webhooks writes it: `whsec_<base64>`."""

    endpoint: WebhookEndpoint
    secret: str


def add(*, url: str, by: Person, now: datetime) -> Secret:
    """An endpoint for everything the feed records from now on. Wants the bank's scope.

    Raises Forbidden, InvalidFields (`url`), TooManyEndpoints.
    """
    if by.organisation.kind != "bank":
        raise Forbidden
    try:
        outbound.destination(url)
    except outbound.UnacceptableUrl as error:
        raise InvalidFields(errors=(FieldError(error.code, "#/url", error.text),)) from error
    secret = _new_secret()
    with transaction.atomic():
        # The head is held: two that come at once do not share a slot, and no event falls between.
        queued_through = feed.hold(by.organisation_id)
        mine = WebhookEndpoint.objects.filter(organisation=by.organisation)
        taken = set(mine.exclude(state=EndpointState.DELETED).values_list("slot", flat=True))
        if taken >= set(SLOTS):
            raise TooManyEndpoints
        made = WebhookEndpoint.objects.create(
            public_id=ids.new("we"), organisation=by.organisation, slot=min(set(SLOTS) - taken), url=url,
            state=EndpointState.ACTIVE, secret=sealing.seal(secret, purpose=_PURPOSE),
            queued_through=queued_through, created_at=now, created_by=by,
        )  # fmt: skip
        audit.record("webhook.add", actor=by, subject=f"webhook:{made.public_id}", at=now, url=url)
    return Secret(made, secret)


def rotate(endpoint: WebhookEndpoint, *, by: Person, now: datetime) -> Secret:
    """A new secret; the present one signs beside it for 24 hours more. Raises EndpointEnded."""
    secret = _new_secret()
    with transaction.atomic():
        held = _held(endpoint)
        held.previous_secret, held.previous_until = held.secret, now + OVERLAP
        held.secret = sealing.seal(secret, purpose=_PURPOSE)
        held.save(update_fields=["secret", "previous_secret", "previous_until"])
        audit.record("webhook.rotate", actor=by, subject=f"webhook:{held.public_id}", at=now)
    return Secret(held, secret)


def remove(endpoint: WebhookEndpoint, *, by: Person, now: datetime) -> None:
    """End an endpoint, active or disabled: what still waits for it is dropped. Twice is harmless."""
    with transaction.atomic():
        if end(endpoint, state=EndpointState.DELETED, now=now):
            audit.record("webhook.delete", actor=by, subject=f"webhook:{endpoint.public_id}", at=now)


def test(endpoint: WebhookEndpoint, *, by: Person, now: datetime) -> FeedEvent:
    """Record an event that is pushed to this endpoint alone. Raises EndpointEnded."""
    with transaction.atomic():
        held = _held(endpoint)
        event = feed.record(
            FeedEventType.WEBHOOK_TEST, organisation_id=held.organisation_id, subject=held.public_id, now=now
        )
        audit.record("webhook.test", actor=by, subject=f"webhook:{held.public_id}", at=now)
    return event


def end(endpoint: WebhookEndpoint, *, state: EndpointState, now: datetime) -> bool:
    """Whether the endpoint was live until now; its secrets and what waits for it are gone."""
    living = WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(state__in=[state, EndpointState.DELETED])
    ended = living.update(state=state, secret="", previous_secret="", previous_until=None, ended_at=now)
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=DeliveryState.PENDING)
    waiting.update(state=DeliveryState.DROPPED, next_attempt_at=None)
    return ended == 1


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """Those that sign at `now`, the newest first; none of an endpoint that has ended."""
    sealed = [endpoint.secret]
    if endpoint.previous_until and now < endpoint.previous_until:
        sealed.append(endpoint.previous_secret)
    return [sealing.unseal(one, purpose=_PURPOSE) for one in sealed if one]


def _held(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """The endpoint, locked until the transaction ends. Raises EndpointEnded."""
    held = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if held.state != EndpointState.ACTIVE:
        raise EndpointEnded
    return held


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
