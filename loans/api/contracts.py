"""What the centre holds of a bank's loans, for the bank to compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Moment, Money, MonthText, Record, Uscc, Whole, Words, YesNo
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from loans import queries
from loans.api import terms_shown
from loans.api.terms_shown import PRICE_EXAMPLE, PledgeShown, PriceShown
from loans.formats import TIERS
from loans.models import Contract, Drawdown, LoanEvent, LoanPosition, RecordType, RepaymentMethod
from loans.queries.contracts import ContractAmbiguous

_BANK = Query(
    "bank", Text("银行代码（各行合同号可能相同）", "The bank's code, where several have the number")
)


class PositionShown(Record):
    month = MonthText()
    revision = Whole()
    balance = Money()
    overdue_days = Whole()
    five_tier = Choice(TIERS)


class DrawdownShown(Record):
    """`maturity_date` is the one in force, after extensions."""

    drawdown_no = Words(max_length=64)
    product = Words(max_length=24)
    disbursed_on = Day()
    maturity_date = Day()
    annual_rate_pct = Words(max_length=10)
    repayment_method = Choice(RepaymentMethod.values)
    balance = Money()
    price = PriceShown(allow_null=True)
    pledges = PledgeShown(many=True)
    latest_position = PositionShown(allow_null=True)


class ContractShown(Record):
    contract_no = Words(max_length=64)
    bank = Words(max_length=40)
    uscc = Uscc()
    firm_name = Words(max_length=200)
    firm_verified = YesNo()
    balance = Money()
    recorded_at = Moment()


class ContractWithDrawdowns(ContractShown):
    drawdowns = DrawdownShown(many=True)


class ContractPage(Record):
    data = ContractShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


class EventShown(Record):
    """A revision of an event. In force is the highest revision; a reversed event is undone by another."""

    external_event_id = Words(max_length=64)
    revision = Whole()
    in_force = YesNo()
    reversed = YesNo()
    record_type = Choice(RecordType.values)
    drawdown_no = Words(max_length=64)
    value_date = Day()
    amount = Money()
    effect = Money()
    reverses = Words(max_length=64, allow_null=True)
    reason_code = Words(max_length=40, allow_null=True)
    maturity_date = Day(allow_null=True)
    batch = Words(max_length=40)
    row_number = Whole()
    client_row_id = Words(max_length=64)
    recorded_at = Moment()


class EventPage(Record):
    data = EventShown(many=True)  # type: ignore[assignment]  # a field, taken off the class by DRF
    next_cursor = Words(max_length=500, allow_null=True)
    has_more = YesNo()


_SHOWN: dict[str, Any] = {
    "contract_no": "HT-2026-0091",
    "bank": "bank-a",
    "uscc": "91350100M000100Y43",
    "firm_name": "示例科技有限公司",
    "firm_verified": False,
    "balance": "3000000.00",
    "recorded_at": "2026-11-03T09:13:21+08:00",
}
_DRAWDOWN: dict[str, Any] = {
    "drawdown_no": "JJ-0001",
    "product": "rd",
    "disbursed_on": "2026-10-17",
    "maturity_date": "2027-10-16",
    "annual_rate_pct": "3.4500",
    "repayment_method": "bullet",
    "balance": "3000000.00",
    "price": PRICE_EXAMPLE,
    "pledges": [],
    "latest_position": None,
}
_EVENT: dict[str, Any] = {
    "external_event_id": "E-55120",
    "revision": 1,
    "in_force": True,
    "reversed": False,
    "record_type": "disbursement",
    "drawdown_no": "JJ-0001",
    "value_date": "2026-10-17",
    "amount": "3000000.00",
    "effect": "3000000.00",
    "reverses": None,
    "reason_code": None,
    "maturity_date": "2027-10-16",
    "batch": "lb_01JD3M8Q4TZ7X9KT2VNC4H6WEA",
    "row_number": 1,
    "client_row_id": "a1",
    "recorded_at": "2026-11-03T09:13:21+08:00",
}
_PAGED = {"next_cursor": None, "has_more": False}


class Contracts(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "contract.read",
            Text("中心所持有的合同", "The contracts that the centre holds"),
            response=ContractPage,
            query=(
                Query("uscc", Text("企业统一社会信用代码", "The firm's code")),
                _BANK,
                *cursors.QUERY,
            ),
            answer={"data": [_SHOWN], **_PAGED},
            problems=(InvalidFields, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request) -> Response:
        rows = queries.contracts()
        if uscc := request.query_params.get("uscc"):
            rows = rows.filter(firm__uscc=uscc)
        if bank := request.query_params.get("bank"):
            rows = rows.filter(bank__code=bank)
        found, onward = cursors.page(rows, request=request)
        shown = [contract for contract, _ in _with_drawdowns(found)]
        return Response(self.show({"data": shown, **onward}, request=request))


class OneContract(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "contract.read",
            Text("一份合同及其借据、余额与质物", "A contract with its drawdowns, balances and pledges"),
            response=ContractWithDrawdowns,
            query=(_BANK,),
            answer={**_SHOWN, "drawdowns": [_DRAWDOWN]},
            problems=(ContractAmbiguous,),
        )
    }

    def get(self, request: Request, contract_no: str) -> Response:
        held = queries.contract(contract_no, bank=request.query_params.get("bank"))
        [(contract, drawdowns)] = _with_drawdowns([held])
        return Response(self.show({**contract, "drawdowns": _shown(drawdowns)}, request=request))


class Events(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "contract.read",
            Text("一份合同的全部事件及其各版本", "Every revision of every event of a contract, newest first"),
            response=EventPage,
            query=(_BANK, *cursors.QUERY),
            answer={"data": [_EVENT], **_PAGED},
            problems=(ContractAmbiguous, cursors.InvalidCursor),
        )
    }

    def get(self, request: Request, contract_no: str) -> Response:
        held = queries.contract(contract_no, bank=request.query_params.get("bank"))
        found, onward = cursors.page(queries.events_of(held), request=request)
        return Response(self.show({"data": [_event(event) for event in found], **onward}, request=request))


Balanced = tuple[Drawdown, Any]


def _with_drawdowns(contracts: Sequence[Contract]) -> list[tuple[dict[str, Any], list[Balanced]]]:
    """Each contract as shown, with its (drawdown, balance) pairs; two queries, whatever the number."""
    drawdowns = list(queries.drawdowns_of(contracts))
    balances = queries.balances([drawdown.pk for drawdown in drawdowns], known_at=timezone.now())
    held: dict[int, list[Balanced]] = {contract.pk: [] for contract in contracts}
    for drawdown in drawdowns:
        held[drawdown.contract_id].append((drawdown, balances[drawdown.pk]))
    return [(_contract(contract, held[contract.pk]), held[contract.pk]) for contract in contracts]


def _contract(contract: Contract, drawdowns: list[Balanced]) -> dict[str, Any]:
    return {
        "contract_no": contract.contract_no,
        "bank": contract.bank.code,
        "uscc": contract.firm.uscc,
        "firm_name": contract.firm.name,
        "firm_verified": contract.firm.verified,
        "balance": sum(balance for _, balance in drawdowns),
        "recorded_at": contract.recorded_at,
    }


def _shown(drawdowns: list[Balanced]) -> list[dict[str, Any]]:
    keys = [drawdown.pk for drawdown, _ in drawdowns]
    extended = queries.extended_maturities(keys, known_at=timezone.now())
    disbursed = queries.disbursed(keys, known_at=timezone.now())
    prices = queries.prices(keys)
    positions: dict[int, LoanPosition] = queries.latest_positions([drawdown for drawdown, _ in drawdowns])
    same = ("drawdown_no", "disbursed_on", "annual_rate_pct", "repayment_method")
    return [
        {name: getattr(drawdown, name) for name in same}
        | {
            "product": drawdown.product_id,
            "maturity_date": extended.get(drawdown.pk, drawdown.maturity_date),
            "balance": balance,
            "price": terms_shown.price(prices.get(drawdown.pk)),
            "pledges": terms_shown.pledges(drawdown.pledges.all(), disbursed=disbursed[drawdown.pk]),
            "latest_position": positions.get(drawdown.pk),
        }
        for drawdown, balance in drawdowns
    ]


def _event(event: LoanEvent) -> dict[str, Any]:
    same = (
        "external_event_id", "revision", "record_type", "value_date", "amount", "effect", "maturity_date",
        "row_number", "client_row_id", "recorded_at", "reversed",
    )  # fmt: skip
    return {name: getattr(event, name) for name in same} | {
        "in_force": not getattr(event, "superseded"),  # noqa: B009 - annotated
        "drawdown_no": event.drawdown.drawdown_no,
        "reverses": event.reverses or None,
        "reason_code": event.reason_code or None,
        "batch": getattr(event, "batch_public_id"),  # noqa: B009 - annotated
    }
