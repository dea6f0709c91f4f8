"""What the ledger and the deals refuse, each with its own code, and that a refusal leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from finance_hub.kernel.models import AuditEntry, Firm
from finance_hub.kernel.periods import SHANGHAI
from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, FIRM, FUND, OTHER_FIRM, Desk, found_fund, made, refused


def test_a_call_above_the_uncalled_commitment(funded: Desk) -> None:
    problem = refused(
        funded.event("call", "40000000.01", "2023-01-01", investor=CITY), 422, "call-above-uncalled"
    )
    assert problem["errors"][0]["pointer"] == "#/amount"
    assert problem["errors"][0]["context"] == {
        "investor": CITY, "amount": "40000000.01", "room": "40000000.00",
    }  # fmt: skip
    made(funded.event("call", "40000000.00", "2023-01-01", investor=CITY))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (f"{CITY} ", "surrounding-blanks"), (f"\u3000{CITY}", "surrounding-blanks"),
        (f"\u202e{CITY}", "control-characters"), (f"{CITY[:2]}\u200b{CITY[2:]}", "control-characters"),
    ],
)  # fmt: skip
def test_an_investor_that_only_looks_like_another(angel: Desk, name: str, code: str) -> None:
    refused(angel.api.post("/funds/angel/investors", {"name": name, "capital": "fiscal"}), 422, code)


def test_a_call_before_the_commitment(angel: Desk) -> None:
    made(angel.event("commitment", "100.00", "2022-07-01", investor=CITY))
    refused(angel.event("call", "100.00", "2022-06-30", investor=CITY), 422, "call-above-uncalled")
    made(angel.event("call", "100.00", "2022-07-01", investor=CITY))


def test_a_call_on_the_commitment_of_another_investor(funded: Desk) -> None:
    refused(funded.event("call", "1.00", "2023-01-01", investor=COMPANY), 422, "call-above-uncalled")


def test_a_late_call_that_would_leave_a_later_one_uncovered(angel: Desk) -> None:
    made(angel.event("commitment", "100.00", "2022-07-01", investor=CITY))
    made(angel.event("call", "80.00", "2023-01-01", investor=CITY))
    refused(angel.event("call", "20.01", "2022-08-01", investor=CITY), 422, "call-above-uncalled")
    made(angel.event("call", "20.00", "2022-08-01", investor=CITY))


def test_a_contribution_above_what_was_called(funded: Desk) -> None:
    over = funded.event("contribution", "10000000.01", "2023-01-01", investor=CITY)
    refused(over, 422, "contribution-above-called")


def test_a_contribution_before_its_call(funded: Desk) -> None:
    early = funded.event("contribution", "0.01", "2022-06-09", investor=CITY)
    refused(early, 422, "contribution-above-called")


@pytest.mark.parametrize("kind", ["fee", "expense"])
def test_a_cost_above_the_cash(funded: Desk, kind: str) -> None:
    refused(funded.event(kind, "50000000.01", "2023-01-01"), 422, "cash-short")
    made(funded.event(kind, "50000000.00", "2023-01-01"))


def test_a_distribution_above_the_cash(funded: Desk) -> None:
    refused(funded.event("distribution", "50000000.01", "2023-01-01", investor=CITY), 422, "cash-short")


def test_an_investment_above_the_cash(funded: Desk) -> None:
    refused(funded.invest("50000000.01", "2023-01-01"), 422, "cash-short")
    assert not Firm.objects.filter(uscc=FIRM).exists()


def test_cash_is_not_spent_before_it_came(funded: Desk) -> None:
    refused(funded.event("fee", "1.00", "2022-06-19"), 422, "cash-short")


def test_a_late_fee_that_a_later_investment_has_used_up(funded: Desk) -> None:
    made(funded.invest("49000000.00", "2023-06-01"))
    problem = refused(funded.event("fee", "1000000.01", "2022-07-01"), 422, "cash-short")
    assert problem["errors"][0]["context"]["room"] == "1000000.00"
    made(funded.event("fee", "1000000.00", "2022-07-01"))


def test_later_cash_does_not_cover_an_earlier_gap(funded: Desk) -> None:
    """Cash is 50 from June, 0 from January 1, and 60 from February: a fee in July has no room."""
    made(funded.event("distribution", "50000000.00", "2023-01-01", investor=CITY))
    made(funded.event("contribution", "10000000.00", "2023-02-01", investor=CITY))
    refused(funded.event("fee", "0.01", "2022-07-01"), 422, "cash-short")
    made(funded.event("fee", "0.01", "2023-02-01"))


def test_releasing_more_cost_than_is_held(funded: Desk) -> None:
    holding = made(funded.invest("3000000.00", "2022-09-15"))["holding"]
    refused(funded.exit(holding, cash="1.00", cost="3000000.01", on="2023-01-01"), 422, "cost-above-held")
    refused(funded.exit(holding, cash="1.00", cost="0.01", on="2022-09-14"), 422, "cost-above-held")
    made(funded.exit(holding, cash="9000000.00", cost="2000000.00", on="2023-01-01"))
    refused(funded.write_off(holding, cost="1000000.01", on="2023-01-02"), 422, "cost-above-held")
    refused(funded.write_off(holding, cost="1000000.01", on="2022-10-01"), 422, "cost-above-held")
    made(funded.write_off(holding, cost="1000000.00", on="2022-10-01"))


def test_a_date_in_the_future(funded: Desk) -> None:
    holding = made(funded.invest("3000000.00", "2022-09-15"))["holding"]
    tomorrow = (timezone.now().astimezone(SHANGHAI).date() + timedelta(days=1)).isoformat()
    for refusal in (
        funded.event("commitment", "1.00", tomorrow, investor=CITY),
        funded.invest("1.00", tomorrow),
        funded.exit(holding, cash="1.00", cost="1.00", on=tomorrow),
        funded.write_off(holding, cost="1.00", on=tomorrow),
        funded.value(holding, at="1.00", on=tomorrow),
    ):
        refused(refusal, 422, "date-in-future")


def test_a_date_before_the_fund_was_established(funded: Desk) -> None:
    holding = made(funded.invest("3000000.00", "2022-09-15"))["holding"]
    for refusal in (
        funded.event("commitment", "1.00", "2022-05-31", investor=CITY),
        funded.event("fee", "1.00", "2022-05-31"),
        funded.invest("1.00", "2022-05-31"),
        funded.exit(holding, cash="1.00", cost="1.00", on="2022-05-31"),
        funded.value(holding, at="1.00", on="2022-05-31"),
    ):
        refused(refusal, 422, "date-before-establishment")


def test_a_value_before_the_first_investment(funded: Desk) -> None:
    holding = made(funded.invest("3000000.00", "2022-09-15"))["holding"]
    refused(funded.value(holding, at="1.00", on="2022-09-14"), 422, "valuation-before-investment")


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0.00", "amount-not-positive"),
        ("-1.00", "amount-not-positive"),
        ("1.001", "amount-scale"),
        ("1e3", "amount-format"),
        ("１.00", "amount-format"),
        ("NaN", "amount-format"),
        ("1000000000000.01", "amount-too-large"),
        ("9999999999999999.99", "amount-too-large"),
        (1, "amount-not-a-string"),
        (None, "null"),
    ],
)
def test_an_amount_that_is_not_one(funded: Desk, amount: str, code: str) -> None:
    refused(funded.event("commitment", amount, "2023-01-01", investor=CITY), 422, code)


def test_a_capital_event_without_its_investor_and_a_fee_with_one(funded: Desk) -> None:
    refused(funded.event("call", "1.00", "2023-01-01"), 422, "investor-required")
    refused(funded.event("call", "1.00", "2023-01-01", investor="某人"), 422, "investor-unknown")
    refused(funded.event("fee", "1.00", "2023-01-01", investor=CITY), 422, "investor-not-allowed")


def test_kinds_and_fields_that_do_not_exist(funded: Desk) -> None:
    refused(funded.event("gift", "1.00", "2023-01-01"), 422, "invalid_choice")
    refused(funded.event("fee", "1.00", "2023-01-01", currency="CNY"), 422, "unknown-field")


def test_a_reversal_twice_and_of_a_reversal(funded: Desk) -> None:
    fee = made(funded.event("fee", "1.00", "2023-01-01"))["id"]
    reversal = made(funded.reverse(fee, "2023-01-02"))["id"]
    refused(funded.reverse(fee, "2023-01-03"), 409, "already-reversed")
    refused(funded.reverse(reversal, "2023-01-03"), 409, "reversal-of-a-reversal")


def test_a_reversal_before_its_event_or_in_the_future(funded: Desk) -> None:
    fee = made(funded.event("fee", "1.00", "2023-01-01"))["id"]
    refused(funded.reverse(fee, "2022-12-31"), 422, "reversal-before-its-event")
    refused(funded.reverse(fee, "2999-01-01"), 422, "date-in-future")


def test_reversals_that_later_entries_rest_on(funded: Desk) -> None:
    """Of 100 committed 60 are called, of them 50 paid, of them 45 invested."""
    made(funded.invest("45000000.00", "2022-07-01"))
    rows = funded.api.get(f"/funds/{funded.fund}/events").json()["data"]
    ids = {row["kind"]: row["id"] for row in rows}
    for kind in ("commitment", "call", "contribution"):
        refused(funded.reverse(ids[kind], "2023-01-01"), 409, "reversal-breaks-later-state")


def test_reversing_an_investment_that_was_sold_and_an_exit_that_was_spent(funded: Desk) -> None:
    bought = made(funded.invest("50000000.00", "2022-07-01"))
    sold = made(funded.exit(bought["holding"], cash="10.00", cost="1.00", on="2023-01-01"))
    made(funded.event("fee", "0.01", "2023-01-02"))
    refused(funded.reverse_deal(bought["id"], "2023-02-01"), 409, "reversal-breaks-later-state")
    refused(funded.reverse_deal(sold["id"], "2023-02-01"), 409, "reversal-breaks-later-state")
    refused(funded.reverse_deal(sold["id"], "2022-12-31"), 422, "reversal-before-its-event")


def test_a_deal_reversed_twice(funded: Desk) -> None:
    bought = made(funded.invest("5.00", "2022-07-01"))["id"]
    back = made(funded.reverse_deal(bought, "2022-07-01"))["id"]
    refused(funded.reverse_deal(bought, "2022-07-02"), 409, "already-reversed")
    refused(funded.reverse_deal(back, "2022-07-02"), 409, "reversal-of-a-reversal")


def test_an_investment_in_nobody_in_two_or_in_a_stranger(funded: Desk) -> None:
    day = "2023-01-01"
    refused(funded.invest("1.00", day, firm_name="无代码企业"), 422, "one-investee")
    refused(funded.invest("1.00", day, uscc=FIRM, sub_fund="angel"), 422, "one-investee")
    refused(funded.invest("1.00", day, uscc=OTHER_FIRM), 422, "firm-unknown")
    wrong = funded.invest("1.00", day, uscc="91330483MA2B9PTN03", firm_name="x")
    problem = refused(wrong, 422, "uscc-check-character")
    assert problem["errors"][0]["message"] == "统一社会信用代码校验位不符"


def test_funds_that_would_hold_each_other(funded: Desk, api: Callable[[str], Api]) -> None:
    middle = found_fund(api, code="middle", tier="sub", name="中间基金")
    last = found_fund(api, code="last", tier="sub", name="末端基金")
    for desk in (middle, last):
        made(desk.event("commitment", "9.00", "2022-06-01", investor=CITY))
        made(desk.event("call", "9.00", "2022-06-01", investor=CITY))
        made(desk.event("contribution", "9.00", "2022-06-01", investor=CITY))
    made(funded.invest("1.00", "2022-07-01", sub_fund="middle"))
    made(middle.invest("1.00", "2022-07-01", sub_fund="last"))
    for sub, circle in (
        ("angel", "末端基金 → 青桐天使基金 → 中间基金 → 末端基金"),
        ("last", "末端基金 → 末端基金"),
    ):
        answer = last.invest("1.00", "2022-07-01", sub_fund=sub)
        problem = refused(answer, 409, "holding-would-close-a-circle")
        assert problem["errors"][0]["pointer"] == "#/sub_fund"
        assert problem["detail"] == f"将形成循环持有：{circle}"


def test_the_same_fund_or_investor_twice(angel: Desk, api: Callable[[str], Api]) -> None:
    refused(api("maker").post("/funds", FUND), 409, "fund-code-taken")
    again = angel.api.post("/funds/angel/investors", {"name": CITY, "capital": "social"})
    refused(again, 409, "investor-already-added")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "Angel!"}, "fund-code-format"),
        ({"tier": "pension"}, "invalid_choice"),
        ({"manager": "bank-a"}, "not-a-fund-manager"),
        ({"manager": "nobody"}, "not-a-fund-manager"),
        ({"planned_size": "0.00"}, "amount-not-positive"),
        ({"established_on": "2999-01-01"}, "date-in-future"),
        ({"established_on": "2022-02-30"}, "date-format"),
    ],
)
def test_a_fund_that_is_not_one(api: Callable[[str], Api], change: dict[str, str], code: str) -> None:
    refused(api("maker").post("/funds", {**FUND, **change}), 422, code)


def test_a_refusal_writes_neither_fact_nor_audit_entry(funded: Desk) -> None:
    before, position = AuditEntry.objects.count(), funded.position()
    refused(funded.event("fee", "50000000.01", "2023-01-01"), 422, "cash-short")
    refused(funded.invest("50000000.01", "2023-01-01"), 422, "cash-short")
    assert (AuditEntry.objects.count(), funded.position()) == (before, position)


def test_every_entry_is_in_the_audit_trail(funded: Desk) -> None:
    fee = made(funded.event("fee", "1.00", "2023-01-01"))["id"]
    made(funded.reverse(fee, "2023-01-02"))
    entry = AuditEntry.objects.order_by("-seq")[0]
    assert (entry.action, entry.subject, entry.detail["reverses"]) == ("fund.reverse", "fund:angel", fee)


@pytest.mark.parametrize(
    "query",
    [
        "as_of=2026-13-01",
        "as_of=9999-12-31",
        "known_at=2026-11-05T09:30:00",
        "known_at=yesterday",
        "known_at=2099-01-01T00:00:00%2B08:00",
    ],
)
def test_a_moment_that_is_not_one(funded: Desk, query: str) -> None:
    assert funded.api.get(f"/funds/angel?{query}").status_code == 422


def test_today_in_shanghai_is_not_the_future(funded: Desk) -> None:
    today: date = datetime.now(SHANGHAI).date()
    made(funded.event("fee", "1.00", today.isoformat()))


def test_a_recovery_of_what_was_not_written_off(funded: Desk) -> None:
    holding = made(funded.invest("10.00", "2023-01-01"))["holding"]
    refused(funded.receive(holding, "recovery", "1.00", on="2023-02-01"), 422, "nothing-written-off")
    lost = made(funded.write_off(holding, cost="5.00", on="2023-02-02"))
    refused(funded.receive(holding, "recovery", "1.00", on="2023-02-01"), 422, "nothing-written-off")
    made(funded.receive(holding, "recovery", "1.00", on="2023-02-02"))
    refused(funded.reverse_deal(lost["id"], "2023-03-01"), 409, "reversal-breaks-later-state")
    made(funded.write_off(holding, cost="1.00", on="2023-02-03"))
    made(funded.reverse_deal(lost["id"], "2023-03-01"))


def test_income_of_what_is_not_held_yet(funded: Desk) -> None:
    holding = made(funded.invest("10.00", "2023-01-02"))["holding"]
    refused(funded.receive(holding, "income", "1.00", on="2023-01-01"), 422, "nothing-held-yet")
    refused(funded.receive("ho_none", "income", "1.00", on="2023-01-02"), 404, "not-found")


@pytest.mark.parametrize(
    ("kind", "cash", "code"),
    [
        ("income", "0.00", "amount-not-positive"),
        ("exit", "1.00", "invalid_choice"),
        ("income", "-1.00", "amount-not-positive"),
    ],
)
def test_no_receipt(funded: Desk, kind: str, cash: str, code: str) -> None:
    holding = made(funded.invest("10.00", "2023-01-01"))["holding"]
    refused(funded.receive(holding, kind, cash, on="2023-02-01"), 422, code)


def test_a_receipt_that_was_spent_is_not_taken_back(funded: Desk) -> None:
    holding = made(funded.invest("50000000.00", "2023-01-01"))["holding"]
    received = made(funded.receive(holding, "income", "10.00", on="2023-02-01"))
    made(funded.event("fee", "10.00", "2023-02-02"))
    refused(funded.reverse_deal(received["id"], "2023-02-01"), 409, "reversal-breaks-later-state")
