"""A small city as the command loads it: it holds what the plan promises and no impossible state."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from finance_hub.demo import calendar, issues
from finance_hub.demo.people import DEMO_PEOPLE, KEY_HOLDERS
from finance_hub.kernel import keys, login, uscc
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import ApiKey, AuditEntry, Firm, Job, MonthState, Organisation, Person
from finance_hub.kernel.problems import SelfApproval
from finance_hub.kernel.scoping import within
from funds.models import Fund
from listings import queries as listings
from loans.models import LoanReportBatch, RowOutcome
from tasks import invariants, publication
from tasks.models import Briefing, Figure, Snapshot, TargetReport, ToleranceRule
from tests.demo.conftest import SMALL, seed, wipe

pytestmark = pytest.mark.django_db
#: query → no row. Each says in its name what holds.
HOLDS = {
    "no fund's cash is negative at the end of any day": """
        SELECT fund_id FROM (
          SELECT fund_id, day, sum(sum(change)) OVER (PARTITION BY fund_id ORDER BY day) AS cash FROM (
            SELECT fund_id, effective_date AS day, CASE kind WHEN 'contribution' THEN amount
                   WHEN 'commitment' THEN 0 WHEN 'call' THEN 0 ELSE -amount END AS change FROM funds_fundevent
            UNION ALL
            SELECT h.fund_id, e.effective_date, CASE e.kind WHEN 'investment' THEN -e.cash ELSE e.cash END
              FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id) moves
          GROUP BY fund_id, day) days WHERE cash < 0""",
    "paid-in <= called <= committed on every day": """
        SELECT investor_id FROM (
          SELECT investor_id, sum(sum(c)) OVER w AS committed, sum(sum(k)) OVER w AS called,
                 sum(sum(p)) OVER w AS paid FROM (
            SELECT investor_id, effective_date AS day,
                   CASE WHEN kind = 'commitment' THEN amount ELSE 0 END AS c,
                   CASE WHEN kind = 'call' THEN amount ELSE 0 END AS k,
                   CASE WHEN kind = 'contribution' THEN amount ELSE 0 END AS p
              FROM funds_fundevent WHERE investor_id IS NOT NULL) rows
          GROUP BY investor_id, day WINDOW w AS (PARTITION BY investor_id ORDER BY day)) days
         WHERE paid > called OR called > committed""",
    "no holding's cost is below zero on any day": """
        SELECT holding_id FROM (
          SELECT holding_id, sum(sum(CASE WHEN kind = 'investment' THEN cost ELSE -cost END))
                 OVER (PARTITION BY holding_id ORDER BY effective_date) AS held
            FROM funds_holdingevent GROUP BY holding_id, effective_date) days WHERE held < 0""",
    "every holding has a value from its first day on": """
        SELECT h.id FROM funds_holding h WHERE NOT EXISTS (
          SELECT FROM funds_valuation v JOIN funds_holdingevent e USING (holding_id)
           WHERE v.holding_id = h.id AND e.kind = 'investment' AND v.effective_date = e.effective_date)""",
    "facts of funds are recorded after they happened, within eight weeks, and not after today": """
        SELECT id FROM (
          SELECT id, effective_date AS day, recorded_at FROM funds_fundevent
          UNION ALL SELECT id, effective_date, recorded_at FROM funds_holdingevent
          UNION ALL SELECT id, effective_date, recorded_at FROM funds_valuation
          UNION ALL SELECT id, effective_date, recorded_at FROM listings_stageevent
          UNION ALL SELECT id, effective_date, recorded_at FROM loans_guaranteeevent) facts
         WHERE (recorded_at AT TIME ZONE 'Asia/Shanghai')::date NOT BETWEEN day AND day + 56
            OR recorded_at > '2026-11-10 18:00+08'""",
    "nothing of a firm is older than the firm": """
        SELECT f.uscc FROM kernel_firm f JOIN loans_contract c ON c.firm_id = f.id
          JOIN loans_drawdown d ON d.contract_id = c.id WHERE d.disbursed_on < f.founded_on
        UNION SELECT f.uscc FROM kernel_firm f JOIN funds_holding h ON h.firm_id = f.id
          JOIN funds_holdingevent e ON e.holding_id = h.id WHERE e.effective_date < f.founded_on
        UNION SELECT f.uscc FROM kernel_firm f JOIN kernel_firmclass c ON c.firm_id = f.id
         WHERE c.valid_from < f.founded_on""",
    "no drawdown's balance is negative at the end of any day": """
        SELECT drawdown_id FROM (
          SELECT drawdown_id, sum(sum(effect)) OVER (PARTITION BY drawdown_id ORDER BY value_date) AS balance
            FROM loans_loanevent e WHERE NOT EXISTS (SELECT FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                  AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
           GROUP BY drawdown_id, value_date) days WHERE balance < 0""",
    "an event lies in the month of its batch": """
        SELECT e.id FROM loans_loanevent e JOIN loans_loanreportbatch b ON b.id = e.batch_id
         WHERE date_trunc('month', e.value_date) <> b.period""",
    "every batch is applied, and before its month is closed unless it restates": """
        SELECT b.public_id FROM loans_loanreportbatch b LEFT JOIN kernel_monthstate m ON m.month = b.period
         WHERE b.state <> 'applied' OR (b.declared_at >= m.closed_at AND NOT EXISTS (
               SELECT FROM loans_loanevent e WHERE e.batch_id = b.id AND e.revision > 1))""",
    "every live drawdown has a position at the end of each month its bank has reported": """
        SELECT d.id FROM loans_drawdown d
          JOIN loans_loanreportbatch b ON b.bank_id = d.bank_id AND b.dataset = 'stock'
         WHERE (SELECT sum(effect) FROM loans_loanevent e WHERE e.drawdown_id = d.id
                   AND e.value_date < b.period + interval '1 month') > 0
           AND NOT EXISTS (SELECT FROM loans_loanposition p WHERE p.drawdown_id = d.id AND p.month = b.period)""",
    "an ip-pledge loan has its pledges and no other has any": """
        SELECT d.id FROM loans_drawdown d WHERE (d.product_id = 'ip_pledge') <> EXISTS (
               SELECT FROM loans_pledge p WHERE p.drawdown_id = d.id)""",
    "a guarantee stands for a contract that its bank has reported, with its firm and amount": """
        SELECT g.guarantee_no FROM loans_guarantee g WHERE NOT EXISTS (
          SELECT FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
            JOIN loans_loanevent e ON e.drawdown_id = d.id AND e.record_type = 'disbursement'
           WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no AND c.firm_id = g.firm_id
             AND d.guarantee_ref = g.guarantee_no AND e.amount = g.principal AND d.disbursed_on = g.start_date)
           AND (g.start_date < '2026-10-01')""",
    "a compensation is a repayment at the bank": """
        SELECT v.id FROM loans_guaranteeevent v JOIN loans_guarantee g ON g.id = v.guarantee_id
         WHERE v.kind = 'compensation' AND NOT EXISTS (
          SELECT FROM loans_contract c JOIN loans_drawdown d ON d.contract_id = c.id
            JOIN loans_loanevent e ON e.drawdown_id = d.id AND e.record_type = 'repayment'
           WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no AND e.amount = v.amount
             AND e.value_date = v.effective_date)""",
    "every month but the last is closed by another person": """
        SELECT month FROM kernel_monthstate WHERE closed_by_id IS NULL OR closed_by_id = proposed_by_id""",
    "an issue is published with the figures known at its close": """
        SELECT b.public_id FROM tasks_briefing b JOIN tasks_snapshot s ON s.id = b.snapshot_id
          JOIN kernel_monthstate m ON m.month = b.month
         WHERE b.state = 'published' AND (s.known_at <> m.closed_at OR b.approved_at < m.closed_at)""",
}  # fmt: skip


@pytest.fixture(scope="module")
def city(empty: None, room: Path) -> Iterator[str]:
    """What the command printed."""
    from django.conf import settings

    settings.BASE_DIR, settings.VAR_DIR = room, room / "var" / "city"
    settings.FILES_DIR = settings.VAR_DIR / "files"
    yield seed(inline=True)
    wipe()


@pytest.fixture(autouse=True)
def _everything(city: str) -> Iterator[None]:
    with within(EVERYTHING):
        yield


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


class TestWhatItHolds:
    def test_the_funds_of_the_plan_and_their_sub_funds(self) -> None:
        sizes = dict(Fund.objects.exclude(tier="sub").values_list("tier", "planned_size"))
        assert sizes == {"angel": Decimal(10**8), "mother": Decimal(10**9), "industry": Decimal(2 * 10**10)}
        assert Fund.objects.filter(tier="sub").count() == 4

    def test_firms_with_valid_codes_of_the_city_and_none_twice(self) -> None:
        codes = list(Firm.objects.values_list("uscc", flat=True))
        assert SMALL["firms"] * 0.8 < len(codes) <= SMALL["firms"]
        assert {uscc.check(code) for code in codes} == {None}
        assert {code[2:8] for code in codes} == {"330483"}

    def test_as_many_drawdowns_as_were_asked_for(self) -> None:
        assert _rows("SELECT count(*) FROM loans_drawdown") == [(SMALL["loans"],)]

    def test_two_firms_have_been_listed_and_the_funds_hold_them(self) -> None:
        listed = listings.listed_frame(calendar.LAST.end, calendar.TODAY)
        assert [(row.board, row.entered_on.isoformat()) for row in listed] == [
            ("star", "2025-08-20"), ("chinext", "2026-06-18"),
        ]  # fmt: skip
        held = _rows("SELECT DISTINCT firm_id FROM funds_holding WHERE firm_id IS NOT NULL")
        assert {row.firm_id for row in listed} <= {firm for (firm,) in held}

    def test_attempts_that_were_withdrawn_and_suspended(self) -> None:
        stages = {row.stage for row in listings.pipeline_frame(calendar.LAST.end, calendar.TODAY)}
        assert {"withdrawn", "suspended", "cultivation", "inquiry"} <= stages

    def test_tolerance_rules_that_two_people_made(self) -> None:
        rules = ToleranceRule.objects.select_related("fund", "proposed_by", "approved_by").order_by(
            "valid_from"
        )
        assert [(r.fund.tier, r.proposed_by.username, r.approved_by.username) for r in rules] == [  # type: ignore[union-attr]
            ("angel", "maker", "approver"), ("industry", "maker", "approver"),
        ]  # fmt: skip

    def test_about_half_of_the_targets_reported_and_none_that_is_computed(self) -> None:
        reported = TargetReport.objects.values_list("target_id", flat=True).distinct()
        assert 20 <= len(reported) <= 30
        assert not any(code.startswith("S3-8") for code in reported)

    @pytest.mark.parametrize("name", HOLDS)
    def test_it_holds_that(self, name: str) -> None:
        assert _rows(HOLDS[name]) == []

    def test_every_invariant_of_the_product_holds(self) -> None:
        assert [(f.name, f.offenders) for f in invariants.check() if not f.holds] == []


class TestWhatIsNotInOrder:
    def test_stock_and_flow_differ_only_where_it_is_planned(self) -> None:
        differences = _rows("""
            WITH flow AS (
              SELECT b.code, p.period, sum(e.effect) AS balance
                FROM (SELECT DISTINCT bank_id, period FROM loans_loanreportbatch WHERE dataset = 'stock') p
                JOIN kernel_organisation b ON b.id = p.bank_id
                JOIN loans_loanevent e ON e.bank_id = p.bank_id AND e.value_date < p.period + interval '1 month'
               WHERE NOT EXISTS (SELECT FROM loans_loanevent n WHERE n.bank_id = e.bank_id
                      AND n.external_event_id = e.external_event_id AND n.revision > e.revision)
               GROUP BY 1, 2),
            stock AS (
              SELECT b.code, p.month AS period, sum(p.balance) AS balance
                FROM loans_loanposition p JOIN kernel_organisation b ON b.id = p.bank_id GROUP BY 1, 2)
            SELECT code, period::text, coalesce(stock.balance, 0) - flow.balance
              FROM flow LEFT JOIN stock USING (code, period)
             WHERE coalesce(stock.balance, 0) <> flow.balance""")
        assert differences == [("bank-shuishan", "2026-10-01", Decimal("-50000.00"))]

    def test_the_smallest_bank_has_not_sent_its_last_stock(self) -> None:
        draft = Briefing.objects.get(state="draft")
        silent = draft.snapshot.not_reported
        assert [(s["code"], s["dataset"]) for s in silent] == [("bank-cansang", "stock")]
        quiet = Snapshot.objects.exclude(pk=draft.snapshot_id).values_list("not_reported", flat=True)
        assert all(said == [] for said in quiet)

    def test_two_rows_of_the_second_bank_were_rejected(self) -> None:
        rejected = RowOutcome.objects.filter(outcome="rejected").select_related("bank")
        found = {(row.bank.code, row.errors[0]["code"]) for row in rejected}
        assert found == {("bank-wutong", "uscc-check-character"), ("bank-wutong", "contract-unknown")}

    def test_every_bank_has_sent_every_other_report(self) -> None:
        sent = LoanReportBatch.objects.values_list("bank__code", "period", "dataset").distinct()
        assert len(sent) == 6 * 24 * 2 - 1


class TestMonths:
    def test_all_but_the_last_are_closed(self) -> None:
        closed = MonthState.objects.order_by("month").values_list("month", flat=True)
        assert list(closed) == [month.first for month in calendar.closed()]

    def test_their_issues_are_published_with_numbers_without_gaps(self) -> None:
        published = Briefing.objects.filter(state="published").order_by("month")
        assert [b.month for b in published] == [month.first for month in calendar.closed()]
        assert [b.total_no for b in published] == list(range(1, 24))
        assert [b.issue_no for b in published] == [1, 2, *range(1, 13), *range(1, 10)]

    def test_the_open_month_has_a_draft_that_the_approver_can_approve(self) -> None:
        draft = Briefing.objects.get(state="draft")
        assert (draft.month, draft.drafted_by and draft.drafted_by.username) == (calendar.LAST.first, "maker")
        with pytest.raises(SelfApproval):
            publication.approve(draft.public_id, by=Person.objects.get(username="maker"), now=timezone.now())
        approver = Person.objects.get(username="approver")
        approved = publication.approve(draft.public_id, by=approver, now=timezone.now())
        assert (approved.issue_no, approved.total_no) == (10, 24)

    def test_no_job_is_left(self) -> None:
        assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}

    def test_the_trail_of_the_acts_is_in_the_order_of_their_time(self) -> None:
        firms = AuditEntry.objects.filter(action__regex=r"^(firm|fund|holding|listing|guarantee)\.").order_by(
            "seq"
        )
        times = list(firms.values_list("at", flat=True))
        assert len(times) > 500
        assert times == sorted(times)


class TestLogins:
    @pytest.fixture
    def issued(self, room: Path) -> Any:
        return json.loads((room / "var" / "demo-credentials.json").read_text("utf-8"))

    def test_the_file_has_the_agreed_shape_and_is_private(self, issued: Any, room: Path) -> None:
        assert set(issued) == {"users", "api_keys"}
        assert list(issued["users"]) == list(DEMO_PEOPLE)
        assert all(set(login) == {"username", "password"} for login in issued["users"].values())
        assert list(issued["api_keys"]) == list(KEY_HOLDERS)
        mode = (room / "var" / "demo-credentials.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    def test_a_password_opens_its_account_and_not_another(self, issued: Any) -> None:
        now, password = timezone.now(), issued["users"]["auditor"]["password"]
        found = login.check("auditor", password, code="", address="192.0.2.1", now=now)
        assert found.role == "auditor"
        with pytest.raises(login.WrongLogin):
            login.check("approver", password, code="", address="192.0.2.2", now=now)

    def test_every_key_acts_for_its_owner_for_a_year(self, issued: Any) -> None:
        now = timezone.now()
        for name, token in issued["api_keys"].items():
            assert token.startswith("fsk_test_")
            key = keys.authenticate(token, now=now, live=False)
            assert key.person.username == name
            assert 360 < (key.expires_at - now).days <= 366

    def test_the_logins_are_printed(self, city: str, issued: Any) -> None:
        for login_ in issued["users"].values():
            assert f"{login_['username']:17} {login_['password']}" in city


class TestASecondRun:
    def test_is_refused_without_if_empty(self) -> None:
        with pytest.raises(CommandError, match="loaded already"):
            seed(inline=True)

    def test_does_nothing_with_it(self, room: Path) -> None:
        file = room / "var" / "demo-credentials.json"
        before, entries = file.read_bytes(), AuditEntry.objects.count()
        assert seed(if_empty=True, wait=True) == ""
        assert (file.read_bytes(), AuditEntry.objects.count()) == (before, entries)

    def test_issues_new_logins_where_the_file_was_lost(self, room: Path) -> None:
        file = room / "var" / "demo-credentials.json"
        before = file.read_bytes()
        file.unlink()
        seed(if_empty=True)
        now, old, new = timezone.now(), json.loads(before), json.loads(file.read_bytes())
        with pytest.raises(keys.InvalidKey):
            keys.authenticate(old["api_keys"]["bank_a"], now=now, live=False)
        assert keys.authenticate(new["api_keys"]["bank_a"], now=now, live=False)
        assert ApiKey.objects.filter(revoked_at=None).count() == len(KEY_HOLDERS)
        assert not Person.objects.get(username="maker").check_password(old["users"]["maker"]["password"])
        # The rollback of this test brings the old ones back.
        file.write_bytes(before)

    def test_finishes_what_was_interrupted_before_the_last_step(self) -> None:
        Organisation.objects.update(reports_since=None)
        assert not issues.is_finished()
        seed(if_empty=True, inline=True)
        assert issues.is_finished()


def test_no_figure_of_the_city_is_missing_in_the_last_month(city: str) -> None:
    snapshot = Snapshot.objects.get(month=calendar.LAST.first)
    missing = Figure.objects.filter(snapshot=snapshot, scope="", value=None)
    assert list(missing.values_list("code", "reason")) == []
    assert snapshot.known_at == calendar.TODAY


def test_the_command_writes_the_briefing_of_the_last_month(city: str, tmp_path: Path) -> None:
    target = tmp_path / "brief.pdf"
    call_command("brief", str(calendar.LAST), output=target, verbosity=0)
    assert target.read_bytes().startswith(b"%PDF")
