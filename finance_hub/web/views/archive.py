"""`/archive`: published issues, found by year and by their words; the pages of one as pictures; the files beside it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from finance_hub.kernel.problems import NotFound
from finance_hub.rest import files
from finance_hub.web import paging
from finance_hub.web.access import page
from finance_hub.web.presenters import archive as present
from tasks import archive as held
from tasks.models import BesideKind
from tasks.workbook import MEDIA_TYPE

TYPES = {"edition": "application/pdf", "workbook": MEDIA_TYPE}


@page("briefing.read")
def archive(request: HttpRequest) -> HttpResponse:
    asked = present.asked(request.GET)
    shown = present.archive(asked, paging.read(request.GET))
    return render(request, "archive/list.html", {"archive": shown})


@page("briefing.read")
def issue(request: HttpRequest, public_id: str) -> HttpResponse:
    return render(request, "archive/issue.html", {"issue": present.issue(public_id)})


@page("briefing.read")
def picture(request: HttpRequest, public_id: str, number: int) -> HttpResponseBase:
    return _file(request, public_id, kind="picture", language="zh-hans", number=number)


@page("briefing.read")
def file(request: HttpRequest, public_id: str, kind: str, language: str) -> HttpResponseBase:
    return _file(request, public_id, kind=kind, language=language)


def _file(
    request: HttpRequest, public_id: str, *, kind: str, language: str, number: int = 0
) -> HttpResponseBase:
    if kind not in BesideKind.values or kind == "chart":
        raise NotFound
    found = held.file_of(public_id, kind=kind, language=language, page=number)
    return files.serve(
        request, path=Path(settings.FILES_DIR) / found.file, sha256=found.sha256, name=held.name_of(found),
        inline=kind == "picture", content_type=TYPES.get(kind, "image/png"),
    )  # fmt: skip
