"""Words of the firm registry: stages, classes, sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from finance_hub.kernel.firm_words import CLASSES, STAGES
from finance_hub.kernel.models import Firm, FirmClass
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.chrome import Status

SOURCES = {
    "centre": Text("中心登记", "the finance centre"),
    "bank_report": Text("银行报送", "a bank's report"),
    "deal": Text("投资项目", "a fund's deal"),
}


def stage(firm: Firm) -> str:
    return words.say(STAGES[firm.stage]) if firm.stage else ""


def source(firm: Firm) -> str:
    return words.say(SOURCES[firm.source])


def class_name(recognised: FirmClass) -> str:
    return words.say(CLASSES[recognised.code])


def verified(firm: Firm) -> Status:
    return Status(_("verified"), "ok") if firm.verified else Status(_("not verified"), "watch")


def standing(recognised: FirmClass, *, today: date) -> Status:
    """Whether a recognition is in force; its last day is the one before `valid_to`."""
    if recognised.valid_from > today:
        return Status(_("not yet valid"), "info")
    if recognised.valid_to and recognised.valid_to <= today:
        return Status(_("expired"), "none")
    return Status(_("valid"), "ok")


def classes_in_force(firms: Iterable[Firm], *, today: date) -> dict[int, list[str]]:
    """{firm id: names of its valid recognitions}, one query for a page of firms."""
    rows = FirmClass.objects.filter(firm__in=list(firms), valid_from__lte=today).order_by("code")
    found: dict[int, list[str]] = {}
    for row in rows:
        if standing(row, today=today).tone == "ok":
            found.setdefault(row.firm_id, []).append(class_name(row))
    return {firm: list(dict.fromkeys(names)) for firm, names in found.items()}
