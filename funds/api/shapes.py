"""What the API of the funds takes and gives."""

from __future__ import annotations

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Day, Instant, Money, Name, Record, Uscc, Whole, Words, YesNo
from funds.models import FundEventKind, Nature, ValuationMethod
from funds.models.funds import Capital, Tier
from funds.models.holdings import RECEIPTS, ExitRoute
from funds.models.rounds import MOST_SHARES


class NewFund(Record):
    code = Words(max_length=40)
    name = Name(max_length=200)
    name_en = Name(max_length=200)
    tier = Choice(Tier.values)
    manager = Words(max_length=40)
    planned_size = Money(positive=True)
    established_on = Day()
    amac_code = Words(max_length=20, min_length=0, default="")
    ndrc_code = Words(max_length=40, min_length=0, default="")


class Manager(Record):
    code = Words(max_length=40)
    name = Words(max_length=200)
    name_en = Words(max_length=200)


class FundShown(Record):
    code = Words(max_length=40)
    name = Words(max_length=200)
    name_en = Words(max_length=200)
    tier = Choice(Tier.values)
    manager = Manager()
    planned_size = Money()
    established_on = Day()
    amac_code = Words(max_length=20)
    ndrc_code = Words(max_length=40)


class FundAccount(Record):
    """`outside` and `recallable` are part of `contributed` and `distributed`."""

    committed = Money()
    released = Money()
    called = Money()
    contributed = Money()
    outside = Money()
    distributed = Money()
    recallable = Money()
    uncalled = Money()
    unfunded = Money()


class FundPosition(FundAccount):
    carry = Money()
    fees = Money()
    expenses = Money()
    invested = Money()
    proceeds = Money()
    income = Money()
    cash = Money()


class FundWithPosition(FundShown):
    position = FundPosition()


class NewInvestor(Record):
    """`holder` is the code of the fund of ours that the investor is, where it is one."""

    name = Name(max_length=200)
    capital = Choice(Capital.values)
    holder = Words(max_length=40, source="holder.code", default=None, allow_null=True)


class Marked(Record):
    """What an event may say of itself: the first two of a distribution, the last of a call or contribution."""

    nature = Choice(Nature.values, default="")
    recallable = YesNo(default=False)
    outside_commitment = YesNo(default=False)


class NewFundEvent(Marked):
    kind = Choice(FundEventKind.values)
    amount = Money(positive=True)
    effective_date = Day()
    investor = Words(max_length=200, required=False)
    note = Words(max_length=500, min_length=0, default="")


class NewReversal(Record):
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class Entry(Record):
    """What all entries show. `reverses` is the id of the entry taken back, or null."""

    id = Words(max_length=40, source="public_id")
    effective_date = Day()
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")


class FundEventShown(Entry):
    kind = Choice(FundEventKind.values)
    amount = Money()
    investor = Words(max_length=200, source="investor.name", default=None, allow_null=True)
    nature = Words(max_length=20)
    recallable = YesNo()
    outside_commitment = YesNo()
    moved = Words(max_length=3)
    notice = Words(max_length=40)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    corrects = Words(max_length=40, source="corrects.public_id", default=None, allow_null=True)
    note = Words(max_length=500)


class NewInvestment(Record):
    """Either `uscc` (with `firm_name` if the registry does not know it) or `sub_fund`, a fund's code.

    `shares` says how many shares of the firm were bought, `round` in which round of it.
    """

    uscc = Uscc(required=False)
    firm_name = Words(max_length=200, required=False)
    sub_fund = Words(max_length=40, required=False)
    shares = Whole(least=1, most=MOST_SHARES, required=False)
    round = Words(max_length=40, required=False)
    amount = Money(positive=True)
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class NewInvestmentOfFund(NewInvestment):
    fund = Words(max_length=40)


class NewWriteOff(Record):
    holding = Words(max_length=40)
    cost = Money(positive=True)
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class NewReceipt(Record):
    """Cash without cost: income such as a dividend, or a recovery of what was written off."""

    holding = Words(max_length=40)
    kind = Choice([kind.value for kind in RECEIPTS])
    cash = Money(positive=True)
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class NewExit(NewWriteOff):
    """`shares` sold, or the `convertible` paid back; with one of them `cost` may be left out and follows."""

    cash = Money()
    cost = Money(positive=True, required=False)
    shares = Whole(least=1, most=MOST_SHARES, required=False)
    convertible = Words(max_length=40, required=False)
    route = Choice(ExitRoute.values, default="")


class InvesteeShown(Record):
    """Of a firm: code and name; of a sub-fund: its code. The other pair is null."""

    uscc = Words(max_length=18, source="firm.uscc", default=None, allow_null=True)
    firm_name = Words(max_length=200, source="firm.name", default=None, allow_null=True)
    sub_fund = Words(max_length=40, source="sub_fund.code", default=None, allow_null=True)


class DealShown(Entry):
    kind = Words(max_length=12)
    fund = Words(max_length=40, source="holding.fund.code")
    holding = Words(max_length=40, source="holding.public_id")
    investee = InvesteeShown(source="holding")
    cash = Money()
    cost = Money()
    route = Words(max_length=12)
    reverses = Words(max_length=40, source="reverses.public_id", default=None, allow_null=True)
    note = Words(max_length=500)


class HoldingShown(Record):
    """`fair_value` is null until a value is reported; `stale` says why a value is no longer fresh (not-valued,
    older-than-last-deal, older-than-last-round, too-old by the terms of the fund), empty where it is."""

    id = Words(max_length=40, source="public_id")
    fund = Words(max_length=40, source="fund.code")
    investee = InvesteeShown(source="*")
    invested = Money()
    cost_exited = Money()
    cost_written_off = Money()
    proceeds = Money()
    income = Money()
    remaining_cost = Money()
    fair_value = Money(allow_null=True)
    method = Words(max_length=24, allow_null=True)
    valued_on = Day(allow_null=True)
    last_deal_on = Day()
    last_round_on = Day(allow_null=True)
    stale = serializers.ListField(child=Words(max_length=40))


class NewValuation(Record):
    holding = Words(max_length=40)
    fair_value = Money()
    method = Choice(ValuationMethod.values)
    effective_date = Day()


class ValuationShown(Entry):
    fund = Words(max_length=40, source="holding.fund.code")
    holding = Words(max_length=40, source="holding.public_id")
    fair_value = Money()
    method = Choice(ValuationMethod.values)


def page_of(shape: type[Record]) -> type[Record]:
    """A list of the shape, and how to go on."""
    fields = {
        "data": shape(many=True),
        "next_cursor": Words(max_length=500, allow_null=True),
        "has_more": YesNo(),
    }
    return type(f"{shape.__name__}Page", (Record,), fields)


FundPage = page_of(FundShown)
InvestorPage = page_of(NewInvestor)
EventPage = page_of(FundEventShown)
DealPage = page_of(DealShown)
HoldingPage = page_of(HoldingShown)
ValuationPage = page_of(ValuationShown)
