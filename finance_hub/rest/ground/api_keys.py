"""API keys over HTTP, for the administrator. A key's token is shown once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel import keys, people
from finance_hub.kernel.periods import SHANGHAI
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation, Query
from finance_hub.rest.views import ApiView, person_of

SHOWN = {
    "key_id": "7Q2KxP0aZr4T",
    "username": "bank_a",
    "last4": "9fQz",
    "environment": "test",
    "created_at": "2026-10-08T09:00:00+08:00",
    "expires_at": "2027-10-01T00:00:00+08:00",
    "revoked_at": None,
    "last_used_at": None,
}


class ApiKeys(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "key.manage",
            Text("接口密钥列表", "The API keys"),
            response=shapes.KeyShape,
            many=True,
            query=(Query("username", Text("某人的密钥", "Of one person")), *cursors.QUERY),
            answer=[SHOWN],
            problems=(cursors.InvalidCursor,),
        ),
        "POST": Operation(
            "key.manage",
            Text("签发接口密钥，全文仅显示一次", "Issue an API key; its token is shown once"),
            status=201,
            request=shapes.NewKey,
            response=shapes.IssuedKeyShape,
            example={"username": "bank_a", "expires_on": "2027-09-30"},
            answer={"key": SHOWN, "token": "fsk_test_7Q2KxP0aZr4T_…9fQz"},
            shown_once=("token",),
            problems=(keys.TooManyKeys, keys.KeyLivesTooLong, keys.OwnerDisabled),
        ),
    }

    def get(self, request: Request) -> Response:
        found = keys.issued(username=request.query_params.get("username", ""))
        return self.listed(found, request=request)

    def post(self, request: Request) -> Response:
        body = self.read_body(request)
        issued = keys.issue(
            people.find(body["username"]),
            by=person_of(request),
            now=timezone.now(),
            expires_at=datetime.combine(body["expires_on"] + timedelta(days=1), time(), SHANGHAI),
            live=settings.LIVE_KEYS,
        )
        return Response(self.show(issued, request=request), status=201)


class Revoke(ApiView):
    operations: ClassVar = {
        "POST": Operation(
            "key.manage",
            Text("吊销接口密钥", "Revoke an API key"),
            response=shapes.KeyShape,
            answer={**SHOWN, "revoked_at": "2026-11-05T09:30:00+08:00"},
        )
    }

    def post(self, request: Request, key_id: str) -> Response:
        keys.revoke(keys.find(key_id), by=person_of(request), now=timezone.now())
        return Response(self.show(keys.find(key_id), request=request))
