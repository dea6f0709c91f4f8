"""Indices as dated data: levels by day, corrections as rows, a benchmark from a day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from finance_hub.kernel import audit
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import indices
from tasks.models import IndexLevel, MarketIndex
from tests.cast import NOW, Cast
from tests.funds.conftest import found_fund, made, refused
from tests.kernel.threads import at_once
from tests.tasks.measuring import INDEX, Speak, enter, found_index, insert, record


def test_levels_are_entered_corrected_and_passed_over(api: Speak) -> None:
    found_index(api)
    assert enter(api, d2026_01_05="1100", d2026_01_06="1101.123456") == {
        "added": 2, "corrected": 0, "unchanged": 0,
    }  # fmt: skip
    assert enter(api, d2026_01_06="1101.5", d2026_01_05="1100.00", d2026_01_07="1102") == {
        "added": 1, "corrected": 1, "unchanged": 1,
    }  # fmt: skip
    listed = api("manager_angel").get("/indices/example-500/levels").json()["data"]
    assert [(row["date"], row["level"]) for row in listed] == [
        ("2026-01-07", "1102"), ("2026-01-06", "1101.5"), ("2026-01-05", "1100"),
    ]  # fmt: skip
    assert IndexLevel.objects.count() == 4
    assert audit.entries(action="index.levels").count() == 2


def test_the_same_request_again_enters_nothing(api: Speak) -> None:
    found_index(api)
    body = {"rows": [{"date": "2026-01-05", "level": "1100"}]}
    first, again = (api("maker").post("/indices/example-500/levels", body, key="once") for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert IndexLevel.objects.count() == 1


def test_levels_are_shown_as_known_then_and_page_by_page(api: Speak, cast: Cast) -> None:
    found_index(api)
    early, late = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    record(cast, date(2026, 1, 5), "1100", now=early)
    record(cast, date(2026, 1, 6), "1101", now=early)
    record(cast, date(2026, 1, 5), "1099", now=late)
    ask = api("auditor").get

    def shown(query: str) -> list[str]:
        return [row["level"] for row in ask(f"/indices/example-500/levels?{query}").json()["data"]]

    assert shown("known_at=2026-02-01T00:00:00Z") == ["1101", "1100"]
    assert shown("known_at=2026-01-31T23:59:59Z") == []
    assert shown("as_of=2026-01-05") == ["1099"]
    page = ask("/indices/example-500/levels?limit=1").json()
    after = ask(f"/indices/example-500/levels?limit=1&cursor={page['next_cursor']}").json()
    assert [page["data"][0]["level"], after["data"][0]["level"], after["has_more"]] == ["1101", "1099", False]


def test_five_thousand_levels_at_once_and_not_one_more(api: Speak) -> None:
    found_index(api)
    days = [date(2010, 1, 1) + timedelta(days=at) for at in range(5_001)]
    rows = [{"date": day.isoformat(), "level": f"{1000 + at}.25"} for at, day in enumerate(days)]
    refused(api("maker").post("/indices/example-500/levels", {"rows": rows}), 422, "too-many-rows")
    counted = made(api("maker").post("/indices/example-500/levels", {"rows": rows[:5_000]}))
    assert counted == {"added": 5_000, "corrected": 0, "unchanged": 0}


def test_every_wrong_row_is_named_and_none_is_entered(api: Speak) -> None:
    found_index(api)
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    rows = [
        {"date": "2026-01-05", "level": "1"},
        {"date": "2026-01-05", "level": "2"},
        {"date": tomorrow, "level": "3"},
        {"date": "2026-01-06", "level": "0"},
        {"date": "2026-01-07", "level": "-4"},
    ]
    said = refused(api("maker").post("/indices/example-500/levels", {"rows": rows}), 422, "date-twice")
    assert {(error["pointer"], error["code"]) for error in said["errors"]} == {
        ("#/rows/1/date", "date-twice"), ("#/rows/2/date", "date-in-future"),
        ("#/rows/3/level", "level-not-positive"), ("#/rows/4/level", "level-not-positive"),
    }  # fmt: skip
    assert not IndexLevel.objects.exists()


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ({"date": "2026-01-05", "level": 1100}, "#/rows/0/level", "not-a-string"),
        ({"date": "2026-01-05", "level": 1100.5}, "#/rows/0/level", "not-a-string"),
        ({"date": "2026-01-05", "level": "NaN"}, "#/rows/0/level", "invalid"),
        ({"date": "2026-01-05", "level": "1e3"}, "#/rows/0/level", "invalid"),
        ({"date": "2026-01-05", "level": "1.1234567"}, "#/rows/0/level", "invalid"),
        ({"date": "2026-01-05", "level": "1000000000000"}, "#/rows/0/level", "max_value"),
        ({"date": "2026-02-30", "level": "1"}, "#/rows/0/date", "date-format"),
        ({"date": "2026-01-05"}, "#/rows/0/level", "required"),
        ({"date": "2026-01-05", "level": "1", "volume": "2"}, "#/rows/0/volume", "unknown-field"),
        ("2026-01-05;1", "#/rows/0", "invalid"),
    ],
)
def test_a_row_that_is_none_is_refused_by_name(api: Speak, row: Any, pointer: str, code: str) -> None:
    found_index(api)
    said = refused(api("maker").post("/indices/example-500/levels", {"rows": [row]}), 422, code)
    assert said["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("rows", [[], None, {}, "x"])
def test_rows_that_are_no_list_are_refused(api: Speak, rows: Any) -> None:
    found_index(api)
    refused(api("maker").post("/indices/example-500/levels", {"rows": rows}), 422, "invalid-fields")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"code": "Example"}, "#/code"),
        ({"code": "5"}, "#/code"),
        ({"source": ""}, "#/source"),
        ({"base_level": "0"}, "#/base_level"),
        ({"base_date": "2999-01-01"}, "#/base_date"),
    ],
)
def test_an_index_that_is_none_is_refused(api: Speak, change: dict[str, str], pointer: str) -> None:
    said = refused(api("maker").post("/indices", {**INDEX, **change}), 422, "invalid-fields")
    assert said["errors"][0]["pointer"] == pointer


def test_a_code_is_given_once(api: Speak) -> None:
    found_index(api)
    refused(api("maker").post("/indices", INDEX), 409, "index-code-taken")
    assert [row["code"] for row in api("bank_a").get("/indices").json()["data"]] == ["example-500"]


def test_only_the_centres_maker_enters(api: Speak) -> None:
    found_index(api)
    found_fund(api)
    for name in ("manager_angel", "approver", "auditor", "bank_a"):
        refused(api(name).post("/indices", INDEX), 403, "forbidden")
        refused(api(name).post("/indices/example-500/levels", {"rows": []}), 403, "forbidden")
        refused(api(name).post("/funds/angel/benchmarks", {}), 403, "forbidden")


def test_an_index_that_is_not_there_has_no_levels(api: Speak) -> None:
    refused(api("maker").get("/indices/none/levels"), 404, "not-found")
    row = {"date": "2026-01-05", "level": "1"}
    refused(api("maker").post("/indices/none/levels", {"rows": [row]}), 404, "not-found")


def test_a_benchmark_is_chosen_and_seen_by_the_funds_manager_alone(api: Speak) -> None:
    found_index(api)
    desk = found_fund(api)
    found_fund(api, code="other", manager="industry-manager")
    choice = {"index": "example-500", "valid_from": "2022-06-01"}
    assert made(api("maker").post("/funds/angel/benchmarks", choice))["index"]["name_en"] == "Example 500"
    assert len(desk.api.get("/funds/angel/benchmarks").json()["data"]) == 1
    refused(api("manager_industry").get("/funds/angel/benchmarks"), 404, "not-found")
    refused(api("maker").post("/funds/none/benchmarks", choice), 404, "not-found")
    for change, code in (
        ({"index": "none"}, "does_not_exist"),
        ({"valid_from": "2022-05-31"}, "date-before-establishment"),
    ):
        refused(api("maker").post("/funds/angel/benchmarks", {**choice, **change}), 422, code)


def test_two_who_enter_the_same_day_at_once_enter_it_once(committed: Cast) -> None:
    with within(EVERYTHING):
        indices.found(
            code="example-500", name="指数", name_en="Index", source="x", base_date=date(2020, 1, 1),
            base_level=Decimal(1), by=committed["maker"], now=NOW,
        )  # fmt: skip
    moments = [NOW + timedelta(seconds=at) for at in range(4)]
    counted = at_once(
        4, lambda at: record(committed, date(2026, 1, 5), "1100", now=moments[-1] + timedelta(seconds=at))
    )
    assert sorted(each.added for each in counted) == [0, 0, 0, 1]
    assert IndexLevel.objects.count() == 1


class TestTheDatabaseRefuses:
    @pytest.fixture
    def row(self, api: Speak, cast: Cast) -> dict[str, Any]:
        """A level that is taken."""
        found_index(api)
        return {
            "index_id": MarketIndex.objects.get().pk, "effective_date": "2026-01-05", "level": "1100",
            "recorded_at": "2026-01-05 16:00:00+08", "recorded_by_id": cast["maker"].pk,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"level": "0"}, "level_of_an_index_is_positive"),
            ({"level": "-1"}, "level_of_an_index_is_positive"),
            ({"level": "NaN"}, "level_of_an_index_is_positive"),
            ({"effective_date": "2026-01-06"}, "level_is_not_dated_in_the_future"),
        ],
    )
    def test_a_level_that_is_none(self, row: dict[str, Any], change: dict[str, str], name: str) -> None:
        with pytest.raises(DatabaseError, match=name):
            insert("tasks_indexlevel", **{**row, **change})

    def test_a_day_twice_in_one_entry_and_any_rewriting(self, row: dict[str, Any]) -> None:
        insert("tasks_indexlevel", **row)
        with pytest.raises(DatabaseError, match="one_level_per_day_and_entry"):
            insert("tasks_indexlevel", **{**row, "level": "1101"})
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
            IndexLevel.objects.update(level=1)

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ({"base_level": Decimal("NaN")}, "base_of_an_index_is_positive"),
            ({"base_level": 0}, "base_of_an_index_is_positive"),
            ({"source": ""}, "index_names_its_source"),
        ],
    )
    def test_an_index_that_is_none(self, cast: Cast, change: dict[str, Any], name: str) -> None:
        facts = {
            "code": "x", "name": "x", "name_en": "x", "source": "x", "base_date": "2020-01-01", "base_level": 1,
            "recorded_at": NOW, "recorded_by_id": cast["maker"].pk, **change,
        }  # fmt: skip
        with pytest.raises(DatabaseError, match=name):
            insert("tasks_marketindex", **facts)
