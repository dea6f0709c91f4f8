"""A listing entered under the wrong firm, taken back: the month loses it everywhere, and as known before still has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tasks.invariants import figures
from tasks.models import Snapshot
from tasks.records import SOURCES, Reading
from tasks.records.reading import lines
from tests.cast import Api, Cast
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, register
from tests.tasks.test_month import OCTOBER

LISTED = date(2026, 10, 12)


class Taken(NamedTuple):
    """October as known before the take-back and after it."""

    before: Snapshot
    after: Snapshot


@pytest.fixture
def taken(cast: Cast, api: Callable[[str], Api]) -> Taken:
    """One firm is listed on STAR in October and on Beijing's reserve list, by mistake; the other one is in the inquiry."""
    register(cast)
    desk = Desk(api("maker"))
    reserve = made(desk.start("cultivation", "2026-09-01", board="beijing"))
    wrong = made(desk.start("listed", LISTED.isoformat()))
    made(desk.start("inquiry", "2026-09-01", uscc=OTHER_FIRM, board="chinext"))
    known = timezone.now()
    for one in (wrong, reserve):
        path = f"/ipo-candidates/{one['id']}/stages/{one['stages'][0]['id']}/take-back"
        made(desk.api.post(path, {"reason": "登记到了另一家企业名下"}))
    with within(EVERYTHING):
        return Taken(_snapshot(known), _snapshot(timezone.now()))


def _snapshot(known_at: datetime) -> Snapshot:
    return snapshots.take(OCTOBER, known_at=known_at, taken_at=timezone.now())[0]


def told(snapshot: Snapshot, *codes: str) -> dict[tuple[str, str], Decimal | None]:
    """Figures that are not 0, without the attempt in their key."""
    rows = snapshot.figures.filter(code__in=codes).exclude(value=0)
    return {(row.code, row.key.rpartition("|")[0] or row.key): row.value for row in rows}


def test_pipeline_and_moves_of_the_month_lose_it(taken: Taken) -> None:
    codes = ("pipeline.firms", "pipeline.listed", "pipeline.listed_on_named_boards", "pipeline.under_way",
             "pipeline.moves", "pipeline.moved")  # fmt: skip
    with within(EVERYTHING):
        stays = {("pipeline.firms", "inquiry"): 1, ("pipeline.under_way", ""): 1}
        assert told(taken.after, *codes) == stays
        assert told(taken.before, *codes) == {
            **stays, ("pipeline.firms", "cultivation"): 1, ("pipeline.under_way", ""): 2,
            ("pipeline.listed", ""): 1, ("pipeline.listed_on_named_boards", ""): 1,
            ("pipeline.moves", "listed"): 1, ("pipeline.moved", f"listed|{FIRM}"): 1,
        }  # fmt: skip


def test_target_and_forecast_lose_it(taken: Taken) -> None:
    with within(EVERYTHING):
        for snapshot, count in ((taken.before, 1), (taken.after, 0)):
            value = snapshot.figures.get(code="target.value", key="S3-8-04").value
            assert (value, snapshot.month) == (count, OCTOBER.first)
        then, now = (_expected(snapshot) for snapshot in taken)
    assert then.keys() == now.keys() == {"any", "named"}
    for way in then:
        assert then[way] - now[way] == pytest.approx(1, abs=1e-4)


def _expected(snapshot: Snapshot) -> dict[str, float]:
    return {row.key: float(row.value or 0) for row in snapshot.figures.filter(code="listing.expected")}


def test_readiness_judges_no_firm_by_it(taken: Taken) -> None:
    with within(EVERYTHING):
        found = [told(each, "readiness.whole") for each in taken]
    assert found == [
        {("readiness.whole", "beijing"): 1, ("readiness.whole", "chinext"): 1},
        {("readiness.whole", "chinext"): 1},
    ]


def test_both_computations_agree_before_and_after(taken: Taken) -> None:
    with within(EVERYTHING):
        for snapshot in taken:
            assert [str(one) for one in figures.differences(snapshot)] == []


@pytest.mark.parametrize(
    ("code", "scope", "key"),
    [
        ("pipeline.listed", "", ""),
        ("listing.expected", "counting", "named"),
        ("pipeline.moves", "move", "listed"),
        ("target.value", "target", "S3-8-04"),
    ],
)
def test_no_record_of_it_stands_behind_a_figure(taken: Taken, code: str, scope: str, key: str) -> None:
    def behind(snapshot: Snapshot) -> list[Any]:
        found = lines(SOURCES[code, scope], Reading(OCTOBER, snapshot.known_at), key=key, limit=100)
        return [line for line in found if line.day == LISTED]

    with within(EVERYTHING):
        assert (len(behind(taken.before)), len(behind(taken.after))) == (1, 0)
