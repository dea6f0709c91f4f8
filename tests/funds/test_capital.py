"""The capital of two investors through a fund's life: split to the cent, called again, transferred, corrected."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Api
from tests.funds.conftest import CITY, COMPANY, Desk, found_fund, made, refused

YEAR = ("2022-01-01", "2022-12-31")


@pytest.fixture
def committed(angel: Desk) -> Desk:
    """The city committed 70, the company 30 (yuan)."""
    made(angel.event("commitment", "70.00", "2022-06-01", investor=CITY))
    made(angel.event("commitment", "30.00", "2022-06-01", investor=COMPANY))
    return angel


def parts(entered: dict[str, Any]) -> dict[str, str]:
    return {event["investor"]: event["amount"] for event in entered["events"]}


def account(desk: Desk, investor: str, *names: str, **query: str) -> tuple[str, ...]:
    shown = desk.accounts(**query)[investor]
    return tuple(shown[name] for name in names)


def adds_up(rolled: dict[str, str]) -> bool:
    """The lines between begin and end, by the signs that their names have, lead from one to the other."""
    minus = {"distributed", "carry", "fees", "expenses"} | (
        {"contributed", "released"} if "recallable" in rolled else set()
    )
    lines = {name: Decimal(amount) for name, amount in rolled.items() if name not in ("begin", "end")}
    moved = sum(-amount if name in minus else amount for name, amount in lines.items())
    return Decimal(rolled["begin"]) + moved == Decimal(rolled["end"])


class TestNotices:
    def test_a_call_is_split_by_commitments_to_the_cent(self, committed: Desk) -> None:
        """33.33: 23.331 and 9.999 by shares; the fen left over goes to the larger remainder, the company's."""
        called = made(committed.notice("call", "33.33", "2022-06-10"))
        assert parts(called) == {CITY: "23.33", COMPANY: "10.00"}
        assert {event["notice"] for event in called["events"]} == {called["notice"]}
        assert account(committed, CITY, "called", "uncalled") == ("23.33", "46.67")

    def test_a_payment_is_split_by_what_each_owes(self, committed: Desk) -> None:
        made(committed.notice("call", "50.00", "2022-06-10"))
        made(committed.event("contribution", "35.00", "2022-06-15", investor=CITY))
        assert parts(made(committed.notice("contribution", "10.00", "2022-06-20"))) == {COMPANY: "10.00"}

    def test_a_distribution_goes_by_what_was_paid_in_or_by_commitments(self, committed: Desk) -> None:
        made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        made(committed.event("contribution", "40.00", "2022-06-10", investor=CITY))
        made(committed.event("call", "10.00", "2022-06-10", investor=COMPANY))
        made(committed.event("contribution", "10.00", "2022-06-10", investor=COMPANY))
        paid_in = committed.notice("distribution", "10.00", "2022-07-01", nature="gain")
        assert parts(made(paid_in)) == {CITY: "8.00", COMPANY: "2.00"}
        agreed = committed.notice("distribution", "10.00", "2022-07-02", basis="commitment", nature="income")
        assert parts(made(agreed)) == {CITY: "7.00", COMPANY: "3.00"}
        assert committed.accounts()[CITY]["by_nature"] == {"gain": "8.00", "income": "7.00"}

    def test_one_investor_without_room_keeps_all_of_the_notice_out(self, committed: Desk) -> None:
        made(committed.event("call", "25.00", "2022-06-10", investor=COMPANY))
        problem = refused(committed.notice("call", "40.00", "2022-06-11"), 422, "call-above-uncalled")
        assert problem["detail"] == f"向{COMPANY}催缴 12.00 元，该日起其未催缴的认缴额最低为 5.00 元"
        assert committed.position()["called"] == "25.00"

    @pytest.mark.parametrize(
        ("kind", "more", "code"),
        [
            ("fee", {}, "invalid_choice"),
            ("call", {"basis": "paid_in"}, "invalid_choice"),
            ("call", {"nature": "gain"}, "does-not-fit-the-kind"),
            ("call", {"recallable": True}, "does-not-fit-the-kind"),
            ("distribution", {"outside_commitment": True}, "does-not-fit-the-kind"),
            ("distribution", {"nature": "gift"}, "invalid_choice"),
        ],
    )
    def test_what_a_notice_cannot_say(
        self, committed: Desk, kind: str, more: dict[str, Any], code: str
    ) -> None:
        refused(committed.notice(kind, "1.00", "2022-06-11", **more), 422, code)

    def test_nobody_to_split_it_among(self, angel: Desk) -> None:
        refused(angel.notice("call", "1.00", "2022-06-11"), 422, "nothing-to-split-by")
        refused(angel.notice("contribution", "1.00", "2022-06-11"), 422, "nothing-to-split-by")

    def test_more_cash_than_there_is_is_not_distributed(self, committed: Desk) -> None:
        made(committed.notice("call", "10.00", "2022-06-10"))
        made(committed.notice("contribution", "10.00", "2022-06-10"))
        refused(committed.notice("distribution", "10.01", "2022-06-11"), 422, "cash-short")
        assert committed.position()["distributed"] == "0.00"


class TestUnfunded:
    def test_what_may_be_called_again_adds_to_it_and_a_release_takes_from_it(self, committed: Desk) -> None:
        """100 committed, 60 called and paid, 20 back of which 15 recallable, 5 released: 100 - 5 - 60 + 15 = 50."""
        made(committed.notice("call", "60.00", "2022-06-10"))
        made(committed.notice("contribution", "60.00", "2022-06-10"))
        made(
            committed.notice(
                "distribution", "15.00", "2022-07-01", recallable=True, nature="return_of_capital"
            )
        )
        made(committed.notice("distribution", "5.00", "2022-07-01", nature="gain"))
        made(committed.event("release", "5.00", "2022-08-01", investor=COMPANY))
        position = committed.position()
        assert (position["uncalled"], position["unfunded"], position["recallable"]) == (
            "50.00",
            "50.00",
            "15.00",
        )
        # the city: 70 - 42 + 10.50; the company: 30 - 5 - 18 + 4.50
        assert account(committed, CITY, "uncalled") == ("38.50",)
        assert account(committed, COMPANY, "uncalled") == ("11.50",)
        refused(committed.event("call", "38.51", "2022-09-01", investor=CITY), 422, "call-above-uncalled")
        made(committed.event("call", "38.50", "2022-09-01", investor=CITY))
        refused(
            committed.event("release", "11.51", "2022-09-01", investor=COMPANY), 422, "release-above-uncalled"
        )

    def test_what_was_called_again_rests_on_the_distribution(self, committed: Desk) -> None:
        made(committed.notice("call", "100.00", "2022-06-10"))
        made(committed.notice("contribution", "100.00", "2022-06-10"))
        back = made(committed.event("distribution", "10.00", "2022-07-01", investor=CITY, recallable=True))
        made(committed.event("call", "10.00", "2022-08-01", investor=CITY))
        refused(committed.reverse(back["id"], "2022-08-01"), 409, "reversal-breaks-later-state")

    def test_a_fee_on_top_leaves_the_commitment_alone(self, committed: Desk) -> None:
        made(committed.event("call", "70.00", "2022-06-10", investor=CITY))
        made(committed.event("call", "2.00", "2022-06-10", investor=CITY, outside_commitment=True))
        made(committed.event("contribution", "70.00", "2022-06-11", investor=CITY))
        made(committed.event("contribution", "2.00", "2022-06-11", investor=CITY, outside_commitment=True))
        shown = account(committed, CITY, "called", "contributed", "outside", "uncalled", "unfunded")
        assert shown == ("72.00", "72.00", "2.00", "0.00", "0.00")


class TestTransfers:
    @pytest.fixture
    def paid(self, committed: Desk) -> Desk:
        """Half of all is called and paid; 7 of the city's come back, 3.50 of it to be called again."""
        made(committed.notice("call", "50.00", "2022-06-10"))
        made(committed.notice("contribution", "50.00", "2022-06-10"))
        made(committed.event("distribution", "3.50", "2022-07-01", investor=CITY, recallable=True))
        made(committed.event("distribution", "3.50", "2022-07-01", investor=CITY, nature="gain"))
        return committed

    def test_a_share_of_everything_goes_along(self, paid: Desk) -> None:
        """20 of 70 is two sevenths: of 35 called and paid 10, of 3.50 recallable and 3.50 gain 1 each."""
        before = paid.position()
        rows = made(paid.transfer("20.00", "2023-01-01", seller=CITY, buyer=COMPANY))["events"]
        assert sorted({(row["kind"], row["amount"]) for row in rows}) == [
            ("call", "10.00"), ("commitment", "20.00"), ("contribution", "10.00"), ("distribution", "1.00"),
        ]  # fmt: skip
        names = ("committed", "called", "contributed", "distributed", "recallable", "unfunded")
        assert account(paid, CITY, *names) == ("50.00", "25.00", "25.00", "5.00", "2.50", "27.50")
        assert account(paid, COMPANY, *names) == ("50.00", "25.00", "25.00", "2.00", "1.00", "26.00")
        assert paid.position() == before
        assert account(paid, CITY, "committed", as_of="2022-12-31") == ("70.00",)

    def test_the_whole_commitment_leaves_nothing_behind(self, paid: Desk) -> None:
        made(paid.transfer("70.00", "2023-01-01", seller=CITY, buyer=COMPANY))
        assert set(account(paid, CITY, "committed", "called", "contributed", "unfunded")) == {"0.00"}
        assert account(paid, COMPANY, "committed", "contributed") == ("100.00", "50.00")

    def test_it_is_not_taken_back_row_by_row(self, paid: Desk) -> None:
        rows = made(paid.transfer("20.00", "2023-01-01", seller=CITY, buyer=COMPANY))["events"]
        for row in rows:
            refused(paid.reverse(row["id"], "2023-01-02"), 409, "transfer-stands")
            refused(paid.correct(row["id"], "1.00", "2023-01-02"), 409, "transfer-stands")
        made(paid.transfer("20.00", "2023-01-02", seller=COMPANY, buyer=CITY))
        assert account(paid, CITY, "committed") == ("70.00",)

    def test_not_more_than_the_seller_has(self, paid: Desk) -> None:
        refused(
            paid.transfer("70.01", "2023-01-01", seller=CITY, buyer=COMPANY), 422, "transfer-above-commitment"
        )

    def test_not_where_a_later_call_would_hang_in_the_air(self, paid: Desk) -> None:
        made(paid.event("call", "38.00", "2023-06-01", investor=CITY))
        refused(paid.transfer("20.00", "2023-01-01", seller=CITY, buyer=COMPANY), 409, "ledger-would-break")
        assert account(paid, COMPANY, "committed") == ("30.00",)

    @pytest.mark.parametrize(
        ("seller", "buyer", "code"),
        [(CITY, CITY, "same-investor"), ("谁", CITY, "investor-unknown"), (CITY, "谁", "investor-unknown")],
    )
    def test_between_two_investors_of_the_fund(self, paid: Desk, seller: str, buyer: str, code: str) -> None:
        refused(paid.transfer("1.00", "2023-01-01", seller=seller, buyer=buyer), 422, code)


class TestCorrections:
    def test_another_entry_stands_in_its_place_from_its_own_day_on(self, committed: Desk) -> None:
        first = made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        right = made(committed.correct(first["id"], "45.00", "2022-06-12"))
        assert (right["corrects"], right["kind"], right["investor"]) == (first["id"], "call", CITY)
        assert committed.position(as_of="2022-06-11")["called"] == "0.00"
        assert committed.position()["called"] == "45.00"

    def test_what_was_paid_on_it_meanwhile_may_stand(self, committed: Desk) -> None:
        """Taken back alone the call would leave the payment in the air; with its correction it does not."""
        first = made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        made(committed.event("contribution", "30.00", "2022-06-11", investor=CITY))
        refused(committed.reverse(first["id"], "2022-06-10"), 409, "reversal-breaks-later-state")
        made(committed.correct(first["id"], "30.00", "2022-06-10"))
        assert account(committed, CITY, "called", "contributed") == ("30.00", "30.00")

    @pytest.mark.parametrize(
        ("amount", "on"), [("29.99", "2022-06-10"), ("30.00", "2022-06-12"), ("70.01", "2022-06-10")]
    )
    def test_what_would_break_the_ledger_is_refused_whole(
        self, committed: Desk, amount: str, on: str
    ) -> None:
        first = made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        made(committed.event("contribution", "30.00", "2022-06-11", investor=CITY))
        refused(committed.correct(first["id"], amount, on), 409, "ledger-would-break")
        assert account(committed, CITY, "called") == ("40.00",)

    def test_an_event_is_corrected_once_and_its_correction_again(self, committed: Desk) -> None:
        first = made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        second = made(committed.correct(first["id"], "41.00", "2022-06-10"))
        refused(committed.correct(first["id"], "42.00", "2022-06-10"), 409, "already-reversed")
        made(committed.correct(second["id"], "42.00", "2022-06-10"))
        assert account(committed, CITY, "called") == ("42.00",)

    def test_its_marks_stay_unless_they_are_given(self, committed: Desk) -> None:
        made(committed.notice("call", "10.00", "2022-06-10"))
        made(committed.notice("contribution", "10.00", "2022-06-10"))
        first = made(
            committed.event(
                "distribution", "2.00", "2022-07-01", investor=CITY, recallable=True, nature="gain"
            )
        )
        kept = made(committed.correct(first["id"], "3.00", "2022-07-01"))
        assert (kept["recallable"], kept["nature"]) == (True, "gain")
        changed = made(committed.correct(kept["id"], "3.00", "2022-07-01", recallable=False))
        assert (changed["recallable"], changed["nature"]) == (False, "gain")
        refused(
            committed.correct(changed["id"], "3.00", "2022-07-01", outside_commitment=True),
            422,
            "does-not-fit-the-kind",
        )

    def test_it_says_why(self, committed: Desk) -> None:
        first = made(committed.event("call", "40.00", "2022-06-10", investor=CITY))
        answer = committed.api.post(
            f"/funds/{committed.fund}/events/{first['id']}/correct",
            {"amount": "1.00", "effective_date": "2022-06-10"},
        )
        refused(answer, 422, "required")
        refused(committed.correct("fe_none", "1.00", "2022-06-10"), 404, "not-found")


class TestRollForward:
    def test_of_a_year_by_hand(self, committed: Desk) -> None:
        """50 paid, 2 fees, 30 invested; 10 of cost sold for 16, 5 written off, the rest (15) worth 21; 8 back.

        NAV = 50 - 8 - 2 + (16 - 10 - 5) + (21 - 15) = 47, which is cash 26 and 21 held.
        """
        made(committed.notice("call", "50.00", "2022-06-10"))
        made(committed.notice("contribution", "50.00", "2022-06-10"))
        made(committed.event("fee", "2.00", "2022-07-01"))
        holding = made(committed.invest("30.00", "2022-07-01"))["holding"]
        made(committed.exit(holding, cash="16.00", cost="10.00", on="2022-08-01"))
        made(committed.write_off(holding, cost="5.00", on="2022-09-01"))
        made(committed.value(holding, at="21.00", on="2022-12-31"))
        made(committed.notice("distribution", "8.00", "2022-12-01", recallable=True))
        rolled = committed.rolled(*YEAR)
        assert rolled["nav"] == {
            "begin": "0.00", "contributed": "50.00", "distributed": "8.00", "fees": "2.00", "expenses": "0.00",
            "income": "0.00", "carry": "0.00", "realised": "1.00", "unrealised": "6.00", "end": "47.00",
        }  # fmt: skip
        assert rolled["unfunded"] == {
            "begin": "0.00", "committed": "100.00", "released": "0.00", "contributed": "50.00",
            "recallable": "8.00", "transferred": "0.00", "end": "58.00",
        }  # fmt: skip
        # the result of 5 is shared 70 : 30 by commitments
        company, city = (
            rolled["investors"]
            if rolled["investors"][0]["investor"] == COMPANY
            else rolled["investors"][::-1]
        )
        assert city["capital_account"]["result"] == "3.50"
        assert (city["capital_account"]["end"], company["capital_account"]["end"]) == ("32.90", "14.10")

    def test_every_part_adds_up_however_the_life_is_cut(self, committed: Desk) -> None:
        made(committed.notice("call", "50.01", "2022-06-10"))
        made(committed.notice("contribution", "50.01", "2022-06-10"))
        holding = made(committed.invest("30.00", "2022-07-01"))["holding"]
        made(committed.value(holding, at="33.33", on="2022-08-15"))
        made(committed.transfer("13.37", "2022-09-15", seller=CITY, buyer=COMPANY))
        made(committed.notice("distribution", "7.77", "2022-10-01", recallable=True))
        made(committed.event("release", "1.00", "2022-11-01", investor=CITY))
        cuts = [("2022-06-01", "2022-08-31"), ("2022-09-01", "2022-09-30"), ("2022-10-01", "2022-12-31")]
        pieces = [committed.rolled(*cut) for cut in cuts]
        for piece in pieces:
            rolls = [piece["unfunded"], piece["nav"]]
            for investor in piece["investors"]:
                rolls += [investor["unfunded"], investor["capital_account"]]
            assert all(map(adds_up, rolls)), piece
            ends = [Decimal(investor["capital_account"]["end"]) for investor in piece["investors"]]
            assert sum(ends) == Decimal(piece["nav"]["end"])
        for one, other in itertools.pairwise(pieces):
            assert one["nav"]["end"] == other["nav"]["begin"]
            for was, became in zip(one["investors"], other["investors"], strict=True):
                assert was["capital_account"]["end"] == became["capital_account"]["begin"]
                assert was["unfunded"]["end"] == became["unfunded"]["begin"]

    @pytest.mark.parametrize(
        ("start", "end", "code"),
        [
            ("2022-12-32", "2022-12-31", "date-format"),
            ("2023-01-01", "2022-12-31", "period-empty"),
            ("", "2022-12-31", "required"),
        ],
    )
    def test_of_no_period(self, committed: Desk, start: str, end: str, code: str) -> None:
        answer = committed.api.get(f"/funds/{committed.fund}/roll-forward?start={start}&as_of={end}")
        refused(answer, 422, code)

    def test_of_a_fund_without_investors(self, api: Callable[[str], Api]) -> None:
        bare = {"code": "bare", "name": "空", "name_en": "Bare", "tier": "angel", "manager": "angel-manager",
                "planned_size": "1.00", "established_on": "2022-06-01"}  # fmt: skip
        made(api("maker").post("/funds", bare))
        rolled = api("manager_angel").get("/funds/bare/roll-forward?start=2022-06-01").json()
        assert (rolled["investors"], rolled["nav"]["end"], rolled["unfunded"]["end"]) == ([], "0.00", "0.00")


def test_an_investor_stands_in_the_accounts_from_the_moment_that_it_was_known(committed: Desk) -> None:
    before = timezone.now().isoformat().replace("+", "%2B")
    made(committed.api.post(f"/funds/{committed.fund}/investors", {"name": "后来者", "capital": "social"}))

    def names(query: str) -> list[str]:
        shown = committed.api.get(f"/funds/{committed.fund}/{query}").json()
        return sorted(one.get("investor") or one["name"] for one in shown.get("data") or shown["investors"])

    rolled = "roll-forward?start=2022-06-01&as_of=2022-12-31"
    assert "后来者" in names("accounts")
    assert "后来者" in names(rolled)
    assert names(f"accounts?known_at={before}") == sorted([CITY, COMPANY])
    assert names(f"{rolled}&known_at={before}") == sorted([CITY, COMPANY])


def test_another_manager_sees_and_does_nothing_of_it(committed: Desk, api: Callable[[str], Api]) -> None:
    event = made(committed.event("call", "1.00", "2022-06-10", investor=CITY))
    stranger = Desk(found_fund(api, code="other", manager="industry-manager").api, committed.fund)
    refused(stranger.notice("call", "1.00", "2022-06-11"), 404, "not-found")
    refused(stranger.transfer("1.00", "2022-06-11", seller=CITY, buyer=COMPANY), 404, "not-found")
    refused(stranger.correct(event["id"], "1.00", "2022-06-11"), 404, "not-found")
    refused(stranger.api.get(f"/funds/{committed.fund}/accounts"), 404, "not-found")
    refused(stranger.api.get(f"/funds/{committed.fund}/roll-forward?start=2022-01-01"), 404, "not-found")
    refused(api("maker").post(f"/funds/{committed.fund}/notices", {}), 403, "forbidden")
