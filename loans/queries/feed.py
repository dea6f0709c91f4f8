"""The feed, the endpoints it is pushed to, and what became of each push, within the scope in force."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from finance_hub.kernel.problems import NotFound
from loans.models import DeliveryState, EndpointState, FeedEvent, WebhookDelivery, WebhookEndpoint


def events(*, organisation: str, after: int, most: int) -> Sequence[FeedEvent]:
    """Events of the organisation with that code numbered above `after`, in order, `most` of them."""
    rows = FeedEvent.objects.filter(organisation__code=organisation, sequence__gt=after)
    return list(rows.order_by("sequence")[:most])


def endpoints() -> QuerySet[WebhookEndpoint]:
    """Those not deleted, with their organisation and the numbers `pending` and `dead` of deliveries."""
    counts = {
        state: Count("deliveries", filter=Q(deliveries__state=state))
        for state in (DeliveryState.PENDING.value, DeliveryState.DEAD.value)
    }
    found = WebhookEndpoint.objects.exclude(state=EndpointState.DELETED)
    return found.select_related("organisation").annotate(**counts)


def endpoint(public_id: str) -> WebhookEndpoint:
    """Raises NotFound, for a foreign endpoint and a deleted one as for one that does not exist."""
    found = endpoints().filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def deliveries(of: WebhookEndpoint, *, state: str = "") -> QuerySet[WebhookDelivery]:
    """What was pushed to an endpoint or waits to be, with the events; of one state where given."""
    rows = WebhookDelivery.objects.filter(endpoint=of).select_related("event")
    return rows.filter(state=state) if state else rows
