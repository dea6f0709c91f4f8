"""The forms of a fund's manager: what each asks, and the one operation that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import wording
from funds import codes, operations, queries
from funds.models import Fund, FundEventKind, Nature
from funds.models.funds import Capital
from funds.operations.ledger import Marks

Enter = Callable[[dict[str, Any], Person, datetime], Any]


@dataclass(frozen=True)
class Form:
    """`enter` takes the values of the fields. A refusal that names no field of the form is said beside `main`;
    `named` says which field speaks for a part of the operation that is none.

    `notice` is what is left for the page that follows, `back` the page that the form comes from; it leads
    there too, unless `leads_to` names another for what was entered. `hidden` travels with the fields. A form
    that `asks_code` wants a fresh one-time code of people who have a second factor.
    """

    title: str
    back: Link
    fields: tuple[Field, ...]
    main: str
    notice: str
    enter: Enter
    intro: str = ""
    facts: tuple[Fact, ...] = ()
    submit: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[tuple[str, str], ...] = ()
    leads_to: Callable[[Any], str] | None = None
    keeps_draft: bool = False
    asks_code: bool = False


def back_to(fund: Fund, part: str = "") -> Link:
    """The fund's page, at one of its parts."""
    return Link(wording.name(fund), reverse("web:fund", args=[fund.code]) + part)


def money(name: str, label: str, *, hint: str = "", initial: str = "") -> Field:
    return Field(
        name, label, "money", hint=hint or _("In yuan, such as 1,234,567.89."), initial=initial, most=40
    )


def day(now: datetime, *, initial: date | None = None) -> Field:
    """Today unless something else is near at hand."""
    shown = initial or days.today(now)
    return Field(
        "effective_date",
        _("Date"),
        "day",
        hint=_("The day on which it happened, written 2026-10-31."),
        initial=shown.isoformat(),
        most=20,
    )


def note(*, required: bool = False, hint: str = "") -> Field:
    return Field("note", _("Note"), hint=hint, required=required, most=500)


def nature(*, initial: str = "") -> Field:
    choices = (("", _("not stated")), *((code, wording.nature(code)) for code in Nature.values))
    return Field("nature", _("Nature"), "choice", required=False, choices=choices, initial=initial)


def recallable(*, initial: str = "") -> Field:
    return Field(
        "recallable",
        _("May be called again"),
        "tick",
        hint=_("It adds to what is unfunded."),
        required=False,
        initial=initial,
    )


def outside(*, initial: str = "") -> Field:
    return Field(
        "outside_commitment",
        _("On top of the commitment"),
        "tick",
        hint=_("Such as a management fee that is called beside the commitment."),
        required=False,
        initial=initial,
    )


def marks_of(values: dict[str, Any]) -> Marks:
    """What the fields say of an entry beside its amount, taken out of them."""
    nature_said = values.pop("nature", None) or ""
    ticks = {name: values.pop(name, False) for name in ("recallable", "outside_commitment")}
    return Marks(nature=nature_said, **ticks)


def event(fund: Fund, now: datetime) -> Form:
    whole = ("", _("the whole fund (carried interest, fees and expenses)"))
    investors = (whole, *((one.name, one.name) for one in queries.investors(fund).order_by("name")))
    kinds = tuple((code, words.say(codes.LEDGER[code])) for code in FundEventKind.values)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        marks = marks_of(values)
        return operations.record_event(fund=fund.code, marks=marks, **_said(values), by=by, now=at)

    return Form(
        title=_("Record an entry"),
        back=back_to(fund, "#ledger"),
        intro=_("One entry of one investor, or a fee or an expense of the fund. What concerns all investors is "
                "entered as a call, a payment or a distribution: it is then split among them."),
        fields=(
            Field("kind", _("Kind"), "choice", choices=kinds),
            Field("investor", _("Investor"), "choice", required=False, choices=investors),
            money("amount", _("Amount")),
            day(now),
            nature(),
            recallable(),
            outside(),
            note(),
        ),
        main="amount",
        notice="fund-entered",
        enter=enter,
    )  # fmt: skip


def transfer(fund: Fund, now: datetime) -> Form:
    named = tuple((one.name, one.name) for one in queries.investors(fund).order_by("name"))

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.transfer_commitment(fund=fund.code, **_said(values), by=by, now=at)

    return Form(
        title=_("Transfer a commitment"),
        back=back_to(fund, "#accounts"),
        intro=_("The buyer takes over the same share of what the seller was called for, has paid and got. The price "
                "that the two agree on is not the fund's."),
        fields=(
            Field("seller", _("Seller"), "choice", choices=named),
            Field("buyer", _("Buyer"), "choice", choices=named, hint=_("A new investor is added to the fund first.")),
            money("amount", _("Commitment transferred")),
            day(now),
            note(),
        ),
        main="amount",
        notice="fund-transferred",
        enter=enter,
    )  # fmt: skip


def investment(fund: Fund, now: datetime) -> Form:
    others = queries.funds().filter(tier="sub").exclude(pk=fund.pk).order_by("code")
    subs = (("", _("none: it is a firm")), *((one.code, wording.name(one)) for one in others))

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_investment(fund=fund.code, **_said(values), by=by, now=at)

    return Form(
        title=_("Record an investment"),
        back=back_to(fund, "#holdings"),
        intro=_("In a firm or in a sub-fund: one of the two. A second investment adds to the holding."),
        fields=(
            Field("uscc", _("Credit code of the firm"), required=False, most=18,
                  hint=_("18 characters, as the register of firms has it.")),
            Field("firm_name", _("Name of the firm"), required=False,
                  hint=_("Only for a firm that the register does not know yet.")),
            Field("sub_fund", _("Sub-fund"), "choice", required=False, choices=subs),
            money("amount", _("Amount paid")),
            day(now),
            note(),
        ),
        main="amount",
        notice="fund-invested",
        enter=enter,
    )  # fmt: skip


def investor(fund: Fund, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.add_investor(fund=fund.code, **values, by=by, now=at)

    return Form(
        title=_("Add an investor"),
        back=back_to(fund, "#accounts"),
        intro=_("Its commitment is entered afterwards, as an entry of the ledger."),
        fields=(
            Field("name", _("Name")),
            Field("capital", _("Capital"), "choice", choices=tuple((c, words.say(codes.CAPITALS[c])) for c in Capital.values)),
        ),
        main="name",
        notice="fund-investor-added",
        enter=enter,
    )  # fmt: skip


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """The values for an operation whose note is a text and whose other optional facts are None."""
    return {**values, "note": values["note"] or ""}


#: The forms of a fund by the word in their address; notices have pages of their own.
OF_FUND: dict[str, Callable[[Fund, datetime], Form]] = {
    "event": event,
    "transfer": transfer,
    "investment": investment,
    "investor": investor,
}
