"""What the manager of a deal can do with it next, by where it stands."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.deals import wording
from funds.models.deals import ENDS, ROAD, Stage, Standing
from funds.operations.pipeline.rules import BOUND


def following(last: Any) -> list[str]:
    """What may come behind the last step that counts: stages of the road in their order, then the ends."""
    if last.stage in ENDS:
        return [Stage.REOPENED.value]
    ends = [] if last.at in BOUND else ENDS
    return [*ROAD[ROAD.index(last.at) + 1 :], *ends]


def next_act(deal: Any, last: Any) -> Link | None:
    """The act that takes the deal on; None of one that is paid in full."""
    stages = following(last)
    if stages:
        label = _("Reopen") if stages[0] == Stage.REOPENED else _("Next: %(stage)s")
        return _step(deal, stages[0], label % {"stage": wording.standing(stages[0])})
    return _payment(deal) if deal.standing == Standing.PAID else None


def skips(deal: Any, last: Any) -> tuple[Link, ...]:
    """Stages further on, over those between."""
    ahead = [stage for stage in following(last) if stage in ROAD][1:]
    return tuple(_step(deal, stage, wording.standing(stage)) for stage in ahead)


def others(deal: Any, last: Any) -> tuple[Link, ...]:
    """Ends, a further payment, a document, and the header."""
    labels = {Stage.DECLINED.value: _("Decline"), Stage.WITHDRAWN.value: _("Withdraw")}
    ends = [_step(deal, stage, labels[stage]) for stage in following(last) if stage in ENDS]
    is_paid = last.at == Stage.PAID and deal.standing != Standing.PAID
    return (
        *ends,
        *((_payment(deal),) if is_paid else ()),
        Link(_("Attach a document"), reverse("web:deal_attach", args=[deal.public_id])),
        Link(_("Edit"), reverse("web:deal_edit", args=[deal.public_id])),
    )


def _step(deal: Any, stage: str, label: str) -> Link:
    return Link(label, reverse("web:deal_step", args=[deal.public_id, stage]))


def _payment(deal: Any) -> Link:
    return Link(_("Record a payment"), reverse("web:deal_payment", args=[deal.public_id]))
