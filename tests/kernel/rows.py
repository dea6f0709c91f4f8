"""One row of every scoped model for each of two houses, and one of the centre's own.

A new scoped model needs its row here: `test_scoping` fails until it has one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from finance_hub.kernel import ids, uscc
from finance_hub.kernel.models import Firm, Organisation, Person, RequestRecord
from finance_hub.kernel.periods import Month
from funds.models import Fund
from listings.models import (
    AttemptParty,
    Filing,
    FinancialYear,
    FirmStatement,
    ListingAttempt,
    StageEvent,
)  # fmt: skip
from loans.intake.apply import books
from loans.models import (
    Agreement,
    AgreementShare,
    AgreementTerms,
    Branch,
    Claim,
    ClaimShare,
    Confirmation,
    Contract,
    Drawdown,
    FeedEvent,
    FeedHead,
    Finding,
    Guarantee,
    GuaranteeEvent,
    HoldingsExport,
    LivePledge,
    LoanEvent,
    LoanPosition,
    LoanProduct,
    LoanReportBatch,
    NetAssets,
    Pledge,
    Pool,
    PoolEvent,
    PoolLimits,
    Recovery,
    RecoveryShare,
    RowOutcome,
    WebhookDelivery,
    WebhookEndpoint,
)  # fmt: skip
from tasks.models import (
    Briefing,
    BriefingContent,
    BriefingFile,
    BriefingText,
    ConcentrationLimit,
    Dispatch,
    Figure,
    Matter,
    MatterOutcome,
    Snapshot,
    Subscriber,
    ToleranceRule,
)  # fmt: skip
from tests.cast import NOW, Cast
from tests.kernel.rows_made import DAY, ONE, Rows
from tests.kernel.rows_of_funds import fund_rows
from tests.kernel.rows_of_risk import risk_rows

OCTOBER = date(2026, 10, 1)
#: The two houses whose rows are kept apart, by the kind of business.
HOUSES = {
    "funds": ("angel-manager", "industry-manager"),
    "banks": ("bank-a", "bank-b"),
    "guarantors": ("guarantor-a", "guarantor-b"),
}


def make_firm(number: int) -> Firm:
    code = uscc.complete(f"91330483MA2B{number:05d}")
    return Firm.objects.create(uscc=code, name=f"企业{number}", source="centre", verified=True)


def bank_rows(cast: Cast, house: str, firm: Firm) -> Rows:
    bank, person = cast.organisation(house), cast["bank_a"]
    batch = LoanReportBatch.objects.create(
        public_id=ids.new("lb"), bank=bank, period=OCTOBER, dataset="flow", acceptance="valid_rows",
        format="ndjson", idempotency_key=house, content_sha256="0" * 64, declared_totals={"rows": 1},
        state="applied", declared_by=person, declared_at=NOW, expires_at=NOW,
    )  # fmt: skip
    contract = Contract.objects.create(bank=bank, contract_no="HT-1", firm=firm, recorded_at=NOW)
    drawdown = Drawdown.objects.create(
        bank=bank, contract=contract, firm=firm, drawdown_no="JJ-1", product=LoanProduct.objects.get(code="rd"),
        disbursed_on=DAY, maturity_date=date(2027, 10, 17), annual_rate_pct=ONE, repayment_method="bullet",
        recorded_at=NOW,
    )  # fmt: skip
    fact: dict[str, Any] = {
        "bank": bank, "batch": batch, "row_number": 1, "drawdown": drawdown, "revision": 1,
        "recorded_at": NOW,
    }  # fmt: skip
    with books.writing(bank=bank.pk, month=Month.of(OCTOBER)):
        pass
    return {
        **pushed_rows(cast, house),
        LoanReportBatch: batch,
        RowOutcome: RowOutcome.objects.create(bank=bank, batch=batch, row_number=2, outcome="rejected"),
        Contract: contract,
        Drawdown: drawdown,
        Pledge: Pledge.objects.create(
            bank=bank, drawdown=drawdown, type="patent", certificate_no="1", registration_no="1",
            appraised_value=ONE, share_pct=ONE,
        ),
        LivePledge: LivePledge.objects.create(
            bank=bank, drawdown=drawdown, type="patent", number_kind="certificate", number=house
        ),
        Branch: Branch.objects.create(
            bank=bank, code="B-1", name="支行", name_en="Branch", kind="talent", valid_from=DAY, recorded_at=NOW,
            recorded_by=cast["maker"],
        ),
        LoanEvent: LoanEvent.objects.create(
            **fact, external_event_id="E-1", record_type="disbursement", value_date=DAY, amount=ONE, effect=ONE,
            content_sha256=b"0" * 32,
        ),
        LoanPosition: LoanPosition.objects.create(
            **fact, month=OCTOBER, balance=ONE, overdue_days=0, five_tier="normal"
        ),
        **bank_records(bank, person),
    }  # fmt: skip


def bank_records(bank: Organisation, person: Person) -> Rows:
    return {
        Confirmation: Confirmation.objects.create(
            public_id=ids.new("rc"), bank=bank, period=OCTOBER, number=1, content_sha256="0" * 64, own_totals={},
            differences=[], matched=True, confirmed_by=person, recorded_at=NOW,
        ),
        Finding: Finding.objects.create(
            bank=bank, period=OCTOBER, rule="late-report", subject_kind="report", subject="flow",
            first_seen_at=NOW, last_seen_at=NOW,
        ),
        HoldingsExport: HoldingsExport.objects.create(
            public_id=ids.new("ex"), bank=bank, period=OCTOBER, format="csv", requested_by=person,
            requested_at=NOW, expires_at=NOW + timedelta(days=30),
        ),
    }  # fmt: skip


def pushed_rows(cast: Cast, house: str) -> Rows:
    """What a bank is told, and what it has asked."""
    bank, person = cast.organisation(house), cast["bank_a"]
    event = FeedEvent.objects.create(
        public_id=ids.new("evt"), organisation=bank, sequence=1, type="period.opened", subject="2026-10",
        recorded_at=NOW,
    )  # fmt: skip
    endpoint = WebhookEndpoint.objects.create(
        public_id=ids.new("we"), organisation=bank, slot=1, url="https://x.example/", state="active", secret="x",
        queued_through=1, created_at=NOW, created_by=person,
    )  # fmt: skip
    return {
        FeedHead: FeedHead.objects.create(organisation=bank, sequence=1),
        FeedEvent: event,
        WebhookEndpoint: endpoint,
        WebhookDelivery: WebhookDelivery.objects.create(
            organisation=bank, endpoint=endpoint, event=event, state="pending", attempts=0, next_attempt_at=NOW
        ),
        RequestRecord: RequestRecord.objects.create(
            organisation=bank, key_id="x", request_id="x", at=NOW, method="GET", path="/", status=200,
            milliseconds=1, bytes_in=0,
        ),
    }  # fmt: skip


def guarantor_rows(cast: Cast, house: str, firm: Firm) -> Rows:
    person = cast["guarantor_a"]
    stamp: dict[str, Any] = {"effective_date": DAY, "recorded_at": NOW, "recorded_by": person}
    # A bank that is not of the cast: the bank of a guarantee reads it.
    bank = Organisation.objects.get_or_create(
        code="elsewhere", defaults={"kind": "bank", "name": "外地银行", "name_en": "Elsewhere"}
    )[0]
    agreement = Agreement.objects.create(
        code=f"agreement-{house}", name="协议", guarantor=cast.organisation(house), bank=bank, recorded_at=NOW
    )
    terms = AgreementTerms.objects.create(
        agreement=agreement, version=1, valid_from=DAY, document="x", keeper="bank", covers_interest=False,
        waiting_days=0, fee_base="outstanding", fee_days_in_year=365, proposed_by=cast["maker"], proposed_at=NOW,
    )  # fmt: skip
    guarantee = Guarantee.objects.create(
        public_id=ids.new("gu"), guarantor=cast.organisation(house), guarantee_no="1", firm=firm,
        bank=bank, contract_no="HT-1", principal=ONE, start_date=DAY,
        end_date=date(2027, 10, 17), bank_share_pct=20, government_share_pct=40, guarantor_share_pct=40,
        recorded_at=NOW, recorded_by=person,
    )  # fmt: skip
    claim = Claim.objects.create(
        public_id=ids.new("gc"), guarantee=guarantee, principal=ONE, interest=0, **stamp
    )
    recovery = Recovery.objects.create(
        public_id=ids.new("gr"), guarantee=guarantee, claim=claim, amount=ONE, cost=0, **stamp
    )
    return {
        Agreement: agreement,
        AgreementTerms: terms,
        AgreementShare: AgreementShare.objects.create(terms=terms, position=0, party="bank", share_pct=100),
        Guarantee: guarantee,
        GuaranteeEvent: GuaranteeEvent.objects.create(
            public_id=ids.new("ge"), guarantee=guarantee, kind="release", amount=ONE, **stamp
        ),
        Claim: claim,
        ClaimShare: ClaimShare.objects.create(
            guarantee=guarantee, claim=claim, position=0, party="guarantor", principal=ONE, interest=0
        ),
        Recovery: recovery,
        RecoveryShare: RecoveryShare.objects.create(
            guarantee=guarantee, recovery=recovery, position=0, party="guarantor", amount=ONE
        ),
        NetAssets: NetAssets.objects.create(
            public_id=ids.new("na"), guarantor=cast.organisation(house), amount=ONE, deductions=0, **stamp
        ),
    }


def centre_rows(cast: Cast, fund: Fund, firm: Firm) -> Rows:
    snapshot = Snapshot.objects.create(
        public_id=ids.new("ss"),
        month=OCTOBER,
        fingerprint="0" * 64,
        known_at=NOW,
        taken_at=NOW,
        not_reported=[],
    )
    pool = Pool.objects.create(code="pool", name="资金池", name_en="Pool", recorded_at=NOW)
    attempt = ListingAttempt.objects.create(
        public_id=ids.new("la"), firm=firm, board="star", sequence=1, recorded_at=NOW
    )
    briefing = Briefing.objects.create(
        public_id=ids.new("br"), month=OCTOBER, snapshot=snapshot, state="draft", drafted_at=NOW, year=2026,
        file="x.pdf", sha256="0" * 64, pages=1,
    )  # fmt: skip
    said = {"text": "x", "text_en": "x", "recorded_by": cast["maker"], "recorded_at": NOW}
    matter = Matter.objects.create(
        public_id=ids.new("ma"), month=OCTOBER, owner="x", owner_en="x", due=DAY, **said
    )
    subscriber = Subscriber.objects.create(
        public_id=ids.new("su"),
        address="x@example.cn",
        name="x",
        language="en",
        since=NOW,
        added_by=cast["maker"],
    )
    return {
        Matter: matter,
        MatterOutcome: MatterOutcome.objects.create(matter=matter, month=OCTOBER, standing="open", **said),
        Snapshot: snapshot,
        Figure: Figure.objects.create(snapshot=snapshot, code="x", value=ONE),
        Briefing: briefing,
        BriefingContent: BriefingContent.objects.create(briefing=briefing, language="en", tree={}),
        BriefingFile: BriefingFile.objects.create(
            briefing=briefing, kind="workbook", language="en", file="x.xlsx", sha256="0" * 64, bytes=1
        ),
        BriefingText: BriefingText.objects.create(briefing=briefing, language="en", text="x"),
        Subscriber: subscriber,
        Dispatch: Dispatch.objects.create(briefing=briefing, subscriber=subscriber),
        PoolLimits: PoolLimits.objects.create(
            pool=pool, version=1, valid_from=DAY, document="x", leverage_limit=10, fuse_measure="npl_ratio",
            fuse_line_pct=3, proposed_by=cast["maker"], proposed_at=NOW,
        ),
        PoolEvent: PoolEvent.objects.create(
            public_id=ids.new("pe"), pool=pool, kind="contribution", amount=ONE, party="财政局",
            effective_date=DAY, recorded_at=NOW, recorded_by=cast["maker"],
        ),
        ListingAttempt: attempt,
        ConcentrationLimit: ConcentrationLimit.objects.create(
            public_id=ids.new("cl"), dimension="firm", measure="hhi", limit=ONE, warning=ONE, owner_unit="x",
            document="x", valid_from=DAY, proposed_by=cast["maker"], proposed_at=NOW,
        ),
        **listing_rows(cast, attempt, firm),
        ToleranceRule: ToleranceRule.objects.create(
            public_id=ids.new("tr"), fund=fund, base="size", netting=True, timing="realised", limit_pct=ONE,
            document="x", valid_from=DAY, proposed_by=cast["maker"], proposed_at=NOW,
        ),
        **risk_rows(cast, snapshot),
    }  # fmt: skip


def listing_rows(cast: Cast, attempt: ListingAttempt, firm: Firm) -> Rows:
    stamp = {"effective_date": DAY, "recorded_at": NOW, "recorded_by": cast["maker"]}
    said = {"source": "x", **stamp}
    return {
        StageEvent: StageEvent.objects.create(
            public_id=ids.new("se"), attempt=attempt, stage="cultivation", evidence="x", **stamp
        ),
        AttemptParty: AttemptParty.objects.create(
            public_id=ids.new("lp"), attempt=attempt, role="sponsor", name="x", **said
        ),
        Filing: Filing.objects.create(
            public_id=ids.new("lf"), attempt=attempt, kind="inquiry_letter", **said
        ),
        FinancialYear: FinancialYear.objects.create(
            public_id=ids.new("fy"), firm=firm, year=DAY.year - 1, revenue=ONE, **said
        ),
        FirmStatement: FirmStatement.objects.create(
            public_id=ids.new("fs"), firm=firm, name="net_assets", number=ONE, **said
        ),
    }


def make_rows(cast: Cast) -> dict[str, Rows]:
    """House → its rows; "" → the centre's own. Call within EVERYTHING."""
    firm, made = make_firm(1), {}
    for kind, make in (("funds", fund_rows), ("banks", bank_rows), ("guarantors", guarantor_rows)):
        for house in HOUSES[kind]:
            made[house] = make(cast, house, firm)
    fund = made["angel-manager"][Fund]
    assert isinstance(fund, Fund)
    return {**made, "": centre_rows(cast, fund, firm)}
