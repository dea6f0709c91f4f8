"""Pools: what they pay and get back, and when they carry no more."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import Api
from tests.loans.covered import agree, agree_on_pool, codes, cover, guarantee, loss, parts, recovery

Speak = Callable[[str], Api]


class TestPools:
    def test_a_reversed_claim_gives_the_pool_its_money_back(self, api: Speak) -> None:
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        claim = insurer.post(f"{held}/claims", loss("333333.33")).json()["id"]
        insurer.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-01"})
        assert api("maker").get("/risk-pools/pool").json()["balance"] == "120000.50"
        assert (
            parts(insurer.post(f"{held}/claims", loss("100.00", effective_date="2026-10-01")))["pool"]
            == "54.00"
        )

    def test_on_a_day_before_the_money_came_back_there_is_none(self, api: Speak) -> None:
        """The pool's balance between the claim and its reversal is 0: a claim of those days gets nothing."""
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        claim = insurer.post(f"{held}/claims", loss("333333.33")).json()["id"]
        insurer.post(f"{held}/claims/{claim}/reverse", {"effective_date": "2026-10-01"})
        between = loss("100.00", effective_date="2026-09-15")
        assert parts(insurer.post(f"{held}/claims", between)) == {
            "pool": "0.00", "bank": "80.00", "insurer": "16.00", "other": "4.00",
        }  # fmt: skip

    def test_a_return_that_the_pool_has_spent_is_not_taken_back(self, api: Speak) -> None:
        agree_on_pool(api)
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        insurer.post(f"{held}/claims", loss("333333.33"))
        made = insurer.post(f"{held}/recoveries", recovery("10000.00")).json()["id"]
        later = loss("100.00", effective_date="2026-10-20")
        assert parts(insurer.post(f"{held}/claims", later))["pool"] == "54.00"
        answer = insurer.post(f"{held}/recoveries/{made}/reverse", {"effective_date": "2026-10-25"})
        assert codes(answer)[:2] == (422, "pool-balance-too-low")

    def test_a_bank_above_the_line_gets_no_new_guarantee(self, api: Speak) -> None:
        """333,333.33 of 1,000,000 lost, of which 186,667.16 were compensated: 18.67 %, the line is 15 %."""
        agree_on_pool(api, fuse_line_pct="15.00")
        insurer = api("insurer_a")
        held = cover(insurer, principal="1000000.00", agreement="ip-pool")
        insurer.post(f"{held}/claims", loss("333333.33"))
        new = {"principal": "1.00", "agreement": "ip-pool"}
        answer = insurer.post("/guarantees", guarantee("DB-2", **new), Accept_Language="en")
        assert codes(answer)[:2] == (422, "pool-fuse-blown")
        assert answer.json()["detail"] == "The bank's compensation ratio is 18.67 %, the line is 15.00 %"
        [fuse] = api("auditor").get("/risk-pools/pool").json()["fuses"]
        assert fuse == {
            "bank": "bank-a", "measure": "compensation_ratio", "value_pct": "18.67", "line_pct": "15.00",
            "blown": True,
        }  # fmt: skip
        # The pool is closed for that bank alone; what it carries is another matter.
        answer = insurer.post("/guarantees", guarantee("DB-2", bank="bank-b", **new))
        assert codes(answer)[:2] == (422, "pool-leverage-exceeded")

    def test_a_pool_carries_ten_times_what_it_holds(self, api: Speak) -> None:

        agree_on_pool(api)
        insurer = api("insurer_a")
        cover(insurer, "DB-1", principal="1200005.00", agreement="ip-pool")
        answer = insurer.post("/guarantees", guarantee("DB-2", principal="0.01", agreement="ip-pool"))
        assert codes(answer) == (422, "pool-leverage-exceeded", [("pool-leverage-exceeded", "#/principal")])
        assert "1200005.00" in answer.json()["detail"]

    def test_another_guarantor_is_refused_by_what_it_does_not_see(self, api: Speak) -> None:
        """The pool is full of the insurer's policies."""

        agree_on_pool(api)
        agree(
            api, "shared", parts=[("pool", "50.00"), ("bank", "50.00")], keeper="bank", pool="pool",
            compensation_cap_pct=..., compensation_cap_base=..., borrower_cap=...,
        )  # fmt: skip
        cover(api("insurer_a"), "DB-1", principal="1200005.00", agreement="ip-pool")
        answer = api("guarantor_a").post(
            "/guarantees", guarantee("DB-2", principal="0.01", agreement="shared")
        )
        assert codes(answer)[1] == "pool-leverage-exceeded"

    def test_a_pool_without_approved_limits_carries_nothing(self, api: Speak) -> None:

        maker = api("maker")
        maker.post("/risk-pools", {"code": "new", "name": "新池", "name_en": "New"})
        agree(
            api, "shared", parts=[("pool", "50.00"), ("bank", "50.00")], keeper="bank", pool="new",
            compensation_cap_pct=..., compensation_cap_base=..., borrower_cap=...,
        )  # fmt: skip
        answer = api("guarantor_a").post("/guarantees", guarantee(principal="0.01", agreement="shared"))
        assert codes(answer)[1] == "pool-without-limits"
