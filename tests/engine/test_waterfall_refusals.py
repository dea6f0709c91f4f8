"""What no waterfall is computed from."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tasks.engine.waterfall import Deal, Event, Kind, hypothetical
from tests.engine.waterfalls import Y2021, Y2022, called, terms


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"carry": Decimal("-0.01")}, "carry"),
        ({"carry": Decimal("1.01")}, "carry"),
        ({"carry": 20}, "carry"),
        ({"carry": 0.2}, "carry"),
        ({"carry": Decimal("NaN")}, "carry"),
        ({"carry": "0.2"}, "carry"),
        ({"preferred_return": Decimal("-0.08")}, "preferred_return"),
        ({"preferred_return": 8}, "preferred_return"),
        ({"preferred_return": 0.08}, "preferred_return"),
        ({"preferred_return": None}, "preferred_return"),
        ({"catch_up": Decimal("1.5")}, "catch_up"),
        ({"catch_up": 0.5}, "catch_up"),
        ({"catch_up": True}, "catch_up"),
        ({"catch_up": Decimal("0.1")}, "catch_up"),
        ({"catch_up": Decimal("0.2")}, "catch_up"),
        ({"carry": 1}, "catch_up"),
        ({"catch_up_target": Decimal("0.21")}, "catch_up_target"),
        ({"catch_up_target": Decimal("-0.1")}, "catch_up_target"),
        ({"catch_up_target": 0.2}, "catch_up_target"),
        ({"compounding": "monthly"}, "compounding"),
        ({"compounding": None}, "compounding"),
        ({"day_count": "ACT/366"}, "day_count"),
        ({"day_count": "actual"}, "day_count"),
        ({"day_count": None}, "day_count"),
    ],
)
def test_terms_that_no_waterfall_can_follow_are_refused(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named}: "):
        terms(**changed)


NO_MONEY = [Decimal("-0.01"), Decimal("0.001"), 1.0, True, None, "1", Decimal("NaN"), Decimal("Infinity"),
            Decimal(10) ** 16, Decimal("1e40")]  # fmt: skip
NO_DAY = [None, "2021-01-01", 2021]


@pytest.mark.parametrize("amount", NO_MONEY)
def test_amounts_that_are_no_money_are_refused(amount: Any) -> None:
    with pytest.raises(ValueError, match=r"^amount: "):
        Event(Y2021, Kind.CONTRIBUTION, amount)
    with pytest.raises(ValueError, match=r"^nav: "):
        hypothetical([], nav=amount, on=Y2021, terms=terms())
    for name in ("investments", "proceeds", "expenses"):
        flows: dict[str, Any] = {"investments": [], name: [(Y2021, amount)]}
        with pytest.raises(ValueError, match=rf"^{name}: "):
            Deal(**flows)


@pytest.mark.parametrize("on", NO_DAY)
def test_what_is_no_day_is_refused(on: Any) -> None:
    with pytest.raises(ValueError, match=r"^on: "):
        Event(on, Kind.CONTRIBUTION, Decimal(1))
    with pytest.raises(ValueError, match=r"^on: "):
        hypothetical([], nav=Decimal(1), on=on, terms=terms())
    with pytest.raises(ValueError, match=r"^proceeds: "):
        Deal([], [(on, Decimal(1))])


def test_a_moment_is_no_day() -> None:
    with pytest.raises(ValueError, match=r"^written_off: "):
        Deal([], written_off=datetime(2021, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("kind", ["call", None, "Contribution"])
def test_an_event_is_a_contribution_or_a_distribution(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"^kind: "):
        Event(Y2021, kind, Decimal(1))


def test_a_fund_is_not_realised_before_what_is_known_of_it() -> None:
    with pytest.raises(ValueError, match=r"^on: "):
        hypothetical([called(Y2022, 1)], nav=Decimal(1), on=Y2021, terms=terms())
