"""What is agreed for a fund, from which day on, and what its caps leave; funds that are investors of funds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from funds.models import FundTerms
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.terms import AGREED, agree


def in_force(desk: Desk, **query: str) -> dict[str, Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = desk.api.get(f"/funds/{desk.fund}/terms/in-force?{asked}")
    assert answer.status_code == 200, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


def test_the_day_decides_which_terms_are_in_force(angel: Desk) -> None:
    made(agree(angel))
    made(agree(angel, valid_from="2027-06-01", fee_base="invested", fee_rate_pct="1.5"))
    assert in_force(angel, as_of="2022-05-31") == {"terms": None, "headroom": []}
    assert in_force(angel, as_of="2026-11-01")["terms"]["fee_rate_pct"] == "2.0000"
    later = in_force(angel, as_of="2027-06-01")["terms"]
    assert (later["fee_base"], later["fee_rate_pct"], later["catch_up_pct"]) == ("invested", "1.5000", None)


def test_of_one_day_the_row_recorded_last_is_in_force_and_the_first_is_kept(angel: Desk) -> None:
    first = made(agree(angel))
    made(agree(angel, fee_rate_pct="1.8"))
    assert in_force(angel)["terms"]["fee_rate_pct"] == "1.8000"
    listed = angel.api.get("/funds/angel/terms").json()["data"]
    assert [row["fee_rate_pct"] for row in listed] == ["1.8000", "2.0000"]
    then = first["recorded_at"].replace("+", "%2B")
    assert in_force(angel, known_at=then)["terms"] is None  # recorded within that second, after its beginning


def test_each_firm_has_its_room_below_the_cap(funded: Desk) -> None:
    """A fifth of 50 million paid in is 10 million: 9 held leaves 1, 11 held is 1 above."""
    made(agree(funded))
    made(funded.invest("9000000.00", "2022-09-15"))
    larger = made(funded.invest("12000000.00", "2022-09-15", uscc=OTHER_FIRM, firm_name="另一家企业"))
    made(funded.exit(larger["holding"], cash="1500000.00", cost="1000000.00", on="2023-01-01"))
    rows = in_force(funded)["headroom"]
    assert [(row["subject"], row["used"], row["limit"], row["room"]) for row in rows] == [
        ("另一家企业", "11000000.00", "10000000.00", "-1000000.00"),
        ("桐乡示例科技有限公司", "9000000.00", "10000000.00", "1000000.00"),
    ]


@pytest.mark.parametrize(
    ("base", "limit"),
    [
        ("commitment", "20000000.00"),
        ("paid_in", "10000000.00"),
        ("invested", "1800000.00"),
        ("net_assets", "10600000.00"),
    ],
)
def test_a_cap_is_a_share_of_what_the_terms_say(funded: Desk, base: str, limit: str) -> None:
    """Committed 100, paid 50, invested 9 now worth 12: net assets 41 + 12 million."""
    made(agree(funded, firm_cap_base=base))
    holding = made(funded.invest("9000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="12000000.00", on="2023-01-01"))
    assert in_force(funded)["headroom"][0]["limit"] == limit


def test_a_cap_on_nothing_has_no_room_to_speak_of(angel: Desk) -> None:
    made(agree(angel))
    assert in_force(angel)["headroom"] == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"fee_base": None}, "#/fee_base", "required"),
        ({"fee_rate_pct": None}, "#/fee_rate_pct", "required"),
        ({"firm_cap_base": "-"}, "#/firm_cap_base", "required"),
        ({"compounding": None}, "#/compounding", "required"),
        ({"order": None}, "#/order", "required"),
        ({"reinvestment_multiple": "1.5"}, "#/reinvestment_base", "required"),
        ({"catch_up_pct": "20"}, "#/catch_up_pct", "catch-up-never-ends"),
        ({"catch_up_pct": "15", "catch_up_target_pct": "15"}, "#/catch_up_pct", "catch-up-never-ends"),
        ({"catch_up_target_pct": "20.0001"}, "#/catch_up_target_pct", "target-above-carry"),
        (
            {"catch_up_pct": "50", "carried_interest_pct": None, "order": None},
            "#/carried_interest_pct",
            "required",
        ),
        ({"day_count": "ACT/366"}, "#/day_count", "invalid_choice"),
        ({"fee_base": "size"}, "#/fee_base", "invalid_choice"),
        ({"fee_rate_pct": "100"}, "#/fee_rate_pct", "max_value"),
        ({"catch_up_pct": "100.0001"}, "#/catch_up_pct", "max_value"),
        ({"fee_rate_pct": "-1"}, "#/fee_rate_pct", "invalid"),
        ({"fee_rate_pct": 2}, "#/fee_rate_pct", "not-a-string"),
        ({"fee_rate_pct": "2.00001"}, "#/fee_rate_pct", "invalid"),
        ({"clawback": "yes"}, "#/clawback", "not-a-boolean"),
        ({"extension_years": -1}, "#/extension_years", "min_value"),
        ({"valid_from": "2022-05-31"}, "#/valid_from", "date-before-establishment"),
        ({"ends_on": "2022-06-01"}, "#/ends_on", "date-before-establishment"),
        (
            {"investment_ends_on": "2030-01-01", "ends_on": "2029-12-31"},
            "#/investment_ends_on",
            "period-after-life",
        ),
        ({"document": ""}, "#/document", "blank"),
        ({"manager": "x"}, "#/manager", "unknown-field"),
    ],
)
def test_what_cannot_be_agreed(angel: Desk, changes: dict[str, Any], pointer: str, code: str) -> None:
    problem = refused(agree(angel, **changes), 422, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert in_force(angel)["terms"] is None


def test_only_the_manager_records_them(angel: Desk, api: Callable[[str], Api]) -> None:
    for who in ("maker", "approver", "auditor"):
        assert api(who).post("/funds/angel/terms", AGREED).status_code == 403
        assert api(who).get("/funds/angel/terms/in-force").status_code == 200


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("fee_rate_pct = 'NaN'", "fee_and_carry_are_percentages"),
        ("carried_interest_pct = 100.0001", "fee_and_carry_are_percentages"),
        ("firm_cap_pct = -1", "caps_and_concessions_are_percentages"),
        ("reinvestment_multiple = 'NaN', reinvestment_base = 'paid_in'", "reinvestment_is_a_multiple"),
        ("fee_base = NULL", "fee_rate_pct_has_its_base"),
        ("order = NULL", "carried_interest_pct_has_its_base"),
        ("day_count = 'ACT/366'", "day_count_of_terms_is_known"),
        ("order = 'chinese'", "order_of_distribution_is_known"),
        ("fee_base = 'size'", "fee_base_of_terms_is_known"),
        (
            "investment_ends_on = '2031-01-01', ends_on = '2030-12-31'",
            "investment_period_ends_within_the_life",
        ),
    ],
)
def test_what_the_database_refuses(angel: Desk, change: str, name: str) -> None:
    made(agree(angel))
    columns = [
        field.column for field in FundTerms._meta.concrete_fields if field.column not in ("id", "public_id")
    ]
    changes = dict(part.strip().split(" = ") for part in change.split(","))
    values = ", ".join(changes.get(column, f'"{column}"') for column in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    statement = (
        f"INSERT INTO funds_fundterms (public_id, {quoted}) SELECT 'ft_x', {values} FROM funds_fundterms"  # noqa: S608
    )
    with (
        scoping.within(EVERYTHING), pytest.raises(DatabaseError, match=name), transaction.atomic(),
        connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute(statement)


class TestHolders:
    """The mother fund is an investor of a sub-fund."""

    @pytest.fixture
    def sub(self, angel: Desk, api: Callable[[str], Api]) -> Desk:
        return found_fund(api, code="sub", tier="sub", manager="industry-manager")

    def _add(self, desk: Desk, holder: Any, name: str = "母基金") -> Any:
        return desk.api.post(
            f"/funds/{desk.fund}/investors", {"name": name, "capital": "state", "holder": holder}
        )

    def test_a_fund_of_another_manager_may_be_the_investor(
        self, sub: Desk, api: Callable[[str], Api]
    ) -> None:
        made(self._add(sub, "angel"))
        listed = {
            row["name"]: row["holder"] for row in api("maker").get("/funds/sub/investors").json()["data"]
        }
        assert listed == {CITY: None, COMPANY: None, "母基金": "angel"}

    def test_a_circle_is_refused(self, sub: Desk, angel: Desk) -> None:
        made(self._add(sub, "angel"))
        problem = refused(self._add(angel, "sub"), 409, "holding-would-close-a-circle")
        assert "其他管理人的基金 → 青桐天使基金 → 其他管理人的基金" in problem["detail"]
        refused(self._add(angel, "angel"), 409, "holding-would-close-a-circle")

    def test_nobody_knows_the_fund_or_it_is_there_already(self, sub: Desk) -> None:
        refused(self._add(sub, "nowhere"), 422, "fund-unknown")
        made(self._add(sub, "angel"))
        refused(self._add(sub, "angel", name="又一个名字"), 409, "investor-already-added")
        refused(self._add(sub, "angel"), 409, "investor-already-added")
