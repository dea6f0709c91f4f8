"""A batch's preview adds up to its file, and is confirmed once by its own bank."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.intake.receive import path_of
from loans.models import LoanReportBatch
from tests.cast import Cast
from tests.loans import bank
from tests.web import reporting
from tests.web.batches import batch_at, clerk, loan, mixed
from tests.web.conftest import Browse

__all__ = ["clerk"]  # fixture


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
