"""The forms of a deal's header: a new deal, and a change of one that is there."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.deals import wording
from finance_hub.web.presenters.deals.wanted import funds
from finance_hub.web.presenters.funds import forms
from finance_hub.web.presenters.funds import wording as of_funds
from finance_hub.web.presenters.funds.forms import Form
from funds import codes
from funds.models.deals import DealSource, Instrument
from funds.operations import pipeline
from funds.queries import deal_lives

#: What a header says, by the names of the API, in the order of the form.
HEADER = (
    "uscc", "firm_name", "title", "source", "referred_by", "instrument", "planned_amount", "lead", "note",
)  # fmt: skip


def back_to(deal: Any) -> Link:
    return Link(deal.title, reverse("web:deal", args=[deal.public_id]))


def new(now: datetime, *, fund: str = "") -> Form:
    """`fund` is the code of the one to begin with."""
    named = tuple((one.code, of_funds.name(one)) for one in funds())
    first = fund if fund in dict(named) else named[0][0] if len(named) == 1 else ""

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return pipeline.open_deal(**_said(values), by=by, now=at)

    return Form(
        title=_("Enter a deal"),
        back=Link(_("Deal board"), reverse("web:deals")),
        intro=_("The first meeting with a firm. Until the screening its name is enough; the credit code settles it."),
        fields=(
            Field("fund", _("Fund"), "choice", choices=named, initial=first),
            *_fields({}, settled=False),
            forms.day(now),
            _note(),
        ),
        main="title",
        notice="deal-opened",
        enter=enter,
        submit=_("Enter the deal"),
        leads_to=lambda deal: reverse("web:deal", args=[deal.public_id]),
        keeps_draft=True,
    )  # fmt: skip


def edit(deal: Any, *, version: int, opened: int, names_firm: bool = False) -> Form:
    """`version` is the one to be changed; `opened` the one that the person began from.

    The firm is offered until the deal is screened, or where the form that was sent `names_firm`.
    """
    held = held_by(deal)
    settled = deal_lives.is_screened(deal) and not names_firm

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        changed = {name: value for name, value in _said(values).items() if as_text(value) != held[name]}
        return pipeline.edit_deal(deal.public_id, version=version, by=by, now=at, **changed)

    return Form(
        title=_("Edit the deal"),
        back=back_to(deal),
        intro=_("What changes is recorded with who changed it; what it was before stays to be read."),
        fields=(
            *_fields(held, settled=settled, known=deal.firm is not None),
            _note(held["note"]),
        ),
        main="title" if settled else "uscc",
        notice="deal-edited",
        enter=enter,
        submit=_("Save the changes"),
        named={"#": "title"},
        hidden=(("version", str(version)), ("opened", str(opened))),
        keeps_draft=True,
    )


def held_by(deal: Any) -> dict[str, str]:
    """The header as text, as changes of it are recorded; the name of a firm with a code is the registry's."""
    named = {name: as_text(getattr(deal, name)) for name in HEADER if name not in ("uscc", "firm_name")}
    firm = {"uscc": deal.firm.uscc if deal.firm else "", "firm_name": "" if deal.firm else deal.firm_name}
    return {**firm, **named}


def as_text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)


def code_of(typed: str) -> str:
    """A credit code as people paste it: full-width, with blanks, in small letters."""
    return "".join(unicodedata.normalize("NFKC", typed).split()).upper()


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """The values for an operation, which takes what may be left out as an empty text or not at all."""
    said = {name: value for name, value in values.items() if value is not None}
    said |= {name: said.get(name, "") for name in ("referred_by", "note")}
    return said | ({"uscc": code_of(said["uscc"])} if "uscc" in said else {})


def _fields(held: dict[str, str], *, settled: bool, known: bool = False) -> tuple[Field, ...]:
    """`settled`: the firm is not to be changed any more; `known`: it has a code, and keeps one."""
    sources = tuple((code, words.say(codes.SOURCES[code])) for code in DealSource.values)
    instruments = tuple((code, words.say(codes.INSTRUMENTS[code])) for code in Instrument.values)
    firm = (
        _field("uscc", held, required=known, most=40, asks=reverse("web:deal_firm"),
               hint=_("18 characters. The name that the register has is shown below.")),
        _field("firm_name", held, required=False,
               hint=_("Without a code, or for a firm that the register does not know yet.")),
    )  # fmt: skip
    return (
        *(() if settled else firm),
        _field("title", held),
        _field("source", held, "choice", choices=sources),
        _field("referred_by", held, required=False, hint=_("Who or which bank, for a referral.")),
        _field("instrument", held, "choice", choices=instruments),
        forms.money("planned_amount", wording.field("planned_amount"), initial=_amount(held)),
        _field("lead", held, most=100),
    )


def _amount(held: dict[str, str]) -> str:
    return words.yuan(Decimal(held["planned_amount"])) if held else ""


def _field(name: str, held: dict[str, str], kind: Any = "words", **facts: Any) -> Field:
    return Field(name, wording.field(name), kind, initial=held.get(name, ""), **facts)


def _note(initial: str = "") -> Field:
    return Field("note", wording.field("note"), "text", required=False, initial=initial, most=500)
