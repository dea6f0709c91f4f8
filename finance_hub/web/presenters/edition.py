"""An edition's content tree as a page: every number leads to its records, every name to its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts import edition as contexts
from finance_hub.web.presenters.briefings import number as number_of
from tasks import archive, queries
from tasks.briefing import layout, wording
from tasks.briefing.kept import issue_of
from tasks.briefing.origin import JOINT, SET, Printed, Term, plain
from tasks.briefing.wording import Wording
from tasks.models import Briefing
from tasks.verification.known import Known

DEFINITIONS = "definitions"


def edition(found: Briefing) -> contexts.Edition:
    language = cast("layout.Language", words.language())
    issue = issue_of(found, language=language)
    page = _Page(found, issue, wording.of(language))
    known = Known(found, "issue", language, found.sha256, found.file)
    return contexts.Edition(
        title=f"{issue.title}{' ' if language == 'en' else ''}{issue.month_label}",
        series=issue.series,
        number=number_of(found),
        unit_name=issue.unit_name,
        dated=issue.date_label or "",
        note=issue.classification_note,
        warning=_warning(found, known),
        points=tuple(map(page.text, issue.key_points)),
        tiles=tuple(map(page.tile, issue.tiles)),
        sections=tuple(page.section(at, section) for at, section in enumerate(issue.sections, start=1)),
        proof=tuple(
            line
            for line in (
                page.words.snapshot + issue.colophon.snapshot_no,
                issue.colophon.as_of_label,
                issue.colophon.generated_label,
                *issue.colophon.notes,
            )
            if line
        ),
        sha256=found.sha256,
        back_url=reverse("web:briefing", args=[found.public_id]),
        pdf_url=reverse("web:briefing_file", args=[found.public_id]),
        verify_url=reverse("web:verify"),
    )


def _warning(found: Briefing, known: Known) -> str:
    if found.published_at is None:
        return _("This is a draft. It has not been published.")
    return _("A correction has taken this issue's place.") if known.newer else ""


class _Page:
    """What the pieces of one page refer to: the snapshots of its months, its definitions, its drawings."""

    def __init__(self, found: Briefing, issue: layout.Issue, said: Wording) -> None:
        self.words = said
        self._month = str(Month.of(found.month))
        self._snapshots = _snapshots(found, issue)
        self._defined = {
            cell.code
            for section in issue.sections
            if section.anchor == DEFINITIONS
            for cell in _texts(section)
            if isinstance(cell, Term)
        }
        self._anchored: set[str] = set()
        self._drawings = _drawings(found, issue.language)

    def text(self, said: layout.Words) -> contexts.Text:
        pieces = (said,) if isinstance(said, str) else said
        return tuple(map(self._part, pieces))

    def tile(self, tile: layout.Tile) -> contexts.Tile:
        notes = (*map(self.text, tile.change_labels), *([self.text(tile.note)] if tile.note else []))
        return contexts.Tile(self.text(tile.label), self.text(tile.value), tile.unit, notes)

    def section(self, at: int, section: layout.Section) -> contexts.Section:
        title = f"{self.words.section(at)}{section.heading}"
        defines = section.anchor == DEFINITIONS
        return contexts.Section(
            f"s-{section.anchor}", title, tuple(self._blocks(section.blocks, defines=defines))
        )

    def _blocks(self, blocks: tuple[Any, ...], *, defines: bool) -> Iterator[contexts.Block]:
        second = 0
        for block in blocks:
            match block:
                case layout.Table():
                    yield self._table(block, defines=defines)
                case layout.Chart():
                    yield self._chart(block)
                case layout.Subheading():
                    second += 1
                    said = f"{self.words.subsection(second)}{block.text}"
                    yield contexts.Paragraph(self.text(said), "subheading")
                case layout.Paragraph():
                    yield contexts.Paragraph(self.text(block.text))
                case _:  # a kind that only paper draws: what it says
                    yield contexts.Paragraph(tuple(map(self._part, _texts(block))))

    def _table(self, table: layout.Table, *, defines: bool) -> contexts.Table:
        aligned = [column.align == "right" for column in table.columns]
        rows = tuple(
            tuple(
                contexts.Cell(self.text(cell), number, self._anchor(cell) if defines and at == 0 else "")
                for at, (cell, number) in enumerate(zip(row, aligned, strict=True))
            )
            for row in table.rows
        )
        heads = tuple(
            contexts.Cell(self.text(column.heading), number)
            for column, number in zip(table.columns, aligned, strict=True)
        )
        notes = tuple(
            f"{label}{text}"
            for label, text in ((self.words.note, table.note), (self.words.source, table.source))
            if text
        )
        return contexts.Table(
            f"t{table.number}", f"{self.words.table(table.number)}{self.words.joint}{table.caption}",
            f"{self.words.unit}{table.unit}" if table.unit else "", heads, rows, table.total_row, table.empty_text, notes,
        )  # fmt: skip

    def _chart(self, chart: layout.Chart) -> contexts.Chart:
        """Its table twin has the values as printed, else as drawn."""
        title = (
            contexts.Part(f"{self.words.figure(chart.number)}{self.words.joint}"),
            *self.text(chart.finding),
        )
        heads = (_("Item"), *(series.name for series in chart.series))
        rows = tuple(
            (
                contexts.Cell(self.text(name)),
                *(contexts.Cell(self._value(series, at), is_number=True) for series in chart.series),
            )
            for at, name in enumerate(chart.categories)
        ) + tuple(
            (
                contexts.Cell(self.text(limit.label)), contexts.Cell(self.text(f"{limit.value:,g}"), is_number=True),
                *(contexts.Cell(()) for _series in chart.series[1:]),
            )
            for limit in chart.limits
            if chart.series
        )  # fmt: skip
        unit = f"{self.words.unit}{chart.unit}" if chart.unit else ""
        notes = [unit, chart.as_of, f"{self.words.source}{chart.source}" if chart.source else "", chart.note]
        table = contexts.Table(
            f"c{chart.number}-table", plain(chart.finding), "",
            tuple(contexts.Cell(self.text(head), at > 0) for at, head in enumerate(heads)), rows, False,
            chart.empty_text or self.words.not_reported, (),
        )  # fmt: skip
        said = self.words.joint.join(filter(None, notes))
        return contexts.Chart(
            f"c{chart.number}", title, self._drawings.get(chart.number, ""), table, (said,) if said else ()
        )

    def _value(self, series: layout.Series, at: int) -> contexts.Text:
        if series.labels:
            return self.text(series.labels[at])
        value = series.values[at]
        return self.text(words.DASH if value is None else f"{value:,.2f}".replace("-", "\u2212"))

    def _anchor(self, cell: layout.Words) -> str:
        """Of a figure that is defined more than once, for its cuts, the first stands for all."""
        if not isinstance(cell, Term) or cell.code in self._anchored:
            return ""
        self._anchored.add(cell.code)
        return f"def-{cell.code}"

    def _part(self, piece: str) -> contexts.Part:
        if isinstance(piece, Term) and piece.code in self._defined:
            return contexts.Part(str(piece), f"#def-{piece.code}", "term")
        if isinstance(piece, Printed) and piece.value is not None and (url := self._records(piece)):
            return contexts.Part(str(piece), url, "num")
        return contexts.Part(str(piece))

    def _records(self, number: Printed) -> str:
        """The records of the figure that the number is made of, of several that of the issue's own month; what the plan
        sets leads to its target, and what may be lost to the month's joint losses."""
        ref = next((one for one in number.of if one.month == self._month), next(iter(number.of), None))
        if ref is None:
            return ""
        month, _at, snapshot = ref.month.partition("@")
        if ref.code == SET:
            return reverse("web:target", args=[ref.key])
        if ref.code == JOINT:
            return f"{reverse('web:risk')}?{urlencode({'month': month})}#joint"
        snapshot = snapshot or self._snapshots.get(month, "")
        if not snapshot:
            return ""
        asked = {"snapshot": snapshot, "code": ref.code, "scope": ref.scope, "key": ref.key}
        return f"{reverse('web:figure_records')}?{urlencode({k: v for k, v in asked.items() if v})}"


def _snapshots(found: Briefing, issue: layout.Issue) -> Mapping[str, str]:
    """{2026-10: the public id of the snapshot whose figures of that month the edition prints}."""
    named = {ref.month for text in _texts(issue) if isinstance(text, Printed) for ref in text.of[:1]}
    wanted = {month for month in named if "@" not in month}  # else it names its snapshot itself
    own = str(Month.of(found.month))
    months = [Month.parse(month) for month in wanted - {own}]
    read = queries.history(months, codes=(), known_at=found.snapshot.known_at)
    return {own: found.snapshot.public_id} | {str(month): read[month].snapshot.public_id for month in read}


def _drawings(found: Briefing, language: str) -> dict[int, str]:
    """The charts of a published edition, drawn when its files were made; markup of ours alone."""
    rows = archive.beside([found])[found.pk]
    held: dict[int, str] = {}
    for row in rows:
        if row.kind == "chart" and row.language == language:
            path = Path(settings.FILES_DIR) / row.file
            if path.is_file():
                held[row.page] = mark_safe(path.read_text(encoding="utf-8"))  # noqa: S308 - escaped when drawn
    return held


def _texts(node: Any) -> Iterator[str]:
    """Every text below a node, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for one in node:
            yield from _texts(one)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _texts(getattr(node, field.name))
