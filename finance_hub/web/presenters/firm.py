"""One firm: who it is, what it was called, what it was recognised as, and the public money in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Firm, FirmClass, FirmName, Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts import firms as contexts
from finance_hub.web.contexts.exposure import Section
from finance_hub.web.presenters import industries, registry, sheets
from finance_hub.web.presenters.exposure.asking import Asked
from finance_hub.web.presenters.exposure.section import group_link, section
from tasks.sheets import Subject


def firm(uscc: str, asked: Asked, *, reader: Person) -> contexts.Firm:
    """Raises NotFound. What all of a firm's public money is, only readers of figures are told."""
    found, today = find(uscc), asked.moment.today
    recognised = FirmClass.objects.filter(firm=found).order_by("-valid_from", "code")
    return contexts.Firm(
        name=found.name,
        uscc=found.uscc,
        verified=registry.verified(found),
        facts=_facts(found),
        names=tuple(_names(found)),
        classes=tuple(_class(row, today=today) for row in recognised),
        exposure=_exposure(found, asked) if may(reader.role, "figure.read") else None,
        errors=asked.errors,
        list_url=reverse("web:firms"),
        asking=sheets.asking(Subject("firm", found.uscc)),
    )


def find(uscc: str) -> Firm:
    """Raises NotFound."""
    found = Firm.objects.select_related("control_group").filter(uscc=uscc).first()
    if found is None:
        raise NotFound
    return found


def _exposure(found: Firm, asked: Asked) -> Section:
    here = reverse("web:firm", args=[found.uscc])
    download = reverse("web:firm_exposure", args=[found.uscc])
    return section([found], asked, here=here, download=download, group=group_link(found), with_baton=True)


def _facts(found: Firm) -> tuple[contexts.Fact, ...]:
    return (
        contexts.Fact(_("Credit code"), found.uscc),
        contexts.Fact(_("Stage"), registry.stage(found)),
        contexts.Fact(_("Town"), found.town),
        contexts.Fact(_("Industry"), industries.name(found.industry)),
        contexts.Fact(_("Founded"), words.day(found.founded_on) if found.founded_on else ""),
        contexts.Fact(_("Group"), found.control_group.name if found.control_group else ""),
        contexts.Fact(_("Known through"), registry.source(found)),
        contexts.Fact(_("Registered"), words.day(timezone.localtime(found.recorded_at))),
        contexts.Fact(_("Version of the record"), str(found.version)),
    )


def _names(found: Firm) -> Iterator[contexts.FormerName]:
    """The present name first; a name ends on the day before the next one begins."""
    until = ""
    for row in FirmName.objects.filter(firm=found).order_by("-valid_from"):
        recorded = words.day(timezone.localtime(row.recorded_at))
        yield contexts.FormerName(row.name, words.day(row.valid_from), until, recorded)
        until = words.day(row.valid_from - timedelta(days=1))


def _class(row: FirmClass, *, today: date) -> contexts.FirmClass:
    last = words.day(row.valid_to - timedelta(days=1)) if row.valid_to else _("without end")
    return contexts.FirmClass(
        name=registry.class_name(row),
        valid=f"{words.day(row.valid_from)} – {last}",
        certificate=row.detail,
        status=registry.standing(row, today=today),
    )
