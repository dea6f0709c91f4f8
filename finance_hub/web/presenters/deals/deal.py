"""A deal's own page: where it stands, the road to there, who decided on what grounds, papers and payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts import deals as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.deals import acts, wording
from finance_hub.web.presenters.deals import history as histories
from finance_hub.web.presenters.deals import road as roads
from finance_hub.web.presenters.funds import wording as of_funds
from funds import codes
from funds.models import DealDocument
from funds.models.deals import ENDS
from funds.queries import deal_lives, pipeline


def deal(public_id: str, *, reader: Person, today: date) -> contexts.Deal:
    """As many queries for a long life as for a short one. Raises NotFound."""
    found: Any = pipeline.deal(public_id)
    steps = list(pipeline.steps(found).order_by("pk"))
    papers = list(pipeline.documents(found).order_by("step__place", "pk"))
    paid = list(pipeline.payments(found).order_by("event__effective_date", "pk"))
    edits, counted = list(deal_lives.changes(found)), roads.counting(steps)
    may_record, last = may(reader.role, "fund.record"), counted[-1]
    return contexts.Deal(
        title=found.title,
        back=Link(_("Deal board"), reverse("web:deals")),
        firm=_firm(found),
        fund=Link(of_funds.name(found.fund), reverse("web:fund", args=[found.fund.code])),
        standing=wording.tone(found.standing),
        age=wording.age(found, today=today),
        quiet=wording.quiet(found, today=today),
        next=acts.next_act(found, last) if may_record else None,
        skips=acts.skips(found, last) if may_record else (),
        actions=acts.others(found, last) if may_record else (),
        facts=_facts(found),
        road=roads.road(found, counted, papers, may_record=may_record),
        decisions=roads.decisions(counted),
        payments=_payments(found, paid),
        documents=_documents(found, papers),
        history=histories.history(steps, edits, paid, papers),
    )


def _firm(found: Any) -> Link:
    """Until screening a deal may know its firm by name alone."""
    if found.firm is None:
        return Link(found.firm_name, "", _("credit code not known yet; needed for the screening"))
    return Link(found.firm.name, reverse("web:firm", args=[found.firm.uscc]), found.firm.uscc)


def _facts(found: Any) -> tuple[Fact, ...]:
    source = words.listed(
        [part for part in (words.say(codes.SOURCES[found.source]), found.referred_by) if part]
    )
    facts = (
        Fact(wording.field("planned_amount"), of_funds.exact(found.planned_amount)),
        Fact(pgettext("deal", "Paid"), of_funds.exact(found.paid_amount)),
        Fact(wording.field("instrument"), words.say(codes.INSTRUMENTS[found.instrument])),
        Fact(wording.field("lead"), found.lead),
        Fact(wording.field("source"), source),
        Fact(wording.field("note"), found.note),
        Fact(_("Recorded"), f"{words.moment(found.recorded_at)} {found.recorded_by.full_name}"),
    )
    return tuple(fact for fact in facts if fact.value)


def _payments(found: Any, paid: Sequence[Any]) -> Grid:
    """Newest first."""
    said = _paid_of_planned(found)
    return Grid(
        key="payments",
        title=_("Payments"),
        headings=(
            Heading(_("Paid on")), of_funds.number(_("Amount")), Heading(_("Holding")), Heading(_("State")),
            Heading(_("Note")), Heading(_("Recorded")),
        ),
        lines=tuple(_payment(found, one) for one in reversed(paid)),
        empty=_("Nothing is paid yet.") + words.say(words.SPACE) + said,
        unit=_("yuan"),
        notes=(said,),
    )  # fmt: skip


def _paid_of_planned(found: Any) -> str:
    """Of a deal that was given up nothing is awaited."""
    amounts = {"planned": words.yuan(found.planned_amount), "paid": words.yuan(found.paid_amount)}
    if found.standing in ENDS:
        return _("Planned %(planned)s, paid %(paid)s yuan.") % amounts
    left = max(found.planned_amount - found.paid_amount, Decimal(0))
    return _("Planned %(planned)s, paid %(paid)s, still planned %(left)s yuan.") % {
        **amounts, "left": words.yuan(left),
    }  # fmt: skip


def _payment(found: Any, one: Any) -> Line:
    stake = reverse("web:fund_holding", args=[found.fund.code, one.event.holding.public_id])
    states = (Status(_("reversed"), "watch"),) if one.reversed_on else ()
    return Line((
        Cell(words.day(one.event.effective_date), is_tight=True),
        Cell(words.yuan(one.event.cost), is_number=True),
        Cell(wording.firm(found), url=stake),
        Cell(words.day(one.reversed_on) if one.reversed_on else "", statuses=states),
        Cell(one.note),
        Cell(words.moment(one.recorded_at), note=one.recorded_by.full_name, is_tight=True),
    ))  # fmt: skip


def _documents(found: Any, papers: Sequence[DealDocument]) -> Grid:
    return Grid(
        key="documents",
        title=_("Documents"),
        headings=(
            Heading(_("Name")), Heading(_("Step")), of_funds.number(_("Size")), Heading("SHA-256"),
            Heading(_("Uploaded")),
        ),
        lines=tuple(_document(found, one) for one in papers),
        empty=_("No document is attached yet."),
    )  # fmt: skip


def _document(found: Any, one: DealDocument) -> Line:
    step = f"{wording.standing(one.step.stage)} {words.day(one.step.effective_date)}"
    return Line((
        Cell(one.name, url=reverse("web:deal_document", args=[found.public_id, one.public_id])),
        Cell(step, is_tight=True),
        Cell(words.size(one.size), is_number=True),
        Cell(one.sha256, is_code=True),
        Cell(words.moment(one.uploaded_at), note=one.uploaded_by.full_name, is_tight=True),
    ))  # fmt: skip
