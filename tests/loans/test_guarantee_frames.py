"""What the figures read of guarantees and pools: as of a day, as known at a moment, from what banks report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import NoScope, within
from loans import queries
from loans.queries import FuseRow, NetAssetsRow, OverdueRow, PoolRow
from tests.cast import NOW, Api, Cast
from tests.loans.bank import disbursement, position, send
from tests.loans.covered import agree, agree_on_pool, codes, cover, guarantee, loss

Speak = Callable[[str], Api]
LATER = datetime(2027, 1, 1, tzinfo=UTC)
END = date(2026, 11, 1)
OCTOBER = Month(2026, 10)


@pytest.fixture
def everything(cast: Cast) -> Iterator[None]:
    with within(EVERYTHING):
        yield


def _lend(
    api: Speak, contract: str, balance: str, *, overdue_days: int, five_tier: str = "substandard"
) -> None:
    """A loan of bank A in October, and how it stands at the end of it."""
    send(
        api("bank_a"), [disbursement(f"E-{contract}", "1000.00", contract_no=contract, drawdown_no=contract)]
    )
    row = position(
        balance, contract_no=contract, drawdown_no=contract, overdue_days=overdue_days, five_tier=five_tier
    )
    sent = send(api("bank_a"), [row], dataset="stock")
    assert sent.result["accepted"] == 1, sent.rows()


@pytest.mark.parametrize(
    ("days", "released", "amount"),
    [(90, "0.00", None), (91, "0.00", 80_000), (91, "300.00", 70_000), (91, "1000.00", None)],
)
def test_overdue_beyond_the_waiting_period_at_most_what_is_outstanding(
    api: Speak, cast: Cast, days: int, released: str, amount: int | None
) -> None:
    agree(api)
    guarantor = api("guarantor_a")
    held = cover(guarantor, "DB-1", principal="1000.00", contract_no="HT-1")
    entry = {"kind": "release", "amount": released, "effective_date": "2026-10-10"}
    guarantor.post(f"{held}/events", entry)
    _lend(
        api, "HT-1", "800.00", overdue_days=days, five_tier="substandard" if days > 90 else "special_mention"
    )
    row = [OverdueRow(cast.organisation("guarantor-a").pk, cast.organisation("bank-a").pk, amount or 0)]
    with within(EVERYTHING):
        assert queries.overdue_frame(OCTOBER, LATER) == (row if amount else [])
        assert queries.overdue_frame(OCTOBER, NOW - timedelta(days=1)) == []
        assert queries.overdue_frame(Month(2026, 9), LATER) == []


def test_the_last_net_assets_before_a_day_are_in_force(api: Speak, cast: Cast) -> None:
    for day, amount in (("2026-06-30", "100.00"), ("2026-09-30", "200.00"), ("2026-09-30", "210.00")):
        new = {"effective_date": day, "amount": amount, "deductions": "10.00"}
        assert api("guarantor_a").post("/net-assets", new).status_code == 201
    pk = cast.organisation("guarantor-a").pk
    with within(EVERYTHING):
        assert queries.net_assets_frame(END, LATER) == [NetAssetsRow(pk, date(2026, 9, 30), 20_000)]
        assert queries.net_assets_frame(date(2026, 9, 30), LATER) == [
            NetAssetsRow(pk, date(2026, 6, 30), 9_000)
        ]
        assert queries.net_assets_frame(END, NOW - timedelta(days=1)) == []


def test_a_pools_balance_and_what_it_carries_follow_the_days(api: Speak) -> None:
    agree_on_pool(api)
    insurer = api("insurer_a")
    held = cover(insurer, principal="1000.00", agreement="ip-pool", start_date="2026-02-01")
    insurer.post(f"{held}/claims", loss("100.00"))
    with within(EVERYTHING):
        [row] = queries.pool_frame(END, LATER)
        assert row == PoolRow(row.pool_id, "pool", "资金池", "Pool", 12_000_050 - 5_400, 90_000, 1_000)
        [before] = queries.pool_frame(date(2026, 9, 1), LATER)
        assert (before.balance, before.guaranteed) == (12_000_050, 100_000)
        [first] = queries.pool_frame(date(2026, 1, 1), LATER)
        assert (first.balance, first.guaranteed, first.leverage_limit) == (0, 0, None)
        assert queries.pool_frame(END, NOW - timedelta(days=1)) == []


class TestTheNplFuse:
    def _open(self, api: Speak) -> None:
        agree_on_pool(api, fuse_measure="npl_ratio", fuse_line_pct="30.00")
        for contract in ("HT-1", "HT-2"):
            cover(api("insurer_a"), contract, contract_no=contract, principal="1000.00", agreement="ip-pool")

    def test_is_not_known_before_the_bank_has_sent_positions(self, api: Speak, cast: Cast) -> None:
        self._open(api)
        with within(EVERYTHING):
            [fuse] = queries.fuse_frame(END, LATER)
        assert fuse == FuseRow(fuse.pool_id, cast.organisation("bank-a").pk, "npl_ratio", None, None, 3_000)
        assert (fuse.value, fuse.blown) == (None, False)

    @pytest.mark.parametrize(("bad", "blown"), [("299.99", False), ("300.00", True)])
    def test_counts_bad_loans_under_the_pool_alone_and_blows_at_the_line(
        self, api: Speak, bad: str, blown: bool
    ) -> None:
        """700.01 or 700.00 sound; the bank's third loan is bad too, and not under the pool."""
        self._open(api)
        rows, stock = [], []
        sound = f"{1000 - Decimal(bad):.2f}"
        for contract, balance, tier in (
            ("HT-1", bad, "loss"),
            ("HT-2", sound, "normal"),
            ("HT-3", "900.00", "loss"),
        ):
            rows.append(disbursement(f"E-{contract}", "1000.00", contract_no=contract, drawdown_no=contract))
            stock.append(position(balance, client_row_id=contract, contract_no=contract, drawdown_no=contract,
                                  five_tier=tier, overdue_days=400 if tier == "loss" else 0))  # fmt: skip
        send(api("bank_a"), rows)
        assert send(api("bank_a"), stock, dataset="stock").result["accepted"] == 3
        with within(EVERYTHING):
            [fuse] = queries.fuse_frame(END, LATER)
            assert (fuse.bad, fuse.total, fuse.blown) == (int(Decimal(bad) * 100), 100_000, blown)
        answer = api("insurer_a").post(
            "/guarantees", guarantee("DB-9", principal="1.00", agreement="ip-pool"), Accept_Language="en"
        )
        if blown:
            assert codes(answer)[1] == "pool-fuse-blown"
            assert answer.json()["detail"] == "The bank's NPL ratio is 30.00 %, the line is 30.00 %"
        else:
            assert answer.status_code == 201


def test_interest_and_write_offs_are_in_what_the_firm_owes(api: Speak) -> None:
    """Of 100.00 and 10.00 interest 88.00 are paid; 8.00 come back net for the others, 20.00 are written off."""
    agree(api, covers_interest=True)
    guarantor = api("guarantor_a")
    held = cover(guarantor, principal="1000.00")
    guarantor.post(f"{held}/claims", loss("100.00", interest="10.00"))
    guarantor.post(f"{held}/recoveries", {"amount": "11.00", "cost": "1.00", "effective_date": "2026-10-01"})
    guarantor.post(f"{held}/events", {"kind": "write_off", "amount": "20.00", "effective_date": "2026-10-02"})
    with within(EVERYTHING):
        [row] = queries.guarantee_frame(END, LATER)
    assert row._asdict() | {"guarantor_id": 0, "firm_id": 0} == {
        "guarantor_id": 0, "firm_id": 0, "customer": "small_micro", "group_id": None, "outstanding": 90_000,
        "outstanding_elsewhere": 90_000, "compensated": 8_000, "interest": 800, "recovered": 800,
        "released": 2_000, "claim": 6_000, "compensated_year": 8_000, "released_year": 2_000,
        "government_share": 54_000, "live": 1, "paid_month": 0, "recovered_month": 800, "released_month": 0,
        "underwritten_month": 0,
    }  # fmt: skip


@pytest.mark.parametrize("frame", [queries.net_assets_frame, queries.pool_frame, queries.fuse_frame])
def test_frames_want_a_scope(db: None, frame: Callable[[date, datetime], object]) -> None:
    with pytest.raises(NoScope):
        frame(END, LATER)
