"""Concentration, limits and the baton over a city that can be checked by hand.

Public exposure, million yuan: firm 1 has 10 of equity, firm 2 5, firm 3 a guarantee of 1 on a loan not reported, of
which 0.8 are public: 15.8 in all. Firms 1 and 3 are one group, 10.8. The registry knows nothing of firm 2.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loans.queries import CoverRow, FirmSubsidyRow, RoomRow
from tasks.catalogue import concentration, exposure
from tasks.exposure.batons import Baton
from tasks.exposure.lgd import LgdRow
from tasks.frames import RegisteredRow
from tasks.rules import ConcentrationRule
from tests.tasks.city import (
    ANGEL,
    BANK_A,
    CITY,
    FIRM_1,
    FIRM_2,
    FIRM_3,
    GUARANTOR,
    MILLION,
    names,
    values,
    yuan,
)

__all__ = ["names"]  # fixture
GROUP = 7
COVER = CoverRow(
    guarantee_id=1, firm_id=FIRM_3, guarantor_id=GUARANTOR, is_insurance=False, bank_id=BANK_A, contract_no="HT-9",
    outstanding=MILLION, balance=None,
    parties=(("bank", 2_000), ("national_fund", 4_000), ("re_guarantor", 2_000), ("guarantor", 2_000)),
    keeper="bank", terms_id=7, agreement_id=3, pool_id=None, paid_public=0, paid_otherwise=0, written_off=0,
)  # fmt: skip
WIDE = RoomRow(7, 3, 100 * MILLION)
SPREAD = replace(
    CITY,
    covers=[COVER],
    rooms=[WIDE],
    lgds=[
        LgdRow(key, Decimal(lost))
        for key, lost in (("equity", "0.9"), ("loan", "0.4"), ("guarantee", "0.6"), ("claim", "0.75"))
    ],
    firm_subsidies=[FirmSubsidyRow(FIRM_2, 1_234_56)],
    registry=[
        RegisteredRow(FIRM_1, GROUP, "C39", "乌镇镇", "growth"),
        RegisteredRow(FIRM_2, None, "", "", ""),
        RegisteredRow(FIRM_3, GROUP, "C3911", "濮院镇", "growth"),
    ],
)


def share(part: str, whole: str) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.00000001"))


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        ("exposure.public", "", {"": yuan("15.8")}),
        # Loans of 9 are finance, and the whole guarantee of 1.
        ("exposure.finance", "", {"": yuan("25")}),
        # Firm 1 is worth 12, firm 2 was never valued.
        ("exposure.public_fair_value", "", {"": yuan("17.8")}),
        # 90 % of 17, and 60 % of the guarantee, of which 0.48 are public.
        ("exposure.public_loss", "", {"": yuan("15.78")}),
        ("exposure.largest_public", "firm", {"U1": yuan("10"), "U2": yuan("5"), "U3": yuan("0.8")}),
        ("exposure.largest_finance", "firm", {"U1": yuan("15"), "U2": yuan("9"), "U3": yuan("1")}),
        ("exposure.largest_public", "group", {"7": yuan("10.8")}),
        ("exposure.largest_finance", "group", {"7": yuan("16")}),
        ("concentration.amount", "industry", {"C": yuan("10.8"), "unknown": yuan("5")}),
        ("concentration.amount", "town", {"乌镇镇": yuan("10"), "unknown": yuan("5"), "濮院镇": yuan("0.8")}),
        ("concentration.amount", "growth_stage", {"growth": yuan("10.8"), "unknown": yuan("5")}),
        ("concentration.amount", "bank", {"bank-a": yuan("7"), "bank-b": yuan("2")}),
        ("concentration.amount", "sub_fund", {}),
        (
            "concentration.unknown",
            "dimension",
            dict.fromkeys(("industry", "town", "stage"), share("5", "15.8")),
        ),
    ],
)  # fmt: skip
def test_amounts_by_hand(code: str, scope: str, expected: dict[str, Any]) -> None:
    assert values(SPREAD, code, scope) == expected


def test_lines_add_up_to_the_totals_and_insurance_is_not_recorded() -> None:
    lines = values(SPREAD, "exposure.public_line", "exposure_line")
    assert lines.pop("insurance") == "not-recorded"
    assert lines.pop("subsidies") == Decimal("1234.56")
    assert sum(lines.values()) == yuan("15.8")
    finance = values(SPREAD, "exposure.finance_line", "exposure_line")
    assert (finance["loans"], finance["guarantees"], finance["loans_shared"]) == (yuan("9"), yuan("1"), 0)


def test_shares_indices_and_what_has_none() -> None:
    tops = values(SPREAD, "concentration.top_share", "dimension_top")
    assert (tops["firm:1"], tops["group:1"], tops["bank:1"]) == (
        share("10", "15.8"), share("10.8", "15.8"), share("7", "9"),
    )  # fmt: skip
    assert (tops["firm:5"], tops["sub_fund:1"]) == (1, "no-denominator")
    index = values(SPREAD, "concentration.hhi", "dimension")
    assert index["bank"] == share(str(7 * 7 + 2 * 2), "81")
    assert index["sub_fund"] == "no-denominator"
    # Of two parts the Gini is half of the difference of their shares.
    assert values(SPREAD, "concentration.gini", "dimension")["bank"] == share("5", "18")


def test_a_group_uses_a_cap_together() -> None:
    """Two guarantees of 1 within a group and 0.5 of room: each firm alone could draw it, the group draws it once."""
    both = replace(
        SPREAD,
        covers=[COVER, COVER._replace(guarantee_id=2, firm_id=FIRM_1, contract_no="HT-8")],
        rooms=[WIDE._replace(room=MILLION // 2)],
    )
    found = exposure.city(both)
    assert [found.firms.of(firm).public.cost for firm in (FIRM_1, FIRM_3)] == [1_070_000_000, 70_000_000]
    assert found.groups.of(GROUP).public.cost == 1_000_000_000 + 50_000_000 + 40_000_000


def test_many_parts_are_summed_up_and_none_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concentration, "MOST_PARTS", 1)
    assert values(SPREAD, "concentration.amount", "town") == {"乌镇镇": yuan("10"), "others": yuan("5.8")}


def rule(measure: str, limit: str, *, dimension: str = "firm", **changes: Any) -> ConcentrationRule:
    facts: dict[str, Any] = {
        "public_id": "cl_1", "dimension": dimension, "measure": measure, "top_n": None, "fund_id": None,
        "limit": limit, "warning": limit, "document": "文件",
    }  # fmt: skip
    return ConcentrationRule(**facts | changes)


@pytest.mark.parametrize(
    ("limited", "code", "value", "left"),
    [
        (rule("top_share", "70.0000", top_n=1), "share", share("10", "15.8"), Decimal("0.7") - share("10", "15.8")),
        (rule("top_share", "50.0000", top_n=5), "share", 1, Decimal("-0.5")),
        (rule("hhi", "0.5000", dimension="bank"), "index", share("53", "81"), Decimal("0.5") - share("53", "81")),
        (rule("amount", "6000000.0000"), "amount", yuan("10"), yuan("-4")),
        # What is not recorded is nobody's, whatever it comes to.
        (rule("amount", "6000000.0000", dimension="town"), "amount", yuan("10"), yuan("-4")),
        # 12 of the angel fund's net assets of 18.5.
        (rule("fund_share", "20.0000", fund_id=ANGEL), "share", share("12", "18.5"),
         Decimal("0.2") - share("12", "18.5")),
        (rule("fund_share", "90.0000", fund_id=ANGEL, dimension="group"), "share", share("12", "18.5"),
         Decimal("0.9") - share("12", "18.5")),
        (rule("fund_share", "90.0000", fund_id=2), "share", "no-denominator", "no-denominator"),
    ],
)  # fmt: skip
def test_a_limit_is_held_against_its_measure(
    limited: ConcentrationRule, code: str, value: Any, left: Any
) -> None:
    frames = replace(SPREAD, concentration_limits=[limited])
    assert values(frames, f"concentration.{code}_value", "limit") == {"cl_1": value}
    assert values(frames, f"concentration.{code}_headroom", "limit") == {"cl_1": left}
    others = {"share", "index", "amount"} - {code}
    assert all(values(frames, f"concentration.{other}_value", "limit") == {} for other in others)


def test_the_baton_counts_who_waits_and_takes_the_median_of_who_does_not() -> None:
    start = date(2026, 1, 1)
    batons = [
        Baton(FIRM_1, start, date(2026, 1, 11), date(2026, 4, 11), None),
        Baton(FIRM_2, start, date(2026, 1, 31), None, None),
        Baton(FIRM_3, start, None, None, None),
    ]
    frames = replace(SPREAD, batons=batons)
    assert values(frames, "baton.started") == {"": 3}
    assert values(frames, "baton.reached", "baton") == {"loan": 2, "round": 1, "listing": 0}
    assert values(frames, "baton.waiting", "baton") == {"loan": 1, "round": 2, "listing": 3}
    assert values(frames, "baton.days", "baton") == {"loan": 20, "round": 100, "listing": "not-reached"}
    steps = batons[0].steps(until=date(2026, 10, 31))
    assert [(step.step, step.days) for step in steps] == [
        ("angel", 0),
        ("loan", 10),
        ("round", 100),
        ("listing", 303),
    ]


def test_without_firms_nothing_has_a_share() -> None:
    empty = replace(SPREAD, holdings=[], balances=[], covers=[], batons=[])
    assert values(empty, "exposure.public") == {"": 0}
    assert set(values(empty, "concentration.hhi", "dimension").values()) == {"no-denominator"}
    assert values(empty, "exposure.largest_public", "firm") == {}
