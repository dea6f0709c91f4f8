"""The archive of published issues and the files beside them; the mailing list."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, NotFound
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, files
from finance_hub.rest.fields import Choice, Moment, Name, Record, Sha256, Whole, Words, YesNo
from finance_hub.rest.formats import AnyFile
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView, person_of
from tasks import archive, publication, subscribers
from tasks.models import BesideKind, BriefingFile, Subscriber
from tasks.workbook import MEDIA_TYPE

LANGUAGES = subscribers.LANGUAGES
TYPES = {
    "edition": "application/pdf",
    "workbook": MEDIA_TYPE,
    "picture": "image/png",
    "chart": "image/svg+xml",
}


class BesideShape(Record):
    """`page` is that of a picture, or the number of a chart; 0 of whole files."""

    kind = Choice(tuple(BesideKind.values))
    language = Choice(LANGUAGES)
    page = Whole()
    name = Words(max_length=200)
    bytes = Whole()
    sha256 = Sha256()
    url = Words(max_length=200)


class SubscriberRequest(Record):
    name = Name(max_length=subscribers.LONGEST_NAME)
    address = Name(max_length=subscribers.LONGEST_ADDRESS)
    language = Choice(LANGUAGES, default="zh-hans")


class SwitchRequest(Record):
    is_active = YesNo()


class SubscriberShape(Record):
    """Told of what is published from `since` on."""

    id = Words(max_length=40, source="public_id")
    name = Words(max_length=100)
    address = Words(max_length=254)
    language = Choice(LANGUAGES)
    is_active = YesNo()
    since = Moment()


BESIDE = {
    "kind": "workbook",
    "language": "zh-hans",
    "page": 0,
    "name": "科创金融工作简报_2026年第10期_20261108_数据.xlsx",
    "bytes": 48_211,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "/api/v1/briefings/br_01JD3M8Q4T/files/workbook/zh-hans/0",
}
SUBSCRIBER = {
    "id": "sb_01JD3M8Q4T",
    "name": "市财政局",
    "address": "finance@example.cn",
    "language": "zh-hans",
    "is_active": True,
    "since": "2026-11-08T09:00:00+08:00",
}


class Beside(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("已印发简报的附属文件", "The files beside a published issue"),
            response=BesideShape,
            many=True,
            answer=[BESIDE],
        )
    }

    def get(self, request: Request, public_id: str) -> Response:
        briefing = publication.find(public_id)
        held = archive.beside([briefing])[briefing.pk]
        for file in held:
            file.briefing = briefing
        return Response(self.show([_said(file) for file in held], request=request))


class BesideFile(ApiView):
    renderer_classes = (AnyFile,)
    operations: ClassVar = {
        "GET": Operation(
            "briefing.read",
            Text("下载附属文件（支持分段）", "Download a file beside an issue, whole or in part"),
            produces="application/octet-stream",
        )
    }

    def get(self, request: Request, public_id: str, kind: str, language: str, page: str) -> HttpResponseBase:
        if not (page.isascii() and page.isdigit() and len(page) < 5):
            raise NotFound
        found = archive.file_of(public_id, kind=kind, language=language, page=int(page))
        return files.serve(
            request, path=Path(settings.FILES_DIR) / found.file, sha256=found.sha256, name=archive.name_of(found),
            inline=False, content_type=TYPES[found.kind],
        )  # fmt: skip


class Subscribers(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "subscriber.read",
            Text("印发通知的收件名单", "Who is told by e-mail of a published issue"),
            response=SubscriberShape,
            many=True,
            query=cursors.QUERY,
            answer=[SUBSCRIBER],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "subscriber.manage",
            Text("加入收件名单", "Add to the mailing list"),
            status=201,
            request=SubscriberRequest,
            response=SubscriberShape,
            example={"name": "市财政局", "address": "finance@example.cn"},
            answer=SUBSCRIBER,
            problems=(InvalidFields, subscribers.AddressHeld),
        ),
    }

    def get(self, request: Request) -> Response:
        return self.listed(subscribers.subscribers(), request=request)

    def post(self, request: Request) -> Response:
        made = subscribers.add(**self.read_body(request), by=person_of(request), now=timezone.now())
        return Response(self.show(made, request=request), status=201)


class OneSubscriber(ApiView):
    operations: ClassVar = {
        "PATCH": Operation(
            "subscriber.manage",
            Text("移出或恢复收件", "Take off the mailing list, or put back"),
            request=SwitchRequest,
            response=SubscriberShape,
            example={"is_active": False},
            answer={**SUBSCRIBER, "is_active": False},
        )
    }

    def patch(self, request: Request, public_id: str) -> Response:
        changed: Subscriber = subscribers.switch(
            public_id, **self.read_body(request), by=person_of(request), now=timezone.now()
        )
        return Response(self.show(changed, request=request))


def _said(file: BriefingFile) -> dict[str, Any]:
    place = f"{file.kind}/{file.language}/{file.page}"
    return {
        **{name: getattr(file, name) for name in ("kind", "language", "page", "bytes", "sha256")},
        "name": archive.name_of(file),
        "url": f"/api/v1/briefings/{file.briefing.public_id}/files/{place}",
    }
