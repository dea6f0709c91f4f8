"""The full copy of a bank's holdings: whole, its own alone, harmless, and gone after its time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING, Scope
from finance_hub.kernel.models import AuditEntry, Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans.models import HoldingsExport
from loans.operations import exports as operations
from loans.queries import holdings
from tests.cast import NOW, Api, Cast
from tests.loans.bank import FIRM, OTHER_FIRM, disbursement, position, repayment, reversal, send

Speak = Callable[[str], Api]
BACK = repayment("E-2", "300.00")


@pytest.fixture
def bank(api: Speak) -> Api:
    return report_to_copy(api("bank_a"))


def report_to_copy(speaker: Api) -> Api:
    """Two loans, one on a patent; a repayment in two revisions and a reversal; a position in two."""
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
