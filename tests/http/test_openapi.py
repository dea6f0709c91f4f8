"""Every route is an API view that declares itself, and the OpenAPI document is those declarations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as of_django
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from rest_framework import serializers

from finance_hub.kernel.access import ACTIONS
from finance_hub.kernel.problems import Problem
from finance_hub.rest import matrix
from finance_hub.rest.ground import documentation
from finance_hub.rest.operation import Operation
from finance_hub.rest.views import ApiView
from tests.cast import Api
from tests.kernel.processes import python

Speak = Callable[[str], Api]
OPERATIONS = list(matrix.operations())
every_operation = pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)
#: Routes below /api that are no API views: the last one, which answers for what is not there.
EXEMPT = {"/api(?:/|$)"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Libraries of figures and documents: a web process that imports them is slow to start and large.
HEAVY = {
    "pandas", "polars", "numpy", "scipy", "reportlab", "pyxirr", "pikepdf", "fontTools", "xlsxwriter",
    "python_calamine",
}  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(documentation.document()))
    return made


def described(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    said: dict[str, Any] = document["paths"][path][method.lower()]
    return said


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "components": document["components"]}


class TestRoutes:
    def test_every_one_is_an_api_view_that_declares_its_operations(self) -> None:
        routes = matrix.routes()
        assert len(routes) > 20
        assert {route.path for route in routes if route.view is None} == EXEMPT
        for route in routes:
            if route.view:
                assert route.view.operations, route.path
                assert set(route.view.operations) <= {"GET", "POST", "PUT", "PATCH", "DELETE"}

    def test_every_handler_is_declared_and_every_declaration_has_its_handler(self) -> None:
        for route in matrix.routes():
            if route.view:
                handlers = {
                    m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(route.view, m)
                }
                assert handlers == set(route.view.operations), route.path

    def test_every_action_is_in_the_table_of_roles(self) -> None:
        assert {operation.action for _, _, operation in OPERATIONS} <= set(ACTIONS)

    def test_every_path_is_found_once(self) -> None:
        paths = [route.path for route in matrix.routes()]
        assert len(paths) == len(set(paths))

    def test_no_view_opens_itself_to_strangers_but_the_description(self) -> None:
        for route in matrix.routes():
            if route.view and route.view is not documentation.OpenApi:
                assert route.view.authentication_classes == ApiView.authentication_classes, route.path
                assert route.view.permission_classes == ApiView.permission_classes, route.path

    def test_starting_the_web_process_and_resolving_every_route_loads_nothing_heavy(self, db: None) -> None:
        code = (
            "import sys, finance_hub.wsgi; from finance_hub.rest import matrix;"
            f"routes = matrix.routes(); assert len(routes) > 20; print(sorted({HEAVY!r} & set(sys.modules)))"
        )
        started = python(code)
        assert (started.returncode, started.stdout.strip()) == (0, "[]"), started.stderr


class TestTheDocument:
    def test_is_valid_openapi_3_1_made_without_a_warning(self, db: None) -> None:
        with GENERATOR_STATS.silence():
            GENERATOR_STATS.reset()
            made = SchemaGenerator().get_schema(request=None, public=True)
            warnings = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
        assert warnings == []
        assert made["openapi"] == "3.1.0"
        validate_schema(made)

    def test_has_every_operation_and_no_other(self, document: dict[str, Any]) -> None:
        said = {(m.upper(), path) for path, methods in document["paths"].items() for m in methods}
        assert said == {(method, path) for method, path, _ in OPERATIONS}

    def test_names_every_operation_once(self, document: dict[str, Any]) -> None:
        names = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
        assert len(names) == len(set(names))

    def test_is_open_where_the_settings_say_so_and_else_to_every_key(self, api: Speak, settings: Any) -> None:
        settings.OPENAPI_IS_PUBLIC = True
        assert Client().get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
        settings.OPENAPI_IS_PUBLIC = False
        assert Client().get("/api/v1/openapi.json").status_code == 401
        assert api("bank_a").get("/openapi.json").status_code == 200

    def test_tells_of_no_person_host_or_path_of_this_machine(self, document: dict[str, Any]) -> None:
        text = json.dumps(document)
        assert str(of_django.BASE_DIR) not in text
        assert "testserver" not in text


@every_operation
def test_an_operation_describes_itself_whole(
    document: dict[str, Any], method: str, path: str, operation: Operation
) -> None:
    said = described(document, method, path)
    zh, _, en = said["summary"].partition(" · ")
    assert CHINESE.search(zh)
    assert en
    assert not CHINESE.search(en)
    assert said["security"]
    success = said["responses"][str(operation.status)]
    assert operation.produces or operation.status == 204 or "application/json" in success["content"]
    for status, refusal in said["responses"].items():
        if int(status) >= 400:
            body = refusal["content"]["application/problem+json"]
            assert body["schema"] == {"$ref": "#/components/schemas/ProblemShape"}
            assert body["examples"]
    assert {"401", "403", "503"} <= set(said["responses"]) or said["security"] == [{}]


@every_operation
def test_its_refusals_are_known_problems(method: str, path: str, operation: Operation) -> None:
    assert all(Problem.catalogue[problem.code] is problem for problem in operation.problems)


@every_operation
def test_its_request_example_is_accepted_by_its_shape(
    document: dict[str, Any], method: str, path: str, operation: Operation
) -> None:
    if operation.request is None:
        assert not operation.example
        return
    assert operation.example is not None, "every body has an example"
    shape = operation.request(data=operation.example)
    assert shape.is_valid(), shape.errors
    schema = described(document, method, path)["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator(resolved(document, schema)).validate(operation.example)


@every_operation
def test_its_answer_example_has_exactly_the_fields_of_its_shape(
    document: dict[str, Any], method: str, path: str, operation: Operation
) -> None:
    if operation.response is None:
        return
    assert operation.answer is not None, "every answer has an example"
    paged = any(query.name == "cursor" for query in operation.query)
    bare = (
        operation.answer["data"]
        if isinstance(operation.answer, dict) and operation.many
        else operation.answer
    )
    shape = operation.response()
    assert isinstance(shape, serializers.Serializer)
    for one in bare if operation.many else [bare]:
        require_fields(one, shape, where=path)
    content = described(document, method, path)["responses"][str(operation.status)]["content"][
        "application/json"
    ]
    example = content["examples"]["answer"]["value"]
    assert not (operation.many and paged) or set(example) == {"data", "next_cursor", "has_more"}
    Draft202012Validator(resolved(document, content["schema"])).validate(example)


def require_fields(value: Any, shape: serializers.Serializer[Any], *, where: str) -> None:
    """The value has every field of the shape and no other, all the way down."""
    readable = {name: field for name, field in shape.fields.items() if not field.write_only}
    needed = {name for name, field in readable.items() if field.required or field.read_only}
    assert needed <= set(value) <= set(readable), f"{where}: {set(value) ^ set(readable)}"
    for name, field in readable.items():
        inner = value.get(name)
        if isinstance(field, serializers.Serializer) and inner is not None:
            require_fields(inner, field, where=f"{where}.{name}")
        if isinstance(field, serializers.ListSerializer):
            assert isinstance(field.child, serializers.Serializer)
            for one in inner or []:
                require_fields(one, field.child, where=f"{where}.{name}")


class TestProblems:
    def test_every_code_has_its_page_in_both_languages(self, api: Speak) -> None:
        speaker = api("bank_a")
        listed = speaker.get("/problems").json()["data"]
        assert {one["code"] for one in listed} >= set(Problem.catalogue)
        for one in listed:
            assert one["title"]
            english = one["title_en"], one["detail_en"]
            assert all(english), one["code"]
            assert not CHINESE.search(" ".join(english)), one["code"]
            assert re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", one["code"])
            assert 400 <= one["status"] <= 503
        assert speaker.get("/problems/month-closed").json() == documentation.EXAMPLE

    def test_a_field_code_has_its_page_too(self, api: Speak) -> None:
        said = api("bank_a").get("/problems/amount-scale").json()
        assert (said["kind"], said["status"]) == ("field", 422)

    def test_an_unknown_code_is_not_found(self, api: Speak) -> None:
        assert api("bank_a").get("/problems/nonsense").status_code == 404

    def test_a_code_is_declared_once(self) -> None:
        from finance_hub.kernel.text import Text

        with pytest.raises(TypeError, match="month-closed"):
            type("Another", (Problem,), {"code": "month-closed", "status": 409, "title": Text("x", "x")})
