"""A firm's rounds of financing, each in the book of the organisation that records it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import connection, transaction

from finance_hub.kernel import audit, firms, ids, scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Organisation, Person
from finance_hub.kernel.problems import FieldError, Forbidden, NotFound, Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Round, Units
from funds.models.rounds import MOST_SHARES
from funds.operations.investees import firm_for
from funds.operations.reversing import AlreadyReversed, ReversalOfAReversal
from funds.operations.rules import require_amount, require_day
from funds.queries import ownership
from funds.queries.rounds import stands_now, to_fen

#: Whoever changes the shares of a firm queues here, whoever manages the fund: stakes are added up over all.
LOCK = 0x726F756E
PRICE_PLACES = Decimal("0.000001")


class RoundAlreadyRecorded(Problem):
    code = "round-already-recorded"
    status = 409
    title = Text("该企业的这一轮融资已登记", "That round of the firm is recorded already")


class RoundInUse(Problem):
    code = "round-in-use"
    status = 409
    title = Text(
        "有持股来自该轮融资，不能冲销", "Shares of a holding come from that round, so it is not reversed"
    )


class StakeAboveWhole(Problem):
    code = "stake-above-whole"
    status = 422
    title = Text("持股超过企业全部股份", "More shares would be held than the firm has")
    detail = Text(
        "{day} 各基金合计持有 {held} 股，而企业共有 {total} 股",
        "On {day} the funds would hold {held} shares together, of {total} that there are",
    )


def record_round(
    *,
    uscc: str,
    firm_name: str | None = None,
    name: str,
    effective_date: date,
    raised: Decimal,
    new_shares: int,
    shares_after: int,
    document: str,
    pre_money: Decimal | None = None,
    price: Decimal | None = None,
    lead_investor: str = "",
    note: str = "",
    by: Person,
    now: datetime,
) -> Round:
    """A round of a firm (registered, unverified, where `firm_name` is given): `raised` yuan for `new_shares`,
    `shares_after` being all shares.

    Either the pre-money or the price of a share is given; the other follows: price = raised ÷ new shares, and
    pre-money = price × the shares before. Both have to agree with the shares to one share.
    Raises InvalidFields, RoundAlreadyRecorded, StakeAboveWhole.
    """
    require_amount(raised, pointer="#/raised")
    require_day(effective_date, now=now)
    require_shares(new_shares, pointer="#/new_shares")
    require_shares(shares_after, pointer="#/shares_after")
    if shares_after <= new_shares:
        raise refuse(
            "#/shares_after", "no-shares-before", "总股数须大于新增股数",
            "All shares are more than the new ones",
        )  # fmt: skip
    of_money = _money(raised, new_shares, shares_after, pre_money=pre_money, price=price)
    with transaction.atomic():
        firm = firm_for(uscc, name=firm_name, known_from=effective_date, by=by, now=now)
        firms.require_founded(firm, on=effective_date)
        lock_shares(firm)
        own = Round.objects.filter(stands_now(), organisation=by.organisation, firm=firm)
        if own.filter(name=name).exists():
            raise RoundAlreadyRecorded
        entered = Round.objects.create(
            public_id=ids.new("ro"), organisation=by.organisation, firm=firm, name=name, raised=raised,
            new_shares=new_shares, shares_after=shares_after, effective_date=effective_date, document=document,
            lead_investor=lead_investor, note=note, recorded_at=now, recorded_by=by, **of_money,
        )  # fmt: skip
        require_within_whole(firm, book=by.organisation, since=effective_date, pointer="#/shares_after")
        audit.record("round.record", actor=by, subject=f"firm:{uscc}", at=now, **_facts(entered))
    return entered


def reverse_round(*, round: str, note: str = "", by: Person, now: datetime) -> Round:
    """Take back a round of one's own organisation, as if it had never been; enter it anew as it was.

    Raises NotFound, Forbidden, ReversalOfAReversal, AlreadyReversed, RoundInUse, StakeAboveWhole.
    """
    with transaction.atomic():
        first = Round.objects.select_related("firm", "organisation").filter(public_id=round).first()
        if first is None:
            raise NotFound
        if first.organisation_id != by.organisation_id:
            raise Forbidden
        lock_shares(first.firm)
        if first.reverses_id is not None:
            raise ReversalOfAReversal
        if Round.objects.filter(reverses=first).exists():
            raise AlreadyReversed
        if Units.objects.filter(stands_now(), round=first).exists():
            raise RoundInUse
        copied = [
            "organisation", "firm", "name", "effective_date", "pre_money", "raised", "post_money", "price",
            "new_shares", "shares_after", "lead_investor", "document",
        ]  # fmt: skip
        taken_back = Round.objects.create(
            public_id=ids.new("ro"), reverses=first, note=note, recorded_at=max(now, first.recorded_at),
            recorded_by=by, **{column: getattr(first, column) for column in copied},
        )  # fmt: skip
        require_within_whole(
            first.firm, book=first.organisation, since=first.effective_date, pointer="#/effective_date"
        )
        audit.record(
            "round.reverse", actor=by, subject=f"firm:{first.firm.uscc}", at=now, reverses=round,
            **_facts(taken_back),
        )  # fmt: skip
    return taken_back


def lock_shares(firm: Firm) -> None:
    """Until commit nobody else changes the rounds of the firm, or whose its shares are. After the fund's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, firm.pk])


def require_shares(shares: int, *, pointer: str = "#/shares") -> None:
    """Refuses none, and more than any firm has."""
    if not 0 < shares <= MOST_SHARES:
        raise refuse(
            pointer,
            "shares-out-of-range",
            "股数须为正整数且在合理范围内",
            "A whole number of shares, and not too many",
        )


def require_within_whole(firm: Firm, *, book: Organisation, since: date, pointer: str) -> None:
    """From a day on, the funds of `book` hold no more than all shares in its own rounds, and all funds together no
    more than all shares in the newest round that anybody recorded. Before a first round nothing is known.

    Call with the firm's shares locked. Raises StakeAboveWhole.
    """
    with scoping.within(EVERYTHING):
        units = list(Units.objects.filter(holding__firm=firm).select_related("holding__fund"))
        rounds = list(Round.objects.filter(stands_now(), firm=firm).order_by("effective_date", "pk"))
    own = [row for row in units if row.holding.fund.manager_id == book.pk]
    _require_below(own, [one for one in rounds if one.organisation_id == book.pk], since, pointer)
    _require_below(units, rounds, since, pointer)


def _require_below(units: list[Units], rounds: list[Round], since: date, pointer: str) -> None:
    # A day on which nothing was held before counts too: the path leaves it out, and nothing is above its whole.
    stood = ownership.path(ownership.moves(units), rounds)
    before = [one for one in stood if one.day < since][-1:]
    for one in [*before, *(one for one in stood if one.day >= since)]:
        if one.total is not None and one.shares > one.total:
            said = {"day": max(one.day, since).isoformat(), "held": str(one.shares), "total": str(one.total)}
            words = StakeAboveWhole.detail.fill(**said)
            raise StakeAboveWhole(errors=(FieldError(StakeAboveWhole.code, pointer, words, said),), **said)


def _money(
    raised: Decimal, new: int, after: int, *, pre_money: Decimal | None, price: Decimal | None
) -> dict[str, Decimal]:
    """pre_money, post_money and price, the ones not given being derived. Raises InvalidFields."""
    if (pre_money is None) == (price is None):
        raise refuse(
            "#/pre_money", "one-of-pre-money-and-price", "须且只能填写投前估值或每股价格之一",
            "Give either the pre-money or the price of a share",
        )  # fmt: skip
    exact = Fraction(raised) / new
    paid = (Decimal(exact.numerator) / exact.denominator).quantize(PRICE_PLACES, ROUND_HALF_UP)
    if price is not None and price != paid:
        raise refuse(
            "#/price", "price-differs", "每股价格与募集金额、新增股数不符：应为 {price}",
            "The price does not agree with what was raised for the new shares: that is {price}", price=f"{paid:.6f}",
        )  # fmt: skip
    if pre_money is None:
        pre_money = to_fen(exact * (after - new))
    require_amount(pre_money, pointer="#/pre_money")
    post = pre_money + raised
    if not paid or abs(new * post - raised * after) > post:
        bought = int(Fraction(raised) * after / Fraction(post) + Fraction(1, 2))
        raise refuse(
            "#/new_shares", "shares-and-money-differ",
            "新增股数与估值不符：{raised} 元占投后估值 {post} 元，对应 {bought} 股",
            "The new shares do not agree with the money: {raised} of a post-money of {post} is {bought} shares",
            raised=f"{raised:.2f}", post=f"{post:.2f}", bought=str(bought),
        )  # fmt: skip
    return {"pre_money": pre_money, "post_money": post, "price": paid}


def _facts(one: Round) -> dict[str, Any]:
    return {
        "round": one.public_id, "name": one.name, "effective_date": one.effective_date.isoformat(),
        "raised": f"{one.raised:.2f}", "post_money": f"{one.post_money:.2f}", "new_shares": one.new_shares,
        "shares_after": one.shares_after, "document": one.document,
    }  # fmt: skip
