"""The two forms of a limit on concentration: to propose it, and to approve what somebody else proposed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.web import tables as shared
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.exposure import limits
from finance_hub.web.presenters.funds import wording
from finance_hub.web.presenters.funds.forms import Form
from funds import queries
from tasks import concentration_limits
from tasks.exposure.dimensions import DIMENSIONS
from tasks.models.concentration import Measure


def _back() -> Link:
    return Link(_("Exposure"), reverse("web:exposure") + "#limit-history")


def new(now: datetime) -> Form:
    dimensions = tuple((code, words.say(name)) for code, name in DIMENSIONS.items())
    measures = (
        (Measure.TOP_SHARE.value, _("share of the largest parts, in per cent")),
        (Measure.HHI.value, _("HHI, from 0 to 1")),
        (Measure.AMOUNT.value, _("amount of the largest part, in yuan")),
        (Measure.FUND_SHARE.value, _("largest part of one fund's net assets, in per cent")),
    )
    funds = (("", _("none")), *((one.code, wording.name(one)) for one in queries.funds().order_by("code")))
    today = days.today(now).isoformat()

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return concentration_limits.propose(**values, by=by, now=at)

    return Form(
        title=_("Propose a limit on concentration"),
        back=_back(),
        intro=_("Another person approves it. Until then, and before its first day, nothing is held against it."),
        fields=(
            Field("dimension", _("Cut by"), "choice", choices=dimensions),
            Field("measure", _("Measure"), "choice", choices=measures),
            Field("top_n", _("How many of the largest"), "whole", required=False, most=3,
                  greatest=concentration_limits.MOST_PARTS, hint=_("Of a share of the largest alone, such as 10.")),
            Field("fund", _("Fund"), "choice", required=False, choices=funds,
                  hint=_("Of a part of a fund's net assets alone.")),
            Field("limit", _("Limit"), "number", most=24, hint=_("In the unit of the measure: 40 is 40 %.")),
            Field("warning", _("Watched from"), "number", most=24, hint=_("No more than the limit.")),
            Field("owner_unit", _("Owner"), most=60, hint=_("The unit that answers for it.")),
            Field("document", _("Document"), most=200, hint=_("The decision that sets it, with its number.")),
            Field("valid_from", _("In force from"), "day", initial=today, most=20),
            Field("valid_to", _("No longer in force from"), "day", required=False, most=20,
                  hint=_("The first day on which it no longer holds.")),
        ),
        main="limit",
        notice="limit-proposed",
        enter=enter,
        submit=_("Propose it"),
    )  # fmt: skip


def approve(public_id: str) -> Form:
    """Raises NotFound."""
    held = concentration_limits.find(public_id)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return concentration_limits.approve(public_id, by=by, now=at)

    return Form(
        title=_("Approve a limit on concentration"),
        back=_back(),
        intro=_("Once approved it is never edited; a later limit of the same kind takes its place."),
        fields=(Field("confirm", _("I have compared it with the document"), "tick"),),
        facts=(
            Fact(_("What is limited"), limits.what(held)),
            Fact(_("Limit"), shared.said(limits.measured(held, held.limit))),
            Fact(_("Watched from"), shared.said(limits.measured(held, held.warning))),
            Fact(_("Owner"), held.owner_unit),
            Fact(_("Document"), held.document),
            Fact(_("In force from"), words.day(held.valid_from)),
            Fact(
                _("No longer in force from"), words.day(held.valid_to) if held.valid_to else _("without end")
            ),
            Fact(_("Proposed by"), held.proposed_by.full_name),
        ),
        main="confirm",
        notice="limit-approved",
        enter=enter,
        submit=_("Approve it"),
        asks_code=True,
    )
