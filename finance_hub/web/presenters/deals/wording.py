"""Words for deals: where they stand, where they came from, what is bought, and how long they wait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from funds.models import Deal
from funds.queries import boards


def standing(code: str) -> str:
    """Where a deal stands, and what a step says."""
    return {
        "met": pgettext("deal", "First meeting"),
        "screening": pgettext("deal", "Screening"),
        "due_diligence": pgettext("deal", "Due diligence"),
        "committee": pgettext("deal", "Committee"),
        "signed": pgettext("deal", "Signing"),
        "paid": pgettext("deal", "Payment"),
        "held": pgettext("deal", "Held"),
        "exited": pgettext("deal", "Exited"),
        "written_off": pgettext("deal", "Written off"),
        "reversed": pgettext("deal", "Payment reversed"),
        "declined": pgettext("deal", "Declined"),
        "withdrawn": pgettext("deal", "Withdrawn"),
        "reopened": pgettext("deal", "Reopened"),
    }[code]


def source(code: str) -> str:
    return {
        "roadshow": _("roadshow"),
        "referral": _("referral"),
        "own_search": _("own search"),
        "bank": _("a bank"),
    }[code]


def instrument(code: str) -> str:
    return {"equity": _("equity"), "convertible": _("convertible"), "warrant": _("warrant")}[code]


def field(code: str) -> str:
    """A field of the header, as forms and changes call it."""
    return {
        "uscc": _("Credit code of the firm"),
        "firm_name": _("Name of the firm"),
        "title": _("Title"),
        "source": _("Source"),
        "referred_by": _("Referred by"),
        "instrument": _("Instrument"),
        "planned_amount": _("Planned amount"),
        "lead": _("Lead"),
        "note": _("Note"),
    }[code]


def value(code: str, text: str | None) -> str:
    """What a field of the header held, in words; a dash for nothing."""
    if not text:
        return words.DASH
    if code == "source":
        return source(text)
    if code == "instrument":
        return instrument(text)
    return words.yuan(Decimal(text)) if code == "planned_amount" else text


def firm(of: Deal) -> str:
    """The name of today, or the one it was met by."""
    return of.firm.name if of.firm else of.firm_name


def age(of: Any, *, today: date) -> str:
    """How long a measured deal stands where it does; empty where it waits for nothing."""
    days = boards.days_quiet(of, today=today)
    if days is None:
        return ""
    return ngettext("%(days)s day here", "%(days)s days here", days) % {"days": words.count(days)}


def quiet(of: Any, *, today: date) -> Status | None:
    return Status(_("stale"), "watch") if boards.is_quiet(of, today=today) else None


def tone(code: str) -> Status:
    """Where it stands, with the mark that goes with it."""
    marks: dict[str, Any] = {"held": "ok", "exited": "ok", "written_off": "alert", "reversed": "watch"}
    ended = "none" if code in ("declined", "withdrawn") else "info"
    return Status(standing(code), marks.get(code, ended))
