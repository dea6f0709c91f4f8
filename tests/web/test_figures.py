"""The records behind a figure, the restatement of a month, and the jobs, as pages and as workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from finance_hub.web.presenters.figures import about as words_of
from tasks.models import Snapshot
from tasks.records.recorded import Recorded
from tests.cast import Api, Cast
from tests.tasks.test_month import make_city, run_due
from tests.tasks.test_restatements import closed, late, restated
from tests.web.reporting import read

Browse = Callable[..., Client]
Speak = Callable[[str], Api]
__all__ = ["closed"]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
RECORDS = "/figures/records?code=loans.balance&scope=bank&key=bank-a&snapshot="


@pytest.fixture
def snapshot(cast: Cast, api: Speak) -> str:
    make_city(cast, api)
    run_due()
    with within(EVERYTHING):
        return Snapshot.objects.get().public_id


def english(text: str) -> str:
    """Without what is Chinese in every language: the switch, people, and names that were entered so."""
    for name in ("简体中文", "maker 某", "某", "示例科技有限公司", "（测试）", "市财政局", "天使基金"):
        text = text.replace(name, "")
    return text


class TestTheRecordsOfAFigure:
    def test_stand_with_their_sum_and_say_that_it_is_the_figure(self, browse: Browse, snapshot: str) -> None:
        text = read(browse("maker"), RECORDS + snapshot)
        assert "各记录之和与指标分毫不差" in text
        assert "1,000.00" in text
        assert "\u2212300.00" in text
        assert "全部记录合计 700.00" in re.sub(r"\s+", " ", text)
        assert "HT-1 · JJ-1" in text

    def test_of_a_ratio_are_told_apart(self, browse: Browse, snapshot: str) -> None:
        text = read(
            browse("maker"), f"/figures/records?code=fund.rvpi&scope=fund&key=angel&snapshot={snapshot}"
        )
        assert "分子" in text
        assert "分母" in text
        assert "分毫不差" not in text

    def test_of_a_rate_say_why_they_do_not_add_up(self, browse: Browse, snapshot: str) -> None:
        text = read(
            browse("maker"), f"/figures/records?code=fund.irr&scope=fund&key=angel&snapshot={snapshot}"
        )
        assert "内部收益率不是各笔之和" in text

    def test_say_who_has_not_reported(self, browse: Browse, snapshot: str) -> None:
        text = read(browse("auditor"), f"/figures/records?code=loans.balance&snapshot={snapshot}")
        assert "bank-b（测试）尚未报送：发生额" in text

    def test_are_led_to_from_the_overview(self, browse: Browse, snapshot: str) -> None:
        page = browse("maker").get("/?month=2026-10").content.decode()
        link = re.search(r'href="(/figures/records\?[^"]*loans\.balance[^"]*)"', page)
        assert link
        assert browse("maker").get(link[1].replace("&amp;", "&")).status_code == 200
        assert "缺 3 家担保机构" in page

    def test_are_a_workbook_of_numbers(self, browse: Browse, snapshot: str) -> None:
        answer = browse("maker").get(f"/figures/records.xlsx?{(RECORDS + snapshot).split('?')[1]}")
        assert answer["Content-Disposition"].startswith("attachment")
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        rows = book.get_sheet_by_name("记录 Records").to_python()
        assert [row[7] for row in rows[1:]] == [1000.0, -300.0]
        notes = {row[0]: row[1] for row in book.get_sheet_by_name("口径 Notes").to_python()}
        assert notes["合计 · Sum"] == 700.0
        assert notes["所存数值 · Stored value"] == 700.0

    @pytest.mark.parametrize("asked", ["", "?code=loans.balance", "?code=x&snapshot=ss_1", "?snapshot=%00"])
    def test_of_what_is_not_there_are_not_found(self, browse: Browse, cast: Cast, asked: str) -> None:
        assert browse("maker").get(f"/figures/records{asked}").status_code == 404


class TestARestatement:
    @pytest.mark.parametrize(
        ("record", "about", "said"),
        [
            ("deal_step", "angel · paid", "天使 · 出资"),
            ("fund_event", "angel · commitment", "天使 · 认缴"),
            ("pool_event", "资金池 · return", "资金池 · 追偿返还"),
            ("firm_class", "某公司 · none_of_ours", "某公司 · none_of_ours"),
            ("firm_version", "某公司", "某公司"),
        ],
    )
    def test_says_what_a_row_is_about_without_codes(self, record: str, about: str, said: str) -> None:
        row = Recorded("", record, 1, "x", about, "centre", None, None, Decimal(0))
        assert words_of.said(row, {"angel": "天使"}) == said

    def test_names_figures_and_rows_and_leads_to_what_changed_them(
        self, browse: Browse, closed: Snapshot, api: Speak
    ) -> None:
        late(api)
        old, new = restated(api)
        maker = browse("maker")
        page = maker.get("/figures/restatement?month=2026-10")
        text = page.content.decode()
        assert old in text
        assert new in text
        assert "E-9 r1" in text
        link = re.search(
            r'href="(/figures/restatement/records\?[^"]*loans\.balance[^"]*scope=bank&amp;[^"]*)"', text
        )
        assert link
        effects = read(maker, link[1].replace("&amp;", "&"))
        assert "各项影响之和与差额分毫不差" in effects
        assert "E-1 r2" in effects
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(maker.get(f"/figures/restatement.xlsx?from={old}&to={new}").content)
        )
        changes = book.get_sheet_by_name("变动 Changes").to_python()
        assert [row[5:8] for row in changes if row[1:3] == ["loans.balance", "bank"]] == [
            [700.0, 1450.0, 750.0]
        ]
        assert len(book.get_sheet_by_name("记录 Records").to_python()) == 3
        assert CHINESE.findall(english(read(browse("maker", language="en"), "/figures/restatement"))) == []

    def test_is_asked_for_with_a_button_and_done_by_a_job(
        self, browse: Browse, closed: Snapshot, api: Speak
    ) -> None:
        late(api)
        answer = browse("maker").post("/figures/restate", {"month": "2026-10"}, follow=True)
        assert "正在按现在所知重算该月" in answer.content.decode()
        job = Job.objects.get(kind="restatement")
        assert jobs.run(str(job.pk)) == "succeeded"
        assert "有变动" in read(browse("approver"), "/figures/restatement")

    def test_of_a_month_without_any_difference_says_so(self, browse: Browse, closed: Snapshot) -> None:
        text = read(browse("auditor"), "/figures/restatement")
        assert "没有指标变动" in text
        assert "按现在所知重算</button>" not in browse("auditor").get("/figures/restatement").content.decode()

    def test_before_anything_is_computed_says_who_must_deliver(self, browse: Browse) -> None:
        assert "尚无月份计算过" in read(browse("maker"), "/figures/restatement")

    @pytest.mark.parametrize(
        ("name", "month", "status"),
        [
            ("maker", "2026-10", 404),
            ("maker", "x", 404),
            ("auditor", "2026-10", 403),
            ("bank_a", "2026-10", 403),
        ],
    )
    def test_is_refused(self, browse: Browse, name: str, month: str, status: int) -> None:
        assert browse(name).post("/figures/restate", {"month": month}).status_code == status

    def test_of_snapshots_that_are_not_there_is_not_found(self, browse: Browse) -> None:
        for page in ("restatement", "restatement.xlsx", "restatement/records"):
            assert browse("maker").get(f"/figures/{page}?from=ss_1&to=ss_2&code=x").status_code == 404


class TestTheJobs:
    def test_are_listed_with_month_and_state_in_both_languages(self, browse: Browse, snapshot: str) -> None:
        assert "2026年10月" in read(browse("admin"), "/jobs?kind=month")
        text = english(read(browse("maker", language="en"), "/jobs"))
        assert "Figures and draft of a month" in text
        assert CHINESE.findall(text) == []

    def test_of_every_kind_have_a_name_to_choose_them_by(self, browse: Browse, cast: Cast) -> None:
        chosen = re.findall(r'<option value="([a-z_]+)"', browse("maker").get("/jobs").content.decode())
        assert set(settings.JOB_HANDLERS) <= set(chosen)

    def test_are_stopped_and_done_again_by_a_button(self, browse: Browse, cast: Cast) -> None:
        job, _ = jobs.enqueue("month", dedupe_key="m", payload={"month": "2026-10"})
        maker = browse("maker")
        page = maker.get("/jobs").content.decode()
        assert f"/jobs/{job.pk}/stop" in page
        assert "hx-trigger" in page
        assert f"/jobs/{job.pk}/stop" not in browse("auditor").get("/jobs").content.decode()
        assert "任务已中止" in maker.post(f"/jobs/{job.pk}/stop", follow=True).content.decode()
        refused = maker.post(f"/jobs/{job.pk}/stop")
        assert (refused.status_code, "任务已结束" in refused.content.decode()) == (409, True)
        assert "任务已重新排队" in maker.post(f"/jobs/{job.pk}/repeat", follow=True).content.decode()
        assert maker.get(f"/jobs/{job.pk}/stop").status_code == 302
        assert f"/jobs/{job.pk}/stop" in maker.get("/jobs/progress").content.decode()

    def test_say_why_they_failed_without_a_trace(self, browse: Browse, cast: Cast) -> None:
        job, _ = jobs.enqueue("month", dedupe_key="m", payload={"month": "2026-10"})
        error = {"code": "internal-error", "en": "boom", "trace": "Traceback of ours"}
        Job.objects.filter(pk=job.pk).update(state="failed", error=error)
        text = read(browse("maker"), "/jobs?state=failed")
        assert "失败" in text
        assert "Traceback" not in text
        assert "boom" not in text

    @pytest.mark.parametrize("name", ["bank_a", "manager_angel", "guarantor_a", "department"])
    def test_are_for_the_centre_and_the_administrator(self, browse: Browse, name: str) -> None:
        assert browse(name).get("/jobs").status_code == 403
        assert browse(name).post("/jobs/x/stop").status_code == 403

    def test_without_any_there_is_nothing(self, browse: Browse) -> None:
        assert "尚无任务记录" in read(browse("admin"), "/jobs")
