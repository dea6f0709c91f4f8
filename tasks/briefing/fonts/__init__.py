"""The briefing's own fonts: registered once a process, tried in a fixed order for every character.

The faces are cut to the characters of an office; Rare holds the other ideographs. A character
that none of them draws prints as its code point, 〔U+1F600〕: visible, searchable and unambiguous,
where a blank would hide part of a name. `build` makes the files; `OFL.txt` is their licence.
"""

import gzip
import io
from enum import StrEnum
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

HERE = Path(__file__).parent
REGULAR, BOLD, RARE = "NotoSansSC-Regular", "NotoSansSC-Bold", "NotoSansSC-Rare"
SONG, TITLE, KAI = "NotoSerifSC-Regular", "NotoSerifSC-Bold", "OfficeKai-Regular"


class Face(StrEnum):
    """What a text is set in, by what it is; what each stands in for in GB/T 9704 is said beside it."""

    PLAIN = "plain"  # tables and charts
    BOLD = "bold"  # 黑体: headings of the first level
    SONG = "song"  # 仿宋 of running text, 宋体 of page numbers
    TITLE = "title"  # 小标宋
    KAI = "kai"  # 楷体: headings of the second level


ORDER = {
    Face.PLAIN: (REGULAR, RARE),
    Face.BOLD: (BOLD, REGULAR, RARE),
    Face.SONG: (SONG, REGULAR, RARE),
    Face.TITLE: (TITLE, SONG, REGULAR, RARE),
    Face.KAI: (KAI, SONG, REGULAR, RARE),
}
STAND_INS = "小标宋: Noto Serif SC Bold; 仿宋: Noto Serif SC; 楷体: LXGW WenKai; 黑体: Noto Sans SC Bold"
ENTRIES_A_BLOCK = 100  # PDF 32000-1, 9.10.3: at most 100 mappings between beginbfchar and endbfchar


def unicode_map(font_name: str, subset: list[int]) -> str:
    """The ToUnicode map of one font subset, in UTF-16BE.

    It replaces reportlab's own, which writes code points beyond U+FFFF as five hexadecimal digits:
    they print right and can be neither searched nor copied.
    """
    mapped = ((code, chr(char)) for code, char in enumerate(subset) if char)
    pairs = [f"<{code:02X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in mapped]
    blocks = [pairs[start : start + ENTRIES_A_BLOCK] for start in range(0, len(pairs), ENTRIES_A_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@cache
def registered(name: str) -> ttfonts.TTFont:
    """The font, parsed and made known to reportlab on first use."""
    ttfonts.makeToUnicodeCMap = unicode_map
    file: io.BytesIO | str = str(HERE / f"{name}.ttf")
    if name == RARE:
        file = io.BytesIO(gzip.decompress((HERE / f"{name}.ttf.gz").read_bytes()))
    font = ttfonts.TTFont(name, file, asciiReadable=1, shapable=False)
    pdfmetrics.registerFont(font)
    return font


class Faces(dict[str, str]):
    """Character → name of the first font that draws it, "" if none does. Filled as characters come."""

    def __init__(self, face: Face) -> None:
        """For texts in one face."""
        self.order = ORDER[face]

    def __missing__(self, char: str) -> str:
        """Look through the fonts once; Rare is not even opened for a character of Regular."""
        drawn = (name for name in self.order if ord(char) in registered(name).face.charToGlyph)
        self[char] = next(drawn, "")
        return self[char]


class Advances(dict[str, float]):
    """Character → its width in thousandths of the font size."""

    def __init__(self, faces: Faces) -> None:
        """Of the fonts that `faces` chooses."""
        self.faces = faces

    def __missing__(self, char: str) -> float:
        """Ask the font once."""
        face = registered(self.faces[char] or REGULAR).face
        self[char] = float(face.charWidths.get(ord(char), face.defaultWidth))
        return self[char]


FACES = {face: Faces(face) for face in Face}
ADVANCES = {face: Advances(FACES[face]) for face in Face}
