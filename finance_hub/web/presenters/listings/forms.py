"""The forms of an attempt: what each asks, and the one operation that it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.models import Person
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds.forms import Form, day
from finance_hub.web.presenters.listings import wording
from listings import operations
from listings.models import Board, FilingKind, PartyRole
from listings.stages import ROAD, left


def new(now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.start_attempt(**_said(values), by=by, now=at)

    return Form(
        title=_("Begin an attempt"),
        back=Link(_("Listings"), reverse("web:listings")),
        intro=_("One try of a firm on one board. After an end a second try is an attempt of its own."),
        fields=(
            Field("uscc", _("Credit code of the firm"), most=18, hint=_("18 characters, as the register of firms has it.")),
            Field("board", _("Board"), "choice", choices=tuple((code, wording.board(code)) for code in Board.values)),
            Field("stage", pgettext("listing", "Stage"), "choice", choices=tuple((code, wording.stage(code)) for code in ROAD),
                  hint=_("A firm may come to the board late: the stage that it is in.")),
            day(now),
            _evidence(),
            Field("reason", _("Reason"), "text", required=False, most=300,
                  hint=_("Where the attempt begins later than on the reserve list: why the stages before are left out.")),
        ),
        main="uscc",
        notice="listing-begun",
        enter=enter,
        leads_to=lambda made: wording.address(made.public_id),
    )  # fmt: skip


def stage(found: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.enter_stage(attempt=found.public_id, **_said(values), by=by, now=at)

    return Form(
        title=_("Enter a stage"),
        back=back(found, "#road"),
        intro=_("What the exchange and the regulator decided, with where it is published. A suspended attempt returns to "
                "the stage that it left."),
        facts=(Fact(_("Stage now"), wording.stage(found.current)),),
        fields=(
            Field("stage", pgettext("listing", "Stage"), "choice",
                  choices=tuple((code, wording.stage(code)) for code in following(found))),
            day(now),
            _evidence(),
            Field("reason", _("Reason"), "text", required=False, most=300,
                  hint=_("For a suspension, a withdrawal, a refusal, and where a stage is left out.")),
        ),
        main="stage",
        notice="listing-staged",
        enter=enter,
    )  # fmt: skip


def following(found: Any) -> list[str]:
    """The stages that may come next, the likeliest first; of an attempt that was taken back, those it once might enter."""
    names = [event.stage for event in found.stages_in_order]
    if not names:
        return list(ROAD)
    reached = ROAD.index(left(names))
    if found.current == "suspended":
        return [*ROAD[reached:], "withdrawn", "rejected"]
    return [*ROAD[reached + 1 :], "suspended", "withdrawn", "rejected"]


def correct(found: Any, event: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.correct_stage(
            attempt=found.public_id, event=event.public_id, **values, by=by, now=at
        )

    return Form(
        title=_("Correct: %(stage)s") % {"stage": wording.stage(event.stage)},
        back=back(found, "#road"),
        intro=_("What was recorded stays to be read; what counts from now on is entered here."),
        fields=(
            day(now, initial=event.effective_date),
            _evidence(initial=event.evidence),
            Field("reason", _("Why it was recorded otherwise"), "text", most=300),
        ),
        main="effective_date",
        notice="listing-corrected",
        enter=enter,
    )


def take_back_stage(found: Any, event: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.take_back_stage(
            attempt=found.public_id, event=event.public_id, **values, by=by, now=at
        )

    return Form(
        title=_("Take back: %(stage)s") % {"stage": wording.stage(event.stage)},
        back=back(found, "#road"),
        intro=_("Only the last stage, and only where it was never entered at all. An attempt whose only stage is taken "
                "back counts nowhere and takes nothing more."),
        fields=(Field("reason", _("Reason"), "text", most=300),),
        main="reason",
        notice="listing-taken-back",
        enter=enter,
    )  # fmt: skip


def party(found: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_party(attempt=found.public_id, **values, by=by, now=at)

    return Form(
        title=_("Record a party"),
        back=back(found, "#parties"),
        intro=_("From its day on it works on the attempt; the one before it in the same role is then a former one."),
        fields=(
            Field("role", _("Role"), "choice", choices=tuple((code, wording.role(code)) for code in PartyRole.values)),
            Field("name", _("Name")),
            day(now),
            source(),
        ),
        main="name",
        notice="listing-recorded",
        enter=enter,
    )  # fmt: skip


def filing(found: Any, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.record_filing(attempt=found.public_id, **values, by=by, now=at)

    return Form(
        title=_("Record a paper"),
        back=back(found, "#filings"),
        intro=_("Letters and replies stop and start the clocks of the inquiry; audited figures age from the end of their "
                "period."),
        fields=(
            Field("kind", _("Paper"), "choice", choices=tuple((code, wording.filing(code)) for code in FilingKind.values)),
            day(now),
            Field("period_end", _("Period to"), "day", required=False, most=20,
                  hint=_("For audited figures: the day up to which they were audited.")),
            source(),
        ),
        main="kind",
        notice="listing-recorded",
        enter=enter,
    )  # fmt: skip


def take_back(found: Any, entry: str, now: datetime) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return operations.take_back(entry, **values, by=by, now=at)

    return Form(
        title=_("Take back an entry"),
        back=back(found),
        intro=_("For what should never have been recorded here. It stays to be read and counts no more."),
        fields=(Field("reason", _("Reason"), "text", most=300),),
        main="reason",
        notice="listing-taken-back",
        enter=enter,
    )


def back(found: Any, part: str = "") -> Link:
    """The attempt's page, at one of its parts."""
    return Link(found.firm.name, wording.address(found.public_id) + part)


def source() -> Field:
    return Field(
        "source",
        pgettext("listing", "Source"),
        most=300,
        hint=_("Where it is published, or the paper that says it."),
    )


def _evidence(*, initial: str = "") -> Field:
    return Field(
        "evidence", _("Evidence"), most=300, initial=initial,
        hint=_("What shows it: a notice of the exchange, a letter, a licence."),
    )  # fmt: skip


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "reason": values["reason"] or ""}


#: The forms of an attempt by the word in their address; those of the firm's figures are in `figure_forms`.
OF_ATTEMPT: dict[str, Callable[[Any, datetime], Form]] = {"stage": stage, "party": party, "filing": filing}
OF_STAGE: dict[str, Callable[[Any, Any, datetime], Form]] = {"correct": correct, "take-back": take_back_stage}
