"""No cell that goes out is run by a spreadsheet, and none loses what it says."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_hub.rest.cells import harmless, lines

RUN = ["=1+1", "+1", "@SUM(A1)", "-1+1", "-x", "\t=1", "\r=1", " =1", "=HYPERLINK(1)", "=cmd|' /C calc'!A0",
       "＝1+1", "＋1", "－1", "＠A"]  # fmt: skip


@pytest.mark.parametrize("cell", RUN)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1", "-0.50", "1-1", "a=b", "HT-1", "", "某某=", "0"])
def test_what_it_would_not_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


def test_nothing_is_an_empty_cell_and_half_a_letter_is_written_out() -> None:
    assert harmless(None) == ""
    assert harmless("\ud800") == "\\ud800"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=4)))
def test_every_cell_comes_back_as_it_was_or_with_one_mark(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(lines(rows), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell[:1] in "=+@" for row in read for cell in row if cell)
