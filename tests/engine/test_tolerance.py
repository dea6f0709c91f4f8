"""The tolerance of the angel fund, under rules as different as the published ones."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tasks.engine.tolerance import (
    Base,
    Budget,
    Facts,
    MixedScopeError,
    Project,
    Rule,
    Scope,
    Status,
    Timing,
    by_scope,
    losses_left,
    used,
)

ANGEL_TOTAL = Rule(
    scope=Scope.CATEGORY,
    base=Base.PRINCIPAL_PAID,
    netting=False,
    timing=Timing.REALISED,
    limit=Decimal("0.40"),
)


def _project(name: str = "robots", **changes: Any) -> Project:
    """A project of the angel fund into which ¥1m was paid."""
    given = {"fund": "angel", "category": "angel", "vintage": 2023, "principal_paid": Decimal(1_000_000)}
    return Project(project=name, **(given | changes))


# ¥3m paid; ¥0.5m lost and ¥0.3m gained for good, ¥0.2m impaired.
LOST = _project("lost", realised_loss=Decimal(500_000), liquidated=True)
SOLD = _project("sold", realised_gain=Decimal(300_000))
SHAKY = _project("shaky", impaired=Decimal(200_000))
CITY = Facts((LOST, SOLD, SHAKY), size=Decimal(10_000_000))


def test_realised_losses_count_against_the_principal_paid() -> None:
    assert used(ANGEL_TOTAL, CITY) == Budget(
        limit=Decimal(1_200_000),
        realised=Decimal(500_000),
        impaired=Decimal(200_000),
        left=Decimal(700_000),
        status=Status.WITHIN,
    )


def test_the_limit_may_be_of_the_funds_size() -> None:
    budget = used(replace(ANGEL_TOTAL, base=Base.SIZE), CITY)
    assert (budget.limit, budget.left) == (Decimal(4_000_000), Decimal(3_500_000))


def test_gains_offset_losses_only_where_the_rule_says_so() -> None:
    budget = used(replace(ANGEL_TOTAL, netting=True), CITY)
    assert (budget.realised, budget.left) == (Decimal(200_000), Decimal(1_000_000))


def test_gains_above_the_losses_make_no_room() -> None:
    happy = Facts((LOST, replace(SOLD, realised_gain=Decimal(9_000_000))))
    budget = used(replace(ANGEL_TOTAL, netting=True), happy)
    assert (budget.realised, budget.left) == (Decimal(0), Decimal(800_000))


def test_impairments_count_only_where_the_rule_says_so() -> None:
    budget = used(replace(ANGEL_TOTAL, timing=Timing.REALISED_AND_IMPAIRED), CITY)
    assert (budget.realised, budget.impaired, budget.left) == (
        Decimal(500_000),
        Decimal(200_000),
        Decimal(500_000),
    )


def test_a_gain_never_offsets_an_impairment() -> None:
    rule = replace(ANGEL_TOTAL, netting=True, timing=Timing.REALISED_AND_IMPAIRED)
    assert used(rule, Facts((SOLD, SHAKY))).left == Decimal(800_000 - 200_000)


def test_at_liquidation_only_what_is_wound_up_counts() -> None:
    rule = replace(ANGEL_TOTAL, timing=Timing.LIQUIDATION, netting=True)
    still_held = _project("partly lost", realised_loss=Decimal(900_000))
    budget = used(rule, Facts((LOST, SOLD, still_held)))
    assert (budget.realised, budget.left) == (Decimal(500_000), Decimal(700_000))


def test_a_single_project_may_be_lost_whole() -> None:
    rule = replace(ANGEL_TOTAL, scope=Scope.PROJECT, limit=Decimal(1))
    budget = used(rule, Facts((replace(LOST, realised_loss=Decimal(1_000_000)),)))
    assert (budget.left, budget.status) == (Decimal(0), Status.WARNING)


@pytest.mark.parametrize(
    ("loss", "status"),
    [
        ("0", Status.WITHIN),
        ("319999.99", Status.WITHIN),
        ("320000.00", Status.WARNING),
        ("400000.00", Status.WARNING),
        ("400000.01", Status.EXCEEDED),
    ],
)
def test_the_status_turns_at_the_warning_line_and_above_the_limit(loss: str, status: Status) -> None:
    budget = used(ANGEL_TOTAL, Facts((_project(realised_loss=Decimal(loss)),)))
    assert budget.status is status
    assert budget.left == Decimal(400_000) - Decimal(loss)


def test_the_warning_line_is_data() -> None:
    rule = replace(ANGEL_TOTAL, warning=Decimal("0.5"))
    assert used(rule, Facts((_project(realised_loss=Decimal(200_000)),))).status is Status.WARNING


def test_a_limit_between_two_fen_is_the_lower() -> None:
    rule = replace(ANGEL_TOTAL, limit=Decimal("0.333"))
    assert used(rule, Facts((_project(principal_paid=Decimal("0.05")),))).limit == Decimal("0.01")


def test_without_projects_nothing_is_tolerated_and_nothing_lost() -> None:
    assert used(ANGEL_TOTAL, Facts(())) == Budget(
        Decimal(0), Decimal(0), Decimal(0), Decimal(0), Status.WITHIN
    )


def test_a_size_that_is_not_reported_leaves_the_budget_unknown() -> None:
    budget = used(replace(ANGEL_TOTAL, base=Base.SIZE), Facts((LOST,)))
    assert budget == Budget(None, Decimal(500_000), Decimal(0), None, Status.UNKNOWN)


def test_an_impairment_that_is_not_reported_is_not_zero() -> None:
    facts = Facts((LOST, replace(SHAKY, impaired=None)))
    assert used(ANGEL_TOTAL, facts).left == Decimal(300_000)
    assert used(ANGEL_TOTAL, facts).impaired is None
    counting = used(replace(ANGEL_TOTAL, timing=Timing.REALISED_AND_IMPAIRED), facts)
    assert (counting.left, counting.status) == (None, Status.UNKNOWN)


@pytest.mark.parametrize(
    ("scope", "changes"),
    [
        (Scope.FUND, {"fund": "mother"}),
        (Scope.CATEGORY, {"category": "seed"}),
        (Scope.VINTAGE, {"vintage": 2024}),
        (Scope.PROJECT, {"project": "chips"}),
    ],
)
def test_facts_of_two_scopes_are_refused(scope: Scope, changes: dict[str, Any]) -> None:
    stranger = replace(_project(), **changes)
    with pytest.raises(MixedScopeError, match=scope.value):
        used(replace(ANGEL_TOTAL, scope=scope), Facts((_project(), stranger)))
    assert len(by_scope(replace(ANGEL_TOTAL, scope=scope), [_project(), stranger])) == 2


def test_each_scope_has_its_own_budget() -> None:
    seed = _project("seedling", category="seed", realised_loss=Decimal(10))
    budgets = by_scope(
        replace(ANGEL_TOTAL, base=Base.SIZE), [LOST, seed, SOLD], sizes={"angel": Decimal(2_000_000)}
    )
    assert list(budgets) == ["angel", "seed"]
    assert budgets["angel"].left == Decimal(300_000)
    assert budgets["seed"].status is Status.UNKNOWN


@pytest.mark.parametrize("limit", [Decimal("-0.01"), Decimal("1.01"), Decimal(40), Decimal("NaN")])
def test_a_limit_that_is_no_fraction_is_refused(limit: Decimal) -> None:
    with pytest.raises(ValueError, match="fraction"):
        replace(ANGEL_TOTAL, limit=limit)


@pytest.mark.parametrize("warning", [Decimal(0), Decimal("1.5")])
def test_a_warning_line_that_never_or_always_warns_is_refused(warning: Decimal) -> None:
    with pytest.raises(ValueError, match="fraction"):
        replace(ANGEL_TOTAL, warning=warning)


@pytest.mark.parametrize("field", ["principal_paid", "realised_loss", "realised_gain", "impaired"])
@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_an_amount_that_would_turn_a_loss_into_room_is_refused(field: str, amount: Decimal) -> None:
    with pytest.raises(ValueError, match="robots"):
        _project(**{field: amount})


@pytest.mark.parametrize(("typical", "count"), [(350_000, 2), (350_001, 1), (700_001, 0)])
def test_how_many_more_losses_fit_by_hand(typical: int, count: int) -> None:
    assert losses_left(used(ANGEL_TOTAL, CITY), typical=Decimal(typical)) == count


def test_no_loss_fits_into_an_exceeded_budget() -> None:
    over = used(ANGEL_TOTAL, Facts((_project(realised_loss=Decimal(900_000)),)))
    assert losses_left(over, typical=Decimal(1)) == 0


def test_what_is_unknown_stays_unknown() -> None:
    unknown = used(replace(ANGEL_TOTAL, base=Base.SIZE), Facts((LOST,)))
    assert losses_left(unknown, typical=Decimal(1)) is None


@pytest.mark.parametrize("typical", [Decimal(0), Decimal(-5)])
def test_a_typical_loss_is_a_loss(typical: Decimal) -> None:
    with pytest.raises(ValueError, match="positive"):
        losses_left(used(ANGEL_TOTAL, CITY), typical=typical)
