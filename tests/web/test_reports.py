"""The checklist of a bank, the upload form, and the month in which nothing happened."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import MonthState
from finance_hub.kernel.scoping import within
from finance_hub.kernel.storage import StorageFull
from finance_hub.web.presenters.reports import wording
from loans import formats
from loans.models import LoanReportBatch
from loans.operations import uploads
from tests.cast import Cast
from tests.loans import bank
from tests.web import reporting
from tests.web.conftest import Browse

NOTHING = "/reports/nothing"
OCTOBER_STOCK = {"month": "2026-10", "dataset": "stock"}


@pytest.fixture
def clerk(browse: Browse) -> Client:
    return browse("bank_a")


def batches() -> list[LoanReportBatch]:
    with within(EVERYTHING):
        return list(LoanReportBatch.objects.order_by("pk"))


def section(text: str, month: str) -> str:
    """What the checklist says of a month, up to the next one."""
    return text.split(f" {month} ", 1)[1].split("截止", 2)[1]


class TestTheChecklist:
    def test_shows_the_open_months_since_the_bank_reports(self, clerk: Client) -> None:
        text = reporting.read(clerk, "/reports")

        assert "2026年10月" in text
        assert "2026年9月" not in text

    def test_leaves_out_months_that_are_closed(self, clerk: Client, cast: Cast) -> None:
        now = timezone.now()
        MonthState.objects.create(
            month=date(2026, 10, 1), proposed_by=cast["maker"], proposed_at=now,
            closed_by=cast["approver"], closed_at=now,
        )  # fmt: skip
        assert "2026年10月" not in reporting.read(clerk, "/reports")

    def test_follows_a_report_from_not_started_to_reported(self, clerk: Client) -> None:
        assert "发生额 未开始" in section(reporting.read(clerk, "/reports"), "2026年10月")

        address = reporting.preview(clerk, reporting.table(bank.disbursement()))
        text = section(reporting.read(clerk, "/reports"), "2026年10月")
        assert "发生额 已上传，未报送" in text
        assert "查看预览" in text

        reporting.confirm(clerk, address)
        reporting.work()
        text = section(reporting.read(clerk, "/reports"), "2026年10月")
        assert "发生额 已报送" in text
        assert "受理 1 行" in text
        assert "查看预览" not in text

    def test_asks_for_correction_while_rows_are_rejected(self, clerk: Client) -> None:
        rows = bank.disbursement(), bank.repayment(amount="-1.00")
        reporting.reported(clerk, reporting.table(*rows))
        text = section(reporting.read(clerk, "/reports"), "2026年10月")

        assert "发生额 待更正" in text
        assert "受理 1 行，拒绝 1 行" in text

    def test_offers_the_empty_report_until_there_is_a_report(self, clerk: Client) -> None:
        link = f'href="{NOTHING}?month=2026-10&amp;dataset=flow"'
        assert link in clerk.get("/reports").content.decode()
        reporting.reported(clerk, reporting.table(bank.disbursement()))
        assert link not in clerk.get("/reports").content.decode()

    def test_says_how_many_reports_are_owed(self, browse: Browse) -> None:
        client = browse("bank_a", language="en")
        owed = re.search(r"(\d+) reports are still owed", reporting.read(client, "/reports"))
        assert owed
        reporting.reported(client, reporting.table(bank.disbursement()))
        left = int(owed[1]) - 1
        said = "1 report is" if left == 1 else f"{left} reports are"
        assert f"{said} still owed" in reporting.read(client, "/reports")

    def test_of_another_bank_is_untouched(self, browse: Browse, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(bank.disbursement()))
        assert "发生额 未开始" in section(reporting.read(browse("bank_b"), "/reports"), "2026年10月")

    def test_asks_as_many_questions_for_two_years_as_for_two_months(self, clerk: Client, cast: Cast) -> None:
        clerk.get("/reports")  # the session's own note that somebody is there
        few = self.asked(clerk)
        organisation = cast.organisation("bank-a")
        organisation.reports_since = date(2024, 11, 1)
        organisation.save()

        assert self.asked(clerk) == few

    def asked(self, client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/reports")
        return len(queries)


class TestTimeLeft:
    DUE = datetime(2026, 11, 10, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai

    @pytest.mark.parametrize(
        ("now", "said", "tone"),
        [
            (datetime(2026, 11, 1, 1, tzinfo=UTC), "还有 9 天", "none"),
            (datetime(2026, 11, 7, 1, tzinfo=UTC), "还有 3 天", "watch"),
            (datetime(2026, 11, 9, 15, 59, tzinfo=UTC), "还有 1 天", "watch"),
            (datetime(2026, 11, 9, 16, 0, tzinfo=UTC), "今日截止", "watch"),  # midnight in Shanghai
            (datetime(2026, 11, 10, 10, 0, tzinfo=UTC), "今日截止", "watch"),
            (datetime(2026, 11, 10, 10, 1, tzinfo=UTC), "逾期 1 天", "alert"),
            (datetime(2026, 11, 12, 1, tzinfo=UTC), "逾期 2 天", "alert"),
        ],
    )
    def test_is_counted_in_days_of_the_city(self, now: datetime, said: str, tone: str) -> None:
        status = wording.timing(self.DUE, now=now)

        assert (status.text, status.tone) == (said, tone)


class TestATemplate:
    @pytest.mark.parametrize("dataset", ["flow", "stock"])
    def test_has_the_columns_of_the_format_and_is_taken_back(self, clerk: Client, dataset: str) -> None:
        answer = clerk.get(f"/reports/templates/{dataset}.csv")

        assert answer["Content-Disposition"] == f'attachment; filename="{dataset}.csv"'
        (header,) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert tuple(header) == formats.csv_columns(dataset)
        assert answer.content.startswith("\ufeff".encode())

        reporting.preview(clerk, answer.content, dataset=dataset)
        assert [batch.state for batch in batches()] == ["validated"]

    @pytest.mark.parametrize("dataset", ["flow", "stock"])
    def test_is_a_workbook_that_is_taken_back_too(self, clerk: Client, dataset: str) -> None:
        answer = clerk.get(f"/reports/templates/{dataset}.xlsx")
        assert answer["Content-Disposition"] == f'attachment; filename="{dataset}.xlsx"'

        reporting.preview(clerk, answer.content, dataset=dataset, name="报表.xlsx")
        (batch,) = batches()
        assert (batch.state, batch.format, (batch.computed_totals or {})["rows"]) == ("validated", "xlsx", 0)

    @pytest.mark.parametrize("name", ["other.csv", "flow.exe", "flow.", "flow"])
    def test_of_another_name_is_not_there(self, clerk: Client, name: str) -> None:
        assert clerk.get(f"/reports/templates/{name}").status_code == 404

    @pytest.mark.parametrize("name", ["maker", "guarantor_a", "admin"])
    def test_is_for_banks(self, browse: Browse, name: str) -> None:
        assert browse(name).get("/reports/templates/flow.csv").status_code == 403


class TestTheUploadForm:
    def test_has_month_and_data_set_chosen_by_the_checklist(self, clerk: Client) -> None:
        text = clerk.get(f"{reporting.UPLOAD}?month=2026-10&dataset=stock").content.decode()

        assert '<option value="2026-10" selected>' in text
        assert re.search(r'value="stock" checked', text)
        assert not re.search(r'value="flow" checked', text)

    @pytest.mark.parametrize("asked", ["month=2030-01&dataset=x", "month=<script>", "month=2026-13"])
    def test_chooses_nothing_that_it_does_not_know(self, clerk: Client, asked: str) -> None:
        text = clerk.get(f"{reporting.UPLOAD}?{asked}").content.decode()

        assert " selected" not in text
        assert " checked" not in text

    def test_leads_to_the_batch_that_tries_the_file_out(self, clerk: Client) -> None:
        answer = reporting.send(clerk, reporting.table(bank.disbursement()))
        (batch,) = batches()

        assert (answer.status_code, answer["Location"]) == (302, f"/reports/batches/{batch.public_id}")
        assert (batch.dry_run, batch.state, batch.client_reference) == (True, "validating", "十月.csv")

    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ({"month": ""}, [("month", "请选择报告月份。")]),
            ({"month": "October"}, [("month", "请选择报告月份。")]),
            ({"dataset": ""}, [("dataset", "请选择数据集。")]),
            ({"dataset": "loans"}, [("dataset", "请选择数据集。")]),
            ({"month": "", "dataset": ""}, [("month", "请选择报告月份。"), ("dataset", "请选择数据集。")]),
            ({"month": "2026-09"}, [("month", "2026-09 未开始，或早于贵行开始报送的月份")]),
        ],
    )
    def test_names_each_field_that_is_wrong(
        self, clerk: Client, said: dict[str, str], wrong: list[tuple[str, str]]
    ) -> None:
        answer = reporting.send(clerk, reporting.table(bank.disbursement()), **said)

        assert answer.status_code == 422
        assert reporting.errors(answer) == wrong
        assert batches() == []

    def test_wants_a_file(self, clerk: Client) -> None:
        answer = clerk.post(reporting.UPLOAD, {"month": "2026-10", "dataset": "flow"})

        assert reporting.errors(answer) == [("file", "请选择文件。")]
        assert '<option value="2026-10" selected>' in answer.content.decode()

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "文件是空的"),
            (b"\xd0\xcf\x11\xe0 old Excel", "只接受 CSV 或 XLSX 文件；请用模板另存后再上传"),
        ],
    )
    def test_refuses_what_is_no_table(self, clerk: Client, content: bytes, said: str) -> None:
        answer = reporting.send(clerk, content, name="报表.xls")

        assert reporting.errors(answer) == [("file", said)]

    def test_says_that_the_disk_is_full(self, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> int:
            raise StorageFull

        monkeypatch.setattr(uploads, "receive", full)
        answer = reporting.send(clerk, reporting.table(bank.disbursement()))

        assert answer.status_code == 503
        assert reporting.errors(answer) == [("file", "存储空间不足，请稍后重试")]

    def test_is_refused_without_its_token(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast["bank_a"])

        assert reporting.send(client, reporting.table(bank.disbursement())).status_code == 403
        assert batches() == []

    def test_says_all_of_it_in_english_too(self, browse: Browse) -> None:
        client = browse("bank_a", language="en")
        answer = client.post(reporting.UPLOAD, {})

        assert [text for _field, text in reporting.errors(answer)] == [
            "Choose the month of the report.", "Choose what is reported.", "Choose a file.",
        ]  # fmt: skip
        assert "<title>Error: Upload a file" in answer.content.decode().replace("\n", "")


class TestNothingToReport:
    def token(self, client: Client) -> str:
        text = client.get(NOTHING, OCTOBER_STOCK).content.decode()
        found = re.search(r'name="token" value="(\w+)"', text)
        assert found
        return found[1]

    def test_is_said_in_words_and_confirmed(self, clerk: Client) -> None:
        assert "2026年10月月末没有未结清的贷款" in reporting.read(
            clerk, f"{NOTHING}?month=2026-10&dataset=stock"
        )
        said = {**OCTOBER_STOCK, "token": self.token(clerk), "confirm": "yes"}
        answer = clerk.post(NOTHING, said)
        reporting.work()

        (batch,) = batches()
        assert answer["Location"] == f"/reports/batches/{batch.public_id}"
        assert (batch.state, batch.dataset, batch.dry_run) == ("applied", "stock", False)
        assert "月末存量 已报送" in section(reporting.read(clerk, "/reports"), "2026年10月")

    def test_sent_twice_is_one_report(self, clerk: Client) -> None:
        said = {**OCTOBER_STOCK, "token": self.token(clerk), "confirm": "yes"}
        first, second = clerk.post(NOTHING, said), clerk.post(NOTHING, said)

        assert first["Location"] == second["Location"]
        assert len(batches()) == 1

    def test_needs_its_tick(self, clerk: Client) -> None:
        answer = clerk.post(NOTHING, {**OCTOBER_STOCK, "token": self.token(clerk)})

        assert answer.status_code == 422
        assert reporting.errors(answer) == [("confirm", "请勾选确认。")]
        assert batches() == []

    def test_is_refused_for_a_month_that_takes_no_reports(self, clerk: Client) -> None:
        said = {"month": "2026-09", "dataset": "flow", "token": "x" * 32, "confirm": "yes"}
        answer = clerk.post(NOTHING, said)

        assert answer.status_code == 422
        assert "2026-09 未开始" in reporting.read_answer(answer)

    def test_is_refused_without_the_token_of_the_form(self, clerk: Client) -> None:
        answer = clerk.post(NOTHING, {**OCTOBER_STOCK, "token": "", "confirm": "yes"})

        assert answer.status_code == 422
        assert "请重新打开此页再试" in reporting.read_answer(answer)

    @pytest.mark.parametrize(
        "asked", ["", "month=2026-10", "month=x&dataset=flow", "month=2026-10&dataset=x"]
    )
    def test_of_no_month_or_data_set_is_not_there(self, clerk: Client, asked: str) -> None:
        assert clerk.get(f"{NOTHING}?{asked}").status_code == 404

    @pytest.mark.parametrize("name", ["maker", "approver", "guarantor_a"])
    def test_is_for_banks(self, browse: Browse, name: str) -> None:
        assert browse(name).post(NOTHING, {**OCTOBER_STOCK, "confirm": "yes"}).status_code == 403


class TestThePagesOfABank:
    @pytest.mark.parametrize(
        "page", ["/reports", "/reports/upload", "/reports/batches", f"{NOTHING}?month=2026-10&dataset=flow"]
    )
    def test_are_wholly_in_english(self, browse: Browse, page: str) -> None:
        client = browse("bank_a", language="en")
        reporting.reported(
            client, reporting.table(bank.disbursement(), bank.repayment(amount="x")), name="a.csv"
        )
        text = reporting.read(client, page).replace("bank_a 某", "").replace("简体中文", "")

        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    @pytest.mark.parametrize(
        ("name", "seen"), [("bank_a", True), ("bank_b", True), ("maker", False), ("guarantor_a", False)]
    )
    def test_are_in_the_bar_of_banks(self, browse: Browse, name: str, seen: bool) -> None:
        text = browse(name).get("/account").content.decode()

        assert ('href="/reports"' in text) is seen
        assert ('href="/reporting"' in text) is (name == "maker")
