"""The file of an export: served whole or in part, made once, flat in memory, gone after its time."""

from __future__ import annotations

import csv
import gzip
import io
import os
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from finance_hub.rest import files
from loans.models import HoldingsExport
from loans.operations import exports as operations
from loans.queries import holdings
from tests.cast import NOW, Api, Cast
from tests.loans.bank import disbursement, position, repayment, send
from tests.loans.test_exports import ask, content, make, report_to_copy

Speak = Callable[[str], Api]


@pytest.fixture
def bank(api: Speak) -> Api:
    return report_to_copy(api("bank_a"))


class TestTheFile:
    def test_is_served_whole_in_part_and_not_again(self, bank: Api) -> None:
        export = make(bank)
        path = f"/exports/{export['id']}/file"
        whole = bank.get(path)
        assert (whole["ETag"], whole["Accept-Ranges"]) == (f'"{export["sha256"]}"', "bytes")
        assert (whole["Content-Type"], "bank-a-2026-10.ndjson" in whole["Content-Disposition"]) == (
            "application/x-ndjson", True,
        )  # fmt: skip
        assert bank.get(path, If_None_Match=whole["ETag"]).status_code == 304
        part = bank.get(path, Range="bytes=10-19")
        assert (part.status_code, part.content) == (206, whole.content[10:20])
        assert bank.get(path, Range=f"bytes={export['bytes']}-").status_code == 416

    def test_that_is_large_goes_out_in_blocks(self, bank: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        export = make(bank)
        whole = content(bank, export)
        monkeypatch.setattr(files, "MOST_AT_ONCE", 100)
        monkeypatch.setattr(files, "BLOCK", 64)
        answer = bank.get(f"/exports/{export['id']}/file")
        blocks = list(answer.streaming_content)
        assert (b"".join(blocks), answer["Content-Length"]) == (whole, str(len(whole)))
        assert max(map(len, blocks)) == 64
        assert content(bank, export, Range="bytes=50-1049") == whole[50:1050]
        resumed = content(bank, export, Range="bytes=0-499", If_Range=answer["ETag"])
        assert resumed + content(bank, export, Range="bytes=500-") == whole

    def test_is_not_there_before_the_job_has_run(self, bank: Api) -> None:
        asked = ask(bank)
        assert (asked["state"], asked["sha256"], asked["records"]) == ("queued", None, None)
        answer = bank.get(f"/exports/{asked['id']}/file")
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (
            409,
            "export-not-ready",
            "5",
        )

    def test_of_a_job_that_failed_is_said_to_have_failed(self, bank: Api) -> None:
        asked = ask(bank)
        Job.objects.filter(kind="holdings_export").update(state="failed")
        assert bank.get(f"/exports/{asked['id']}").json()["state"] == "failed"
        assert bank.get(f"/exports/{asked['id']}/file").json()["code"] == "export-failed"

    def test_of_an_attempt_that_was_overtaken_is_not_the_one_served(self, bank: Api) -> None:
        asked = ask(bank)
        with within(EVERYTHING):
            job = str(HoldingsExport.objects.get(public_id=asked["id"]).job_id)
        Job.objects.filter(pk=job).update(attempt=1)  # somebody began before and was lost
        assert jobs.run(job) == "succeeded"
        with within(EVERYTHING):
            assert HoldingsExport.objects.get().file == f"{asked['id']}.2"

    def test_leaves_nothing_behind_when_the_disk_is_full(
        self, bank: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import errno

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        asked = ask(bank)
        monkeypatch.setattr(os, "fsync", full)
        with within(EVERYTHING):
            job = str(HoldingsExport.objects.get(public_id=asked["id"]).job_id)
        assert jobs.run(job) == "queued"  # to be tried again
        assert list((Path(settings.FILES_DIR) / "exports").iterdir()) == []
        assert Job.objects.get(pk=job).error["code"] == "storage-full"


class TestTheEnd:
    def test_the_file_goes_after_30_days_and_the_record_stays(self, bank: Api) -> None:
        export = make(bank)
        [file] = (Path(settings.FILES_DIR) / "exports").iterdir()
        assert operations.sweep(now=NOW + timedelta(days=29)) == 0
        assert file.exists()
        assert operations.sweep(now=NOW + timedelta(days=31)) == 1
        assert operations.sweep(now=NOW + timedelta(days=31)) == 0
        assert not file.exists()
        assert bank.get(f"/exports/{export['id']}").json()["state"] == "expired"
        answer = bank.get(f"/exports/{export['id']}/file")
        assert (answer.status_code, answer.json()["code"]) == (410, "export-expired")

    def test_what_no_export_names_goes_too_once_it_is_old(self, bank: Api) -> None:
        make(bank)
        folder = Path(settings.FILES_DIR) / "exports"
        old, fresh = folder / "ex_lost.1", folder / "ex_lost.2"
        for path, age in ((old, 32), (fresh, 30)):
            path.write_bytes(b"x")
            at = (NOW - timedelta(days=age)).timestamp()
            os.utime(path, (at, at))
        operations.sweep(now=NOW)
        assert (old.exists(), fresh.exists(), len(list(folder.iterdir()))) == (False, True, 2)


COUNT = 20_000


@pytest.fixture
def large(api: Speak) -> Api:
    """20,000 loans, each repaid in part and reported in the stock: one that a bank sent, copied in SQL."""
    bank = api("bank_a")
    send(bank, [disbursement(), repayment("E-2", "300.00")])
    send(bank, [position("700.00")], dataset="stock")
    with within(EVERYTHING), connection.cursor() as cursor:
        by_number = "JOIN loans_contract c ON c.contract_no = 'HT-' || n.n"
        of_drawdown = f"{by_number} JOIN loans_drawdown d ON d.contract_id = c.id"
        for table, joined, changes in (
            ("loans_contract", "", {"contract_no": "'HT-' || n.n"}),
            ("loans_drawdown", by_number, {"contract_id": "c.id"}),
            ("loans_loanevent", of_drawdown, {
                "drawdown_id": "d.id", "external_event_id": "t.external_event_id || '-' || n.n",
                "amount": "t.amount + n.n / 100.0", "effect": "t.effect + n.n / 100.0"}),
            ("loans_loanposition", of_drawdown, {"drawdown_id": "d.id", "balance": "t.balance + n.n / 100.0"}),
        ):  # fmt: skip
            cursor.execute(_copies(table, joined, changes))
    return bank


def _copies(table: str, joined: str, changes: dict[str, str]) -> str:
    """An insert of COUNT - 1 copies of the rows of the first loan, some columns as SQL of `n.n`, from 2 on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped AND attname <> 'id' ORDER BY attnum", [table],
        )  # fmt: skip
        columns = [name for (name,) in cursor.fetchall()]
    chosen = ", ".join(changes.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t"  # noqa: S608
        f" CROSS JOIN generate_series(2, {COUNT}) n (n) {joined}"
    )


def test_a_large_copy_equals_the_database_and_costs_no_more_memory(large: Api, cast: Cast) -> None:
    export = make(large, format="csv+gzip")
    assert export["records"] == {
        "contract": COUNT, "drawdown": COUNT, "pledge": 0, "event": 2 * COUNT, "position": COUNT,
    }  # fmt: skip
    text = gzip.decompress(content(large, export)).decode("utf-8-sig")
    sums: Counter[str] = Counter()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        for name in ("amount", "effect", "balance"):
            sums[name] += int(Decimal(row[name] or 0) * 100)
    with within(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) * 100, sum(effect) * 100 FROM loans_loanevent")
        events = cursor.fetchone()
        cursor.execute("SELECT sum(balance) * 100 FROM loans_loanposition")
        assert [sums["amount"], sums["effect"], sums["balance"]] == [
            int(x) for x in (*events, *cursor.fetchone())
        ]
    assert _peak(cast.organisation("bank-a")) < 8 * 2**20  # all at once would be a hundred times a chunk


def _peak(bank: Organisation) -> int:
    """Bytes of Python at the highest, reading every record."""
    tracemalloc.start()
    with within(EVERYTHING):
        chunks = holdings.records(bank, Month(2026, 10), known_at=NOW + timedelta(days=1))
        assert sum(map(len, chunks)) == 5 * COUNT
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
