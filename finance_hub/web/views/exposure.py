"""`/exposure`, a group's page, their workbooks, and the two forms of a limit on concentration."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound
from finance_hub.rest import files
from finance_hub.web import entering
from finance_hub.web.access import FORM, page, person_of
from finance_hub.web.presenters import firm as of_firm
from finance_hub.web.presenters.exposure import city as present
from finance_hub.web.presenters.exposure import forms, groups
from finance_hub.web.presenters.exposure.asking import Asked
from finance_hub.web.presenters.exposure.section import book
from tasks.workbook import MEDIA_TYPE


@page("figure.read")
def exposure(request: HttpRequest) -> HttpResponse:
    shown = present.city(_month(request), reader=person_of(request))
    return render(request, "exposure/page.html", {"city": shown})


@page("figure.read")
def table(request: HttpRequest, name: str) -> HttpResponseBase:
    found = present.table(name, _month(request))
    if found is None:
        raise NotFound
    one, figures = found
    content = present.book(one, figures, now=figures.snapshot.taken_at)
    month = Month.of(figures.snapshot.month)
    return files.made(request, content, name=f"exposure-{name}-{month}.xlsx", content_type=MEDIA_TYPE)


@page("figure.read")
def group(request: HttpRequest, group: str) -> HttpResponse:
    shown = groups.group(group, Asked.read(request.GET, now=timezone.now()))
    return render(request, "exposure/group.html", {"group": shown}, status=422 if shown.errors else 200)


@page("figure.read")
def firm_book(request: HttpRequest, uscc: str) -> HttpResponseBase:
    """What the firm's page shows; what is no moment the page says."""
    asked, firm = Asked.read(request.GET, now=timezone.now()), of_firm.find(uscc)
    if asked.errors:
        return redirect(asked.address(reverse("web:firm", args=[uscc])))
    name = f"{uscc}-{asked.moment.day.isoformat()}.xlsx"
    return files.made(request, book([firm], asked, title=firm.name), name=name, content_type=MEDIA_TYPE)


@page("figure.read")
def group_book(request: HttpRequest, group: str) -> HttpResponseBase:
    asked, members = Asked.read(request.GET, now=timezone.now()), groups.members(group)
    if asked.errors:
        return redirect(asked.address(reverse("web:group", args=[group])))
    content = book(members.firms, asked, title=members.group.name)
    name = f"group-{members.group.pk}-{asked.moment.day.isoformat()}.xlsx"
    return files.made(request, content, name=name, content_type=MEDIA_TYPE)


@page("tolerance.propose", methods=FORM, own_transactions=True)
def limit_new(request: HttpRequest) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.new(timezone.now())
    return entering.one_step(request, form)


@page("tolerance.approve", methods=FORM, own_transactions=True)
def limit_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    with scoping.within(person_of(request).scope):
        form = forms.approve(public_id)
    return entering.one_step(request, form)


def _month(request: HttpRequest) -> Month | None:
    text = request.GET.get("month")
    try:
        return Month.parse(text) if text else None
    except UnableToReadMonth as fault:
        raise Http404 from fault
