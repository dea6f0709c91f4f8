"""The keepers of the funds record the deals that they follow, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

from finance_hub.demo import naming
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.capital.prospects import Move, Prospect
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, recorded
from funds.models import Deal, HoldingEvent
from funds.operations import pipeline
from funds.operations.pipeline import documents
from funds.operations.pipeline.rules import Decision
from funds.queries.pipeline import standing_steps

#: Days until a payment is tied to its investment, which is in the books a few days earlier.
TIED_AFTER = (10, 14)
#: What stands behind the last step of a deal that is open there.
PAPERED = {"due_diligence": "尽职调查报告", "committee": "投决会纪要", "signed": "投资协议"}
#: Nobody of it leads a deal.
COMMITTEE = tuple(naming.person(number) for number in (132, 149, 166, 183, 152))


def follow(
    plan: FundPlan, prospects: list[Prospect], *, people: People, timeline: Timeline, dice: Chance
) -> None:
    """Put every step of a fund's deals on the timeline, none before the one that it follows."""
    for prospect in prospects:
        first, *moves = prospect.moves
        at = recorded(first.day, dice, after=(1, 3))
        timeline.add(at, _open(plan, prospect, first, people))
        for number, move in enumerate(moves):
            after = TIED_AFTER if move.stage == "paid" else (1, 4)
            at = max(at, recorded(move.day, dice, after=after))
            if number == 0 and prospect.by_name and move.stage in {"screening", "committee"}:
                timeline.add(at, _name(plan, prospect, move.day, people))
            timeline.add(at, _take(plan, prospect, move, people))
        if prospect.moves[-1].stage in PAPERED:
            timeline.add(at, _document(plan, prospect, people))
        for day in prospect.tranches:
            timeline.add(recorded(day, dice, after=TIED_AFTER), _pay(plan, prospect, day, people))


def _open(plan: FundPlan, one: Prospect, move: Move, people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        deal = pipeline.open_deal(
            fund=plan.charter.code, title=one.title, source=one.source, referred_by=one.referred_by,
            instrument=one.instrument, planned_amount=one.planned, lead=one.lead, effective_date=move.day,
            uscc=None if one.by_name else one.firm.uscc, firm_name=one.firm.name_on(move.day),
            by=people[plan.charter.keeper], now=now,
        )  # fmt: skip
        one.deal = deal.public_id

    return act


def _name(plan: FundPlan, one: Prospect, day: date, people: People) -> Callable[[datetime], object]:
    """The firm that was known by name alone shows its licence."""
    return lambda now: pipeline.edit_deal(
        _deal(plan, one), version=1, uscc=one.firm.uscc, firm_name=one.firm.name_on(day),
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _take(plan: FundPlan, one: Prospect, move: Move, people: People) -> Callable[[datetime], object]:
    return lambda now: pipeline.take_step(
        deal=_deal(plan, one), stage=move.stage, effective_date=move.day, reason=move.reason,
        skipped=[{"stage": stage, "reason": reason} for stage, reason in move.skipped],
        decision=_decision(move) if move.stage in {"committee", "declined"} else None,
        investment=_investment(plan, one, move.day) if move.stage == "paid" else None,
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _document(plan: FundPlan, one: Prospect, people: People) -> Callable[[datetime], object]:
    """What the last step rests on."""

    def act(now: datetime) -> None:
        deal = Deal.objects.get(public_id=_deal(plan, one))
        step, name = standing_steps(deal)[-1], PAPERED[one.moves[-1].stage]
        text = f"{one.title} {name} {step.effective_date.isoformat()}\n{naming.MARK}\n".encode()
        with documents.received(BytesIO(text), length=len(text), digest=None) as content:
            pipeline.attach_document(
                content, deal=deal.public_id, step=step.public_id, name=f"{name}.txt",
                media_type="text/plain", by=people[plan.charter.keeper], now=now,
            )  # fmt: skip

    return act


def _pay(plan: FundPlan, one: Prospect, day: date, people: People) -> Callable[[datetime], object]:
    return lambda now: pipeline.add_payment(
        deal=_deal(plan, one), investment=_investment(plan, one, day), note="后续一期",
        by=people[plan.charter.keeper], now=now,
    )  # fmt: skip


def _decision(move: Move) -> Decision:
    votes_for, votes_against = move.votes
    return {
        "decided_by": list(COMMITTEE[: votes_for + votes_against]),
        "grounds": move.reason or "尽调无重大瑕疵，估值与同类企业一致，符合基金投向",
        "conflicts": "全体委员声明无利益冲突",
        "votes_for": votes_for,
        "votes_against": votes_against,
    }


def _deal(plan: FundPlan, one: Prospect) -> str:
    """The public id that the deal was given when it was opened, perhaps by a loading before this one."""
    if not one.deal:
        one.deal = Deal.objects.get(fund__code=plan.charter.code, title=one.title).public_id
    return one.deal


def _investment(plan: FundPlan, one: Prospect, day: date) -> str:
    bought = HoldingEvent.objects.get(
        holding__fund__code=plan.charter.code, holding__firm__uscc=one.firm.uscc, kind="investment",
        effective_date=day, reverses=None,
    )  # fmt: skip
    return bought.public_id
