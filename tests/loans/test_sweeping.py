"""What time brings about, once the beat asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.utils.module_loading import import_string

from finance_hub.celery import app
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans import operations
from loans.intake.receive import folder, path_of
from loans.models import LoanReportBatch
from tests.cast import NOW, Api
from tests.loans.bank import URL, disbursement, send, upload

Speak = Callable[[str], Api]
YESTERDAY = NOW - timedelta(hours=25)


def aged(path: Path, *, to: Any) -> Path:
    os.utime(path, (to.timestamp(), to.timestamp()))
    return path


def written(name: str, *, at: Any) -> Path:
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / name
    path.write_bytes(b"x")
    return aged(path, to=at)


def test_batches_of_every_bank_expire_and_their_content_goes(api: Speak) -> None:
    batches = [upload(api(name), b"") for name in ("bank_a", "bank_b", "bank_a")]
    with within(EVERYTHING):
        LoanReportBatch.objects.exclude(public_id=batches[2]).update(expires_at=NOW)
    assert operations.sweep(now=NOW) == {"expired": 2, "given_up": 0, "files": 2}
    assert [path_of(batch).exists() for batch in batches] == [False, False, True]
    assert api("bank_a").get(f"{URL}/{batches[0]}").json()["state"] == "expired"
    assert operations.sweep(now=NOW) == {"expired": 0, "given_up": 0, "files": 0}


def test_content_that_was_read_stays_as_evidence(api: Speak) -> None:
    bank = api("bank_a")
    applied = send(bank, [disbursement()])
    rejected = send(bank, [disbursement()], control_totals={"rows": 9, "disbursed": "0", "repaid": "0"})
    kept = [aged(path_of(str(sent.batch["id"])), to=YESTERDAY) for sent in (applied, rejected)]
    assert (applied.state, rejected.state) == ("applied", "rejected")
    assert operations.sweep(now=NOW + timedelta(days=400))["files"] == 0
    assert all(path.exists() for path in kept)


def test_a_cancelled_batch_keeps_no_content(api: Speak) -> None:
    bank = api("bank_a")
    batch = upload(bank, b"")
    bank.post(f"{URL}/{batch}/cancel")
    assert operations.sweep(now=NOW)["files"] == 1
    assert not path_of(batch).exists()


def test_half_written_files_go_after_a_day_and_those_under_way_stay(api: Speak) -> None:
    batch = upload(api("bank_a"), b"")
    old = [written(f"{batch}.0011.part", at=YESTERDAY), written("lb_nobody", at=YESTERDAY),
           written("cafe.failed", at=YESTERDAY)]  # fmt: skip
    young = [written(f"{batch}.0012.part", at=NOW), written("lb_soon", at=NOW), path_of(batch)]
    assert operations.sweep(now=NOW) == {"expired": 0, "given_up": 0, "files": 3}
    assert [path.exists() for path in [*old, *young]] == [False] * 3 + [True] * 3


def test_more_files_than_are_looked_up_at_once(api: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    from loans.operations import sweeping

    monkeypatch.setattr(sweeping, "_LOOKED_UP", 2)
    bank = api("bank_a")
    batches = [upload(bank, b"") for _ in range(5)]
    for batch in batches[:3]:
        bank.post(f"{URL}/{batch}/cancel")
    assert operations.sweep(now=NOW)["files"] == 3
    assert [path_of(batch).exists() for batch in batches] == [False] * 3 + [True] * 2


def test_a_batch_whose_job_was_given_up_ends_without_being_asked_for(api: Speak) -> None:
    bank = api("bank_a")
    batch = upload(bank, b"")
    bank.post(f"{URL}/{batch}/submit")
    Job.objects.update(state="failed")
    assert operations.sweep(now=NOW)["given_up"] == 1
    with within(EVERYTHING):
        held = LoanReportBatch.objects.get(public_id=batch)
    assert (held.state, held.error["code"]) == ("rejected", "processing-failed")
    assert path_of(batch).exists()


def test_nothing_there_is_nothing_to_do(db: None) -> None:
    assert operations.sweep(now=NOW) == {"expired": 0, "given_up": 0, "files": 0}


def test_the_clock_of_the_workers_does_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert import_string(project_settings.CHORES[0]) is operations.sweep
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "finance_hub.chores" in scheduled
    stale = written("lb_nobody", at=YESTERDAY)
    app.tasks["finance_hub.chores"]()
    assert not stale.exists()
