"""Raw SQL against the feed and the webhooks: what no code of ours could get past them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import FeedEvent, WebhookDelivery, WebhookEndpoint
from tests.cast import NOW, Cast
from tests.loans.test_the_database_refuses import copied, refused
from tests.loans.webhooks.push import Bank, Clock


@pytest.fixture
def held(cast: Cast) -> Iterator[None]:
    """Of each bank an endpoint and an event on its way to it."""
    for name in ("bank_a", "bank_b"):
        bank = Bank(cast, Clock(), name)
        bank.listen("https://hooks.bank.example/")
        bank.happen("2026-10", type="period.closed")
    with within(EVERYTHING):
        for endpoint in WebhookEndpoint.objects.order_by("pk"):
            WebhookDelivery.objects.create(
                organisation_id=endpoint.organisation_id, endpoint=endpoint, state="pending", attempts=0,
                event=FeedEvent.objects.get(organisation_id=endpoint.organisation_id), next_attempt_at=NOW,
            )  # fmt: skip
        yield


FRESH = {"public_id": "'x'"}
SECOND = {**FRESH, "slot": "2"}
NEXT = {**FRESH, "sequence": "2", "subject": "'x'"}
MOVED = "UPDATE loans_webhookdelivery SET "

BAD: list[tuple[str, str]] = [
    ("feed_head_is_not_negative", "UPDATE loans_feedhead SET sequence = -1"),
    ("loans_feedhead_organisation_id",
     "INSERT INTO loans_feedhead (organisation_id, sequence) SELECT organisation_id, 1 FROM loans_feedhead"),
    ("three_webhook_endpoints_at_most", "UPDATE loans_webhookendpoint SET slot = 4"),
    ("webhook_endpoint_state_is_known", "UPDATE loans_webhookendpoint SET state = 'asleep', secret = '', ended_at = now()"),
    ("an_ended_webhook_endpoint_keeps_no_secret", "UPDATE loans_webhookendpoint SET state = 'deleted', ended_at = now()"),
    ("an_ended_webhook_endpoint_keeps_no_secret", "UPDATE loans_webhookendpoint SET state = 'disabled', secret = ''"),
    ("an_ended_webhook_endpoint_keeps_no_secret", "UPDATE loans_webhookendpoint SET secret = ''"),
    ("an_ended_webhook_endpoint_keeps_no_secret", "UPDATE loans_webhookendpoint SET ended_at = now()"),
    ("a_previous_webhook_secret_has_its_end", "UPDATE loans_webhookendpoint SET previous_secret = 'x'"),
    ("a_previous_webhook_secret_has_its_end", "UPDATE loans_webhookendpoint SET previous_until = now()"),
    ("webhook_delivery_state_is_known", MOVED + "state = 'lost', next_attempt_at = NULL"),
    ("only_a_pending_delivery_has_a_next_attempt", MOVED + "next_attempt_at = NULL"),
    ("only_a_pending_delivery_has_a_next_attempt", MOVED + "state = 'dead'"),
    ("a_delivered_webhook_was_answered_2xx", MOVED + "state = 'delivered', next_attempt_at = NULL"),
    ("a_delivered_webhook_was_answered_2xx",
     MOVED + "state = 'delivered', next_attempt_at = NULL, last_status = 302"),
    ("delivery_is_of_its_endpoints_house",
     "UPDATE loans_webhookdelivery SET endpoint_id = (SELECT max(id) FROM loans_webhookendpoint)"
     " WHERE id = (SELECT min(id) FROM loans_webhookdelivery)"),
    ("delivery_is_of_its_events_house",
     "UPDATE loans_webhookdelivery SET event_id = (SELECT max(id) FROM loans_feedevent)"
     " WHERE id = (SELECT min(id) FROM loans_webhookdelivery)"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "statement"), BAD, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BAD)])
def test_a_change_that_breaks_a_rule_is_refused_by_name(held: None, rule: str, statement: str) -> None:
    assert rule in refused(statement)


COPIES: list[tuple[str, str, dict[str, str]]] = [
    ("one_feed_event_per_number", "loans_feedevent", {**FRESH, "subject": "'x'"}),
    ("feed_begins_at_one", "loans_feedevent", {**NEXT, "sequence": "0"}),
    ("feed_event_type_is_known", "loans_feedevent", {**NEXT, "type": "'loan_report_batch.lost'"}),
    ("a_period_opens_and_closes_once", "loans_feedevent", {**NEXT, "subject": "subject"}),
    ("loans_feedevent_public_id", "loans_feedevent", {"sequence": "2", "subject": "'x'"}),
    ("one_webhook_endpoint_per_slot", "loans_webhookendpoint", FRESH),
    ("three_webhook_endpoints_at_most", "loans_webhookendpoint", {**SECOND, "slot": "0"}),
    ("one_delivery_per_endpoint_and_event", "loans_webhookdelivery", {}),
]


@pytest.mark.parametrize(("rule", "table", "changes"), COPIES, ids=[rule for rule, *_ in COPIES])
def test_a_row_that_breaks_a_rule_is_refused_by_name(
    held: None, rule: str, table: str, changes: dict[str, str]
) -> None:
    assert rule in refused(copied(table, **changes))


def test_every_rule_is_tried() -> None:
    rules = {
        constraint.name
        for model in (FeedEvent, WebhookEndpoint, WebhookDelivery)
        for constraint in model._meta.constraints
    }
    assert rules <= {rule for rule, _ in BAD} | {rule for rule, *_ in COPIES}


def test_what_was_told_is_neither_changed_nor_deleted(held: None) -> None:
    assert "permission denied" in refused("UPDATE loans_feedevent SET subject = 'x'")
    assert "permission denied" in refused("DELETE FROM loans_feedevent")


def test_not_even_by_the_owner(cast: Cast, owner_connection: Any) -> None:
    with pytest.raises(psycopg.Error, match="append-only"):
        owner_connection.execute("UPDATE loans_feedevent SET subject = 'x'")
