"""The firm registry over HTTP."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import firms
from finance_hub.kernel.problems import InvalidFields, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, etag, person_of, require_version

LISTED = {
    "uscc": "91330483MA2B9PTN02",
    "name": "桐乡示例科技股份有限公司",
    "verified": True,
    "source": "centre",
    "town": "乌镇镇",
    "industry": "C39",
    "stage": "growth",
    "founded_on": "2018-03-21",
    "control_group": None,
    "control_group_id": None,
    "version": 3,
}
SHOWN = {
    **LISTED,
    "names": [{"name": "桐乡示例科技股份有限公司", "valid_from": "2018-03-21"}],
    "classes": [
        {
            "code": "high_tech",
            "detail": "GR202633001234",
            "valid_from": "2026-01-01",
            "valid_to": "2029-01-01",
        }
    ],
}


class Firms(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "firm.read",
            Text("企业列表", "The firms"),
            response=shapes.FirmShape,
            many=True,
            query=(Query("q", Text("名称（含曾用名）或信用代码的一部分", "Part of a name, former ones too, or of the code")),
                   *cursors.QUERY),
            answer=[LISTED],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "firm.edit",
            Text("登记企业", "Register a firm"),
            status=201,
            request=shapes.NewFirm,
            response=shapes.FirmDetail,
            example={
                "uscc": "91330483MA2B9PTN02",
                "name": "桐乡示例科技股份有限公司",
                "known_from": "2018-03-21",
                "town": "乌镇镇",
                "industry": "C39",
                "stage": "growth",
                "founded_on": "2018-03-21",
            },
            answer={**SHOWN, "version": 1, "classes": []},
            problems=(firms.FirmAlreadyRegistered,),
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        found = firms.search(request.query_params.get("q", "").strip(), scope=person_of(request).scope)
        return self.listed(found, request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        firm = firms.register(
            code=body.pop("uscc"),
            source="centre",
            verified=True,
            by=person_of(request),
            now=timezone.now(),
            **body,
        )
        return _shown(self, firm.uscc, request=request, status=201)


class OneFirm(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "firm.read",
            Text("一家企业", "One firm"),
            response=shapes.FirmDetail,
            answer=SHOWN,
        ),
        "PATCH": Operation(
            "firm.edit",
            Text("修改企业信息", "Change facts of a firm"),
            request=shapes.FirmChanges,
            response=shapes.FirmDetail,
            example={"town": "濮院镇", "control_group": "示例集团"},
            answer={
                **SHOWN,
                "town": "濮院镇",
                "control_group": "示例集团",
                "control_group_id": "7",
                "version": 4,
            },
            needs_version=True,
            problems=(firms.StaleFirm, InvalidFields),
        ),
    }

    def get(self, request: Request, uscc: str) -> Response:
        return _shown(self, uscc, request=request)

    def patch(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=person_of(request).scope)
        version, changes = require_version(request), self.read_body(request)
        if not changes:
            raise refuse("#", "nothing-to-change", "没有要修改的内容", "There is nothing to change")
        firms.edit(firm, version=version, by=person_of(request), now=timezone.now(), **_with_group(changes))
        return _shown(self, uscc, request=request)


class Names(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "firm.edit",
            Text("登记企业更名", "Record a firm's new name"),
            status=201,
            request=shapes.FirmName,
            response=shapes.FirmDetail,
            example={"name": "桐乡示例智能科技股份有限公司", "valid_from": "2026-10-08"},
            answer={**SHOWN, "name": "桐乡示例智能科技股份有限公司"},
            problems=(firms.NameFromThatDay,),
        )
    }

    def post(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=person_of(request).scope)
        firms.rename(firm, by=person_of(request), now=timezone.now(), **self.read_body(request))
        return _shown(self, uscc, request=request, status=201)


class Classes(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "firm.edit",
            Text("登记企业资质认定", "Record a recognition of a firm"),
            status=201,
            request=shapes.FirmClass,
            response=shapes.FirmDetail,
            example={
                "code": "high_tech",
                "detail": "GR202633001234",
                "valid_from": "2026-01-01",
                "valid_to": "2029-01-01",
            },
            answer=SHOWN,
            problems=(firms.ClassFromThatDay, InvalidFields),
        )
    }

    def post(self, request: Request, uscc: str) -> Response:
        firm = firms.find(uscc, scope=person_of(request).scope)
        firms.recognise(firm, by=person_of(request), now=timezone.now(), **self.read_body(request))
        return _shown(self, uscc, request=request, status=201)


def _with_group(changes: dict[str, Any]) -> dict[str, Any]:
    name = changes.get("control_group")
    return {**changes, "control_group": firms.group_named(name)} if name else changes


def _shown(view: ApiView, uscc: str, *, request: Request, status: int = 200) -> Response:
    firm = firms.find(uscc, scope=person_of(request).scope)
    headers = {"ETag": etag(firm.version)}
    if status == 201:
        headers["Location"] = f"/api/v1/firms/{uscc}"
    return Response(view.show(firm, request=request), status=status, headers=headers)
