"""A batch's page: the wait, what became of the rows, how they are mended; and the list of batches."""

from __future__ import annotations

import csv
import io
import re

import pytest
import xlsxwriter
from django.test import Client
from python_calamine import CalamineWorkbook

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans import formats
from loans.intake import results
from loans.models import LoanReportBatch
from tests.loans import bank
from tests.web import reporting
from tests.web.batches import batch_at, clerk, loan, mixed
from tests.web.conftest import Browse

__all__ = ["clerk"]  # fixture


def plain_workbook(rows: list[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("flow")
        for at, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write_string(at, column, cell)
    return file.getvalue()


def workbook(*rows: bank.Row) -> bytes:
    return plain_workbook(list(csv.reader(io.StringIO(bank.csv_text(rows)))))


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


class TestWaiting:
    def test_tells_how_far_the_work_is_and_asks_again(self, clerk: Client) -> None:
        address = reporting.send(clerk, mixed())["Location"]
        text = clerk.get(address).content.decode()

        assert f'hx-get="{address}/progress" hx-trigger="every 1s"' in text
        assert 'role="status" aria-live="polite"' in text
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
        assert reporting.read_answer(clerk.get(f"{address}/progress")).strip() == "文件正在排队。"

        Job.objects.update(progress={"rows_read": 12000})
        assert reporting.read_answer(clerk.get(f"{address}/progress")).strip() == "已读 12,000 行。"

    def test_leads_to_the_preview_once_it_is_over(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        answer = clerk.get(f"{address}/progress")

        assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{address}?ready")
        text = clerk.get(f"{address}?ready").content.decode()
        assert "data-focus-on-load" in text
        assert "hx-get" not in text
        assert "http-equiv" not in text

    @pytest.mark.parametrize(
        ("state", "said"),
        [("awaiting_approval", "待中心批准"), ("submitted", "等待其余部分"), ("cancelled", "已取消")],
    )
    def test_has_words_for_every_other_state(self, clerk: Client, state: str, said: str) -> None:
        address = reporting.preview(clerk, mixed())
        with within(EVERYTHING):
            LoanReportBatch.objects.update(state=state, dry_run=False)

        assert said in reporting.read(clerk, address)
        assert said in reporting.read(clerk, "/reports/batches")

    def test_does_not_take_the_focus_from_who_comes_later(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        assert "data-focus-on-load" not in clerk.get(address).content.decode()

    def test_ends_when_the_job_gives_up(self, clerk: Client) -> None:
        address = reporting.send(clerk, mixed())["Location"]
        Job.objects.update(state="failed")

        assert clerk.get(f"{address}/progress").status_code == 204
        text = reporting.read(clerk, address)
        assert "未受理，没有任何行入账" in text
        assert "请以新的批次重报" in text


class TestMending:
    def test_the_rejected_rows_come_back_to_be_mended_and_sent_again(self, clerk: Client) -> None:
        address = reporting.reported(clerk, mixed())
        answer = clerk.get(f"{address}/file?outcome=rejected&format=csv")
        content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
        rows = lines(content)

        assert answer["Content-Disposition"].endswith(f'{batch_at(address).public_id}-rejected.csv"')
        assert [(row["row_number"], row["error_codes"]) for row in rows] == [
            ("2", "amount-scale"), ("4", "not-allowed"), ("5", "not-allowed; uscc-check-character"),
        ]  # fmt: skip
        text = content.decode().replace("12.345", "12.34").replace(",loan,", ",disbursement,")
        text = text.replace("91350100M000100Y44", bank.FIRM).replace(",x,", ",rd,")
        again = reporting.reported(clerk, text.encode())

        assert batch_at(again).result == {"accepted": 3, "unchanged": 0, "rejected": 0, "warnings": 0}
        assert batch_at(again).applied_totals == {"rows": 3, "disbursed": "2012.34", "repaid": "0.00"}

    def test_a_workbook_names_the_cells_and_comes_back_as_one(self, clerk: Client) -> None:
        address = reporting.reported(clerk, workbook(loan(1), loan(2, "12.345")), name="十月.xlsx")
        text = reporting.read(clerk, address)
        amount = chr(ord("A") + formats.csv_columns("flow").index("amount"))
        assert amount == "J"
        assert "2 3 HT-2 amount J3 12.345 金额最多两位小数" in text

        answer = clerk.get(f"{address}/file?outcome=rejected&format=xlsx")
        content = b"".join(answer.streaming_content)  # type: ignore[arg-type]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        header, row = (list(map(str, cells)) for cells in sheet)
        row[header.index("amount")] = "12.34"
        again = reporting.reported(clerk, plain_workbook([header, row]), name="更正.xlsx")
        assert batch_at(again).applied_totals == {"rows": 1, "disbursed": "12.34", "repaid": "0.00"}

    def test_a_list_that_no_sheet_holds_is_offered_as_csv(
        self, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = reporting.reported(clerk, mixed())
        monkeypatch.setattr(results.sheet, "MOST_ROWS", 2)
        answer = clerk.get(f"{address}/file?outcome=rejected&format=xlsx")

        assert answer.status_code == 422
        assert "请改用 csv" in reporting.read_answer(answer)

    @pytest.mark.parametrize("asked", ["outcome=rejected&format=exe", "outcome=x", "format="])
    def test_knows_its_outcomes_and_formats(self, clerk: Client, asked: str) -> None:
        address = reporting.preview(clerk, mixed())
        assert clerk.get(f"{address}/file?{asked}").status_code == 404


class TestRows:
    def test_are_shown_by_outcome_with_their_numbers(self, clerk: Client) -> None:
        address = reporting.reported(clerk, mixed())
        text = reporting.read(clerk, f"{address}/rows?outcome=accepted")

        assert "受理 2 被拒 3 无变化 0 提示 0" in text
        assert "1 row-E-1 HT-1 JJ-1 1 E-1 disbursement 2026-10-05 1,000.00" in text
        assert "3 row-E-3 HT-3 JJ-3 1 E-3 disbursement 2026-10-05 2,500.50" in text

    def test_of_a_snapshot_show_how_each_loan_stands(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(loan(1, "700.00")))
        stock = reporting.table(
            bank.position("700.00", contract_no="HT-1", drawdown_no="JJ-1"), dataset="stock"
        )
        address = reporting.reported(clerk, stock, dataset="stock")

        assert "1 p1 HT-1 JJ-1 1 700.00 0 normal" in reporting.read(clerk, f"{address}/rows?outcome=accepted")

    def test_of_a_preview_are_those_that_would_be_taken(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        text = reporting.read(clerk, f"{address}/rows?outcome=accepted")

        assert "1 2 row-E-1 HT-1" in text
        assert "3 4 row-E-3 HT-3" in text

    def test_with_warnings_say_what_to_look_at(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(loan(1)))
        address = reporting.reported(clerk, reporting.table(loan(2, firm_name="另一名称")))
        text = reporting.read(clerk, f"{address}/rows?outcome=warning")

        assert "1 2 row-E-2 HT-2 企业名称与登记的“示例科技有限公司”不同" in text

    def test_missing_from_a_snapshot_have_no_number(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(loan(1, "700.00"), loan(2, "800.00")))
        stock = reporting.table(
            bank.position("700.00", contract_no="HT-1", drawdown_no="JJ-1"), dataset="stock"
        )
        address = reporting.reported(clerk, stock, dataset="stock")
        text = reporting.read(clerk, f"{address}/rows?outcome=warning")

        assert "— — — HT-2 余额为 800.00 的借据 JJ-2 不在存量报告中" in text
        assert "1 条提示" in reporting.read(clerk, address)

    @pytest.mark.parametrize("outcome", ["accepted", "rejected", "unchanged"])
    def test_come_in_pages_that_neither_repeat_nor_skip(self, clerk: Client, outcome: str) -> None:
        good = outcome != "rejected"
        rows = [loan(n, "1000.00" if good else "x") for n in range(1, 121)]
        address = reporting.reported(clerk, reporting.table(*rows))
        if outcome == "unchanged":
            address = reporting.reported(clerk, reporting.table(*rows))

        forwards = self.walked(clerk, f"{address}/rows?outcome={outcome}", "next")
        assert [len(page) for page in forwards] == [50, 50, 20]
        assert [n for page in forwards for n in page] == list(range(1, 121))
        assert self.walked(clerk, self.last, "prev") == forwards[::-1]

    def walked(self, client: Client, address: str, rel: str) -> list[list[int]]:
        pages = []
        while address:
            self.last = address
            text = client.get(address).content.decode()
            pages.append([int(n) for n in re.findall(r'<tr><td class="right">(\d+)</td>', text)])
            link = re.search(rf'rel="{rel}" href="([^"]+)"', text)
            address = link[1].replace("&amp;", "&") if link else ""
        return pages

    def test_of_no_outcome_are_not_there(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        assert clerk.get(f"{address}/rows?outcome=lost").status_code == 404
        assert "没有这一结果的行" in reporting.read(clerk, f"{address}/rows?outcome=unchanged")


class TestTheList:
    def test_shows_a_bank_its_own_newest_first(self, browse: Browse, clerk: Client) -> None:
        reporting.reported(clerk, mixed(), name="一.csv")
        reporting.preview(browse("bank_b"), mixed(), name="别家.csv")
        text = reporting.read(clerk, "/reports/batches")

        assert "别家.csv" not in text
        assert text.index("已入账，有被拒行") < text.index("预览")
        assert "受理 2 行，拒绝 3 行" in text

    def test_shows_the_centre_all_of_them_with_their_banks(self, browse: Browse, clerk: Client) -> None:
        reporting.reported(clerk, mixed(), name="一.csv")
        reporting.preview(browse("bank_b"), mixed(), name="别家.csv")
        text = reporting.read(browse("maker"), "/reports/batches")

        assert "bank-a（测试）" in text
        assert "bank-b（测试）" in text

    def test_goes_on_in_pages(self, clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        from finance_hub.web.presenters.reports import batches as register

        monkeypatch.setattr(register, "PAGE", 2)
        for n in range(5):
            reporting.preview(clerk, mixed(), name=f"{n}.csv")
        seen, address = [], "/reports/batches"
        while address:
            text = clerk.get(address).content.decode()
            seen += re.findall(r"(\d)\.csv", text)
            link = re.search(r'rel="next" href="([^"]+)"', text)
            address = link[1].replace("&amp;", "&") if link else ""
        assert seen == ["4", "3", "2", "1", "0"]

    def test_is_empty_before_anything_is_sent(self, clerk: Client) -> None:
        assert "尚无批次" in reporting.read(clerk, "/reports/batches")
