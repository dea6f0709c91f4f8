"""A bank at work: it writes rows, sends them down the road, reads what became of them."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans import formats
from loans.intake.rules.checks import MONEY
from loans.models import LoanReportBatch
from tests.cast import Api

FIRM, OTHER_FIRM = "91350100M000100Y43", "91330483MA2B9PTN02"
URL = "/loan-report-batches"

Row = dict[str, Any]


def disbursement(event: str = "E-1", amount: str = "1000.00", **changes: Any) -> Row:
    row: Row = {
        "client_row_id": f"row-{event}", "contract_no": "HT-1", "drawdown_no": "JJ-1",
        "external_event_id": event, "revision": 1, "record_type": "disbursement", "uscc": FIRM,
        "firm_name": "示例科技有限公司", "value_date": "2026-10-05", "amount": amount, "currency": "CNY",
        "product": "rd", "annual_rate_pct": "3.4500", "maturity_date": "2027-10-04",
        "repayment_method": "bullet",
    }  # fmt: skip
    return row | changes


def repayment(event: str = "E-2", amount: str = "300.00", **changes: Any) -> Row:
    row: Row = {
        "client_row_id": f"row-{event}", "contract_no": "HT-1", "drawdown_no": "JJ-1",
        "external_event_id": event, "revision": 1, "record_type": "repayment", "uscc": FIRM,
        "firm_name": "示例科技有限公司", "value_date": "2026-10-20", "amount": amount, "currency": "CNY",
    }  # fmt: skip
    return row | changes


def reversal(event: str, of: Row, **changes: Any) -> Row:
    kept = {
        name: of[name] for name in ("contract_no", "drawdown_no", "uscc", "firm_name", "amount", "currency")
    }
    return {
        **kept, "external_event_id": event, "revision": 1, "record_type": "reversal",
        "value_date": "2026-10-25", "reverses": of["external_event_id"], "reason_code": "input-error",
    } | changes  # fmt: skip


def position(balance: str = "700.00", **changes: Any) -> Row:
    row: Row = {
        "client_row_id": "p1", "contract_no": "HT-1", "drawdown_no": "JJ-1", "revision": 1, "uscc": FIRM,
        "balance": balance, "overdue_days": 0, "five_tier": "normal",
    }  # fmt: skip
    return row | changes


def ndjson(rows: Iterable[Any]) -> bytes:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def csv_text(rows: Iterable[Row], *, dataset: str = "flow") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, formats.csv_columns(dataset))
    writer.writeheader()
    writer.writerows(map(flat, rows))
    return text.getvalue()


def flat(row: Row) -> Row:
    """The row with its pledges spread over their columns, as CSV and XLSX have them."""
    pledges = enumerate(row.get("pledges") or [], 1)
    cells = {f"pledge_{at}_{name}": value for at, pledge in pledges for name, value in pledge.items()}
    return {name: value for name, value in row.items() if name != "pledges"} | cells


def written(rows: list[Any], *, format: str, dataset: str = "flow") -> bytes:
    """The rows as a file of the format."""
    from tests.loans import workbooks

    if format == "xlsx":
        return workbooks.of_rows(rows, dataset=dataset)
    content = ndjson(rows) if format.startswith("ndjson") else csv_text(rows, dataset=dataset).encode()
    return gzip.compress(content) if format.endswith("+gzip") else content


def totals(rows: list[Any], *, dataset: str = "flow") -> dict[str, Any]:
    """As bank-side code would add them up, with nothing of the service's."""
    if dataset == "stock":
        return {"rows": len(rows), "balance": _sum(rows, "balance")}
    of = {
        name: _sum([r for r in rows if isinstance(r, dict) and r.get("record_type") == kind], "amount")
        for name, kind in (("disbursed", "disbursement"), ("repaid", "repayment"))
    }
    return {"rows": len(rows), **of}


def _sum(rows: list[Any], name: str) -> str:
    import re

    amounts = [row.get(name) for row in rows if isinstance(row, dict)]
    well = [Decimal(text) for text in amounts if isinstance(text, str) and re.fullmatch(MONEY[1:-1], text)]
    return f"{sum(well, Decimal(0)):.2f}"


@dataclass
class Sent:
    """A batch that was sent: its answer after the job, and its rows on demand."""

    api: Api
    batch: dict[str, Any]

    @property
    def state(self) -> str:
        return str(self.batch["state"])

    @property
    def result(self) -> Any:
        return self.batch["result"]

    @property
    def error(self) -> Any:
        return self.batch["error"]

    def rows(self, outcome: str = "rejected") -> list[Any]:
        answer = self.api.get(f"{URL}/{self.batch['id']}/results?outcome={outcome}")
        assert answer.status_code == 200, answer.content
        return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    def codes(self, outcome: str = "rejected") -> list[tuple[int, list[str]]]:
        """(row number, sorted codes) of each row of the outcome."""
        name = "warnings" if outcome == "warning" else "errors"
        return [
            (row["row_number"], sorted(error["code"] for error in row[name])) for row in self.rows(outcome)
        ]

    def faults(self) -> list[tuple[str, str]]:
        """Every (code, pointer) of the rejected rows."""
        return sorted((error["code"], error["pointer"]) for row in self.rows() for error in row["errors"])


def declaration(content: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "period": "2026-10", "dataset": "flow", "format": "ndjson",
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "control_totals": {"rows": 0, "disbursed": "0.00", "repaid": "0.00"},
    } | changes  # fmt: skip


def declare(api: Api, content: bytes, **changes: Any) -> str:
    answer = api.post(URL, declaration(content, **changes))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def upload(api: Api, content: bytes, **changes: Any) -> str:
    """Declare and upload; the batch's id."""
    batch = declare(api, content, **changes)
    answer = api.put(f"{URL}/{batch}/content", content)
    assert answer.status_code == 204, answer.content
    return batch


def walk(api: Api, batch: str) -> Sent:
    """Submit, let the worker do the job, read the answer."""
    answer = api.post(f"{URL}/{batch}/submit")
    assert answer.status_code == 202, answer.content
    run(batch)
    return Sent(api, api.get(f"{URL}/{batch}").json())


def run(batch: str) -> str:
    with within(EVERYTHING):
        job_id = LoanReportBatch.objects.get(public_id=batch).job_id
    return jobs.run(str(job_id))


def send_content(api: Api, content: bytes, **changes: Any) -> Sent:
    return walk(api, upload(api, content, **changes))


def send(api: Api, rows: list[Any], *, format: str = "ndjson", dataset: str = "flow", **changes: Any) -> Sent:
    """Send rows (dicts, or text lines for NDJSON) with honest totals."""
    content = written(rows, format=format, dataset=dataset)
    added = rows if format.startswith("ndjson") else [_cells(row) for row in rows]
    facts = {"format": format, "dataset": dataset, "control_totals": totals(added, dataset=dataset)} | changes
    return send_content(api, content, **facts)


def _cells(row: Row) -> Row:
    return {name: "" if value is None else str(value) for name, value in row.items()}


def balance(api: Api, contract_no: str = "HT-1") -> str:
    answer = api.get(f"/contracts/{contract_no}")
    assert answer.status_code == 200, answer.content
    return str(answer.json()["balance"])
