"""What the centre holds of a bank: contracts, drawdowns, balances, and every revision of every event."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet

from finance_hub.kernel.problems import NotFound, Problem
from finance_hub.kernel.text import Text
from loans.models import Contract, Drawdown, LoanEvent, LoanPosition
from loans.queries.in_force import EVENTS, rows

_FOREVER = date(9999, 12, 31)
_BALANCES = f"""
SELECT e.drawdown_id, sum(e.effect) FROM loans_loanevent e
 WHERE e.drawdown_id = ANY(%(drawdowns)s) AND e.value_date < %(as_of)s AND {EVENTS} GROUP BY 1
"""  # noqa: S608 - constants of ours
_MATURITIES = f"""
SELECT e.drawdown_id, max(e.maturity_date) FROM loans_loanevent e
 WHERE e.drawdown_id = ANY(%(drawdowns)s) AND e.record_type = 'extension' AND {EVENTS}
   AND NOT EXISTS (SELECT FROM loans_loanevent r
                    WHERE r.bank_id = e.bank_id AND r.reverses <> '' AND r.reverses = e.external_event_id
                      AND r.recorded_at <= %(known_at)s)
 GROUP BY 1
"""  # noqa: S608 - constants of ours


class ContractAmbiguous(Problem):
    code = "contract-ambiguous"
    status = 422
    title = Text("多家银行有此合同号", "Several banks have a contract of this number")
    detail = Text("请用 bank 参数指明银行", "Name the bank with the parameter `bank`")


def contracts() -> QuerySet[Contract]:
    """Those in scope, with bank and firm."""
    return Contract.objects.select_related("bank", "firm")


def contract(contract_no: str, *, bank: str | None = None) -> Contract:
    """A contract by its number, of the bank with the code `bank`. Raises NotFound, ContractAmbiguous."""
    found = contracts().filter(contract_no=contract_no)
    held = list((found.filter(bank__code=bank) if bank else found)[:2])
    if not held:
        raise NotFound
    if len(held) > 1:
        raise ContractAmbiguous
    return held[0]


def drawdowns_of(contracts: Iterable[Contract]) -> QuerySet[Drawdown]:
    """With their pledges, by contract and number."""
    held = Drawdown.objects.filter(contract__in=list(contracts)).prefetch_related("pledges")
    return held.order_by("contract_id", "drawdown_no")


def balances(drawdowns: Iterable[int], *, known_at: datetime, as_of: date = _FOREVER) -> dict[int, Decimal]:
    """{drawdown id: yuan} from the events before `as_of`, as known at `known_at`; 0.00 where none."""
    wanted = list(drawdowns)
    found = dict(rows(_BALANCES, drawdowns=wanted, as_of=as_of, known_at=known_at))
    return {drawdown: found.get(drawdown, Decimal("0.00")) for drawdown in wanted}


def extended_maturities(drawdowns: Iterable[int], *, known_at: datetime) -> dict[int, date]:
    """{drawdown id: the latest day an extension in force moved its maturity to}."""
    return dict(rows(_MATURITIES, drawdowns=list(drawdowns), known_at=known_at))


def latest_positions(drawdowns: Collection[Drawdown]) -> dict[int, LoanPosition]:
    """{drawdown id: the highest revision of its newest month}; looks into the books of their banks only."""
    banks, keys = {drawdown.bank_id for drawdown in drawdowns}, [drawdown.pk for drawdown in drawdowns]
    newest = LoanPosition.objects.filter(bank__in=banks, drawdown__in=keys).order_by(
        "drawdown_id", "-month", "-revision"
    )
    return {position.drawdown_id: position for position in newest.distinct("drawdown_id")}


def events_of(contract: Contract) -> QuerySet[LoanEvent]:
    """Every revision of every event of a contract; `superseded` and `reversed` are annotated."""
    same = LoanEvent.objects.filter(bank=OuterRef("bank"))
    later = same.filter(external_event_id=OuterRef("external_event_id"), revision__gt=OuterRef("revision"))
    reversals = same.exclude(reverses="").filter(reverses=OuterRef("external_event_id"))
    return (
        LoanEvent.objects.filter(drawdown__contract=contract)
        .select_related("drawdown")
        .annotate(superseded=Exists(later), reversed=Exists(reversals), batch_public_id=F("batch__public_id"))
    )
