"""The files beside a published issue: the other language, the workbooks, the pictures; and its words for searching.

Runs in jobs only. All are made of what the issue says and of its own file, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from finance_hub.kernel.jobs import report_progress
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.storage import new_file
from finance_hub.kernel.text import Text
from tasks.briefing import pictures, vector, workbook
from tasks.briefing.editions import LANGUAGES, as_file
from tasks.briefing.kept import issue_of
from tasks.briefing.layout import Chart, Issue, Language, Paragraph, Subheading, Table
from tasks.briefing.origin import plain
from tasks.models import BesideKind, Briefing, BriefingFile, BriefingText

OTHERS: tuple[Language, ...] = ("en",)


def make_files(job: Job) -> dict[str, Any]:
    """Make what stands beside the issue that the job names. Raises NotFound, StorageFull, SigningFailed."""
    briefing = Briefing.objects.select_related("snapshot").filter(public_id=job.payload["briefing"]).first()
    if briefing is None or briefing.published_at is None:
        raise NotFound
    if BriefingText.objects.filter(briefing=briefing).exists():
        return {"files": 0}
    made = []
    for row in _made(briefing):
        report_progress(job, step=row.kind, page=row.page)
        made.append(row)
    BriefingFile.objects.bulk_create(made)
    BriefingText.objects.bulk_create(
        BriefingText(briefing=briefing, language=language, text=words(issue_of(briefing, language=language)))
        for language in LANGUAGES
    )
    return {"files": len(made), "bytes": sum(row.bytes for row in made)}


def words(issue: Issue) -> str:
    """Everything that an issue says, a block or a row of a table a line."""
    return "\n".join(line for line in _lines(issue) if line)


def _made(briefing: Briefing) -> Iterator[BriefingFile]:
    """Each file once it is in its place."""
    original = (Path(settings.FILES_DIR) / briefing.file).read_bytes()
    for language in OTHERS:
        issue = issue_of(briefing, language=language)
        content, _signer = as_file(issue, signed_at=briefing.approved_at)
        yield _kept(briefing, content, BesideKind.EDITION, language, f"{language}.pdf")
    for language in LANGUAGES:
        issue = issue_of(briefing, language=language)
        content = workbook.made(
            issue, facts=_facts(briefing, language), created=briefing.approved_at or briefing.drafted_at
        )
        yield _kept(briefing, content, BesideKind.WORKBOOK, language, f"{language}.xlsx")
        for chart in _charts(issue):
            content = vector.drawn(chart, language=language).encode()
            ending = f"{language}-{chart.number}.svg"
            yield _kept(briefing, content, BesideKind.CHART, language, ending, page=chart.number)
    for page, content in enumerate(pictures.of_pages(original), start=1):
        yield _kept(briefing, content, BesideKind.PICTURE, "zh-hans", f"{page}.png", page=page)


def _kept(
    briefing: Briefing, content: bytes, kind: BesideKind, language: str, ending: str, *, page: int = 0
) -> BriefingFile:
    relative = Path("briefings") / str(Month.of(briefing.month)) / f"{briefing.public_id}-{ending}"
    with new_file(Path(settings.FILES_DIR) / relative) as file:
        file.write(content)
    return BriefingFile(
        briefing=briefing, kind=kind, language=language, page=page, file=str(relative),
        sha256=hashlib.sha256(content).hexdigest(), bytes=len(content),
    )  # fmt: skip


def _facts(briefing: Briefing, language: str) -> list[tuple[str, str]]:
    """What the sheet of definitions says of the issue."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).say(language)

    number = say(
        f"{briefing.year}年第{briefing.issue_no}期（总第{briefing.total_no}期）",
        f"{briefing.year} No. {briefing.issue_no} (total {briefing.total_no})",
    )
    if briefing.correction:
        number += say(f"更正版{briefing.correction}", f", correction {briefing.correction}")
    return [
        (say("期号", "Number"), number),
        (say("简报文件 SHA-256", "SHA-256 of the issue's file"), briefing.sha256),
        (say("签名", "Signed by"), briefing.signer or say("未签名", "not signed")),
    ]


def _charts(issue: Issue) -> Iterator[Chart]:
    for section in issue.sections:
        yield from (block for block in section.blocks if isinstance(block, Chart))


def _lines(issue: Issue) -> Iterator[str]:
    yield from (issue.series, issue.title, issue.month_label)
    yield from map(plain, issue.key_points)
    for tile in issue.tiles:
        yield " ".join((tile.label, f"{tile.value}{tile.unit}", *map(plain, tile.change_labels), tile.note))
    for section in issue.sections:
        yield section.heading
        for block in section.blocks:
            match block:
                case Paragraph() | Subheading():
                    yield plain(block.text)
                case Chart():
                    yield plain(block.finding)
                case Table():
                    yield block.caption
                    yield from (" ".join(map(plain, row)) for row in block.rows)
