"""One row of every model of funds for a house; see `tests.kernel.rows`."""

from __future__ import annotations

from datetime import date
from typing import Any

from finance_hub.kernel import ids
from finance_hub.kernel.models import Firm, Person
from funds.models import (
    Deal,
    DealChange,
    DealDocument,
    DealPayment,
    DealStep,
    Fund,
    FundEvent,
    FundTerms,
    Holding,
    HoldingEvent,
    Investor,
    LocalInput,
    ManagerEarning,
    Recognition,
    ReinvestmentRules,
    Round,
    Security,
    Units,
    Valuation,
)
from tasks.models import (
    FundBenchmark,
    MarketIndex,
    PacingAssumptions,
    PacingScenario,
)
from tests.cast import NOW, Cast
from tests.kernel.rows_made import DAY, ONE, Rows


def fund_rows(cast: Cast, house: str, firm: Firm) -> Rows:
    person = cast["manager_angel"]
    stamp: dict[str, Any] = {"effective_date": DAY, "recorded_at": NOW, "recorded_by": person}
    fund = Fund.objects.create(
        code=f"fund-{house}", name="基金", name_en="Fund", tier="angel", manager=cast.organisation(house),
        planned_size=ONE, established_on=DAY,
    )  # fmt: skip
    investor = Investor.objects.create(fund=fund, name="财政局", capital="fiscal")
    holding = Holding.objects.create(public_id=ids.new("hd"), fund=fund, firm=firm)
    bought = HoldingEvent.objects.create(
        public_id=ids.new("he"), holding=holding, kind="investment", cash=ONE, cost=ONE, **stamp
    )
    return {
        **deal_rows(fund, firm, bought),
        **assumed_rows(fund, cast["maker"]),
        **policy_rows(fund, firm, person),
        **share_rows(fund, firm, bought),
        Fund: fund,
        Investor: investor,
        FundEvent: FundEvent.objects.create(
            public_id=ids.new("fe"), fund=fund, investor=investor, kind="commitment", amount=ONE, **stamp
        ),
        FundTerms: FundTerms.objects.create(
            public_id=ids.new("ft"),
            fund=fund,
            valid_from=DAY,
            document="协议",
            recorded_at=NOW,
            recorded_by=person,
        ),
        Holding: holding,
        HoldingEvent: bought,
        Valuation: Valuation.objects.create(
            public_id=ids.new("va"), holding=holding, fair_value=ONE, method="cost", **stamp
        ),
    }


def assumed_rows(fund: Fund, person: Person) -> Rows:
    """What the centre holds the fund against, and what it assumes of it."""
    stamp: dict[str, Any] = {"valid_from": DAY, "recorded_at": NOW, "recorded_by": person}
    index = MarketIndex.objects.create(
        code=f"index-{fund.code}", name="指数", name_en="Index", source="x", base_date=DAY, base_level=ONE,
        recorded_at=NOW, recorded_by=person,
    )  # fmt: skip
    assumed = PacingAssumptions.objects.create(public_id=ids.new("pa"), fund=fund, document="x", **stamp)
    scenarios = [
        PacingScenario(
            assumptions=assumed, outlook=outlook, contribution_rates_pct=[ONE], life=10, bow=ONE, growth_pct=ONE,
            yield_pct=ONE,
        )
        for outlook in ("low", "base", "high")
    ]  # fmt: skip
    return {
        FundBenchmark: FundBenchmark.objects.create(fund=fund, index=index, **stamp),
        PacingAssumptions: assumed,
        PacingScenario: PacingScenario.objects.bulk_create(scenarios),
    }


def policy_rows(fund: Fund, firm: Firm, person: Person) -> Rows:
    """What is recognised as local investment, and what the manager earned from a firm."""
    stamp: dict[str, Any] = {"recorded_at": NOW, "recorded_by": person}
    rules = ReinvestmentRules.objects.create(
        public_id=ids.new("rr"), fund=fund, valid_from=DAY, document="办法", own_input_factor=ONE, **stamp
    )
    place = LocalInput.objects.create(public_id=ids.new("li"), fund=fund, firm=firm, reference=fund.code)
    return {
        ReinvestmentRules: rules,
        LocalInput: place,
        Recognition: Recognition.objects.create(
            public_id=ids.new("rc"), input=place, rules=rules, route="own_input", base=ONE, factor=ONE,
            recognised=ONE, effective_date=DAY, evidence="审计报告", **stamp,
        ),
        ManagerEarning: ManagerEarning.objects.create(
            public_id=ids.new("me"), fund=fund, amount=ONE, earned_from="顾问费", effective_date=DAY, **stamp
        ),
    }  # fmt: skip


def deal_rows(fund: Fund, firm: Firm, bought: HoldingEvent) -> Rows:
    """A deal that was signed and paid."""
    stamp: dict[str, Any] = {"recorded_at": NOW, "recorded_by": bought.recorded_by}
    decided: dict[str, Any] = {
        "decided_by": ["投决会"], "grounds": "通过", "conflicts": "无", "votes_for": 3, "votes_against": 0,
    }  # fmt: skip
    deal = Deal.objects.create(
        public_id=ids.new("de"), fund=fund, firm=firm, firm_name=firm.name, title="A 轮", source="roadshow",
        instrument="equity", planned_amount=ONE, lead="王某", **stamp,
    )  # fmt: skip
    steps = [
        DealStep.objects.create(
            public_id=ids.new("ds"), deal=deal, place=place, stage=stage, at=stage, effective_date=DAY,
            **stamp, **(decided if stage == "committee" else {}),
        )
        for place, stage in enumerate(("met", "screening", "due_diligence", "committee", "signed"), start=1)
    ]  # fmt: skip
    return {
        Deal: deal,
        DealChange: DealChange.objects.create(
            deal=deal, version=2, changes={"title": {"old": "", "new": "A 轮"}}, **stamp
        ),
        DealStep: steps,
        DealPayment: DealPayment.objects.create(public_id=ids.new("dp"), deal=deal, event=bought, **stamp),
        DealDocument: DealDocument.objects.create(
            public_id=ids.new("dd"), step=steps[0], name="协议.pdf", sha256="0" * 64, size=1,
            media_type="application/pdf", uploaded_at=NOW, uploaded_by=bought.recorded_by,
        ),
    }  # fmt: skip


def share_rows(fund: Fund, firm: Firm, bought: HoldingEvent) -> Rows:
    """A round that sold one of two shares, a right to another, and the share itself."""
    stamp: dict[str, Any] = {"effective_date": DAY, "recorded_at": NOW, "recorded_by": bought.recorded_by}
    financed = Round.objects.create(
        public_id=ids.new("ro"), organisation=fund.manager, firm=firm, name="A 轮", pre_money=ONE, raised=ONE,
        post_money=2 * ONE, price=ONE, new_shares=1, shares_after=2, document="协议", **stamp,
    )  # fmt: skip
    return {
        Round: financed,
        Security: Security.objects.create(
            public_id=ids.new("se"), kind="warrant", fund=fund, firm=firm, shares=1, strike=ONE, document="协议",
            ends_on=date(2027, 10, 17), **stamp,
        ),
        Units: Units.objects.create(
            public_id=ids.new("hu"), holding=bought.holding, kind="bought", shares=1, event=bought, round=financed,
            **stamp,
        ),
    }  # fmt: skip
