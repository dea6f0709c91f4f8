"""Lines break as a Chinese office expects, and nothing in a text can act on the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.briefing import text
from tests.briefing.issues import RARE

BODY, MEASURE = 15.75, 156 * 72 / 25.4
MARKS = "，。；：？！、）》”％"
OPENERS = "（《“￥"


def test_twenty_eight_characters_fill_a_line() -> None:
    assert [len(row) for row in text.lines("金" * 60, BODY, MEASURE)] == [28, 28, 4]


def test_the_first_line_is_shorter_by_its_indent() -> None:
    assert [len(row) for row in text.lines("金" * 60, BODY, MEASURE, indent=2 * BODY)] == [26, 28, 6]


@pytest.mark.parametrize("mark", MARKS)
def test_a_closing_mark_takes_the_character_before_it_along(mark: str) -> None:
    rows = text.lines("金" * 28 + mark + "融" * 5, BODY, MEASURE)
    assert rows == ["金" * 27, "金" + mark + "融" * 5]


@pytest.mark.parametrize("mark", OPENERS)
def test_an_opening_mark_moves_to_the_line_of_what_it_opens(mark: str) -> None:
    rows = text.lines("金" * 27 + mark + "融" * 5, BODY, MEASURE)
    assert rows == ["金" * 27, mark + "融" * 5]


@pytest.mark.parametrize("whole", ["123,456.78", "−3.25%", "2026-10-31", "211.00亿元", "31日", "——", "……"])
def test_what_belongs_together_is_not_broken(whole: str) -> None:
    for before in range(20, 29):
        rows = text.lines("金" * before + whole + "融" * 9, BODY, MEASURE)
        kept = whole.removesuffix("元")
        assert any(kept in row for row in rows), rows


def test_a_word_wider_than_the_line_is_broken_and_loses_nothing() -> None:
    rows = text.lines("x" * 300, 10.0, 100.0)
    assert len(rows) > 3
    assert "".join(rows) == "x" * 300


def test_english_breaks_at_spaces_and_after_hyphens() -> None:
    rows = text.lines("a non-performing share of loans", 10.0, 60.0)
    assert rows == ["a non-", "performing", "share of", "loans"]


def test_a_line_narrower_than_a_character_still_ends() -> None:
    assert text.lines("金融", 20.0, 1.0) == ["金", "融"]


@given(
    st.lists(st.sampled_from(["金", "融", "中心", "，", "。", "（", "）", "12.5%", "loan", " "]), max_size=80)
)
def test_no_line_is_too_wide_and_no_mark_is_lost(pieces: list[str]) -> None:
    whole = text.clean("".join(pieces))
    rows = text.lines(whole, 10.0, 97.0)
    assert all(text.width(row, 10.0) <= 97.0 + 1e-6 for row in rows)
    assert "".join(rows).replace(" ", "") == whole.replace(" ", "")


@given(st.lists(st.tuples(st.text("金融贷款", min_size=2, max_size=6), st.sampled_from(MARKS)), max_size=30))
def test_no_line_begins_with_a_closing_mark(clauses: list[tuple[str, str]]) -> None:
    rows = text.lines("".join(words + mark for words, mark in clauses), 10.0, 83.0)
    assert not [row for row in rows if row[:1] in text.NOT_FIRST and row]


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("a\u202eb", "ab"),  # right-to-left override
        ("a\u200b\u2066b\u2069", "ab"),  # zero width space, isolates
        ("葛\U000e0100城", "葛城"),  # ideographic variation selector
        ("a\nb\tc\u2028d\u00a0e", "a b c d e"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("😀😀", "〔U+1F600 U+1F600〕"),
        ("شركة", "〔U+0634 U+0631 U+0643 U+0629〕"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        (RARE, RARE),
    ],
)
def test_hostile_signs_are_dropped_or_named(given_text: str, shown: str) -> None:
    assert text.clean(given_text) == shown


@given(st.text(max_size=60))
def test_cleaning_leaves_only_what_the_fonts_draw_and_is_done_once(words: str) -> None:
    cleaned = text.clean(words)
    assert all(name for name, _ in text.runs(cleaned))
    assert text.clean(cleaned) == cleaned


def test_a_rare_character_uses_another_font_only_for_itself() -> None:
    assert text.runs("青桐𠮷星") == [
        ("NotoSansSC-Regular", "青桐"),
        ("NotoSansSC-Rare", "𠮷"),
        ("NotoSansSC-Regular", "星"),
    ]


def test_a_shortened_text_says_that_it_is() -> None:
    short = text.shortened("金融服务中心", 10.0, 45.0)
    assert short == "金融服…"
    assert text.width(short, 10.0) <= 45.0
