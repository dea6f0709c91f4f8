"""The forms that take a deal on: a step, its correction, a payment, a document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.fields import Field
from finance_hub.web.presenters.deals import acts, decisions, wording
from finance_hub.web.presenters.deals.header_forms import back_to
from finance_hub.web.presenters.funds import forms
from finance_hub.web.presenters.funds import wording as of_funds
from finance_hub.web.presenters.funds.forms import Form
from funds import limits
from funds.models.deals import REASONED, ROAD, Stage
from funds.operations import pipeline
from funds.operations.pipeline.rules import Skip
from funds.queries import deal_lives

#: Which field speaks for what an operation calls otherwise.
_NAMED = {"decision": "decided_by"}


def step(deal: Any, stage: str, counted: Sequence[Any], now: datetime, *, is_sent: bool) -> Form:
    """The step to `stage`, over those between, each with its reason.

    A form that `is_sent` may name an investment that this very form has tied already.
    """
    left_out = _between(counted[-1], stage)
    skips = {f"skip_{one}": one for one in left_out}
    fields = [
        Field(name, _("Why it is left out: %(stage)s") % {"stage": wording.standing(one)}, "text", most=500)
        for name, one in skips.items()
    ]
    fields += [_investment(deal, counted, or_tied=is_sent)] if stage == Stage.PAID else [forms.day(now)]
    fields += [_reason()] if stage in REASONED else []
    fields += decisions.asked({}) if decisions.is_decided_with(stage, counted) else []

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        skipped: list[Skip] = [{"stage": one, "reason": values.pop(name)} for name, one in skips.items()]
        bought = values.get("investment")
        if bought:  # of one that is gone any day will do: the operation says what is wrong with it
            values["effective_date"] = _days(deal, counted).get(bought, days.today(at))
        said = {**decisions.without(values), "note": values["note"] or ""}
        return pipeline.take_step(
            deal=deal.public_id, stage=stage, skipped=skipped, decision=decisions.decided(values), **said, by=by, now=at
        )  # fmt: skip

    return Form(
        title=_title(stage),
        back=back_to(deal),
        intro=_intro(deal, stage),
        facts=facts(deal),
        fields=(*fields, forms.note()),
        main="investment" if stage == Stage.PAID else "effective_date",
        notice="deal-stepped",
        enter=enter,
        submit=_("Record the step"),
        named={**_NAMED, "skipped": next(iter(skips), "effective_date")},
        keeps_draft=True,
    )


def correct(deal: Any, mistaken: Any, counted: Sequence[Any]) -> Form:
    """Another row in the place of a step; of the last one it may say another stage."""
    before = [one for one in counted if one.place < mistaken.place]
    is_last = mistaken.place == counted[-1].place and bool(before)
    stages = [mistaken.stage]
    if is_last:
        nearest = acts.following(before[-1])
        ends = [one for one in nearest if one not in ROAD]
        stages += [one for one in (*[s for s in nearest if s in ROAD][:1], *ends) if one != mistaken.stage]
        stages = [one for one in stages if one != Stage.PAID]
    choices = tuple((one, wording.standing(one)) for one in stages)
    fields = (
        [Field("stage", pgettext("deal", "Stage"), "choice", choices=choices, initial=mistaken.stage)]
        if is_last
        else []
    )
    fields.append(forms.day(mistaken.recorded_at, initial=mistaken.effective_date))
    if mistaken.reason or any(one in REASONED for one in stages):
        fields.append(_reason(required=False, initial="" if mistaken.skipped else mistaken.reason))
    if mistaken.decision or any(decisions.is_decided_with(one, before) for one in stages):
        fields += decisions.asked(decisions.held(mistaken), required=len(stages) == 1)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said: Any = {name: value or "" for name, value in values.items() if name in ("reason", "note")}
        return pipeline.take_step(
            deal=deal.public_id, stage=values.get("stage", mistaken.stage), corrects=mistaken.public_id,
            effective_date=values["effective_date"], decision=decisions.decided(values), **said, by=by, now=at,
        )  # fmt: skip

    return Form(
        title=_("Correct a step: %(stage)s") % {"stage": wording.standing(mistaken.stage)},
        back=back_to(deal),
        intro=_("What was recorded stays to be read; the new entry counts in its place."),
        facts=facts(deal),
        fields=(*fields, Field("note", _("Note"), required=False, initial=mistaken.note, most=500)),
        main="effective_date",
        notice="deal-corrected",
        enter=enter,
        submit=_("Correct it"),
        named=_NAMED,
        keeps_draft=True,
    )


def payment(deal: Any, counted: Sequence[Any], *, is_sent: bool) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        said = {**values, "note": values["note"] or ""}
        return pipeline.add_payment(deal=deal.public_id, **said, by=by, now=at)

    return Form(
        title=_("Record a payment"),
        back=back_to(deal),
        intro=_intro(deal, Stage.PAID),
        facts=facts(deal),
        fields=(_investment(deal, counted, or_tied=is_sent), forms.note()),
        main="investment",
        notice="deal-paid",
        enter=enter,
    )


def attach(deal: Any, counted: Sequence[Any]) -> Form:
    """`enter` takes the content, its name and media type beside the values of the fields."""
    steps = tuple(
        (one.public_id, f"{wording.standing(one.stage)} {words.day(one.effective_date)}")
        for one in counted
    )  # fmt: skip
    most = str(limits.MOST_DOCUMENT_BYTES // 2**20)

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        content = values.pop("content")
        return pipeline.attach_document(content, deal=deal.public_id, **values, by=by, now=at)

    return Form(
        title=_("Attach a document"),
        back=back_to(deal),
        intro=_("It is kept under its hash and stands behind a step for good."),
        facts=facts(deal),
        fields=(
            Field("step", _("The step it stands behind"), "choice", choices=steps, initial=steps[-1][0]),
            Field("file", _("Document"), "file", hint=_("Of any kind, up to %(most)s MB.") % {"most": most}),
        ),
        main="file",
        notice="deal-documented",
        enter=enter,
        submit=_("Attach it"),
        named={"name": "file"},
    )


def facts(deal: Any) -> tuple[Fact, ...]:
    return (
        Fact(pgettext("deal", "Deal"), deal.title),
        Fact(_("Firm"), wording.firm(deal)),
        Fact(_("Fund"), of_funds.name(deal.fund)),
        Fact(pgettext("deal", "Stage"), f"{wording.standing(deal.standing)} {words.day(deal.step_date)}"),
        Fact(_("Planned amount"), of_funds.exact(deal.planned_amount)),
        Fact(pgettext("deal", "Paid"), of_funds.exact(deal.paid_amount)),
    )


def _title(stage: str) -> str:
    named = {
        Stage.DECLINED.value: _("Decline the deal"),
        Stage.WITHDRAWN.value: _("Withdraw the deal"),
        Stage.REOPENED.value: _("Reopen the deal"),
    }
    return named.get(stage) or _("Next step: %(stage)s") % {"stage": wording.standing(stage)}


def _intro(deal: Any, stage: str) -> str:
    if stage == Stage.PAID:
        return _("What was paid is an investment of the fund in the firm: record it at the fund first, then "
                 "choose it here.")  # fmt: skip
    if deal.firm is None and stage in ROAD:
        return _("From screening on a deal names its firm by its credit code: edit the deal first.")
    return ""


def _between(last: Any, stage: str) -> list[str]:
    if stage not in ROAD or stage not in acts.following(last):
        return []
    return ROAD[ROAD.index(last.at) + 1 : ROAD.index(stage)]


def _not_before(counted: Sequence[Any]) -> date:
    signed = [one.effective_date for one in counted if one.stage == Stage.SIGNED]
    last: date = counted[-1].effective_date
    return signed[-1] if signed else last


def _days(deal: Any, counted: Sequence[Any]) -> dict[str, date]:
    found = deal_lives.untied(deal, not_before=_not_before(counted), or_tied=True)
    return dict(found.values_list("public_id", "effective_date"))


def _investment(deal: Any, counted: Sequence[Any], *, or_tied: bool) -> Field:
    found = deal_lives.untied(deal, not_before=_not_before(counted), or_tied=or_tied)
    choices = tuple(
        (one.public_id, f"{words.day(one.effective_date)} · {of_funds.exact(one.cost)}") for one in found
    )
    hint = "" if choices else _("The fund has recorded no investment in the firm that is still free.")
    first = choices[0][0] if len(choices) == 1 else ""
    return Field("investment", _("Investment"), "choice", hint=hint, choices=choices, initial=first)


def _reason(*, required: bool = True, initial: str = "") -> Field:
    return Field("reason", _("Reason"), "text", required=required, initial=initial, most=500)
