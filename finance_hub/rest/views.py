"""The base of every API view: declared action, scope of rows, idempotency, in that order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.http.response import HttpResponseBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from finance_hub.kernel import idempotency, scoping
from finance_hub.kernel.access import may
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import Forbidden, Problem, StaleVersion
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Operation


class VersionMissing(Problem):
    code = "if-match-missing"
    status = 428
    title = Text("缺少 If-Match 请求头", "The If-Match header is missing")


class DeclaredAction(BasePermission):
    """Refuses what the role may not do. A method without a declaration raises KeyError: a defect."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        operation = cast(ApiView, view).operations[str(request.method)]
        if not may(person_of(request).role, operation.action):
            raise Forbidden
        return True


class ApiView(APIView):
    """A view declares `operations`, one per HTTP method, and implements the methods.

    Handlers run in one transaction within the person's scope. A POST is answered once per
    Idempotency-Key: its response is stored in the same transaction and replayed afterwards.
    """

    operations: ClassVar[dict[str, Operation]]

    @property
    def allowed_methods(self) -> list[str]:
        return [*self.operations, "OPTIONS"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method not in self.operations:
            self.perform_content_negotiation(request, force=True)
            self.perform_authentication(request)
            self.http_method_not_allowed(request)
        super().initial(request, *args, **kwargs)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        method = str(request.method)
        handler = getattr(self, method.lower(), self.http_method_not_allowed)
        if method in getattr(self, "operations", {}):
            setattr(self, method.lower(), self._guarded(handler, self.operations[method]))
        return super().dispatch(request, *args, **kwargs)

    def _guarded(
        self, handler: Callable[..., HttpResponseBase], operation: Operation
    ) -> Callable[..., HttpResponseBase]:
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if operation.own_transactions:
                return handler(request, *args, **kwargs)
            if request.method == "POST" and operation.idempotent:
                return _answer_once(request, lambda: handler(request, *args, **kwargs))
            with scoping.within(person_of(request).scope):
                return handler(request, *args, **kwargs)

        return guarded

    def read_body(self, request: Request) -> dict[str, Any]:
        """The validated body of the declared request shape; raises ValidationError."""
        shape = self.operations[str(request.method)].request
        if shape is None:
            raise TypeError(f"{type(self).__name__} declares no request for {request.method}")
        serializer = shape(data=request.data)
        serializer.is_valid(raise_exception=True)
        return cast(dict[str, Any], serializer.validated_data)

    def show(self, value: Any, *, request: Request) -> Any:
        """`value` in the declared response shape."""
        operation = self.operations[str(request.method)]
        if operation.response is None:
            raise TypeError(f"{type(self).__name__} declares no response for {request.method}")
        shape = cast("type[Serializer[Any]]", operation.response)
        return shape(value, many=operation.many, context={"request": request}).data


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


def _answer_once(request: Request, handle: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    person = person_of(request)
    key = idempotency.read_key(request.headers.get("Idempotency-Key"))
    request_id = str(request.META.get("finance_hub.request_id", ""))
    claimed = idempotency.claim(
        person=person,
        key=key,
        method_path=f"{request.method} {request.path}",
        body_sha256=idempotency.fingerprint(request.data),
        request_id=request_id,
    )
    if isinstance(claimed, idempotency.Answer):
        return _replay(claimed)
    try:
        with scoping.within(person.scope):
            response = cast(Response, handle())
            kept = {name: response[name] for name in ("Location", "ETag", "Retry-After") if name in response}
            answer = idempotency.Answer(response.status_code, kept, response.data, request_id)
            idempotency.complete(person=person, key=key, attempt=claimed, answer=answer)
    except BaseException:
        idempotency.abandon(person=person, key=key, attempt=claimed)
        raise
    return response


def _replay(answer: idempotency.Answer) -> Response:
    headers = {**answer.headers, "Idempotent-Replayed": "true"}
    return Response(answer.body, status=answer.status, headers=headers)
