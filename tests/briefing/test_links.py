"""Names of figures lead to their definitions."""

from dataclasses import replace

import pikepdf

from tasks.briefing import document, sheet
from tasks.briefing.layout import Column, Paragraph, Section, Table
from tasks.briefing.origin import Printed, Ref, Term
from tests.briefing import issues, reader

NAME = Term("专项贷款余额", code="loans.balance")
UNDEFINED = Term("在保余额", code="guarantees.balance")


def test_a_name_in_a_tile_a_head_or_a_row_leads_to_its_definition_and_only_if_there_is_one() -> None:
    columns = (Column(NAME), Column(UNDEFINED))
    named = Table(1, "指标", "亿元", columns, ((NAME, "1"), (UNDEFINED, "2"), ("合计", NAME)), "无")
    meanings = Table(
        2, "口径", "", (Column("指标"), Column("口径")), ((NAME, "释义" * 900), ("甲", "乙")), "无"
    )
    sections = (Section("甲", "a", (named,)), Section("口径", "definitions", (meanings,), new_page=True))
    tiles = (replace(issues.TILES[0], label=NAME), replace(issues.TILES[1], label=UNDEFINED))
    issue = replace(issues.PLAIN, tiles=tiles, sections=sections)
    with reader.opened(document.render(issue)) as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        assert len(links) == 4
        (page,) = {pikepdf.Page(link.Dest[0]).index for link in links}
        heading = reader.read_page(pdf.pages[page]).text
    assert "二、口径" in heading


def test_a_number_in_a_sentence_leads_to_the_definition_of_its_figure_on_every_line_that_it_is_on() -> None:
    number = Printed("31.93亿元", of=[Ref("2026-10", NAME.code)], value=None, unit="yuan")
    said = ("截至月末，", NAME, "为", number, "，同比增长。" * 6, number, "。")
    meanings = Table(1, "口径", "", (Column("指标"), Column("口径")), ((NAME, "释义"),), "无")
    sections = (
        Section("甲", "a", (Paragraph(said),)),
        Section("口径", "definitions", (meanings,), new_page=True),
    )
    with reader.opened(document.render(replace(issues.PLAIN, key_points=(said,), sections=sections))) as pdf:
        areas = [list(map(float, link.Rect)) for page in pdf.pages for link in page.get("/Annots", [])]
        runs = [run for page in pdf.pages for run in reader.read_page(page).runs]
    assert len(areas) >= 6
    for left, bottom, right, top in areas:
        assert sheet.LEFT - 0.1 <= left < right <= sheet.RIGHT + 0.1
        assert any(bottom < run.y < top and run.x < right and run.x + run.width > left for run in runs)
