"""What the API of the deals takes and gives."""

from __future__ import annotations

from rest_framework import serializers

from finance_hub.rest.fields import Choice, Day, Instant, Money, Record, Sha256, Uscc, Whole, Words, YesNo
from funds.api.shapes import page_of
from funds.models.deals import ROAD, DealSource, Instrument, Stage, Standing

MOST_VOTES = 200
MOST_NAMES = 30


class DealChanges(Record):
    """Any of the header; `uscc` names the firm, with `firm_name` if the registry does not know it."""

    uscc = Uscc(required=False)
    firm_name = Words(max_length=200, required=False)
    title = Words(max_length=200, required=False)
    source = Choice(DealSource.values, required=False)  # type: ignore[assignment]
    referred_by = Words(max_length=200, min_length=0, required=False)
    instrument = Choice(Instrument.values, required=False)
    planned_amount = Money(positive=True, required=False)
    lead = Words(max_length=100, required=False)
    note = Words(max_length=500, min_length=0, required=False)


class NewDeal(Record):
    """The first meeting. Until screening `firm_name` alone will do; `uscc` names the firm for good."""

    fund = Words(max_length=40)
    uscc = Uscc(required=False)
    firm_name = Words(max_length=200, required=False)
    title = Words(max_length=200)
    source = Choice(DealSource.values)  # type: ignore[assignment]
    referred_by = Words(max_length=200, min_length=0, default="")
    instrument = Choice(Instrument.values)
    planned_amount = Money(positive=True)
    lead = Words(max_length=100)
    effective_date = Day()
    note = Words(max_length=500, min_length=0, default="")


class FirmOfDeal(Record):
    """`uscc` is null while the deal knows its firm by name alone."""

    uscc = Words(max_length=18, source="firm.uscc", default=None, allow_null=True)
    name = Words(max_length=200, source="called")


class DealInPipeline(Record):
    """`paid_amount` counts payments that were not reversed, `unpaid_amount` is what is planned beside them;
    `last_paid_on` is null without a payment."""

    id = Words(max_length=40, source="public_id")
    fund = Words(max_length=40, source="fund.code")
    firm = FirmOfDeal(source="*")
    title = Words(max_length=200)
    source = Choice(DealSource.values)  # type: ignore[assignment]
    referred_by = Words(max_length=200)
    instrument = Choice(Instrument.values)
    planned_amount = Money()
    lead = Words(max_length=100)
    note = Words(max_length=500)
    stage = Choice(Standing.values, source="standing")
    step_date = Day()
    paid_amount = Money()
    unpaid_amount = Money()
    last_paid_on = Day(allow_null=True)
    payment_reversed = YesNo()
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    version = Whole()


class Skipped(Record):
    stage = Choice(ROAD[1:5])
    reason = Words(max_length=500)


class DecisionRecord(Record):
    """尽职免责. `conflicts` is said even where there are none: 无利益冲突."""

    decided_by = serializers.ListField(
        child=Words(max_length=100), allow_empty=False, min_length=1, max_length=MOST_NAMES
    )
    grounds = Words(max_length=2000)
    conflicts = Words(max_length=2000)
    votes_for = Whole(most=MOST_VOTES)
    votes_against = Whole(most=MOST_VOTES)


class NewStep(Record):
    """`skipped` gives a reason for each stage left out; `paid` names its `investment`, a holding entry."""

    stage = Choice(Stage.values)
    effective_date = Day()
    reason = Words(max_length=500, min_length=0, default="")
    skipped = Skipped(many=True, required=False)
    decision = DecisionRecord(required=False)
    investment = Words(max_length=40, required=False)
    corrects = Words(max_length=40, required=False)
    note = Words(max_length=500, min_length=0, default="")


class StepShown(Record):
    """`corrected_by` is null for a step that counts; `skipped` is true for a stage that was left out."""

    id = Words(max_length=40, source="public_id")
    stage = Choice(Stage.values)
    skipped = YesNo()
    effective_date = Day()
    reason = Words(max_length=500)
    decision = DecisionRecord(allow_null=True)
    investment = Words(max_length=40, allow_null=True)
    corrects = Words(max_length=40, source="corrects.public_id", default=None, allow_null=True)
    corrected_by = Words(max_length=40, source="corrected_by_id", allow_null=True)
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    note = Words(max_length=500)


class NewPayment(Record):
    investment = Words(max_length=40)
    note = Words(max_length=500, min_length=0, default="")


class PaymentShown(Record):
    """`reversed_on` is null while the investment stands."""

    id = Words(max_length=40, source="public_id")
    investment = Words(max_length=40, source="event.public_id")
    holding = Words(max_length=40, source="event.holding.public_id")
    amount = Money(source="event.cost")
    effective_date = Day(source="event.effective_date")
    reversed_on = Day(allow_null=True)
    recorded_at = Instant()
    recorded_by = Words(max_length=100, source="recorded_by.full_name")
    note = Words(max_length=500)


class DocumentShown(Record):
    id = Words(max_length=40, source="public_id")
    step = Words(max_length=40, source="step.public_id")
    name = Words(max_length=200)
    sha256 = Sha256()
    size = Whole(most=2**63 - 1)
    media_type = Words(max_length=100)
    uploaded_at = Instant()
    uploaded_by = Words(max_length=100, source="uploaded_by.full_name")


class Rung(Record):
    stage = Choice(Standing.values, source="standing")
    deals = Whole()
    planned_amount = Money()


class Board(Record):
    fund = Words(max_length=40)
    stages = Rung(many=True)


DealPage = page_of(DealInPipeline)
StepPage = page_of(StepShown)
PaymentPage = page_of(PaymentShown)
DocumentPage = page_of(DocumentShown)
