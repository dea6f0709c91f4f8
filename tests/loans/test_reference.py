"""What an integrator asks first: calendar, code lists, limits; and that the web stays light."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from finance_hub.demo.naming import TRADES
from finance_hub.demo.registry import TOWNS
from finance_hub.kernel.models import MonthState, Organisation
from finance_hub.kernel.periods import Month
from loans import codes, limits, quality
from loans.faults import FAULTS
from loans.formats import TIERS
from loans.models import Dataset, PledgeType, RecordType, RepaymentMethod
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
        "code": "rd", "name": "研发贷", "name_en": "R&D loan", "parent": None, "valid_from": None,
        "valid_to": None,
    }  # fmt: skip
    assert answer["ETag"] == api("bank_b").get("/reference/products")["ETag"]
    reasons = api("bank_a").get("/reference/reason-codes").json()["data"]
    assert "input-error" in {reason["code"] for reason in reasons}


LISTS = {
    "products": {"rd", "ip_pledge"}, "record-types": set(RecordType.values), "five-tier": set(TIERS),
    "repayment-methods": set(RepaymentMethod.values), "pledge-types": set(PledgeType.values),
    "reason-codes": {"input-error", "other"}, "datasets": set(Dataset.values), "industries": {"A", "C39", "T97"},
    "districts": {"330483", "乌镇镇"}, "currencies": {"CNY"}, "finding-rules": set(quality.BY_CODE),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_report_is_in_a_list_in_both_languages(api: Speak, name: str) -> None:
    listed = api("bank_a").get(f"/reference/{name}").json()["data"]
    codes = [code["code"] for code in listed]
    assert LISTS[name] <= set(codes)
    assert len(codes) == len(set(codes))
    for code in listed:
        assert re.search(r"[\u4e00-\u9fff]|^[A-Z]", code["name"])
        assert code["name_en"].isascii()
        assert code["parent"] is None or code["parent"] in codes
    if name not in ("products", "reason-codes", "industries", "districts"):
        assert set(codes) == LISTS[name]


def test_the_industries_are_the_20_sections_and_97_divisions_of_the_standard(api: Speak) -> None:
    listed = api("bank_a").get("/reference/industries").json()["data"]
    sections = [code["code"] for code in listed if code["parent"] is None]
    divisions = [code for code in listed if code["parent"]]
    assert sections == list("ABCDEFGHIJKLMNOPQRST")
    assert [code["code"][1:] for code in divisions] == [f"{number:02d}" for number in range(1, 98)]
    assert all(code["code"][0] == code["parent"] for code in divisions)
    assert {code["valid_from"] for code in listed} == {"2017-10-01"}
    per_section = Counter(code["parent"] for code in divisions)
    assert [per_section[letter] for letter in sections] == [
        5, 7, 31, 3, 4, 2, 8, 2, 3, 4, 1, 2, 3, 4, 3, 1, 2, 5, 6, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["C39", "C391", "I6510", "A01", "T97"])
def test_an_industry_begins_with_a_division(code: str) -> None:
    assert codes.is_industry(code)


@pytest.mark.parametrize(
    "code", ["", "C", "C3", "C00", "A13", "U01", "c39", "39", "C39100", "Ｃ39", "C3九", "C39 "]
)
def test_what_is_no_industry_is_none(code: str) -> None:
    assert not codes.is_industry(code)


def test_the_demo_citys_towns_and_trades_are_in_the_lists() -> None:
    towns = {code.code for code in codes.districts() if code.parent}
    assert towns == set(TOWNS)
    assert all(codes.is_industry(trade.industry) for trade in TRADES)


def test_a_list_that_the_caller_holds_is_not_sent_again(api: Speak) -> None:
    bank = api("bank_a")
    first = bank.get("/reference/industries")
    again = bank.get("/reference/industries", If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert bank.get("/reference/industries", If_None_Match='"other"').status_code == 200
    assert bank.get("/reference/districts", If_None_Match=first["ETag"]).status_code == 200


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


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_every_fault_of_a_row_is_explained_in_both_languages(api: Speak, code: str) -> None:
    said = api("bank_a").get(f"/problems/{code}").json()
    assert said["code"] == code
    assert said["title"]
    assert said["title_en"]
    assert said["title"] != said["title_en"]
