"""Notes every call that came with a valid key in its organisation's request log."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from finance_hub.kernel import requests
from finance_hub.kernel.models import ApiKey
from finance_hub.rest import address
from finance_hub.rest.middleware import GetResponse


class RequestLog:
    """Around the views, once their transactions are over. Strangers and pages leave nothing here.

    The time is that until the answer begins: a stream goes on after it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        key = getattr(request, "auth", None)  # set by REST framework with the person
        if isinstance(key, ApiKey):
            milliseconds = round((time.perf_counter() - began) * 1000)
            requests.note(_call(request, response, milliseconds), key=key, now=timezone.now())
        return response


def _call(request: HttpRequest, response: HttpResponseBase, milliseconds: int) -> requests.Call:
    said: Any = getattr(response, "data", None)
    length = request.META.get("CONTENT_LENGTH") or "0"
    return requests.Call(
        request_id=str(request.META.get("finance_hub.request_id", "")),
        method=str(request.method),
        path=request.get_full_path(),
        status=response.status_code,
        problem=said["code"] if response.status_code >= 400 and isinstance(said, dict) else "",
        milliseconds=milliseconds,
        bytes_in=int(length[:18]) if length.isdigit() else 0,
        idempotency_key=request.headers.get("Idempotency-Key", ""),
        address=address.of(request),
    )
