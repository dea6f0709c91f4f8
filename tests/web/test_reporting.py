"""Who has reported a month: those to be chased first, and how late the others came."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.kernel import login, months
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from finance_hub.web.presenters.reports.reporting import reporting as present
from loans.models import LoanReportBatch
from tests.cast import Api, Cast
from tests.loans import bank
from tests.loans.test_guarantees import NEW
from tests.web import reporting
from tests.web.conftest import Browse

OCTOBER = Month(2026, 10)
BEFORE, AFTER, LATER = (datetime(2026, 11, day, 3, tzinfo=UTC) for day in (5, 12, 20))


def shown(
    now: datetime, month: Month | None = OCTOBER, *, kind: str = "bank"
) -> list[tuple[str, str, str, str]]:
    with within(EVERYTHING):
        found = present(month, now=now)
    return [
        (one.organisation, one.dataset, one.status.text, one.timing)
        for one in found.reports
        if one.organisation.startswith(kind)
    ]


def finished(at: datetime) -> None:
    with within(EVERYTHING):
        LoanReportBatch.objects.filter(dry_run=False).update(finished_at=at)


@pytest.mark.usefixtures("cast")
class TestWhoHasReported:
    def test_is_nobody_at_first_with_the_days_that_are_left(self) -> None:
        assert shown(BEFORE) == [
            ("bank-a（测试）", "发生额", "未报送", "还有 5 天"),
            ("bank-a（测试）", "月末存量", "未报送", "还有 5 天"),
            ("bank-b（测试）", "发生额", "未报送", "还有 5 天"),
            ("bank-b（测试）", "月末存量", "未报送", "还有 5 天"),
        ]

    def test_counts_the_days_after_the_due_date(self) -> None:
        assert {row[3] for row in shown(AFTER)} == {"逾期 2 天"}

    def test_shows_those_to_be_chased_first(self, browse: Browse) -> None:
        clerk = browse("bank_a")
        reporting.reported(clerk, reporting.table(bank.disbursement()))
        reporting.preview(clerk, reporting.table(bank.position(), dataset="stock"), dataset="stock")
        reporting.reported(browse("bank_b"), reporting.table(bank.disbursement(), bank.repayment(amount="x")))

        assert [row[:3] for row in shown(AFTER)] == [
            ("bank-b（测试）", "月末存量", "未报送"),
            ("bank-b（测试）", "发生额", "待更正"),
            ("bank-a（测试）", "月末存量", "已上传，未报送"),
            ("bank-a（测试）", "发生额", "已报送"),
        ]

    @pytest.mark.parametrize(
        ("at", "said"),
        [
            (datetime(2026, 11, 10, 10, 0, tzinfo=UTC), "按时"),
            (datetime(2026, 11, 10, 10, 1, tzinfo=UTC), "逾期 1 天"),
            (datetime(2026, 11, 13, 2, 0, tzinfo=UTC), "逾期 3 天"),
        ],
    )
    def test_says_how_late_a_report_came(self, browse: Browse, at: datetime, said: str) -> None:
        reporting.reported(browse("bank_a"), reporting.table(bank.disbursement()))
        finished(at)

        assert shown(LATER)[-1] == ("bank-a（测试）", "发生额", "已报送", said)

    def test_leaves_out_banks_that_did_not_report_yet(self, cast: Cast) -> None:
        assert shown(AFTER, Month(2026, 9)) == []
        organisation = cast.organisation("bank-b")
        organisation.reports_since = None
        organisation.save()
        assert {row[0] for row in shown(AFTER, Month(2026, 9))} == {"bank-b（测试）"}

    def test_is_told_of_guarantors_too(self, api: Callable[[str], Api]) -> None:
        assert {row[1:3] for row in shown(AFTER, kind="guarantor")} == {("担保", "未报送")}
        answer = api("guarantor_a").post("/guarantees", NEW)
        assert answer.status_code == 201, answer.content

        (row,) = [row for row in shown(timezone.now(), kind="guarantor") if row[2] == "已报送"]
        assert row[:2] == ("guarantor-a（测试）", "担保")

    def test_is_told_of_the_last_month_that_is_over(self, browse: Browse) -> None:
        with within(EVERYTHING):
            found = present(None, now=AFTER)
        assert found.month == "2026年10月"
        assert found.summary == "应报 7 份，已报且无被拒行 0 份。"


class TestThePage:
    @pytest.mark.parametrize("name", ["maker", "approver", "auditor"])
    def test_leads_to_each_batch(self, browse: Browse, name: str) -> None:
        address = reporting.reported(browse("bank_a"), reporting.table(bank.disbursement()))
        text = browse(name).get("/reporting?month=2026-10").content.decode()

        assert f'href="{address}"' in text
        assert '<option value="2026-10" selected>' in text

    @pytest.mark.parametrize("name", ["bank_a", "guarantor_a", "manager_angel", "admin", "department"])
    def test_is_for_the_centre(self, browse: Browse, name: str) -> None:
        assert browse(name).get("/reporting").status_code == 403

    @pytest.mark.parametrize("month", ["2026-13", "x", "<b>"])
    def test_of_what_is_no_month_is_not_there(self, browse: Browse, month: str) -> None:
        assert browse("maker").get(f"/reporting?month={month}").status_code == 404

    def test_is_empty_where_nobody_owes_anything(self, browse: Browse) -> None:
        assert "本月无人应报" in reporting.read(browse("maker"), "/reporting?month=2020-01")


class TestTheClose:
    """Two people close a month: one proposes it, another does it, and neither twice."""

    PROPOSE, CLOSE = "/reporting/2026-10/propose-close", "/reporting/2026-10/close"

    def sent(self, client: Client, address: str, **said: str) -> int:
        page = client.get(address)
        token = re.search(r'name="token" value="([0-9a-f]+)"', page.content.decode())
        assert (page.status_code, bool(token)) == (200, True)
        answer = client.post(address, {"token": token[1] if token else "", **said})
        return int(answer.status_code)

    def offered(self, client: Client) -> str:
        return client.get("/reporting?month=2026-10").content.decode()

    def test_is_proposed_by_one_and_done_by_another(self, cast: Cast, browse: Browse) -> None:
        maker, approver = browse("maker"), browse("approver")
        assert self.CLOSE not in self.offered(approver)
        assert self.sent(approver, self.CLOSE, confirm="yes") == 409, "nobody has proposed it"
        assert [self.sent(maker, self.PROPOSE, confirm=tick) for tick in ("", "yes")] == [422, 302]
        assert f'href="{self.PROPOSE}"' not in self.offered(maker)
        assert "提出关账" in self.offered(approver)
        assert self.CLOSE in self.offered(approver)
        assert [self.sent(approver, self.CLOSE, confirm=tick) for tick in ("", "yes", "yes")] == [
            422,
            302,
            409,
        ]
        assert months.is_closed(OCTOBER)
        assert "关账。" in self.offered(approver)
        assert f'href="{self.PROPOSE}"' not in self.offered(maker)
        assert self.sent(maker, self.PROPOSE, confirm="yes") == 409, "it is closed"

    def test_tells_who_is_missing_before_it_is_closed(self, browse: Browse) -> None:
        reporting.reported(browse("bank_a"), reporting.table(bank.disbursement()))
        said = reporting.read(browse("maker"), self.PROPOSE)
        assert "bank-a（测试） · 月末存量" in said
        assert "bank-a（测试） · 发生额" not in said

    def test_wants_the_code_of_whoever_has_a_second_factor(self, cast: Cast, browse: Browse) -> None:
        months.propose_close(OCTOBER, by=cast["maker"], now=AFTER)
        seed = login.new_seed(cast["approver"])
        code = pyotp.TOTP(seed.key).now()
        login.enrol(cast["approver"], sealed=seed.sealed, code=code, now=timezone.now())
        cast["approver"].refresh_from_db()
        assert self.sent(browse("approver"), self.CLOSE, confirm="yes") == 422
        assert not months.is_closed(OCTOBER)

    @pytest.mark.parametrize("name", ["approver", "auditor", "bank_a", "admin"])
    def test_is_proposed_by_the_maker_alone(self, browse: Browse, name: str) -> None:
        assert browse(name).get(self.PROPOSE).status_code == 403

    @pytest.mark.parametrize("name", ["maker", "auditor", "bank_a", "admin"])
    def test_is_done_by_the_approver_alone(self, browse: Browse, name: str) -> None:
        assert browse(name).get(self.CLOSE).status_code == 403

    def test_comes_in_turn(self, cast: Cast, browse: Browse) -> None:
        """Before October nobody reports, and after it November is next, which is not over."""
        maker = browse("maker")
        september = "/reporting/2026-09/propose-close"
        assert f'href="{september}"' not in maker.get("/reporting?month=2026-09").content.decode()
        assert self.sent(maker, september, confirm="yes") == 409
        assert f'href="{self.PROPOSE}"' in self.offered(maker)
        months.propose_close(OCTOBER, by=cast["maker"], now=AFTER)
        months.close(OCTOBER, by=cast["approver"], now=AFTER)
        token = re.search(r'name="token" value="(\w+)"', maker.get(september).content.decode())
        answer = maker.post(september, {"token": token[1] if token else "", "confirm": "yes"})
        assert answer.status_code == 409
        assert "下一个可关账的月份为2026-11" in answer.content.decode()

    def test_waits_for_the_month_to_be_over(self, browse: Browse) -> None:
        present = Month.of(timezone.now())
        assert self.sent(browse("maker"), f"/reporting/{present}/propose-close", confirm="yes") == 409
        assert browse("maker").get("/reporting/2026-13/propose-close").status_code == 404
