"""Page 1: who publishes which issue, six figures, and the first words of the body."""

from dataclasses import replace

import pytest

from tasks.briefing import document, front, sheet, wording
from tests.briefing import issues, reader


def first_page(**changes: object) -> reader.Sheet:
    return reader.sheets(document.render(replace(issues.PLAIN, **changes)))[0]  # type: ignore[arg-type]


def test_the_masthead_says_note_name_number_publisher_and_date() -> None:
    rows = "\n".join(first_page().rows())
    for said in (
        "内部资料　注意保存",
        "科技金融工作简报",
        "第 10 期（总第 22 期）",
        "青桐市金融服务中心",
        "2026年11月10日",
    ):
        assert said in rows


def test_the_name_of_the_series_is_the_largest_and_fits() -> None:
    page = first_page()
    largest = max(page.runs, key=lambda run: run.size)
    assert "科技金融工作简报".startswith(largest.text[:1])
    assert largest.size == 40.0


@pytest.mark.parametrize(
    ("number", "total", "line"),
    [
        (10, 22, "第 10 期（总第 22 期）"),
        (3, None, "第 3 期"),
        (None, None, "（未编期号）"),
        (None, 22, "（未编期号）"),
    ],
)
def test_an_issue_without_a_number_says_so(number: int | None, total: int | None, line: str) -> None:
    issue = replace(issues.PLAIN, issue_no=number, total_no=total)
    assert front.number_line(issue, wording.CHINESE) == line


def test_all_tiles_and_the_body_are_on_page_one() -> None:
    said = first_page().text
    for tile in issues.TILES:
        assert tile.label in said
        assert tile.value in said
    assert "未报送" in said
    assert "本期要点" in said
    assert "三只政府引导基金" in said


@pytest.mark.parametrize("length", [20, 45, 60])
def test_six_sentences_stay_on_page_one_in_a_smaller_size_if_need_be(length: int) -> None:
    points = tuple(f"{n}甲" + "金" * length + "。" for n in range(6))
    page = first_page(key_points=points)
    assert "6. 5甲" in page.text
    assert all(run.y > sheet.BOTTOM for run in page.runs if "金金" in run.text)


def test_what_does_not_fit_goes_on_to_page_two_and_loses_nothing() -> None:
    points = tuple(f"第{n}句" + "金" * 190 + "完。" for n in range(9))
    pages = reader.sheets(document.render(replace(issues.PLAIN, key_points=points)))
    assert "第0句" in pages[0].text
    assert "第8句" not in pages[0].text
    said = "".join(page.text for page in pages)
    assert [n for n in range(9) if f"第{n}句" not in said] == []
    assert sum(run.text.count("金") for page in pages for run in page.runs if run.size == 15.75) >= 9 * 190


def test_a_long_value_is_set_smaller_and_whole() -> None:
    tile = replace(issues.TILES[0], value="123,456,789,012.34", unit="万元")
    (run,) = [run for run in first_page(tiles=(tile,)).runs if run.text == tile.value]
    assert run.size < 20.0
    assert run.x + run.width < sheet.LEFT + sheet.MEASURE / 3


def test_a_long_title_is_broken_into_even_lines() -> None:
    page = first_page(title="青桐市政府投资基金专项贷款担保与上市培育工作二〇二六年十月份运行情况月报")
    rows = [run.text for run in page.runs if run.size == 22.0]
    assert len(rows) == 2
    assert abs(len(rows[0]) - len(rows[1])) <= 2


def test_the_english_page_has_english_labels() -> None:
    said = first_page(language="en").text
    assert "No. 10 (issue 22 in all)" in said
    assert "Key points" in said
    assert "第 10 期" not in said


@pytest.mark.parametrize(("correction", "said"), [(0, ""), (1, "（更正版）"), (2, "（第2次更正版）")])
def test_a_correction_says_so_beside_its_number(correction: int, said: str) -> None:
    content = document.render(replace(issues.PLAIN, correction=correction))
    assert f"第 10 期（总第 22 期）{said}" in reader.sheets(content)[0].rows()
    with reader.opened(content) as pdf:
        assert "小标宋: Noto Serif SC Bold" in str(pdf.docinfo["/Creator"])
