"""The mother fund's hold on one firm: directly and through two sub-funds, on three bases of shares, by hand.

Sub-fund A: the mother fund paid 40 of 100 and committed 100 of 300; A holds the firm at cost 50, worth 80.
Sub-fund B: it paid 30 of 60 and committed 50 of 200; B holds the firm at cost 20, worth 30. It holds the firm
itself at cost 10, worth 12. Yuan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Api
from tests.funds.conftest import CITY, FIRM, OTHER_FIRM, Desk, found_fund, made
from tests.tasks.test_month import figures, run_due

Speak = Callable[[str], Api]
MOTHER = "母基金"


def _paid(desk: Desk, investor: str, *, committed: str, paid: str) -> None:
    made(desk.event("commitment", committed, "2026-09-01", investor=investor))
    for kind in ("call", "contribution"):
        made(desk.event(kind, paid, "2026-09-02", investor=investor))


def _sub(api: Speak, code: str, *, committed: tuple[str, str], paid: tuple[str, str]) -> Desk:
    """A sub-fund whose first amounts are the mother fund's and whose second are the city's."""
    desk = found_fund(api, code=code, tier="sub")
    made(desk.api.post(f"/funds/{code}/investors", {"name": MOTHER, "capital": "state", "holder": "mother"}))
    for investor, of, amount in zip((MOTHER, CITY), committed, paid, strict=True):
        _paid(desk, investor, committed=of, paid=amount)
    return desk


def _hold(desk: Desk, *, cost: str, worth: str, uscc: str = FIRM) -> None:
    holding = made(desk.invest(cost, "2026-09-10", uscc=uscc, firm_name="企业"))["holding"]
    made(desk.value(holding, at=worth, on="2026-09-30"))


@pytest.fixture
def mother(api: Speak) -> Desk:
    """As above; 200 paid in, of which 40 and 30 are in the sub-funds and 10 in the firm."""
    desk = found_fund(api, code="mother", tier="mother")
    _paid(desk, CITY, committed="200.00", paid="200.00")
    _hold(
        _sub(api, "sub-a", committed=("100.00", "200.00"), paid=("40.00", "60.00")),
        cost="50.00",
        worth="80.00",
    )
    _hold(
        _sub(api, "sub-b", committed=("50.00", "150.00"), paid=("30.00", "30.00")),
        cost="20.00",
        worth="30.00",
    )
    for sub, amount in (("sub-a", "40.00"), ("sub-b", "30.00")):
        made(desk.invest(amount, "2026-09-02", sub_fund=sub))
    _hold(desk, cost="10.00", worth="12.00")
    return desk


KEY = f"mother|{FIRM}"


@pytest.mark.parametrize(
    ("basis", "total"),
    [
        # 40/100 of 80 is 32, 30/60 of 30 is 15
        pytest.param("paid_in", "59", id="32 + 15 + 12 by paid-in"),
        # 100/300 of 80 is 26.67, 50/200 of 30 is 7.50
        pytest.param("commitment", "46.17", id="26.67 + 7.50 + 12 by commitment"),
        # A: NAV 100 + 30, the mother fund's 40 + 30/3 = 50 of it: 50/130 of 80 is 30.77
        # B: NAV 60 + 10, the mother fund's 30 + 10/4 = 32.50 of it: 32.5/70 of 30 is 13.93
        pytest.param("nav", "56.7", id="30.77 + 13.93 + 12 by NAV"),
    ],
)
def test_what_the_mother_fund_holds_of_a_firm(mother: Desk, api: Speak, basis: str, total: str) -> None:
    assert run_due() == ["succeeded"]
    assert figures(api, f"lookthrough.{basis}", "fund_firm") == {KEY: total}


def test_the_rest_of_its_net_assets_stands_apart(mother: Desk, api: Speak) -> None:
    """NAV: 120 of cash, 40 and 30 in the sub-funds, 12 in the firm. Less 59 behind which the firm stands: 143."""
    assert run_due() == ["succeeded"]
    assert figures(api, "fund.nav", "fund")["mother"] == "202"
    assert figures(api, "lookthrough.residual", "fund") == {"mother": "143"}


def test_a_sub_funds_other_firms_are_seen_too_and_its_own_view_is_not_listed(
    mother: Desk, api: Speak
) -> None:
    _hold(Desk(api("manager_angel"), "sub-a"), cost="10.00", worth="25.00", uscc=OTHER_FIRM)
    assert run_due() == ["succeeded"]
    assert figures(api, "lookthrough.paid_in", "fund_firm") == {KEY: "59", f"mother|{OTHER_FIRM}": "10"}


def test_the_age_of_the_oldest_report_stands_beside_the_amount(mother: Desk, api: Speak) -> None:
    """The sub-funds valued the firm on 30 September; the mother fund did so again on 20 October."""
    found = api("manager_angel").get("/funds/mother/holdings").json()["data"]
    holding = next(row["id"] for row in found if row["investee"]["uscc"] == FIRM)
    made(mother.value(holding, at="13.00", on="2026-10-20"))
    assert run_due() == ["succeeded"]
    answer = api("maker").get("/metrics/2026-10?code=lookthrough.paid_in&scope=fund_firm").json()
    [figure] = answer["figures"]
    assert (figure["value"], figure["notes"]) == ("60", ["last-report: 2026-09-30"])


def test_where_a_loss_falls_on_who_has_not_paid_yet_no_share_is_said_by_nav(mother: Desk, api: Speak) -> None:
    """The mother fund paid 40 of 40, the city nothing of 40; of a loss of 10 half is the city's: 35 of a NAV of 30."""
    sub = found_fund(api, code="sub-c", tier="sub")
    made(sub.api.post("/funds/sub-c/investors", {"name": MOTHER, "capital": "state", "holder": "mother"}))
    _paid(sub, MOTHER, committed="40.00", paid="40.00")
    made(sub.event("commitment", "40.00", "2026-09-01", investor=CITY))
    _hold(sub, cost="30.00", worth="20.00")
    assert run_due() == ["succeeded"]
    assert figures(api, "lookthrough.paid_in", "fund_firm") == {KEY: "79"}
    answer = api("maker").get("/metrics/2026-10?code=lookthrough.nav&scope=fund_firm").json()
    [figure] = answer["figures"]
    assert (figure["value"], figure["notes"][1:]) == ("56.7", ["incomplete: undefined"])
    shown = api("maker").get(f"/firms/{FIRM}/exposure?as_of=2026-10-31&basis=nav")
    assert shown.status_code == 200
    [through] = [line for line in shown.json()["lines"] if line["code"] == "equity_through"]
    # At cost: 50 and 20 by the shares above, 19.23 + 9.29.
    assert (through["public"]["cost"], through["incomplete"]) == ("28.52", "undefined")


def test_without_an_investor_that_is_the_mother_fund_nothing_is_attributed(api: Speak) -> None:
    """The stake in the sub-fund is known from one side only."""
    desk = found_fund(api, code="mother", tier="mother")
    _paid(desk, CITY, committed="200.00", paid="200.00")
    sub = found_fund(api, code="sub-a", tier="sub")
    _paid(sub, CITY, committed="100.00", paid="100.00")
    _hold(sub, cost="50.00", worth="80.00")
    made(desk.invest("40.00", "2026-09-02", sub_fund="sub-a"))
    assert run_due() == ["succeeded"]
    assert figures(api, "lookthrough.paid_in", "fund_firm") == {}


def test_managers_do_not_read_it(mother: Desk, api: Speak) -> None:
    assert run_due() == ["succeeded"]
    answer: Any = api("manager_angel").get("/metrics/2026-10?code=lookthrough.paid_in&scope=fund_firm")
    assert answer.status_code == 403
