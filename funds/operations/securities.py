"""Convertibles and warrants: their terms, conversion, exercise, and taking any of that back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Organisation, Person
from finance_hub.kernel.problems import FieldError, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, HoldingEvent, HoldingEventKind, Security, SecurityKind, Units, UnitsKind
from funds.operations import deals, units
from funds.operations.investees import firm_for, open_holding
from funds.operations.ledger import CashShort
from funds.operations.reversing import AlreadyReversed, ReversalOfAReversal
from funds.operations.rounds import lock_shares, require_shares
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries import balances
from funds.queries.rounds import book, stands_now, to_fen
from funds.queries.securities import conversion, exercised


class SecurityEnded(Problem):
    code = "security-ended"
    status = 409
    title = Text("该可转债已转股或兑付", "The convertible was converted or paid back already")


class WarrantLapsed(Problem):
    code = "warrant-lapsed"
    status = 409
    title = Text("认股权已到期", "The warrant has lapsed")


class MoreThanTheWarrant(Problem):
    code = "more-than-the-warrant"
    status = 422
    title = Text("超过认股权可认购的股数", "It is more than the warrant is for")
    detail = Text(
        "行权 {shares} 股，尚可认购 {room} 股", "{shares} shares, where {room} are left to be taken"
    )


def record_convertible(
    *, investment: str, annual_rate_pct: Decimal, ends_on: date, document: str, cap: Decimal | None = None,
    discount_pct: Decimal | None = None, bank: str | None = None, reference: str = "", note: str = "",
    by: Person, now: datetime,
) -> Security:  # fmt: skip
    """The investment with public id `investment` bought a convertible with these terms; its cost is the principal.

    Raises InvalidFields, UnitsAlreadyRecorded.
    """
    if cap is not None:
        require_amount(cap, pointer="#/cap")
    with transaction.atomic():
        event = HoldingEvent.objects.select_related("holding__firm", "holding__fund").filter(
            public_id=investment, kind=HoldingEventKind.INVESTMENT, reverses=None, reversed_by=None
        ).first()  # fmt: skip
        if event is None:
            raise refuse("#/investment", "investment-unknown", "没有这笔投资", "There is no such investment")
        fund = lock_fund(event.holding.fund.code)
        firm = units.firm_of(event.holding)
        if Units.objects.filter(stands_now(), event=event).exists() or (
            Security.objects.filter(stands_now(), event=event).exists()
        ):
            raise units.UnitsAlreadyRecorded
        return _enter(
            fund, SecurityKind.CONVERTIBLE, firm=firm, event=event, annual_rate_pct=annual_rate_pct, cap=cap,
            discount_pct=discount_pct, effective_date=event.effective_date, ends_on=ends_on, document=document,
            bank=bank, reference=reference, note=note, by=by, now=now,
        )  # fmt: skip


def record_warrant(
    *, fund: str, uscc: str, firm_name: str | None = None, effective_date: date, ends_on: date, strike: Decimal,
    document: str, shares: int | None = None, share_pct: Decimal | None = None, bank: str | None = None,
    reference: str = "", note: str = "", by: Person, now: datetime,
) -> Security:  # fmt: skip
    """The fund may buy shares of a firm at the `strike` until the end of `ends_on`: `shares` of them, or `share_pct`
    of all shares of the day. With a loan, `reference` is what its `bank` (a code) calls the warrant.

    Raises NotFound, InvalidFields.
    """
    if (shares is None) == (share_pct is None):
        raise refuse(
            "#/shares", "one-of-shares-and-part", "须且只能填写股数或股份比例之一",
            "Give either the number of shares or their part",
        )  # fmt: skip
    if shares is not None:
        require_shares(shares)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        firm = firm_for(uscc, name=firm_name, known_from=effective_date, by=by, now=now)
        return _enter(
            held, SecurityKind.WARRANT, firm=firm, shares=shares, share_pct=share_pct, strike=strike,
            effective_date=effective_date, ends_on=ends_on, document=document, bank=bank, reference=reference,
            note=note, by=by, now=now,
        )  # fmt: skip


def convert(
    *, security: str, round: str, effective_date: date, shares: int | None = None, note: str = "", by: Person,
    now: datetime,
) -> Units:  # fmt: skip
    """The convertible becomes shares in a round. `shares` are those of the agreement; left out, those of its terms.

    The cost stays what was invested. Raises NotFound, InvalidFields, SecurityEnded, StakeAboveWhole.
    """
    with transaction.atomic():
        first = _find(security, SecurityKind.CONVERTIBLE)
        event = first.event
        if event is None:
            raise NotFound
        lock_fund(first.fund.code)
        _require_day(effective_date, first, now=now)
        if Units.objects.filter(stands_now(), security=first).exists():
            raise SecurityEnded
        lock_shares(first.firm)
        at = units.round_of(event.holding, round, day=effective_date)
        if shares is None:
            shares = conversion(first, principal=event.cost, at=at, day=effective_date).shares
        require_shares(shares)
        row = units.enter(
            event.holding, kind=UnitsKind.CONVERTED, shares=shares, day=effective_date, round=at, security=first,
            note=note, by=by, now=now,
        )  # fmt: skip
        audit.record(
            "security.convert", actor=by, subject=f"fund:{first.fund.code}", at=now, **units.facts_of(row)
        )
    return row


def exercise(
    *, security: str, shares: int, effective_date: date, note: str = "", by: Person, now: datetime
) -> HoldingEvent:
    """The fund takes `shares` by the warrant and pays shares × strike, to the fen: an investment.

    Raises NotFound, InvalidFields, WarrantLapsed, MoreThanTheWarrant, CashShort, StakeAboveWhole.
    """
    require_shares(shares)
    with transaction.atomic():
        first = _find(security, SecurityKind.WARRANT)
        fund = lock_fund(first.fund.code)
        _require_day(effective_date, first, now=now)
        if effective_date > first.ends_on:
            raise WarrantLapsed
        lock_shares(first.firm)
        _require_left(first, shares, day=effective_date, now=now)
        amount = to_fen(Fraction(first.strike or 0) * shares)
        require_amount(amount, pointer="#/shares")
        require_room(
            CashShort, amount=amount, room=balances.cash(fund, day=effective_date), pointer="#/shares"
        )
        holding = open_holding(
            fund,
            uscc=first.firm.uscc,
            firm_name=None,
            sub_fund=None,
            known_from=effective_date,
            by=by,
            now=now,
        )
        event = deals.enter(
            holding, HoldingEventKind.INVESTMENT, cash=amount, cost=amount, effective_date=effective_date,
            note=note, by=by, now=now,
        )  # fmt: skip
        units.enter(
            holding, kind=UnitsKind.EXERCISED, shares=shares, day=effective_date, event=event, security=first,
            by=by, now=now,
        )  # fmt: skip
        return deals.said(event, by=by, now=now, shares=shares, warrant=security)


def reverse_security(
    *, security: str, effective_date: date, note: str = "", by: Person, now: datetime
) -> Security:
    """Take back the terms of a convertible or a warrant that nobody has used, from a day on.

    Raises NotFound, InvalidFields, AlreadyReversed, ReversalOfAReversal, SecurityInUse.
    """
    with transaction.atomic():
        first = Security.objects.select_related("fund", "firm").filter(public_id=security).first()
        if first is None:
            raise NotFound
        lock_fund(first.fund.code)
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if Security.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        units.require_on_or_after(first.effective_date, day=effective_date, now=now)
        taken_back = units.take_back_security(first, on=effective_date, note=note, by=by, now=now)
        audit.record(
            "security.reverse", actor=by, subject=f"fund:{first.fund.code}", at=now, reverses=security,
            security=taken_back.public_id, effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return taken_back


def _find(public_id: str, kind: str) -> Security:
    found = Security.objects.select_related("fund", "firm", "event__holding__firm", "event__holding__fund")
    one = found.filter(stands_now(), public_id=public_id, kind=kind).first()
    if one is None:
        raise NotFound
    return one


def _require_left(first: Security, shares: int, *, day: date, now: datetime) -> None:
    most = first.shares
    if most is None:
        rounds = book(as_of=date.max, known_at=now, firm=first.firm, organisation=first.fund.manager_id)
        last = rounds.filter(effective_date__lte=day).last()
        if last is None:
            raise refuse(
                "#/shares", "no-round-recorded", "按比例行权须先登记企业的融资轮次",
                "A part of all shares is known once a round of the firm is recorded",
            )  # fmt: skip
        most = int(Fraction(first.share_pct or 0) * last.shares_after / 100)
    room = max(most - exercised(first), 0)
    if shares > room:
        said = {"shares": str(shares), "room": str(room)}
        words = MoreThanTheWarrant.detail.fill(**said)
        raise MoreThanTheWarrant(
            errors=(FieldError(MoreThanTheWarrant.code, "#/shares", words, said),), **said
        )


def _require_day(day: date, right: Security, *, now: datetime) -> None:
    """Refuses a day in the future, and one before the right was had."""
    require_day(day, now=now)
    if day < right.effective_date:
        raise refuse(
            "#/effective_date", "date-before-the-right", "日期早于取得该权利之日 {effective_date}",
            "The date is before the right was had, {effective_date}",
            effective_date=right.effective_date.isoformat(),
        )  # fmt: skip


def _enter(
    fund: Fund, kind: str, *, bank: str | None, reference: str, effective_date: date, ends_on: date, by: Person,
    now: datetime, **terms: Any,
) -> Security:  # fmt: skip
    if (bank is None) != (not reference.strip()):
        raise refuse(
            "#/reference", "bank-and-reference", "银行与其认股权编号须一并填写",
            "Name the bank and its reference, or neither",
        )  # fmt: skip
    if ends_on <= effective_date:
        raise refuse(
            "#/ends_on",
            "ends-before-it-begins",
            "到期日须晚于起始日",
            "It ends after the day on which it begins",
        )
    lender = Organisation.objects.filter(code=bank, kind="bank").first() if bank is not None else None
    if bank is not None and lender is None:
        raise refuse("#/bank", "bank-unknown", "没有这家银行", "There is no such bank")
    security = Security.objects.create(
        public_id=ids.new("se"), kind=kind, fund=fund, bank=lender, reference=reference if lender else "",
        effective_date=effective_date, ends_on=ends_on, recorded_at=now, recorded_by=by, **terms,
    )  # fmt: skip
    audit.record(
        "security.record", actor=by, subject=f"fund:{fund.code}", at=now, security=security.public_id, kind=kind,
        uscc=security.firm.uscc, effective_date=effective_date.isoformat(), ends_on=ends_on.isoformat(),
        bank=bank, reference=security.reference,
    )  # fmt: skip
    return security
