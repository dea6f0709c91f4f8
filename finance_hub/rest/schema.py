"""OpenAPI 3.1 from the declarations in `operations`, by drf-spectacular."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from finance_hub.kernel.access import ACTIONS
from finance_hub.rest.operation import Operation

_PROBLEM = {
    "type": "object",
    "required": ["type", "code", "status", "title", "request_id", "retryable"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "code": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "retryable": {"type": "boolean"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_ALWAYS = {401: "not-authenticated", 403: "forbidden", 404: "not-found", 503: "temporarily-unavailable"}


class Operations(AutoSchema):
    """Reads each view's `operations` instead of guessing."""

    @property
    def operation(self) -> Operation:
        declared: Operation = self.view.operations[self.method]
        return declared

    def get_summary(self) -> str:
        return f"{self.operation.summary.zh} · {self.operation.summary.en}"

    def get_description(self) -> str:
        roles = ", ".join(sorted(ACTIONS[self.operation.action]))
        return f"Action `{self.operation.action}`; roles: {roles}."

    def get_operation_id(self) -> str:
        return f"{self.view.__class__.__name__}_{self.method.lower()}"

    def get_tags(self) -> list[str]:
        return [self.path.split("/")[3]]

    def get_request_serializer(self) -> Any:
        if self.operation.consumes:
            return {(self.operation.consumes): {"type": "string", "format": "binary"}}
        return self.operation.request

    def get_response_serializers(self) -> Any:
        operation = self.operation
        if operation.produces:
            success: Any = {(operation.status, operation.produces): {"type": "string", "format": "binary"}}
        else:
            shape = operation.response(many=operation.many) if operation.response else None
            success = {operation.status: OpenApiResponse(shape, description=operation.summary.en)}
        codes: dict[int, list[str]] = {status: [code] for status, code in _ALWAYS.items()}
        for problem in operation.problems:
            codes.setdefault(problem.status, []).append(problem.code)
        refusals = {
            (status, "application/problem+json"): OpenApiResponse(_PROBLEM, description=", ".join(names))
            for status, names in sorted(codes.items())
        }
        return {**success, **refusals}

    def get_examples(self) -> list[OpenApiExample]:
        operation, examples = self.operation, []
        if operation.example is not None:
            examples.append(OpenApiExample("request", value=operation.example, request_only=True))
        if operation.answer is not None:
            examples.append(
                OpenApiExample(
                    "answer",
                    value=operation.answer,
                    response_only=True,
                    status_codes=[str(operation.status)],
                )
            )
        return examples

    def get_override_parameters(self) -> list[OpenApiParameter]:
        found = [
            OpenApiParameter(
                query.name,
                str,
                required=query.required,
                enum=query.choices or None,
                description=f"{query.text.zh} · {query.text.en}",
            )
            for query in self.operation.query
        ]
        if self.method == "POST" and self.operation.idempotent:
            found.append(_header("Idempotency-Key"))
        if self.operation.needs_version:
            found.append(_header("If-Match"))
        return found

    def get_filter_backends(self) -> list[Any]:
        return []


def _header(name: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True)


class BearerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.authentication.BearerKey"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "fsk_<live|test>_…"}


class WordsSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.fields.Words"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "minLength": self.target.min_length, "maxLength": self.target.max_length}


class ChoiceSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "finance_hub.rest.fields.Choice"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.target.choices)}
