"""Who may call what: every role × every operation over HTTP, and the copy that is checked in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from finance_hub.kernel.access import ACTIONS, Role
from finance_hub.rest import matrix
from finance_hub.rest.ground.documentation import OpenApi
from tests.cast import Api

Speak = Callable[[str], Api]
WHO = {
    Role.MAKER: "maker", Role.APPROVER: "approver", Role.AUDITOR: "auditor", Role.ADMIN: "admin",
    Role.FUND_MANAGER: "manager_angel", Role.BANK: "bank_a", Role.GUARANTOR: "guarantor_a",
    Role.DEPARTMENT: "department",
}  # fmt: skip
CLOSED = [route for route in matrix.routes() if route.view and route.view is not OpenApi]
CALLS = [(method, route.path) for route in CLOSED if route.view for method in route.view.operations]
ALLOWED = {
    (row["method"], row["path"], role): row[role.value] == "allowed"
    for row in csv.DictReader(io.StringIO(matrix.as_csv()))
    for role in Role
}


def call(speaker: Api, method: str, path: str) -> Any:
    """Calls with names that do not exist, so that whoever is allowed gets 4xx, but not 403."""
    concrete = re.sub(r"\{\w+\}", "none", path).removeprefix("/api/v1")
    if method == "GET":
        return speaker.get(concrete)
    if method == "DELETE":
        return speaker.send("DELETE", concrete)
    if method == "PUT":
        return speaker.put(concrete, b"")
    return speaker.post(concrete, {}) if method == "POST" else speaker.patch(concrete, {})


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_exactly_what_the_table_does_not_give_it(api: Speak, role: Role) -> None:
    speaker = api(WHO[role])
    for method, path in CALLS:
        said = call(speaker, method, path)
        refused = said.status_code == 403
        assert refused is not ALLOWED[method, path, role], (
            method,
            path,
            said.status_code,
            said.content[:300],
        )
        assert said.status_code < 500, (method, path, said.content)
        if refused:
            assert said.json()["code"] == "forbidden"


def test_a_stranger_is_refused_everything(api: Speak) -> None:
    for method, path in CALLS:
        said = call(api(""), method, path)
        assert (said.status_code, said.json()["code"]) == (401, "not-authenticated"), (method, path)


def test_the_table_has_no_action_that_nothing_asks_for(db: None) -> None:
    """Pages have actions of their own; this is what the API leaves over."""
    asked = {operation.action for _, _, operation in matrix.operations()}
    assert set(ACTIONS) - asked <= {"briefing.read", "target.read", "figure.read", "calendar.read"}


def test_three_administrators_keep_apart(db: None) -> None:
    """System, security and audit administration exclude one another (GB/T 22239)."""
    assert ACTIONS["audit.read"] == {Role.AUDITOR}
    assert ACTIONS["person.manage"] == ACTIONS["key.manage"] == {Role.ADMIN}
    business = {action for action, roles in ACTIONS.items() if Role.ADMIN in roles}
    assert business == {
        "self.read",
        "reference.read",
        "calendar.read",
        "job.read",
        "job.control",
        "person.manage",
        "key.manage",
    }
    assert not [a for a, roles in ACTIONS.items() if Role.AUDITOR in roles and not a.endswith(".read")]


def test_nobody_both_proposes_and_approves() -> None:
    for propose, approve in (
        ("month.propose_close", "month.close"),
        ("tolerance.propose", "tolerance.approve"),
    ):
        assert not ACTIONS[propose] & ACTIONS[approve]


class TestTheCheckedInCopy:
    def test_is_that_of_the_code(self) -> None:
        said = StringIO()
        call_command("authz_matrix", "--check", stdout=said)
        assert "is that of the code" in said.getvalue()

    def test_a_difference_is_shown_and_exits_1(self, settings: Any, tmp_path: Any) -> None:
        settings.BASE_DIR = tmp_path
        (tmp_path / "docs").mkdir()
        call_command("authz_matrix", "--write")
        call_command("authz_matrix", "--check", stdout=StringIO())
        file = tmp_path / "docs" / "authz_matrix.csv"
        file.write_text(
            file.read_text().replace(
                "GET,/api/v1/audit,audit.read,refused", "GET,/api/v1/audit,audit.read,allowed"
            )
        )
        said = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("authz_matrix", "--check", stderr=said)
        assert ended.value.code == 1
        assert "+GET,/api/v1/audit,audit.read,refused" in said.getvalue()
