"""Budgets computed a second time, in SQL: every scope, base, netting and timing of the worked cases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from finance_hub.kernel import firms
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import within
from funds.models import Holding
from tasks import snapshots
from tasks.invariants import figures
from tasks.models import Snapshot
from tasks.records import SOURCES, Reading
from tasks.records.reading import totals
from tests.cast import Cast
from tests.funds.conftest import OTHER_FIRM, Desk, made
from tests.funds.following import Follower
from tests.risk.test_tolerances import OCTOBER, angel, approved

__all__ = ["angel"]


def take() -> Snapshot:
    return snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())[0]


def broken(taken: Snapshot) -> list[str]:
    return [str(one) for one in figures.differences(taken)]


def limits(taken: Snapshot) -> dict[str, Decimal | None]:
    rows = taken.figures.filter(code="tolerance.limit", scope="budget")
    return {figure.key: figure.value for figure in rows}


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
        taken = take()
        assert broken(taken) == []
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


def test_a_rule_that_names_its_key_stands_there_for_the_general_one(angel: Desk, api: Any) -> None:
    """Of 12 million paid for seed firms 20 % are tolerated, of the million for a firm of no stage 50 %."""
    made(angel.invest("1000000.00", "2026-03-05"))
    approved(api, key="")
    approved(api, key="seed", limit_pct="20.00")
    with within(EVERYTHING):
        taken = take()
        assert limits(taken) == {"category:unstaged": 500_000, "category:seed": 2_400_000}
        assert broken(taken) == []


def test_rules_on_holdings_that_had_no_deal_yet_are_told_apart(angel: Desk, api: Any) -> None:
    later = [made(angel.invest("1.00", "2026-11-02"))["holding"]]
    later.append(made(angel.invest("2.00", "2026-11-02", uscc=OTHER_FIRM, firm_name="另一家"))["holding"])
    with within(EVERYTHING):
        lost = Holding.objects.get(firm__name="种子0号").public_id
    approved(api, scope="project", key="")
    for holding in (lost, *later):
        approved(api, scope="project", key=holding, limit_pct="10.00")
    with within(EVERYTHING):
        taken = take()
        others = {key: limit for key, limit in limits(taken).items() if limit not in (2_000_000, 3_000_000)}
        assert others == {f"project:{lost}": 200_000, **{f"project:{holding}": 0 for holding in later}}
        assert broken(taken) == []


def test_the_stage_of_a_firm_counts_as_it_was_known(angel: Desk, api: Any, cast: Cast) -> None:
    """One of the seed firms grows up after the figures are taken: what was stored of them stays right."""
    approved(api, key="")
    with within(EVERYTHING):
        taken = take()
        firm = Firm.objects.get(name="种子0号")
        firms.edit(firm, version=firm.version, by=cast["maker"], now=timezone.now(), stage="growth")
        assert broken(taken) == []
        assert set(limits(taken)) == {"category:seed"}
        again = take()
        assert set(limits(again)) == {"category:seed", "category:growth"}
        assert broken(again) == []
