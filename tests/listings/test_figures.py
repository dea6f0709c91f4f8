"""Financial years and statements of firms: recorded once, corrected by new rows, missing where nobody reported."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from listings import queries
from listings.models import YEARLY, FinancialYear, Stated
from listings.models.figures import YES_NO
from tasks.engine.readiness import FACTS, Unit, Year
from tests.cast import Api, Cast
from tests.listings.conftest import FIRM, STRANGER, Desk, made, refused, register

NOVEMBER = date(2026, 11, 1)
YEAR = {
    "revenue": "100000000.00",
    "net_profit": "-5000000.00",
    "effective_date": "2026-04-20",
    "source": "审计报告",
}
CAP = {
    "name": "expected_market_cap",
    "number": "1500000000.00",
    "effective_date": "2026-03-31",
    "source": "B轮投后",
}


def _year(desk: Desk, year: int = 2025, *, uscc: str = FIRM, **body: Any) -> Any:
    return desk.api.post(f"/firms/{uscc}/financial-years", {"year": year, **YEAR, **body})


def _correct(desk: Desk, year: int | str = 2025, **body: Any) -> Any:
    return desk.api.post(f"/firms/{FIRM}/financial-years/{year}/correct", {**YEAR, **body})


def _state(desk: Desk, *, uscc: str = FIRM, **body: Any) -> Any:
    return desk.api.post(f"/firms/{uscc}/listing-statements", {**CAP, **body})


def test_the_figures_and_facts_are_those_that_standards_ask_for() -> None:
    asked = set(Year.__dataclass_fields__) - {"year"}
    assert set(YEARLY) == asked
    assert set(Stated.values) == {"expected_market_cap", *FACTS}
    assert set(YES_NO) == {name for name, unit in FACTS.items() if unit is Unit.YES_NO}


def test_what_nobody_reported_stays_missing(desk: Desk) -> None:
    (shown,) = made(_year(desk))["data"]
    assert (shown["revenue"], shown["net_profit"]) == ("100000000.00", "-5000000.00")
    assert {shown[name] for name in YEARLY[2:]} - {shown["net_profit"]} == {None}
    with scoping.within(EVERYTHING):
        (row,) = queries.years_frame(NOVEMBER, timezone.now())
    assert (row.year, row.revenue, row.rd, row.unqualified_opinion) == (
        2025,
        Decimal("100000000.00"),
        None,
        None,
    )


def test_a_correction_tells_the_whole_year_anew(desk: Desk) -> None:
    first = made(_year(desk))["data"][0]
    before = timezone.now()
    (shown,) = made(_correct(desk, net_profit=None, rd="1.00", roe="0.08"))["data"]
    assert (shown["corrects"], shown["net_profit"], shown["rd"], shown["roe"]) == (
        first["id"],
        None,
        "1.00",
        "0.08",
    )
    with scoping.within(EVERYTHING):
        then, now = (queries.years_frame(NOVEMBER, known)[0].net_profit for known in (before, timezone.now()))
        assert (then, now) == (Decimal("-5000000.00"), None)
        # Nor is a year known before it was reported.
        assert queries.years_frame(date(2026, 4, 20), timezone.now()) == []
        assert queries.years_frame(NOVEMBER, timezone.now(), firms=[]) == []
        assert FinancialYear.objects.count() == 2


def test_a_year_is_recorded_once(desk: Desk) -> None:
    made(_year(desk))
    refused(_year(desk), 409, "financial-year-recorded")
    refused(_correct(desk, 2024), 404, "not-found")
    for odd in ("20255", "²025", "x", "-202"):
        refused(_correct(desk, odd), 404, "not-found")


def test_a_year_taken_back_is_gone_until_it_is_corrected(desk: Desk) -> None:
    first = made(_year(desk))["data"][0]["id"]
    made(desk.api.post(f"/listing-entries/{first}/take-back", {"reason": "另一家企业的报表"}))
    assert desk.api.get(f"/firms/{FIRM}/financial-years").json() == {"data": []}
    refused(_year(desk), 409, "financial-year-recorded")
    assert len(made(_correct(desk))["data"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"year": 2026}, "year-not-over"),
        ({"year": 1989}, "min_value"),
        ({"revenue": "-1.00"}, "amount-negative"),
        ({"revenue": "NaN"}, "amount-format"),
        ({"revenue": 1}, "amount-not-a-string"),
        ({"rd": "0.001"}, "amount-scale"),
        ({"roe": "1000"}, "max_value"),
        ({"roe": "-1000"}, "min_value"),
        ({"roe": "0.1234567"}, "invalid"),
        ({"roe": 0.1}, "not-a-string"),
        ({"staff": 3, "rd_staff": 4}, "rd-staff-above-staff"),
        ({"staff": -1}, "min_value"),
        ({"unqualified_opinion": "yes"}, "not-a-boolean"),
        ({"revenue": None, "net_profit": None}, "nothing-reported"),
        ({"source": " "}, "blank"),
        ({"effective_date": "2099-01-01"}, "date-in-future"),
        ({"effective_date": "1979-12-31"}, "date-too-early"),
        ({"profit": "1"}, "unknown-field"),
    ],
)
def test_a_year_that_is_none(desk: Desk, change: dict[str, Any], code: str) -> None:
    refused(_year(desk, **change), 422, code)


def test_the_last_statement_of_a_name_counts(desk: Desk) -> None:
    made(_state(desk))
    made(_state(desk, number="2000000000", effective_date="2026-06-30", source="C轮投后"))
    made(_state(desk, name="software", number=None, holds=False))
    data = desk.api.get(f"/firms/{FIRM}/listing-statements").json()["data"]
    assert [(one["name"], one["number"], one["holds"]) for one in data] == [
        ("expected_market_cap", "2000000000", None), ("expected_market_cap", "1500000000", None),
        ("software", None, False),
    ]  # fmt: skip
    with scoping.within(EVERYTHING):
        rows = queries.statements_frame(NOVEMBER, timezone.now())
        assert [(row.name, row.on.isoformat(), row.source) for row in rows] == [
            ("expected_market_cap", "2026-06-30", "C轮投后"), ("software", "2026-03-31", "B轮投后"),
        ]  # fmt: skip
        earlier = queries.statements_frame(date(2026, 6, 30), timezone.now())
        assert earlier[0].number == Decimal("1500000000")


def test_a_wrong_statement_is_corrected_or_taken_back(desk: Desk) -> None:
    first = made(_state(desk, effective_date="2026-09-30"))["data"][0]["id"]
    shown = made(_state(desk, corrects=first))["data"]
    assert [(one["effective_date"], one["corrects"]) for one in shown] == [("2026-03-31", first)]
    refused(_state(desk, name="net_assets", corrects=first), 422, "entry-unknown")
    made(desk.api.post(f"/listing-entries/{shown[0]['id']}/take-back", {"reason": "估值未定"}))
    assert desk.api.get(f"/firms/{FIRM}/listing-statements").json() == {"data": []}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "mood"}, "invalid_choice"),
        ({"number": None}, "number-wanted"),
        ({"holds": True}, "number-wanted"),
        ({"number": "-1"}, "amount-negative"),
        ({"number": "0.001"}, "too-many-places"),
        ({"number": "10000000000000000"}, "invalid"),
        ({"number": 5}, "not-a-string"),
        ({"name": "software"}, "yes-or-no"),
        ({"name": "software", "number": None}, "yes-or-no"),
        ({"name": "subscribers", "number": "1.5"}, "too-many-places"),
        ({"name": "public_float_share", "number": "1.000001"}, "fraction-above-one"),
        ({"source": ""}, "blank"),
        ({"effective_date": "2099-01-01"}, "date-in-future"),
        ({"effective_date": "1979-12-31"}, "date-too-early"),
    ],
)
def test_a_statement_that_is_none(desk: Desk, change: dict[str, Any], code: str) -> None:
    refused(_state(desk, **change), 422, code)


def test_a_firm_that_is_not_there_has_no_figures(desk: Desk) -> None:
    for part in ("financial-years", "listing-statements"):
        refused(desk.api.get(f"/firms/{STRANGER}/{part}"), 404, "not-found")
    refused(_year(desk, uscc=STRANGER), 404, "not-found")
    refused(_state(desk, uscc=STRANGER), 404, "not-found")


@pytest.mark.parametrize(
    ("name", "status"), [("auditor", 200), ("manager_angel", 403), ("bank_a", 403), ("admin", 403)]
)
def test_the_centre_reads_and_its_maker_records(desk: Desk, api: Any, name: str, status: int) -> None:
    made(_year(desk))
    reader = Desk(api(name))
    for part in ("financial-years", "listing-statements"):
        assert reader.api.get(f"/firms/{FIRM}/{part}").status_code == status
    refused(_year(reader, 2024), 403, "forbidden")
    refused(_state(reader), 403, "forbidden")


def test_eight_clerks_at_once_record_one_year(committed: Cast) -> None:
    register(committed)
    desk = Desk(Api(committed.key("maker")))

    def record(_: int) -> int:
        try:
            return int(_year(desk).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(record, range(8))) == {201: 1, 409: 7}
