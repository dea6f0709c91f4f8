"""One fund through its life, with every number worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, FIRM, OTHER_FIRM, Desk, found_fund, made


def test_a_fund_is_called_invests_exits_and_distributes(funded: Desk) -> None:
    made(funded.event("commitment", "20000000.00", "2022-06-01", investor=COMPANY))
    made(funded.event("fee", "1000000.00", "2022-07-01"))
    made(funded.event("expense", "250000.50", "2022-07-02"))
    first = made(funded.invest("30000000.00", "2022-09-15"))
    assert first["cash"] == first["cost"] == "30000000.00"
    # committed 100 + 20, called 60, paid 50; cash 50 - 1 - 0.2500005 - 30 million
    assert funded.position() == {
        "committed": "120000000.00",
        "released": "0.00",
        "called": "60000000.00",
        "contributed": "50000000.00",
        "outside": "0.00",
        "distributed": "0.00",
        "recallable": "0.00",
        "carry": "0.00",
        "fees": "1000000.00",
        "expenses": "250000.50",
        "invested": "30000000.00",
        "proceeds": "0.00",
        "income": "0.00",
        "uncalled": "60000000.00",
        "unfunded": "70000000.00",
        "cash": "18749999.50",
    }
    made(funded.exit(first["holding"], cash="25000000.00", cost="10000000.00", on="2024-03-01"))
    made(funded.write_off(first["holding"], cost="5000000.00", on="2024-04-01"))
    made(funded.event("distribution", "20000000.00", "2024-05-01", investor=CITY))
    after = funded.position()
    assert after["cash"] == "23749999.50"  # 18,749,999.50 + 25 million - 20 million
    assert after["unfunded"] == "70000000.00"  # a distribution does not bring commitment back
    assert (after["proceeds"], after["distributed"]) == ("25000000.00", "20000000.00")
    assert funded.holding(first["holding"])["remaining_cost"] == "15000000.00"  # 30 - 10 - 5 million


def test_a_second_investment_in_a_firm_adds_to_its_holding(funded: Desk) -> None:
    first = made(funded.invest("3000000.00", "2022-09-15"))
    second = made(funded.invest("2000000.00", "2023-09-15", uscc=FIRM))
    elsewhere = made(funded.invest("1000000.00", "2023-09-15", uscc=OTHER_FIRM, firm_name="另一家企业"))
    assert second["holding"] == first["holding"] != elsewhere["holding"]
    shown = funded.holding(first["holding"])
    assert (shown["invested"], shown["last_deal_on"]) == ("5000000.00", "2023-09-15")
    assert shown["investee"] == {
        "uscc": FIRM,
        "firm_name": "桐乡示例科技有限公司",
        "sub_fund": None,
    }


def test_the_position_of_a_past_day_leaves_out_what_came_after_it(funded: Desk) -> None:
    made(funded.event("fee", "1000000.00", "2022-07-01"))
    assert funded.position(as_of="2022-06-30")["cash"] == "50000000.00"
    assert funded.position(as_of="2022-07-01")["cash"] == "49000000.00"
    assert funded.position(as_of="2022-06-19")["contributed"] == "0.00"


def test_a_reversal_counts_from_its_own_day_on(funded: Desk) -> None:
    fee = made(funded.event("fee", "1000000.00", "2022-07-01"))
    reversal = made(funded.reverse(fee["id"], "2022-08-01"))
    assert (reversal["reverses"], reversal["amount"]) == (fee["id"], "1000000.00")
    assert funded.position(as_of="2022-07-31")["fees"] == "1000000.00"
    assert funded.position(as_of="2022-08-01")["fees"] == "0.00"
    assert funded.position()["cash"] == "50000000.00"


def test_a_reversed_exit_gives_the_cost_back(funded: Desk) -> None:
    holding = made(funded.invest("10000000.00", "2022-09-15"))["holding"]
    sale = made(funded.exit(holding, cash="1000000.00", cost="4000000.00", on="2023-01-01"))
    loss = made(funded.write_off(holding, cost="6000000.00", on="2023-02-01"))
    assert funded.holding(holding)["remaining_cost"] == "0.00"
    made(funded.reverse_deal(sale["id"], "2023-03-01"))
    made(funded.reverse_deal(loss["id"], "2023-03-01"))
    shown = funded.holding(holding)
    assert (shown["remaining_cost"], shown["proceeds"]) == ("10000000.00", "0.00")
    assert funded.position()["cash"] == "40000000.00"


def test_the_value_reported_last_for_the_latest_day_is_in_force(funded: Desk) -> None:
    holding = made(funded.invest("3000000.00", "2022-09-15"))["holding"]
    assert funded.holding(holding)["fair_value"] is None
    made(funded.value(holding, at="5000000.00", on="2023-06-30"))
    made(funded.value(holding, at="3500000.00", on="2022-12-31"))
    made(funded.value(holding, at="4500000.00", on="2023-06-30"))
    made(funded.value(holding, at="0.00", on="2024-06-30"))
    shown = funded.holding(holding, as_of="2023-12-31")
    assert (shown["fair_value"], shown["valued_on"]) == ("4500000.00", "2023-06-30")
    assert funded.holding(holding)["fair_value"] == "0.00"


def test_a_fund_may_hold_a_sub_fund_of_its_manager(funded: Desk, api: Callable[[str], Api]) -> None:
    found_fund(api, code="angel-seed", tier="sub", name="种子子基金")
    made(funded.invest("5000000.00", "2022-10-01", sub_fund="angel-seed"))
    rows = funded.api.get("/funds/angel/holdings").json()["data"]
    assert [row["investee"]["sub_fund"] for row in rows] == ["angel-seed"]
    assert rows[0]["investee"]["uscc"] is None


def test_dividends_and_what_is_recovered_bring_cash_and_release_no_cost(funded: Desk) -> None:
    """30 invested, valued 33; 2 of dividend leave the value as it is; 30 written off, 4 recovered, NAV 50 - 30 + 6."""
    holding = made(funded.invest("30000000.00", "2022-09-15"))["holding"]
    made(funded.value(holding, at="33000000.00", on="2023-01-01"))
    made(funded.receive(holding, "income", "2000000.00", on="2023-02-01"))
    rolled = funded.rolled("2023-01-01", "2023-02-01")
    assert (rolled["nav"]["income"], rolled["nav"]["end"]) == ("2000000.00", "55000000.00")
    made(funded.write_off(holding, cost="30000000.00", on="2023-06-01"))
    made(funded.receive(holding, "recovery", "4000000.00", on="2024-01-01"))
    shown, position = funded.holding(holding), funded.position()
    assert (shown["income"], shown["proceeds"], shown["remaining_cost"]) == (
        "2000000.00",
        "4000000.00",
        "0.00",
    )
    assert (position["income"], position["proceeds"], position["cash"]) == (
        "2000000.00",
        "4000000.00",
        "26000000.00",
    )
    rolled = funded.rolled("2022-06-01", "2024-12-31")
    assert (rolled["nav"]["realised"], rolled["nav"]["unrealised"]) == ("-26000000.00", "0.00")
    assert rolled["nav"]["end"] == "26000000.00"
