"""Text as it is set: cleaned, measured and broken into lines. Texts are plain; nothing in them is markup.

Lengths are points. Lines break between Chinese characters and between words, never inside a number or a
word that fits a line, nor between a figure and its counting word; they keep
避头尾: closing marks do not begin a line and opening marks do not end one.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby

from tasks.briefing import fonts
from tasks.briefing.fonts import Face

# Marks that may not begin a line: closing brackets, stops, and what belongs to the sign before it.
NOT_FIRST = frozenset("!),.:;?]}、。，．：；？！）》」』】〕〗〉〞’”…—·‧％‰℃°′″々～·％﹞﹜﹚%")
# Marks that may not end a line: opening brackets and signs that belong to what follows.
NOT_LAST = frozenset("([{（《「『【〔〖〈〝‘“￥¥$£€＄＃#№")
COUNTED = frozenset("年月日时亿万千元家户笔个只条期次倍份人号")  # stay with the figure before them
HAIR = 0.01  # forgives the rounding of sums
KEPT = "CNY "  # stays with the amount behind it
DOUBLED = frozenset("…—")  # two make one sign: never parted
FIRST_WIDE = 0x2E80  # from here on (radicals, kana, ideographs, full-width forms) every character is a word
SIGNS_THAT_PART = frozenset(" -–/\\&|=_@")  # after these a word may go on in the next line, a number may not


def clean(text: str) -> str:
    """One line of printable characters: white space becomes spaces, controls and format signs go.

    Bidirectional controls and variation selectors go too: they could reorder or hide what stands beside
    them. What no font draws becomes its code point in 〔〕.
    """
    return text if text.isascii() and text.isprintable() else "".join(_cleaned(text))


def _cleaned(text: str) -> Iterator[str]:
    """Pieces of `clean`; neighbours without a glyph share one pair of brackets."""
    known = fonts.FACES[Face.PLAIN]
    kept = (char for char in map(_plain, text) if char)
    for drawn, chars in groupby(kept, key=lambda char: bool(known[char])):
        yield ("".join if drawn else _code_points)(chars)


def _code_points(chars: Iterable[str]) -> str:
    """What stands for characters that no font draws."""
    return "〔" + " ".join(f"U+{ord(char):04X}" for char in chars) + "〕"


@cache
def _plain(char: str) -> str:
    """The character, a space in place of white space, or nothing in place of an invisible sign."""
    category = unicodedata.category(char)
    if char in "\t\n\r\v\f" or category in {"Zl", "Zp"} or (category == "Zs" and char != "　"):
        return " "
    selector = 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF
    return "" if selector or category in {"Cc", "Cf", "Cs"} else char


def width(text: str, size: float, *, face: Face = Face.PLAIN) -> float:
    """How wide a cleaned text is, without extra spacing."""
    return sum(map(fonts.ADVANCES[face].__getitem__, text)) * size / 1000


def runs(text: str, *, face: Face = Face.PLAIN) -> list[tuple[str, str]]:
    """Split a cleaned text into (font name, piece): one piece unless a rare character comes up."""
    faces = fonts.FACES[face]
    return [(name, "".join(piece)) for name, piece in groupby(text, key=faces.__getitem__)]


@cache
def may_part(before: str, after: str) -> bool:
    """Whether a line may end between two neighbouring characters."""
    if after in NOT_FIRST or before in NOT_LAST or after == " " or (before.isdigit() and after in COUNTED):
        return False
    if ord(before) >= FIRST_WIDE or ord(after) >= FIRST_WIDE or before == " ":
        return True
    return (before in SIGNS_THAT_PART and not after.isdigit()) or (before in DOUBLED and after not in DOUBLED)


def lines(
    text: str, size: float, measure: float, *, face: Face = Face.PLAIN, indent: float = 0.0
) -> list[str]:
    """Break a cleaned text into lines no wider than `measure`; the first is shorter by `indent`.

    A word wider than a line is broken where it must. There is always one line, if only an empty one.
    """
    if width(text, size, face=face) <= measure - indent:
        return [text.rstrip(" ")]
    return list(_broken(text, size, measure, indent, face))


def even(text: str, size: float, measure: float, *, face: Face = Face.PLAIN) -> list[str]:
    """As `lines`, on no more of them, and of about one length."""
    count = len(lines(text, size, measure, face=face))
    if count == 1:
        return lines(text, size, measure, face=face)
    narrow = max(width(text, size, face=face) / count, unbroken(text, face=face) * size + HAIR)
    while narrow < measure and len(lines(text, size, narrow, face=face)) > count:
        narrow += size / 4
    return lines(text, size, min(narrow, measure), face=face)


def unbroken(text: str, *, face: Face = Face.PLAIN) -> float:
    """How wide the widest piece is that no line breaks, in sizes."""
    advances, widest, filled, before = fonts.ADVANCES[face], 0.0, 0.0, ""
    for char in text:
        if before and may_part(before, char):
            widest, filled = max(widest, filled), 0.0
        filled, before = filled + (advances[char] if char != " " else 0.0), char
    return max(widest, filled) / 1000


def _broken(text: str, size: float, measure: float, indent: float, face: Face) -> Iterator[str]:
    """Fill each line, then step back to the last place where it may part."""
    advances = fonts.ADVANCES[face]
    room, filled, start, part = measure - indent, 0.0, 0, 0
    position = 0
    while position < len(text):
        char = text[position]
        if (
            position > start
            and may_part(text[position - 1], char)
            and text[max(0, position - 4) : position] != KEPT
        ):
            part = position
        filled += advances[char] * size / 1000
        if filled > room and char != " " and position > start:
            end = part if part > start else position
            yield text[start:end].rstrip(" ")
            start = position = end
            room, filled = measure, 0.0
            continue
        position += 1
    yield text[start:].strip(" ")


def shortened(text: str, size: float, measure: float, *, face: Face = Face.PLAIN) -> str:
    """The text, or as much of its beginning as fits with an ellipsis: for places that cannot grow."""
    if width(text, size, face=face) <= measure:
        return text
    while text and width(text + "…", size, face=face) > measure:
        text = text[:-1]
    return text + "…"


def at_most(
    count: int, rows: list[str], size: float, measure: float, *, face: Face = Face.PLAIN
) -> list[str]:
    """The lines, or the first of them with an ellipsis in the last: for places that cannot grow."""
    if len(rows) <= count:
        return rows
    return [*rows[: count - 1], shortened("".join(rows[count - 1 :])[:200], size, measure, face=face)]
