"""The list of targets: how they stand, whose report is owed, what waits, what the plan leaves open."""

from __future__ import annotations

from collections import Counter

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
from finance_hub.web.presenters.targets import wording
from finance_hub.web.presenters.targets.wanted import Wanted
from tasks import standing
from tasks.engine.progress import STATUSES
from tasks.models import TargetReport
from tasks.standing import Board, Standing


def listing(wanted: Wanted, board: Board, *, reader: Person) -> contexts.TargetList:
    found = [one for one in board.standings if wanted.fits(one)]
    return contexts.TargetList(
        found=_found(board, len(found)),
        basis=basis(board),
        counts=_counts(wanted, board),
        filter=wanted.filter(board.standings),
        rows=tuple(_row(one) for one in found),
        nothing=_("No target fits. Take a filter away.") if board.standings else _nothing(),
        owed=_owed(board, reader),
        waiting=_waiting(board, reader),
        questions=_questions(board, reader),
        excel_url=wanted.url("web:targets_excel"),
    )


def basis(board: Board) -> str:
    if board.month is None or board.snapshot is None:
        return _("No month is computed yet: values come with the first figures of a month.")
    said = _("Figures as of %(day)s, as known at %(moment)s · snapshot %(snapshot)s; reports as of today")
    return said % {
        "day": words.day(board.month.last),
        "moment": words.moment(board.snapshot.known_at),
        "snapshot": board.snapshot.public_id,
    }


def address(code: str) -> str:
    return reverse("web:target", args=[code])


def _found(board: Board, shown: int) -> str:
    said = _("%(shown)s of %(total)s targets, which are %(metrics)s metrics; each metric counts once")
    metrics = {one.target.duplicate_of_id or one.target.pk for one in board.standings}
    return said % {"shown": shown, "total": len(board.standings), "metrics": len(metrics)}


def _nothing() -> str:
    return _(
        "The plan gives your organisation no target, or the centre has not said yet which of its units you are."
    )


def _counts(wanted: Wanted, board: Board) -> tuple[contexts.Count, ...]:
    number = Counter(one.status for one in board.scored())
    return tuple(
        contexts.Count(
            wording.status_of(status), words.count(number[status]), wanted.of(status).url(), status == wanted.status
        )
        for status in STATUSES
    )  # fmt: skip


def _row(one: Standing) -> contexts.Row:
    target, ahead = one.target, one.value("target.ahead")
    asks = len(one.fact.open_questions)
    return contexts.Row(
        code=target.pk,
        url=address(target.pk),
        text=words.say(Text(target.text, target.text_en)),
        unit=wording.unit(one),
        strive=pgettext("strength of a target", "strive") if target.strength.startswith("strive") else "",
        goal=wording.goal(one),
        present=wording.present(one),
        as_of=_as_of(one),
        way=wording.way(one),
        ahead=wording.ahead(one),
        is_behind=ahead is not None and ahead < 0,
        status=wording.status(one),
        deadline=wording.deadline(one),
        reports=wording.owed(one),
        asks=_("%(number)s open") % {"number": asks} if asks else "",
    )


def _as_of(one: Standing) -> str:
    """Of a reported value the day that it is of; of a metric that stands twice where it counts."""
    if one.target.duplicate_of_id:
        return _("as %(code)s") % {"code": one.target.duplicate_of_id}
    day = one.then.reported_as_of if one.then else None
    if one.value("target.value") is None or day is None:
        return ""
    return words.day(day)


def _owed(board: Board, reader: Person) -> Grid:
    asks = may(reader.role, "target.report")
    lines = [
        Line(
            (
                Cell(words.say(Text(owed.unit, owed.unit_en)) if owed.unit else _("no lead unit stated")),
                Cell(one.target.pk, url=address(one.target.pk), is_tight=True),
                Cell(words.say(Text(one.target.text, one.target.text_en))),
                Cell(wording.cadence(one.fact.cadence), is_tight=True),
                Cell(words.day(one.fact.delivered) if one.fact.delivered else _("never"), is_tight=True),
                Cell(words.day(one.due) if one.due else "", is_tight=True),
                Cell(words.count(one.days_overdue), is_number=True),
                Cell("", links=(_report_link(one),) if asks else ()),
            )
        )
        for owed in board.owed()
        for one in owed.standings
    ]
    return Grid(
        "owed",
        _("Reports that are overdue, by unit"),
        (
            Heading(_("Lead unit")), Heading(pgettext("number", "No.")), Heading(pgettext("policy", "Target")),
            Heading(pgettext("target", "How often")), Heading(_("Last reported")), Heading(_("Due since")),
            Heading(_("Days overdue"), is_number=True), Heading("", meaning=_("What can be done")),
        ),
        tuple(lines),
        empty=_("No report is overdue."),
        notes=(
            _("A report is due 20 days after its period ends. One that waits for approval counts as delivered."),
        ),
    )  # fmt: skip


def _report_link(one: Standing) -> Link:
    return Link(
        pgettext("target", "Report"), reverse("web:target_report", args=[one.target.pk]), aside=one.target.pk
    )


def _waiting(board: Board, reader: Person) -> Grid:
    decides = may(reader.role, "target.approve")
    rows = standing.waiting(one.target.pk for one in board.standings)
    lines = tuple(
        Line(
            (
                Cell(report.target_id, url=address(report.target_id), is_tight=True),
                Cell(words.say(Text(report.target.text, report.target.text_en))),
                Cell(wording.amount(report.value, report.target.unit), is_number=True),
                Cell(words.day(report.as_of), is_tight=True),
                Cell(report.evidence),
                Cell(words.organisation(report.reported_by.organisation), note=report.reported_by.full_name),
                Cell(words.moment(report.recorded_at), is_tight=True),
                Cell(
                    _("yours: another person decides")
                    if report.reported_by_id == reader.pk and decides
                    else "",
                    links=(decide_link(report),) if decides and report.reported_by_id != reader.pk else (),
                ),
            )
        )
        for report in rows
    )
    return Grid(
        "waiting",
        _("Reports that wait for approval"),
        (
            Heading(pgettext("number", "No.")), Heading(pgettext("policy", "Target")),
            Heading(pgettext("target", "Value"), is_number=True), Heading(_("As of")), Heading(_("Evidence")),
            Heading(_("Reported by")), Heading(_("Reported at")), Heading("", meaning=_("What can be done")),
        ),
        lines,
        empty=_("No report waits."),
    )  # fmt: skip


def decide_link(report: TargetReport) -> Link:
    url = reverse("web:target_decide", args=[report.target_id, report.public_id])
    return Link(_("Approve or send back"), url, aside=f"{report.target_id} {words.day(report.as_of)}")


def _questions(board: Board, reader: Person) -> Grid:
    answers = may(reader.role, "target.decide")
    lines = tuple(
        Line(
            (
                Cell(words.say(Text(question.text, question.text_en))),
                Cell(wording.about(question), is_tight=True),
                Cell(words.listed([target.pk for target in question.targets.all()])),
                Cell(words.day(question.raised_on), is_tight=True),
                Cell(
                    "",
                    statuses=(Status(_("open"), "watch"),),
                    links=(answer_link(question.code),) if answers else (),
                ),
            )
        )
        for question in standing.questions_of(one.target.pk for one in board.standings)
        if not question.answers.all()
    )
    return Grid(
        "questions",
        _("What the plan leaves open"),
        (
            Heading(_("Question")), Heading(_("About")), Heading(_("Targets")), Heading(pgettext("question", "Raised on")),
            Heading(_("State")),
        ),
        lines,
        empty=_("Every question is answered."),
        notes=(_("Nothing is decided in silence: figures say what is assumed until a question is answered."),),
    )  # fmt: skip


def answer_link(code: str) -> Link:
    return Link(pgettext("question", "Answer"), reverse("web:target_answer", args=[code]))
