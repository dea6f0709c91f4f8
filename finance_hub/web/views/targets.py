"""`/targets`: the list, a target, its evidence, and the workbooks of their tables."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.problems import NotFound
from finance_hub.rest import files
from finance_hub.web.access import page, person_of
from finance_hub.web.presenters.targets import target as one
from finance_hub.web.presenters.targets import workbooks
from finance_hub.web.presenters.targets.course import course
from finance_hub.web.presenters.targets.listing import listing
from finance_hub.web.presenters.targets.wanted import Wanted
from tasks import standing
from tasks.targets import path_of
from tasks.workbook import MEDIA_TYPE


@page("target.read")
def targets(request: HttpRequest) -> HttpResponse:
    reader, wanted = person_of(request), Wanted.read(request.GET)
    shown = listing(wanted, standing.board(reader, now=timezone.now()), reader=reader)
    return render(request, "targets/list.html", {"targets": shown})


@page("target.read")
def target(request: HttpRequest, code: str) -> HttpResponse:
    span = request.GET.get("span", "")
    shown = one.target(code, span, reader=person_of(request), now=timezone.now())
    return render(request, "targets/target.html", {"target": shown})


@page("target.read")
def list_excel(request: HttpRequest) -> HttpResponseBase:
    reader, now = person_of(request), timezone.now()
    board = standing.board(reader, now=now)
    content = workbooks.of_list(Wanted.read(request.GET), board, by=reader, now=now)
    name = f"政策目标_{timezone.localdate(now):%Y%m%d}.xlsx"
    return files.made(request, content, name=name, content_type=MEDIA_TYPE)


@page("target.read")
def target_excel(request: HttpRequest, code: str) -> HttpResponseBase:
    reader, now = person_of(request), timezone.now()
    board = standing.board(reader, now=now)
    found = board.one(code)
    if found is None:
        raise NotFound
    points = course(found, request.GET.get("span", ""), now=now)
    content = workbooks.of_target(found, points, board, by=reader, now=now)
    name = f"政策目标_{code}_{timezone.localdate(now):%Y%m%d}.xlsx"
    return files.made(request, content, name=name, content_type=MEDIA_TYPE)


@page("target.read", own_transactions=True)
def document(request: HttpRequest, code: str, report: str, document: str) -> HttpResponseBase:
    """No transaction is open while the file goes out."""
    person = person_of(request)
    with scoping.within(person.scope):
        behind = standing.report(code, report, reader=person, known_at=timezone.now())
        found = next((held for held in behind.documents.all() if held.public_id == document), None)
    if found is None:
        raise NotFound
    return files.serve(
        request, path=path_of(found.sha256), sha256=found.sha256, name=found.name, inline=False,
        content_type=found.media_type,
    )  # fmt: skip
