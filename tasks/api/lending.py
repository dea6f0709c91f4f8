"""What is planned for a loan, and which loans are linked to an investment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import days
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.fields import Choice, Day, Money, Record, Uscc, Words
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView
from funds.models import SecurityKind
from funds.queries.securities import state
from loans import queries as loans
from loans.models import Drawdown, RepaymentMethod
from loans.queries import RepaymentTerms
from loans.queries.contracts import ContractAmbiguous
from tasks import queries
from tasks.engine.amortisation import Instalment, Terms, TooManyInstalments, plan
from tasks.engine.amortisation.plan import DAY_COUNT

FREQUENCIES = ("monthly", "quarterly", "half-yearly", "yearly")
#: Fifty years of months.
MOST = 600
#: Why a loan's warrant leads to no record of a fund: none names it, or the one that does is of another firm.
NOT_FOUND, FIRM_DIFFERS = "not-found", "firm-differs"


class NothingDisbursed(Problem):
    code = "nothing-disbursed"
    status = 422
    title = Text(
        "该借据尚未发放或发放已冲正", "Nothing is disbursed under this drawdown, or it was taken back"
    )


class ScheduleTooLong(Problem):
    code = "schedule-too-long"
    status = 422
    title = Text("还款期数过多", "The schedule has too many instalments")
    detail = Text("最多 {most} 期；请用更长的还款周期", "At most {most}: ask for a longer frequency")


class InstalmentShown(Record):
    start = Day()
    due = Day()
    instalment = Money()
    interest = Money()
    principal = Money()
    balance = Money()


class ScheduleShown(Record):
    """Planned from the terms; banks report no frequency, so that it is the caller's. Interest is paid each
    period, under `bullet` too. `planned_to_date` is the principal due before `as_of`, `repaid_to_date` what
    was repaid or refinanced by then, `behind` what is missing."""

    contract_no = Words(max_length=64)
    bank = Words(max_length=40)
    drawdown_no = Words(max_length=64)
    method = Choice(RepaymentMethod.values)
    frequency = Choice(FREQUENCIES)
    day_count = Words(max_length=10)
    annual_rate_pct = Words(max_length=10)
    disbursed = Money()
    start_date = Day()
    maturity_date = Day()
    as_of = Day()
    planned_to_date = Money()
    repaid_to_date = Money()
    behind = Money()
    next_due = InstalmentShown(allow_null=True)
    instalments = InstalmentShown(many=True)


_INSTALMENT = {
    "start": "2026-10-17", "due": "2026-11-17", "instalment": "252637.50", "interest": "2637.50",
    "principal": "250000.00", "balance": "2750000.00",
}  # fmt: skip
_SCHEDULE: dict[str, Any] = {
    "contract_no": "HT-2026-0091",
    "bank": "bank-a",
    "drawdown_no": "JJ-0001",
    "method": "equal-principal",
    "frequency": "monthly",
    "day_count": DAY_COUNT,
    "annual_rate_pct": "3.4500",
    "disbursed": "3000000.00",
    "start_date": "2026-10-17",
    "maturity_date": "2027-10-17",
    "as_of": "2026-11-05",
    "planned_to_date": "0.00",
    "repaid_to_date": "500000.00",
    "behind": "0.00",
    "next_due": _INSTALMENT,
    "instalments": [_INSTALMENT],
}


class Schedule(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "contract.read",
            Text("一笔借据的还款计划及其执行", "The repayment plan of a drawdown, and how far it is kept"),
            response=ScheduleShown,
            query=(
                Query("drawdown", Text("借据号", "The drawdown's number"), required=True, example="JJ-0001"),
                Query("bank", Text("银行代码（各行合同号可能相同）", "The bank's code, where several have the number")),
                Query("frequency", Text("还款周期，默认按月", "How often it is repaid: monthly if not said"),
                      choices=FREQUENCIES),
            ),
            answer=_SCHEDULE,
            problems=(ContractAmbiguous, NothingDisbursed, ScheduleTooLong),
        )
    }  # fmt: skip

    def get(self, request: Request, contract_no: str) -> Response:
        now, asked = timezone.now(), request.query_params
        contract = loans.contract(contract_no, bank=asked.get("bank"))
        drawdown = loans.drawdown(contract, asked["drawdown"])
        today = days.today(now)
        terms = loans.repayment_terms(drawdown, today=today, known_at=now)
        frequency = asked.get("frequency") or FREQUENCIES[0]
        shown = _kept(_planned(terms, frequency), terms, today=today)
        named = {
            "contract_no": contract.contract_no,
            "bank": contract.bank.code,
            "drawdown_no": drawdown.drawdown_no,
        }
        return Response(self.show({**named, "frequency": frequency, **shown}, request=request))


def _planned(terms: RepaymentTerms, frequency: str) -> list[Instalment]:
    """Raises NothingDisbursed, ScheduleTooLong."""
    if not terms.disbursed:
        raise NothingDisbursed
    asked = Terms(
        principal=terms.disbursed, annual_rate_pct=terms.annual_rate_pct, start=terms.start,
        maturity=terms.maturity_date, method=terms.method, frequency=frequency, extensions=terms.extensions,
    )  # fmt: skip
    try:
        return plan(asked, most=MOST)
    except TooManyInstalments as error:
        raise ScheduleTooLong(most=MOST) from error


def _kept(rows: list[Instalment], terms: RepaymentTerms, *, today: date) -> dict[str, Any]:
    planned = sum((row.principal for row in rows if row.due < today), Decimal("0.00"))
    return {
        "method": terms.method,
        "day_count": DAY_COUNT,
        "annual_rate_pct": terms.annual_rate_pct,
        "disbursed": terms.disbursed,
        "start_date": terms.start,
        "maturity_date": rows[-1].due,
        "as_of": today,
        "planned_to_date": planned,
        "repaid_to_date": terms.repaid,
        "behind": max(planned - terms.repaid, Decimal("0.00")),
        "next_due": next((row for row in rows if row.due >= today), None),
        "instalments": rows,
    }


class RightShown(Record):
    """A warrant or convertible of a fund that names the bank and its reference."""

    id = Words(max_length=40, source="public_id")
    kind = Choice(SecurityKind.values)
    state = Words(max_length=20)
    fund = Words(max_length=40, source="fund.code")
    uscc = Uscc(source="firm.uscc")
    firm_name = Words(max_length=200, source="firm.name")


class WarrantShown(Record):
    """A loan whose bank holds a right to invest. `match` is the id of the fund's record of it; where there is none
    (`not-found`) or only one of another firm (`firm-differs`) the `reason` says so. `right` is the record found.
    `invested_by` are the funds that hold a stake in the firm today."""

    bank = Words(max_length=40)
    contract_no = Words(max_length=64)
    drawdown_no = Words(max_length=64)
    uscc = Uscc()
    firm_name = Words(max_length=200)
    warrant_ref = Words(max_length=64)
    match = Words(max_length=40, allow_null=True)
    reason = Words(max_length=40, allow_null=True)
    right = RightShown(allow_null=True)
    invested_by = serializers.ListField(child=Words(max_length=40))


_WARRANT = {
    "bank": "bank-a", "contract_no": "HT-2026-0091", "drawdown_no": "JJ-0001", "uscc": "91330483MA2B9PTN02",
    "firm_name": "桐乡示例科技股份有限公司", "warrant_ref": "RG-2026-000017",
    "match": "se_01JD3M8Q5B", "reason": None,
    "right": {
        "id": "se_01JD3M8Q5B", "kind": "warrant", "state": "live", "fund": "qingtong-angel",
        "uscc": "91330483MA2B9PTN02", "firm_name": "桐乡示例科技股份有限公司",
    },
    "invested_by": ["qingtong-angel"],
}  # fmt: skip


class Warrants(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "figure.read",
            Text("投贷联动贷款及其认股权", "Loans linked to an investment by a warrant"),
            response=WarrantShown,
            many=True,
            query=cursors.QUERY,
            answer=[_WARRANT],
            problems=(cursors.InvalidCursor,),
        )
    }

    def get(self, request: Request) -> Response:
        now = timezone.now()
        today = days.today(now)
        found, onward = cursors.page(queries.warranted(), request=request)
        tomorrow = today + timedelta(days=1)
        invested = queries.investing({loan.contract.firm_id for loan in found}, as_of=tomorrow, known_at=now)
        rights = queries.linked(found, as_of=tomorrow, known_at=now)
        shown = [
            _warrant(loan, invested.get(loan.contract.firm_id, []), rights.get(loan.pk), day=today)
            for loan in found
        ]
        return Response({"data": self.show(shown, request=request), **onward})


def _warrant(loan: Drawdown, invested_by: list[str], right: Any, *, day: date) -> dict[str, Any]:
    contract = loan.contract
    if right is not None:
        right.state = state(right, day=day)
    reason = NOT_FOUND if right is None else None if right.firm_id == contract.firm_id else FIRM_DIFFERS
    return {
        "bank": contract.bank.code,
        "contract_no": contract.contract_no,
        "drawdown_no": loan.drawdown_no,
        "uscc": contract.firm.uscc,
        "firm_name": contract.firm.name,
        "warrant_ref": loan.warrant_ref,
        "match": None if reason else right.public_id,
        "reason": reason,
        "right": right,
        "invested_by": invested_by,
    }
