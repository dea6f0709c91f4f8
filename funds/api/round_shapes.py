"""What the API of rounds, rights to shares, and ownership takes and gives."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from finance_hub.rest.fields import (
    Choice,
    Day,
    Money,
    Name,
    Rate,
    Record,
    Strict,
    Uscc,
    Whole,
    Words,
    is_text,
)
from funds.api.shapes import Entry, InvesteeShown, page_of
from funds.models import SecurityKind, UnitsKind, ValuationMethod
from funds.models.rounds import MOST_SHARES

_PRICE = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)
_LEFT_OUT: dict[str, Any] = {"required": False, "allow_null": True}


@extend_schema_field({"type": "string", "pattern": f"^{_PRICE.pattern}$", "example": "12.500000"})
class Price(Strict):
    """Yuan for one share, above zero, with at most six places, as a decimal string."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not is_text(data):
            raise self.refuse("amount-not-a-string")
        if not _PRICE.fullmatch(data):
            raise self.refuse("invalid")
        price = Decimal(data)
        if price <= 0:
            raise self.refuse("amount-not-positive")
        return price

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.6f}"


def _shares(**kwargs: Any) -> Whole:
    return Whole(least=1, most=MOST_SHARES, **kwargs)


class NewRound(Record):
    """Either `pre_money` or `price`; the other follows. `shares_after` counts all shares, fully diluted.

    `firm_name` is for a firm that the registry does not know.
    """

    uscc = Uscc()
    firm_name = Words(max_length=200, **_LEFT_OUT)
    name = Name(max_length=40)
    effective_date = Day()
    raised = Money(positive=True)
    pre_money = Money(positive=True, **_LEFT_OUT)
    price = Price(**_LEFT_OUT)
    new_shares = _shares()
    shares_after = _shares()
    lead_investor = Words(max_length=200, min_length=0, default="")
    document = Words(max_length=200)
    note = Words(max_length=500, min_length=0, default="")


class RoundShown(Entry):
    """`organisation` recorded it; `taken_back_by` is the id of the row that reverses it, or null."""

    organisation = Words(max_length=40, source="organisation.code")
    uscc = Words(max_length=18, source="firm.uscc")
    firm_name = Words(max_length=200, source="firm.name")
    name = Words(max_length=40)
    pre_money = Money()
    raised = Money()
    post_money = Money()
    price = Price()
    new_shares = _shares()
    shares_after = _shares()
    lead_investor = Words(max_length=200)
    document = Words(max_length=200)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    taken_back_by = Words(max_length=40, allow_null=True)
    note = Words(max_length=500)


class NewRoundReversal(Record):
    note = Words(max_length=500, min_length=0, default="")


class NewUnits(Record):
    """What an investment bought, perhaps in a round (its id), or an exit released."""

    shares = _shares()
    round = Words(max_length=40, required=False)
    note = Words(max_length=500, min_length=0, default="")


class UnitsShown(Entry):
    """`event` is the entry that moved the shares, null for a conversion; `security` what they came from."""

    holding = Words(max_length=40, source="holding.public_id")
    kind = Choice(UnitsKind.values)
    shares = Whole()
    event = Words(max_length=40, source="event.public_id", default=None, allow_null=True)
    round = Words(max_length=40, source="round.public_id", default=None, allow_null=True)
    security = Words(max_length=40, source="security.public_id", default=None, allow_null=True)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    note = Words(max_length=500)


class Granted(Record):
    """`bank` and `reference`, what the bank calls it, where it came with a loan."""

    ends_on = Day()
    document = Words(max_length=200)
    bank = Words(max_length=40, **_LEFT_OUT)
    reference = Words(max_length=64, min_length=0, default="")
    note = Words(max_length=500, min_length=0, default="")


class NewConvertible(Granted):
    """The terms of what an investment bought: `cap` is the highest pre-money at which it converts."""

    investment = Words(max_length=40)
    annual_rate_pct = Rate()
    cap = Money(positive=True, **_LEFT_OUT)
    discount_pct = Rate(**_LEFT_OUT)


class NewWarrant(Granted):
    """For `shares`, or for `share_pct` of all shares of the day: one of the two."""

    fund = Words(max_length=40)
    uscc = Uscc()
    firm_name = Words(max_length=200, **_LEFT_OUT)
    effective_date = Day()
    shares = _shares(**_LEFT_OUT)
    share_pct = Rate(**_LEFT_OUT)
    strike = Price()


class SecurityShown(Entry):
    """`state` of a convertible: outstanding, matured, converted, redeemed; of a warrant: live, part_exercised,
    exercised, lapsed. `principal` is the cost of the investment that bought a convertible."""

    kind = Choice(SecurityKind.values)
    fund = Words(max_length=40, source="fund.code")
    uscc = Words(max_length=18, source="firm.uscc")
    firm_name = Words(max_length=200, source="firm.name")
    ends_on = Day()
    state = Words(max_length=20)
    used_shares = Whole(most=MOST_SHARES)
    investment = Words(max_length=40, source="event.public_id", default=None, allow_null=True)
    principal = Money(source="event.cost", default=None, allow_null=True)
    annual_rate_pct = Rate(allow_null=True)
    cap = Money(allow_null=True)
    discount_pct = Rate(allow_null=True)
    shares = Whole(allow_null=True)
    share_pct = Rate(allow_null=True)
    strike = Price(allow_null=True)
    bank = Words(max_length=40, source="bank.code", default=None, allow_null=True)
    reference = Words(max_length=64)
    document = Words(max_length=200)
    note = Words(max_length=500)


class ReversedSecurity(Entry):
    """The row that takes back `reverses`."""

    kind = Choice(SecurityKind.values)
    fund = Words(max_length=40, source="fund.code")
    uscc = Words(max_length=18, source="firm.uscc")
    reverses = Words(max_length=40, source="reverses.public_id")
    note = Words(max_length=500)


class NewConversion(Record):
    """`shares` are those of the agreement; left out, those that the terms make."""

    round = Words(max_length=40)
    effective_date = Day()
    shares = _shares(**_LEFT_OUT)
    note = Words(max_length=500, min_length=0, default="")


class ConversionShown(Record):
    """(principal + interest) ÷ price, whole shares."""

    principal = Money()
    interest = Money()
    price = Price()
    shares = Whole(most=MOST_SHARES)


class NewExercise(Record):
    shares = _shares()
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class StandingShown(Record):
    """At the end of a day that changed the part; `what` are kinds of units, `diluted` or `reversed`."""

    effective_date = Day(source="day")
    what = serializers.ListField(child=Words(max_length=12))
    rounds = serializers.ListField(child=Words(max_length=40))
    shares = Whole()
    total_shares = Whole(source="total", allow_null=True)
    pct = Rate(full=True, allow_null=True)


class ProposalShown(Record):
    """What the shares are worth at the price of the last round; record it as a valuation where it fits."""

    fair_value = Money()
    method = Choice(ValuationMethod.values)
    round = Words(max_length=40, source="round.public_id")
    round_date = Day(source="round.effective_date")
    price = Price(source="round.price")


class PartShown(Record):
    """`pct` is null with its `reason`: nobody recorded shares, or a round that says how many there are."""

    holding = Words(max_length=40, source="holding.public_id")
    fund = Words(max_length=40, source="holding.fund.code")
    shares = Whole(allow_null=True)
    total_shares = Whole(source="total", allow_null=True)
    pct = Rate(full=True, allow_null=True)
    reason = Words(max_length=40, allow_null=True)


class OwnershipShown(PartShown):
    investee = InvesteeShown(source="holding")
    path = StandingShown(many=True)
    proposal = ProposalShown(allow_null=True)


class WholeShown(Record):
    """All holdings in scope beside all shares of the newest round in scope; `others` hold the rest."""

    data = PartShown(many=True, source="parts")  # type: ignore[assignment]  # a field, taken off the class by DRF
    shares = Whole()
    total_shares = Whole(source="total", allow_null=True)
    pct = Rate(full=True, allow_null=True)
    others = Whole(allow_null=True)


RoundPage = page_of(RoundShown)
SecurityPage = page_of(SecurityShown)
UnitsPage = page_of(UnitsShown)
