"""The PDF as a whole: the same bytes everywhere, its own fonts, its margins, its words."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from tasks.briefing import document, sheet
from tasks.briefing.layout import Column, Language, MisfitError, Paragraph, Section, Subheading, Table, Tile
from tests.briefing import issues, reader

ROOT = Path(__file__).parents[2]
SCRIPT = (
    "import hashlib; from tasks.briefing import document; from tests.briefing import issues; "
    "print(hashlib.sha256(document.render(issues.everything())).hexdigest())"
)
HOSTILE = (
    "<b>&amp;</b><img src='x'/>",
    "%s {0} \\) Tj ET (",
    "\u202eمرحبا بالعالم\u202c",
    "😀🏦" * 20,
    "超长" * 400,
    "x" * 3000,
    "a\x00b\r\nc\u2029d",
    "",
    " ",
)


@pytest.fixture(scope="module")
def everything() -> bytes:
    return document.render(issues.everything())


def digest_in(zone: str, language: str, seed: str) -> str:
    environment = os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_processes_in_other_zones_locales_and_hash_seeds_write_the_same_bytes(everything: bytes) -> None:
    here = hashlib.sha256(everything).hexdigest()
    assert digest_in("Asia/Shanghai", "zh_CN.UTF-8", "1") == here
    assert digest_in("America/Los_Angeles", "C", "4242") == here


def test_the_issues_before_do_not_change_the_next_one(everything: bytes) -> None:
    document.render(issues.PLAIN)
    assert document.render(issues.everything()) == everything


def test_a_refused_issue_leaves_nothing_behind(everything: bytes) -> None:
    long_list = replace(issues.COLOPHON, distribution=("送：市发展改革委",) * 200)
    with pytest.raises(MisfitError, match="distribution"):
        document.render(replace(issues.PLAIN, colophon=long_list))
    assert document.render(issues.everything()) == everything


def test_another_word_makes_another_file() -> None:
    assert document.render(issues.PLAIN) != document.render(replace(issues.PLAIN, title="更正版"))


def test_every_font_is_embedded_cut_and_mapped(everything: bytes) -> None:
    with reader.opened(everything) as pdf:
        fonts = [font for page in pdf.pages for font in page.resources.Font.values()]
        assert fonts
        for font in fonts:
            assert str(font.BaseFont)[7:8] == "+", font.BaseFont
            assert str(font.BaseFont)[8:].startswith(("NotoSansSC", "NotoSerifSC", "OfficeKai"))
            outlines = font.FontDescriptor.FontFile2.read_bytes()
            assert 500 < len(outlines) < 400_000
            assert reader.unicode_of(font)


def test_two_fonts_never_share_a_name_or_a_map(everything: bytes) -> None:
    with reader.opened(everything) as pdf:
        fonts = list(pdf.pages[0].resources.Font.values())
        assert len({str(font.BaseFont) for font in fonts}) == len(fonts)
        assert len({font.ToUnicode.objgen for font in fonts}) == len(fonts)


def test_no_character_is_drawn_as_a_blank(everything: bytes) -> None:
    for page in reader.sheets(everything):
        assert not [run for run in page.runs if "\x00" in run.text or "\ufffd" in run.text]


def test_rare_characters_come_back_from_every_place(everything: bytes) -> None:
    pages = reader.sheets(everything)
    rows = [row for page in pages for row in page.rows()]
    assert f"青桐市{issues.RARE}科技金融运行月报" in rows  # bold title
    assert f"（一）{issues.RARE}分节" in rows  # heading
    assert sum(issues.RARE in row for row in rows) >= 90  # body and table


def test_nothing_but_number_and_watermark_leaves_the_type_area(everything: bytes) -> None:
    slack = 0.6  # half a stroke
    for number, page in enumerate(reader.sheets(everything), start=1):
        for x, y in page.points:
            assert sheet.LEFT - slack <= x <= sheet.RIGHT + slack, (number, x)
            assert sheet.BOTTOM - slack <= y <= sheet.TOP + slack, (number, y)
        for run in page.runs:
            if run.text == f"— {number} —" or not run.upright:
                continue
            assert run.x >= sheet.LEFT - slack, run
            assert run.x + run.width <= sheet.RIGHT + slack, run
            assert run.y >= sheet.BOTTOM - slack, run
            assert run.y + 0.7 * run.size <= sheet.TOP + slack, run


def test_the_type_area_is_that_of_the_standard() -> None:
    edges = (sheet.MEASURE, sheet.DEPTH, sheet.LEFT, sheet.HEIGHT - sheet.TOP, sheet.WIDTH - sheet.RIGHT)
    assert [round(edge / sheet.MM, 6) for edge in (*edges, sheet.BOTTOM)] == [156, 225, 28, 37, 26, 35]


def test_page_numbers_stand_outside_right_on_odd_and_left_on_even_pages(everything: bytes) -> None:
    pages = reader.sheets(everything)
    assert len(pages) > 4
    for number, page in enumerate(pages, start=1):
        (run,) = [run for run in page.runs if run.text == f"— {number} —"]
        assert run.y < sheet.BOTTOM
        if number % 2:
            assert run.x + run.width == pytest.approx(sheet.RIGHT - 14, abs=0.1)
        else:
            assert run.x == pytest.approx(sheet.LEFT + 14, abs=0.1)


def test_a_page_of_body_text_has_twenty_two_lines_of_twenty_eight() -> None:
    issue = issues.with_blocks(Paragraph("金" * 28 * 60))
    page = reader.sheets(document.render(issue))[1]
    body = [run for run in page.runs if run.size == 15.75]
    assert len(body) == 22
    assert {len(run.text) for run in body} == {28}


def test_the_watermark_of_a_draft_is_on_every_page_and_only_on_a_draft(everything: bytes) -> None:
    for page in reader.sheets(everything):
        assert "".join(run.text for run in page.runs if not run.upright).count("征求意见稿") == 1
    assert "征求意见稿" not in reader.text(document.render(issues.PLAIN))


@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-CN"), ("en", "en")])
def test_the_document_names_itself_its_author_and_its_language(language: Language, tag: str) -> None:
    with reader.opened(document.render(replace(issues.PLAIN, language=language))) as pdf:
        assert str(pdf.Root.Lang) == tag
        assert "青桐市科技金融运行月报" in str(pdf.docinfo["/Title"])
        assert str(pdf.docinfo["/Author"]) == "青桐市金融服务中心"
        assert str(pdf.docinfo["/Keywords"]) == issues.COLOPHON.fingerprint


def test_the_file_bears_the_day_of_its_issue_and_never_the_clock() -> None:
    with reader.opened(document.render(replace(issues.PLAIN, dated=date(2026, 11, 10)))) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == "D:20261110"
    with reader.opened(document.render(issues.PLAIN)) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20000101")


def test_bookmarks_lead_to_the_pages_of_their_headings() -> None:
    sections = tuple(
        Section(f"第{n}章", f"s{n}", (Subheading("分节"), Paragraph("正文。")), new_page=True)
        for n in range(3)
    )
    content = document.render(replace(issues.PLAIN, sections=sections))
    with reader.opened(content) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["本期要点", "一、第0章", "二、第1章", "三、第2章"]
        assert [child.title for child in outline.root[2].children] == ["（一）分节"]
        assert [pikepdf.Page(item.destination[0]).index for item in outline.root] == [0, 1, 2, 3]


def test_a_heading_never_stands_last_on_a_page() -> None:
    for filler in range(14, 24):
        sections = (
            Section("甲", "a", tuple(Paragraph("一行字。") for _ in range(filler))),
            Section("乙章标题", "b", (issues.EMPTY_TABLE, Paragraph("尾。"))),
        )
        for page in reader.sheets(document.render(replace(issues.PLAIN, sections=sections))):
            rows = [row for row in page.rows() if not row.startswith("—")]
            assert rows[-1] != "二、乙章标题"


def test_the_closing_rule_lies_on_the_lower_edge_of_the_type_area() -> None:
    last = reader.sheets(document.render(issues.PLAIN))[-1]
    assert min(y for _, y in last.points) == pytest.approx(sheet.BOTTOM, abs=0.1)
    assert "9f3a c1d2 7be8 45aa" in last.text
    assert "SN-2026-10-003" in last.text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_every_place_neither_break_nor_inject(words: str) -> None:
    table = Table(1, words, words, (Column(words), Column(words, "right")), ((words, words),) * 3, words)
    issue = replace(
        issues.PLAIN,
        series=words,
        title=words,
        unit_name=words,
        date_label=words[:40],
        classification_note=words[:20],
        key_points=(words,),
        tiles=(Tile(words, words, words, (words,), words),),
        sections=(Section(words, "s", (Subheading(words), Paragraph(words), table)),),
        watermark=words[:20],
    )
    content = document.render(issue)
    with reader.opened(content) as pdf:
        assert not [page for page in pdf.pages if "/Annots" in page]
        assert "/OpenAction" not in pdf.Root
    for page in reader.sheets(content):
        inside = [run for run in page.runs if run.upright and run.y > sheet.BOTTOM]
        assert not [run for run in inside if run.x < sheet.LEFT - 1 or run.x + run.width > sheet.RIGHT + 1]


def test_markup_prints_as_itself() -> None:
    issue = issues.with_blocks(Paragraph("<b>甲&amp;乙</b>公司"))
    assert "<b>甲&amp;乙</b>公司" in reader.text(document.render(issue))


def test_two_sections_cannot_share_a_bookmark() -> None:
    twice = Section("甲", "same", ()), Section("乙", "same", ())
    with pytest.raises(MisfitError, match="anchor"):
        replace(issues.PLAIN, sections=twice)


def test_only_the_briefing_imports_reportlab() -> None:
    source = "import sys, tasks.briefing.layout, tasks.briefing.wording; print('reportlab' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
    folders = ("finance_hub", "funds", "loans", "listings", "tasks")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    users = [path for path in sources if "reportlab" in path.read_text(encoding="utf-8")]
    assert users
    assert all(path.is_relative_to(ROOT / "tasks" / "briefing") for path in users), users
