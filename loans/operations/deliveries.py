"""Pushing the feed: each event to each endpoint at least once, in no promised order.

The clock asks what is due. Of every event behind an endpoint's number a delivery is made, and for the
oldest due delivery of each endpoint one job, so that a slow receiver holds up its own events and one
worker. The job calls the receiver with no transaction open and then notes the answer with the job's
own success: a worker that dies in between has the call made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from finance_hub.kernel import audit, jobs, outbound
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans.models import DeliveryState, EndpointState, FeedEventType, WebhookDelivery, WebhookEndpoint
from loans.operations import signing, webhooks

#: The pause after the first failed attempt, the second, …; one more failure and it is given up.
RETRIES = (
    timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
    timedelta(hours=8), timedelta(hours=24),
)  # fmt: skip
#: Whatever waits for it, a receiver that gave no answer is not called for so long.
REST = RETRIES[0]
GONE = 410


@dataclass(frozen=True)
class Answer:
    """`status` as the receiver gave it, or None and the `fault` that kept it from answering."""

    status: int | None = None
    fault: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status <= 299


def push(*, now: datetime) -> int:
    """Make the deliveries and the jobs that are due; how many jobs are new. Two at once do no harm."""
    with within(EVERYTHING):
        queue(now=now)
        return enqueue(now=now)


def queue(*, now: datetime) -> None:
    """A delivery for every event that an active endpoint in scope has none of yet.

    One statement sees one state of the feed: an event that is committed meanwhile is the next call's,
    and can have no lower number.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH news AS (
                 SELECT e.id AS endpoint, e.public_id, f.id AS event, f.organisation_id, f.sequence, f.type, f.subject
                   FROM loans_webhookendpoint e
                   JOIN loans_feedevent f ON f.organisation_id = e.organisation_id
                                         AND f.sequence > e.queued_through
                  WHERE e.state = %(active)s),
               queued AS (
                 INSERT INTO loans_webhookdelivery
                   (organisation_id, endpoint_id, event_id, state, attempts, next_attempt_at, last_fault)
                 SELECT organisation_id, endpoint, event, %(pending)s, 0, %(now)s, ''
                   FROM news WHERE type <> %(test)s OR subject = public_id
                 ON CONFLICT (endpoint_id, event_id) DO NOTHING)
               UPDATE loans_webhookendpoint e
                  SET queued_through = greatest(e.queued_through, done.through)
                 FROM (SELECT endpoint, max(sequence) AS through FROM news GROUP BY endpoint) done
                WHERE e.id = done.endpoint""",
            {
                "active": EndpointState.ACTIVE, "pending": DeliveryState.PENDING, "now": now,
                "test": FeedEventType.WEBHOOK_TEST,
            },
        )  # fmt: skip
    late = WebhookDelivery.objects.filter(state=DeliveryState.PENDING)
    late.exclude(endpoint__state=EndpointState.ACTIVE).update(
        state=DeliveryState.DROPPED, next_attempt_at=None
    )


def enqueue(*, now: datetime, besides: Job | None = None) -> int:
    """A job for the oldest due delivery of each endpoint in scope that no job is busy with (`besides`
    does not count); how many are new."""
    unfinished = Job.objects.filter(kind="webhook", state__in=["queued", "running"])
    busy = unfinished.exclude(pk=besides.pk) if besides else unfinished
    fresh = 0
    for delivery in _due(now=now, busy=list(busy.values_list("payload__endpoint", flat=True))):
        job, is_new = jobs.enqueue(
            "webhook",
            dedupe_key=f"webhook:{delivery.pk}:{delivery.attempts}",
            payload={
                "delivery": delivery.pk,
                "attempts": delivery.attempts,
                "endpoint": delivery.endpoint.public_id,
            },
            organisation_id=delivery.organisation_id,
        )
        if job.state in {"failed", "cancelled"}:  # nobody is left to note the attempt
            settle(delivery, Answer(fault=str((job.error or {}).get("code", "cancelled"))), now=now)
        fresh += is_new
    return fresh


def _due(*, now: datetime, busy: list[str]) -> list[WebhookDelivery]:
    awake = Q(endpoint__resting_until=None) | Q(endpoint__resting_until__lte=now)
    rows = WebhookDelivery.objects.filter(
        awake, state=DeliveryState.PENDING, next_attempt_at__lte=now, endpoint__state=EndpointState.ACTIVE
    ).exclude(endpoint__public_id__in=busy)
    ordered = rows.order_by("endpoint_id", "next_attempt_at", "pk").distinct("endpoint_id")
    return list(ordered.select_related("endpoint"))


def _call(job: Job) -> Answer | None:
    """What the receiver says; None where the delivery has ended or somebody else made this attempt."""
    now = timezone.now()
    with within(Scope(organisation_id=job.organisation_id)):
        delivery = _of(job)
        if delivery is None:
            return None
        secrets = webhooks.secrets_of(delivery.endpoint, now=now)
    content = signing.body(delivery.event)
    headers = signing.headers(delivery.event, content, secrets=secrets, sent_at=now)
    try:
        return Answer(status=outbound.post(delivery.endpoint.url, headers=headers, body=content))
    except outbound.UnacceptableUrl as refused:
        return Answer(fault=refused.code)
    except outbound.Unreachable as error:
        return Answer(fault=error.fault)


@jobs.after(_call)
def deliver(job: Job, answer: Answer | None) -> dict[str, Any]:
    """The handler of `webhook` jobs: {"status", "fault"}, empty where there was nothing to deliver."""
    delivery = _of(job)
    if answer is None or delivery is None:
        return {}
    now = timezone.now()
    settle(delivery, answer, now=now)
    enqueue(now=now, besides=job)
    return {"status": answer.status, "fault": answer.fault}


def settle(delivery: WebhookDelivery, answer: Answer, *, now: datetime) -> None:
    """Note an attempt and what follows from it. Of two that were made at once one is noted."""
    made = delivery.attempts + 1
    state, after = _outcome(answer, made=made)
    this = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.PENDING, attempts=delivery.attempts
    )
    noted = this.update(
        state=state, attempts=made, next_attempt_at=after and now + after, last_attempt_at=now,
        last_status=answer.status, last_fault=answer.fault,
    )  # fmt: skip
    if noted and answer.status is None:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(resting_until=now + REST)
    if (
        noted
        and answer.status == GONE
        and webhooks.end(delivery.endpoint, state=EndpointState.DISABLED, now=now)
    ):
        audit.record(
            "webhook.disable", actor=None, subject=f"webhook:{delivery.endpoint.public_id}", at=now,
            event=delivery.event_id,
        )  # fmt: skip


def _outcome(answer: Answer, *, made: int) -> tuple[DeliveryState, timedelta | None]:
    """The delivery's state after its attempt number `made`, and the pause before the next one."""
    if answer.is_taken:
        return DeliveryState.DELIVERED, None
    if answer.status == GONE:
        return DeliveryState.DROPPED, None
    if made > len(RETRIES):
        return DeliveryState.DEAD, None
    return DeliveryState.PENDING, RETRIES[made - 1]


def _of(job: Job) -> WebhookDelivery | None:
    """The delivery as the job was asked to attempt it."""
    asked = WebhookDelivery.objects.filter(
        pk=job.payload["delivery"], attempts=job.payload["attempts"], state=DeliveryState.PENDING
    )
    return asked.select_related("endpoint", "event").first()
