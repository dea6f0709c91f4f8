"""Listings forecast from recorded stages: the example of docs/listing-forecast.md, and what the figures keep of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from finance_hub.kernel import firms, uscc
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from listings import operations, stage_priors
from listings.models import Board
from listings.queries import AttemptRow, StageRow
from tasks import frames
from tasks.catalogue import listings as catalogue
from tasks.catalogue.listing_counts import counts, horizon
from tasks.engine.forecast import Prior
from tasks.target_facts import TargetFact
from tests.cast import NOW, Api, Cast
from tests.engine.roads import AS_OF, ROAD, day
from tests.listings.conftest import refused
from tests.tasks.city import EMPTY, compute

about = pytest.approx
#: The roads of the paper: stages and how many days before the day of the forecast they were entered.
PAPER = {
    1: (("committee", 210), ("registered", 200), ("listed", 199)),
    2: (("committee", 210), ("withdrawn", 200)),
    3: (("committee", 120), ("registered", 100), ("listed", 98)),
    4: (("committee", 15),),
    5: (("committee", 10),),
    6: (("registered", 1),),
}  # fmt: skip
IN_TWO_DAYS = AS_OF + timedelta(days=2)


def code(number: int) -> str:
    stem = f"91330483MA2C{number:05}"
    return next(stem + last for last in uscc.ALPHABET if uscc.check(stem + last) is None)


@pytest.fixture
def recorded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The history of the paper, as the centre records it, with the priors of the paper."""
    monkeypatch.setattr(
        stage_priors, "assumed", lambda: tuple(stage_priors.StagePrior(*_plain(p)) for p in ROAD)
    )
    with within(EVERYTHING):
        for number, road in PAPER.items():
            firms.register(
                code=code(number),
                name=f"F{number}",
                source="centre",
                known_from=day(3000),
                by=cast["maker"],
                now=NOW,
            )
            _walk(cast, code(number), road, board="chinext" if number == 3 else "star")
        yield cast


def _plain(prior: Prior) -> tuple[Any, ...]:
    return (prior.stage, prior.conversion, prior.least_days, prior.mean_days, prior.strength, prior.source)


def _walk(cast: Cast, code: str, road: tuple[tuple[str, int], ...], *, board: str) -> None:
    said: dict[str, Any] = {"evidence": "公告", "reason": "跳过", "by": cast["maker"], "now": NOW}
    (first, ago), *rest = road
    attempt = operations.start_attempt(uscc=code, board=board, stage=first, effective_date=day(ago), **said)
    for stage, ago in rest:
        operations.enter_stage(attempt=attempt.public_id, stage=stage, effective_date=day(ago), **said)


def forecast(api: Callable[[str], Api], **query: Any) -> dict[str, Any]:
    asked = {"as_of": (AS_OF - timedelta(days=1)).isoformat(), "deadline": IN_TWO_DAYS.isoformat(), **query}
    answer = api("auditor").get("/listings/forecast?" + "&".join(f"{k}={v}" for k, v in asked.items()))
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


class TestThePaper:
    def test_the_forecast_from_recorded_stages_is_that_of_the_paper(
        self, recorded: Cast, api: Callable[[str], Api]
    ) -> None:
        found = forecast(api)
        any_board, named = found["counts"]
        assert (any_board["count"], found["wanted"], found["since"]) == ("any", 4, "2022-01-01")
        assert Decimal(any_board["expected"]) == about(Decimal("3.07748235"), abs=Decimal("1e-8"))
        assert Decimal(any_board["at_least_target"]) == about(Decimal("0.21183132"), abs=Decimal("1e-8"))
        chances = {one["firm_name"]: float(one["probability"]) for one in found["chances"]}
        assert chances == {
            "F1": 1, "F3": 1, "F6": about(0.814), "F5": about(0.2464), "F4": about(0.01708235), "F2": 0,
        } or chances == {"F1": 1, "F3": 1, "F6": about(0.814), "F5": about(0.2464), "F4": about(0.01708235)}  # fmt: skip
        assert sum(Decimal(one["probability"]) for one in any_board["distribution"]) == about(1, abs=1e-7)
        # All six are on boards that the plan names, so that both ways to count agree.
        assert named["expected"] == any_board["expected"]
        assert found["notes"] == ["thin-history: registered 2"]
        assert [prior["source"] for prior in found["priors"]] == ["assumed", "assumed"]

    def test_what_is_stored_is_what_is_answered(
        self, recorded: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = frames.read(Month(2025, 12), known_at=datetime(2100, 1, 1, tzinfo=UTC))
        assert read.month.end == AS_OF
        target = next(t for t in read.targets if t.metric == "new_listings")
        due = replace(read, targets=[target._replace(deadline=IN_TWO_DAYS)])
        assert compute(due, "listing.expected", "counting")["any"].value == about(
            Decimal("3.07748235"), abs=Decimal("1e-8")
        )
        reached = compute(due, "listing.at_least_target", "counting")["any"]
        assert reached.value == about(Decimal("0.21183132"), abs=Decimal("1e-8"))
        assert reached.notes == (f"deadline: {IN_TWO_DAYS}", "thin-history: registered 2")
        by_number = compute(due, "listing.probability", "listings")
        assert set(by_number) == {f"{way}|{n}" for way in ("any", "named") for n in range(6)}
        assert by_number["any|0"].value == by_number["any|1"].value == 0
        assert by_number["any|2"].value == about(Decimal("0.13777516"), abs=Decimal("1e-8"))
        by_board = compute(due, "listing.expected_board", "board")
        assert by_board["chinext"].value == 1
        assert by_board["star"].value == about(Decimal("2.07748235"), abs=Decimal("1e-8"))
        chances = compute(due, "listing.chance", "firm")
        assert [(key, round(float(p.value or 0), 4)) for key, p in chances.items()] == [
            (code(6), 0.814), (code(5), 0.2464), (code(4), 0.0171),
        ]  # fmt: skip

    def test_a_stage_recorded_later_is_no_history_before(
        self, recorded: Cast, api: Callable[[str], Api]
    ) -> None:
        known = NOW.isoformat().replace("+00:00", "%2B00:00")
        before = forecast(api, known_at=known)
        operations.enter_stage(
            attempt=_attempt(5), stage="withdrawn", effective_date=day(1), evidence="公告", reason="撤回",
            by=recorded["maker"], now=NOW + timedelta(seconds=1),
        )  # fmt: skip
        assert forecast(api, known_at=known) == before
        after = forecast(api)
        assert Decimal(after["counts"][0]["expected"]) < Decimal(before["counts"][0]["expected"])

    def test_the_boards_that_the_plan_names_are_counted_apart(
        self, recorded: Cast, api: Callable[[str], Api]
    ) -> None:
        extra = 7
        firms.register(
            code=code(extra), name="F7", source="centre", known_from=day(3000), by=recorded["maker"], now=NOW
        )
        _walk(recorded, code(extra), (("listed", 5),), board="beijing")
        any_board, named = forecast(api)["counts"]
        assert Decimal(any_board["expected"]) - Decimal(named["expected"]) == 1

    def test_a_firm_listed_before_the_plan_is_none_of_its_listings(
        self, recorded: Cast, api: Callable[[str], Api]
    ) -> None:
        before = forecast(api)["counts"][0]["expected"]
        firms.register(
            code=code(8), name="F8", source="centre", known_from=day(3000), by=recorded["maker"], now=NOW
        )
        _walk(recorded, code(8), (("listed", (AS_OF - date(2021, 12, 31)).days),), board="star")
        assert forecast(api)["counts"][0]["expected"] == before


def _attempt(number: int) -> str:
    from listings.models import ListingAttempt

    return ListingAttempt.objects.get(firm__uscc=code(number)).public_id


class TestTheAnswer:
    def test_an_empty_pipeline_lists_nobody_for_sure(self, api: Callable[[str], Api]) -> None:
        found = forecast(api)
        assert [one["distribution"] for one in found["counts"]] == [[{"listings": 0, "probability": "1"}]] * 2
        assert {one["expected"] for one in found["by_board"]} == {"0"}
        assert (found["chances"], found["notes"]) == ([], [])

    def test_a_deadline_that_has_passed_is_said_and_another_one_taken(
        self, api: Callable[[str], Api]
    ) -> None:
        answer = api("maker").get("/listings/forecast?as_of=2026-10-31").json()
        assert answer["deadline"] == "2027-12-31"
        assert answer["notes"] == ["deadline: 2027-12-31", "deadline-passed: 2023-12-31"]

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("deadline=2040-01-01&as_of=2026-10-31", "deadline-too-far"),
            ("deadline=soon", "date-format"),
            ("deadline=2026-02-30", "date-format"),
            ("as_of=2026-13-01", "date-format"),
            ("known_at=2026-11-05", "time-format"),
        ],
    )
    def test_a_question_that_is_none(self, api: Callable[[str], Api], query: str, name: str) -> None:
        refused(api("maker").get(f"/listings/forecast?{query}"), 422, name)

    @pytest.mark.parametrize("name", ["manager_angel", "bank_a", "guarantor_a", "department", "admin"])
    def test_the_pipeline_is_the_centres(self, api: Callable[[str], Api], name: str) -> None:
        refused(api(name).get("/listings/forecast"), 403, "forbidden")


class TestTheFigures:
    TARGET = TargetFact(
        "T", "new_listings", "4", "firms", ">=", date(2022, 1, 1), None, "computed", None, None
    )

    def test_a_target_without_a_deadline_has_no_forecast_and_says_so(self) -> None:
        undated = replace(EMPTY, targets=[self.TARGET])
        for name in ("listing.expected", "listing.at_least_target"):
            assert {p.reason for p in compute(undated, name, "counting").values()} == {"not-reported"}
        assert compute(undated, "listing.probability", "listings") == {}
        assert compute(undated, "listing.chance", "firm") == {}

    def test_firms_that_stay_longer_than_any_are_counted_not_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "firm_names", lambda ids: {pk: (f"U{pk}", f"{pk}") for pk in ids})
        early, late, left = date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 9)
        stages = [
            StageRow(1, 11, "star", "committee", late), StageRow(1, 11, "star", "registration_submitted", left),
            StageRow(2, 12, "star", "committee", early), StageRow(3, 13, "main", "committee", early),
        ]  # fmt: skip
        pipeline = [AttemptRow(3, 13, "main", "committee", date(2025, 1, 1))]
        due = replace(
            EMPTY,
            targets=[self.TARGET._replace(deadline=date(2026, 12, 31))],
            stages=stages,
            pipeline=pipeline,
        )
        notes = compute(due, "listing.expected", "counting")["any"].notes
        assert notes[0] == "deadline: 2026-12-31"
        # Who is still there was watched for as long as it has been there, and not a day longer.
        assert notes[-1] == "beyond-history: 2"
        assert sum(
            float(p.value or 0) for p in compute(due, "listing.probability", "listings").values()
        ) == about(2, abs=1e-6)

    def test_the_horizon(self) -> None:
        assert horizon(None, as_of=date(2026, 11, 1)) is None
        assert horizon(date(2026, 11, 1), as_of=date(2026, 11, 1)) == (
            date(2026, 11, 1),
            ("deadline: 2026-11-01",),
        )
        passed = horizon(date(2026, 10, 31), as_of=date(2026, 11, 1))
        assert passed == (date(2027, 12, 31), ("deadline: 2027-12-31", "deadline-passed: 2026-10-31"))

    def test_the_ways_to_count_are_whole(self) -> None:
        said = counts()
        assert said.headline in {way.code for way in said.counts}
        assert {board for way in said.counts for board in way.boards} <= set(Board.values)
        assert all(way.source for way in said.counts)
        assert set(said.history_boards) <= set(Board.values)
