"""Every figure leads back to its records, and what adds up adds up to the cent; a second computation finds a cent."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import NoScope, within
from tasks import catalogue, invariants, snapshots
from tasks.invariants import figures
from tasks.models import Figure, Snapshot
from tasks.records import SOURCES, Adds, Reading
from tasks.records.reading import lines, totals
from tests.cast import Api, Cast
from tests.tasks.test_month import OCTOBER, make_city

Speak = Callable[[str], Api]
PLACES = [(entry.code, entry.scope.value) for entry in catalogue.ENTRIES]


def take() -> Snapshot:
    with within(EVERYTHING):
        return snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())[0]


@pytest.fixture
def taken(cast: Cast, api: Speak) -> Snapshot:
    make_city(cast, api)
    return take()


def plant(owner: Any, table: str, change: str, *facts: object) -> None:
    """What a DBA could do: the triggers that keep facts for ever are switched off for it."""
    with owner.transaction():
        owner.execute("SELECT set_config('app.scope', 'everything', true)")
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert owner.execute(f"UPDATE {table} SET {change}", facts).rowcount == 1  # noqa: S608 - ours
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def broken() -> list[str]:
    with within(EVERYTHING):
        return [name for one in invariants.recomputed([OCTOBER]) for name in one.offenders]


class TestTheCatalogue:
    def test_every_figure_has_its_records_and_every_source_its_figure(self) -> None:
        assert set(PLACES) == set(SOURCES)

    def test_what_no_sql_gives_says_why_and_everything_else_is_computed_again(self) -> None:
        left_out = figures.not_by_sql()
        assert {code for code, _ in left_out} == {
            "lookthrough.paid_in", "lookthrough.nav", "lookthrough.commitment", "lookthrough.residual",
            "fund.reinvestment_points", "listing.expected", "listing.at_least_target", "listing.probability",
            "listing.expected_board", "listing.chance", "readiness.financial", "readiness.whole",
        }  # fmt: skip
        assert all(left_out.values())

    @pytest.mark.parametrize("adds", [Adds.RATE, Adds.RULE, Adds.NOT])
    def test_whatever_is_no_sum_of_its_lines_says_why_in_both_languages(self, adds: Adds) -> None:
        for source in SOURCES.values():
            if source.adds is adds:
                assert source.why.zh
                assert source.why.en
                assert bool(source.rule) is (adds is Adds.RULE)


class TestDrillDown:
    def test_every_sum_is_the_sum_of_its_lines_to_the_cent(self, taken: Snapshot) -> None:
        """All figures of a city that has ledger, deals, loans and positions: none is left out."""
        reading, seen = Reading(OCTOBER, taken.known_at), set()
        with within(EVERYTHING):
            for figure in Figure.objects.filter(snapshot=taken):
                source = SOURCES[figure.code, figure.scope]
                if (figure.code, figure.scope) in seen and not figure.value:
                    continue
                seen.add((figure.code, figure.scope))
                found = totals(source, reading, key=figure.key)
                if source.is_sum and figure.value is not None:
                    assert found.amount == figure.value, (figure.code, figure.scope, figure.key)
                elif source.adds is Adds.RATIO and figure.value is not None:
                    assert abs(found.over / found.under - figure.value) < 1e-8, figure.code
        assert len(seen) > 80

    def test_the_balance_of_a_bank_is_its_two_events(self, taken: Snapshot) -> None:
        with within(EVERYTHING):
            found = lines(
                SOURCES["loans.balance", "bank"], Reading(OCTOBER, taken.known_at), key="bank-a", limit=10
            )
        assert [(one.record, str(one.amount), one.who) for one in found] == [
            ("loan_event", "1000.00", "bank-a"), ("loan_event", "-300.00", "bank-a"),
        ]  # fmt: skip

    def test_pages_follow_each_other_without_gap_or_repetition(self, taken: Snapshot) -> None:
        source, reading = SOURCES["fund.nav", ""], Reading(OCTOBER, taken.known_at)
        with within(EVERYTHING):
            whole = lines(source, reading, key="", limit=100)
            pages, after = [], None
            while page := lines(source, reading, key="", after=after, limit=1):
                pages += page
                after = page[-1].place
        assert pages == whole
        assert [str(one.amount) for one in whole] == ["10000000.00", "3000000.00", "-3000000.00"]

    def test_without_a_scope_nothing_is_read(self, taken: Snapshot) -> None:
        with pytest.raises(NoScope):
            totals(SOURCES["fund.nav", ""], Reading(OCTOBER, taken.known_at), key="")


class TestTheSecondComputation:
    def test_agrees_with_a_snapshot_that_nobody_touched(self, taken: Snapshot) -> None:
        assert broken() == []

    def test_without_figures_there_is_nothing_to_check(self, cast: Cast) -> None:
        assert broken() == []


PLANTED = (
    ("loans.balance", "bank", "0.01"),
    ("fund.nav", "", "-0.01"),
    ("fund.dpi", "fund", "0.0000001"),
    ("exposure.public", "", "0.01"),
    ("loans.firms", "", "1"),
    ("concentration.hhi", "dimension", "0.0000001"),
    ("reporting.missing", "reporter", "1"),
)


def test_every_changed_figure_is_found_and_named(committed: Cast, owner_connection: Any) -> None:
    """As many at once as are named; each is taken back before the next, and then there are none."""
    _city_of(committed)
    change = (
        "value = value + %s WHERE id = (SELECT min(id) FROM tasks_figure"
        " WHERE code = %s AND scope = %s AND value IS NOT NULL)"
    )
    for planted in (PLANTED[:4], PLANTED[4:]):
        for code, scope, by in planted:
            plant(owner_connection, "tasks_figure", change, by, code, scope)
        found = [one.replace(":", " ") for one in broken()]
        named = [[code for code, _, _ in planted if f" {code} " in one] for one in found]
        assert sorted(named) == sorted([code] for code, _, _ in planted), found
        for code, scope, by in planted:
            plant(owner_connection, "tasks_figure", change, f"{-float(by):.7f}", code, scope)
    assert broken() == []


def _city_of(cast: Cast) -> Snapshot:
    make_city(cast, lambda name: Api(cast.key(name)))
    return take()


def test_facts_that_were_changed_behind_the_snapshot_are_found(
    committed: Cast, owner_connection: Any
) -> None:
    _city_of(committed)
    plant(
        owner_connection,
        "loans_loanevent",
        "effect = effect + 0.01, amount = amount + 0.01 WHERE record_type = %s",
        "disbursement",
    )
    assert any("loans.balance bank bank-a: 700 is stored, 700.01 computed" in one for one in broken())
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_invariants", "--json", "--month", "2026-10", stdout=said)
    answer = json.loads(said.getvalue())
    assert answer["holds"] is False
    assert {one["figure"] for one in answer["not_recomputed"]} == {c for c, _ in figures.not_by_sql()}
    with pytest.raises(CommandError):
        call_command("check_invariants", "--month", "October")
