"""Budgets computed a second time, in SQL: every scope, base, netting and timing of the worked cases."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import snapshots
from tasks.invariants import figures
from tasks.records import SOURCES, Reading
from tasks.records.reading import totals
from tests.funds.conftest import Desk, made
from tests.funds.following import Follower
from tests.risk.test_tolerances import OCTOBER, angel, approved

__all__ = ["angel"]


def test_both_computations_agree_on_every_budget(angel: Desk, api: Any) -> None:
    """Every kind of scope at once, beside a gain of half a million that some rules set off, and a deal that is signed."""
    sold = made(angel.invest("1000000.00", "2026-03-05"))["holding"]
    made(angel.exit(sold, cash="1500000.00", cost="1000000.00", on="2026-08-03"))
    Follower(angel).at("signed", planned_amount="700000.00")
    for changes in (
        {"scope": "fund", "fund": "angel", "key": "", "base": "size", "netting": True, "timing": "realised"},
        {"scope": "tier", "key": ""},
        {"scope": "tier", "key": "industry", "base": "size"},
        {"scope": "category", "key": ""},
        {"scope": "category", "fund": "angel", "key": "growth"},
        {"scope": "vintage", "key": "", "base": "size", "timing": "liquidation"},
        {"scope": "project", "key": "", "limit_pct": "100"},
    ):
        approved(api, **changes)
    with within(EVERYTHING):
        taken, _new = snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())
        assert [str(one) for one in figures.differences(taken)] == []
        rows = taken.figures.filter(scope="budget", code__startswith="tolerance.")
        found = {(figure.code, figure.key): figure.value for figure in rows}
        lost = totals(
            SOURCES["tolerance.realised", "budget"], Reading(OCTOBER, taken.known_at), key="category:seed"
        )
    assert found["tolerance.typical", "category:seed"] == 3_000_000
    # 2, 4, 6 and 1 million paid, half of it tolerated; of 20 million subscribed half too, and 0.5 of 6 lost made up for.
    assert found["tolerance.limit", "tier:angel"] == 6_500_000
    assert found["tolerance.left", "fund:angel"] == 10_000_000 - 5_500_000
    assert found["tolerance.committed", "fund:angel"] == 700_000
    assert lost.amount == -6_000_000
