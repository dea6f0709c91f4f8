"""What was reported of a target with what came of it, and the questions that it leaves open."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts import targets as contexts
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.targets import listing, wording
from tasks import standing, target_facts
from tasks.models import OpenQuestion, QuestionAnswer, TargetReport
from tasks.standing import Standing


def reports(one: Standing, reader: Person) -> Grid:
    """Every report of the metric, newest first."""
    return Grid(
        "reports",
        _("Reports and their approval"),
        (
            Heading(_("As of")), Heading(pgettext("target", "Value"), is_number=True), Heading(_("State")),
            Heading(_("Evidence")),
            Heading(_("Reported by")), Heading(pgettext("report", "Decided by")), Heading("", meaning=_("What can be done")),
        ),
        tuple(_line(report, reader) for report in standing.reports_of(one.target)),
        empty=_empty(one),
    )  # fmt: skip


def _empty(one: Standing) -> str:
    if target_facts.is_computed(one.fact):
        return _("This target is computed from our own records and takes no reports.")
    if one.fact.kind == "context":
        return _("A given of the plan: it is shown and not scored.")
    said = _("Nobody has reported yet. The lead unit does: %(unit)s.")
    return said % {"unit": wording.unit(one)}


def _line(report: TargetReport, reader: Person) -> Line:
    decision: Any = getattr(report, "decision", None)
    state = wording.state(report)
    corrects = report.corrects
    note = _("corrects the report of %(day)s") % {"day": words.day(corrects.as_of)} if corrects else ""
    files = tuple(
        Link(
            one.name, reverse("web:target_document", args=[report.target_id, report.public_id, one.public_id])
        )
        for one in sorted(report.documents.all(), key=lambda held: held.pk)
    )
    by = report.reported_by
    return Line(
        (
            Cell(words.day(report.as_of), is_tight=True),
            Cell(wording.amount(report.value, report.target.unit), is_number=True),
            Cell("", statuses=(state,), note=decision.reason if decision else ""),
            Cell(report.evidence, note=note, links=files),
            Cell(by.full_name, note=f"{words.organisation(by.organisation)} {words.moment(report.recorded_at)}"),
            _decided(decision),
            Cell("", links=_acts(report, reader)),
        )
    )  # fmt: skip


def _decided(decision: Any) -> Cell:
    if decision is None:
        return Cell("—")
    if decision.decided_by is None:
        return Cell(_("nobody: recorded before approvals were asked for"))
    return Cell(decision.decided_by.full_name, note=words.moment(decision.decided_at))


def _acts(report: TargetReport, reader: Person) -> tuple[Link, ...]:
    place, state = [report.target_id, report.public_id], standing.state(report)
    day = words.day(report.as_of)
    acts = []
    if state == "waiting" and may(reader.role, "target.approve") and report.reported_by_id != reader.pk:
        acts.append(listing.decide_link(report))
    if may(reader.role, "target.report"):
        if state == "waiting":
            acts.append(Link(_("Attach evidence"), reverse("web:target_attach", args=place), aside=day))
        if state == "approved":
            acts.append(
                Link(pgettext("report", "Correct it"), reverse("web:target_correct", args=place), aside=day)
            )
    return tuple(acts)


def questions(one: Standing, reader: Person) -> tuple[contexts.Question, ...]:
    """Open ones first."""
    asked = standing.questions_of([one.target.pk])
    ordered = sorted(asked, key=lambda question: bool(question.answers.all()))
    return tuple(_question(question, one, reader) for question in ordered)


def _question(question: OpenQuestion, one: Standing, reader: Person) -> contexts.Question:
    answers = tuple(_answer(answer) for answer in question.answers.all())
    others = [target.pk for target in question.targets.all() if target.pk != one.target.pk]
    of_others = _("asked of %(number)s other targets too") % {"number": len(others)} if others else ""
    return contexts.Question(
        text=words.say(Text(question.text, question.text_en)),
        about=wording.about(question),
        raised=words.day(question.raised_on),
        status=Status(_("answered"), "ok") if answers else Status(pgettext("question", "open"), "watch"),
        others=of_others,
        answers=answers,
        answer_url=listing.answer_link(question.code).url if may(reader.role, "target.decide") else None,
    )


def _answer(answer: QuestionAnswer) -> str:
    said = _("%(words)s — %(document)s of %(day)s, entered by %(who)s on %(moment)s")
    return said % {
        "words": answer.words,
        "document": answer.document,
        "day": words.day(answer.effective_date),
        "who": answer.recorded_by.full_name,
        "moment": words.moment(answer.recorded_at),
    }
