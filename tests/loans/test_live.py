"""Against the running service: many with one key, and a client whose connection breaks anywhere."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans.models import LoanEvent, LoanReportBatch
from tests.cast import Cast
from tests.kernel.threads import at_once
from tests.live import service
from tests.loans.bank import Row, disbursement, ndjson, repayment, totals

#: The processes read the real clock: they are sent the month before.
MONTH = Month.of(timezone.now()) - 1
BREAKS, BATCHES, SEED = 200, 20, 20261105
BASE = "/api/v1"


@pytest.fixture
def port(committed: Cast, tmp_path: Path) -> Iterator[int]:
    organisation = committed.organisation("bank-a")
    organisation.reports_since = MONTH.first
    organisation.save()
    with service(tmp_path) as found:
        yield found


@dataclass
class Line:
    """A bank's connection to the service; whatever goes wrong on it is asked again, as a client should."""

    port: int
    token: str

    def ask(self, method: str, path: str, body: bytes = b"", *, key: str = "") -> tuple[int, Any]:
        """Status and JSON, once the service has an answer that is not "wait"."""
        until = time.monotonic() + 60
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request(method, BASE + path, body, self.headers(body, key))
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                if time.monotonic() > until:
                    raise
                continue
            finally:
                connection.close()
            said = json.loads(content) if content else None
            if answer.status not in (409, 429, 503) or not said.get("retryable") or time.monotonic() > until:
                return answer.status, said
            time.sleep(0.05)

    def headers(self, body: bytes, key: str) -> dict[str, str]:
        kind = "application/json" if key else "application/octet-stream"
        found = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        return found | ({"Idempotency-Key": key} if key else {})

    def break_off(self, method: str, path: str, body: bytes, *, key: str, at: float) -> None:
        """Send the request up to a share of its bytes and hang up without listening."""
        lines = [
            f"{method} {BASE}{path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Content-Length: {len(body)}",
        ]
        lines += [f"{name}: {value}" for name, value in self.headers(body, key).items()]
        raw = "\r\n".join([*lines, "", ""]).encode() + body
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(raw[: round(at * len(raw))])


@dataclass
class Ledger:
    """What the bank has lent and got back, by its own count."""

    rows: int = 0
    balances: dict[str, Decimal] = field(default_factory=dict)

    def book(self, rows: list[Row]) -> None:
        self.rows += len(rows)
        for row in rows:
            sign = 1 if row["record_type"] == "disbursement" else -1
            at = row["contract_no"]
            self.balances[at] = self.balances.get(at, Decimal(0)) + sign * Decimal(row["amount"])


def month_of(number: int, chance: random.Random) -> list[Row]:
    """Loans of odd amounts, each with a repayment of its own."""
    day = (MONTH.first + timedelta(days=4)).isoformat()
    rows = []
    for loan in range(chance.randint(5, 40)):
        lent = chance.randint(100, 10**9)
        names = {"contract_no": f"HT-{number}-{loan}", "value_date": day}
        rows.append(
            disbursement(
                f"D-{number}-{loan}",
                f"{lent / 100:.2f}",
                **names,
                maturity_date=(MONTH.first + timedelta(days=400)).isoformat(),
            )
        )
        rows.append(repayment(f"R-{number}-{loan}", f"{chance.randint(1, lent) / 100:.2f}", **names))
    return rows


@dataclass
class Errand:
    """A batch as the requests that bring it: each may be sent any number of times, whole or broken off."""

    number: int
    rows: list[Row]
    inline: bool

    def requests(self, batch: str) -> list[tuple[str, str, bytes, str]]:
        if self.inline:
            body = json.dumps({"period": str(MONTH), "rows": self.rows}).encode()
            return [("POST", "/loan-events", body, f"inline-{self.number}")]
        content = ndjson(self.rows)
        declared = {
            "period": str(MONTH), "dataset": "flow", "format": "ndjson",
            "content_sha256": hashlib.sha256(content).hexdigest(), "control_totals": totals(self.rows),
        }  # fmt: skip
        found = [("POST", "/loan-report-batches", json.dumps(declared).encode(), f"declare-{self.number}")]
        if batch:
            at = f"/loan-report-batches/{batch}"
            found += [
                ("PUT", f"{at}/content", content, ""),
                ("POST", f"{at}/submit", b"{}", f"submit-{self.number}"),
            ]
        return found


def run_errand(line: Line, errand: Errand, chance: random.Random, *, breaks: int) -> str:
    """Bring a batch, hanging up `breaks` times on the way; its id."""
    batch = ""
    steps = 1 if errand.inline else 3
    for step in range(steps):
        method, path, body, key = errand.requests(batch)[step]
        for _ in range(breaks // steps + (step < breaks % steps)):
            # One in eight times all is sent, and only the answer is lost.
            at = 1.0 if chance.random() < 1 / 8 else chance.random()
            line.break_off(method, path, body, key=key, at=at)
        status, said = line.ask(method, path, body, key=key)
        if method == "PUT":
            assert status == 204, said
            continue
        assert status in (201, 202), (status, said)
        batch = said["id"]
    return batch


def test_a_client_that_breaks_off_anywhere_ends_with_its_own_ledger(committed: Cast, port: int) -> None:
    chance, line, ledger = random.Random(SEED), Line(port, committed.key("bank_a")), Ledger()
    batches = []
    for number in range(BATCHES):
        errand = Errand(number, month_of(number, chance), inline=number % 2 == 0)
        ledger.book(errand.rows)
        batches.append(run_errand(line, errand, chance, breaks=BREAKS // BATCHES))
    for batch in batches:
        _, shown = line.ask("GET", f"/loan-report-batches/{batch}?wait=20")
        assert (shown["state"], shown["result"]["rejected"], shown["result"]["unchanged"]) == (
            "applied",
            0,
            0,
        )
    with within(EVERYTHING):
        assert LoanReportBatch.objects.filter(state="applied").count() == len(set(batches)) == BATCHES
        assert LoanEvent.objects.count() == ledger.rows
    assert Job.objects.filter(state="succeeded").count() == Job.objects.count() == BATCHES
    assert held(line) == ledger.balances


def held(line: Line) -> dict[str, Decimal]:
    """The balance of each contract that the service holds of the bank."""
    found, cursor = {}, ""
    while cursor is not None:
        _, page = line.ask(
            "GET", f"/contracts?limit=200&cursor={cursor}" if cursor else "/contracts?limit=200"
        )
        found |= {one["contract_no"]: Decimal(one["balance"]) for one in page["data"]}
        cursor = page["next_cursor"]
    return found


def test_fifty_at_once_with_one_key_are_one_batch(committed: Cast, port: int) -> None:
    line = Line(port, committed.key("bank_a"))
    day = {
        "value_date": MONTH.first.isoformat(),
        "maturity_date": (MONTH.first + timedelta(days=400)).isoformat(),
    }
    small = Errand(1, [disbursement(**day)], inline=True)
    for requests in (small.requests(""), Errand(2, [], inline=False).requests("")):
        [(_method, path, body, key)] = requests

        def post(_: int, path: str = path, body: bytes = body, key: str = key) -> tuple[int, Any]:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", BASE + path, body, line.headers(body, key))
            answer = connection.getresponse()
            said = answer.status, json.loads(answer.read())
            connection.close()
            return said

        said = at_once(50, post)
        done = {answer["id"] for status, answer in said if status == 201}
        assert {status for status, _ in said} <= {201, 409}
        assert {answer["code"] for status, answer in said if status == 409} <= {"idempotency-in-progress"}
        assert len(done) == 1
        with within(EVERYTHING):
            held = LoanReportBatch.objects.filter(idempotency_key=key).values_list("public_id", flat=True)
            assert list(held) == list(done)
    with within(EVERYTHING):
        assert (LoanReportBatch.objects.count(), LoanEvent.objects.count()) == (2, 1)


def test_a_thousand_rows_are_answered_in_the_request(committed: Cast, port: int) -> None:
    line, day = Line(port, committed.key("bank_a")), (MONTH.first + timedelta(days=4)).isoformat()
    rows = [
        disbursement(
            f"E-{n}", contract_no=f"HT-{n}", value_date=day,
            maturity_date=(MONTH.first + timedelta(days=400)).isoformat(),
        )
        for n in range(1000)
    ]  # fmt: skip
    body = json.dumps({"period": str(MONTH), "rows": rows}).encode()
    status, shown = line.ask("POST", "/loan-events", body, key="thousand")
    assert (status, shown["state"], shown["result"]["accepted"], len(shown["rows"])) == (
        201,
        "applied",
        1000,
        1000,
    )


def test_the_client_in_the_handbook_walks_the_whole_way(committed: Cast, port: int) -> None:
    script = Path(settings.BASE_DIR) / "docs" / "bank_client.py"
    address, key = f"http://127.0.0.1:{port}", committed.key("bank_a")
    done = subprocess.run(
        [sys.executable, script, address, key], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "applied {'accepted': 1, 'unchanged': 0, 'rejected': 1, 'warnings': 0} None" in said
    assert "rejected: 2 amount-scale #/amount" in said
    assert "applied {'accepted': 1, 'unchanged': 0, 'rejected': 0, 'warnings': 0} None" in said
    assert "held: 2500000.00" in said
