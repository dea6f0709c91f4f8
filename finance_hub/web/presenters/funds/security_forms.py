"""The forms of convertibles and warrants: each is one operation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds import forms, share_forms, shares, wording
from finance_hub.web.presenters.funds.forms import Form
from funds import codes, operations, queries
from funds.models import Fund, HoldingEvent
from funds.queries.securities import conversion


def warrant(fund: Fund, holding: Any, now: datetime) -> Form:
    if holding.firm is None:
        raise NotFound
    uscc = holding.firm.uscc

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = share_forms.texts(values, "reference")
        return operations.record_warrant(fund=fund.code, uscc=uscc, **said, by=by, now=at)

    return Form(
        title=_("Record a warrant"),
        back=share_forms.back(fund, holding),
        intro=_("The right to buy shares at a price that is agreed today. It costs nothing until it is exercised. Give "
                "the number of shares or their part of all shares."),
        facts=(Fact(_("Firm"), holding.firm.name), *share_forms.last_round(fund, holding, now)),
        fields=(
            forms.day(now),
            _ends_on(_("Last day")),
            share_forms.whole("shares", _("Number of shares"), required=False),
            Field("share_pct", _("Part of all shares"), "number", required=False, most=20, hint=_("In per cent.")),
            Field("strike", _("Price of a share"), "number", most=40, hint=_("In yuan, with six places at most.")),
            *_with_a_loan(),
            share_forms.document(),
            forms.note(),
        ),
        main="shares",
        notice="security-recorded",
        enter=enter,
    )  # fmt: skip


def convertible(fund: Fund, deal: HoldingEvent, now: datetime) -> Form:
    if deal.kind != "investment":
        raise NotFound

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = share_forms.texts(values, "reference")
        return operations.record_convertible(investment=deal.public_id, **said, by=by, now=at)

    return Form(
        title=_("Record the terms of a convertible"),
        back=share_forms.back(fund, deal.holding),
        intro=_("The investment bought a convertible: it becomes shares in a later round, or is paid back."),
        facts=share_forms.of_deal(deal),
        fields=(
            Field("annual_rate_pct", _("Interest"), "number", most=20,
                  hint=_("In per cent a year, simple; 0 where there is none.")),
            Field("cap", _("Cap"), "money", required=False, most=40,
                  hint=_("The highest pre-money at which it converts, in yuan.")),
            Field("discount_pct", _("Discount"), "number", required=False, most=20,
                  hint=_("In per cent off the price of the round.")),
            _ends_on(_("Maturity")),
            *_with_a_loan(),
            share_forms.document(),
            forms.note(),
        ),
        main="annual_rate_pct",
        notice="security-recorded",
        enter=enter,
    )  # fmt: skip


def convert(fund: Fund, security: Any, now: datetime) -> Form:
    """Each round is offered with the shares that the terms make in it on its day."""
    if security.kind != "convertible":
        raise NotFound
    rounds = share_forms.book(fund, security.firm, now).filter(effective_date__gte=security.effective_date)
    named = tuple((one.public_id, _offer(security, one)) for one in rounds)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.convert(security=security.public_id, **share_forms.texts(values), by=by, now=at)

    last = rounds.last()
    return Form(
        title=_("Convert into shares"),
        back=share_forms.back(fund, security.event.holding),
        intro=_("The cost stays what was invested. Without a number of shares, those of the terms are entered: principal "
                "and interest until the day, divided by the price."),
        facts=_of_security(security),
        fields=(
            Field("round", _("Round"), "choice", choices=named, initial=last.public_id if last else "",
                  hint="" if named else _("No later round is recorded yet: record it first.")),
            forms.day(now, initial=last.effective_date if last else None),
            share_forms.whole("shares", _("Shares"), required=False, hint=_("As agreed, where that differs from the terms.")),
            forms.note(),
        ),
        main="round",
        notice="security-converted",
        enter=enter,
        submit=_("Convert it"),
    )  # fmt: skip


def _offer(security: Any, one: Any) -> str:
    found = conversion(security, principal=security.event.cost, at=one, day=one.effective_date)
    return _("%(round)s %(day)s: %(shares)s shares at %(price)s yuan") % {
        "round": one.name,
        "day": words.day(one.effective_date),
        "shares": words.count(found.shares),
        "price": wording.price(found.price),
    }


def exercise(fund: Fund, security: Any, now: datetime) -> Form:
    if security.kind != "warrant":
        raise NotFound

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.exercise(security=security.public_id, **share_forms.texts(values), by=by, now=at)

    left = [] if security.shares is None else [
        Fact(_("Shares left"), words.count(security.shares - security.used_shares))
    ]  # fmt: skip
    return Form(
        title=_("Exercise a warrant"),
        back=_of_firm(fund, security),
        intro=_("The fund pays the price of each share: an investment is entered with it."),
        facts=(*_of_security(security), *left),
        fields=(share_forms.whole("shares", _("Shares")), forms.day(now), forms.note()),
        main="shares",
        notice="security-exercised",
        enter=enter,
        submit=_("Exercise it"),
    )


def reverse_security(fund: Fund, security: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.reverse_security(
            security=security.public_id, **share_forms.texts(values), by=by, now=at
        )

    return Form(
        title=_("Reverse a convertible or warrant"),
        back=_of_firm(fund, security),
        intro=_("The terms stay to be read; from the day on they are taken back. The investment stands."),
        facts=_of_security(security),
        fields=(forms.day(now, initial=security.effective_date), forms.note()),
        main="effective_date",
        notice="fund-reversed",
        enter=enter,
        submit=_("Reverse it"),
    )


def _with_a_loan() -> tuple[Field, ...]:
    banks = ((one.code, words.organisation(one)) for one in queries.securities.banks())
    named = (("", _("none: without a loan")), *banks)
    return (
        Field("bank", _("Bank"), "choice", required=False, choices=named, hint=_("Where it came with a loan of the bank.")),
        Field("reference", _("The bank's reference"), required=False, most=64, hint=_("As the bank reports it with the loan.")),
    )  # fmt: skip


def _ends_on(label: str) -> Field:
    return Field("ends_on", label, "day", hint=_("Written 2026-10-31."), most=20)


def _of_firm(fund: Fund, security: Any) -> Link:
    """The holding that a right belongs to, or the fund where nothing is held yet."""
    held = queries.securities.stake(security)
    return share_forms.back(fund, held) if held else forms.back_to(fund, "#holdings")


def _of_security(security: Any) -> tuple[Fact, ...]:
    return (
        Fact(_("Firm"), security.firm.name),
        Fact(_("Kind"), words.say(codes.SECURITIES[security.kind])),
        Fact(_("Terms"), shares.terms(security)),
        Fact(_("From"), words.day(security.effective_date)),
        Fact(_("Until"), words.day(security.ends_on)),
    )


def outstanding(holding: Any, now: datetime) -> list[Any]:
    """The convertibles of a holding that nothing has ended."""
    tomorrow = days.today(now) + timedelta(days=1)
    found = queries.securities.securities(as_of=tomorrow, known_at=now)
    return [one for one in found.filter(event__holding=holding).order_by("pk") if one.ended is None]


def which(found: list[Any]) -> Field:
    """The convertible that an exit pays back, if it does."""
    named = tuple((one.public_id, f"{shares.terms(one)} {words.day(one.ends_on)}") for one in found)
    return Field(
        "convertible",
        _("Convertible paid back"),
        "choice",
        required=False,
        choices=(("", _("none")), *named),
    )


def find(fund: Fund, public_id: str, now: datetime) -> Any:
    """One of this fund as it stands today. Raises NotFound."""
    tomorrow = days.today(now) + timedelta(days=1)
    found = queries.securities.security(public_id, as_of=tomorrow, known_at=now)
    if found.fund_id != fund.pk:
        raise NotFound
    return found


#: By the word in their address.
OF_SECURITY: dict[str, Callable[[Fund, Any, datetime], Form]] = {
    "convert": convert,
    "exercise": exercise,
    "reverse": reverse_security,
}
