"""A target: what the plan says, how it stands, what was reported and by whom, what is open."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.contexts import targets as contexts
from finance_hub.web.contexts.batches import Fact
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.targets import listing, trail, wording
from finance_hub.web.presenters.targets.chart import chart
from finance_hub.web.presenters.targets.course import SPANS, course
from tasks import standing, target_facts
from tasks.catalogue import BY_CODE
from tasks.engine import progress
from tasks.models import ResponsibleUnit
from tasks.standing import Board, Standing
from tasks.wording import label, percent, shown


def target(code: str, span: str, *, reader: Person, now: datetime) -> contexts.Target:
    """Raises NotFound, of another unit's target too."""
    board = standing.board(reader, now=now)
    one = board.one(code)
    if one is None:
        raise NotFound
    span = span if span in SPANS else SPANS[0]
    return contexts.Target(
        code=code,
        title=title(one),
        back=Link(_("Policy targets"), reverse("web:targets")),
        status=wording.status(one),
        deadline=wording.deadline(one),
        basis=listing.basis(board),
        newer=wording.newer(one),
        quote=one.target.quote,
        way=wording.way(one),
        actions=_actions(one, reader),
        chart=chart(
            one,
            course(one, span, now=now),
            download=reverse("web:target_excel", args=[code]) + f"?span={span}",
        ),
        spans=(
            Choice(SPANS[0], _("13 months"), span == SPANS[0]),
            Choice(SPANS[1], _("Whole life"), span == SPANS[1]),
        ),
        reports=trail.reports(one, reader),
        years=_years(one, now=now) if one.fact.yearly else None,
        facts=tuple(Fact(name, said) for name, said in _facts(one) if said),
        progress=tuple(Fact(name, said) for name, said in _progress(one)),
        note=words.say(Text(one.target.note, one.target.note_en)),
        forecast=_forecast(one, board),
        questions=trail.questions(one, reader),
    )


def title(one: Standing) -> str:
    return words.say(Text(one.target.text, one.target.text_en))


def takes_reports(one: Standing) -> bool:
    return one.fact.kind != "context" and not target_facts.is_computed(one.fact)


def _actions(one: Standing, reader: Person) -> tuple[Link, ...]:
    if not may(reader.role, "target.report") or not takes_reports(one):
        return ()
    return (Link(_("Report a value"), reverse("web:target_report", args=[one.target.pk])),)


def _facts(one: Standing) -> list[tuple[str, str]]:
    of, fact = one.target, one.fact
    english = dict(ResponsibleUnit.objects.values_list("name", "name_en"))
    others = [name for name in of.co_responsible_units if name != fact.lead_unit]
    lead = wording.unit(one)
    if fact.lead_unit and fact.lead_unit != of.lead_unit:
        carried = words.say(Text(f"{lead}（原文此处未列）", f"{lead} (not printed here)"))
        lead = carried
    same = [*of.duplicates.order_by("position").values_list("pk", flat=True)]
    same += [of.duplicate_of_id] if of.duplicate_of_id else []
    return [
        (_("Section of the plan"), wording.section(one)),
        (pgettext("policy", "Target"), wording.goal(one)),
        (_("Strength"), _strength(of.strength)),
        (_("Lead unit"), lead),
        (_("With"), words.listed([words.say(Text(name, english.get(name, name))) for name in others])),
        (_("Counted from"), words.day(of.baseline_date)),
        (_("Deadline"), wording.deadline(one)),
        (_("Deadline in the plan"), _printed_deadline(one)),
        (_("Where the value is from"), wording.trackings()[of.tracking]),
        (pgettext("target", "How often"), wording.cadence(fact.cadence) if takes_reports(one) else ""),
        (_("The same metric as"), words.listed([str(code) for code in same])),
    ]


def _strength(code: str) -> str:
    if code.startswith("strive"):
        return pgettext("strength of a target", "strive")
    return _("a given of the plan") if code == "descriptive" else pgettext("strength of a target", "firm")


def _printed_deadline(one: Standing) -> str:
    basis = one.target.deadline_basis
    if one.target.deadline is None:
        return _("printed: every year")
    if "inferred" not in basis:
        return _("printed: %(day)s") % {"day": words.day(one.target.deadline)}
    return _("not printed; %(day)s is presumed") % {"day": words.day(one.target.deadline)}


def _progress(one: Standing) -> list[tuple[str, str]]:
    gone = one.value("target.progress")
    counted = one.value("target.counted")
    rows = [
        (_("Present value"), wording.present(one)),
        (_("Expected by then"), wording.present(one, "target.expected")),
        (_("Ahead"), wording.ahead(one) or words.reason(one.reason("target.ahead"))),
        (_("Progress"), words.reason(one.reason("target.progress")) if gone is None else percent(gone, places=1)),
    ]  # fmt: skip
    if counted is not None:
        said = wording.amount(counted, one.target.unit)
        bound = said if one.fact.complete else _("%(count)s, a lower bound") % {"count": said}
        rows.append((_("Our records count"), bound))
    return rows


def _forecast(one: Standing, board: Board) -> str:
    found = standing.forecasts(one, board.snapshot)
    if not found:
        return _("No model forecasts this target; a straight line is not a forecast.")
    language = words.language()
    said = [
        f"{label(figure, language=language)}{words.say(words.COLON)}{words.say(BY_CODE[figure.code][0].name)}"
        f" {shown(figure, language=language)}"
        for figure in found
    ]
    return words.say(words.SEMICOLON).join(said)


def _years(one: Standing, *, now: datetime) -> Grid:
    """Each year by itself: its last value, and whether that reaches the target."""
    last = {point.month.year: point for point in course(one, "life", now=now) if point.month.last.year}
    lines = []
    for year, point in sorted(last.items(), reverse=True):
        value = point.value
        is_over = date(year, 12, 31) < now.date()
        code = progress.status(
            value, point.expected, target=one.target.value, comparison=one.target.comparison,
            deadline=date(year, 12, 31), day=date(year + 1, 1, 1) if is_over else now.date(),
        )  # fmt: skip
        said = words.reason("not-reported") if value is None else wording.amount(value, one.target.unit)
        lines.append(
            Line((Cell(str(year)), Cell(said, is_number=True), Cell("", statuses=(wording.status_of(code),))))
        )
    return Grid(
        "years", _("Year by year"),
        (Heading(_("Year")), Heading(_("Last value"), is_number=True), Heading(_("State"))), tuple(lines),
    )  # fmt: skip
