"""An investor gives all or a part of its commitment to another, with the same share of all that stands to its account."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Q

from finance_hub.kernel import audit, ids
from finance_hub.kernel.models import Person
from finance_hub.kernel.money import fen, yuan
from finance_hub.kernel.problems import Problem, refuse
from finance_hub.kernel.text import Text
from funds.models import Fund, FundEvent, FundEventKind, Investor, Moved
from funds.operations.ledger import Marks, enter, require_standing
from funds.operations.rules import lock_fund, require_amount, require_day, require_room
from funds.queries.accounts import standings


class TransferAboveCommitment(Problem):
    code = "transfer-above-commitment"
    status = 422
    title = Text("转让额超过转让方的认缴额", "It is above the seller's commitment")
    detail = Text(
        "转让 {amount} 元，转让方认缴 {room} 元", "Transferred {amount}; the seller has committed {room}"
    )


def transfer_commitment(
    *,
    fund: str,
    seller: str,
    buyer: str,
    amount: Decimal,
    effective_date: date,
    note: str = "",
    by: Person,
    now: datetime,
) -> list[FundEvent]:
    """Move `amount` of the commitment of `seller` to `buyer` (names of investors of the fund); the rows.

    What the seller was called for, has paid and got goes with it in the share that `amount` is of its
    commitment in force, each to the nearest cent. The price that the two agree on is not the fund's.
    Raises NotFound, InvalidFields, TransferAboveCommitment, LedgerWouldBreak.
    """
    require_amount(amount)
    with transaction.atomic():
        held = lock_fund(fund)
        require_day(effective_date, now=now, since=held.established_on)
        if seller == buyer:
            raise refuse("#/buyer", "same-investor", "转让双方不能相同", "Seller and buyer are the same")
        sides = {
            Moved.OUT: _investor(held, seller, "#/seller"),
            Moved.IN: _investor(held, buyer, "#/buyer"),
        }
        notice, rows = ids.new("fn"), []
        for moved in _share(sides[Moved.OUT], amount, day=effective_date):
            rows += [
                enter(
                    held, investor, moved=side, notice=notice, effective_date=effective_date, note=note, by=by,
                    now=now, **moved,
                )
                for side, investor in sides.items()
            ]  # fmt: skip
        for investor in sides.values():
            require_standing(held, investor, since=effective_date)
        audit.record(
            "fund.transfer", actor=by, subject=f"fund:{fund}", at=now, notice=notice, seller=seller,
            buyer=buyer, amount=f"{amount:.2f}", effective_date=effective_date.isoformat(),
        )  # fmt: skip
    return rows


def _investor(fund: Fund, name: str, pointer: str) -> Investor:
    investor = Investor.objects.filter(fund=fund, name=name).first()
    if investor is None:
        raise refuse(pointer, "investor-unknown", "该基金没有这个出资人", "The fund has no such investor")
    return investor


def _share(seller: Investor, amount: Decimal, *, day: date) -> list[dict[str, Any]]:
    """What moves, by kind and marks. The commitment moved less the release moved is `amount` to the cent."""
    held = standings(Q(investor=seller, effective_date__lte=day))
    released = sum((row.total for row in held if row.kind == FundEventKind.RELEASE), Decimal(0))
    committed = sum((row.total for row in held if row.kind == FundEventKind.COMMITMENT), Decimal(0))
    in_force = committed - released
    require_room(TransferAboveCommitment, amount=amount, room=in_force, pointer="#/amount")
    share, moved = Fraction(amount) / Fraction(in_force), []
    for row in held:
        commitment = row.kind == FundEventKind.COMMITMENT
        part = amount + _rounded(released, share) if commitment else _rounded(row.total, share)
        if part > 0:
            moved.append({"kind": row.kind, "amount": part, **Marks.of(row)._asdict()})
    return moved


def _rounded(total: Decimal, share: Fraction) -> Decimal:
    return yuan(round(fen(total) * share))
