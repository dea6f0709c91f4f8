"""The fonts draw what an office writes, and the maps of the PDF give it back."""

from pathlib import Path

import pytest

from tasks.briefing import fonts
from tasks.briefing.fonts import Face
from tests.briefing.issues import RARE

LIST = Path(fonts.__file__).parent / "standard-characters.txt"


def standard_characters() -> str:
    return "".join(LIST.read_text(encoding="utf-8").split())


def test_the_list_of_standard_characters_is_whole() -> None:
    assert len(standard_characters()) == len(set(standard_characters())) == 8105


def test_regular_draws_every_standard_character() -> None:
    drawn = fonts.registered(fonts.REGULAR).face.charToGlyph
    assert not [char for char in standard_characters() if ord(char) not in drawn]


def test_bold_draws_gb2312_and_borrows_the_rest() -> None:
    drawn = fonts.registered(fonts.BOLD).face.charToGlyph
    assert not [char for char in "青桐市金融服务中心，。（）《》￥％①〔〕·—…▲▼" if ord(char) not in drawn]
    assert [fonts.FACES[Face.BOLD][char] for char in "金镕㐂"] == [fonts.BOLD, fonts.REGULAR, fonts.RARE]


def test_every_ideograph_of_gb18030_level_1_is_drawn() -> None:
    blocks = [*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6)]
    lacking = [chr(code) for code in blocks if not fonts.FACES[Face.PLAIN][chr(code)]]
    assert not lacking


def test_digits_have_one_width() -> None:
    for weight in (Face.PLAIN, Face.BOLD):
        assert len({fonts.ADVANCES[weight][digit] for digit in "0123456789"}) == 1


def test_nothing_draws_an_emoji() -> None:
    assert fonts.FACES[Face.PLAIN]["😀"] == ""


def test_a_font_is_parsed_once() -> None:
    assert fonts.registered(fonts.REGULAR) is fonts.registered(fonts.REGULAR)


def test_the_map_writes_characters_beyond_the_basic_plane_as_pairs() -> None:
    lines = fonts.unicode_map("F", [0, ord("金"), ord("𬭚")]).splitlines()
    assert "<01> <91D1>" in lines
    assert "<02> <D872DF5A>" in lines
    assert not [line for line in lines if line.startswith("<00> <0000>")]


@pytest.mark.parametrize("count", [1, 100, 101, 255])
def test_a_map_has_blocks_of_a_hundred_at_most(count: int) -> None:
    source = fonts.unicode_map("F", [0x4E00 + n for n in range(count)])
    sizes = [int(line.split()[0]) for line in source.splitlines() if line.endswith("beginbfchar")]
    assert sum(sizes) == count
    assert max(sizes) <= 100


def test_the_licence_lies_beside_every_font() -> None:
    here = Path(fonts.__file__).parent
    web = here.parents[2] / "finance_hub" / "web" / "static" / "fonts"
    for folder in (here, web):
        assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(file.stat().st_size for file in (*here.glob("*.ttf*"), *web.glob("*.woff2"))) < 25_000_000


def test_rare_characters_of_names_are_all_drawn() -> None:
    assert all(fonts.FACES[weight][char] for weight in Face for char in RARE)
