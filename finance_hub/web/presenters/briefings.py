"""The list of briefings: one row a month, the edition in force."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from finance_hub.kernel.periods import Month
from finance_hub.web import paging, words
from finance_hub.web.contexts.briefings import BriefingList, BriefingRow
from finance_hub.web.contexts.chrome import Status
from tasks import queries
from tasks.models import Briefing

PAGE = 24


def briefings(place: paging.Place) -> BriefingList:
    """Newest first; editions that were superseded stand on the page of their month."""
    in_force = queries.briefings().exclude(state="superseded")
    window = paging.window(in_force, key="month", descending=True, place=place, size=PAGE)
    editions = editions_of(window.rows)
    return BriefingList(
        rows=tuple(_row(row, editions[row.month].index(row.pk) + 1) for row in window.rows),
        previous_url=_here(window.previous),
        next_url=_here(window.next),
    )


def editions_of(rows: list[Briefing]) -> dict[object, list[int]]:
    """{month: primary keys of its editions, oldest first}."""
    months = [row.month for row in rows]
    found: dict[object, list[int]] = {month: [] for month in months}
    every: QuerySet[Briefing] = Briefing.objects.filter(month__in=months).order_by("pk")
    for month, pk in every.values_list("month", "pk"):
        found[month].append(pk)
    return found


def _row(row: Briefing, edition: int) -> BriefingRow:
    size = file_size(row)
    return BriefingRow(
        month=words.month(Month.of(row.month)),
        number=number(row),
        url=reverse("web:briefing", args=[row.public_id]),
        status=status(row),
        edition=edition_label(edition),
        drafted_by=row.drafted_by.full_name if row.drafted_by else "",
        approved_by=row.approved_by.full_name if row.approved_by else "",
        sha256_prefix=row.sha256[:12],
        download_url=reverse("web:briefing_file", args=[row.public_id]) if size else None,
        size=size,
    )


def _here(place: str | None) -> str | None:
    return f"{reverse('web:briefings')}?{place}" if place else None


def status(row: Briefing) -> Status:
    """The state in words."""
    if row.state == "draft":
        return Status(_("draft"), "info") if row.drafted_by_id else Status(_("draft, not taken"), "watch")
    if row.state == "reviewed":
        return Status(_("reviewed"), "info")
    if row.state == "approved":
        return Status(_("approved, being set"), "info")
    if row.state == "published":
        return Status(_("published"), "ok")
    return Status(_("superseded"), "none")


def number(row: Briefing) -> str:
    """第10期（总第24期）; a draft has no number yet."""
    issue = row.corrects if row.issue_no is None and row.corrects else row
    if issue.issue_no is None:
        return _("no number yet")
    said = _("%(year)s No. %(issue)s (total %(total)s)")
    if row.correction:
        said = _("%(year)s No. %(issue)s (total %(total)s), correction %(correction)s")
    return said % {
        "year": issue.year, "issue": issue.issue_no, "total": issue.total_no, "correction": row.correction,
    }  # fmt: skip


def edition_label(edition: int) -> str:
    return _("Edition %(number)s") % {"number": edition}


def file_size(row: Briefing) -> str:
    """Empty where the file is not there."""
    path = settings.FILES_DIR / row.file
    return words.size(path.stat().st_size) if row.file and path.is_file() else ""
