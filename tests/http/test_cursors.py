"""Pages by key: nothing shifts, repeats or is lost while others write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from finance_hub.kernel import uscc
from finance_hub.kernel.models import Firm, Job
from tests.cast import Api

Speak = Callable[[str], Api]


def make_firms(count: int, *, start: int = 0) -> None:
    Firm.objects.bulk_create(
        Firm(uscc=uscc.complete(f"91330483MA2B{number:05d}"), name=f"企业{number}", source="centre")
        for number in range(start, start + count)
    )


def walk(speaker: Api, path: str, *, between: Callable[[], None] = lambda: None) -> list[Any]:
    """All rows of all pages, with something happening between two pages."""
    rows, cursor = [], ""
    for _ in range(100):
        said = speaker.get(
            f"{path}{'&' if '?' in path else '?'}limit=7" + (f"&cursor={cursor}" if cursor else "")
        )
        assert said.status_code == 200, said.content
        rows += said.json()["data"]
        cursor = said.json()["next_cursor"]
        assert said.json()["has_more"] is bool(cursor)
        if not cursor:
            return rows
        between()
    raise AssertionError("the pages never end")


def test_every_row_comes_once_newest_first(api: Speak) -> None:
    make_firms(23)
    names = [row["name"] for row in walk(api("maker"), "/firms")]
    assert names == [f"企业{number}" for number in range(22, -1, -1)]


@pytest.mark.parametrize("count", [0, 1, 7, 14])
def test_a_full_last_page_has_no_page_after_it(api: Speak, count: int) -> None:
    make_firms(count)
    assert len(walk(api("maker"), "/firms")) == count


def test_rows_added_meanwhile_neither_shift_nor_repeat(api: Speak) -> None:
    make_firms(20)
    more = iter(range(100, 1_000, 5))
    rows = walk(api("maker"), "/firms", between=lambda: make_firms(5, start=next(more)))
    assert [row["name"] for row in rows] == [f"企业{number}" for number in range(19, -1, -1)]


def test_rows_taken_away_meanwhile_lose_no_other(api: Speak) -> None:
    make_firms(20)
    rows = walk(api("maker"), "/firms", between=lambda: Firm.objects.filter(name="企业12").delete() and None)
    # 19 to 13 were shown on the first page, 12 went before the second.
    assert [row["name"] for row in rows] == [f"企业{number}" for number in range(19, -1, -1) if number != 12]


def test_the_filter_holds_on_every_page(api: Speak) -> None:
    make_firms(30)
    rows = walk(api("maker"), "/firms?q=企业1")
    assert sorted(row["name"] for row in rows) == sorted(["企业1", *(f"企业{n}" for n in range(10, 20))])


def test_jobs_with_ids_of_chance_come_by_their_time(api: Speak) -> None:
    now = timezone.now()
    for number in range(20):  # four at each moment: the id decides among them
        at = now + timedelta(seconds=number // 4)
        Job.objects.create(kind="month", dedupe_key=str(number), created_at=at)
    rows = walk(api("maker"), "/jobs")
    assert len({row["id"] for row in rows}) == 20
    moments = [row["created_at"] for row in rows]
    assert moments == sorted(moments, reverse=True)


class TestAForeignCursor:
    @pytest.fixture
    def cursor(self, api: Speak) -> str:
        make_firms(10)
        said: str = api("maker").get("/firms?limit=3&q=企业").json()["next_cursor"]
        return said

    @pytest.mark.parametrize("forged", ["x", "eyJhIjoxfQ", "1", "::", "a:b:c", "%F0%9F%98%80"])
    def test_made_up_is_refused(self, api: Speak, forged: str) -> None:
        said = api("maker").get(f"/firms?cursor={forged}")
        assert (said.status_code, said.json()["code"]) == (422, "invalid-cursor")

    def test_changed_by_one_letter_is_refused(self, api: Speak, cursor: str) -> None:
        changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]
        assert api("maker").get(f"/firms?limit=3&q=企业&cursor={changed}").status_code == 422

    @pytest.mark.parametrize("path", ["/firms?limit=3", "/firms?limit=3&q=其他", "/jobs?limit=3&q=企业"])
    def test_of_another_query_is_refused(self, api: Speak, cursor: str, path: str) -> None:
        said = api("maker").get(f"{path}&cursor={cursor}")
        assert (said.status_code, said.json()["code"]) == (422, "invalid-cursor")

    def test_signed_for_something_else_is_refused(self, api: Speak) -> None:
        foreign = signing.dumps([[1], "x"], salt="somebody else")
        assert api("maker").get(f"/firms?cursor={foreign}").status_code == 422

    def test_may_go_on_with_another_page_size(self, api: Speak, cursor: str) -> None:
        rows = api("maker").get(f"/firms?limit=100&q=企业&cursor={cursor}").json()["data"]
        assert len(rows) == 7


def test_a_page_asks_a_fixed_number_of_queries(api: Speak, django_assert_max_num_queries: Any) -> None:
    make_firms(100)
    speaker = api("maker")
    speaker.get("/firms?limit=1")
    with django_assert_max_num_queries(9):  # the request log is one
        speaker.get("/firms?limit=100")
