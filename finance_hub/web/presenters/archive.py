"""The archive of published issues, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from finance_hub.web import paging, words
from finance_hub.web.contexts import archive as contexts
from finance_hub.web.contexts.chrome import Status
from finance_hub.web.contexts.overview import Choice
from finance_hub.web.contexts.reports import Link
from finance_hub.web.presenters.briefings import file_size
from tasks import archive as held
from tasks.models import Briefing, BriefingFile
from tasks.verification import spoken

PAGE = 12
#: A language is named in itself.
LANGUAGES = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True)
class Asked:
    year: int | None
    search: str

    def query(self) -> dict[str, str]:
        said = {"year": str(self.year) if self.year else "", "q": self.search}
        return {name: value for name, value in said.items() if value}


def asked(params: QueryDict) -> Asked:
    """What is no year of an issue counts as none."""
    year, search = params.get("year", ""), params.get("q", "").replace("\0", "").strip()
    known = year.isascii() and year.isdigit() and len(year) == 4
    return Asked(int(year) if known else None, search[: held.LONGEST_SEARCH])


def archive(asked: Asked, place: paging.Place) -> contexts.Archive:
    """Months, newest first, of which the issue or a correction was found."""
    found = held.issues(year=asked.year, search=asked.search)
    firsts = Briefing.objects.filter(
        correction=0, published_at__isnull=False, month__in=found.values("month")
    )
    window = paging.window(firsts, key="month", descending=True, place=place, size=PAGE)
    editions = list(
        held.issues().filter(month__in=[row.month for row in window.rows]).order_by("-month", "-correction")
    )
    beside = held.beside(editions)
    count = firsts.count()
    summary = ngettext("%(count)s month found", "%(count)s months found", count) % {
        "count": words.count(count)
    }
    return contexts.Archive(
        years=tuple(Choice(str(year), str(year), selected=year == asked.year) for year in held.years()),
        search=asked.search,
        summary=summary,
        months=tuple(
            contexts.Month(
                words.month(Month.of(row.month)),
                tuple(_edition(one, editions, beside[one.pk]) for one in editions if one.month == row.month),
            )
            for row in window.rows
        ),
        clear_url=reverse("web:archive") if asked.query() else None,
        previous_url=_here(asked, window.previous),
        next_url=_here(asked, window.next),
    )


def issue(public_id: str) -> contexts.Issue:
    """One published edition with the pictures of its pages. Raises NotFound."""
    row = held.issues().filter(public_id=public_id).first()
    if row is None:
        raise NotFound
    editions = list(held.issues().filter(month=row.month))
    beside = held.beside([row])[row.pk]
    pictures = tuple(
        contexts.Picture(
            reverse("web:archive_picture", args=[public_id, file.page]),
            _("Page %(number)s") % {"number": file.page},
        )
        for file in beside
        if file.kind == "picture"
    )
    return contexts.Issue(
        title=words.say(spoken.issue_name(row)),
        edition=_edition(row, editions, beside),
        pictures=pictures,
        waiting="" if pictures else _("The pictures of its pages are being made."),
        list_url=reverse("web:archive"),
    )


def _edition(row: Briefing, editions: list[Briefing], beside: list[BriefingFile]) -> contexts.Edition:
    newest = max(one.correction for one in editions if one.month == row.month)
    in_force = row.correction == newest
    status = Status(_("in force"), "ok") if in_force else Status(_("superseded by a correction"), "watch")
    has_picture = any(file.kind == "picture" for file in beside)
    return contexts.Edition(
        number=words.say(spoken.issue_name(row)),
        status=status,
        url=reverse("web:archive_issue", args=[row.public_id]),
        read_url=reverse("web:briefing_read", args=[row.public_id]),
        pages=ngettext("%(pages)s page", "%(pages)s pages", row.pages) % {"pages": row.pages},
        published=words.moment(row.published_at) if row.published_at else "",
        sha256=row.sha256,
        signer=row.signer or _("not signed"),
        files=tuple(_files(row, beside)),
        thumbnail=reverse("web:archive_picture", args=[row.public_id, 1]) if has_picture else "",
        occasion=row.occasion,
    )


def _files(row: Briefing, beside: list[BriefingFile]) -> list[Link]:
    links = [Link("PDF", reverse("web:briefing_file", args=[row.public_id]), file_size(row))]
    names = {"edition": _("PDF in %(language)s"), "workbook": _("Workbook in %(language)s")}
    for file in beside:
        if file.kind in names:
            label = names[file.kind] % {"language": LANGUAGES[file.language]}
            url = reverse("web:archive_file", args=[row.public_id, file.kind, file.language])
            links.append(Link(label, url, words.size(file.bytes)))
    return links


def _here(asked: Asked, place: str | None) -> str | None:
    if place is None:
        return None
    query = urlencode(asked.query())
    return f"{reverse('web:archive')}?{query}{'&' if query else ''}{place}"
