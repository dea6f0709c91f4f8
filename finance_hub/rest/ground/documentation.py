"""The API about itself: every problem code, and the OpenAPI document."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from finance_hub.kernel.problems import InvalidFields, NotFound, Problem
from finance_hub.kernel.text import Text
from finance_hub.rest.ground import shapes
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView
from finance_hub.rest.wording import ROWS, WORDS

log = logging.getLogger(__name__)
EXAMPLE = {
    "code": "month-closed",
    "kind": "request",
    "status": 409,
    "retryable": False,
    "title": "该月份已关账",
    "title_en": "This month is closed",
    "detail": "该月份已关账",
    "detail_en": "This month is closed",
}


class Problems(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("全部错误码", "All problem codes"),
            response=shapes.ProblemList,
            answer={"data": [EXAMPLE]},
        )
    }

    def get(self, request: Request) -> Response:
        return Response(self.show({"data": [entry(code) for code in codes()]}, request=request))


class OneProblem(ApiView):
    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("一个错误码的说明", "What one problem code means"),
            response=shapes.ProblemEntry,
            answer=EXAMPLE,
        )
    }

    def get(self, request: Request, code: str) -> Response:
        if code not in codes():
            raise NotFound
        return Response(self.show(entry(code), request=request))


def codes() -> list[str]:
    return sorted({*Problem.catalogue, *WORDS, *ROWS})


def entry(code: str) -> dict[str, Any]:
    problem = Problem.catalogue.get(code)
    title = problem.title if problem else WORDS.get(code) or ROWS[code]
    detail = (problem.detail if problem else None) or title
    return {
        "code": code,
        "kind": "request" if problem else "field",
        "status": problem.status if problem else InvalidFields.status,
        "retryable": bool(problem and problem.retry_after),
        "title": title.zh,
        "title_en": title.en,
        "detail": detail.zh,
        "detail_en": detail.en,
    }


class OpenApi(ApiView):
    """Open to anybody where the settings say so, otherwise to every key."""

    operations: ClassVar = {
        "GET": Operation(
            "reference.read",
            Text("接口说明（OpenAPI 3.1）", "The description of this API (OpenAPI 3.1)"),
            produces="application/json",
            own_transactions=True,
        )
    }

    def get_authenticators(self) -> list[Any]:
        return [] if settings.OPENAPI_IS_PUBLIC else super().get_authenticators()

    def get_permissions(self) -> list[Any]:
        return [] if settings.OPENAPI_IS_PUBLIC else [*super().get_permissions()]

    def get(self, request: Request) -> Response:
        return Response(document())


@cache
def document() -> dict[str, Any]:
    """Made once a process: the routes do not change while it runs."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made
