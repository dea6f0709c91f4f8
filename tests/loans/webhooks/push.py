"""A bank that listens: its endpoints, a clock that can be set, and workers that do what is due."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans import feed
from loans.models import FeedEvent, WebhookDelivery
from loans.operations import deliveries
from tests.cast import NOW, Api, Cast
from tests.kernel.receiver import Got

URL = "/webhook-endpoints"


@dataclass
class Clock:
    """Stands for django.utils.timezone where deliveries and endpoints read the time."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def go(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Bank:
    """`tick` is the clock's chore and all the work that it makes due."""

    cast: Cast
    clock: Clock
    name: str = "bank_a"

    @property
    def api(self) -> Api:
        return Api(self.cast.key(self.name))

    @property
    def organisation_id(self) -> int:
        return self.cast[self.name].organisation_id

    def listen(self, url: str) -> dict[str, Any]:
        answer = self.api.post(URL, {"url": url})
        assert answer.status_code == 201, answer.content
        said: dict[str, Any] = answer.json()
        return said

    def happen(self, subject: str = "lb_1", type: str = "loan_report_batch.applied") -> FeedEvent:
        with within(Scope(organisation_id=self.organisation_id)):
            return feed.record(type, organisation_id=self.organisation_id, subject=subject, now=self.clock.at)

    def tick(self) -> None:
        deliveries.push(now=self.clock.at)
        while waiting := list(Job.objects.filter(kind="webhook", state="queued").order_by("created_at")):
            for job in waiting:
                jobs.run(str(job.pk))

    def pushed(self, endpoint: dict[str, Any], state: str = "") -> list[dict[str, Any]]:
        """The deliveries as the bank reads them, oldest first."""
        answer = self.api.get(f"{URL}/{endpoint['id']}/deliveries" + (f"?state={state}" if state else ""))
        assert answer.status_code == 200, answer.content
        rows: list[dict[str, Any]] = answer.json()["data"]
        return rows[::-1]

    def shown(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        answer = self.api.get(f"{URL}/{endpoint['id']}")
        assert answer.status_code == 200, answer.content
        said: dict[str, Any] = answer.json()
        return said


def states() -> list[tuple[str, int]]:
    """(state, attempts) of every delivery there is, oldest first."""
    with within(EVERYTHING):
        return list(WebhookDelivery.objects.order_by("pk").values_list("state", "attempts"))


def sequences(got: list[Got]) -> list[int]:
    return [json.loads(one.body)["sequence"] for one in got]


def verified(got: Got, secret: str) -> bool:
    """As a bank would check it, with nothing of the service's: any of the signatures fits."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.split("_", 1)[1])
    mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [one.partition(",") for one in got.headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(text, mine) for version, _, text in given)
