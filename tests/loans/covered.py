"""Agreements, pools and guarantees under them, as their people make them over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cast import Api
from tests.loans.bank import FIRM

Speak = Callable[[str], Api]
PLAN = [("bank", "20.00"), ("national_fund", "40.00"), ("re_guarantor", "20.00"), ("guarantor", "20.00")]
ZHONGSHAN = [("pool", "54.00"), ("bank", "26.00"), ("insurer", "16.00"), ("other", "4.00")]


def shares(parts: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"party": party, "share_pct": share} for party, share in parts]


def terms(parts: list[tuple[str, str]] = PLAN, **changes: Any) -> dict[str, Any]:
    """Those of the national plan unless changed; a name changed to ... is left out."""
    whole: dict[str, Any] = {
        "shares": shares(parts), "keeper": "guarantor", "valid_from": "2026-01-01", "document": "示例〔2026〕1号",
        "waiting_days": 90, "compensation_cap_pct": "5.00", "compensation_cap_base": "guaranteed",
        "borrower_cap": "30000000.00",
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def agree(api: Speak, code: str = "plan", *, parts: list[tuple[str, str]] = PLAN, **changes: Any) -> str:
    """An agreement whose terms are in force; its code."""
    facts = {"code": code, "name": "分险协议", "guarantor": "guarantor-a"}
    answer = api("maker").post("/agreements", facts | terms(parts, **changes))
    assert answer.status_code == 201, answer.content
    answer = api("approver").post(f"/agreements/{code}/terms/1/approve")
    assert answer.status_code == 200, answer.content
    return code


def open_pool(api: Speak, code: str = "pool", *, balance: str = "120000.50", **limits: Any) -> str:
    """A pool with money and limits in force; its code."""
    maker = api("maker")
    assert maker.post("/risk-pools", {"code": code, "name": "资金池", "name_en": "Pool"}).status_code == 201
    facts = {
        "leverage_limit": "10.00", "fuse_measure": "compensation_ratio", "fuse_line_pct": "40.00",
        "document": "示例〔2026〕2号", "valid_from": "2026-01-01",
    }  # fmt: skip
    assert maker.post(f"/risk-pools/{code}/limits", facts | limits).status_code == 201
    assert api("approver").post(f"/risk-pools/{code}/limits/1/approve").status_code == 200
    paid_in = {"kind": "contribution", "amount": balance, "party": "市财政局", "effective_date": "2026-01-05"}
    assert maker.post(f"/risk-pools/{code}/events", paid_in).status_code == 201
    return code


def agree_on_pool(api: Speak, **limits: Any) -> str:
    """The Zhongshan shares, an insurer's, behind them a pool of 120,000.50."""
    open_pool(api, **limits)
    return agree(
        api, "ip-pool", parts=ZHONGSHAN, keeper="bank", guarantor="insurer-a", pool="pool", waiting_days=60,
        compensation_cap_pct=..., compensation_cap_base=..., borrower_cap=...,
    )  # fmt: skip


def guarantee(number: str = "DB-1", **changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "guarantee_no": number, "uscc": FIRM, "firm_name": "示例科技有限公司", "bank": "bank-a",
        "contract_no": f"HT-{number}", "principal": "30000000.00", "start_date": "2026-01-10",
        "end_date": "2027-01-09", "agreement": "plan", "customer": "small_micro",
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def cover(api: Api, number: str = "DB-1", **changes: Any) -> str:
    """A guarantee under an agreement; its path."""
    answer = api.post("/guarantees", guarantee(number, **changes))
    assert answer.status_code == 201, answer.content
    return f"/guarantees/{answer.json()['id']}"


def agree_widely(api: Speak) -> str:
    """A guarantee of 1,000.00 under the national shares with a cap of 100 % and 90 days to wait; its path."""
    agree(api, valid_from="2024-01-01", compensation_cap_pct="100.00")
    return cover(api("guarantor_a"), principal="1000.00")


def recovery(amount: str, **changes: Any) -> dict[str, Any]:
    return {"amount": amount, "effective_date": "2026-10-10"} | changes


def loss(principal: str, **changes: Any) -> dict[str, Any]:
    return {"default_date": "2026-06-01", "principal": principal, "effective_date": "2026-09-01"} | changes


def parts(answer: Any) -> dict[str, str]:
    """Party → principal it bears, or amount it gets back."""
    assert answer.status_code == 201, answer.content
    return {one["party"]: one.get("principal", one.get("amount")) for one in answer.json()["shares"]}


def codes(answer: Any) -> tuple[int, str, list[tuple[str, str]]]:
    body = answer.json()
    return answer.status_code, body["code"], [(e["code"], e["pointer"]) for e in body.get("errors", [])]
