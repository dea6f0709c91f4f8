"""What SQL reads for the joint loss, against what people recorded over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from finance_hub.kernel import scoping
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.scoping import NoScope, within
from funds import queries as funds
from loans import queries as loans
from tests.cast import Cast
from tests.funds.following import Follower
from tests.loans.bank import disbursement, position, send
from tests.loans.covered import agree, agree_on_pool, cover, loss, recovery

END, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
FEN = 100


def test_classes_and_pledges_by_firm(cast: Cast, api: Any) -> None:
    """1,000 pledged to 60 % by two patents and to a tenth by a trademark; 700 stand, substandard."""
    pledges = [
        {"type": kind, "certificate_no": number, "registration_no": f"Y-{number}", "appraised_value": "5000.00",
         "share_pct": share}
        for kind, number, share in (("patent", "ZL1", "40.00"), ("patent", "ZL2", "20.00"), ("trademark", "TM1", "10.00"))
    ]  # fmt: skip
    sent = send(api("bank_a"), [disbursement(product="ip_pledge", pledges=pledges)])
    assert sent.state == "applied", sent.codes()
    send(api("bank_a"), [position("700.00", overdue_days=91, five_tier="substandard")], dataset="stock")
    with within(EVERYTHING):
        firm, bank = Firm.objects.get().pk, cast.organisation("bank-a").pk
        assert loans.tier_frame(OCTOBER, timezone.now()) == [(firm, "substandard", 700 * FEN)]
        assert loans.pledged_frame(OCTOBER, timezone.now()) == [
            (bank, firm, "patent", 420 * FEN), (bank, firm, "trademark", 70 * FEN),
        ]  # fmt: skip
        assert loans.tier_frame(date(2026, 9, 1), timezone.now()) == []
        assert loans.tier_frame(OCTOBER, datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_covers_claims_and_what_the_cap_leaves(cast: Cast, api: Any) -> None:
    """The plan's first claim: 1,234,567.89 lost of 30 million, 740,740.73 of the cap of 1.5 million used."""
    agree(api)
    held = cover(api("guarantor_a"))
    made = api("guarantor_a").post(f"{held}/claims", loss("1234567.89"))
    assert made.status_code == 201, made.content
    now = timezone.now()
    with within(EVERYTHING):
        firm, bank = Firm.objects.get().pk, cast.organisation("bank-a").pk
        (row,) = loans.guaranteed_frame(END, now)
        (shared,) = loans.shared_frame(END, now)
        assert row == (firm, bank, shared.terms_id, ("0", "0", "0"), 0, 2876543211, 98765431)
        assert (shared.agreement, shared.keeper, shared.pool_id, shared.room) == (
            "plan",
            "guarantor",
            None,
            75925927,
        )
        assert shared.parts == (
            ("bank", 2000), ("national_fund", 4000), ("re_guarantor", 2000), ("guarantor", 2000),
        )  # fmt: skip
        # Before the claim's day nothing of the cap is used; before the guarantee's there is none.
        assert loans.shared_frame(date(2026, 9, 1), now)[0].room == 150000000
        assert loans.guaranteed_frame(date(2026, 1, 10), now) == []
    back = recovery("87654.31") | {"claim": made.json()["id"]}
    assert api("guarantor_a").post(f"{held}/recoveries", back).status_code == 201
    with within(EVERYTHING):
        # A fifth of what came back is the bank's own.
        assert loans.guaranteed_frame(END, timezone.now())[0].claim == 98765431 - 7012345


def test_a_pool_stands_behind_its_terms_and_nothing_caps_it(cast: Cast, api: Any) -> None:
    agree_on_pool(api)
    cover(api("insurer_a"), principal="1000000.00", agreement="ip-pool")
    with within(EVERYTHING):
        (shared,) = loans.shared_frame(END, timezone.now())
        (pool,) = loans.pool_frame(END, timezone.now())
    assert (shared.pool_id, shared.room, dict(shared.parts)["pool"]) == (pool.pool_id, None, 5400)


def test_a_guarantee_with_shares_of_its_own(cast: Cast, api: Any) -> None:
    """On a contract that its bank reports here: outstanding there, nothing elsewhere."""
    send(api("bank_a"), [disbursement(contract_no="HT-DB-1")])
    cover(
        api("guarantor_a"), principal="900.00", agreement=..., bank_share_pct="20.00", government_share_pct="30.00",
        guarantor_share_pct="50.00",
    )  # fmt: skip
    with within(EVERYTHING):
        (row,) = loans.guaranteed_frame(END, timezone.now())
    assert (row.terms_id, row.shares, row.outstanding, row.elsewhere) == (
        None,
        ("20.00", "30.00", "50.00"),
        90000,
        0,
    )


class TestSigned:
    @pytest.fixture
    def follower(self, funded: Any) -> Follower:
        return Follower(funded)

    def unpaid(self, *, as_of: date = END) -> list[int]:
        with within(EVERYTHING):
            return [row.unpaid_fen for row in funds.signed_frame(as_of=as_of, known_at=timezone.now())]

    def test_what_is_signed_is_committed_until_it_is_paid(self, follower: Follower) -> None:
        follower.at("signed", planned_amount="5000000.00")
        assert self.unpaid() == [5_000_000 * FEN]
        assert self.unpaid(as_of=date(2020, 1, 1)) == []

    def test_what_is_paid_of_it_is_not(self, follower: Follower) -> None:
        deal = follower.at("paid", planned_amount="5000000.00")
        assert self.unpaid() == [2_000_000 * FEN]
        more = made_id(follower.desk.invest("2000000.00", "2022-08-01"))
        assert follower.pay(deal, more).status_code == 201
        assert self.unpaid() == []

    def test_a_deal_before_its_signature_is_not(self, follower: Follower) -> None:
        follower.at("committee")
        assert self.unpaid() == []


def made_id(answer: Any) -> str:
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_without_a_scope_nothing_is_read(db: None) -> None:
    assert scoping._scope.get() is None
    now = timezone.now()
    for read in (
        lambda: loans.tier_frame(OCTOBER, now),
        lambda: loans.pledged_frame(OCTOBER, now),
        lambda: loans.guaranteed_frame(END, now),
        lambda: loans.shared_frame(END, now),
        lambda: funds.signed_frame(as_of=END, known_at=now),
    ):
        with pytest.raises(NoScope):
            read()
