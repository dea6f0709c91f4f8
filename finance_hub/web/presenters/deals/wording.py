"""Words for deals: where they stand, where they came from, what is bought, and how long they wait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status
from funds import codes
from funds.models import Deal
from funds.queries import boards


def standing(code: str) -> str:
    """Where a deal stands, and what a step says."""
    return words.say((codes.STANDINGS if code in codes.STANDINGS else codes.STAGES)[code])


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
        return words.say(codes.SOURCES[text])
    if code == "instrument":
        return words.say(codes.INSTRUMENTS[text])
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
