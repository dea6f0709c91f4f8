"""Who would get what of a fund if it were realised on a day, by the terms in force; what carry is accrued by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.kernel import money
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text
from funds import queries as funds
from funds.models import Fund, FundEvent, FundTerms
from funds.models.funds import Capital
from tasks.catalogue.entry import Point
from tasks.engine.waterfall import (
    Clawback,
    Compounding,
    Concession,
    Deal,
    Event,
    Kind,
    Party,
    Payment,
    Terms,
    allot,
    concession,
    hypothetical,
    realised,
)

#: Why no accrued carried interest can be told; the words are in `tasks.wording`.
NO_TERMS = "terms-not-recorded"
_PERCENT = Decimal(100)
NOTHING = Decimal("0.00")


class TermsNotAgreed(Problem):
    code = "terms-not-agreed"
    status = 409
    title = Text("该日没有约定收益分成的条款", "No terms with a carried interest are agreed on that day")


class NothingToDistribute(Problem):
    code = "nothing-to-distribute"
    status = 409
    title = Text("净资产为负，无可分配", "The net assets are negative: there is nothing to distribute")


@dataclass(frozen=True)
class GivenUp:
    """让利: what fiscal capital, of the `receives` that falls to it by paid-in, gives up by the terms."""

    receives: Decimal
    above_floor: Decimal
    given_up: Decimal
    share_pct: Decimal
    floor_pct: Decimal


@dataclass(frozen=True)
class Outcome:
    """Yuan; `investors` + `manager` = `nav`.

    European: `payments` share out the whole NAV; what was distributed before counts for capital and return, and
    what the manager was paid is what it had earned.
    American: `payments` share out the proceeds of the day, the sale of every holding at its worth included, and
    `manager` is its carry of all proceeds, past ones included, less `carry_paid`, the carry that it was paid.
    `clawback` is what of it the manager would have to give back with the fund at its end, whether agreed or not;
    None in a European order, which settles the fund as a whole.
    """

    terms: FundTerms
    nav: Decimal
    investors: Decimal
    manager: Decimal
    payments: Sequence[Payment]
    carry_before: Decimal
    carry_paid: Decimal
    clawback: Clawback | None
    concession: GivenUp | None

    @property
    def cash(self) -> Decimal:
        """What of the NAV `payments` do not share out: in an American order, cash that no sale of the day brought."""
        return self.nav - sum((row.amount for row in self.payments), NOTHING)

    @property
    def carry_due(self) -> Decimal:
        """Carry of earlier proceeds that the manager was not paid yet; negative where it was paid more."""
        return self.carry_before - self.carry_paid


def outcome(of: Fund, *, as_of: date, known_at: datetime) -> Outcome:
    """As of the end of the day before `as_of`. Raises TermsNotAgreed, NothingToDistribute."""
    agreed = funds.in_force(of, as_of=as_of, known_at=known_at)
    if agreed is None or agreed.carried_interest_pct is None:
        raise TermsNotAgreed
    nav = funds.net_assets(of, as_of=as_of, known_at=known_at)
    if nav < 0:
        raise NothingToDistribute
    share_out = _european if agreed.order == "european" else _american
    found = share_out(of, agreed, nav, as_of=as_of, known_at=known_at)
    return replace(found, concession=_conceded(of, found, as_of=as_of, known_at=known_at))


def accrued(of: Fund, *, as_of: date, known_at: datetime) -> Point:
    """What the manager would be paid if the fund were realised at its NAV at the end of the day before `as_of`, yuan.

    Net assets that are not positive accrue none, and neither do terms that agree no carried interest. No value,
    with a reason, where no terms are recorded.
    """
    try:
        return Point(outcome(of, as_of=as_of, known_at=known_at).manager)
    except NothingToDistribute:
        return Point(NOTHING)
    except TermsNotAgreed:
        recorded = funds.in_force(of, as_of=as_of, known_at=known_at) is not None
        worthless = funds.net_assets(of, as_of=as_of, known_at=known_at) <= 0
        return Point(NOTHING) if recorded or worthless else Point.missing(NO_TERMS)


def _european(of: Fund, agreed: FundTerms, nav: Decimal, *, as_of: date, known_at: datetime) -> Outcome:
    flows = funds.capital_flows(of, as_of=as_of, known_at=known_at)
    paid = sum((flow.amount for flow in flows if flow.kind == "carry"), NOTHING)
    payments = hypothetical(map(_event, flows), nav=nav, on=as_of - timedelta(days=1), terms=terms_of(agreed))
    manager = sum((row.amount for row in payments if row.to == Party.MANAGER), NOTHING)
    return Outcome(agreed, nav, nav - manager, manager, payments, paid, paid, None, None)


def _american(of: Fund, agreed: FundTerms, nav: Decimal, *, as_of: date, known_at: datetime) -> Outcome:
    """Each holding is a deal. Fees and expenses are allotted to deals by what they cost, whenever they were
    bought, by largest remainder. Cash that was never invested goes back to the investors, without a return.
    """
    held = funds.deal_flows(of, as_of=as_of, known_at=known_at)
    costs = funds.cost_flows(of, as_of=as_of, known_at=known_at)
    paid = funds.position(of, as_of=as_of, known_at=known_at).carry
    expenses = allot(costs, weights=[one.cost for one in held])
    deals = [
        Deal(one.invested, proceeds=one.got, expenses=borne, written_off=one.written_off)
        for one, borne in zip(held, expenses, strict=True)
    ]
    sale = realised(
        deals, worth=[one.worth for one in held], on=as_of - timedelta(days=1), terms=terms_of(agreed)
    )
    manager = sale.carry_before - paid + sale.carry_now
    return Outcome(
        agreed, nav, nav - manager, manager, sale.payments, sale.carry_before, paid, sale.clawback, None
    )


def _conceded(of: Fund, found: Outcome, *, as_of: date, known_at: datetime) -> GivenUp | None:
    """The floor return accrues as the preferred return does. None where no concession is agreed."""
    agreed = found.terms
    if agreed.concession_pct is None:
        return None
    floor_pct = agreed.concession_floor_pct or NOTHING
    receives = _fiscal_part(of, found.investors, as_of=as_of, known_at=known_at)
    flows = funds.fiscal_flows(of, as_of=as_of, known_at=known_at)
    events = [
        Event(flow.on, Kind.CONTRIBUTION if flow.paid > 0 else Kind.DISTRIBUTION, abs(flow.paid))
        for flow in flows
    ]
    floor = replace(
        terms_of(agreed), preferred_return=floor_pct / _PERCENT, carry=0, catch_up=0, catch_up_target=None
    )
    given: Concession = concession(
        events,
        receipt=receives,
        on=as_of - timedelta(days=1),
        share=agreed.concession_pct / _PERCENT,
        floor=floor,
    )
    return GivenUp(receives, given.above_floor, given.given_up, agreed.concession_pct, floor_pct)


def _fiscal_part(of: Fund, investors: Decimal, *, as_of: date, known_at: datetime) -> Decimal:
    """What of the investors' sum falls to fiscal capital: by paid-in, to the cent."""
    found = funds.accounts(of, as_of=as_of, known_at=known_at)
    weights = [one.contributed for one in found]
    if investors <= 0 or not any(weights):
        return NOTHING
    parts = zip(found, money.split(investors, weights), strict=True)
    return sum((part for one, part in parts if one.investor.capital == Capital.FISCAL), NOTHING)


def terms_of(agreed: FundTerms) -> Terms:
    """What the engine reads of terms with a carried interest."""
    target = agreed.catch_up_target_pct
    return Terms(
        carry=(agreed.carried_interest_pct or Decimal(0)) / _PERCENT,
        preferred_return=(agreed.preferred_return_pct or Decimal(0)) / _PERCENT,
        compounding=Compounding(agreed.compounding or "simple"),
        day_count=agreed.day_count,
        catch_up=(agreed.catch_up_pct or Decimal(0)) / _PERCENT,
        catch_up_target=None if target is None else target / _PERCENT,
    )


#: What is paid to the manager was the fund's to distribute too.
_KINDS = {"contribution": Kind.CONTRIBUTION, "distribution": Kind.DISTRIBUTION, "carry": Kind.DISTRIBUTION}


def _event(flow: FundEvent) -> Event:
    return Event(flow.effective_date, _KINDS[flow.kind], flow.amount)
