"""The forms that begin from a row: an entry of the ledger, a holding, a deal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import forms, security_forms, share_forms, shares, wording
from finance_hub.web.presenters.funds.forms import Form
from funds import codes, operations, queries
from funds.models import Fund, FundEvent, HoldingEvent, HoldingEventKind, ValuationMethod
from funds.models.holdings import RECEIPTS, ExitRoute


def reverse_entry(fund: Fund, entry: FundEvent, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or ""}
        return operations.reverse_event(fund=fund.code, event=entry.public_id, **said, by=by, now=at)

    return Form(
        title=_("Reverse an entry"),
        back=forms.back_to(fund, "#ledger"),
        intro=_("The entry stays in the ledger; from the day on a second one takes it back. Of an entry that was "
                "wrong from its beginning, the date is its own."),
        facts=_facts(entry),
        fields=(forms.day(now), forms.note()),
        main="effective_date",
        notice="fund-reversed",
        enter=enter,
        submit=_("Reverse it"),
    )  # fmt: skip


def correct_entry(fund: Fund, entry: FundEvent, now: datetime) -> Form:
    """Offers the marks that an entry of the kind can bear."""
    fields = [
        forms.money("amount", _("Amount"), initial=f"{entry.amount:.2f}"),
        forms.day(now, initial=entry.effective_date),
    ]
    if entry.kind == "distribution":
        fields += [
            forms.nature(initial=entry.nature),
            forms.recallable(initial="yes" if entry.recallable else ""),
        ]
    if entry.kind in ("call", "contribution"):
        fields.append(forms.outside(initial="yes" if entry.outside_commitment else ""))
    marked = {field.name for field in fields} & {"nature", "recallable", "outside_commitment"}

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        given = {name: values.pop(name) or ("" if name == "nature" else False) for name in marked}
        return operations.correct_event(
            fund=fund.code, event=entry.public_id, given=given, **values, by=by, now=at
        )

    return Form(
        title=_("Correct an entry"),
        back=forms.back_to(fund, "#ledger"),
        intro=_(
            "The entry is taken back on its own day and entered as it should have been. Both stay to be read."
        ),
        facts=_facts(entry),
        fields=(*fields, forms.note(required=True, hint=_("Why it is corrected."))),
        main="amount",
        notice="fund-corrected",
        enter=enter,
        submit=_("Correct it"),
    )


def _facts(entry: FundEvent) -> tuple[Fact, ...]:
    return (
        Fact(
            _("Entry"),
            " ".join(part for part in (words.say(codes.LEDGER[entry.kind]), wording.marks(entry)) if part),
        ),
        Fact(_("Investor"), entry.investor.name if entry.investor else _("the whole fund")),
        Fact(_("Amount"), wording.exact(entry.amount)),
        Fact(_("Date"), words.day(entry.effective_date)),
        Fact(_("Recorded"), f"{words.moment(entry.recorded_at)} {entry.recorded_by.full_name}"),
    )


def value(fund: Fund, holding: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_valuation(holding=holding.public_id, **values, by=by, now=at)

    methods = tuple((code, words.say(codes.METHODS[code])) for code in ValuationMethod.values)
    return Form(
        title=_("Value a holding"),
        back=_back(fund, holding),
        intro=_("What the stake is worth at the end of the day; zero is a value. A second value for the same day "
                "takes the place of the first."),
        facts=(*_held(holding), *shares.facts(shares.owned_at(holding, now))),
        fields=(
            forms.money("fair_value", _("Fair value")),
            Field("method", _("Method"), "choice", choices=methods),
            forms.day(now),
        ),
        main="fair_value",
        notice="holding-valued",
        enter=enter,
    )  # fmt: skip


def exit(fund: Fund, holding: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or "", "route": values["route"] or ""}
        return operations.record_exit(holding=holding.public_id, **said, by=by, now=at)

    found = shares.owned_at(holding, now)
    open_loans = security_forms.outstanding(holding, now)
    sold = (
        *((share_forms.whole("shares", _("Shares sold"), required=False),) if found.shares else ()),
        *((security_forms.which(open_loans),) if open_loans else ()),
    )
    routes = tuple((code, words.say(codes.ROUTES[code])) for code in ExitRoute.values)
    return Form(
        title=_("Record an exit"),
        back=_back(fund, holding),
        intro=_("In whole or in part: what was got for it, and how much of the cost goes with it."),
        facts=(*_held(holding), *shares.facts(found)),
        fields=(
            forms.money("cash", _("Cash got"), hint=_("In yuan; 0 where nothing was got.")),
            *sold,
            Field("cost", _("Cost released"), "money", required=not sold, most=40,
                  hint=_("In yuan; left out, it is the part of the shares sold, or the convertible's.") if sold else
                  _("In yuan, such as 1,234,567.89.")),
            Field("route", _("How"), "choice", required=False, choices=(("", _("not stated")), *routes)),
            forms.day(now),
            forms.note(),
        ),
        main="cost",
        notice="holding-exited",
        enter=enter,
    )  # fmt: skip


def write_off(fund: Fund, holding: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or ""}
        return operations.record_write_off(holding=holding.public_id, **said, by=by, now=at)

    return Form(
        title=_("Write off a holding"),
        back=_back(fund, holding),
        intro=_("In whole or in part: the cost that is given up as lost."),
        facts=_held(holding),
        fields=(forms.money("cost", _("Cost given up")), forms.day(now), forms.note()),
        main="cost",
        notice="holding-written-off",
        enter=enter,
    )


def receipt(fund: Fund, holding: Any, now: datetime) -> Form:
    """Cash without cost."""
    kinds = tuple((kind.value, words.say(codes.HOLDING[kind.value])) for kind in RECEIPTS)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or ""}
        return operations.record_receipt(holding=holding.public_id, **said, by=by, now=at)

    return Form(
        title=_("Record cash without cost"),
        back=_back(fund, holding),
        intro=_("A dividend or interest, or what came back of a loss that was written off. The cost stays as it is."),
        facts=_held(holding),
        fields=(
            Field("kind", _("What it is"), "choice", choices=kinds),
            forms.money("cash", _("Cash got")),
            forms.day(now),
            forms.note(),
        ),
        main="cash",
        notice="holding-received",
        enter=enter,
    )  # fmt: skip


def _back(fund: Fund, holding: Any) -> Link:
    return Link(wording.investee(holding), reverse("web:fund_holding", args=[fund.code, holding.public_id]))


def _held(holding: Any) -> tuple[Fact, ...]:
    value_said = _("not valued yet") if holding.fair_value is None else wording.exact(holding.fair_value)
    return (
        Fact(_("Investee"), wording.investee(holding)),
        Fact(_("Cost paid"), wording.exact(holding.invested)),
        Fact(_("Cost left"), wording.exact(holding.remaining_cost)),
        Fact(_("Fair value"), value_said),
        Fact(_("Last deal"), words.day(holding.last_deal_on)),
    )


def deal(fund: Fund, public_id: str) -> HoldingEvent:
    """An investment, exit or write-off of this fund. Raises NotFound."""
    found = queries.deals(*HoldingEventKind.values).filter(holding__fund=fund, public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def reverse_deal(fund: Fund, deal: HoldingEvent, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or ""}
        return operations.reverse_holding_event(event=deal.public_id, **said, by=by, now=at)

    return Form(
        title=_("Reverse a deal"),
        back=_back(fund, deal.holding),
        intro=_("The deal stays to be read; from the day on a second row takes it back."),
        facts=(
            Fact(_("Deal"), words.say(codes.HOLDING[deal.kind])),
            Fact(_("Investee"), wording.investee(deal.holding)),
            Fact(_("Cash"), wording.exact(deal.cash)),
            Fact(_("Cost"), wording.exact(deal.cost)),
            Fact(_("Date"), words.day(deal.effective_date)),
        ),
        fields=(forms.day(now), forms.note()),
        main="effective_date",
        notice="fund-reversed",
        enter=enter,
        submit=_("Reverse it"),
    )


def held(fund: Fund, public_id: str, now: datetime) -> Any:
    """The holding of this fund as it stands today. Raises NotFound."""
    tomorrow = days.today(now) + timedelta(days=1)
    found = queries.holding(public_id, as_of=tomorrow, known_at=now)
    if found.fund_id != fund.pk:
        raise NotFound
    return found


#: By the word in their address.
OF_ENTRY: dict[str, Callable[[Fund, FundEvent, datetime], Form]] = {
    "correct": correct_entry,
    "reverse": reverse_entry,
}
OF_HOLDING: dict[str, Callable[[Fund, Any, datetime], Form]] = {
    "value": value,
    "exit": exit,
    "write-off": write_off,
    "receipt": receipt,
    "round": share_forms.round_,
    "warrant": security_forms.warrant,
}
OF_DEAL: dict[str, Callable[[Fund, HoldingEvent, datetime], Form]] = {
    "reverse": reverse_deal,
    "shares": share_forms.of_shares,
    "convertible": security_forms.convertible,
}
