"""What each cap leaves, in money and in days, and which entries are refused where the terms say that caps bind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, OTHER_FIRM, Desk, found_fund, made, refused
from tests.funds.terms import agree

Speak = Callable[[str], Api]


def room(desk: Desk, on: str = "2026-10-31") -> dict[str, list[dict[str, Any]]]:
    answer = desk.api.get(f"/funds/{desk.fund}/headroom?as_of={on}")
    assert answer.status_code == 200, answer.content
    shown: dict[str, list[dict[str, Any]]] = answer.json()
    return shown


def caps(desk: Desk, cap: str) -> list[tuple[str, str, str, str]]:
    rows = [row for row in room(desk)["caps"] if row["cap"] == cap]
    return [(row["subject"], row["used"], row["limit"], row["room"]) for row in rows]


@pytest.fixture
def mother(api: Speak, funded: Desk) -> Desk:
    """The angel fund holds 40 of 100 million of a sub-fund that another house runs."""
    sub = found_fund(
        api, code="sub", tier="sub", name="数智子基金", name_en="Digital", manager="industry-manager"
    )
    made(
        sub.api.post("/funds/sub/investors", {"name": "上层基金", "capital": "state", "holder": funded.fund})
    )
    for investor, amount in (("上层基金", "40000000.00"), (CITY, "60000000.00")):
        made(sub.event("commitment", amount, "2022-07-01", investor=investor))
    return sub


class TestSubFunds:
    def test_the_share_is_one_of_commitments_in_force(self, mother: Desk, funded: Desk, api: Speak) -> None:
        """Half of 100 is 50: 10 left. When the city is released from 30 of its 60, 35 are half and 40 too many."""
        made(agree(funded, sub_fund_share_cap_pct="50"))
        centre = Desk(api("maker"), funded.fund)
        assert caps(centre, "sub_fund") == [("数智子基金", "40000000.00", "50000000.00", "10000000.00")]
        made(mother.event("release", "30000000.00", "2023-01-01", investor=CITY))
        assert caps(centre, "sub_fund") == [("数智子基金", "40000000.00", "35000000.00", "-5000000.00")]
        assert caps(funded, "sub_fund") == []  # a sub-fund of another house is out of its sight

    def test_paying_into_one_is_refused_above_a_cap_that_binds(
        self, mother: Desk, funded: Desk, api: Speak
    ) -> None:
        own = found_fund(api, code="own", tier="sub")
        made(
            own.api.post("/funds/own/investors", {"name": "上层基金", "capital": "state", "holder": "angel"})
        )
        for investor, amount in (("上层基金", "40.01"), (CITY, "59.99")):
            made(own.event("commitment", amount, "2022-07-01", investor=investor))
        made(agree(funded, sub_fund_share_cap_pct="40"))
        made(funded.invest("1.00", "2022-08-01", sub_fund="own"))  # it is only shown
        made(agree(funded, sub_fund_share_cap_pct="40", caps_bind=True))
        problem = refused(
            funded.invest("1.00", "2022-08-01", sub_fund="own"), 422, "sub-fund-share-above-cap"
        )
        assert problem["errors"][0] | {"message": ""} == {
            "code": "sub-fund-share-above-cap", "pointer": "#/sub_fund", "message": "",
            "context": {"committed": "40.01", "limit": "40.00"},
        }  # fmt: skip
        made(own.event("commitment", "0.02", "2022-07-15", investor=COMPANY))
        refused(funded.invest("1.00", "2022-07-14", sub_fund="own"), 422, "sub-fund-share-above-cap")
        made(funded.invest("1.00", "2022-07-15", sub_fund="own"))

    def test_one_that_does_not_name_its_holder_is_not_judged(self, funded: Desk, api: Speak) -> None:
        found_fund(api, code="own", tier="sub")
        made(agree(funded, sub_fund_share_cap_pct="0", caps_bind=True))
        made(funded.invest("1.00", "2022-08-01", sub_fund="own"))


class TestFirms:
    @pytest.mark.parametrize(
        ("base", "room_left"), [("commitment", "20000000.00"), ("paid_in", "10000000.00")]
    )
    def test_a_cap_that_binds_is_kept_to_the_fen(self, funded: Desk, base: str, room_left: str) -> None:
        made(agree(funded, firm_cap_base=base, caps_bind=True))
        above = f"{float(room_left) + 0.01:.2f}"
        problem = refused(funded.invest(above, "2022-09-15"), 422, "firm-cap-broken")
        assert problem["errors"][0]["context"] == {"amount": above, "room": room_left}
        held = made(funded.invest(room_left, "2022-09-15"))["holding"]
        refused(funded.invest("0.01", "2022-09-16"), 422, "firm-cap-broken")
        made(funded.invest("0.01", "2022-09-16", uscc=OTHER_FIRM, firm_name="另一家企业"))
        made(funded.exit(held, cash="0.00", cost="1.00", on="2022-09-17"))
        made(funded.invest("1.00", "2022-09-18"))

    def test_an_entry_of_an_earlier_day_is_asked_about_today_too(self, funded: Desk) -> None:
        made(agree(funded, firm_cap_base="commitment", caps_bind=True))
        made(funded.invest("15000000.00", "2023-09-15"))
        refused(funded.invest("5000000.01", "2022-09-15"), 422, "firm-cap-broken")
        made(funded.invest("5000000.00", "2022-09-15"))

    def test_of_what_is_invested_the_entry_itself_is_part(self, funded: Desk) -> None:
        """Nine to one firm; a tenth yuan to another: 20 % of ten are two."""
        made(funded.invest("9.00", "2022-09-15"))
        made(agree(funded, firm_cap_base="invested", caps_bind=True))
        refused(
            funded.invest("2.26", "2022-09-16", uscc=OTHER_FIRM, firm_name="另一家企业"),
            422,
            "firm-cap-broken",
        )
        made(funded.invest("2.25", "2022-09-16", uscc=OTHER_FIRM, firm_name="另一家企业"))

    def test_a_cap_that_does_not_bind_is_shown_in_the_red(self, funded: Desk) -> None:
        made(agree(funded))
        made(funded.invest("12000000.00", "2022-09-15"))
        (row,) = room(funded)["caps"]
        assert (row["room"], row["binds"], row["document"]) == ("-2000000.00", False, "合伙协议")


def test_recycling_counts_what_is_called_again(funded: Desk) -> None:
    """100 committed, 60 called; 30 come back and may be called again, so 70 may be: 65 are, 25 of them again."""
    made(agree(funded, recycling_limit_pct="20"))
    assert caps(funded, "recycling") == [("青桐天使基金", "0.00", "20000000.00", "20000000.00")]
    made(funded.event("distribution", "30000000.00", "2023-01-01", investor=CITY, recallable=True))
    made(funded.event("call", "40000000.00", "2023-02-01", investor=CITY))
    assert caps(funded, "recycling")[0][1] == "0.00"
    made(funded.event("call", "25000000.00", "2023-03-01", investor=CITY))
    assert caps(funded, "recycling") == [
        ("青桐天使基金", "25000000.00", "20000000.00", "-5000000.00"),
    ]
    made(agree(funded, recycling_limit_pct="20", firm_cap_pct="20", firm_cap_base="commitment"))
    made(funded.invest("1.00", "2023-03-02"))
    assert [row["cap"] for row in room(funded)["caps"]] == ["recycling", "firm"]  # the fullest first


def test_days_left_of_every_period(funded: Desk) -> None:
    """Founded on 2022-06-01. A firm bought on 29 February may be held until 28 February eight years on less one."""
    made(
        agree(
            funded, investment_ends_on="2027-05-31", ends_on="2032-05-31", extension_years=2, project_years=7,
            valid_from="2022-06-01",
        )
    )  # fmt: skip
    wrong = made(funded.invest("1.00", "2023-06-01"))
    made(funded.reverse_deal(wrong["id"], "2023-06-02"))
    made(funded.invest("2.00", "2024-02-29"))
    gone = made(funded.invest("2.00", "2022-07-01", uscc=OTHER_FIRM, firm_name="另一家企业"))["holding"]
    made(funded.write_off(gone, cost="2.00", on="2025-01-01"))
    found = {row["limit"]: row for row in room(funded, "2026-10-31")["deadlines"]}
    assert {name: (row["since"], row["until"], row["used"], row["left"]) for name, row in found.items()} == {
        "investment_period": ("2022-06-01", "2027-05-31", 1613, 212),
        "life": ("2022-06-01", "2032-05-31", 1613, 2039),
        "extended_life": ("2022-06-01", "2034-05-31", 1613, 2769),
        "project": ("2024-02-29", "2031-02-28", 975, 1581),
    }
    late = {row["limit"]: row["left"] for row in room(funded, "2027-06-02")["deadlines"]}
    assert late["investment_period"] == -2


def test_nothing_is_agreed_and_nothing_is_capped(funded: Desk) -> None:
    assert room(funded) == {"caps": [], "deadlines": []}
    made(agree(funded, firm_cap_pct=None, firm_cap_base=None, caps_bind=True))
    assert room(funded) == {"caps": [], "deadlines": []}
    made(funded.invest("50000000.00", "2022-09-15"))


def test_another_house_sees_nothing_of_it(funded: Desk, api: Speak) -> None:
    refused(api("manager_industry").get("/funds/angel/headroom"), 404, "not-found")
    assert api("bank_a").get("/funds/angel/headroom").status_code == 403
