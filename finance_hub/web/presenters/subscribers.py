"""The mailing list, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.context import LANGUAGES
from finance_hub.web.contexts import subscribers as contexts
from finance_hub.web.contexts.chrome import FieldError, Status
from finance_hub.web.contexts.overview import Choice
from tasks import delivery
from tasks import subscribers as held
from tasks.models import Dispatch, Subscriber
from tasks.verification import spoken

#: Of what was sent, the newest.
SHOWN = 50


def subscribers(
    *, reader: Person, errors: tuple[FieldError, ...], said: Mapping[str, str]
) -> contexts.Subscribers:
    manages = may(reader.role, "subscriber.manage")
    off = _("E-mail is switched off: no server is configured. Nobody is told of a published issue.")
    return contexts.Subscribers(
        off="" if delivery.is_on() else off,
        rows=tuple(_row(one, manages=manages) for one in held.subscribers().order_by("-is_active", "pk")),
        sent=tuple(map(_sent, held.dispatches()[:SHOWN])),
        form=_form(errors, said) if manages else None,
    )


def _form(errors: tuple[FieldError, ...], said: Mapping[str, str]) -> contexts.Form:
    chosen = said.get("language", "zh-hans")
    return contexts.Form(
        url=reverse("web:subscriber_add"),
        name=said.get("name", ""),
        address=said.get("address", ""),
        languages=tuple(Choice(code, name, selected=code == chosen) for code, name in LANGUAGES),
        errors=errors,
    )


def _row(one: Subscriber, *, manages: bool) -> contexts.Row:
    return contexts.Row(
        name=one.name,
        address=one.address,
        language=dict(LANGUAGES)[one.language],  # type: ignore[index]
        since=words.moment(one.since),
        added_by=one.added_by.full_name,
        status=Status(_("on the list"), "ok") if one.is_active else Status(_("taken off"), "none"),
        is_active=one.is_active,
        switch_url=reverse("web:subscriber_switch", args=[one.public_id]) if manages else None,
    )


def _sent(row: Dispatch) -> contexts.Sent:
    if row.sent_at:
        status = Status(_("sent"), "ok")
    elif row.error:
        status = Status(_("not sent"), "alert")
    else:
        status = Status(_("waiting"), "info")
    when = row.sent_at or row.begun_at
    return contexts.Sent(
        words.say(spoken.issue_name(row.briefing)), row.subscriber.name, words.moment(when) if when else words.DASH,
        status, row.error,
    )  # fmt: skip
