"""E-mail to the list when an issue is published: one message a subscriber, sent by a job, never twice.

That a message is about to go out is committed before it does. A server that says no is asked again, or not, as it
says; where the connection broke in the middle nobody knows what arrived, and the message is not sent again.
"""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text, printable
from tasks.briefing.kept import issue_of
from tasks.briefing.origin import plain
from tasks.models import Briefing, Dispatch, Subscriber
from tasks.publication import file_name

KIND = "dispatch"
#: Nobody is told of what was published longer ago: news of last year is none.
FRESH = timedelta(days=7)
NOBODY_KNOWS = "the connection broke while the message was sent: whether it arrived is not known"


class MailServerAway(Problem):
    code = "mail-server-away"
    status = 503
    title = Text("邮件服务器暂不可用", "The mail server cannot be reached or asks to wait")
    detail = Text("{said}", "{said}")
    retry_after = 60


def is_on() -> bool:
    """Whether there is a server and a sender."""
    return bool(settings.EMAIL_HOST and settings.EMAIL_FROM)


def enqueue_due(*, now: datetime) -> int:
    """Record a job for each subscriber who has not been told of a fresh issue; returns how many are new."""
    if not is_on():
        return 0
    fresh = 0
    with within(EVERYTHING):
        for briefing in Briefing.objects.filter(published_at__gt=now - FRESH):
            wanted = Subscriber.objects.filter(is_active=True, since__lte=briefing.published_at)
            told = Dispatch.objects.filter(briefing=briefing).values("subscriber")
            rows = [Dispatch(briefing=briefing, subscriber=one) for one in wanted.exclude(pk__in=told)]
            Dispatch.objects.bulk_create(rows, ignore_conflicts=True)
        waiting = Dispatch.objects.filter(
            begun_at=None, sent_at=None, error="", briefing__published_at__gt=now - FRESH
        )
        for pk in waiting.values_list("pk", flat=True):
            fresh += jobs.enqueue(KIND, dedupe_key=f"{KIND}:{pk}", payload={"dispatch": pk})[1]
    return fresh


def _send(job: Job) -> str:
    """Send one message; what became of it: "" where it was taken, else why not. Raises MailServerAway.

    No transaction is open while the server is spoken to.
    """
    with within(EVERYTHING):
        row = _dispatch(job)
        if row.sent_at is not None:
            return ""
        if not row.subscriber.is_active:
            return "taken off the list before the message was sent"
        message = message_of(row)
        begun = Dispatch.objects.filter(pk=row.pk, begun_at=None).update(begun_at=timezone.now(), error="")
    if not begun:
        return NOBODY_KNOWS
    try:
        connection = get_connection()
        connection.open()
        message.connection = connection
    except (OSError, smtplib.SMTPException) as error:
        raise _put_back(row.pk, error) from error
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _said in error.recipients.values()}
        if max(codes, default=500) < 500:
            raise _put_back(row.pk, error) from error
        return _said(error)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 500:
            raise _put_back(row.pk, error) from error
        return _said(error)
    except (OSError, smtplib.SMTPException):
        return NOBODY_KNOWS
    finally:
        connection.close()
    return ""


@jobs.after(_send)
def dispatch(job: Job, error: str) -> dict[str, Any]:
    """Record what became of the message."""
    row = _dispatch(job)
    now = timezone.now()
    if error:
        Dispatch.objects.filter(pk=row.pk, sent_at=None).update(error=error)
    else:
        Dispatch.objects.filter(pk=row.pk, sent_at=None).update(sent_at=now, error="")
    return {"briefing": row.briefing.public_id, "subscriber": row.subscriber.public_id, "error": error}


def message_of(row: Dispatch) -> EmailMessage:
    """Title, key points as text, where to read the issue, and its hash."""
    briefing, to = row.briefing, row.subscriber
    language = "en" if to.language == "en" else "zh-hans"
    issue = issue_of(briefing, language=language)  # type: ignore[arg-type]

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    number = say(
        f"{briefing.year}年第{briefing.issue_no}期（总第{briefing.total_no}期）",
        f"{briefing.year} No. {briefing.issue_no} (total {briefing.total_no})",
    )
    correction = say("更正版", " – correction") if briefing.correction else ""
    where = f"{settings.SITE_URL}/briefings/{briefing.public_id}" if settings.SITE_URL else ""
    read = (
        say(f"查阅：{where}", f"Read it: {where}")
        if where
        else say("请登录系统在“简报”中查阅。", "Log in to read it under Briefings.")
    )
    reason = say(f"更正原因：{briefing.occasion}", f"Reason for the correction: {briefing.occasion}")
    closing = say(
        "本邮件由系统自动发送。如不需接收，请告知本中心。",
        "Sent automatically. To be taken off the list, tell the centre.",
    )
    lines = [
        say(f"{to.name}：", f"Dear {to.name},"), "",
        f"{issue.series} {number}{correction}", f"{issue.title}{say('', ' ')}{issue.month_label}", "",
        *([reason, ""] if briefing.correction else []),
        say("本期要点", "Key points"),
        *(f"{at}. {plain(point)}" for at, point in enumerate(issue.key_points, start=1)), "",
        read, f"SHA-256: {briefing.sha256}", "",
        closing, issue.unit_name,
    ]  # fmt: skip
    message = EmailMessage(
        subject=f"{issue.series} {number}{correction}",
        body="\n".join(lines),
        from_email=settings.EMAIL_FROM,
        to=[formataddr((to.name, to.address))],
        headers={
            "Message-ID": f"<{briefing.public_id}.{to.public_id}@{_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if settings.EMAIL_ATTACH:
        content = (settings.FILES_DIR / briefing.file).read_bytes()
        message.attach(file_name(briefing), content, "application/pdf")
    return message


def _dispatch(job: Job) -> Dispatch:
    """Raises NotFound."""
    rows = Dispatch.objects.select_related("briefing__snapshot", "subscriber")
    found = rows.filter(pk=job.payload["dispatch"]).first()
    if found is None:
        raise NotFound
    return found


def _put_back(pk: int, error: Exception) -> MailServerAway:
    """Nothing was sent: the message may be sent later."""
    with within(EVERYTHING):
        Dispatch.objects.filter(pk=pk, sent_at=None).update(begun_at=None, error=_said(error))
    return MailServerAway(said=_said(error))


def _said(error: Exception) -> str:
    """What the server said, as text that can be kept."""
    return printable(f"{type(error).__name__}: {error}")[:300]


def _domain() -> str:
    return settings.EMAIL_FROM.rpartition("@")[2].rstrip(">") or "localhost"
