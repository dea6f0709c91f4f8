"""Rows of a sheet handed in by a manager, over HTTP, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.funds.conftest import CITY, COMPANY, FIRM, Desk, made

SUB = "angel-sub"
#: Million yuan: 70 and 30 committed, 40 called and paid, 1 of fees, 5 given back as gain.
LEDGER = [
    {"kind": "commitment", "investor": CITY, "amount": "70000000.00", "effective_date": "2022-06-01"},
    {"kind": "commitment", "investor": COMPANY, "amount": "30000000.00", "effective_date": "2022-06-01"},
    {"kind": "call", "investor": CITY, "amount": "28000000.00", "effective_date": "2022-06-10"},
    {"kind": "call", "investor": COMPANY, "amount": "12000000.00", "effective_date": "2022-06-10"},
    {"kind": "contribution", "investor": CITY, "amount": "28000000.00", "effective_date": "2022-06-20"},
    {"kind": "contribution", "investor": COMPANY, "amount": "12000000.00", "effective_date": "2022-06-20"},
    {"kind": "fee", "amount": "1000000.01", "effective_date": "2023-01-10", "note": "2022 年度"},
    {"kind": "distribution", "investor": CITY, "amount": "3500000.00", "effective_date": "2024-05-01", "nature": "gain"},
]  # fmt: skip
NAME = "桐乡示例科技有限公司"
INVESTMENT = {"uscc": FIRM, "firm_name": NAME, "amount": "20000000.00", "effective_date": "2023-03-01"}

Rows = Sequence[dict[str, str]]


def ask(desk: Desk, sheet: str, rows: Rows, **more: Any) -> Any:
    """The response; a preview unless `fingerprint` is given."""
    body = {"sheet": sheet, "rows": list(rows), "dry_run": "fingerprint" not in more, **more}
    return desk.api.post(f"/funds/{desk.fund}/imports", body)


def preview(desk: Desk, sheet: str, rows: Rows) -> dict[str, Any]:
    answer = ask(desk, sheet, rows)
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def enter(desk: Desk, sheet: str, rows: Rows) -> dict[str, Any]:
    """Previewed and entered, as it must be."""
    shown = preview(desk, sheet, rows)
    answer = ask(desk, sheet, rows, fingerprint=shown["fingerprint"])
    assert answer.status_code == 200, answer.content
    said: dict[str, Any] = answer.json()
    return said


def outcomes(said: dict[str, Any]) -> list[str]:
    return [row["outcome"] for row in said["rows"]]


def faults(said: dict[str, Any]) -> dict[int, list[tuple[str, str]]]:
    """{row: [(code, pointer)]} of the refused rows."""
    return {
        row["row"]: [(error["code"], error["pointer"]) for error in row["errors"]]
        for row in said["rows"]
        if row["outcome"] == "refused"
    }


def invested(desk: Desk) -> str:
    """The fund of LEDGER with its one investment; the id of the holding."""
    enter(desk, "ledger", LEDGER)
    enter(desk, "investments", [INVESTMENT])
    held = desk.api.get(f"/funds/{desk.fund}/holdings").json()["data"]
    return str(held[0]["id"])


def founded_sub(desk: Desk, maker: Any) -> None:
    """A sub-fund of the same manager, to invest in."""
    made(maker.post("/funds", {
        "code": SUB, "name": "子基金", "name_en": "Sub", "tier": "sub", "manager": "angel-manager",
        "planned_size": "50000000.00", "established_on": "2022-06-01",
    }))  # fmt: skip
