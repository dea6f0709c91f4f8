"""Whether anything that frames read was recorded since."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import Max

from finance_hub.kernel.models import FirmClass, FirmVersion
from funds.models import (
    DealPayment,
    DealStep,
    FundEvent,
    FundTerms,
    HoldingEvent,
    Recognition,
    Round,
    Valuation,
)
from listings.models import FinancialYear, FirmStatement, StageEvent
from loans.models import (
    AgreementTerms,
    Branch,
    Claim,
    Guarantee,
    GuaranteeEvent,
    LoanReportBatch,
    NetAssets,
    PoolEvent,
    PoolLimits,
    Recovery,
    SubsidyScheme,
)
from tasks.models import (
    ConcentrationLimit,
    OpenQuestion,
    QuestionAnswer,
    RiskAssumptions,
    TargetDecision,
    TargetReport,
    ToleranceRule,
)


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
        FundEvent, HoldingEvent, Valuation, Round, DealStep, DealPayment, FundTerms, Recognition,
        Guarantee, GuaranteeEvent, Claim, Recovery, NetAssets, PoolEvent, Branch, SubsidyScheme,
        StageEvent, FinancialYear, FirmStatement, FirmVersion, FirmClass,
        TargetReport, TargetDecision, OpenQuestion, QuestionAnswer, RiskAssumptions,
    ]  # fmt: skip
