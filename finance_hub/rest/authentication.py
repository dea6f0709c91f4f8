"""Bearer keys: `Authorization: Bearer fsk_live_…`. Never in the URL, never a session."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from finance_hub.kernel import keys
from finance_hub.kernel.models import ApiKey, Person
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.text import Text


class NotAuthenticated(Problem):
    code = "not-authenticated"
    status = 401
    title = Text("请求未带接口密钥", "The request carries no API key")
    detail = Text(
        "请在 Authorization 请求头中以 Bearer 方式提供密钥",
        "Send the key in the Authorization header, as a Bearer token",
    )


class BearerKey(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Person, ApiKey]:
        header = request.headers.get("Authorization", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated
        key = keys.authenticate(token.strip(), now=timezone.now(), live=settings.LIVE_KEYS)
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="finance_hub"'
