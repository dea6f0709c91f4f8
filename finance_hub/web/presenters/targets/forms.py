"""The forms of targets: a report, its correction, its evidence, the decision about it, an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel import days
from finance_hub.kernel.models import Person
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.reports import Link
from finance_hub.web.fields import Field
from finance_hub.web.presenters.funds.forms import Form
from finance_hub.web.presenters.targets import wording
from funds.limits import MOST_DOCUMENT_BYTES
from tasks import targets
from tasks.models import OpenQuestion, ResponsibleUnit, Target, TargetReport
from tasks.targets.questions import DECIDES

APPROVED, REJECTED = "approved", "rejected"


def back_to(target: Target) -> Link:
    title = words.say(Text(target.text, target.text_en))
    return Link(f"{target.pk} {title}", reverse("web:target", args=[target.pk]))


def report(target: Target, now: datetime, *, corrects: TargetReport | None = None) -> Form:
    """A value, and optionally a document; `enter` takes the document's content, name and media type too."""

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        content, name = values.pop("content", None), values.pop("name", "")
        media_type = values.pop("media_type", "")
        replaced = corrects.public_id if corrects else None
        made = targets.report(target.pk, **values, corrects=replaced, by=by, now=at)
        if content is not None:
            targets.attach(content, report=made.public_id, name=name, media_type=media_type, by=by, now=at)
        return made

    day = corrects.as_of if corrects else days.today(now)
    value = wording.number(corrects.value).replace(",", "") if corrects else ""
    hint = _("In yuan, such as 1,234,567.89.") if wording.is_money(target.unit) else _unit_hint(target)
    kind: Any = "money" if wording.is_money(target.unit) else "number"
    return Form(
        title=_("Correct a report") if corrects else _("Report a value"),
        back=back_to(target),
        intro=_("It is in force once another person has approved it.")
        if corrects is None
        else _("Once another person has approved it, it takes the place of the report; both stay to be read."),
        facts=_facts(target, corrects),
        fields=(
            Field("as_of", _("As of"), "day", initial=day.isoformat(), most=20,
                  hint=_("The day that the value is of, written 2026-09-30.")),
            Field("value", pgettext("target", "Value"), kind, hint=hint, initial=value, most=40),
            Field("evidence", _("Evidence"), "text", most=300, initial=corrects.evidence if corrects else "",
                  hint=_("The report, list or letter that shows it, with its number.")),
            _file(required=False),
        ),
        main="value",
        notice="target-reported",
        enter=enter,
        submit=pgettext("target", "Report it"),
        named={"corrects": "value", "name": "file"},
    )  # fmt: skip


def attach(report: TargetReport) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        return targets.attach(report=report.public_id, **values, by=by, now=at)

    return Form(
        title=_("Attach evidence"),
        back=back_to(report.target),
        intro=_("It is kept under its hash, and can be added until the report is decided about."),
        facts=_facts(report.target, report),
        fields=(_file(),),
        main="file",
        notice="target-documented",
        enter=enter,
        submit=_("Attach it"),
        named={"name": "file"},
    )


def decide(report: TargetReport) -> Form:
    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        if values["outcome"] == APPROVED:
            return targets.approve(report.public_id, by=by, now=at)
        return targets.reject(report.public_id, reason=values["reason"] or "", by=by, now=at)

    return Form(
        title=_("Approve or send back"),
        back=back_to(report.target),
        intro=_("An approved report is in force from now on. One that is sent back stays to be read with the reason."),
        facts=_facts(report.target, report),
        fields=(
            Field("outcome", _("Decision"), "choice",
                  choices=((APPROVED, _("approve it")), (REJECTED, _("send it back")))),
            Field("reason", _("Reason"), "text", required=False, most=500,
                  hint=_("Needed where it is sent back: what is missing or wrong.")),
        ),
        main="outcome",
        notice="target-decided",
        enter=enter,
        submit=pgettext("decision", "Decide"),
    )  # fmt: skip


def answer(question: OpenQuestion, now: datetime) -> Form:
    codes = [target.pk for target in question.targets.all()]
    decided = DECIDES.get(question.about)  # type: ignore[call-overload]

    def enter(values: dict[str, Any], by: Person, at: datetime) -> Any:
        if decided in ("yearly", "complete"):
            values[decided] = values[decided] == "yes"
        return targets.answer(question.code, **values, by=by, now=at)

    shown = [Fact(_("Question"), words.say(Text(question.text, question.text_en)))]
    return Form(
        title=_("Answer a question"),
        back=Link(_("Policy targets"), reverse("web:targets") + "#questions"),
        intro=_("The answer stays with its document; a later one takes its place and both stay to be read."),
        facts=(*shown, Fact(_("Targets"), words.listed(codes)), Fact(_("About"), wording.about(question))),
        fields=(
            *((_decision(decided),) if decided else ()),
            Field("words", _("Answer in words"), "text", most=500),
            Field("document", _("Document"), hint=_("The document that says so, with its number."), most=200),
            Field("effective_date", _("Date"), "day", most=20, initial=days.today(now).isoformat(),
                  hint=_("The day of the document, written 2026-10-31.")),
        ),
        main="words",
        notice="target-answered",
        enter=enter,
        submit=_("Record the answer"),
    )  # fmt: skip


def _decision(name: str) -> Field:
    if name == "deadline":
        return Field("deadline", _("Deadline"), "day", most=20, hint=_("Written 2027-12-31."))
    if name == "lead_unit":
        units = ResponsibleUnit.objects.order_by("pk").values_list("name", "name_en")
        choices = tuple((zh, words.say(Text(zh, en))) for zh, en in units)
        return Field("lead_unit", _("Lead unit"), "choice", choices=choices)
    if name == "yearly":
        ways = (("yes", _("each year by itself")), ("no", _("all years together")))
        return Field("yearly", _("It is reached"), "choice", choices=ways)
    sides = (("yes", _("complete: the target is counted here")), ("no", _("not complete: it is reported")))
    return Field("complete", _("Our records are"), "choice", choices=sides)


def _file(*, required: bool = True) -> Field:
    most = str(MOST_DOCUMENT_BYTES // 2**20)
    hint = _("Of any kind, up to %(most)s MB.") % {"most": most}
    return Field("file", _("Document"), "file", required=required, hint=hint)


def _unit_hint(target: Target) -> str:
    said = words.say(wording.UNITS.get(target.unit, Text(target.unit, target.unit))).strip()
    return _("Unit: %(unit)s") % {"unit": said}


def _facts(target: Target, held: TargetReport | None) -> tuple[Fact, ...]:
    facts = [
        Fact(pgettext("policy", "Target"), words.say(Text(target.text, target.text_en))),
        Fact(_("In the plan"), target.quote),
    ]
    if held is not None:
        facts += [
            Fact(_("Reported value"), wording.amount(held.value, target.unit)),
            Fact(_("As of"), words.day(held.as_of)),
            Fact(_("Evidence"), held.evidence),
            Fact(_("Reported by"), held.reported_by.full_name),
        ]
    return tuple(facts)
