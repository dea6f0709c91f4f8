"""Rules on every scope: their budgets by hand, what is refused, warnings in words, and thirteen months of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from finance_hub.kernel import ids
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from tasks import frames, limits, snapshots
from tasks.catalogue import BY_CODE
from tasks.catalogue.budgets import budgets
from tasks.models import ToleranceRule
from tasks.risk import tolerances
from tests.cast import NOW, Cast
from tests.funds.conftest import CITY, FUND, Desk, made

OCTOBER = Month(2026, 10)
RULE = {
    "scope": "category", "fund": None, "key": "seed", "base": "principal-paid", "netting": False,
    "timing": "realised-and-impaired", "limit_pct": "50.00", "warning_pct": "60.00", "owner": "市财政局",
    "document": "示例〔2026〕1号", "valid_from": "2026-01-01",
}  # fmt: skip


def approved(api: Any, **changes: Any) -> dict[str, Any]:
    rule = made(api("maker").post("/limits-of-risk", {**RULE, **changes}))
    answer = api("approver").post(f"/limits-of-risk/{rule['id']}/approve")
    assert answer.status_code == 200, answer.content
    shown: dict[str, Any] = answer.json()
    return shown


@pytest.fixture
def angel(cast: Cast, api: Any) -> Desk:
    """Three seed firms of 2, 4 and 6 million: the first two written off in full, the third worth 5."""
    made(api("maker").post("/funds", FUND))
    made(api("manager_angel").post("/funds/angel/investors", {"name": CITY, "capital": "fiscal"}))
    desk = Desk(api("manager_angel"), "angel")
    for kind in ("commitment", "call", "contribution"):
        made(desk.event(kind, "20000000.00", "2026-03-01", investor=CITY))
    for at, millions in enumerate((2, 4, 6)):
        uscc = _seed(at)
        bought = made(desk.invest(f"{millions}000000.00", "2026-03-02", uscc=uscc))["holding"]
        if millions < 6:
            made(desk.write_off(bought, cost=f"{millions}000000.00", on="2026-09-01"))
        else:
            made(desk.value(bought, at="5000000.00", on="2026-09-30"))
    return desk


def _seed(at: int) -> str:
    from finance_hub.kernel import uscc

    code = uscc.complete(f"91330483MA2B7777{at}")
    Firm.objects.create(uscc=code, name=f"种子{at}号", source="centre", verified=True, stage="seed")
    return code


def shown(api: Any, **query: str) -> dict[str, Any]:
    with within(EVERYTHING):
        snapshots.take(OCTOBER, known_at=timezone.now(), taken_at=timezone.now())
    answer = api("auditor").get("/tolerances?period=2026-10", **query)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_category_by_hand(angel: Desk, api: Any) -> None:
    """12 paid, 50 % tolerated: 6. Lost 2 and 4, impaired 1: over by 1."""
    approved(api)
    (budget,) = shown(api)["budgets"]
    figures = ("limit", "used", "used_share", "realised", "impaired", "left", "committed", "median_write_off")
    assert {name: budget[name] for name in figures} == {
        "limit": "6000000.00", "used": "7000000.00", "used_share": "1.16666667", "realised": "6000000.00",
        "impaired": "1000000.00", "left": "-1000000.00", "committed": "0.00", "median_write_off": "3000000.00",
    }  # fmt: skip
    assert (budget["code"], budget["write_offs"], budget["losses_left"], budget["status"]) == (
        "category:seed", 2, 0, "exceeded",
    )  # fmt: skip
    assert budget["warning"] == "种子类已超限100.00万元"
    assert budget["rule"]["owner"] == "市财政局"
    assert [past["period"] for past in budget["history"]][::12] == ["2025-10", "2026-10"]
    assert budget["history"][0]["used"] is None


@pytest.mark.parametrize(
    ("changes", "code", "limit", "left"),
    [
        ({"scope": "fund", "fund": "angel", "key": "", "base": "size"}, "fund:angel", "10000000.00", "3000000.00"),
        ({"scope": "tier", "key": "angel"}, "tier:angel", "6000000.00", "-1000000.00"),
        ({"scope": "tier", "key": "angel", "base": "size", "limit_pct": "40"}, "tier:angel", "8000000.00", "1000000.00"),
        ({"scope": "tier", "key": "industry", "base": "size"}, "tier:industry", None, None),
        ({"scope": "category", "key": "growth"}, "category:growth", "0.00", "0.00"),
        ({"scope": "category", "fund": "angel"}, "category@angel:seed", "6000000.00", "-1000000.00"),
        ({"scope": "category", "timing": "realised"}, "category:seed", "6000000.00", "0.00"),
        ({"scope": "category", "timing": "liquidation", "key": ""}, "category:seed", "6000000.00", "0.00"),
    ],
)  # fmt: skip
def test_scopes_bases_and_timings(
    angel: Desk, api: Any, changes: dict[str, Any], code: str, limit: str | None, left: str | None
) -> None:
    approved(api, **changes)
    (budget,) = shown(api)["budgets"]
    assert (budget["code"], budget["limit"], budget["left"]) == (code, limit, left)


def test_a_limit_on_each_project_tells_those_that_lost(angel: Desk, api: Any) -> None:
    """A rule on every project: the three that lost or are impaired, each by its holding."""
    approved(api, scope="project", key="", limit_pct="100")
    found = {
        budget["label"]: (budget["limit"], budget["used"], budget["status"])
        for budget in shown(api)["budgets"]
    }
    assert found == {
        "单个项目：种子0号": ("2000000.00", "2000000.00", "warning"),
        "单个项目：种子1号": ("4000000.00", "4000000.00", "warning"),
        "单个项目：种子2号": ("6000000.00", "1000000.00", "within"),
    }  # fmt: skip


def test_what_is_signed_and_not_paid_is_committed(angel: Desk, api: Any) -> None:
    """A frame of signed deals is asked of SQL in tests of frames; here a budget carries it."""
    from dataclasses import replace

    from funds.queries import SignedRow

    approved(api)
    with within(EVERYTHING):
        read = frames.read(OCTOBER, known_at=timezone.now())
        fund, firm = read.funds[0].id, read.registry[0].firm_id
        (budget,) = budgets(replace(read, signed=[SignedRow(fund, firm, 123), SignedRow(fund, None, 7)]))
    assert budget.committed == Decimal("1.23")


class TestWarnings:
    """In words, in both languages, by how many write-offs of the median size still fit."""

    @staticmethod
    def budget(**given: Any) -> tolerances.BudgetOfMonth:
        rule = ToleranceRule(warning_pct=Decimal(80))
        stated = dict.fromkeys(tolerances.BudgetOfMonth._fields)
        stated |= {
            "code": "category:seed", "label": Text("种子类", "Seed"), "rule": rule, "limit": Decimal(100),
            "used": Decimal(60), "left": Decimal(40), "typical": Decimal("1200000.00"), "write_offs": 7,
            "losses_left": 1, "history": (), **given,
        }  # fmt: skip
        return tolerances.BudgetOfMonth(**stated)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("given", "zh", "en"),
        [
            ({}, "再有两笔中位数规模（120.00万元，n＝7）的核销，种子类即超限",
             "Two more write-offs of the median size (CNY 1.20 million, n = 7) and Seed is over"),
            ({"losses_left": 0}, "再有一笔中位数规模（120.00万元，n＝7）的核销，种子类即超限",
             "One more write-off of the median size (CNY 1.20 million, n = 7) and Seed is over"),
            ({"losses_left": 30}, "种子类：还可承受31笔中位数规模（120.00万元，n＝7）的核销后才会超限",
             "Seed: 31 write-offs of the median size (CNY 1.20 million, n = 7) would bring it over"),
            ({"typical": None, "losses_left": None}, "种子类：尚无核销，给不出中位数规模，剩余0.00万元",
             "Seed: nothing was written off yet, so there is no median size; CNY 0.00 million is left"),
            ({"left": None}, "种子类：基数未报送，无法判断", "Seed: its base is not reported"),
            ({"left": Decimal(-10_000)}, "种子类已超限1.00万元", "Seed: over its limit by CNY 0.01 million"),
        ],
    )  # fmt: skip
    def test_in_both_languages(self, given: dict[str, Any], zh: str, en: str) -> None:
        assert self.budget(**given).warning == Text(zh, en)

    @pytest.mark.parametrize(
        ("used", "limit", "status"),
        [(79, 100, "within"), (80, 100, "warning"), (100, 100, "warning"), (101, 100, "exceeded"), (0, 0, "within"),
         (1, 0, "exceeded"), (None, 100, "unknown"), (1, None, "unknown")],
    )  # fmt: skip
    def test_status(self, used: int | None, limit: int | None, status: str) -> None:
        given = {name: None if v is None else Decimal(v) for name, v in (("used", used), ("limit", limit))}
        assert self.budget(**given).status == status


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "pointer", "code"),
        [
            ({"scope": "city"}, "#/scope", "invalid_choice"),
            ({"scope": "fund", "key": ""}, "#/fund", "required"),
            ({"scope": "fund", "fund": "angel", "key": "angel"}, "#/key", "key-does-not-fit"),
            ({"scope": "tier", "fund": "angel", "key": ""}, "#/fund", "fund-has-no-part"),
            ({"scope": "vintage", "fund": "angel", "key": ""}, "#/fund", "fund-has-no-part"),
            ({"scope": "tier", "key": "seed"}, "#/key", "key-does-not-fit"),
            ({"key": "angel"}, "#/key", "key-does-not-fit"),
            ({"scope": "vintage", "key": "24"}, "#/key", "key-does-not-fit"),
            ({"scope": "vintage", "key": "２０２４"}, "#/key", "key-does-not-fit"),
            ({"scope": "project", "key": "ho_none"}, "#/key", "key-does-not-fit"),
            ({"base": "size"}, "#/base", "scope-has-no-size"),
            ({"warning_pct": "0"}, "#/warning_pct", "percentage-out-of-range"),
            ({"warning_pct": "100.01"}, "#/warning_pct", "percentage-out-of-range"),
            ({"limit_pct": "40.001"}, "#/limit_pct", "too-many-places"),
            ({"warning_pct": "60.005"}, "#/warning_pct", "too-many-places"),
            ({"owner": "x" * 101}, "#/owner", "max_length"),
            ({"owner": ""}, "#/owner", "required"),
            ({"scope": "fund", "fund": "none", "key": ""}, "#/fund", "does_not_exist"),
        ],
    )
    def test_a_bad_rule_names_its_field(
        self, angel: Desk, api: Any, changes: dict[str, Any], pointer: str, code: str
    ) -> None:
        answer = api("maker").post("/limits-of-risk", {**RULE, **changes})
        assert answer.status_code == 422, answer.content
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]

    def test_two_rules_of_one_scope_from_a_day(self, angel: Desk, api: Any) -> None:
        approved(api)
        second = made(api("maker").post("/limits-of-risk", RULE))
        clash = api("approver").post(f"/limits-of-risk/{second['id']}/approve")
        assert (clash.status_code, clash.json()["code"]) == (409, "rule-overlaps")
        approved(api, key="growth")
        approved(api, fund="angel")

    def test_a_month_without_figures_and_a_month_that_is_none(self, cast: Cast, api: Any) -> None:
        assert api("maker").get("/tolerances").json()["code"] == "no-figures-yet"
        bad = api("maker").get("/tolerances?period=2026-13")
        assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "#/period")

    @pytest.mark.parametrize("name", ["manager_angel", "bank_a", "guarantor_a", "department"])
    def test_budgets_are_the_centres(self, cast: Cast, api: Any, name: str) -> None:
        assert api(name).get("/tolerances").status_code == 403

    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"scope": "city"}, "key_of_a_tolerance_fits_its_scope"),
            ({"scope": "fund", "key": "x"}, "key_of_a_tolerance_fits_its_scope"),
            ({"scope": "tier", "key": "seed"}, "key_of_a_tolerance_fits_its_scope"),
            ({"scope": "vintage", "key": "24"}, "key_of_a_tolerance_fits_its_scope"),
            ({"scope": "category", "base": "size"}, "only_funds_have_a_size"),
            ({"warning_pct": 0}, "warning_line_is_a_percentage"),
            ({"valid_to": date(2026, 1, 1)}, "tolerance_ends_after_it_begins"),
            ({"approved_at": NOW}, "another_person_approves_the_limit"),
        ],
    )
    def test_the_database_refuses(self, everything: Cast, columns: dict[str, Any], constraint: str) -> None:
        row: dict[str, Any] = {
            "public_id": ids.new("tr"), "scope": "category", "key": "seed", "base": "principal-paid", "netting": True,
            "timing": "realised", "limit_pct": 10, "warning_pct": 80, "document": "x", "valid_from": date(2026, 1, 1),
            "valid_to": None, "proposed_by_id": everything["maker"].pk, "proposed_at": NOW, **columns,
        }  # fmt: skip
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        with (
            pytest.raises(IntegrityError, match=constraint),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"INSERT INTO tasks_tolerancerule ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608

    @pytest.mark.parametrize(
        "act", ["UPDATE tasks_tolerancerule SET limit_pct = 90", "DELETE FROM tasks_tolerancerule"]
    )
    def test_no_rule_is_edited_or_deleted(self, everything: Cast, act: str) -> None:
        limits.propose(
            fund_code=None, scope="category", key="seed", base="principal-paid", netting=False, timing="realised",
            limit_pct=Decimal(30), owner="市财政局", document="文件", valid_from=date(2025, 1, 1), valid_to=None,
            by=everything["maker"], now=NOW,
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="tolerance_changes_only_by_approval"), transaction.atomic():
            connection.cursor().execute(act)


def test_a_rule_that_ended_without_a_successor_is_a_finding(angel: Desk, api: Any) -> None:
    ended = approved(api, valid_to="2026-10-01")
    found = shown(api)
    assert (found["budgets"], [rule["id"] for rule in found["lapsed"]]) == ([], [ended["id"]])
    with within(EVERYTHING):
        assert [rule.public_id for rule in tolerances.lapsed_on(OCTOBER.last)] == [ended["id"]]
        assert tolerances.lapsed_on(date(2026, 9, 30)) == []
    approved(api, valid_from="2026-10-01")
    followed = shown(api)
    assert (len(followed["budgets"]), followed["lapsed"]) == (1, [])


def test_every_budget_figure_is_declared_in_both_languages() -> None:
    for code in ("realised", "impaired", "left", "committed", "typical", "losses_left", "lapsed"):
        (entry,) = BY_CODE[f"tolerance.{code}"]
        assert entry.name.zh
        assert entry.name.en.isascii()
