"""What the answer rests on: the numbers with their sources, and the scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.presenters.risk import wording
from finance_hub.web.presenters.risk.desk import Desk
from finance_hub.web.tables import Column, Row, Table
from loans.codes import industries
from tasks.models import ParameterKind, RiskAssumptions, StressScenario
from tasks.risk.parameters import KINDS, label, order


def assumptions(desk: Desk) -> Table:
    held = desk.assumptions
    return Table(
        key="assumptions",
        title=_("What is assumed, and what it rests on"),
        columns=(
            Column(_("Assumption"), "word"), Column(_("For")), Column(_("Assumed number"), "ratio"), Column(_("Support"), "word"),
            Column(_("Rests on")),
        ),
        rows=tuple(_every(held)) if held else (),
        empty=_("No assumptions are in force. The centre's maker enters them; the product brings a set to begin with."),
        meaning=(stated(held),) if held else (),
    )  # fmt: skip


def _every(held: RiskAssumptions) -> Iterator[Row]:
    for kind, name in KINDS.items():
        for row in rows(held, kind):
            yield Row((words.say(name), *row.values))


def rows(held: RiskAssumptions, kind: ParameterKind) -> Iterator[Row]:
    """Of each number of a kind: what it is of, the number, how well it is supported, and by what."""
    found = {row.key: row for row in held.parameters.all() if row.kind == kind}
    for key in order(kind.value):
        if key in found:
            row = found[key]
            support = _("assumed") if row.is_invented else _("published rule")
            yield Row((words.say(label(row.kind, row.key)), row.value, support, row.source))


def stated(held: RiskAssumptions) -> str:
    said = _("%(document)s, in force from %(day)s; entered by %(person)s on %(when)s.")
    return said % {
        "document": held.document, "day": words.day(held.valid_from), "person": held.recorded_by.full_name,
        "when": words.moment(held.recorded_at),
    }  # fmt: skip


def scenarios(desk: Desk) -> Table:
    return Table(
        key="scenarios",
        title=_("Stress scenarios"),
        columns=(Column(_("Scenario")), Column(_("What happens")), Column(_("Document")), Column(_("In force from"), "day")),
        rows=tuple(
            Row((words.say(Text(one.name, one.name_en)), shock(one), one.document, one.valid_from))
            for one in desk.scenarios
        ),
        empty=_("No scenario is in force. The centre's maker enters one."),
    )  # fmt: skip


def shock(one: StressScenario) -> str:
    parts = []
    if one.pd_factor != 1:
        of = _industry(one.industry) if one.industry else _("all firms")
        parts.append(
            _("probability of failing × %(factor)s for %(of)s")
            % {"factor": wording.plain(one.pd_factor), "of": of}
        )
    if one.loading_factor != 1:
        parts.append(_("loadings × %(factor)s") % {"factor": wording.plain(one.loading_factor)})
    if one.listing_pd_factor != 1 or one.listing_lgd_factor != 1:
        factors = {"pd": wording.plain(one.listing_pd_factor), "lgd": wording.plain(one.listing_lgd_factor)}
        parts.append(_("firms on their way to a listing: probability × %(pd)s, loss × %(lgd)s") % factors)
    if one.failing:
        parts.append(_("the control group with the largest exposure fails for certain"))
    return words.say(words.SEMICOLON).join(parts)


def _industry(code: str) -> str:
    return next((words.say(one.text) for one in industries() if one.code == code), code)


def percent(value: Decimal) -> str:
    """A fraction as per cent without zeros that say nothing, as a form shows and takes it."""
    return f"{(value * 100).normalize():f}"
