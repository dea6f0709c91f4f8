"""One firm: who it is, what it was called, what it was recognised as, and the public money in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Firm, FirmClass, FirmName, Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts import firms as contexts
from finance_hub.web.drawing import percent_width
from finance_hub.web.presenters import industries, registry, sheets
from tasks import queries, wording
from tasks.catalogue import BY_CODE
from tasks.queries import FigureSet
from tasks.sheets import Subject

FORMS = ("exposure.firm_equity", "exposure.firm_loans", "exposure.firm_guarantees")


def firm(uscc: str, *, reader: Person, today: date) -> contexts.Firm:
    """Raises NotFound. What all of a firm's public money is, only readers of figures are told."""
    found = Firm.objects.select_related("control_group").filter(uscc=uscc).first()
    if found is None:
        raise NotFound
    recognised = FirmClass.objects.filter(firm=found).order_by("-valid_from", "code")
    return contexts.Firm(
        name=found.name,
        uscc=found.uscc,
        verified=registry.verified(found),
        facts=_facts(found),
        names=tuple(_names(found)),
        classes=tuple(_class(row, today=today) for row in recognised),
        exposure=_exposure(found) if may(reader.role, "figure.read") else None,
        list_url=reverse("web:firms"),
        asking=sheets.asking(Subject("firm", found.uscc)),
    )


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


def _exposure(found: Firm) -> contexts.Exposure:
    """The figures of the latest month if the firm is among its ten largest; nothing is added up here."""
    months = queries.months_with_figures()
    snapshot = queries.latest_snapshot(months[0]) if months else None
    if snapshot is None:
        return contexts.Exposure((), "", "", words.table_unit(), _("No figures have been computed yet."))
    figures = queries.figures_of(snapshot)
    total = figures.value("exposure.firm", "firm", found.uscc)
    as_of = words.day(months[0].last)
    if total is None:
        note = _("Exposure is computed every month for the ten largest firms; this one is not among them.")
        return contexts.Exposure((), "", as_of, words.table_unit(), note)
    return contexts.Exposure(
        lines=tuple(_line(figures, code, found.uscc, total) for code in FORMS),
        total=wording.in_table(total, language=words.language()),
        as_of=as_of,
        unit=words.table_unit(),
        note=words.say(BY_CODE["exposure.firm"][0].definition) + words.say(words.STOP),
    )


def _line(figures: FigureSet, code: str, uscc: str, total: Decimal) -> contexts.ExposureLine:
    figure = figures.get(code, "firm", uscc)
    value = figure.value if figure else None
    return contexts.ExposureLine(
        form=_form(code),
        meaning=words.say(BY_CODE[code][0].definition),
        amount=None if value is None else wording.in_table(value, language=words.language()),
        reason=words.reason(figure.reason if figure and figure.reason else "not-reported"),
        share=wording.percent(value / total, places=1) if value is not None and total else wording.DASH,
        width=percent_width(value or Decimal(0), whole=total),
    )


def _form(code: str) -> str:
    return {
        "exposure.firm_equity": _("Equity"),
        "exposure.firm_loans": _("Loans"),
        "exposure.firm_guarantees": _("Guarantees"),
    }[code]
