"""A notice to all investors: asked, shown as it would be split, and then entered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import forms, wording
from finance_hub.web.presenters.funds.forms import Form
from funds import codes, operations
from funds.models import Fund, FundEvent
from funds.operations.notices import BASES


def notice(fund: Fund, kind: str, now: datetime) -> Form:
    """`enter` gives the events; a kind asks what its entries can bear."""
    title, intro, own = _said(kind)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_notice(
            fund=fund.code, kind=kind, note=values["note"] or "", **facts_of(values), by=by, now=at
        )

    return Form(
        title=title,
        back=forms.back_to(fund, "#ledger"),
        intro=intro,
        fields=(forms.money("amount", _("Amount of all investors")), forms.day(now), *own, forms.note()),
        main="amount",
        notice="fund-notice-entered",
        enter=enter,
        submit=_("Show the split"),
    )


def preview(fund: Fund, kind: str, values: dict[str, Any], *, by: Person, now: datetime) -> list[FundEvent]:
    """What would be entered; refuses what would be refused."""
    return operations.preview_notice(fund=fund.code, kind=kind, **facts_of(values), by=by, now=now)


def facts_of(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a notice but for its note, for an operation."""
    left = {name: value for name, value in values.items() if name != "note"}
    marks = forms.marks_of(left)
    return {**left, "marks": marks}


def fingerprint(events: Sequence[FundEvent]) -> str:
    """Of a split: what is confirmed is what was shown."""
    parts = [(event.investor_id, event.kind, f"{event.amount:.2f}") for event in events]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def split(events: Sequence[FundEvent]) -> Grid:
    """The parts and the whole, to the fen."""
    whole = sum((event.amount for event in events), start=events[0].amount * 0)
    lines = [
        Line((
            Cell(event.investor.name if event.investor else ""),
            Cell(words.yuan(event.amount), is_number=True),
            Cell(f"{event.amount / whole * 100:.2f}%", is_number=True),
        ))
        for event in events
    ]  # fmt: skip
    total = Line(
        (Cell(_("Total")), Cell(words.yuan(whole), is_number=True), Cell("100.00%", is_number=True)),
        is_total=True,
    )
    said = {"kind": words.say(codes.LEDGER[events[0].kind]), "day": words.day(events[0].effective_date)}
    return Grid(
        key="split",
        title=_("%(kind)s of %(day)s: nothing is entered yet") % said,
        headings=(Heading(_("Investor")), wording.number(_("Amount")), wording.number(_("Share"))),
        lines=(*lines, total),
        unit=_("yuan"),
        notes=(_("Split to the cent by the largest remainder: the parts add up to the whole."),),
    )


def _said(kind: str) -> tuple[str, str, tuple[Field, ...]]:
    """Title, what it is split by, and the fields of its own."""
    bases = {"paid_in": _("what each has paid in"), "commitment": _("commitments in force")}
    if kind == "call":
        return (
            _("Call capital"),
            _("A call is split by the commitments in force on the day."),
            (forms.outside(),),
        )
    if kind == "contribution":
        return (
            _("Enter a payment"),
            _("A payment is split by what each investor has been called for and not yet paid."),
            (forms.outside(),),
        )
    basis = Field(
        "basis",
        _("Split by"),
        "choice",
        choices=tuple((code, bases[code]) for code in BASES[kind]),
        initial=BASES[kind][0],
    )
    return (
        _("Distribute"),
        _("A distribution is split by what each investor has paid in, or by commitments in force."),
        (basis, forms.nature(), forms.recallable()),
    )
