"""The road of a deal: the steps that count, dated, the stages left out, and what lies ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web import words
from finance_hub.web.contexts import deals as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.deals import wording
from funds.models import DealDocument
from funds.models.deals import ENDS, ROAD, Stage, Standing

#: Where a deal stands once it is paid.
AFTER = [Standing.HELD.value, Standing.EXITED.value, Standing.WRITTEN_OFF.value, Standing.REVERSED.value]


def counting(steps: Sequence[Any]) -> list[Any]:
    """Of all steps ever recorded those that count, in their order: of each place the one recorded last."""
    latest: dict[int, Any] = {}
    for step in sorted(steps, key=lambda step: step.pk):
        latest[step.place] = step
    return [latest[place] for place in sorted(latest)]


def road(
    deal: Any, counted: Sequence[Any], documents: Sequence[DealDocument], *, may_record: bool
) -> tuple[contexts.Step, ...]:
    held = {step.pk: [one for one in documents if one.step_id == step.pk] for step in counted}
    went_on = deal.standing in AFTER
    gone = [
        _step(
            deal, step, held[step.pk], is_last=step is counted[-1] and not went_on, may_record=may_record
        )
        for step in counted
    ]  # fmt: skip
    return (*gone, *_after(deal, went_on=went_on), *_ahead(counted[-1], went_on=went_on))


def _step(
    deal: Any, step: Any, documents: Sequence[DealDocument], *, is_last: bool, may_record: bool
) -> contexts.Step:
    state = "skipped" if step.skipped else "current" if is_last else "done"
    notes = [
        _("Left out: %(reason)s") % {"reason": step.reason} if step.skipped else step.reason,
        step.note,
        _("corrected on %(moment)s") % {"moment": words.moment(step.recorded_at)} if step.corrects_id else "",
    ]
    links = [
        Link(one.name, reverse("web:deal_document", args=[deal.public_id, one.public_id]))
        for one in documents
    ]
    return contexts.Step(
        title=wording.standing(step.stage),
        state=state,
        day=words.day(step.effective_date),
        said=_("left out") if step.skipped else "",
        notes=tuple(note for note in notes if note),
        links=(*links, *(_acts(deal, step) if may_record else ())),
    )


def _acts(deal: Any, step: Any) -> tuple[Link, ...]:
    """What was paid is what was invested: it is reversed there."""
    if step.stage == Stage.PAID:
        return ()
    correct = reverse("web:deal_correct", args=[deal.public_id, step.public_id])
    return (Link(_("Correct"), correct, aside=wording.standing(step.stage)),)


def _after(deal: Any, *, went_on: bool) -> list[contexts.Step]:
    if not went_on:
        return []
    return [contexts.Step(wording.standing(deal.standing), "current", "", "", (), ())]


def _ahead(last: Any, *, went_on: bool) -> list[contexts.Step]:
    if went_on or last.stage in ENDS:
        return []
    stages = [*ROAD[ROAD.index(last.at) + 1 :], Standing.HELD.value]
    return [contexts.Step(wording.standing(stage), "ahead", "", _("ahead"), (), ()) for stage in stages]


def decisions(counted: Sequence[Any]) -> tuple[contexts.Decision, ...]:
    return tuple(_decision(step) for step in counted if step.decision)


def _decision(step: Any) -> contexts.Decision:
    votes = _("%(for)s for, %(against)s against") % {"for": step.votes_for, "against": step.votes_against}
    return contexts.Decision(
        title=f"{wording.standing(step.stage)} {words.day(step.effective_date)}",
        facts=(
            Fact(_("Decided by"), words.listed(step.decided_by)),
            Fact(_("Votes"), votes),
            Fact(_("Grounds"), step.grounds),
            Fact(_("Conflicts of interest declared"), step.conflicts),
        ),
    )
