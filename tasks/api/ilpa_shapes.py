"""What the API of ILPA's templates answers."""

from __future__ import annotations

from typing import Any

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


class PerformanceShown(Headed):
    """`before_accrued` is net of the carried interest that was paid, and not of what is accrued."""

    methodology = Choice(("granular", "gross_up"))
    has_facility = YesNo()
    net = NetShown(many=True)
    before_accrued = NetShown()
    gross = PoolShown(many=True)
    investments = InvestmentShown(many=True)
    transactions = TransactionShown(many=True)


_HEAD: dict[str, Any] = {
    "fund": {"code": "qingtong-angel", "name": "青桐天使基金", "name_en": "Qingtong Angel Fund"},
    "quarter": "2026-Q3",
    "as_of": "2026-09-30",
    "known_at": "2026-11-05T09:30:00+08:00",
}
_HOLDING = "ho_01JD3M8Q4TZ7X9KT2VNC4H6WEA"
TYPES: dict[str, Any] = {
    "version": "2026-11",
    "data": [
        {
            "code": "distribution.capital_recallable", "name": "返还本金（可再催缴）", "name_en": "Return of capital, recallable",
            "side": "distribution", "unfunded": 1, "paid_in": 0, "distributed": 1, "inside": True,
            "recallable": True, "with_facility": 1, "without_facility": 1, "methods": ["granular", "gross_up"],
            "source": "notice-1.1", "confidence": "high",
        }
    ],
    "sources": [
        {
            "code": "notice-1.1", "name": "ILPA Capital Call & Distribution Notice Best Practices, version 1.1",
            "published": "2016-09-01", "url": "https://ilpa.org/resource/capital-call-distribution-template/",
        }
    ],
}  # fmt: skip
_AMOUNTS = {
    "nav_begin": "76000000.00", "contributions": "15000000.00", "cash_flows": "15000000.00", "fees": "-600000.00",
    "net_operating_income": "-600000.00", "unrealised": "4000000.00", "nav_end": "94400000.00",
    "nav_end_gross": "94400000.00", "unfunded_begin": "25000000.00", "contributed_inside": "-15000000.00",
    "unfunded_end": "10000000.00", "commitment": "100000000.00",
}  # fmt: skip
_UNTOLD = {line.code: "not-recorded" for line in ilpa.lines() if not line.held}
REPORTING: dict[str, Any] = {
    "template": "ILPA Reporting Template",
    "version": "2.0",
    **_HEAD,
    "columns": [
        {
            "span": "quarter",
            "party": "fund",
            "investor": None,
            "lines": {
                line.code: _AMOUNTS.get(line.code, "0.00") if line.held else None for line in ilpa.lines()
            },
            "reasons": _UNTOLD,
        }
    ],
    "schedule": [
        {
            "holding": _HOLDING, "uscc": "91330483MA2B9PTN02", "name": "某某科技有限公司", "sub_fund": None,
            "first_on": "2024-03-01", "invested": "60000000.00", "exited": "0.00", "written_off": "0.00",
            "remaining": "60000000.00", "proceeds": "0.00", "income": "0.00", "worth": "84000000.00",
            "basis": "fair_value", "valued_on": "2026-06-30",
        }
    ],
    "cash": "10400000.00",
    "nav": "94400000.00",
    "underlying": [],
}  # fmt: skip
_RESULT = {"irr": "0.1482", "irr_reason": None, "multiple": "1.4", "multiple_reason": None}
_NET = {**_RESULT, "paid": "90000000.00", "got": "0.00", "nav": "94400000.00"}
_NONE = {
    "irr": None, "irr_reason": "too-few-flows", "multiple": None, "multiple_reason": "no-denominator",
    "investments": 0, "at_cost": 0, "invested": "0.00", "got": "0.00", "worth": "0.00",
}  # fmt: skip
_ALL = {
    **_RESULT,
    "investments": 1,
    "at_cost": 0,
    "invested": "60000000.00",
    "got": "0.00",
    "worth": "84000000.00",
}
PERFORMANCE: dict[str, Any] = {
    "template": "ILPA Performance Template",
    "version": "1.1",
    **_HEAD,
    "methodology": "gross_up",
    "has_facility": False,
    "net": [{**_NET, "view": "with_facility"}, {**_NET, "view": "without_facility"}],
    "before_accrued": {**_NET, "view": "with_facility"},
    "gross": [{**_NONE, "kind": "realised"}, {**_ALL, "kind": "unrealised"}, {**_ALL, "kind": "total"}],
    "investments": [{**_RESULT, "holding": _HOLDING, "is_realised": False, "basis": "fair_value"}],
    "transactions": [
        {
            "id": "fe_01JD3M8Q4TZ7X9KT2VNC4H6WEA", "effective_date": "2026-02-20", "investor": "市财政局",
            "type": "call.capital", "candidates": ["call.investments", "call.management_fees"],
            "untold": "台账不记缴款的用途", "amount": "6000000.00", "unfunded": "-6000000.00",
            "paid_in": "6000000.00", "distributed": "0.00", "with_facility": "-6000000.00",
            "without_facility": "-6000000.00",
        }
    ],
}  # fmt: skip
