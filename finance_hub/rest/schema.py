"""OpenAPI 3.1 from the declarations in `operations`, by drf-spectacular."""

from __future__ import annotations

import re
from typing import Any, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers

from finance_hub.kernel.access import ACTIONS
from finance_hub.kernel.problems import Problem
from finance_hub.rest import refusals
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView

Schema = dict[str, Any]
_CURSOR = {"next_cursor": {"type": ["string", "null"]}, "has_more": {"type": "boolean"}}


class FieldErrorShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    pointer = serializers.CharField(help_text="JSON pointer in URI-fragment form, e.g. #/amount.")
    message = serializers.CharField()
    context = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class ProblemShape(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.URLField()
    code = serializers.CharField(help_text="Stable; act on this and not on the sentences.")
    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
    retryable = serializers.BooleanField()
    request_id = serializers.CharField()
    original_request_id = serializers.CharField(required=False)
    errors = FieldErrorShape(many=True, required=False)  # type: ignore[assignment]


class Operations(AutoSchema):
    """Reads each view's `operations` instead of guessing."""

    @property
    def operation(self) -> Operation:
        declared: Operation = cast(ApiView, self.view).operations[self.method]
        return declared

    @property
    def public(self) -> bool:
        return not self.view.get_authenticators()

    def get_summary(self) -> str:
        return f"{self.operation.summary.zh} · {self.operation.summary.en}"

    def get_description(self) -> str:  # type: ignore[override]
        roles = ", ".join(sorted(ACTIONS[self.operation.action]))
        return f"Action `{self.operation.action}`; roles: {roles}."

    def get_operation_id(self) -> str:
        words = re.findall(r"[A-Za-z0-9]+", self.path.removeprefix("/api/v1"))
        return "_".join([self.method.lower(), *words])

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3]]

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Two apps may each have their own `EventShown`: the module tells them apart."""
        name: str = super().get_serializer_name(serializer, direction)
        words = type(serializer).__module__.split(".")
        house = [] if words[0] == "finance_hub" else [word for word in words if word not in {"api", "shapes"}]
        return "".join(word.title().replace("_", "") for word in house) + name

    def get_auth(self) -> list[Schema]:
        return super().get_auth() or [{}]

    def get_request_serializer(self) -> Any:
        if self.operation.consumes:
            return {self.operation.consumes: {"type": "string", "format": "binary"}}
        return self.operation.request or {}

    def get_response_serializers(self) -> Any:
        return self.operation.response

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        wanted = refusals.of(self.operation, method=self.method, path=self.path, public=self.public)
        refused = {str(status): self._refusal(problems) for status, problems in wanted.items()}
        succeeded = [self.operation.status, *([202] if self.operation.may_take_longer else [])]
        return {**{str(status): self._success() for status in succeeded}, **refused}

    def _success(self) -> Schema:
        operation, answer = self.operation, self.operation.answer
        said: Schema = {"description": operation.summary.en, "headers": self._success_headers()}
        if operation.produces:
            said["content"] = {operation.produces: {"schema": {"type": "string", "format": "binary"}}}
        elif operation.response:
            shape = self.resolve_serializer(cast(Any, operation.response), "response").ref
            content: Schema = {"schema": self._listed(shape) if operation.many else shape}
            if operation.many and self._paged() and isinstance(answer, list):
                answer = {"data": answer, "next_cursor": None, "has_more": False}
            if answer is not None:
                content["examples"] = {"answer": {"value": answer}}
            said["content"] = {"application/json": content}
        return said

    def _listed(self, shape: Schema) -> Schema:
        rows = {"type": "array", "items": shape}
        if not self._paged():
            return rows
        properties = {"data": rows, **_CURSOR}
        return {"type": "object", "required": [*properties], "properties": properties}

    def _paged(self) -> bool:
        return any(query.name == "cursor" for query in self.operation.query)

    def _success_headers(self) -> Schema:
        names = {"Request-Id": "Echoes X-Request-Id where that is a UUID."}
        if self.method == "POST" and self.operation.idempotent:
            names["Idempotent-Replayed"] = "`true` where the answer is that of an earlier request."
        return {n: {"schema": {"type": "string"}, "description": said} for n, said in names.items()}

    def _refusal(self, problems: list[type[Problem]]) -> Schema:
        shape = self.resolve_serializer(ProblemShape, "response").ref
        examples = {problem.code: {"value": refusals.example(problem)} for problem in problems}
        content = {"application/problem+json": {"schema": shape, "examples": examples}}
        return {"description": ", ".join(examples), "content": content}

    def get_examples(self) -> list[OpenApiExample]:
        example = self.operation.example
        return [] if example is None else [OpenApiExample("request", value=example, request_only=True)]

    def get_override_parameters(self) -> list[Any]:
        found = [
            OpenApiParameter(
                query.name,
                str,
                required=query.required,
                enum=query.choices or None,
                description=f"{query.text.zh} · {query.text.en}",
                examples=[OpenApiExample("example", value=query.example)] if query.example else None,
            )
            for query in self.operation.query
        ]
        if self.method == "POST" and self.operation.idempotent:
            found.append(_header("Idempotency-Key", example="8e03978e-40d5-43e8-bc93-6894a57f9324"))
        if self.operation.needs_version:
            found.append(_header("If-Match", example='"3"'))
        return found

    def get_filter_backends(self) -> list[Any]:
        return []


def _header(name: str, *, example: str) -> OpenApiParameter:
    examples = [OpenApiExample("example", value=example)]
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True, examples=examples)


class BearerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.authentication.BearerKey"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "fsk_<live|test>_…"}


class StrictSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """A strict field that says no schema of its own is a string."""

    target_class = "finance_hub.rest.fields.Strict"
    match_subclasses = True
    priority = -1

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        return {"type": "string"}


class WordsSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.fields.Words"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        # What is answered may be empty where what is sent may not.
        least = {"minLength": self.target.min_length} if direction == "request" else {}
        return {"type": "string", **least, "maxLength": self.target.max_length}


class ChoiceSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.fields.Choice"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        return {"type": "string", "enum": list(self.target.choices)}


class WholeSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.fields.Whole"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        return {"type": "integer", "minimum": self.target.least, "maximum": self.target.most}
