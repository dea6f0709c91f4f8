"""Listings and the figures of their firms led back to their records: rows that count, and none that were put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tasks.invariants import figures
from tasks.models import Figure, Snapshot
from tasks.records import SOURCES, Reading
from tasks.records.reading import Line, lines
from tests.cast import Api, Cast
from tests.listings.conftest import FIRM, OTHER_FIRM, Desk, made, register
from tests.tasks.test_month import OCTOBER

YEAR = {"revenue": "100000000.00", "effective_date": "2026-04-20", "source": "审计报告"}
CAP = {
    "name": "expected_market_cap",
    "number": "4000000000",
    "effective_date": "2026-03-31",
    "source": "B轮投后",
}


@pytest.fixture
def taken(cast: Cast, api: Callable[[str], Api]) -> Snapshot:
    """One firm is in the inquiry on STAR, its withdrawal was a mistake; the other is listed on ChiNext, and in Beijing
    by an entry of the year before the plan, put right since."""
    register(cast)
    desk = Desk(api("maker"))
    inquiry = made(desk.start("applied", "2025-01-01"))["id"]
    made(desk.enter(inquiry, "inquiry", "2025-03-01", reason="跳过"))
    wrong = made(desk.enter(inquiry, "withdrawn", "2025-04-01"))
    _put_right(desk, wrong, "take-back", reason="误录")
    for board, day in (("chinext", "2025-06-01"), ("beijing", "2021-06-01")):
        attempt = made(desk.start("registered", "2021-05-01", uscc=OTHER_FIRM, board=board))["id"]
        listed = made(desk.enter(attempt, "listed", day))
    said = {"effective_date": "2024-06-01", "evidence": "公告", "reason": "年份误录"}
    _put_right(desk, listed, "correct", **said)
    made(desk.api.post(f"/firms/{FIRM}/financial-years", {"year": 2025, **YEAR}))
    made(desk.api.post(f"/firms/{FIRM}/financial-years/2025/correct", {**YEAR, "revenue": "400000000.00"}))
    made(desk.api.post(f"/firms/{FIRM}/listing-statements", CAP))
    with within(EVERYTHING):
        return snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())[0]


def _put_right(desk: Desk, of: dict[str, Any], how: str, **said: str) -> None:
    last = of["stages"][-1]["id"]
    made(desk.api.post(f"/ipo-candidates/{of['id']}/stages/{last}/{how}", said))


def behind(taken: Snapshot, code: str, scope: str, key: str) -> list[Line]:
    return lines(SOURCES[code, scope], Reading(OCTOBER, taken.known_at), key=key, limit=100)


def test_both_computations_agree_on_stages_put_right(taken: Snapshot) -> None:
    with within(EVERYTHING):
        assert [str(one) for one in figures.differences(taken)] == []
        rows = taken.figures.filter(code__startswith="pipeline.").exclude(value=0)
        found = {(figure.code, figure.key): figure.value for figure in rows}
    assert found == {
        ("pipeline.firms", "inquiry"): 1, ("pipeline.under_way", ""): 1, ("pipeline.listed", ""): 1,
        ("pipeline.listed_on_named_boards", ""): 1,
    }  # fmt: skip


def test_every_forecast_leads_to_the_stages_that_count(taken: Snapshot) -> None:
    """Two stages of each of three attempts count, those on STAR and ChiNext among the named; the withdrawal does not."""
    with within(EVERYTHING):
        told = Figure.objects.filter(snapshot=taken, code__startswith="listing.")
        found = {(one.code, one.key): behind(taken, one.code, one.scope, one.key) for one in told}
    assert Counter(line.record for each in found.values() for line in each).keys() == {"stage_event"}
    assert {key: len(each) for (code, key), each in found.items() if code == "listing.expected"} == {
        "any": 6, "named": 4,
    }  # fmt: skip
    assert all(
        len(each) == (6 if key.startswith("any|") else 4)
        for (code, key), each in found.items()
        if code == "listing.probability"
    )
    by_board = {key: len(each) for (code, key), each in found.items() if code == "listing.expected_board"}
    assert by_board == {"star": 2, "chinext": 2, "beijing": 2, "main": 0, "hong_kong": 0}
    (chances,) = (each for (code, _key), each in found.items() if code == "listing.chance")
    assert sorted(str(line.day) for line in chances) == ["2025-01-01", "2025-03-01"]


@pytest.mark.parametrize("code", ["readiness.financial", "readiness.whole"])
def test_readiness_leads_to_the_years_and_statements_of_firms_under_way(taken: Snapshot, code: str) -> None:
    with within(EVERYTHING):
        met, elsewhere = (behind(taken, code, "readiness", f"{board}|meets") for board in ("star", "chinext"))
    assert {line.record for line in met} == {"financial_year", "firm_statement"}
    # The year as it was put right, once.
    assert len(met) == 2
    assert elsewhere == []
