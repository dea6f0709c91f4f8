"""A tear sheet as it is set: one page whatever it holds, what is left out is said, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tasks.briefing.layout import MisfitError, Tile
from tasks.briefing.tear import page as setter
from tasks.briefing.tear.layout import Page, Pairs, Panel
from tests.briefing import reader, tear_pages
from tests.briefing.issues import RARE
from tests.briefing.test_document import HOSTILE

ROOT = Path(__file__).parents[2]
SCRIPT = (
    "import hashlib; from tasks.briefing.tear import page; from tests.briefing import tear_pages; "
    "print(hashlib.sha256(page.render(tear_pages.crowded())).hexdigest())"
)
EVERY = {"plain": tear_pages.PLAIN, "crowded": tear_pages.crowded(), "empty": tear_pages.empty()}


@cache
def made(name: str) -> bytes:
    return setter.render(EVERY[name])


def read(content: bytes) -> reader.Sheet:
    """The one page of a sheet."""
    (found,) = reader.sheets(content)
    return found


def only(page: Page) -> reader.Sheet:
    return read(setter.render(page))


@pytest.mark.parametrize("name", EVERY)
def test_a_sheet_is_one_page_within_its_margins(name: str) -> None:
    found = read(made(name))
    for x, y in found.points:
        assert setter.LEFT - 1 <= x <= setter.RIGHT + 1
        assert setter.BOTTOM - 1 <= y <= setter.TOP + 1
    for run in found.runs:
        assert run.x >= setter.LEFT - 1, run
        assert run.x + run.width <= setter.RIGHT + 1, run
        assert run.y >= setter.BOTTOM - 1, run
        assert run.y + 0.7 * run.size <= setter.TOP + 1, run


@pytest.mark.parametrize("name", EVERY)
def test_no_line_runs_into_another(name: str) -> None:
    """Texts at the same place are at least most of a letter apart, or stand beside each other."""
    runs = [run for run in read(made(name)).runs if run.text.strip()]
    for n, one in enumerate(runs):
        for other in runs[n + 1 :]:
            beside = one.x + one.width <= other.x + 0.6 or other.x + other.width <= one.x + 0.6
            assert beside or abs(one.y - other.y) >= 0.7 * min(one.size, other.size), (one, other)


@pytest.mark.parametrize("name", EVERY)
def test_every_font_is_embedded_and_no_character_is_a_blank(name: str) -> None:
    content = made(name)
    with reader.opened(content) as pdf:
        for font in pdf.pages[0].resources.Font.values():
            assert "NotoSansSC" in str(font.BaseFont)
            assert len(font.FontDescriptor.FontFile2.read_bytes()) > 500
    assert not [run for run in read(content).runs if "\x00" in run.text or "\ufffd" in run.text]


def test_the_longest_name_stands_in_full_with_its_rare_characters() -> None:
    """As the title; in a table it is cut to two lines."""
    joined = "".join(run.text for run in read(made("crowded")).runs)
    assert tear_pages.LONGEST in joined
    assert RARE in joined


@pytest.mark.parametrize("count", [1, 2, 3, 8, 20, 60])
def test_what_is_shown_and_what_is_left_out_add_up(count: int) -> None:
    page = replace(
        tear_pages.PLAIN, bands=((Panel("在投", tear_pages.listing(count, total=True), unit="万元"),),)
    )
    said = only(page).text
    shown = len(re.findall(r"R\d{3}", said))
    left = re.findall(r"另有 (\d+) 项未列示", said)
    assert shown + sum(map(int, left)) == count
    assert f"{count}.00" in said
    assert bool(left) == (count == 60)


def test_the_first_rows_are_those_that_are_shown() -> None:
    said = read(made("crowded")).text
    assert "R000" in said
    assert "R001" in said
    assert "R059" not in said


def test_a_list_takes_the_room_that_the_others_leave() -> None:
    alone = replace(tear_pages.PLAIN, bands=((Panel("在投", tear_pages.listing(60)),),))
    many = replace(tear_pages.PLAIN, bands=((Panel("在投", tear_pages.listing(60)),),) * 4)
    assert only(alone).text.count("R0") > 25
    assert only(many).text.count("R0") <= only(alone).text.count("R0")
    assert only(many).text.count("另有") == 4


def test_a_list_of_more_weight_grows_faster() -> None:
    bands = (
        (Panel("重", tear_pages.listing(60, name="甲", pace=3)),),
        (Panel("轻", tear_pages.listing(60, name="乙")),),
    )
    said = only(replace(tear_pages.PLAIN, bands=bands)).text
    assert said.count("甲") > 2 * said.count("乙") > 4


def test_nothing_says_so() -> None:
    said = read(made("empty")).text
    assert said.count("尚无记录") == 2
    assert "尚无现金流" in said
    assert "未报送" in said


def test_what_is_always_shown_and_does_not_fit_is_refused() -> None:
    endless = Pairs(tuple((f"项{n}", "值") for n in range(90)))
    with pytest.raises(MisfitError, match="page"):
        setter.render(replace(tear_pages.PLAIN, bands=((Panel("条款", endless),),)))


def test_processes_in_other_zones_locales_and_hash_seeds_write_the_same_bytes() -> None:
    here = hashlib.sha256(made("crowded")).hexdigest()
    changed = {"TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4242"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=os.environ | changed, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == here


def test_the_file_names_itself_and_its_data_and_bears_no_clock() -> None:
    with reader.opened(setter.render(replace(tear_pages.PLAIN, language="en"))) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == "基金一页概览 青桐天使基金 2026年10月"
        assert str(pdf.docinfo["/Keywords"]) == "0123" * 16
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20000101")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_every_place_neither_break_nor_inject(words: str) -> None:
    words = words[:200]
    page = replace(
        tear_pages.crowded(),
        title=words,
        subtitle=words,
        facts=Pairs(((words, words),), columns=3),
        tiles=((Tile(words, words[:20], words[:8], note=words),),),
        notes=(words,),
        proof=(words,),
    )
    content = setter.render(page)
    with reader.opened(content) as pdf:
        assert len(pdf.pages) == 1
        assert "/Annots" not in pdf.pages[0]
        assert "/OpenAction" not in pdf.Root
