"""What the API of reconciliations takes and gives, with examples that agree with each other."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Moment, Money, MonthText, Record, Uscc, Whole, Words, YesNo
from loans.models import Dataset
from loans.queries.differences import REASONS


class EventCounts(Record):
    """The month's events in force, each under its own type; a reversal is counted as one."""

    disbursement = Whole()
    repayment = Whole()
    extension = Whole()
    refinancing = Whole()
    write_off = Whole()
    recovery = Whole()
    adjustment = Whole()
    reversal = Whole()


class StockShown(Record):
    balance = Money(signed=True)
    drawdowns = Whole()
    differing_drawdowns = Whole()


class LineShown(Record):
    """opening + disbursed - repaid + adjusted - written_off - refinanced = closing; `holds` says so.

    `recovered` is income after a write-off and moves no balance. `stock` is null until the month's
    snapshot has been applied.
    """

    product = Words(max_length=24, allow_null=True)
    opening = Money(signed=True)
    disbursed = Money(signed=True)
    repaid = Money(signed=True)
    adjusted = Money(signed=True)
    written_off = Money(signed=True)
    refinanced = Money(signed=True)
    recovered = Money(signed=True)
    closing = Money(signed=True)
    holds = YesNo()
    events = EventCounts()
    live_drawdowns = Whole()
    stock = StockShown(allow_null=True)


class OwnTotals(Record):
    """Yuan by the bank's own books; what is left out is not compared."""

    opening = Money(signed=True)
    disbursed = Money(signed=True)
    repaid = Money(signed=True)
    adjusted = Money(signed=True)
    written_off = Money(signed=True)
    refinanced = Money(signed=True)
    closing = Money(signed=True)
    recovered = Money(signed=True, required=False)
    stock_balance = Money(signed=True, required=False)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Kept as it was sent."""
        return instance


class OwnProduct(OwnTotals):
    product = Words(max_length=24)


class NewConfirmation(Record):
    totals = OwnTotals()
    by_product = OwnProduct(many=True, required=False)


class OwnShown(Record):
    totals = OwnTotals()
    by_product = OwnProduct(many=True)


class TotalDifference(Record):
    """An amount that differs; `pointer` leads into the request, `difference` is own - held."""

    pointer = Words(max_length=60)
    product = Words(max_length=24, allow_null=True)
    name = Words(max_length=20)
    own = Words(max_length=24)
    held = Words(max_length=24)
    difference = Words(max_length=24)


class ConfirmationShown(Record):
    id = Words(max_length=40)
    outcome = Choice(("matched", "differs"))
    content_digest = Words(max_length=60)
    confirmed_by = Words(max_length=100)
    confirmed_at = Moment()
    own = OwnShown()
    differences = TotalDifference(many=True)


class ReconciliationLinks(Record):
    differences = Words(max_length=200)
    confirm = Words(max_length=200)
    findings = Words(max_length=200)


class ReconciliationShown(Record):
    """`status`: `outdated` where something changed since the bank's last word."""

    period = MonthText()
    bank = Words(max_length=40)
    status = Choice(("unconfirmed", "confirmed", "differs", "outdated"))
    known_at = Moment()
    datasets = serializers.ListField(child=Choice(Dataset.values))
    identity = LineShown()
    by_product = LineShown(many=True)
    content_digest = Words(max_length=60)
    last_batch = Words(max_length=40, allow_null=True)
    confirmation = ConfirmationShown(allow_null=True)
    links = ReconciliationLinks()


class DifferenceShown(Record):
    """`difference` is what the stock has more than the flow; `batch` and `row_number` are the snapshot's."""

    bank = Words(max_length=40)
    contract_no = Words(max_length=64)
    drawdown_no = Words(max_length=64)
    product = Words(max_length=24)
    uscc = Uscc()
    reason = Choice(REASONS)
    flow_balance = Money(signed=True)
    stock_balance = Money(signed=True, allow_null=True)
    difference = Money(signed=True)
    batch = Words(max_length=40, allow_null=True)
    row_number = Whole(allow_null=True)


class DifferencePage(Record):
    data = DifferenceShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_AMOUNTS: dict[str, Any] = {
    "opening": "1000000.00",
    "disbursed": "3000000.00",
    "repaid": "500000.00",
    "adjusted": "0.00",
    "written_off": "0.00",
    "refinanced": "0.00",
    "closing": "3500000.00",
}
_LINE: dict[str, Any] = {
    **_AMOUNTS,
    "product": None,
    "recovered": "0.00",
    "holds": True,
    "events": {
        "disbursement": 1,
        "repayment": 1,
        "extension": 0,
        "refinancing": 0,
        "write_off": 0,
        "recovery": 0,
        "adjustment": 0,
        "reversal": 0,
    },
    "live_drawdowns": 2,
    "stock": {"balance": "3450000.00", "drawdowns": 2, "differing_drawdowns": 1},
}
_DIGEST = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
OWN: dict[str, Any] = {"totals": _AMOUNTS, "by_product": [{"product": "rd", **_AMOUNTS}]}
CONFIRMATION: dict[str, Any] = {
    "id": "rc_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "outcome": "matched",
    "content_digest": _DIGEST,
    "confirmed_by": "沈明远",
    "confirmed_at": "2026-11-04T10:02:11+08:00",
    "own": OWN,
    "differences": [],
}
RECONCILIATION: dict[str, Any] = {
    "period": "2026-10",
    "bank": "bank-a",
    "status": "confirmed",
    "known_at": "2026-11-05T09:30:00+08:00",
    "datasets": ["flow", "stock"],
    "identity": _LINE,
    "by_product": [{**_LINE, "product": "rd"}],
    "content_digest": _DIGEST,
    "last_batch": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "confirmation": CONFIRMATION,
    "links": {
        "differences": "/api/v1/reconciliations/2026-10/differences?bank=bank-a",
        "confirm": "/api/v1/reconciliations/2026-10/confirm",
        "findings": "/api/v1/findings?bank=bank-a&period=2026-10",
    },
}
DIFFERENCE: dict[str, Any] = {
    "bank": "bank-a",
    "contract_no": "HT-2026-0091",
    "drawdown_no": "JJ-0001",
    "product": "rd",
    "uscc": "91330483MA2B9PTN02",
    "reason": "differs",
    "flow_balance": "2500000.00",
    "stock_balance": "2450000.00",
    "difference": "-50000.00",
    "batch": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "row_number": 17,
}
