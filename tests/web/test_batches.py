"""A batch's page: the wait, the preview and its confirmation, what became of the rows."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from loans import formats
from loans.intake import results
from loans.intake.receive import path_of
from loans.models import LoanReportBatch
from tests.cast import Cast
from tests.loans import bank
from tests.web import reporting
from tests.web.conftest import Browse


@pytest.fixture
def clerk(browse: Browse) -> Client:
    return browse("bank_a")


def loan(n: int, amount: str = "1000.00", **changes: Any) -> bank.Row:
    return bank.disbursement(f"E-{n}", amount, contract_no=f"HT-{n}", drawdown_no=f"JJ-{n}", **changes)


def batch_at(address: str) -> LoanReportBatch:
    with within(EVERYTHING):
        return LoanReportBatch.objects.get(public_id=address.split("?")[0].rpartition("/")[2])


def mixed() -> bytes:
    """Two good rows of 1,000.00 and 2,500.50; 12.345, an unknown type and two faults in one row."""
    return reporting.table(
        loan(1),
        loan(2, "12.345"),
        loan(3, "2500.50"),
        loan(4, record_type="loan"),
        loan(5, uscc="91350100M000100Y44", product="x"),
    )


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


class TestAPreview:
    def test_adds_up_to_the_file(self, clerk: Client) -> None:
        text = reporting.read(clerk, reporting.preview(clerk, mixed()))

        assert "预览：尚未报送" in text
        assert "新增 中心尚未持有 2 3,500.50 0.00" in text
        assert "变更 已有旧版本，将被更正 0 0.00 0.00" in text
        assert "无变化 中心已持有，内容相同 0 0.00 0.00" in text
        # The unknown type counts as neither; 12.345 is no money: of the rejected rows 1,000.00 is left.
        assert "被拒 有误，不入账 3 1,000.00 0.00" in text
        assert "文件合计 5 4,500.50 0.00" in text

    def test_of_a_snapshot_shows_balances(self, clerk: Client) -> None:
        reporting.reported(clerk, reporting.table(loan(1, "700.00")))
        stock = reporting.table(
            bank.position("700.00", contract_no="HT-1", drawdown_no="JJ-1"), dataset="stock"
        )
        text = reporting.read(clerk, reporting.preview(clerk, stock, dataset="stock"))

        assert "行数 余额" in text
        assert "文件合计 1 700.00" in text

    def test_names_row_column_value_and_what_is_allowed(self, clerk: Client) -> None:
        text = reporting.read(clerk, reporting.preview(clerk, mixed()))

        assert "共 3 行被拒。" in text
        assert "2 3 HT-2 amount 12.345 金额最多两位小数" in text
        assert "4 5 HT-4 record_type loan 只能取：adjustment, disbursement" in text
        assert "5 6 HT-5 product x 只能取：incubation" in text
        assert "5 6 HT-5 uscc 91350100M000100Y44 统一社会信用代码校验位不符" in text

    def test_says_so_in_english(self, browse: Browse) -> None:
        client = browse("bank_a", language="en")
        text = reporting.read(client, reporting.preview(client, mixed(), name="october.csv"))

        assert "Preview: nothing is reported yet" in text
        assert "2 3 HT-2 amount 12.345 An amount has at most two decimal places" in text
        text = text.replace("简体中文", "").replace("bank_a 某", "")
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []

    def test_shows_the_first_fifty_rejected_rows_and_leads_to_all(self, clerk: Client) -> None:
        rows = [loan(n, "x") for n in range(1, 61)]
        address = reporting.preview(clerk, reporting.table(*rows))
        text = clerk.get(address).content.decode()

        assert text.count("<code>amount</code>") == 50
        assert f'href="{address}/rows?outcome=rejected"' in text
        assert "共 60 行被拒。" in text

    def test_shows_what_a_stray_quote_swallowed_cut_short_and_as_text(self, clerk: Client) -> None:
        header, row = reporting.table(loan(1)).decode().splitlines()
        long = row.replace("示例科技有限公司", '"<script>alert(1)</script>' + "x" * 500 + '"')
        text = clerk.get(reporting.preview(clerk, f"{header}\n{long}\n".encode())).content.decode()

        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "x" * 80 not in text

    def test_of_a_header_that_does_not_fit_names_its_columns(self, clerk: Client) -> None:
        text = reporting.read(clerk, reporting.preview(clerk, b"contract_no,contract_no,sum\n1,2,3\n"))

        assert "未受理，没有任何行入账" in text
        assert "多余的列：sum" in text
        assert "重复的列：contract_no" in text
        assert "缺少的列：drawdown_no、external_event_id" in text
        assert "确认报送" not in text

    @pytest.mark.parametrize("name", ["maker", "approver", "auditor"])
    def test_can_be_read_but_not_confirmed_by_the_centre(
        self, browse: Browse, clerk: Client, name: str
    ) -> None:
        address = reporting.preview(clerk, mixed())

        assert "确认报送" not in reporting.read(browse(name), address)
        assert reporting.confirm(browse(name), address).status_code == 403

    @pytest.mark.parametrize("path", ["", "/progress", "/rows", "/file", "/rows?outcome=accepted"])
    def test_of_another_bank_is_not_there(self, browse: Browse, clerk: Client, path: str) -> None:
        address = reporting.preview(clerk, mixed())
        foreign, absent = (
            browse("bank_b").get(f"{address}{path}"),
            browse("bank_b").get(f"/reports/batches/no{path}"),
        )

        assert foreign.status_code == absent.status_code == 404
        assert reporting.confirm(browse("bank_b"), address).status_code == 404

    def test_that_was_confirmed_leads_to_its_batch_instead(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        batch = reporting.confirm(clerk, address)["Location"]
        text = clerk.get(address).content.decode()

        assert "此预览已确认" in text
        assert f'href="{batch}"' in text
        assert f'action="{address}/confirm"' not in text

    def test_whose_time_is_over_cannot_be_confirmed(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        with within(EVERYTHING):
            LoanReportBatch.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert "此预览已过期" in reporting.read(clerk, address)
        answer = reporting.confirm(clerk, address)
        assert answer.status_code == 410
        assert "预览已过期，请重新上传文件" in reporting.read_answer(answer)


class TestConfirming:
    def test_reports_the_file_and_gives_a_number(self, clerk: Client) -> None:
        address = reporting.reported(clerk, reporting.table(loan(1), loan(2, "500.00")))
        batch, text = batch_at(address), reporting.read(clerk, address)

        assert batch.state == "applied"
        assert f"已报送 已入账。请留存批次编号：{batch.public_id}" in text
        assert "申报 由报送方 2 1,500.00 0.00" in text
        assert "计算 由文件得出 2 1,500.00 0.00" in text
        assert "入账 本次新入账 2 1,500.00 0.00" in text

    def test_in_part_leaves_the_rejected_rows_to_mend(self, clerk: Client) -> None:
        address = reporting.reported(clerk, mixed())
        text = reporting.read(clerk, address)

        assert "部分报送：有行被拒" in text
        assert "被拒行 CSV" in text

    @pytest.mark.parametrize(
        ("said", "wrong"),
        [
            ({"compared": ""}, [("compared", "请勾选，确认已核对合计。")]),
            ({"acceptance": ""}, [("acceptance", "请选择受理方式")]),
            ({"acceptance": "some"}, [("acceptance", "请选择受理方式")]),
            (
                {"acceptance": "all_or_nothing"},
                [("acceptance", "有 3 行未通过：请先改正文件，或选择只受理合格行")],
            ),
        ],
    )
    def test_names_what_is_missing_and_reports_nothing(
        self, clerk: Client, said: dict[str, str], wrong: list[tuple[str, str]]
    ) -> None:
        address = reporting.preview(clerk, mixed())
        answer = reporting.confirm(clerk, address, **said)

        assert answer.status_code == 422
        assert reporting.errors(answer) == wrong
        with within(EVERYTHING):
            assert not LoanReportBatch.objects.filter(dry_run=False).exists()

    def test_keeps_what_was_said_when_it_is_refused(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        text = reporting.confirm(clerk, address, acceptance="all_or_nothing").content.decode()

        assert re.search(r'value="all_or_nothing" checked', text)
        assert re.search(r'name="compared" value="yes" required checked', text)

    def test_twice_is_once(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        first, second = reporting.confirm(clerk, address), reporting.confirm(clerk, address)

        assert first["Location"] == second["Location"]

    def test_asks_again_for_sums_out_of_proportion(self, clerk: Client, cast: Cast) -> None:
        organisation = cast.organisation("bank-a")
        organisation.reports_since = organisation.reports_since.replace(month=9)  # type: ignore[union-attr]
        organisation.save()
        reporting.reported(clerk, reporting.table(loan(1, value_date="2026-09-10")), month="2026-09")
        address = reporting.preview(clerk, reporting.table(loan(2, "10000.01")))

        assert "发放 10,000.01，上月为 1,000.00，超过十倍。" in reporting.read(clerk, address)
        answer = reporting.confirm(clerk, address)
        assert reporting.errors(answer) == [("sure", "合计超过上月的十倍，请勾选确认")]
        assert reporting.confirm(clerk, address, sure="yes").status_code == 302

    def test_does_not_ask_about_sums_in_proportion(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        assert 'name="sure"' not in clerk.get(address).content.decode()

    def test_of_a_file_that_is_gone_says_so(self, clerk: Client) -> None:
        address = reporting.preview(clerk, mixed())
        path_of(batch_at(address).public_id).unlink()
        answer = reporting.confirm(clerk, address)

        assert answer.status_code == 422
        assert "请重新申报并上传" in reporting.read_answer(answer)

    def test_of_a_batch_that_is_no_preview_is_refused(self, clerk: Client) -> None:
        answer = reporting.confirm(clerk, reporting.reported(clerk, mixed()))

        assert answer.status_code == 409
        assert "批次状态为 applied" in reporting.read_answer(answer)

    def test_is_a_post_of_its_own_form(self, clerk: Client, cast: Cast) -> None:
        address = reporting.preview(clerk, mixed())
        assert clerk.get(f"{address}/confirm")["Location"] == address
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(cast["bank_a"])
        assert reporting.confirm(stranger, address).status_code == 403


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
