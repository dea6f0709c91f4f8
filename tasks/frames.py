"""Frames: the facts of a month, read once at the smallest grain that answers every figure.

Aggregated in SQL, ordered, amounts in whole fen. The fingerprint of the frames names the inputs
of a snapshot: same facts, same fingerprint, on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, NamedTuple, TypeVar

import orjson

from finance_hub.kernel.models import ControlGroup, Firm, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.uncollected import uncollected
from funds import queries as funds
from funds.models import Holding
from funds.queries import (
    CapitalRow,
    DealRow,
    DueRow,
    FlowRow,
    FundRow,
    HoldingRow,
    RecognisedRow,
    SignedRow,
    SourceRow,
    StakeRow,
)  # fmt: skip
from listings import queries as listings
from listings.queries import AttemptRow, StageRow, StatementRow, YearRow
from loans import queries as loans
from loans.models import LoanProduct
from loans.queries import (
    BalanceRow,
    BranchBalanceRow,
    CoverRow,
    FirmSubsidyRow,
    FuseRow,
    GuaranteedRow,
    GuaranteeRow,
    IssuanceRow,
    MigrationRow,
    NetAssetsRow,
    OverdueRow,
    PledgedRow,
    PoolRow,
    PositionRow,
    RenewalRow,
    RoomRow,
    SharedRow,
    SubsidyRow,
    TierRow,
    TroubledRow,
    VintageRow,
)  # fmt: skip
from tasks import rules, target_facts
from tasks.exposure import lgd
from tasks.exposure.assumed import assumed
from tasks.exposure.batons import Baton, batons
from tasks.exposure.lgd import LgdRow
from tasks.rules import ConcentrationRule, LapsedRule, Rule
from tasks.target_facts import CountedRow, TargetFact


class Reporter(NamedTuple):
    id: int
    kind: str
    code: str
    name: str
    name_en: str


class Product(NamedTuple):
    code: str
    name: str
    name_en: str


class RegisteredRow(NamedTuple):
    """What the registry says of a firm, as it stands today; "" and None where it does not."""

    firm_id: int
    group_id: int | None
    industry: str
    town: str
    stage: str


@dataclass(frozen=True, eq=False)
class Frames:
    """All inputs of one month's figures, as known at one moment."""

    month: Month
    reporters: Sequence[Reporter]
    products: Sequence[Product]
    funds: Sequence[FundRow]
    capital: Sequence[CapitalRow]
    flows: Sequence[FlowRow]
    holdings: Sequence[HoldingRow]
    investments: Sequence[DealRow]
    exits: Sequence[DealRow]
    write_offs: Sequence[DealRow]
    balances: Sequence[BalanceRow]
    issuance: Sequence[IssuanceRow]
    positions: Sequence[PositionRow]
    guarantees: Sequence[GuaranteeRow]
    overdue_guaranteed: Sequence[OverdueRow]
    net_assets: Sequence[NetAssetsRow]
    pools: Sequence[PoolRow]
    fuses: Sequence[FuseRow]
    pipeline: Sequence[AttemptRow]
    rules: Sequence[Rule]
    targets: Sequence[TargetFact]
    not_reported: Sequence[tuple[str, str]]
    migration: Sequence[MigrationRow] = ()
    vintages: Sequence[VintageRow] = ()
    renewals: Sequence[RenewalRow] = ()
    branches: Sequence[BranchBalanceRow] = ()
    subsidies: Sequence[SubsidyRow] = ()
    stakes: Sequence[StakeRow] = ()
    sources: Sequence[SourceRow] = ()
    recognised: Sequence[RecognisedRow] = ()
    reinvestment_due: Sequence[DueRow] = ()
    covers: Sequence[CoverRow] = ()
    rooms: Sequence[RoomRow] = ()
    firm_subsidies: Sequence[FirmSubsidyRow] = ()
    registry: Sequence[RegisteredRow] = ()
    batons: Sequence[Baton] = ()
    concentration_limits: Sequence[ConcentrationRule] = ()
    tiers: Sequence[TierRow] = ()
    pledged: Sequence[PledgedRow] = ()
    guaranteed: Sequence[GuaranteedRow] = ()
    shared: Sequence[SharedRow] = ()
    signed: Sequence[SignedRow] = ()
    lapsed: Sequence[LapsedRule] = ()
    stages: Sequence[StageRow] = ()
    financial_years: Sequence[YearRow] = ()
    statements: Sequence[StatementRow] = ()
    counted: Sequence[CountedRow] = ()
    lgds: Sequence[LgdRow] = ()
    troubled: Sequence[TroubledRow] = ()
    #: What has been reckoned `once` of them, by the function.
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def fingerprint(self, *, catalogue: str) -> str:
        """SHA-256 of every frame in order and of the catalogue's version."""
        digest = hashlib.sha256(f"{self.month}|{catalogue}".encode())
        for frame in fields(self):
            if frame.init and frame.name != "month":
                digest.update(orjson.dumps([frame.name, getattr(self, frame.name)], default=_plain))
        return digest.hexdigest()


Found = TypeVar("Found")


def once(reckon: Callable[[Frames], Found]) -> Callable[[Frames], Found]:
    """Reckon what several figures read once of each set of frames; it goes when they go."""

    @wraps(reckon)
    def found(frames: Frames) -> Found:
        if reckon not in frames.kept:
            frames.kept[reckon] = reckon(frames)
        kept: Found = frames.kept[reckon]
        return kept

    return found


@uncollected()
def read(month: Month, *, known_at: datetime) -> Frames:
    """The frames of a month from what was recorded up to `known_at` (inclusive); wants full scope."""
    as_of = month.end
    covers = loans.cover_frame(as_of, known_at)
    flows, stock = loans.read_flows(month, known_at), loans.read_stock(month, known_at)
    return Frames(
        month=month,
        reporters=_reporters(),
        products=_products(),
        funds=funds.funds_frame(),
        capital=funds.capital_frame(as_of=as_of, known_at=known_at),
        flows=funds.flows_frame(as_of=as_of, known_at=known_at),
        holdings=funds.holdings_frame(as_of=as_of, known_at=known_at),
        investments=funds.investments_frame(start=month.first, end=as_of, known_at=known_at),
        exits=funds.exits_frame(start=month.first, end=as_of, known_at=known_at),
        write_offs=funds.write_offs_frame(start=month.first, end=as_of, known_at=known_at),
        balances=flows.balances,
        issuance=flows.issuance,
        positions=stock.positions,
        guarantees=loans.guarantee_frame(as_of, known_at),
        overdue_guaranteed=loans.overdue_frame(month, known_at),
        net_assets=loans.net_assets_frame(as_of, known_at),
        pools=loans.pool_frame(as_of, known_at),
        fuses=loans.fuse_frame(as_of, known_at),
        pipeline=listings.pipeline_frame(as_of, known_at),
        rules=rules.in_force(as_of, known_at),
        targets=target_facts.read(as_of, known_at),
        not_reported=sorted(loans.not_reported(month, known_at)),
        migration=loans.migration_frame(month, known_at),
        vintages=flows.vintages,
        renewals=loans.renewal_frame(month.first, as_of, known_at),
        branches=flows.branches,
        subsidies=loans.subsidy_frame(month, known_at),
        stakes=funds.stakes_frame(as_of=as_of, known_at=known_at),
        sources=funds.sources_frame(as_of=as_of, known_at=known_at),
        recognised=funds.recognised_frame(as_of=as_of, known_at=known_at),
        reinvestment_due=funds.due_frame(as_of=as_of, known_at=known_at),
        covers=covers,
        rooms=loans.room_frame(as_of, known_at, covers=covers),
        firm_subsidies=loans.firm_subsidy_frame(month, known_at),
        registry=_registry(),
        batons=batons(as_of=as_of, known_at=known_at),
        concentration_limits=rules.concentration_limits(as_of, known_at),
        tiers=stock.tiers,
        pledged=loans.pledged_frame(month.first, known_at),
        guaranteed=loans.guaranteed_frame(as_of, known_at),
        shared=loans.shared_frame(as_of, known_at),
        signed=funds.signed_frame(as_of=as_of, known_at=known_at),
        lapsed=rules.lapsed(as_of, known_at),
        stages=listings.stages_frame(as_of, known_at),
        financial_years=listings.years_frame(as_of, known_at),
        statements=listings.statements_frame(as_of, known_at),
        counted=target_facts.counted(as_of, known_at),
        troubled=stock.troubled,
        lgds=lgd.rows_of(assumed(as_of=as_of, known_at=known_at)),
    )


def firm_names(firm_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """{firm id: (USCC, name)} of the few firms that figures name."""
    return {pk: (code, name) for pk, code, name in _named(firm_ids)}


def holding_names(holding_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """{holding id: (public id, name of the firm or fund held)} of the few holdings that figures name."""
    rows = Holding.objects.filter(pk__in=holding_ids).values_list(
        "pk", "public_id", "firm__name", "sub_fund__name"
    )
    return {pk: (public_id, firm or fund) for pk, public_id, firm, fund in rows}


def group_names(group_ids: Sequence[int]) -> dict[int, str]:
    """{id: name} of the few control groups that figures name."""
    return dict(ControlGroup.objects.filter(pk__in=group_ids).values_list("pk", "name"))


def _named(firm_ids: Sequence[int]) -> Sequence[tuple[int, str, str]]:
    return list(Firm.objects.filter(pk__in=firm_ids).order_by("pk").values_list("pk", "uscc", "name"))


def _reporters() -> list[Reporter]:
    rows = Organisation.objects.filter(kind__in=["bank", "guarantor", "insurer"]).order_by("kind", "code")
    return [Reporter(*row) for row in rows.values_list("id", "kind", "code", "name", "name_en")]


def _products() -> list[Product]:
    rows = LoanProduct.objects.order_by("position").values_list("code", "name", "name_en")
    return [Product(*row) for row in rows]


def _registry() -> list[RegisteredRow]:
    rows = Firm.objects.order_by("pk").values_list("pk", "control_group_id", "industry", "town", "stage")
    return [RegisteredRow(*row) for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):  # what firms report of themselves, in yuan; LGDs
        return str(value)
    raise TypeError(type(value))
