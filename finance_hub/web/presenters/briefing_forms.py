"""The forms of a correction and of matters: each is one act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.models import Person
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.briefing_acts import STANDINGS
from finance_hub.web.presenters.briefings import number
from finance_hub.web.presenters.funds.forms import Form
from tasks import matters, publication
from tasks.models import Briefing, Matter


def _back(found: Briefing) -> Link:
    title = _("Science Finance Briefing, %(month)s") % {"month": words.month(Month.of(found.month))}
    return Link(title, reverse("web:briefing", args=[found.public_id]))


def correct(found: Briefing) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return publication.request_correction(found.public_id, **values, by=by, now=at)

    return Form(
        title=_("Correct this issue"),
        back=_back(found),
        intro=_(
            "The month is computed as known now, and a correction drafted that keeps the number and says what changed. "
            "It is reviewed and approved like any issue; the issue that was published stays to be read."
        ),
        facts=(Fact(_("Issue"), number(found)), Fact(_("Snapshot"), found.snapshot.public_id)),
        fields=(
            Field("occasion", _("Occasion"), "text", most=500,
                  hint=_("What was wrong or has become known since; it is printed at the head of the correction.")),
        ),
        main="occasion",
        notice="briefing-correcting",
        enter=enter,
        submit=_("Draft the correction"),
    )  # fmt: skip


def matter(found: Briefing) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return matters.raise_matter(Month.of(found.month), **values, by=by, now=at)

    return Form(
        title=_("Raise a matter"),
        back=_back(found),
        intro=_("It stands in this issue, and in the next ones until an outcome settles it."),
        fields=(
            Field("text", _("Matter, in Chinese"), "text", most=300, hint=_("What is to be seen to.")),
            Field("text_en", _("Matter, in English"), "text", most=300),
            Field("owner", _("Owner, in Chinese"), most=100, hint=_("The unit that sees to it.")),
            Field("owner_en", _("Owner, in English"), most=100),
            Field(
                "due",
                pgettext("matter", "Due"),
                "day",
                most=20,
                hint=_("After the month, written 2026-11-20."),
            ),
        ),
        main="text",
        notice="matter-raised",
        enter=enter,
        submit=_("Raise it"),
        named={"month": "text"},
    )


def outcome(found: Briefing, told: Matter) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return matters.record_outcome(told.public_id, Month.of(found.month), **values, by=by, now=at)

    return Form(
        title=_("Record the outcome"),
        back=_back(found),
        intro=_("What this issue says came of the matter. A later entry takes the place of an earlier one."),
        facts=(
            Fact(_("Matter"), words.say(Text(told.text, told.text_en))),
            Fact(_("Owner"), words.say(Text(told.owner, told.owner_en))),
            Fact(pgettext("matter", "Due"), words.day(told.due)),
        ),
        fields=(
            Field("standing", _("State"), "choice",
                  choices=tuple((one.value, words.say(said)) for one, (said, _tone) in STANDINGS.items())),
            Field("text", _("Outcome, in Chinese"), "text", most=300),
            Field("text_en", _("Outcome, in English"), "text", most=300),
        ),
        main="text",
        notice="matter-told",
        enter=enter,
        named={"month": "text"},
    )  # fmt: skip
