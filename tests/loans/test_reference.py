"""What an integrator asks first: calendar, code lists, limits; and that the web stays light."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from finance_hub.kernel.models import MonthState, Organisation
from finance_hub.kernel.periods import Month
from loans import limits
from tests.cast import NOW, Api, Cast
from tests.loans.bank import send

Speak = Callable[[str], Api]


def test_the_calendar_shows_a_bank_what_it_owes_newest_first(api: Speak, cast: Cast) -> None:
    Organisation.objects.filter(code="bank-a").update(reports_since=Month(2026, 9).first)
    MonthState.objects.create(
        month=Month(2026, 9).first, proposed_by=cast["maker"], proposed_at=NOW, closed_by=cast["approver"],
        closed_at=NOW,
    )  # fmt: skip
    send(api("bank_a"), [])
    assert api("bank_a").get("/reporting-calendar").json() == {
        "periods": [
            {"period": "2026-11", "state": "open", "accepts": "report",
             "due_at": "2026-12-10T18:00:00+08:00", "missing": ["flow", "stock"]},
            {"period": "2026-10", "state": "open", "accepts": "report",
             "due_at": "2026-11-10T18:00:00+08:00", "missing": ["stock"]},
            {"period": "2026-09", "state": "closed", "accepts": "restatement",
             "due_at": "2026-10-10T18:00:00+08:00", "missing": ["flow", "stock"]},
        ]
    }  # fmt: skip


@pytest.mark.parametrize("person", ["maker", "guarantor_a", "manager_angel", "admin"])
def test_everybody_reads_the_calendar_without_a_banks_debts(api: Speak, person: str) -> None:
    periods = api(person).get("/reporting-calendar").json()["periods"]
    assert [period["period"] for period in periods] == ["2026-11", "2026-10"]
    assert {period["missing"] for period in periods} == {None}


def test_the_code_lists_carry_both_names_and_a_tag(api: Speak) -> None:
    answer = api("bank_a").get("/reference/products")
    assert [code["code"] for code in answer.json()["data"]] == [
        "investment_linked",
        "rd",
        "incubation",
        "ip_pledge",
    ]
    assert answer.json()["data"][1] == {
        "code": "rd", "name": "研发贷", "name_en": "R&D loan", "valid_from": None, "valid_to": None,
    }  # fmt: skip
    assert answer["ETag"] == api("bank_b").get("/reference/products")["ETag"]
    reasons = api("bank_a").get("/reference/reason-codes").json()["data"]
    assert "input-error" in {reason["code"] for reason in reasons}


def test_a_list_that_is_not_kept_is_not_found(api: Speak) -> None:
    assert api("bank_a").get("/reference/passwords").status_code == 404


def test_the_limits_are_those_that_the_road_obeys(api: Speak) -> None:
    shown = api("bank_a").get("/limits").json()
    assert shown["max_rows"] == limits.MOST_ROWS == 1_000_000
    assert (shown["max_compressed_bytes"], shown["max_decompressed_bytes"]) == (64 * 2**20, 512 * 2**20)
    assert shown["formats"] == ["ndjson", "ndjson+gzip", "csv", "csv+gzip", "xlsx"]
    assert shown["max_workbook_rows"] == 100_000


def test_one_limit_stops_a_file_with_too_many_rows(api: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    sent = send(api("bank_a"), ["{}", "{}", "{}"])
    assert (sent.state, sent.error["code"]) == ("rejected", "too-many-rows")


def test_the_routes_are_loaded_without_the_columnar_libraries() -> None:
    script = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'finance_hub.settings';"
        "import django; django.setup(); import loans.api.urls, loans.operations, loans.queries;"
        "sys.exit(','.join({'polars', 'numpy', 'pandas', 'xlsxwriter', 'python_calamine'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
