"""The files beside a published issue, and the archive that finds it."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
import python_calamine
from django.conf import settings as configured
from django.utils import timezone

from finance_hub.kernel import jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.problems import NotFound
from finance_hub.kernel.scoping import within
from tasks import archive
from tasks.briefing import beside, vector, workbook
from tasks.briefing.kept import issue_of
from tasks.briefing.layout import ChartKind, Column, Table
from tasks.briefing.origin import Form, Printed, Ref, Rule
from tasks.models import Briefing, BriefingFile, Snapshot
from tasks.verification import Verdict, of_content
from tests.briefing.issues import PLAIN, gapped_charts, with_blocks
from tests.cast import Api, Cast
from tests.conftest import Build
from tests.tasks.conftest import make_snapshot
from tests.tasks.test_verification import published

OF = (Ref("2026-10", "loans.balance"),)


@pytest.fixture(scope="class")
def whole(build: Build, standing_cast: Cast) -> Briefing:
    """The issue of October with the files beside it, made as the schedule has them made; it stands for a class."""

    def fill(_: object) -> Briefing:
        with within(EVERYTHING):
            issue = published(make_snapshot(date(2026, 10, 1), balance="64000000.00"), standing_cast)
        now = timezone.now()
        assert [archive.enqueue_due(now=now) for _time in range(2)] == [1, 0], "one at a time, and once"
        job = Job.objects.get(kind="briefing_files")
        assert jobs.run(str(job.pk)) == "succeeded", Job.objects.get(pk=job.pk).error
        return issue

    made: Briefing = build(fill)
    return made


def content_of(file: BriefingFile) -> bytes:
    return (Path(configured.FILES_DIR) / file.file).read_bytes()


class TestBesideAnIssue:
    def test_are_its_english_edition_its_workbooks_its_pages_and_its_charts(
        self, everything: Cast, whole: Briefing, api: Callable[[str], Api]
    ) -> None:
        held = archive.beside([whole])[whole.pk]
        for file in held:
            assert hashlib.sha256(content_of(file)).hexdigest() == file.sha256
        kinds = [file.kind for file in held]
        assert kinds.count("picture") == whole.pages
        english = archive.file_of(whole.public_id, kind="edition", language="en")
        with pikepdf.open(io.BytesIO(content_of(english))) as document:
            assert len(document.pages) >= 4
        assert of_content(content_of(english)).verdict is Verdict.GENUINE
        book = archive.file_of(whole.public_id, kind="workbook", language="zh-hans")
        assert of_content(content_of(book)).verdict is Verdict.GENUINE
        assert of_content(content_of(book)[:-1]).verdict is Verdict.ALTERED
        listed = api("auditor").get(f"/briefings/{whole.public_id}/files").json()
        assert len(listed) == len(held)
        url = next(one["url"] for one in listed if one["kind"] == "workbook").removeprefix("/api/v1")
        answer = api("auditor").get(url)
        assert answer.status_code == 200
        assert answer["ETag"] == f'"{hashlib.sha256(b"".join(answer) or answer.content).hexdigest()}"'
        for wrong in ("workbook/zh-hans/1", "workbook/zh-hans/x", "nothing/en/0", "picture/zh-hans/99999"):
            assert api("auditor").get(f"/briefings/{whole.public_id}/files/{wrong}").status_code == 404
        assert api("bank_a").get(url).status_code == 403

    def test_they_are_found_by_their_words_in_either_language(
        self, everything: Cast, whole: Briefing
    ) -> None:
        for search in ("贷款余额", "Public exposure", "PUBLIC", "乙银行 贷款"):
            assert list(archive.issues(search=search)) == [whole], search
        for search in ("青蛙", "100%_", "\\", "贷款 青蛙"):
            assert not archive.issues(search=search), search
        assert list(archive.issues(year=2026)) == [whole]
        assert not archive.issues(year=2025)
        assert archive.years() == [2026]

    def test_they_are_made_again_byte_for_byte(self, everything: Cast, whole: Briefing) -> None:
        again = {(row.kind, row.language, row.page): row.sha256 for row in beside._made(whole)}
        held = archive.beside([whole])[whole.pk]
        assert again == {(row.kind, row.language, row.page): row.sha256 for row in held}


def test_a_draft_has_none(october: Snapshot, everything: Cast) -> None:
    assert archive.enqueue_due(now=timezone.now()) == 0
    with pytest.raises(NotFound):
        archive.file_of("br_none", kind="workbook", language="en")


class TestTheWorkbook:
    def test_has_every_table_and_chart_and_its_numbers_as_printed(
        self, everything: Cast, whole: Briefing
    ) -> None:
        for language in ("zh-hans", "en"):
            tree = issue_of(whole, language=language)  # type: ignore[arg-type]
            content = content_of(archive.file_of(whole.public_id, kind="workbook", language=language))
            book = python_calamine.load_workbook(io.BytesIO(content))
            blocks = [block for section in tree.sections for block in section.blocks]
            tables = [block for block in blocks if isinstance(block, Table)]
            # The headline figures and the definitions beside the rest: of the tables the first of the last chapter.
            assert len(book.sheet_names) == 2 + len(tables) - 1 + len(list(beside._charts(tree)))
            definitions = book.get_sheet_by_index(0).to_python()
            assert any(whole.sha256 in row for row in definitions)
            assert any(whole.snapshot.fingerprint in row for row in definitions)

    @pytest.mark.parametrize(
        ("text", "value", "unit", "rule", "form", "places", "language", "number", "shown"),
        [
            ("6,400.00", "64000000", "yuan", Rule.VALUE, Form.TABLE, None, "zh-hans", 6400.0, "#,##0.00"),
            ("64.00", "64000000", "yuan", Rule.VALUE, Form.TABLE, None, "en", 64.0, "#,##0.00"),
            ("3.21亿元", "321000000", "yuan", Rule.VALUE, Form.HEADLINE, None, "zh-hans", 3.21, '#,##0.00"亿元"'),
            (
                "CNY 321.00 million", "321000000", "yuan", Rule.VALUE, Form.HEADLINE, None, "en", 321.0,
                '"CNY "#,##0.00" million"',
            ),
            ("3.50%", "0.035", "ratio", Rule.VALUE, Form.TABLE, None, "zh-hans", 0.035, "0.00%"),
            ("3.5%", "0.035", "ratio", Rule.VALUE, Form.TABLE, 1, "zh-hans", 0.035, "0.0%"),
            ("+0.50", "0.005", "ratio", Rule.CHANGE, Form.TABLE, None, "zh-hans", 0.5, "+0.00;-0.00;0.00"),
            ("+2.3%", "0.023", "yuan", Rule.CHANGE, Form.TABLE, None, "zh-hans", 0.023, "+#,##0.0%;-#,##0.0%;0.0%"),
            ("42", "42", "count", Rule.VALUE, Form.TABLE, None, "zh-hans", 42.0, "#,##0"),
            ("4家", "4.00", "index", Rule.VALUE, Form.OWN, None, "zh-hans", 4.0, '#,##0"家"'),
        ],
    )  # fmt: skip
    def test_a_number_stands_in_the_unit_in_which_it_is_printed(
        self, text: str, value: str, unit: str, rule: Rule, form: Form, places: int | None, language: str,
        number: float, shown: str,
    ) -> None:  # fmt: skip
        from decimal import Decimal

        printed = Printed(text, of=OF, value=Decimal(value), unit=unit, rule=rule, form=form, places=places)
        assert workbook.number(printed, language=language) == (pytest.approx(number), shown)

    def test_texts_stay_texts_and_names_are_names(self) -> None:
        missing = Printed("—（未报送）", of=OF, value=None, unit="yuan")
        evil = ("=1+1", "@SUM(A1)", "http://x.example", missing)
        columns = tuple(Column(head) for head in "ABCD")
        same = Table(1, "a[b]:c*d?e/f\\g'" + "长" * 40, "万元", columns, (evil,), "无")
        issue = with_blocks(same, same)
        made = workbook.made(issue, facts=(), created=timezone.now())
        with zipfile.ZipFile(io.BytesIO(made)) as parts:
            sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
        assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
        book = python_calamine.load_workbook(io.BytesIO(made))
        assert len({name.casefold() for name in book.sheet_names}) == 4
        assert all(len(name) <= 31 for name in book.sheet_names)
        assert book.get_sheet_by_index(2).to_python()[3] == list(map(str, evil))
        assert workbook.made(PLAIN, facts=(), created=timezone.now())[:2] == b"PK"


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_kind_of_chart_is_drawn_as_svg_without_style_or_script(kind: ChartKind) -> None:
    chart = gapped_charts()[kind]
    svg = vector.drawn(chart, language="zh-hans")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert root.attrib["aria-label"] == chart.finding
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "text", "line", "rect", "circle", "polygon"}
    assert not re.search(r"style=|<script|on\w+=", svg)
    assert any(element.text for element in root.iter())
