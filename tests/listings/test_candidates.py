"""Who sees the candidates, what the frames know when, what races and raw SQL cannot do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Person
from finance_hub.kernel.scoping import NoScope
from listings import operations, queries
from listings.models import ListingAttempt, StageEvent
from tests.cast import NOW, Api, Cast
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, refused, register

NOVEMBER = date(2026, 11, 1)


@pytest.mark.parametrize("name", ["approver", "auditor"])
def test_the_centre_reads_and_only_its_maker_records(
    desk: Desk, api: Callable[[str], Api], name: str
) -> None:
    attempt = made(desk.start("cultivation", "2022-01-01"))["id"]
    assert api(name).get(f"/ipo-candidates/{attempt}").status_code == 200
    reader = Desk(api(name))
    refused(reader.start("cultivation", "2022-01-01", uscc=OTHER_FIRM), 403, "forbidden")
    refused(reader.enter(attempt, "share_reform", "2022-02-01"), 403, "forbidden")


@pytest.mark.parametrize("name", ["manager_angel", "bank_a", "guarantor_a", "department", "admin"])
def test_others_see_no_candidate(desk: Desk, api: Callable[[str], Api], name: str) -> None:
    attempt = made(desk.start("cultivation", "2022-01-01"))["id"]
    for path in ("/ipo-candidates", f"/ipo-candidates/{attempt}"):
        refused(api(name).get(path), 403, "forbidden")
    with scoping.within(Person.objects.get(username=name).scope):
        assert not ListingAttempt.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM listings_listingattempt")
            assert cursor.fetchone() == (0,)


def test_a_repeated_post_starts_one_attempt(desk: Desk) -> None:
    body = {"uscc": FIRM, "board": "star", "stage": "cultivation", "effective_date": "2022-01-01"}
    answers = [desk.api.post("/ipo-candidates", {**body, "evidence": "公告"}, key="a") for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[1]["Idempotent-Replayed"] == "true"


@pytest.fixture
def pipeline(cast: Cast) -> tuple[Cast, dict[str, int]]:
    """Two firms; the first listed in 2023 on STAR, the second suspended during its inquiry."""
    register(cast)
    with scoping.within(EVERYTHING):
        ids = {}
        for uscc, board, road in (
            (FIRM, "star", [("registered", date(2023, 3, 1)), ("listed", date(2023, 4, 1))]),
            (OTHER_FIRM, "beijing", [("inquiry", date(2023, 5, 1)), ("suspended", date(2023, 5, 1))]),
        ):
            stage, on = road[0]
            attempt = operations.start_attempt(
                uscc=uscc, board=board, stage=stage, effective_date=on, evidence="公告", reason="补录",
                by=cast["maker"], now=NOW,
            )  # fmt: skip
            _enter(cast, attempt.public_id, *road[1])
            ids[uscc] = attempt.pk
    return cast, ids


def _enter(cast: Cast, attempt: str, stage: str, on: date, *, later: int = 0) -> None:
    operations.enter_stage(
        attempt=attempt, stage=stage, effective_date=on, evidence="公告", reason="公告所述", by=cast["maker"],
        now=NOW + timedelta(seconds=later),
    )  # fmt: skip


def test_the_stage_in_force_is_the_last_and_on_one_day_the_last_recorded(
    pipeline: tuple[Cast, dict[str, int]],
) -> None:
    firm = dict(Firm.objects.values_list("uscc", "pk"))
    _, attempt = pipeline
    with scoping.within(EVERYTHING):
        assert queries.pipeline_frame(NOVEMBER, NOW) == [
            (attempt[FIRM], firm[FIRM], "star", "listed", date(2023, 4, 1)),
            (attempt[OTHER_FIRM], firm[OTHER_FIRM], "beijing", "suspended", date(2023, 5, 1)),
        ]
        assert queries.pipeline_frame(date(2023, 4, 1), NOW) == [
            (attempt[FIRM], firm[FIRM], "star", "registered", date(2023, 3, 1))
        ]
        assert queries.pipeline_frame(date(2023, 3, 1), NOW) == []
        assert queries.listed_frame(NOVEMBER, NOW) == [
            (attempt[FIRM], firm[FIRM], "star", "listed", date(2023, 4, 1))
        ]
        assert queries.listed_frame(date(2023, 4, 1), NOW) == []
        assert [row.stage for row in queries.stages_frame(NOVEMBER, NOW)] == [
            "registered", "listed", "inquiry", "suspended",
        ]  # fmt: skip


def test_a_stage_recorded_later_is_not_known_before(pipeline: tuple[Cast, dict[str, int]]) -> None:
    cast, ids = pipeline
    with scoping.within(EVERYTHING):
        before = queries.pipeline_frame(NOVEMBER, NOW)
        public_id = ListingAttempt.objects.get(pk=ids[OTHER_FIRM]).public_id
        _enter(cast, public_id, "committee", date(2023, 6, 1), later=60)
        assert queries.pipeline_frame(NOVEMBER, NOW + timedelta(seconds=59)) == before
        assert queries.pipeline_frame(NOVEMBER, NOW + timedelta(seconds=60))[1].stage == "committee"
        assert queries.pipeline_frame(NOVEMBER, NOW - timedelta(seconds=1)) == []


def test_a_frame_outside_a_scope_is_a_defect(cast: Cast) -> None:
    with pytest.raises(NoScope):
        queries.pipeline_frame(NOVEMBER, NOW)


def test_a_list_takes_as_many_queries_for_two_as_for_one(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    made(desk.start("cultivation", "2022-01-01"))
    with scoping.within(EVERYTHING), django_assert_max_num_queries(2):
        list(queries.attempts())
    made(desk.start("cultivation", "2022-01-01", uscc=OTHER_FIRM))
    with scoping.within(EVERYTHING), django_assert_max_num_queries(2):
        assert [len(a.stages_in_order) for a in queries.attempts()] == [1, 1]


def test_sixteen_starts_at_once_make_one_attempt(committed: Cast) -> None:
    register(committed)
    desk = Desk(Api(committed.key("maker")))

    def start(_: int) -> int:
        try:
            return int(desk.start("cultivation", "2022-01-01").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert Counter(pool.map(start, range(16))) == {201: 1, 409: 15}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"stage": "dreaming"}, "stage_is_known"),
        ({"evidence": ""}, "stage_has_its_evidence"),
    ],
)
def test_a_stage_that_breaks_its_row(desk: Desk, change: dict[str, str], name: str) -> None:
    made(desk.start("cultivation", "2022-01-01"))
    with scoping.within(EVERYTHING):
        row = {**StageEvent.objects.values().get(), **change}
        row.pop("id")
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            _insert("listings_stageevent", row)


@pytest.mark.parametrize(
    ("change", "name"), [({}, "one_attempt_per_sequence"), ({"board": "nasdaq"}, "board_is_known")]
)
def test_an_attempt_that_breaks_its_row(desk: Desk, change: dict[str, str], name: str) -> None:
    made(desk.start("cultivation", "2022-01-01"))
    with scoping.within(EVERYTHING):
        row = {**ListingAttempt.objects.values().get(), "public_id": "la_x", **change}
        row.pop("id")
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            _insert("listings_listingattempt", row)


def test_stages_are_not_rewritten_even_by_the_owner(desk: Desk, owner_connection: Any) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match="append-only"):
        owner_connection.execute("UPDATE listings_stageevent SET stage = 'listed'")


def _insert(table: str, row: dict[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
