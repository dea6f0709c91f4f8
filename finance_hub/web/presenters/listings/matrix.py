"""How a firm stands by each standard of the board it tries, as a table and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from finance_hub.kernel.text import Text
from finance_hub.web import tables, words
from finance_hub.web.contexts.grids import Cell, Grid, Heading, Line
from finance_hub.web.presenters.listings import wording
from tasks import readiness
from tasks.catalogue.readiness import Judged
from tasks.engine.readiness import METRICS, Gap, Missing


def grid(stands: readiness.Standing) -> Grid:
    judged = [one for board in stands.boards for one in board.judged]
    closest = {one.row["code"] for board in stands.boards for one in [board.nearest] if one}
    return Grid(
        key="readiness",
        title=_("Listing standards"),
        headings=(
            Heading(_("Standard")), Heading(_("Asks for")), Heading(_("Verdict")), Heading(_("What is still wanted")),
            Heading(_("In force since")),
        ),
        lines=tuple(_line(one, is_nearest=one.row["code"] in closest) for one in judged),
        empty=_("No standards are recorded for this board: its own rules are to be looked up."),
        notes=(
            _("A board asks for one of its financial standards and for all that the others say. A missing figure is "
              "unknown and never a failure; the centre records it from the firm's papers."),
        ),
    )  # fmt: skip


def workbook(stands: readiness.Standing, *, title: str, made: datetime) -> bytes:
    judged = [one for board in stands.boards for one in board.judged]
    facts = [
        (one.row["code"], f"{one.row['valid_from']} – {one.row.get('valid_to', '')} {one.row['source']}")
        for one in judged
    ]
    facts.append((_("Judged by the rules of"), words.day(stands.judged_on)))
    return tables.book([_table(judged)], title=title, facts=facts, created=made)


def _table(judged: Sequence[Judged]) -> tables.Table:
    """A line for each condition that falls short or is not known; for a standard that is met one line."""
    columns = (
        tables.Column(_("Standard"), "code"), tables.Column(_("Name")), tables.Column(_("Kind")),
        tables.Column(_("Verdict")), tables.Column(_("What is short")), tables.Column(_("Needed"), "yuan"),
        tables.Column(_("Had"), "yuan"), tables.Column(_("Distance"), "yuan"), tables.Column(_("What is missing")),
    )  # fmt: skip
    rows = [
        tables.Row((*_named(one), *found))
        for one in sorted(judged, key=lambda one: one.row["code"])
        for found in _lines(one)
    ]
    return tables.Table("readiness", _("Listing standards"), columns, rows, empty="")


def _named(one: Judged) -> tuple[str, ...]:
    said = words.say(Text(one.row["zh"], one.row["en"]))
    return (
        one.row["code"],
        said,
        wording.kind(one.row["kind"]),
        wording.verdict(one.assessment.verdict.value).text,
    )


def _lines(one: Judged) -> list[tuple[tables.Value, ...]]:
    way = one.assessment.way
    found: list[tuple[tables.Value, ...]] = [
        (wording.measured(gap.metric), _measured(gap.needed, gap), _measured(gap.had, gap), _measured(gap.distance, gap), "")
        for gap in way.failing
    ]  # fmt: skip
    found += [("", None, None, None, lacking(each)) for each in way.missing]
    return found or [("", None, None, None, "")]


def _measured(value: Decimal | bool | None, gap: Gap) -> tables.Value:
    """As a number of its kind; yes and no in words."""
    unit = METRICS[gap.metric].unit.value
    if value is None or isinstance(value, bool):
        return None if value is None else wording.quantity(value, unit)
    return value if unit == "yuan" else tables.Measured(value, "ratio" if unit == "ratio" else "index")


def _line(one: Judged, *, is_nearest: bool) -> Line:
    row, said = one.row, one.assessment
    verdict = wording.verdict(said.verdict.value)
    return Line((
        Cell(row["code"], note=pgettext("standard", "nearest") if is_nearest else "", is_tight=True),
        Cell(words.say(Text(row["zh"], row["en"])), note=wording.kind(row["kind"])),
        Cell("", statuses=(verdict,), is_tight=True),
        Cell(_wanted(one) or words.DASH),
        Cell(words.day(one.standard.valid_from), is_tight=True),
    ))  # fmt: skip


def _wanted(one: Judged) -> str:
    """On the way that is nearest: what falls short, and what nobody has reported."""
    way = one.assessment.way
    parts = [short(gap) for gap in way.failing]
    if way.missing:
        parts.append(
            _("missing: %(figures)s") % {"figures": words.listed([lacking(each) for each in way.missing])}
        )
    return words.say(words.SEMICOLON).join(parts)


def short(gap: Gap) -> str:
    """Such as "Revenue of the last year: 3.26亿元 of 4.00亿元, 7,400.00万元 short"."""
    unit = METRICS[gap.metric].unit.value
    name = wording.measured(gap.metric)
    if gap.distance is None:
        return _("%(name)s: needs %(needed)s") % {"name": name, "needed": wording.quantity(gap.needed, unit)}
    return _("%(name)s: %(had)s of %(needed)s, short of %(distance)s") % {
        "name": name, "had": wording.quantity(gap.had, unit), "needed": wording.quantity(gap.needed, unit),
        "distance": wording.quantity(gap.distance, unit),
    }  # fmt: skip


def lacking(of: Missing) -> str:
    name = wording.measured(of.figure)
    return f"{name} {of.year}" if of.year else name
