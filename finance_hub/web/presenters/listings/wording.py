"""Words for listings: stages, boards, parties, papers, states of time limits, and what firms are measured by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from listings.queries import boards
from tasks import wording
from tasks.catalogue.listing_counts import BOARD_NAMES
from tasks.catalogue.readiness_words import WORDS


def stage(code: str | None) -> str:
    """None is the stage of an attempt that was taken back."""
    return {
        None: pgettext("listing", "Attempt taken back"),
        "cultivation": pgettext("listing", "Reserve list"),
        "share_reform": pgettext("listing", "Share reform"),
        "tutoring_filed": pgettext("listing", "Tutoring filed"),
        "tutoring_accepted": pgettext("listing", "Tutoring accepted"),
        "applied": pgettext("listing", "Applied"),
        "accepted": pgettext("listing", "Accepted"),
        "inquiry": pgettext("listing", "Inquiry"),
        "committee": pgettext("listing", "Listing committee"),
        "registration_submitted": pgettext("listing", "Registration submitted"),
        "registered": pgettext("listing", "Registered"),
        "listed": pgettext("listing", "Listed"),
        "suspended": pgettext("listing", "Suspended"),
        "withdrawn": pgettext("listing", "Withdrawn or terminated"),
        "rejected": pgettext("listing", "Registration refused"),
    }[code]


def board(code: str) -> str:
    return words.say(BOARD_NAMES[code])


def role(code: str) -> str:
    return {"sponsor": _("Sponsor"), "law_firm": _("Law firm"), "auditor": _("Auditor of the firm")}[code]


def filing(code: str) -> str:
    return {
        "inquiry_letter": _("Letter of inquiry"),
        "inquiry_reply": _("Reply to the inquiry"),
        "figures_audited": _("Audited figures"),
        "figures_extended": _("Extension of the figures"),
    }[code]


def kind(code: str) -> str:
    """What a standard is for."""
    return {
        "financial": _("financial"),
        "attribute": _("attributes"),
        "structural": _("capital and past"),
        "weighted-voting": _("weighted voting"),
    }[code]


def verdict(code: str) -> Status:
    return {
        "meets": Status(_("meets"), "ok"),
        "fails": Status(_("fails"), "alert"),
        "unknown": Status(pgettext("listing", "unknown"), "none"),
    }[code]


def measured(name: str) -> str:
    """A figure, a fact or a metric."""
    return words.say(WORDS[name])


def standing(code: str | None) -> Status:
    marks: dict[str | None, Any] = {
        "listed": "ok", "suspended": "watch", "withdrawn": "none", "rejected": "alert", None: "none",
    }  # fmt: skip
    return Status(stage(code), marks.get(code, "info"))


def age(of: Any, *, today: date) -> str:
    """How long a measured attempt is in its stage; empty where it waits for nothing."""
    days = boards.days_here(of, today=today)
    if days is None:
        return ""
    return ngettext("%(days)s day here", "%(days)s days here", days) % {"days": words.count(days)}


def quiet(of: Any, *, today: date) -> Status | None:
    return Status(_("stale"), "watch") if boards.is_quiet(of, today=today) else None


def address(public_id: str) -> str:
    return reverse("web:listing", args=[public_id])


def quantity(value: Decimal | bool, unit: str) -> str:
    """A measured value in its unit: money short, ratios in per cent."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if unit == "yuan":
        return words.money(value)
    if unit == "ratio":
        return wording.percent(value)
    return wording.number(value, places=0)
