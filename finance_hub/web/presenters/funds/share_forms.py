"""The forms of rounds and of the shares that deals moved: each is one operation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import forms, wording
from finance_hub.web.presenters.funds.forms import Form
from funds import codes, operations, queries
from funds.models import Fund, HoldingEvent


def round_(fund: Fund, holding: Any, now: datetime) -> Form:
    if holding.firm is None:
        raise NotFound
    uscc = holding.firm.uscc

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_round(uscc=uscc, **texts(values, "lead_investor"), by=by, now=at)

    return Form(
        title=_("Record a round of financing"),
        back=back(fund, holding),
        intro=_("A fact of the firm, whoever invested. Give the pre-money or the price: the other follows."),
        facts=(Fact(_("Firm"), holding.firm.name), *last_round(fund, holding, now)),
        fields=(
            Field("name", _("Round"), hint=_("Such as angel, A or B+."), most=40),
            forms.day(now),
            forms.money("raised", _("Raised")),
            Field("pre_money", _("Pre-money"), "money", required=False, most=40,
                  hint=_("Value of the firm before the new money, in yuan.")),
            Field("price", _("Price of a share"), "number", required=False, most=40,
                  hint=_("In yuan, with six places at most.")),
            whole("new_shares", _("New shares"), hint=_("Or yuan of new registered capital.")),
            whole("shares_after", _("All shares afterwards"),
                   hint=_("Fully diluted: options, warrants and what converts in the round among them.")),
            Field("lead_investor", _("Lead investor"), required=False),
            document(),
            forms.note(),
        ),
        main="new_shares",
        notice="round-recorded",
        enter=enter,
    )  # fmt: skip


def last_round(fund: Fund, holding: Any, now: datetime) -> tuple[Fact, ...]:
    last = book(fund, holding.firm, now).last()
    if last is None:
        return ()
    said = f"{last.name} {words.day(last.effective_date)}"
    return (
        Fact(_("Last round"), said),
        Fact(_("Price"), wording.price(last.price)),
        Fact(_("All shares"), words.count(last.shares_after)),
    )


def of_shares(fund: Fund, deal: HoldingEvent, now: datetime) -> Form:
    """How many shares an investment bought, or an exit released."""
    rounds = book(fund, deal.holding.firm, now).filter(effective_date__lte=deal.effective_date)
    named = tuple((one.public_id, f"{one.name} {words.day(one.effective_date)}") for one in rounds)
    is_bought = deal.kind == "investment"

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = texts({**values, "round": values.get("round") or None})
        return operations.record_units(event=deal.public_id, **said, by=by, now=at)

    return Form(
        title=_("Say how many shares"),
        back=back(fund, deal.holding),
        intro=_("How many shares the investment bought, and in which round.") if is_bought
        else _("How many shares went with the exit."),
        facts=of_deal(deal),
        fields=(
            whole("shares", _("Shares")),
            *((Field("round", _("Round"), "choice", required=False, choices=(("", _("none: from a shareholder")), *named),
                     hint=_("A round is recorded on the page of the holding.")),) if is_bought else ()),
            forms.note(),
        ),
        main="shares",
        notice="shares-recorded",
        enter=enter,
    )  # fmt: skip


def reverse_round(fund: Fund, holding: Any, public_id: str) -> Form:
    """Of the fund's manager. Raises NotFound."""
    one = queries.rounds.find(public_id)
    if one.organisation_id != fund.manager_id or one.firm_id != holding.firm_id:
        raise NotFound

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.reverse_round(round=public_id, **texts(values), by=by, now=at)

    return Form(
        title=_("Reverse a round of financing"),
        back=back(fund, holding),
        intro=_("As if it had never been recorded; enter it anew as it was."),
        facts=(
            Fact(_("Firm"), one.firm.name),
            Fact(_("Round"), one.name),
            Fact(_("Date"), words.day(one.effective_date)),
            Fact(_("Post-money"), wording.exact(one.post_money)),
        ),
        fields=(forms.note(),),
        main="note",
        notice="fund-reversed",
        enter=enter,
        submit=_("Reverse it"),
    )


def reverse_units(fund: Fund, public_id: str, now: datetime) -> Form:
    """Of this fund. Raises NotFound."""
    one = queries.securities.moved(fund, public_id)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.reverse_units(units=public_id, **texts(values), by=by, now=at)

    return Form(
        title=_("Take back shares"),
        back=back(fund, one.holding),
        intro=_(
            "What was said of shares, or the conversion, is taken back from the day on. The deal stands."
        ),
        facts=(
            Fact(_("Investee"), wording.investee(one.holding)),
            Fact(_("What happened"), wording.moved(one.kind)),
            Fact(_("Shares"), words.count(one.shares)),
            Fact(_("Date"), words.day(one.effective_date)),
        ),
        fields=(forms.day(now, initial=one.effective_date), forms.note()),
        main="effective_date",
        notice="fund-reversed",
        enter=enter,
        submit=_("Reverse it"),
    )


def texts(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The values for an operation whose note and `names` are texts and whose other optional facts are None."""
    return {**values, **{name: values[name] or "" for name in (*names, "note")}}


def whole(name: str, label: str, *, hint: str = "", required: bool = True) -> Field:
    return Field(name, label, "whole", hint=hint, required=required, most=40)


def document() -> Field:
    """What a fact is known from."""
    return Field(
        "document", _("Document"), hint=_("What it is known from, such as the investment agreement.")
    )


def book(fund: Fund, firm: Any, now: datetime) -> Any:
    """The rounds of a firm in the book of the fund's manager, in their order."""
    return queries.rounds.book(as_of=date.max, known_at=now, firm=firm, organisation=fund.manager_id)


def back(fund: Fund, holding: Any) -> Link:
    return Link(wording.investee(holding), reverse("web:fund_holding", args=[fund.code, holding.public_id]))


def of_deal(deal: HoldingEvent) -> tuple[Fact, ...]:
    return (
        Fact(_("Deal"), words.say(codes.HOLDING[deal.kind])),
        Fact(_("Investee"), wording.investee(deal.holding)),
        Fact(_("Cash"), wording.exact(deal.cash)),
        Fact(_("Date"), words.day(deal.effective_date)),
    )
