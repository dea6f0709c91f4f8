"""Contract numbers with which a test installation misbehaves on purpose."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from finance_hub.kernel import jobs
from finance_hub.kernel.models import IdempotencyKey, Job
from finance_hub.kernel.scoping import within
from loans import operations, queries
from loans.intake.receive import path_of
from tests.cast import NOW, Api, Cast
from tests.loans import worker
from tests.loans.bank import URL, csv_text, disbursement, ndjson, run, send, totals, upload

Speak = Callable[[str], Api]
ONCE, SLOW = "TEST-500-ONCE", "TEST-SLOW-60S"


def ready(api: Api, contract: str, **changes: Any) -> str:
    rows = [disbursement(contract_no=contract)]
    return upload(api, ndjson(rows), **{"control_totals": totals(rows)} | changes)


def test_every_answer_says_that_this_is_a_test(api: Speak) -> None:
    for answer in (api("bank_a").get("/whoami"), api("").get("/whoami"), api("bank_a").get("/nowhere")):
        assert answer["Environment"] == "test"


def test_the_first_submission_fails_and_the_second_works(api: Speak) -> None:
    bank = api("bank_a")
    batch = ready(bank, ONCE)
    first, second = (bank.post(f"{URL}/{batch}/submit", key="k") for _ in range(2))
    assert (first.status_code, first.json()["code"]) == (500, "sandbox-failure")
    assert (second.status_code, "Idempotent-Replayed" in second) == (202, False)
    assert run(batch) == "succeeded"


def test_every_batch_fails_once_for_itself(api: Speak) -> None:
    bank = api("bank_a")
    for batch in (ready(bank, ONCE), ready(bank, ONCE)):
        said = [bank.post(f"{URL}/{batch}/submit").status_code for _ in range(3)]
        assert said == [500, 202, 409]


def test_rows_in_a_request_fail_once_too_and_leave_nothing(committed: Cast, settings: Any) -> None:
    settings.CELERY_APP = worker.PROMPT
    bank = Api(committed.key("bank_a"))
    body = {"period": "2026-10", "rows": [disbursement(contract_no=ONCE)]}
    assert bank.post("/loan-events", body, key="k").status_code == 500
    assert (bank.get(URL).json()["data"], IdempotencyKey.objects.count()) == ([], 0)
    assert bank.post("/loan-events", body, key="k").json()["result"]["accepted"] == 1


def test_a_slow_batch_keeps_no_worker_busy_and_is_begun_after_a_minute(api: Speak) -> None:
    bank = api("bank_a")
    batch = ready(bank, SLOW)
    bank.post(f"{URL}/{batch}/submit")
    assert run(batch) == "busy"
    assert bank.get(f"{URL}/{batch}").json()["state"] == "validating"
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM lease_until - now()) FROM kernel_job")
        assert 59 < cursor.fetchone()[0] <= 60
        cursor.execute("UPDATE kernel_job SET lease_until = now() - interval '1 second', published_at = NULL")
    assert Job.objects.get().attempt == 0
    assert jobs.sweep() == 1
    assert run(batch) == "succeeded"
    assert bank.get(f"{URL}/{batch}").json()["state"] == "applied"


@pytest.mark.parametrize("format", ["ndjson+gzip", "csv"])
def test_they_are_found_in_every_format(api: Speak, format: str) -> None:
    rows = [disbursement(contract_no=ONCE)]
    content = csv_text(rows).encode() if format == "csv" else gzip.compress(ndjson(rows))
    bank = api("bank_a")
    batch = upload(bank, content, format=format, control_totals=totals(rows))
    assert bank.post(f"{URL}/{batch}/submit").status_code == 500


def test_a_file_that_is_no_gzip_is_left_to_the_road(api: Speak) -> None:
    bank = api("bank_a")
    for content in (b"no gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 40):
        batch = upload(bank, content, format="ndjson+gzip")
        assert bank.post(f"{URL}/{batch}/submit").status_code == 202
        run(batch)
        assert bank.get(f"{URL}/{batch}").json()["error"]["code"] in ("malformed-gzip", "truncated-body")


def test_where_keys_are_live_they_are_numbers_like_any_other(api: Speak, cast: Cast, settings: Any) -> None:
    bank = api("bank_a")
    batches = [ready(bank, ONCE), ready(bank, SLOW, client_reference="x")]
    settings.LIVE_KEYS = True
    person = cast["bank_a"]
    with within(person.scope):
        for batch in batches:
            operations.submit(queries.batch(batch), by=person, now=NOW)
    assert [run(batch) for batch in batches] == ["succeeded", "succeeded"]


def test_an_ordinary_batch_leaves_no_mark(api: Speak) -> None:
    sent = send(api("bank_a"), [disbursement()])
    assert [path.name for path in path_of(sent.batch["id"]).parent.iterdir()] == [sent.batch["id"]]
