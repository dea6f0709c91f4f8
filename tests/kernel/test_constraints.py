"""What the database itself refuses, whatever the code forgets; tried by raw SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from finance_hub.kernel import audit, firms, jobs
from tests.cast import NOW, Api, Cast
from tests.kernel import handlers

REFUSED = {
    "one_name_from_a_day": (
        "INSERT INTO kernel_firmname (firm_id, name, valid_from) SELECT id, 'x', '2018-03-21' FROM kernel_firm"
    ),
    "firm_class_is_known": (
        "INSERT INTO kernel_firmclass (firm_id, code, detail, valid_from)"
        " SELECT id, 'famous', '', '2026-01-01' FROM kernel_firm"
    ),
    "class_ends_after_it_begins": (
        "INSERT INTO kernel_firmclass (firm_id, code, detail, valid_from, valid_to)"
        " SELECT id, 'tech_sme', '', '2026-01-01', '2026-01-01' FROM kernel_firm"
    ),
    "one_class_from_a_day": (
        "INSERT INTO kernel_firmclass (firm_id, code, detail, valid_from)"
        " SELECT id, 'high_tech', '', '2026-01-01' FROM kernel_firm"
    ),
    "one_change_per_firm_version": (
        "INSERT INTO kernel_firmversion (firm_id, version, changed_by, changes)"
        " SELECT firm_id, version, changed_by, changes FROM kernel_firmversion"
    ),
    "uscc_has_the_shape_of_gb_32100": "UPDATE kernel_firm SET uscc = '91330483ma2b9ptn02'",
    "industry_is_a_gb_4754_code": "UPDATE kernel_firm SET industry = 'c39'",
    "firm_source_is_known": "UPDATE kernel_firm SET source = 'rumour'",
    "job_state_is_known": "UPDATE kernel_job SET state = 'sleeping'",
    "job_has_attempts_left_to_run": "UPDATE kernel_job SET attempt = 4",
    "one_audit_head": "UPDATE kernel_audithead SET id = 2",
    "organisation_kind_is_known": "UPDATE kernel_organisation SET kind = 'casino'",
    "role_is_known": "UPDATE kernel_person SET role = 'god'",
    "request_status_is_of_http": "UPDATE kernel_requestrecord SET status = 600",
    "only_a_refused_request_names_a_problem": "UPDATE kernel_requestrecord SET problem = 'forbidden'",
}
#: Tried where the rule matters: keys, months, idempotency.
ELSEWHERE = {
    "two_live_keys_at_most": "test_keys.py",
    "one_live_key_per_slot": "test_keys.py",
    "key_expires_after_its_birth": "test_keys.py",
    "closed_month_is_a_first": "test_months.py",
    "another_person_closes_the_month": "test_months.py",
    "one_request_per_idempotency_key": "test_constraints.py",
}


@pytest.fixture
def _facts(cast: Cast, settings: Any) -> None:
    settings.JOB_HANDLERS = handlers.HANDLERS
    maker = cast["maker"]
    firm = firms.register(
        code="91330483MA2B9PTN02", name="x", source="centre", known_from=date(2018, 3, 21), by=maker, now=NOW
    )
    firms.recognise(
        firm, code="high_tech", valid_from=date(2026, 1, 1), valid_to=None, detail="", by=maker, now=NOW
    )
    firms.edit(firm, version=1, by=maker, now=NOW, town="x")
    jobs.enqueue("test", dedupe_key="x", payload={})
    audit.record("test.act", actor=None, subject="x", at=NOW)
    Api(cast.key("maker")).get("/whoami")


@pytest.mark.usefixtures("_facts")
@pytest.mark.parametrize(("rule", "statement"), REFUSED.items(), ids=REFUSED)
def test_the_rule_holds_by_its_name(rule: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_person_has_a_key_of_a_request_once(cast: Cast) -> None:
    insert = (
        "INSERT INTO kernel_idempotencykey (person_id, key, method_path, body_sha256, attempt, lease_until, request_id)"
        " VALUES (%s, 'k', '', '', 1, now(), '')"
    )
    with connection.cursor() as cursor:
        cursor.execute(insert, [cast["maker"].pk])
        with pytest.raises(IntegrityError, match="one_request_per_idempotency_key"), transaction.atomic():
            cursor.execute(insert, [cast["maker"].pk])


def test_every_rule_of_the_ground_is_tried() -> None:
    rules = {
        constraint.name
        for model in apps.get_app_config("kernel").get_models()
        for constraint in model._meta.constraints
    }
    assert rules == set(REFUSED) | set(ELSEWHERE)
    for rule, file in ELSEWHERE.items():
        assert rule in (Path(__file__).parent / file).read_text(encoding="utf-8")
