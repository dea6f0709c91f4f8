"""Tables: heads come again, rows are never lost, figures line up, and emptiness is said."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tasks.briefing import document, sheet
from tasks.briefing.layout import Column, MisfitError, Table
from tests.briefing import issues, reader


def pages_of(table: Table) -> list[reader.Sheet]:
    return reader.sheets(document.render(issues.with_blocks(table)))


def test_a_long_table_repeats_its_head_and_loses_no_row() -> None:
    pages = pages_of(issues.long_table(300))
    found = [row[:6] for page in pages for row in page.rows() if row.startswith("R0")]
    assert found == [f"R{row:05d}" for row in range(300)]
    with_rows = [page for page in pages if "R0" in page.text]
    assert len(with_rows) > 5
    for position, page in enumerate(with_rows):
        assert page.text.count("企业名称") == 1
        assert ("续表 1　专项贷款明细" in page.text) == (position > 0)
        assert page.text.index("企业名称") < page.text.index("R0")


def test_the_total_is_never_alone_on_a_page() -> None:
    for rows in range(28, 52):
        last = next(page for page in pages_of(issues.long_table(rows)) if f"合计{rows}.00" in page.text)
        assert f"R{rows - 1:05d}" in last.text


def test_an_empty_table_says_so() -> None:
    said = pages_of(issues.EMPTY_TABLE)
    assert any("本月无变动" in page.text and "梯队变动" in page.text for page in said)


def test_figures_end_on_one_edge() -> None:
    rows = (("甲", "1.00"), ("乙", "123,456.78"), ("丙", "−12.30"))
    table = Table(1, "余额", "万元", (Column("银行"), Column("余额", "right")), rows, "无")
    runs = [run for page in pages_of(table) for run in page.runs if run.text in {row[1] for row in rows}]
    assert len(runs) == 3
    ends = [run.x + run.width for run in runs]
    assert max(ends) - min(ends) < 0.01


def test_figures_of_different_lengths_stand_with_their_points_below_each_other() -> None:
    cells = ("1,234.56", "7", "8.5%", "0.4876", "—")
    rows = tuple((name, cell) for name, cell in zip("甲乙丙丁戊", cells, strict=True))
    table = Table(1, "指标", "", (Column("指标"), Column("本月", "right")), rows, "无")
    runs = {run.text: run for page in pages_of(table) for run in page.runs if run.text in cells}
    size = min(run.width / len(run.text) for run in runs.values())
    points = [
        run.x + run.width * (len(word.partition(".")[0]) / len(word))
        for word, run in runs.items()
        if word in ("1,234.56", "7", "0.4876")
    ]
    assert max(points) - min(points) < size
    assert runs["0.4876"].x + runs["0.4876"].width > runs["1,234.56"].x + runs["1,234.56"].width + size


def test_no_word_and_no_number_is_broken_to_make_room() -> None:
    columns = (Column("Guarantor", weight=2), *(Column("Guarantees released", "right") for _ in range(6)))
    row = ("Metasequoia Innovation Bank", *("123,456.78",) * 5, "— (not reported)")
    found = {
        run.text for page in pages_of(Table(1, "Wide", "", columns, (row,) * 3, "none")) for run in page.runs
    }
    assert {"Metasequoia", "123,456.78", "Guarantees"} <= {word for text in found for word in text.split()}


def test_a_bold_total_as_wide_as_its_column_stays_on_one_line() -> None:
    columns = (Column("企业"), *(Column(f"列{n}", "right") for n in range(4)))
    rows = (
        ("青桐市半导体材料与装备创新中心股份有限公司" * 3, *("1.00",) * 4),
        ("合计", *("88,888,888.88",) * 4),
    )
    table = Table(1, "宽表", "元", columns, rows, "无", total_row=True)
    assert sum(run.text == "88,888,888.88" for page in pages_of(table) for run in page.runs) == 4


@pytest.mark.parametrize("count", [1, 2, 6, 12, 20])
def test_any_number_of_columns_stays_in_the_measure(count: int) -> None:
    columns = tuple(Column(f"指标名称{n}", "right" if n % 2 else "left") for n in range(count))
    row = tuple("123,456,789.01" if n % 2 else "某某科技有限责任公司分公司" for n in range(count))
    for page in pages_of(Table(1, "宽表", "元", columns, (row,) * 5, "无")):
        for run in page.runs:
            assert run.x >= sheet.LEFT - 0.5
            assert run.x + run.width <= sheet.RIGHT + 0.5


def test_cells_do_not_run_into_each_other() -> None:
    row = ("青桐市镕珺半导体材料与装备创新中心股份有限公司", "123,456.78", "知识产权质押贷", "2026-10-31")
    columns = (Column("企业", weight=3), Column("余额", "right"), Column("产品"), Column("日期", "centre"))
    table = Table(1, "明细", "万元", columns, (row,) * 60, "无")
    for page in pages_of(table):
        lines: dict[float, list[reader.Run]] = {}
        for run in page.runs:
            lines.setdefault(round(run.y, 1), []).append(run)
        for runs in lines.values():
            ordered = sorted(runs, key=lambda run: run.x)
            assert all(a.x + a.width <= b.x + 0.01 for a, b in pairwise(ordered))


def test_a_cell_longer_than_a_page_goes_on_and_loses_nothing() -> None:
    words = "".join(f"{n:04d}号" for n in range(1500))
    table = Table(1, "说明", "", (Column("编号"), Column("内容")), (("甲", words), ("乙", "完")), "无")
    pages = pages_of(table)
    assert (
        sum(page.text.count("号") for page in pages) - sum(page.text.count("编号") for page in pages) == 1500
    )
    assert any("1499号" in page.text for page in pages)
    inside = [run for page in pages for run in page.runs if "号" in run.text]
    assert min(run.y for run in inside) >= sheet.BOTTOM


def test_note_and_source_stay_with_the_last_row() -> None:
    for rows in range(30, 44):
        table = replace(issues.long_table(rows), note="口径说明", source="各银行")
        last = next(page for page in pages_of(table) if "口径说明" in page.text)
        assert f"合计{rows}.00" in last.text
        assert "来源：各银行" in last.text


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(MisfitError, match="row 1: 1 cells, 2 columns"):
        Table(1, "甲", "元", (Column("a"), Column("b")), (("1", "2"), ("3",)), "无")


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(MisfitError, match="no columns"):
        Table(1, "甲", "元", (), (), "无")
