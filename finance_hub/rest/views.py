"""The base of every API view: declared action, scope of rows, idempotency, in that order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from finance_hub.kernel import scoping
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, InvalidFields, NotFound, Problem, StaleVersion, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest import cursors, once, rates, reading
from finance_hub.rest.errors import LengthRequired, language_of
from finance_hub.rest.fields import Record
from finance_hub.rest.operation import Operation
from finance_hub.rest.wording import WORDS

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class VersionMissing(Problem):
    code = "if-match-missing"
    status = 428
    title = Text("缺少 If-Match 请求头", "The If-Match header is missing")


class ApiView(APIView):
    """A view declares `operations`, one per HTTP method, and implements the methods.

    Handlers run in one transaction within the person's scope. A POST is answered once per
    Idempotency-Key: its response is stored in the same transaction and replayed afterwards.
    HEAD is a GET without its body; every other method that is not declared is refused.
    """

    operations: ClassVar[dict[str, Operation]]

    @property
    def allowed_methods(self) -> list[str]:
        return [*self.operations, "HEAD"] if "GET" in self.operations else [*self.operations]

    def declared(self, request: Request) -> Operation:
        """The operation of the request's method; KeyError where none is declared."""
        return self.operations[_declared_method(request)]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if _declared_method(request) not in self.operations:
            self.perform_content_negotiation(request, force=True)
            self.perform_authentication(request)
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)
        _refuse_unreadable(request, kwargs)
        _require_query(request, self.declared(request))
        rates.require(request, self.declared(request))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = _declared_method(request)
        if method in self.operations:
            handler = getattr(self, method.lower())
            setattr(self, str(request.method).lower(), self._guarded(handler, self.operations[method]))
        return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        # What one person was told is nothing for a shared cache to tell another.
        final.headers.setdefault("Cache-Control", "no-store")
        final.headers.setdefault("Content-Language", language_of(request))
        for name, value in rates.headers(request).items():
            final[name] = value
        return final

    def _guarded(
        self, handler: Callable[..., HttpResponseBase], operation: Operation
    ) -> Callable[..., HttpResponseBase]:
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if operation.own_transactions:
                return handler(request, *args, **kwargs)
            if request.method == "POST" and operation.idempotent:
                return once.answer(
                    request,
                    operation,
                    person=person_of(request),
                    handle=lambda: handler(request, *args, **kwargs),
                )
            with scoping.within(person_of(request).scope):
                return handler(request, *args, **kwargs)

        return guarded

    def read_body(self, request: Request) -> dict[str, Any]:
        """The validated body of the declared request shape; raises ValidationError."""
        shape = self.declared(request).request
        if shape is None:
            raise TypeError(f"{type(self).__name__} declares no request for {request.method}")
        serializer = shape(data=request.data)
        serializer.is_valid(raise_exception=True)
        return cast(dict[str, Any], serializer.validated_data)

    def show(self, value: Any, *, request: Request) -> Any:
        """`value` in the declared response shape."""
        operation = self.declared(request)
        if operation.response is None:
            raise TypeError(f"{type(self).__name__} declares no response for {request.method}")
        shape = cast("type[Serializer[Any]]", operation.response)
        return shape(value, many=operation.many, context={"request": request}).data

    def listed(self, rows: QuerySet[Any], *, request: Request, by: tuple[str, ...] = ("pk",)) -> Response:
        """One page of the rows (`cursors.page`) in the declared response shape."""
        shape = reading.row_of(cast("type[Record]", self.declared(request).response))
        found, position = cursors.page(rows, request=request, by=by, shape=cast("type[Record]", shape))
        return Response({"data": found, **position})


def person_of(request: Request) -> Person:
    return cast(Person, request.user)


def etag(version: int | str) -> str:
    return f'"{version}"'


def require_version(request: Request) -> int:
    """The version the caller edits, from If-Match. Raises VersionMissing, StaleVersion."""
    header = request.headers.get("If-Match")
    if not header:
        raise VersionMissing
    bare = header.strip().removeprefix("W/").strip('"')
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        raise StaleVersion
    return int(bare)


def _declared_method(request: Any) -> str:
    return "GET" if request.method == "HEAD" else str(request.method)


def _refuse_unreadable(request: Request, path: dict[str, Any]) -> None:
    """Refuse what no column can hold, before a query meets it: NUL and its like, in path or query.

    Raises NotFound, InvalidFields, LengthRequired.
    """
    if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
        raise LengthRequired  # the body would be read as empty
    if any(_CONTROL.search(str(value)) for value in path.values()):
        raise NotFound
    for name, values in request.query_params.lists():
        if _CONTROL.search(name) or any(_CONTROL.search(value) for value in values):
            raise refuse(
                "#", "control-characters", "查询参数含有控制字符", "The query holds control characters"
            )


def _require_query(request: Request, operation: Operation) -> None:
    """Raises InvalidFields for a parameter that is missing or none of its choices."""
    errors = []
    for query in operation.query:
        value = request.query_params.get(query.name)
        code = "required" if query.required and not value else ""
        if value and query.choices and value not in query.choices:
            code = "invalid_choice"
        if code:
            errors.append(FieldError(code, f"#/{query.name}", WORDS[code]))
    if errors:
        raise InvalidFields(errors=tuple(errors))
