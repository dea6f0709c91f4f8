"""The full copy of a bank's holdings: whole, its own alone, harmless, and gone after its time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import AuditEntry, Job, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from finance_hub.rest import files
from loans.models import HoldingsExport
from loans.operations import exports as operations
from loans.queries import holdings
from tests.cast import NOW, Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
BACK = repayment("E-2", "300.00")


@pytest.fixture
def bank(api: Speak) -> Api:
    """Two loans, one on a patent; a repayment in two revisions and a reversal; a position in two."""
    speaker = api("bank_a")
    patent = {"type": "patent", "certificate_no": "Z1", "registration_no": "R1", "appraised_value": "90.00",
              "share_pct": "100.00"}  # fmt: skip
    wrong = repayment("E-4", "1.00")
    send(speaker, [
        disbursement(), BACK, wrong, reversal("R-4", wrong),
        disbursement("E-3", "50.00", contract_no="HT-2", uscc=OTHER_FIRM, firm_name="=1+1", product="ip_pledge",
                     pledges=[patent]),
    ])  # fmt: skip
    send(speaker, [BACK | {"revision": 2, "amount": "200.00", "reason_code": "input-error"}])
    send(
        speaker, [position("800.00"), position("50.00", contract_no="HT-2", uscc=OTHER_FIRM)], dataset="stock"
    )
    send(speaker, [position("799.00", revision=2)], dataset="stock")
    return speaker


def ask(api: Api, query: str = "", **body: Any) -> Any:
    answer = api.post(f"/exports/holdings{query}", {"period": "2026-10", "format": "ndjson"} | body)
    assert answer.status_code == 202, answer.content
    return answer.json()


def make(api: Api, query: str = "", **body: Any) -> Any:
    """Ask, let the worker do the job, and read how it stands."""
    asked = ask(api, query, **body)
    with within(EVERYTHING):
        job = HoldingsExport.objects.get(public_id=asked["id"]).job_id
    assert jobs.run(str(job)) == "succeeded"
    return api.get(f"/exports/{asked['id']}").json()


def content(api: Api, export: Any, **headers: str) -> bytes:
    answer = api.get(f"/exports/{export['id']}/file", **headers)
    assert answer.status_code in (200, 206), answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def records(raw: bytes) -> list[Any]:
    return [json.loads(line) for line in raw.splitlines()]


def test_a_copy_holds_every_record_with_its_rows(bank: Api) -> None:
    export = make(bank)
    assert export["records"] == {"contract": 2, "drawdown": 2, "pledge": 1, "event": 6, "position": 3}
    rows = records(content(bank, export))
    assert Counter(row["record"] for row in rows) == export["records"]
    by_kind: dict[str, list[Any]] = {
        kind: [r for r in rows if r["record"] == kind] for kind in holdings.KINDS
    }
    assert [(c["contract_no"], c["uscc"], c["firm_name"]) for c in by_kind["contract"]] == [
        ("HT-1", FIRM, "示例科技有限公司"), ("HT-2", OTHER_FIRM, "=1+1"),
    ]  # fmt: skip
    loan = by_kind["drawdown"][1]
    assert (loan["product"], loan["annual_rate_pct"], loan["value_date"], loan["maturity_date"]) == (
        "ip_pledge", "3.4500", "2026-10-05", "2027-10-04",
    )  # fmt: skip
    assert by_kind["pledge"][0] == {
        "record": "pledge", "contract_no": "HT-2", "drawdown_no": "JJ-1", "pledge_type": "patent",
        "certificate_no": "Z1", "registration_no": "R1", "appraised_value": "90.00", "share_pct": "100.00",
    }  # fmt: skip
    events = [(e["external_event_id"], e["revision"], e["effect"], e["reverses"]) for e in by_kind["event"]]
    assert sorted(events) == [
        ("E-1", "1", "1000.00", ""), ("E-2", "1", "-300.00", ""), ("E-2", "2", "-200.00", ""),
        ("E-3", "1", "50.00", ""), ("E-4", "1", "-1.00", ""), ("R-4", "1", "1.00", "E-4"),
    ]  # fmt: skip
    assert [(p["contract_no"], p["period"], p["revision"], p["balance"]) for p in by_kind["position"]] == [
        ("HT-1", "2026-10", "1", "800.00"), ("HT-1", "2026-10", "2", "799.00"), ("HT-2", "2026-10", "1", "50.00"),
    ]  # fmt: skip
    first = by_kind["event"][0]
    assert (first["row_number"], first["client_row_id"], first["batch"][:3]) == ("1", "row-E-1", "lb_")
    assert first["recorded_at"].endswith("+08:00")


@pytest.mark.parametrize("format", operations.FORMATS)
def test_every_format_says_the_same(bank: Api, format: str) -> None:
    export = make(bank, format=format)
    raw = content(bank, export)
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (export["bytes"], export["sha256"])
    plain = gzip.decompress(raw) if format.endswith("+gzip") else raw
    if format.startswith("csv"):
        read = list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"), newline="")))
        assert tuple(read[0]) == holdings.COLUMNS
        assert [row["firm_name"] for row in read if row["record"] == "contract"] == [
            "示例科技有限公司",
            "'=1+1",
        ]
        assert "-300.00" in {row["effect"] for row in read}
    else:
        read = records(plain)
    assert Counter(row["record"] for row in read) == export["records"]
    assert sum(Decimal(row["effect"]) for row in read if row["record"] == "event") == 550
    if not format.startswith("csv"):
        assert all([*row] == [name for name, _ in holdings.columns_of(row["record"])] for row in read)


def test_a_copy_is_as_of_the_months_end_and_as_known_when_it_was_asked_for(bank: Api) -> None:
    november = [repayment("E-9", "5.00", value_date="2026-11-02"),
                disbursement("E-8", "7.00", contract_no="HT-8", value_date="2026-11-02")]  # fmt: skip
    assert send(bank, november, period="2026-11").result["accepted"] == 2
    october = make(bank)
    assert october["records"] == {"contract": 2, "drawdown": 2, "pledge": 1, "event": 6, "position": 3}
    assert make(bank, period="2026-11")["records"]["event"] == 8
    asked = ask(bank)
    send(bank, [repayment("E-5", "1.00")])
    with within(EVERYTHING):
        jobs.run(str(HoldingsExport.objects.get(public_id=asked["id"]).job_id))
    assert bank.get(f"/exports/{asked['id']}").json()["records"]["event"] == 6
    assert make(bank)["records"]["event"] == 7


def test_the_same_holdings_are_the_same_bytes(bank: Api) -> None:
    assert (
        len({make(bank, format=name)["sha256"] for name in ("csv+gzip", "csv+gzip", "ndjson", "ndjson")}) == 2
    )


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


class TestWhose:
    def test_another_bank_finds_neither_the_export_nor_its_file(self, bank: Api, api: Speak) -> None:
        export = make(bank)
        for path in (f"/exports/{export['id']}", f"/exports/{export['id']}/file"):
            foreign, absent = api("bank_b").get(path), api("bank_b").get(path.replace("ex_", "ex_X"))
            assert foreign.status_code == absent.status_code == 404
            assert foreign.json()["code"] == absent.json()["code"]
        assert api("bank_b").get("/exports").json()["data"] == []
        assert len(bank.get("/exports").json()["data"]) == 1

    def test_a_bank_gets_its_own_rows_only(self, bank: Api, api: Speak) -> None:
        send(api("bank_b"), [disbursement("E-1", "77.00", contract_no="HT-B")])
        assert {row["contract_no"] for row in records(content(bank, make(bank)))} == {"HT-1", "HT-2"}
        assert {row["contract_no"] for row in records(content(api("bank_b"), make(api("bank_b"))))} == {
            "HT-B"
        }

    def test_the_database_keeps_others_rows_from_the_job(self, bank: Api, cast: Cast) -> None:
        foreign = cast.organisation("bank-a")
        with within(Scope(organisation_id=cast.organisation("bank-b").pk)):
            assert list(holdings.records(foreign, Month(2026, 10), known_at=NOW + timedelta(days=1))) == []

    def test_the_centre_takes_a_copy_of_any_bank_and_the_bank_sees_that_it_did(
        self, bank: Api, api: Speak
    ) -> None:
        export = make(api("maker"), "?bank=bank-a")
        assert (export["bank"], export["requested_by"]) == ("bank-a", "maker 某")
        assert len(records(content(api("approver"), export))) == 14
        assert bank.get("/exports").json()["data"][0]["id"] == export["id"]
        entry = AuditEntry.objects.get(action="export.request")
        assert (entry.subject, entry.detail["bank"]) == (f"export:{export['id']}", "bank-a")

    @pytest.mark.parametrize(
        ("who", "query", "status"),
        [("bank_b", "?bank=bank-a", 404), ("bank_b", "?bank=none", 404), ("maker", "", 422), ("maker", "?bank=centre", 404),
         ("auditor", "?bank=bank-a", 403), ("guarantor_a", "?bank=bank-a", 403), ("admin", "?bank=bank-a", 403)],
    )  # fmt: skip
    def test_others_are_refused(self, api: Speak, who: str, query: str, status: int) -> None:
        answer = api(who).post(f"/exports/holdings{query}", {"period": "2026-10", "format": "csv"})
        assert answer.status_code == status

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [({"format": "csv"}, "#/period"), ({"period": "2026-10"}, "#/format"),
         ({"period": "2026-10", "format": "xlsx"}, "#/format"), ({"period": "2026-12", "format": "csv"}, "#/period"),
         ({"period": "10/2026", "format": "csv"}, "#/period"),
         ({"period": "2026-10", "format": "csv", "bank": "bank-b"}, "#/bank")],
    )  # fmt: skip
    def test_a_body_that_is_not_as_documented_is_refused(self, api: Speak, body: Any, pointer: str) -> None:
        answer = api("bank_a").post("/exports/holdings", body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)

    def test_nothing_is_read_without_a_scope(self, cast: Cast) -> None:
        with pytest.raises(NoScope):
            next(holdings.records(cast.organisation("bank-a"), Month(2026, 10), known_at=NOW))

    def test_the_same_key_asks_once(self, bank: Api) -> None:
        body = {"period": "2026-10", "format": "csv"}
        first, again = (bank.post("/exports/holdings", body, key="once") for _ in range(2))
        assert first.json() == again.json()
        assert Job.objects.filter(kind="holdings_export").count() == 1


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
