"""Branches: what each is from a day on, the balance through each kind, and codes that nobody registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Organisation
from finance_hub.kernel.scoping import within
from loans import queries
from loans.queries import BranchBalanceRow
from tests.cast import Api, Cast
from tests.loans.bank import send
from tests.loans.test_ageing import LATER, OCTOBER, flow, lent
from tests.loans.test_the_database_refuses import copied, refused

Speak = Callable[[str], Api]


@pytest.fixture(autouse=True)
def everything(cast: Cast) -> Iterator[None]:
    Organisation.objects.filter(kind="bank").update(reports_since=date(2025, 1, 1))
    with within(EVERYTHING):
        yield


class TestBranches:
    def _branch(self, api: Speak, code: str, kind: str, day: str = "2026-01-01", bank: str = "bank-a") -> Any:
        body = {
            "bank": bank,
            "code": code,
            "kind": kind,
            "name": "科技支行",
            "name_en": "Branch",
            "valid_from": day,
        }
        return api("maker").post("/branches", body)

    def test_the_balance_runs_through_what_a_branch_is_at_the_end(self, api: Speak, cast: Cast) -> None:
        """100 through a branch that became specialised in October, 30 through a talent bank, 5 through none."""
        for code, kind, day in (
            ("B-1", "ordinary", "2026-01-01"), ("B-1", "specialised", "2026-10-31"), ("B-2", "talent", "2026-01-01"),
            ("B-2", "closed", "2026-11-01"),
        ):  # fmt: skip
            assert self._branch(api, code, kind, day).status_code == 201
        flow(
            api("bank_a"),
            OCTOBER,
            lent(1, "2026-10-05", branch_code="B-1"),
            lent(2, "2026-10-05", "30.00", branch_code="B-2"),
            lent(3, "2026-10-05", "5.00"),
        )
        bank_a = cast.organisation("bank-a").pk
        assert queries.branch_balance_frame(OCTOBER.end, LATER) == [
            BranchBalanceRow(bank_a, "specialised", 10_000),
            BranchBalanceRow(bank_a, "talent", 3_000),
            BranchBalanceRow(bank_a, "unknown", 500),
        ]
        kinds = [row.kind for row in queries.branch_balance_frame(date(2026, 10, 31), LATER)]
        assert kinds == ["ordinary", "talent", "unknown"]
        before = datetime(2026, 11, 1, tzinfo=UTC)
        assert queries.branch_balance_frame(OCTOBER.end, before) == []

    def test_a_later_row_corrects_one_of_the_same_day(self, api: Speak) -> None:
        for kind in ("talent", "ordinary"):
            self._branch(api, "B-1", kind)
        flow(api("bank_a"), OCTOBER, lent(1, "2026-10-05", branch_code="B-1"))
        assert [row.kind for row in queries.branch_balance_frame(OCTOBER.end, LATER)] == ["ordinary"]

    def test_a_code_the_centre_does_not_know_is_warned_of_once_it_keeps_the_banks_branches(
        self, api: Speak
    ) -> None:
        bank = api("bank_a")
        assert send(bank, [lent(1, "2026-10-05", branch_code="B-9")]).codes("warning") == []
        self._branch(api, "B-1", "talent")
        self._branch(api, "B-9", "talent", bank="bank-b")
        rows = [lent(n, "2026-10-05", branch_code=code) for n, code in ((2, "B-1"), (3, "B-9"), (4, None))]
        sent = send(bank, rows)
        assert (sent.codes("warning"), sent.result["accepted"]) == ([(2, ["branch-unknown"])], 3)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"bank": "guarantor-a"}, "bank-unknown"),
            ({"bank": "nowhere"}, "bank-unknown"),
            ({"kind": "palace"}, "invalid_choice"),
            ({"valid_from": "2026-02-30"}, "date-format"),
            ({"code": ""}, "blank"),
        ],
    )
    def test_what_is_no_branch_is_refused(self, api: Speak, changes: dict[str, str], code: str) -> None:
        body = {
            "bank": "bank-a",
            "code": "B-1",
            "kind": "talent",
            "name": "甲",
            "name_en": "A",
            "valid_from": "2026-01-01",
        }
        answer = api("maker").post("/branches", body | changes)
        assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, [code])

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [({"kind": "'palace'"}, "branch_kind_is_known"), ({"code": "''"}, "a_branch_has_a_code")],
    )
    def test_the_database_refuses_it_by_name(
        self, api: Speak, changes: dict[str, str], constraint: str
    ) -> None:
        self._branch(api, "B-1", "talent")
        assert constraint in refused(copied("loans_branch", **changes))

    @pytest.mark.parametrize("person", ["bank_a", "approver", "auditor", "guarantor_a"])
    def test_the_maker_alone_records(self, api: Speak, person: str) -> None:
        for path in ("/branches", "/lpr-quotes", "/subsidy-schemes"):
            assert api(person).post(path, {}).status_code == 403

    def test_a_bank_reads_its_own(self, api: Speak) -> None:
        self._branch(api, "B-1", "talent")
        self._branch(api, "B-2", "talent", bank="bank-b")
        assert [one["code"] for one in api("bank_b").get("/branches").json()["data"]] == ["B-2"]
        assert [one["code"] for one in api("bank_b").get("/branches?bank=bank-a").json()["data"]] == []
        assert len(api("auditor").get("/branches").json()["data"]) == 2
