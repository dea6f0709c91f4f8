"""Frames: the facts of a month, read once at the smallest grain that answers every figure.

Aggregated in SQL, ordered, amounts in whole fen. The fingerprint of the frames names the inputs
of a snapshot: same facts, same fingerprint, on any machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from django.db.models import Max

from finance_hub.kernel.models import ControlGroup, Firm, FirmVersion, Organisation
from finance_hub.kernel.periods import Month
from funds import queries as funds
from funds.models import DealStep, FundEvent, FundTerms, Holding, HoldingEvent, Recognition, Round, Valuation
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
from listings.models import FinancialYear, FirmStatement, StageEvent
from listings.queries import AttemptRow, StageRow, StatementRow, YearRow
from loans import queries as loans
from loans.models import (
    AgreementTerms,
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
    VintageRow,
)  # fmt: skip
from tasks.exposure.batons import Baton, batons
from tasks.models import ConcentrationLimit, Target, TargetReport, ToleranceRule


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
    """A tolerance rule in force; percentages as text."""

    public_id: str
    fund_id: int | None
    base: str
    netting: bool
    timing: str
    limit_pct: str
    document: str
    scope: str = "fund"
    key: str = ""
    warning_pct: str = "80.00"
    owner: str = ""


class LapsedRule(NamedTuple):
    """A rule that has ended, and that no other has followed."""

    public_id: str
    scope: str
    fund_id: int | None
    key: str
    ended_on: date


class ConcentrationRule(NamedTuple):
    """A limit on concentration in force; numbers as text, in the unit of its measure."""

    public_id: str
    dimension: str
    measure: str
    top_n: int | None
    fund_id: int | None
    limit: str
    warning: str
    document: str


class RegisteredRow(NamedTuple):
    """What the registry says of a firm, as it stands today; "" and None where it does not."""

    firm_id: int
    group_id: int | None
    industry: str
    town: str
    stage: str


class TargetFact(NamedTuple):
    """A target with the latest value reported for it, None where nobody has."""

    code: str
    metric: str
    value: str
    unit: str
    comparison: str
    baseline_date: date
    deadline: date | None
    tracking: str
    reported: str | None
    reported_as_of: date | None


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
    covers = loans.cover_frame(as_of, known_at)
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
        targets=_targets(as_of, known_at),
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
        covers=covers,
        rooms=loans.room_frame(as_of, known_at, covers=covers),
        firm_subsidies=loans.firm_subsidy_frame(month, known_at),
        registry=_registry(),
        batons=batons(as_of=as_of, known_at=known_at),
        concentration_limits=_concentration_limits(as_of, known_at),
        tiers=loans.tier_frame(month.first, known_at),
        pledged=loans.pledged_frame(month.first, known_at),
        guaranteed=loans.guaranteed_frame(as_of, known_at),
        shared=loans.shared_frame(as_of, known_at),
        signed=funds.signed_frame(as_of=as_of, known_at=known_at),
        lapsed=_lapsed(as_of, known_at),
        stages=listings.stages_frame(as_of, known_at),
        financial_years=listings.years_frame(as_of, known_at),
        statements=listings.statements_frame(as_of, known_at),
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


#: What a rule is set on; the rule that began last is the one in force there.
_SET_ON = ("scope", "fund_id", "key")


def _latest(as_of: date, known_at: datetime) -> list[ToleranceRule]:
    """Of every scope the rule approved by `known_at` that began last before `as_of`, ended or not."""
    begun = ToleranceRule.objects.filter(approved_at__lte=known_at, valid_from__lt=as_of)
    return list(begun.order_by(*_SET_ON, "-valid_from").distinct(*_SET_ON))


def _rules(as_of: date, known_at: datetime) -> list[Rule]:
    """In force on the last day before `as_of`; the latest of each scope."""
    return [
        Rule(
            r.public_id, r.fund_id, r.base, r.netting, r.timing, str(r.limit_pct), r.document, r.scope, r.key,
            str(r.warning_pct), r.owner,
        )
        for r in _latest(as_of, known_at)
        if r.valid_to is None or r.valid_to >= as_of
    ]  # fmt: skip


def _lapsed(as_of: date, known_at: datetime) -> list[LapsedRule]:
    return [
        LapsedRule(r.public_id, r.scope, r.fund_id, r.key, r.valid_to)
        for r in _latest(as_of, known_at)
        if r.valid_to is not None and r.valid_to < as_of
    ]


def _registry() -> list[RegisteredRow]:
    rows = Firm.objects.order_by("pk").values_list("pk", "control_group_id", "industry", "town", "stage")
    return [RegisteredRow(*row) for row in rows]


def _concentration_limits(as_of: date, known_at: datetime) -> list[ConcentrationRule]:
    """Approved by `known_at` and in force on the last day before `as_of`; of what they limit the latest."""
    limits = ConcentrationLimit.objects.filter(approved_at__lte=known_at, valid_from__lt=as_of)
    what = ("dimension", "measure", "top_n", "fund_id")
    latest = limits.order_by(*what, "-valid_from", "-pk").distinct(*what)
    return [
        ConcentrationRule(
            one.public_id, one.dimension, one.measure, one.top_n, one.fund_id, str(one.limit), str(one.warning),
            one.document,
        )
        for one in latest
        if one.valid_to is None or one.valid_to >= as_of
    ]  # fmt: skip


def _targets(as_of: date, known_at: datetime) -> list[TargetFact]:
    reports = (
        TargetReport.objects.filter(as_of__lt=as_of, recorded_at__lte=known_at)
        .order_by("target_id", "-as_of", "-recorded_at", "-pk")
        .distinct("target_id")
    )
    latest = {report.target_id: report for report in reports}
    return [
        TargetFact(
            t.code,
            t.metric,
            str(t.value),
            t.unit,
            t.comparison,
            t.baseline_date,
            t.deadline,
            t.tracking,
            str(latest[t.code].value) if t.code in latest else None,
            latest[t.code].as_of if t.code in latest else None,
        )
        for t in Target.objects.order_by("position")
    ]


def inputs_version() -> str:
    """A cheap word for "something was recorded since": the last row of every fact table."""
    marks = [model.objects.aggregate(last=Max("pk"))["last"] for model in _fact_models()]
    approvals = [
        model._default_manager.aggregate(last=Max("approved_at"))["last"]
        for model in (ToleranceRule, PoolLimits, ConcentrationLimit, AgreementTerms)
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
        TargetReport, Branch, SubsidyScheme, FundTerms, Recognition, Round, DealStep,
        FirmVersion,
        TargetReport, Branch, SubsidyScheme, FundTerms, Recognition, FinancialYear, FirmStatement,
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):  # what firms report of themselves, in yuan
        return str(value)
    raise TypeError(type(value))
