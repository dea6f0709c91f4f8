"""Who is told of a published issue: once, by a server that may be away, refuse, or break off."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.models import AuditEntry, Job
from finance_hub.kernel.problems import InvalidFields, NotFound
from tasks import delivery, subscribers
from tasks.models import Briefing, Dispatch, Snapshot, Subscriber
from tests.cast import Api, Cast
from tests.tasks.test_verification import published


@pytest.fixture
def issue(october: Snapshot, everything: Cast) -> Briefing:
    return published(october, everything)


class Sink(socketserver.StreamRequestHandler):
    """Takes mail as an SMTP server does; answers RCPT as `server.refuses` says."""

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                lines: list[str] = []
                while (got := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(got)
                if self.server.breaks:  # type: ignore[attr-defined]
                    return
                self.server.letters.append("".join(lines))  # type: ignore[attr-defined]
                self.say("250 taken")
            elif verb == "RCPT":
                self.say(self.server.refuses or "250 ok")  # type: ignore[attr-defined]
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 sink")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def sink(settings: Any) -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        server.letters, server.refuses, server.breaks = [], "", False  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_FROM, settings.SITE_URL = "briefing@example.cn", "https://fund.example.cn"
        yield server
        server.shutdown()


def add(
    cast: Cast, *, address: str = "finance@example.cn", before: timedelta = timedelta(days=1)
) -> Subscriber:
    now = timezone.now() - before
    return subscribers.add(name="市财政局", address=address, language="zh-hans", by=cast["maker"], now=now)


def deliver() -> list[str]:
    delivery.enqueue_due(now=timezone.now())
    waiting = Job.objects.filter(kind="dispatch", state="queued")
    return [jobs.run(str(job.pk)) for job in waiting]


class TestTelling:
    def test_everybody_on_the_list_is_told_once(self, sink: Any, everything: Cast, issue: Briefing) -> None:
        add(everything)
        english = subscribers.add(
            name="Treasury", address="treasury@example.cn", language="en", by=everything["maker"],
            now=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        late = add(everything, address="late@example.cn", before=-timedelta(seconds=5))
        left = add(everything, address="left@example.cn")
        subscribers.switch(left.public_id, is_active=False, by=everything["maker"], now=timezone.now())
        assert deliver() == ["succeeded"] * 2
        assert deliver() == []
        assert len(sink.letters) == 2
        import email
        import email.policy

        letters = [
            email.message_from_bytes(text.encode(), policy=email.policy.default) for text in sink.letters
        ]
        one = next(letter for letter in letters if "财政局" in str(letter["To"]))
        body = one.get_content()
        assert str(one["Subject"]).strip() == "科创金融工作简报 2026年第1期（总第1期）"
        for said in ("本期要点", f"https://fund.example.cn/briefings/{issue.public_id}", issue.sha256, "1. "):
            assert said in body
        assert not list(one.iter_attachments())
        told = {row.subscriber_id: row for row in Dispatch.objects.all()}
        assert told[english.pk].sent_at is not None
        assert not {late.pk, left.pk} & set(told)
        with transaction.atomic(), pytest.raises(IntegrityError, match="an_issue_goes_to_a_subscriber_once"):
            Dispatch.objects.create(briefing=issue, subscriber=english)

    def test_off_without_a_server_and_for_old_issues(
        self, settings: Any, everything: Cast, issue: Briefing
    ) -> None:
        add(everything)
        assert deliver() == []
        settings.EMAIL_HOST, settings.EMAIL_FROM = "127.0.0.1", "briefing@example.cn"
        assert delivery.enqueue_due(now=timezone.now() + timedelta(days=8)) == 0
        assert not Dispatch.objects.exists()

    def test_a_server_that_is_away_or_asks_to_wait_is_asked_again(
        self, sink: Any, settings: Any, everything: Cast, issue: Briefing
    ) -> None:
        add(everything)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]
        assert deliver() == ["queued"]
        assert "ConnectionRefused" in Dispatch.objects.get().error
        settings.EMAIL_PORT, sink.refuses = sink.server_address[1], "451 later"
        job = Job.objects.get(kind="dispatch")
        for expected in ("queued", "succeeded"):
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
            assert jobs.run(str(job.pk)) == expected
            sink.refuses = ""
        assert len(sink.letters) == 1
        assert Dispatch.objects.get().error == ""

    @pytest.mark.parametrize(
        ("refuses", "breaks", "said"), [("550 nobody here", False, "nobody here"), ("", True, "not known")]
    )
    def test_what_was_refused_or_broken_off_is_not_sent_again(
        self, sink: Any, everything: Cast, issue: Briefing, refuses: str, breaks: bool, said: str
    ) -> None:
        add(everything)
        sink.refuses, sink.breaks = refuses, breaks
        assert deliver() == ["succeeded"]
        row = Dispatch.objects.get()
        assert row.sent_at is None
        assert said in row.error
        sink.refuses, sink.breaks = "", False
        assert deliver() == []
        assert sink.letters == []

    def test_a_worker_that_died_while_sending_sends_nothing_twice(
        self, sink: Any, everything: Cast, issue: Briefing
    ) -> None:
        add(everything)
        delivery.enqueue_due(now=timezone.now())
        Dispatch.objects.update(begun_at=timezone.now())
        job = Job.objects.get(kind="dispatch")
        assert jobs.run(str(job.pk)) == "succeeded"
        assert "not known" in Dispatch.objects.get().error
        assert sink.letters == []


class TestTheList:
    @pytest.mark.parametrize(
        ("name", "address", "language"),
        [
            ("", "a@example.cn", "en"), ("x" * 101, "a@example.cn", "en"), ("a\nBcc: b@example.cn", "a@example.cn", "en"),
            ("a", "no address", "en"), ("a", "a@example.cn\nBcc: b@example.cn", "en"), ("a", "名@example.cn", "en"),
            ("a", "a" * 250 + "@example.cn", "en"), ("a", "a@example.cn", "fr"),
        ],
    )  # fmt: skip
    def test_refuses_what_is_no_name_or_address(
        self, everything: Cast, name: str, address: str, language: str
    ) -> None:
        with pytest.raises(InvalidFields):
            subscribers.add(
                name=name, address=address, language=language, by=everything["maker"], now=timezone.now()
            )
        assert not Subscriber.objects.exists()

    def test_has_an_address_once_whatever_its_case_and_keeps_who_left(self, everything: Cast) -> None:
        one = add(everything)
        with pytest.raises(subscribers.AddressHeld):
            add(everything, address="Finance@Example.CN")
        now = timezone.now()
        for is_active in (False, False, True):
            one = subscribers.switch(one.public_id, is_active=is_active, by=everything["maker"], now=now)
        assert (one.is_active, one.since) == (True, now)
        acts = AuditEntry.objects.filter(subject=f"subscriber:{one.public_id}").order_by("seq")
        assert list(acts.values_list("action", flat=True)) == [
            "subscriber.add", "subscriber.stop", "subscriber.resume",
        ]  # fmt: skip
        with pytest.raises(NotFound):
            subscribers.switch("sb_none", is_active=True, by=everything["maker"], now=now)

    def test_is_kept_by_makers_over_the_api(self, everything: Cast, api: Callable[[str], Api]) -> None:
        body = {"name": "市财政局", "address": "finance@example.cn"}
        made = api("maker").post("/subscribers", body)
        assert made.status_code == 201
        assert api("maker").post("/subscribers", body).json()["code"] == "subscriber-address-held"
        assert api("maker").post("/subscribers", {**body, "address": "x"}).status_code == 422
        here = f"/subscribers/{made.json()['id']}"
        assert api("maker").patch(here, {"is_active": False}).json()["is_active"] is False
        assert api("approver").patch(here, {"is_active": True}).status_code == 403
        assert api("auditor").get("/subscribers").json()["data"][0]["address"] == "finance@example.cn"
        assert api("bank_a").get("/subscribers").status_code == 403
