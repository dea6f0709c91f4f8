"""Frames: the facts of a month, read once at the smallest grain that answers every figure.

Aggregated in SQL, ordered, amounts in whole fen. The fingerprint of the frames names the inputs
of a snapshot: same facts, same fingerprint, on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import Max, Q

from finance_hub.kernel.models import ControlGroup, Firm, FirmClass, Organisation
from finance_hub.kernel.periods import Month
from funds import queries as funds
from funds.models import DealPayment, FundEvent, FundTerms, HoldingEvent, Recognition, Valuation
from funds.queries import (
    CapitalRow,
    DealRow,
    DueRow,
    FlowRow,
    FundRow,
    HoldingRow,
    RecognisedRow,
    SourceRow,
    StakeRow,
)  # fmt: skip
from listings import queries as listings
from listings.models import StageEvent
from listings.queries import AttemptRow
from loans import queries as loans
from loans.models import (
    Branch,
    Guarantee,
    GuaranteeEvent,
    LoanProduct,
    LoanReportBatch,
    NetAssets,
    PoolEvent,
    PoolLimits,
    SubsidyScheme,
)  # fmt: skip
from loans.queries import (
    BalanceRow,
    BranchBalanceRow,
    FuseRow,
    GuaranteeRow,
    IssuanceRow,
    MigrationRow,
    NetAssetsRow,
    OverdueRow,
    PoolRow,
    PositionRow,
    RenewalRow,
    SubsidyRow,
    VintageRow,
)  # fmt: skip
from tasks import target_facts
from tasks.models import OpenQuestion, QuestionAnswer, TargetDecision, TargetReport, ToleranceRule
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


class Rule(NamedTuple):
    """A tolerance rule in force."""

    public_id: str
    fund_id: int
    base: str
    netting: bool
    timing: str
    limit_pct: str
    document: str


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
    counted: Sequence[CountedRow] = ()

    def fingerprint(self, *, catalogue: str) -> str:
        """SHA-256 of every frame in order and of the catalogue's version."""
        digest = hashlib.sha256(f"{self.month}|{catalogue}".encode())
        for field in fields(self):
            if field.name != "month":
                digest.update(orjson.dumps([field.name, getattr(self, field.name)], default=_plain))
        return digest.hexdigest()


def read(month: Month, *, known_at: datetime) -> Frames:
    """The frames of a month from what was recorded up to `known_at` (inclusive); wants full scope."""
    as_of = month.end
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
        balances=loans.balance_frame(as_of, known_at),
        issuance=loans.issuance_frame(month.first, as_of, known_at),
        positions=loans.position_frame(month.first, known_at),
        guarantees=loans.guarantee_frame(as_of, known_at),
        overdue_guaranteed=loans.overdue_frame(month, known_at),
        net_assets=loans.net_assets_frame(as_of, known_at),
        pools=loans.pool_frame(as_of, known_at),
        fuses=loans.fuse_frame(as_of, known_at),
        pipeline=listings.pipeline_frame(as_of, known_at),
        rules=_rules(as_of, known_at),
        targets=target_facts.read(as_of, known_at),
        not_reported=sorted(loans.not_reported(month, known_at)),
        migration=loans.migration_frame(month, known_at),
        vintages=loans.vintage_frame(as_of, known_at),
        renewals=loans.renewal_frame(month.first, as_of, known_at),
        branches=loans.branch_balance_frame(as_of, known_at),
        subsidies=loans.subsidy_frame(month, known_at),
        stakes=funds.stakes_frame(as_of=as_of, known_at=known_at),
        sources=funds.sources_frame(as_of=as_of, known_at=known_at),
        recognised=funds.recognised_frame(as_of=as_of, known_at=known_at),
        reinvestment_due=funds.due_frame(as_of=as_of, known_at=known_at),
        counted=target_facts.counted(as_of, known_at),
    )


def firm_names(firm_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """{firm id: (USCC, name)} of the few firms that figures name."""
    return {pk: (code, name) for pk, code, name in _named(firm_ids)}


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


def _rules(as_of: date, known_at: datetime) -> list[Rule]:
    """Approved by `known_at` and in force on the last day before `as_of`; the latest per fund."""
    in_force = (
        ToleranceRule.objects.filter(approved_at__lte=known_at, valid_from__lt=as_of)
        .filter(Q(valid_to=None) | Q(valid_to__gte=as_of))
        .order_by("fund_id", "-valid_from")
        .distinct("fund_id")
    )
    return [
        Rule(r.public_id, r.fund_id, r.base, r.netting, r.timing, str(r.limit_pct), r.document)
        for r in in_force
    ]


def inputs_version() -> str:
    """A cheap word for "something was recorded since": the last row of every fact table."""
    marks = [model.objects.aggregate(last=Max("pk"))["last"] for model in _fact_models()]
    approvals = [
        model._default_manager.aggregate(last=Max("approved_at"))["last"]
        for model in (ToleranceRule, PoolLimits)
    ]
    # An applied report without rows leaves no fact, and yet its bank has reported.
    applied = LoanReportBatch.objects.filter(state="applied")
    reports = applied.values("bank_id", "period", "dataset").distinct().count()
    facts = applied.filter(applied_totals__rows__gt=0).aggregate(last=Max("finished_at"))["last"]
    return hashlib.sha256(repr([marks, approvals, reports, facts]).encode()).hexdigest()[:16]


def _fact_models() -> list[Any]:
    """The append-only tables that frames are read from; loan events and positions come with batches."""
    return [
        FundEvent, HoldingEvent, Valuation, Guarantee, GuaranteeEvent, NetAssets, PoolEvent, StageEvent,
        TargetReport, Branch, SubsidyScheme, FundTerms, Recognition, TargetDecision, OpenQuestion, QuestionAnswer,
        FirmClass, DealPayment,
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(type(value))
