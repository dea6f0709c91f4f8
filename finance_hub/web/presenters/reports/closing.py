"""The closing of a month as forms: one person proposes it, another closes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import months
from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.reports import wording
from finance_hub.web.presenters.reports.reporting import reporting


def propose(month: Month, *, now: datetime) -> Form:
    return _form(
        month,
        now=now,
        title=_("Propose to close %(month)s"),
        confirm=_("The reports of this month are complete, or what is missing is known"),
        submit=_("Propose it"),
        notice="close-proposed",
        act=months.propose_close,
    )


def close(month: Month, *, now: datetime) -> Form:
    return _form(
        month,
        now=now,
        title=_("Close %(month)s"),
        confirm=_("I have looked at what is missing and close the month"),
        submit=_("Close the month"),
        notice="month-closed",
        act=months.close,
        asks_code=True,
    )


def _form(
    month: Month,
    *,
    now: datetime,
    title: str,
    confirm: str,
    submit: str,
    notice: str,
    act: Callable[..., Any],
    asks_code: bool = False,
) -> Form:
    def enter(_values: dict[str, Any], by: Person, at: datetime) -> Any:
        return act(month, by=by, now=at)

    told = reporting(month, now=now)
    missing = [f"{one.organisation} · {one.dataset}" for one in told.reports if one.status.tone != "ok"]
    return Form(
        title=title % {"month": words.month(month)},
        back=Link(_("Who has reported"), f"{reverse('web:reporting')}?month={month}"),
        intro=_(
            "A closed month is never opened again; what arrives later is told as a restatement of its figures."
        ),
        fields=(Field("confirm", confirm, "tick"),),
        facts=(
            Fact(_("State"), wording.closing(months.view(month))),
            Fact(_("Reports"), told.summary),
            Fact(_("Not reported in full"), words.listed(missing) if missing else _("nobody")),
        ),
        main="confirm",
        notice=notice,
        enter=enter,
        submit=submit,
        asks_code=asks_code,
    )
