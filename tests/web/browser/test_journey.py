"""The whole journey of a clerk, by keyboard alone, in both languages: three bad rows, mended and sent again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FileChooser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from loans.models import LoanEvent, LoanReportBatch
from tests.loans import bank
from tests.web import reporting
from tests.web.browser.conftest import Open
from tests.web.browser.keyboard import choose, focused, follow, tab_to
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("worker")
ZH = {
    "upload": "上传文件", "send": "上传并校验", "problem": "请更正以下问题", "choose": "请选择文件。",
    "preview": "预览：尚未报送", "download": "被拒行 CSV", "report": "确认报送", "compare": "请勾选，确认已核对合计。",
    "part": "部分报送：有行被拒", "again": "上传另一份文件", "whole": "已报送",
    "row": "2 3 HT-2 amount 12.345 金额最多两位小数",
}  # fmt: skip
EN = {
    "upload": "Upload a file", "send": "Upload and check", "problem": "There is a problem", "choose": "Choose a file.",
    "preview": "Preview: nothing is reported yet", "download": "Rejected rows as CSV", "report": "Confirm and report",
    "compare": "Tick the box to confirm that you have compared the totals.",
    "part": "Reported in part: some rows are rejected", "again": "Upload another file", "whole": "Reported",
    "row": "2 3 HT-2 amount 12.345 An amount has at most two decimal places",
}  # fmt: skip


def loan(n: int, amount: str = "1000.00", **changes: Any) -> bank.Row:
    return bank.disbursement(f"E-{n}", amount, contract_no=f"HT-{n}", drawdown_no=f"JJ-{n}", **changes)


ROWS = (
    loan(1), loan(2, "12.345"), loan(3, "2500.50"), loan(4, record_type="loan"),
    loan(5, uscc="91350100M000100Y44"),
)  # fmt: skip


@pytest.mark.parametrize(("language", "said"), [("zh-CN", ZH), ("en", EN)])
def test_a_file_with_three_bad_rows_is_mended_and_wholly_applied(
    open_page: Open, tmp_path: Path, language: str, said: dict[str, str]
) -> None:
    page = open_page("bank_a", language=language, sign_in=False)
    sign_in(page)

    # The checklist; then the form, first without a file.
    page.keyboard.press("Tab")
    tab_to(page, said["upload"])
    follow(page)
    tab_to(page, id="month")
    choose(page, "2026-10")
    tab_to(page, id="dataset")
    page.keyboard.press("Space")
    tab_to(page, said["send"])
    follow(page)

    # The summary has the focus, and leads to the field.
    expect(page.locator(".error-summary")).to_be_focused()
    assert said["problem"] in str(focused(page)["words"])
    tab_to(page, said["choose"])
    page.keyboard.press("Enter")
    expect(page.locator("#file")).to_be_focused()

    first = tmp_path / "october.csv"
    first.write_bytes(reporting.table(*ROWS))
    send(page, first, said)

    # The preview: counts, sums, and what is wrong where.
    expect(page.locator("tr.total")).to_contain_text("5")
    assert said["row"] in " ".join(page.inner_text("main").split())
    tab_to(page, said["download"])
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    rejected = tmp_path / "rejected.csv"
    downloading.value.save_as(rejected)

    # Not without having compared.
    tab_to(page, said["report"])
    follow(page)
    expect(page.locator(".error-summary")).to_be_focused()
    tab_to(page, said["compare"])
    page.keyboard.press("Enter")
    expect(page.locator("#compared")).to_be_focused()
    confirm(page, said)
    assert said["part"] in str(focused(page)["words"])
    assert ledger() == [("E-1", Decimal("1000.00")), ("E-3", Decimal("2500.50"))]

    # The rejected rows, mended, as the very file that was downloaded.
    page.keyboard.press("Shift+Tab")
    assert str(focused(page)["words"]).startswith(said["again"])
    follow(page)
    mended = rejected.read_text("utf-8-sig").replace("12.345", "12.34").replace(",loan,", ",disbursement,")
    rejected.write_text(mended.replace("91350100M000100Y44", bank.FIRM), "utf-8")
    tab_to(page, id="file")
    send(page, rejected, said)
    tab_to(page, id="compared")
    confirm(page, said)

    assert str(focused(page)["words"]).startswith(said["whole"])
    assert [event for event, _amount in ledger()] == ["E-1", "E-2", "E-3", "E-4", "E-5"]
    assert sum(amount for _event, amount in ledger()) == Decimal("5512.84")
    with within(EVERYTHING):
        batches = LoanReportBatch.objects.order_by("pk").values_list("dry_run", "state", "result__rejected")
        assert list(batches) == [
            (True, "validated", 3), (False, "applied", 3), (True, "validated", 0), (False, "applied", 0),
        ]  # fmt: skip


def sign_in(page: Page) -> None:
    tab_to(page, id="username")
    page.keyboard.type("bank_a")
    tab_to(page, id="password")
    page.keyboard.type(PASSWORD)
    follow(page)
    assert page.url.endswith("/reports")


def send(page: Page, file: Path, said: dict[str, str]) -> None:
    """From the field of the file to the preview, which takes the focus."""
    _chosen(page).set_files(file)
    tab_to(page, said["send"])
    follow(page)
    page.wait_for_url("**?ready")
    assert said["preview"] in str(focused(page)["words"])


def _chosen(page: Page) -> FileChooser:
    """A browser under load may lose a key: whoever sees no chooser presses it again, three times at most."""
    for patience in (5_000, 10_000):
        try:
            with page.expect_file_chooser(timeout=patience) as choosing:
                page.keyboard.press("Space")
        except NotInTime:
            continue
        return choosing.value
    with page.expect_file_chooser() as choosing:
        page.keyboard.press("Space")
    return choosing.value


def confirm(page: Page, said: dict[str, str]) -> None:
    """From the tick to the batch, which takes the focus once it is applied."""
    preview = page.url
    page.keyboard.press("Space")
    tab_to(page, said["report"])
    follow(page)
    page.wait_for_url(lambda url: url.endswith("?ready") and url != preview)


def ledger() -> list[tuple[str, Decimal]]:
    with within(EVERYTHING):
        return list(
            LoanEvent.objects.order_by("external_event_id").values_list("external_event_id", "amount")
        )


def test_a_month_without_rows_is_reported_by_keyboard(open_page: Open) -> None:
    page = open_page("bank_a", sign_in=False)
    sign_in(page)
    while "month=2026-10" not in (page.evaluate("document.activeElement.href") or ""):
        tab_to(page, "零报告")
    follow(page)
    tab_to(page, id="confirm")
    page.keyboard.press("Space")
    tab_to(page, "提交零报告")
    follow(page)
    page.wait_for_url("**?ready")

    assert str(focused(page)["words"]).startswith("已报送")


def test_a_file_beyond_the_limit_does_not_travel(open_page: Open, tmp_path: Path) -> None:
    page = open_page("bank_a", language="en")
    page.goto("/reports/upload?month=2026-10&dataset=flow")
    page.evaluate("document.getElementById('file').dataset.most = '10'")
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * 11})
    expect(page.locator("#file-size")).to_be_visible()
    page.click("text=Upload and check")

    expect(page.locator("#file")).to_be_focused()
    with within(EVERYTHING):
        assert not LoanReportBatch.objects.exists()


def test_the_wait_needs_no_scripts(open_page: Open) -> None:
    page = open_page("bank_a", java_script_enabled=False)
    page.goto("/reports/upload?month=2026-10&dataset=flow")
    page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": reporting.table(*ROWS)})
    page.click("text=上传并校验")

    expect(page.locator("h2", has_text="预览：尚未报送")).to_be_visible(timeout=20_000)
