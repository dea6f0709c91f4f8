"""What the API of ILPA's templates answers."""

from __future__ import annotations

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Day, Moment, Money, Record, Whole, Words, YesNo
from funds import ilpa
from tasks.api.shapes import Number
from tasks.ilpa.subject import SPANS

_PARTIES = ("fund", "investors", "manager", "investor")
_CODE, _NAME = 40, 200


def amount() -> Money:
    return Money(signed=True, allow_null=True)


class TypeShown(Record):
    """The treatment as -1, 0 or 1: what a positive amount does to each quantity, or its sign in a view."""

    code = Words(max_length=_CODE)
    name = Words(max_length=_NAME)
    name_en = Words(max_length=_NAME)
    side = Words(max_length=_CODE)
    unfunded = Whole(least=-1, most=1)
    paid_in = Whole(least=-1, most=1)
    distributed = Whole(least=-1, most=1)
    inside = YesNo(allow_null=True)
    recallable = YesNo()
    with_facility = Whole(least=-1, most=1)
    without_facility = Whole(least=-1, most=1)
    methods = serializers.ListField(child=Choice(("granular", "gross_up")))
    source = Words(max_length=_CODE)  # type: ignore[assignment]  # DRF has a source too
    confidence = Choice(("high", "medium"))


class SourceShown(Record):
    code = Words(max_length=_CODE)
    name = Words(max_length=_NAME)
    published = Day()
    url = Words(max_length=_NAME)


class TypesShown(Record):
    version = Words(max_length=20)
    data = TypeShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    sources = SourceShown(many=True)


class FundNamed(Record):
    code = Words(max_length=_CODE)
    name = Words(max_length=_NAME)
    name_en = Words(max_length=_NAME)


class Headed(Record):
    """Which template of which fund; everything is as known at `known_at`."""

    template = Words(max_length=60)
    version = Words(max_length=20)
    fund = FundNamed()
    quarter = Words(max_length=7)
    as_of = Day()
    known_at = Moment()


LinesShown: type[Record] = type("IlpaLines", (Record,), {line.code: amount() for line in ilpa.lines()})


class ColumnShown(Record):
    """Signed by what a line does to the party; a line without a value is null, and `reasons` says why."""

    span = Choice(SPANS)
    party = Choice(_PARTIES)
    investor = Words(max_length=_NAME, allow_null=True)
    lines = LinesShown()
    reasons = serializers.DictField(child=Words(max_length=_CODE))


class InvestedShown(Record):
    """`basis` is what the value rests on: fair_value, cost (never valued), stale (cost left) or nothing."""

    holding = Words(max_length=_CODE)
    uscc = Words(max_length=18, allow_null=True)
    name = Words(max_length=_NAME, allow_null=True)
    sub_fund = Words(max_length=_CODE, allow_null=True)
    first_on = Day()
    invested = Money()
    exited = Money()
    written_off = Money()
    remaining = Money()
    proceeds = Money()
    income = Money()
    worth = Money()
    basis = Choice(("fair_value", "cost", "stale", "nothing"))
    valued_on = Day(allow_null=True)


class CostsShown(Record):
    """This fund's share of what the child paid: fees, expenses, carried interest."""

    fees = amount()
    expenses = amount()
    paid = amount()


class UnderlyingShown(Record):
    """Null is what only the child's books tell, where they are out of sight."""

    code = Words(max_length=_CODE, allow_null=True)
    name = Words(max_length=_NAME, allow_null=True)
    vintage = Whole(allow_null=True)
    currency = Words(max_length=3)
    invested = Money()
    commitment = amount()
    unfunded = amount()
    contributed = amount()
    distributed = amount()
    nav = amount()
    costs = serializers.DictField(child=CostsShown())


class ReportingShown(Headed):
    """`cash` and what the schedule is worth add up to `nav`."""

    columns = ColumnShown(many=True)
    schedule = InvestedShown(many=True)
    cash = Money(signed=True)
    nav = Money(signed=True)
    underlying = UnderlyingShown(many=True)


class ResultShown(Record):
    """A rate a year (0.1 is 10 %) and a multiple; one without a value is null, with its reason."""

    irr = Number(allow_null=True)
    irr_reason = Words(max_length=_CODE, allow_null=True)
    multiple = Number(allow_null=True)
    multiple_reason = Words(max_length=_CODE, allow_null=True)


class NetShown(ResultShown):
    view = Choice(("with_facility", "without_facility"))
    paid = Money(signed=True)
    got = Money(signed=True)
    nav = amount()


class PoolShown(ResultShown):
    kind = Choice(("realised", "unrealised", "total"))
    investments = Whole()
    at_cost = Whole()
    invested = Money(signed=True)
    got = Money(signed=True)
    worth = Money(signed=True)


class InvestmentShown(ResultShown):
    holding = Words(max_length=_CODE)
    is_realised = YesNo()
    basis = Choice(("fair_value", "cost", "stale", "nothing"))


class TransactionShown(Record):
    """An entry of the ledger. `type` is null for what is no transaction; `candidates` are the types among which the
    ledger cannot tell, and `untold` says why. What it moves is signed."""

    id = Words(max_length=_CODE)
    effective_date = Day()
    investor = Words(max_length=_NAME, allow_null=True)
    type = Words(max_length=_CODE, allow_null=True)
    candidates = serializers.ListField(child=Words(max_length=_CODE))
    untold = Words(max_length=_NAME, allow_null=True)
    amount = Money(signed=True)
    unfunded = Money(signed=True)
    paid_in = Money(signed=True)
    distributed = Money(signed=True)
    with_facility = Money(signed=True)
    without_facility = Money(signed=True)


class MovementShown(Record):
    """An entry of a holding; `cash` is what came to the fund, negative where it paid."""

    id = Words(max_length=_CODE)
    effective_date = Day()
    holding = Words(max_length=_CODE)
    type = Words(max_length=_CODE, allow_null=True)
    cash = Money(signed=True)


class PerformanceShown(Headed):
    """`before_accrued` is net of the carried interest that was paid, and not of what is accrued."""

    methodology = Choice(("granular", "gross_up"))
    has_facility = YesNo()
    net = NetShown(many=True)
    before_accrued = NetShown()
    gross = PoolShown(many=True)
    investments = InvestmentShown(many=True)
    transactions = TransactionShown(many=True)
    movements = MovementShown(many=True)
