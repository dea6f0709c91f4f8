"""The archive of published issues: found by year and by their words, with the files beside them. Light: no typesetting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.scoping import within
from tasks.models import Briefing, BriefingFile, BriefingText
from tasks.publication import file_name

KIND = "briefing_files"
#: What goes before: files beside an issue can wait for months to be computed and issues to be published.
BEFORE = ("month", "publish", KIND)
#: Nobody searches for more.
LONGEST_SEARCH = 100


def issues(*, year: int | None = None, search: str = "") -> QuerySet[Briefing]:
    """Published issues and their corrections. `search`: in the words of an issue, in either language."""
    found = Briefing.objects.filter(published_at__isnull=False).select_related("snapshot")
    if year is not None:
        found = found.filter(year=year)
    for word in search[:LONGEST_SEARCH].split():
        said = BriefingText.objects.filter(briefing=OuterRef("pk"), text__icontains=word)
        found = found.filter(Exists(said))
    return found


def years() -> list[int]:
    """Of which there are issues, newest first."""
    found = Briefing.objects.filter(published_at__isnull=False).values_list("year", flat=True)
    return sorted(set(found), reverse=True)


def beside(briefings: Iterable[Briefing]) -> dict[int, list[BriefingFile]]:
    """{primary key of the issue: the files beside it, pictures in the order of their pages}."""
    held: dict[int, list[BriefingFile]] = {row.pk: [] for row in briefings}
    rows = BriefingFile.objects.filter(briefing__in=held).order_by("kind", "language", "page")
    for row in rows:
        held[row.briefing_id].append(row)
    return held


def file_of(public_id: str, *, kind: str, language: str, page: int = 0) -> BriefingFile:
    """Raises NotFound, for what has not been made yet too."""
    rows = BriefingFile.objects.select_related("briefing")
    found = rows.filter(briefing__public_id=public_id, kind=kind, language=language, page=page).first()
    if found is None:
        raise NotFound
    return found


def name_of(file: BriefingFile) -> str:
    """科创金融工作简报_2026年第10期_20261108_en.pdf, …_数据.xlsx, …_第3页.png."""
    stem = file_name(file.briefing).removesuffix(".pdf")
    endings = {
        "edition": f"_{file.language}.pdf",
        "workbook": "_数据.xlsx" if file.language != "en" else "_data_en.xlsx",
        "picture": f"_第{file.page}页.png",
        "chart": f"_图{file.page}.svg",
    }
    return stem + endings[file.kind]


def enqueue_due(*, now: datetime) -> int:
    """Record a job for the newest issue without its files, one at a time; returns how many are new.

    Harmless to run twice, late, or on two machines: the job's dedupe key decides.
    """
    with within(EVERYTHING):
        if Job.objects.filter(kind__in=BEFORE, state__in=["queued", "running"]).exists():
            return 0
        made = BriefingText.objects.filter(briefing=OuterRef("pk"))
        asked = Job.objects.filter(dedupe_key=Concat(Value(f"{KIND}:"), OuterRef("public_id")))
        waiting = (
            Briefing.objects.filter(published_at__isnull=False).exclude(Exists(made)).exclude(Exists(asked))
        )
        newest = waiting.order_by("-month", "-correction").first()
        if newest is None:
            return 0
        key = f"{KIND}:{newest.public_id}"
        return int(jobs.enqueue(KIND, dedupe_key=key, payload={"briefing": newest.public_id})[1])
