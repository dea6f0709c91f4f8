"""The firm register: a page of it, found by name, former name or credit code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance_hub.kernel.models import Firm, FirmName
from finance_hub.web import paging
from finance_hub.web.contexts.firms import Column, FirmList, FirmRow
from finance_hub.web.presenters import industries, registry

PAGE = 50
SORTABLE = ("name", "uscc")


@dataclass(frozen=True)
class Wanted:
    """What the address asks: a search, an order (`name`, `-uscc` …), a place."""

    query: str
    key: str
    descending: bool
    place: paging.Place

    @classmethod
    def read(cls, params: QueryDict) -> Wanted:
        """Unknown orders are the usual one; characters that no name can hold are dropped."""
        query = params.get("q", "").replace("\0", "").strip()[:100]
        sort = params.get("sort", "name")
        key = sort.removeprefix("-")
        known = key in SORTABLE
        return cls(query, key if known else "name", known and sort.startswith("-"), paging.read(params))

    def url(self, *, key: str, descending: bool, place: str = "") -> str:
        asked = {"q": self.query} if self.query else {}
        order = f"-{key}" if descending else key
        if order != "name":
            asked["sort"] = order
        tail = "&".join(part for part in (urlencode(asked), place) if part)
        return reverse("web:firms") + (f"?{tail}" if tail else "")


def firms(wanted: Wanted, *, today: date) -> FirmList:
    """Three queries, whatever the size of the register."""
    rows = _matching(wanted.query)
    window = paging.window(rows, key=wanted.key, descending=wanted.descending, place=wanted.place, size=PAGE)
    classes = registry.classes_in_force(window.rows, today=today)
    return FirmList(
        query=wanted.query,
        found=_found(rows.count(), wanted.query),
        columns=_columns(wanted),
        rows=tuple(_row(firm, classes.get(firm.pk, [])) for firm in window.rows),
        previous_url=_here(wanted, window.previous),
        next_url=_here(wanted, window.next),
    )


def _matching(query: str) -> QuerySet[Firm]:
    if not query:
        return Firm.objects.all()
    former = FirmName.objects.filter(firm=OuterRef("pk"), name__icontains=query)
    return Firm.objects.filter(Q(name__icontains=query) | Q(uscc__startswith=query.upper()) | Exists(former))


def _found(count: int, query: str) -> str:
    said = (
        ngettext("%(count)s firm found", "%(count)s firms found", count)
        if query
        else ngettext("%(count)s firm in all", "%(count)s firms in all", count)
    )
    return said % {"count": f"{count:,}"}


def _here(wanted: Wanted, place: str | None) -> str | None:
    return wanted.url(key=wanted.key, descending=wanted.descending, place=place) if place else None


def _columns(wanted: Wanted) -> tuple[Column, ...]:
    return (
        _sortable(wanted, "name", _("Name")),
        _sortable(wanted, "uscc", _("Credit code")),
        Column(_("Town")),
        Column(_("Industry")),
        Column(_("Stage")),
        Column(_("Recognitions")),
        Column(_("State")),
    )


def _sortable(wanted: Wanted, key: str, label: str) -> Column:
    """A second click turns the order round."""
    current = wanted.key == key
    url = wanted.url(key=key, descending=current and not wanted.descending)
    if not current:
        return Column(label, url)
    return Column(label, url, "descending" if wanted.descending else "ascending")


def _row(firm: Firm, classes: list[str]) -> FirmRow:
    return FirmRow(
        name=firm.name,
        url=reverse("web:firm", args=[firm.uscc]),
        uscc=firm.uscc,
        town=firm.town,
        industry=industries.name(firm.industry),
        stage=registry.stage(firm),
        classes=tuple(classes),
        verified=registry.verified(firm),
    )
