"""Funds, their position and their ledger, for people and the API; amounts in yuan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from finance_hub.kernel.lookups import LookUp
from finance_hub.kernel.money import fen, yuan
from finance_hub.kernel.problems import NotFound
from funds.models import (
    Fund,
    FundEvent,
    FundEventKind,
    Holding,
    HoldingEvent,
    HoldingEventKind,
    Investor,
    Valuation,
)
from funds.queries.deal_frames import HoldingRow, holdings_frame, holdings_of
from funds.queries.holdings import REALISED, measured
from funds.queries.known import facts, ledger_yuan, net_yuan
from funds.queries.staleness import aged

_FUND = LookUp(Fund, by="code", along=("manager",))
_FLOWS = (FundEventKind.CONTRIBUTION, FundEventKind.DISTRIBUTION, FundEventKind.CARRY)


class Position(NamedTuple):
    """A fund's money at the end of the day before `as_of`, as known at `known_at`.

    `outside` is what was contributed on top of the commitment, `recallable` what was distributed and may be
    called again; both are part of `contributed` and `distributed`.
    uncalled = committed - released - called within the commitment + recallable ·
    unfunded = committed - released - (contributed - outside) + recallable ·
    cash = contributed + proceeds + income - distributed - carry - fees - expenses - invested.
    """

    committed: Decimal
    released: Decimal
    called: Decimal
    contributed: Decimal
    outside: Decimal
    distributed: Decimal
    recallable: Decimal
    carry: Decimal
    fees: Decimal
    expenses: Decimal
    invested: Decimal
    proceeds: Decimal
    income: Decimal
    uncalled: Decimal
    unfunded: Decimal
    cash: Decimal


def funds() -> QuerySet[Fund]:
    return Fund.objects.select_related("manager")


def fund(code: str) -> Fund:
    """The fund in scope with its manager. Raises NotFound."""
    found = _FUND.find(code)
    if found is None:
        raise NotFound
    return found


def position(of: Fund, *, as_of: date, known_at: datetime) -> Position:
    """Two queries: the ledger and the deals."""
    when = facts(as_of=as_of, known_at=known_at)
    ledger = FundEvent.objects.filter(when, fund=of).aggregate(**_ledger_sums())
    return _position(
        {**ledger, **HoldingEvent.objects.filter(when, holding__fund=of).aggregate(**_deal_sums())}
    )


def positions(*, as_of: date, known_at: datetime, of: Collection[int] | None = None) -> dict[int, Position]:
    """Those of all funds in scope of which anything is known, by the fund's id; of some where given. Two queries."""
    when = facts(as_of=as_of, known_at=known_at)
    ledger, dealt = FundEvent.objects.filter(when), HoldingEvent.objects.filter(when)
    if of is not None:
        ledger, dealt = ledger.filter(fund__in=of), dealt.filter(holding__fund__in=of)
    events = ledger.values("fund_id").annotate(**_ledger_sums())
    entries = dealt.values(fund_id=F("holding__fund_id"))
    found: dict[int, dict[str, Any]] = {}
    for sums in (events, entries.annotate(**_deal_sums())):
        for row in sums.order_by("fund_id"):
            found.setdefault(row["fund_id"], {}).update(row)
    return {fund_id: _position(row) for fund_id, row in found.items()}


def _ledger_sums() -> dict[str, Coalesce]:
    return {
        **{f"of_{kind}": ledger_yuan(kind=kind) for kind in FundEventKind.values},
        "called_outside": ledger_yuan(kind=FundEventKind.CALL, outside_commitment=True),
        "outside": ledger_yuan(kind=FundEventKind.CONTRIBUTION, outside_commitment=True),
        "recallable_back": ledger_yuan(kind=FundEventKind.DISTRIBUTION, recallable=True),
    }


def _deal_sums() -> dict[str, Coalesce]:
    return {
        "invested": net_yuan("cash", kind=HoldingEventKind.INVESTMENT),
        "proceeds": net_yuan("cash", kind__in=REALISED),
        "income": net_yuan("cash", kind=HoldingEventKind.INCOME),
    }


def _position(sums: Mapping[str, Any]) -> Position:
    got = defaultdict(lambda: Decimal("0.00"), sums)
    paid_out = got["of_distribution"] + got["of_carry"] + got["of_fee"] + got["of_expense"] + got["invested"]
    left = got["of_commitment"] - got["of_release"] + got["recallable_back"]
    return Position(
        committed=got["of_commitment"],
        released=got["of_release"],
        called=got["of_call"],
        contributed=got["of_contribution"],
        outside=got["outside"],
        distributed=got["of_distribution"],
        recallable=got["recallable_back"],
        carry=got["of_carry"],
        fees=got["of_fee"],
        expenses=got["of_expense"],
        invested=got["invested"],
        proceeds=got["proceeds"],
        income=got["income"],
        uncalled=left - (got["of_call"] - got["called_outside"]),
        unfunded=left - (got["of_contribution"] - got["outside"]),
        cash=got["of_contribution"] + got["proceeds"] + got["income"] - paid_out,
    )


def net_assets(of: Fund, *, as_of: date, known_at: datetime) -> Decimal:
    """Cash and what is held, each at its fair value or, where that is missing or older than a deal, at cost."""
    held = holdings_frame(as_of=as_of, known_at=known_at, of=of)
    return nav_of(position(of, as_of=as_of, known_at=known_at), held)


def net_assets_fen(of: Collection[int], *, as_of: date, known_at: datetime) -> dict[int, int]:
    """{fund id: net assets in fen} of some funds, as `net_assets` has them. Three queries, however many funds."""
    stand = positions(as_of=as_of, known_at=known_at, of=of)
    found = {fund: fen(stand[fund].cash) if fund in stand else 0 for fund in of}
    for row in holdings_of(of, as_of=as_of, known_at=known_at):
        found[row.fund_id] += row.worth_fen
    return found


def nav_of(stands: Position, held: Iterable[HoldingRow]) -> Decimal:
    """The net assets that a position and what is held make."""
    return stands.cash + yuan(sum(row.worth_fen for row in held))


def capital_flows(of: Fund, *, as_of: date, known_at: datetime) -> list[FundEvent]:
    """Contributions, distributions and carried interest by day and entry, without what was taken back or only moved."""
    when = facts(as_of=as_of, known_at=known_at)
    taken_back = FundEvent.objects.filter(when, reverses__isnull=False).values("reverses")
    standing = FundEvent.objects.filter(when, fund=of, kind__in=_FLOWS, moved="", reverses=None)
    return list(standing.exclude(pk__in=taken_back).order_by("effective_date", "pk"))


def investors(of: Fund) -> QuerySet[Investor]:
    return Investor.objects.of(fund=of).select_related("holder")


def ledger(of: Fund) -> QuerySet[FundEvent]:
    """Every entry with its investor, its author and what it takes back or corrects, which few do."""
    entries = FundEvent.objects.of(fund=of).select_related("investor", "recorded_by")
    wanted = [field.name for field in FundEvent._meta.concrete_fields]
    return entries.only(*wanted, "investor__name", "recorded_by__full_name").prefetch_related(
        "reverses", "corrects"
    )


def ledger_as_known(of: Fund, *, as_of: date, known_at: datetime) -> QuerySet[FundEvent]:
    """The entries before `as_of` as known at `known_at`, each with what took it back by now."""
    known = ledger(of).filter(facts(as_of=as_of, known_at=known_at))
    return known.defer(None).select_related("reversed_by", "corrected_by")


def entry(of: Fund, public_id: str) -> FundEvent:
    """One entry of the fund's ledger. Raises NotFound."""
    found = ledger(of).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def deals(*kinds: str) -> QuerySet[HoldingEvent]:
    """Entries of the kinds with fund, investee, author and what they take back."""
    of_kinds = HoldingEvent.objects.filter(kind__in=kinds)
    return of_kinds.select_related(
        "holding__fund", "holding__firm", "holding__sub_fund", "recorded_by", "reverses"
    )


def valuations(*, holding: str = "") -> QuerySet[Valuation]:
    """Every value ever reported, of one holding (public id) where given."""
    found = Valuation.objects.select_related("holding__fund", "recorded_by")
    return found.filter(holding__public_id=holding) if holding else found


def holdings(*, as_of: date, known_at: datetime) -> QuerySet[Holding, Any]:
    """`measured` and `aged` holdings with fund and investee."""
    found = aged(measured(as_of=as_of, known_at=known_at), as_of=as_of, known_at=known_at)
    return found.select_related("fund", "firm", "sub_fund")


def holding(public_id: str, *, as_of: date, known_at: datetime) -> Holding:
    """One measured holding in scope. Raises NotFound, also before its first deal."""
    found: Holding | None = holdings(as_of=as_of, known_at=known_at).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
