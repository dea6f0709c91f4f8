"""The tear sheet on the pages: a button, a page that waits, a file; nothing foreign, nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from finance_hub.kernel import jobs
from finance_hub.kernel.models import Firm, Job
from tests.funds.conftest import FIRM
from tests.tasks.test_sheets import begin
from tests.web import reporting
from tests.web.conftest import Browse

FUND_PAGE, FIRM_PAGE = "/funds/angel", f"/firms/{FIRM}"
PAGES = (FUND_PAGE, FIRM_PAGE)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside a test."""
    monkeypatch.setattr("finance_hub.web.views.sheets.PATIENCE", 0)


@pytest.fixture
def city(api: Any) -> None:
    begin(api)


def work() -> None:
    for job in Job.objects.filter(state="queued", kind="tear_sheet"):
        assert jobs.run(str(job.pk)) == "succeeded"


def ask(client: Client, page: str, **said: str) -> str:
    """The address that the click leads to."""
    answer = client.post(f"{page}/tear-sheet", said)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


@pytest.mark.usefixtures("city")
class TestTheButton:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize(
        ("language", "button", "waits", "ready"),
        [
            ("zh-hans", "一页概览（PDF）", "即将开始编制", "下载 PDF"),
            ("en", "One page (PDF)", "about to be set", "Download the PDF"),
        ],
    )
    def test_leads_over_the_page_that_waits_to_the_file(
        self, browse: Browse, page: str, language: str, button: str, waits: str, ready: str
    ) -> None:
        client = browse("manager_angel", language=language)
        assert button in reporting.read(client, page)
        address = ask(client, page, period="2026-10")
        assert waits in reporting.read(client, address)
        progress = client.get(f"{address}/progress")
        assert (progress.status_code, waits in progress.content.decode()) == (200, True)
        assert client.get(f"{address}/file")["Location"] == address
        work()
        assert client.get(f"{address}/progress")["HX-Refresh"] == "true"
        assert ready in reporting.read(client, address)
        file = client.get(f"{address}/file")
        assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
        assert file["Content-Disposition"].startswith("attachment")

    def test_leads_to_the_file_at_once_where_it_was_made_before(self, browse: Browse) -> None:
        client = browse("auditor")
        address = ask(client, FUND_PAGE)
        work()
        assert ask(client, FUND_PAGE) == f"{address}/file"
        assert Job.objects.filter(kind="tear_sheet").count() == 1

    def test_offers_the_months_with_figures_and_takes_no_other(self, browse: Browse) -> None:
        client = browse("maker")
        text = client.get(FUND_PAGE).content.decode()
        assert text.count('<option value="2026-10"') == 1
        assert client.post(f"{FUND_PAGE}/tear-sheet", {"period": "2026-09"}).status_code == 404
        assert client.post(f"{FUND_PAGE}/tear-sheet", {"period": "soon"}).status_code == 404

    def test_asks_again_for_what_is_gone_or_has_failed(self, browse: Browse) -> None:
        client = browse("maker")
        address = ask(client, FIRM_PAGE)
        work()
        for path in (Path(settings.FILES_DIR) / "sheets").iterdir():
            path.unlink()
        assert "已过保留期" in reporting.read(client, address)
        assert client.get(f"{address}/file")["Location"] == address
        again = ask(client, FIRM_PAGE)
        assert again != address
        Job.objects.filter(state="queued").update(state="failed")
        assert "未能编制" in reporting.read(client, again)


@pytest.mark.usefixtures("city")
class TestNobodyElse:
    def test_sees_the_sheet_of_a_fund_of_others(self, browse: Browse) -> None:
        address = ask(browse("manager_angel"), FUND_PAGE)
        work()
        stranger = browse("manager_industry")
        assert stranger.post(f"{FUND_PAGE}/tear-sheet").status_code == 404
        for tail in ("", "/progress", "/file"):
            assert stranger.get(address + tail).status_code == 404

    def test_may_ask_at_all(self, browse: Browse) -> None:
        for page in PAGES:
            assert browse("bank_a").post(f"{page}/tear-sheet").status_code == 403
            assert browse("maker").get(f"{page}/tear-sheet").status_code == 405

    def test_is_told_of_a_firm_that_only_a_bank_reported(self, browse: Browse) -> None:
        Firm.objects.filter(uscc=FIRM).update(source="bank_report", verified=False)
        assert browse("manager_angel").post(f"{FIRM_PAGE}/tear-sheet").status_code == 404


def test_before_any_figures_there_is_no_button_and_it_says_why(browse: Browse, api: Any) -> None:
    begin(api, computes=False)
    client = browse("manager_angel")
    text = reporting.read(client, FUND_PAGE)
    assert "一页概览（PDF）" not in text
    assert "尚未生成任何月份的数据" in text
    assert client.post(f"{FUND_PAGE}/tear-sheet").status_code == 404
