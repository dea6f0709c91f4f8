"""The pages of the targets: what they show to whom, and the way of a report through its forms."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.scoping import within
from tasks import targets
from tasks.models import QuestionAnswer, ResponsibleUnit, TargetReport
from tests.cast import NOW, Cast
from tests.web import scenes
from tests.web.conftest import Browse

ONE = "/targets/S3-1-04"
REPORT: dict[str, str] = {"as_of": "2026-09-30", "value": "33", "evidence": "统计月报第9期"}
Send = Callable[..., Any]


@pytest.fixture
def bureau(cast: Cast) -> Cast:
    with within(EVERYTHING):
        targets.assign_unit("科技局", organisation="tech-bureau", by=cast["maker"], now=NOW)
    return cast


@pytest.fixture
def send(bureau: Cast, browse: Browse) -> Send:
    """POSTs a form as somebody, with a token of its own."""

    def sent(name: str, address: str, **said: Any) -> Any:
        return browse(name).post(address, {"token": uuid.uuid4().hex, **said})

    return sent


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


class TestTheList:
    def test_says_what_is_missing_before_the_first_month(self, bureau: Cast, browse: Browse) -> None:
        page = text(browse("maker"), "/targets")
        assert "显示54项，共54项目标、48项指标" in page
        assert "尚无月份完成计算" in page

    def test_counts_and_filters_by_status(self, bureau: Cast, browse: Browse) -> None:
        scenes.add_month(scenes.OCTOBER)
        page = text(browse("maker"), "/targets?status=done")
        # The scene's first target is reached; the next three are half way and past their deadline.
        assert "显示1项" in page
        assert 'href="/targets/S2-01"' in page
        assert re.findall(r'<strong class="num">(\d+)</strong>', page)[:4] == ["0", "0", "1", "3"]

    def test_filters_by_a_unit_and_passes_over_what_is_none(self, bureau: Cast, browse: Browse) -> None:
        unit = ResponsibleUnit.objects.get(name="统计局").pk
        # Section 3(3) alone names the statistics bureau: five targets and a given of the plan.
        assert "显示6项" in text(browse("maker"), f"/targets?unit={unit}")
        for odd in ("x", "999999999", "-1"):
            assert "显示54项" in text(browse("maker"), f"/targets?unit={odd}&status=late&report=x")

    def test_of_a_department_is_its_own(self, bureau: Cast, browse: Browse) -> None:
        page = text(browse("department"), "/targets")
        assert 'href="/targets/S3-1-04"' in page
        assert "/targets/S2-01" not in page
        assert browse("department").get("/targets/S2-01").status_code == 404

    def test_says_to_a_department_without_a_unit_why_it_is_empty(self, cast: Cast, browse: Browse) -> None:
        assert "中心尚未指明贵单位对应方案中的哪个责任单位" in text(browse("department"), "/targets")

    def test_lists_questions_that_are_open(self, bureau: Cast, browse: Browse) -> None:
        page = text(browse("maker"), "/targets")
        assert "研发经费90亿元是2023年全年数，还是两年合计？" in page
        assert "/targets/questions/spending-period/answer" in page
        assert "/targets/questions/spending-period/answer" not in text(browse("auditor"), "/targets")

    def test_is_a_workbook_with_numbers(self, bureau: Cast, browse: Browse) -> None:
        import python_calamine

        scenes.add_month(scenes.OCTOBER)
        answer = browse("maker").get("/targets.xlsx?status=done")
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        rows = book.get_sheet_by_index(0).to_python()
        assert (len(rows), rows[1][0], rows[1][5], rows[1][6]) == (2, "S2-01", 3.5, 3.5)
        assert "口径" in book.sheet_names[1]


class TestAReport:
    def test_goes_from_the_department_to_the_approver(self, send: Send, browse: Browse) -> None:
        file = SimpleUploadedFile("月报.pdf", b"%PDF-1.7 evidence", content_type="application/pdf")
        assert send("department", f"{ONE}/report", **REPORT, file=file)["Location"] == ONE
        made = TargetReport.objects.get()
        assert "待中心批准" in text(browse("department"), ONE)
        document = f"{ONE}/reports/{made.public_id}/documents/{made.documents.get().public_id}"
        assert b"".join(browse("approver").get(document)) == b"%PDF-1.7 evidence"
        decide = f"{ONE}/reports/{made.public_id}/decide"
        assert decide in text(browse("approver"), ONE)
        assert send("approver", decide, outcome="approved", reason="").status_code == 302
        page = text(browse("department"), ONE)
        assert "有效" in page
        assert f"{ONE}/reports/{made.public_id}/correct" in page

    def test_entered_twice_is_one(self, bureau: Cast, browse: Browse) -> None:
        sent = {"token": uuid.uuid4().hex, **REPORT}
        clicks = [browse("department").post(f"{ONE}/report", sent)["Location"] for _click in range(2)]
        assert clicks == [ONE, ONE]
        assert TargetReport.objects.count() == 1

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"value": "many"}, "value"), ({"value": "-1"}, "value"), ({"as_of": "2099-01-01"}, "as_of"),
            ({"evidence": ""}, "evidence"),
        ],
    )  # fmt: skip
    def test_is_refused_beside_its_field(self, send: Send, change: dict[str, str], field: str) -> None:
        answer = send("department", f"{ONE}/report", **{**REPORT, **change})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.content.decode()
        assert not TargetReport.objects.exists()

    def test_of_a_day_that_is_reported_is_refused_beside_the_day(self, send: Send) -> None:
        send("department", f"{ONE}/report", **REPORT)
        again = send("department", f"{ONE}/report", **{**REPORT, "value": "12"})
        assert again.status_code == 409
        page = again.content.decode()
        assert 'id="as_of-error"' in page
        assert "待批准；批准后方可更正" in page

    def test_that_is_sent_back_needs_a_reason_and_shows_it(self, send: Send, browse: Browse) -> None:
        send("department", f"{ONE}/report", **REPORT)
        decide = f"{ONE}/reports/{TargetReport.objects.get().public_id}/decide"
        assert send("approver", decide, outcome="rejected", reason="").status_code == 422
        assert send("approver", decide, outcome="rejected", reason="证据缺页").status_code == 302
        assert "证据缺页" in text(browse("department"), ONE)
        assert send("second_approver", decide, outcome="approved", reason="").status_code == 409

    def test_is_not_decided_by_whoever_sent_it(self, send: Send) -> None:
        send("maker", f"{ONE}/report", **REPORT)
        decide = f"{ONE}/reports/{TargetReport.objects.get().public_id}/decide"
        assert send("maker", decide, outcome="approved", reason="").status_code == 403

    @pytest.mark.parametrize("name", ["auditor", "bank_a", "approver"])
    def test_has_no_form_for_others(self, bureau: Cast, browse: Browse, name: str) -> None:
        assert browse(name).get(f"{ONE}/report").status_code == 403

    def test_of_another_unit_has_no_form(self, bureau: Cast, browse: Browse) -> None:
        assert browse("department").get("/targets/S2-01/report").status_code == 404


class TestATarget:
    @pytest.mark.parametrize("code", ["S2-01", "S3-3-01", "S3-4-03", "S3-4-04", "S3-8-04", "S4-2-01"])
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_opens_whatever_it_is(self, bureau: Cast, browse: Browse, code: str, language: str) -> None:
        scenes.add_month(scenes.OCTOBER)
        for span in ("", "?span=life"):
            assert code in text(browse("maker", language=language), f"/targets/{code}{span}")
        assert browse("maker").get(f"/targets/{code}/course.xlsx?span=life").status_code == 200

    def test_says_what_is_in_force_and_in_no_figure_yet(
        self, send: Send, browse: Browse, bureau: Cast
    ) -> None:
        scenes.add_month(scenes.OCTOBER)
        maker = browse("maker", language="en")
        assert "Approved since" not in text(maker, ONE)
        send("department", f"{ONE}/report", **REPORT)
        assert "Approved since" not in text(maker, ONE)
        decide = f"{ONE}/reports/{TargetReport.objects.get().public_id}/decide"
        send("approver", decide, outcome="approved", reason="")
        page = text(maker, ONE)
        assert "Figures as of 31 Oct 2026, as known at" in page
        assert (
            "Approved since, and in force: 33 institutions as of 30 Sep 2026."
            " The figures follow with the next computation." in page
        )
        assert "newer report in force" in text(maker, "/targets")

    @pytest.mark.parametrize(("code", "english"), [("S2-03", "2"), ("S3-4-04", "3 (4)")])
    def test_says_its_section_in_the_numerals_of_the_reader(
        self, bureau: Cast, browse: Browse, code: str, english: str
    ) -> None:
        assert f"<dt>Section of the plan</dt><dd>{english}</dd>" in text(
            browse("maker", language="en"), f"/targets/{code}"
        )
        assert f"<dd>{ {'2': '二'}.get(english, '三(四)') }</dd>" in text(browse("maker"), f"/targets/{code}")

    def test_says_that_no_model_forecasts_it(self, bureau: Cast, browse: Browse) -> None:
        assert "直线推算不是预测" in text(browse("maker"), ONE)

    def test_that_is_not_there_is_not_found(self, bureau: Cast, browse: Browse) -> None:
        for address in ("/targets/S9-99", "/targets/S9-99/course.xlsx", f"{ONE}/reports/none/decide"):
            assert browse("maker").get(address).status_code == 404


class TestAnAnswer:
    def test_is_recorded_with_its_document_and_shown(self, send: Send, browse: Browse) -> None:
        said = {
            "deadline": "2027-12-31", "words": "顺延", "document": "会议纪要4号", "effective_date": "2026-03-10",
        }  # fmt: skip
        answered = send("maker", "/targets/questions/deadline-inferred/answer", **said)
        assert answered.status_code == 302, answered.content
        assert str(QuestionAnswer.objects.get().deadline) == "2027-12-31"
        page = text(browse("maker"), ONE)
        assert "会议纪要4号" in page
        assert "期限 2027年12月31日" in page

    def test_decides_what_was_asked(self, send: Send) -> None:
        said = {"words": "x", "document": "x", "effective_date": "2026-03-10"}
        assert send("maker", "/targets/questions/spending-period/answer", **said).status_code == 422
        assert send("maker", "/targets/questions/none/answer", **said).status_code == 404
        assert send("approver", "/targets/questions/spending-period/answer", **said).status_code == 403
