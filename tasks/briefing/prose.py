"""Headings, paragraphs and small print as strips."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tasks.briefing import sheet, text
from tasks.briefing.flow import Draw, Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Language, Words
from tasks.briefing.origin import Printed, Term, parts_of
from tasks.briefing.pen import BLACK, GREY, Anchor, Pen, Tone

ASCENT = 0.88  # of the size: from the top of a Noto Sans SC em down to its baseline
LOOSEST = 0.2  # of the size: more than this after every character looks spaced, and the line stays ragged


@dataclass(frozen=True, slots=True)
class Style:
    """How running text is set: size, line pitch, first-line indent and white above, in points."""

    size: float
    pitch: float
    indent: float = 0.0
    face: Face = Face.PLAIN
    tone: Tone = BLACK
    anchor: Anchor = "left"
    justified: bool = False
    gap: float = 0.0


class Named(NamedTuple):
    """From where to where a line names a figure, or prints it."""

    start: int
    end: int
    code: str


# 三号 on a pitch of 28.9: 22 lines of 28 characters fill the type area (29 pt would give 21).
CHINESE_BODY = Style(15.75, 28.9, indent=31.5, justified=True, face=Face.SONG)
ENGLISH_BODY = Style(11.5, 17.5, gap=5.0)
SMALL = Style(8.5, 12.5, tone=GREY)


def body(language: Language) -> Style:
    """The style of running text."""
    return CHINESE_BODY if language == "zh-hans" else ENGLISH_BODY


def written(
    line: str, style: Style, *, left: float, measure: float, last: bool, named: Sequence[Named] = ()
) -> Draw:
    """A drawing of one line in the middle of its strip; all but the last of a paragraph fill the measure.

    What is `named` in it leads to its definition, in a line that begins at the left.
    """
    spread = 0.0
    if style.justified and not last and len(line) > 1:
        slack = measure - text.width(line, style.size, face=style.face)
        spread = slack / (len(line) - 1)
        spread = spread if 0 < spread <= LOOSEST * style.size else 0.0
    at = {"left": left, "right": left + measure, "centre": left + measure / 2}[style.anchor]

    def draw(pen: Pen, top: float, height: float) -> None:
        baseline = top - (height - style.size) / 2 - style.size * ASCENT
        pen.text(
            at,
            baseline,
            line,
            size=style.size,
            face=style.face,
            tone=style.tone,
            anchor=style.anchor,
            spread=spread,
        )
        for one in named:
            before = text.width(line[: one.start], style.size, face=style.face) + spread * one.start
            words = line[one.start : one.end]
            wide = text.width(words, style.size, face=style.face) + spread * max(0, len(words) - 1)
            pen.refer(Term(words, code=one.code), left + before, top - height, wide, height)

    return draw


def paragraph(
    words: Words, style: Style, *, space: float = 0.0, keep: bool = False, fresh: bool = False
) -> Iterator[Strip]:
    """The lines of one paragraph; neither its first nor its last line is left alone on a page."""
    parts = [(text.clean(part), _code(part)) for part in parts_of(words)]
    whole = "".join(part for part, _of in parts)
    rows = text.lines(whole, style.size, sheet.MEASURE, face=style.face, indent=style.indent)
    begin = 0
    for position, row in enumerate(rows):
        begin = whole.index(row, begin)
        indent = 0.0 if position else style.indent
        last = position == len(rows) - 1
        tied = len(rows) > 1 and position in {0, len(rows) - 2}
        yield Strip(
            style.pitch,
            written(
                row,
                style,
                left=sheet.LEFT + indent,
                measure=sheet.MEASURE - indent,
                last=last,
                named=list(_named(parts, begin, begin + len(row))),
            ),
            space=0.0 if position else max(space, style.gap),
            keep=keep or tied,
            fresh=fresh and not position,
        )
        begin += len(row)


def _code(part: str) -> str:
    """Of which figure a part is the name or the number, "" where of none."""
    if isinstance(part, Term):
        return part.code
    return part.of[0].code if isinstance(part, Printed) and part.of else ""


def _named(parts: Sequence[tuple[str, str]], begin: int, end: int) -> Iterator[Named]:
    """What of a line, from `begin` to `end` of the whole, are names and numbers of figures."""
    start = 0
    for part, code in parts:
        stop = start + len(part)
        if code and start < end and stop > begin:
            yield Named(max(start, begin) - begin, min(stop, end) - begin, code)
        start = stop


def heading(words: str, style: Style, *, anchor: str, level: int, fresh: bool = False) -> Iterator[Strip]:
    """A heading that stays with what follows, with its bookmark under `anchor`."""
    face = Face.KAI if level else Face.BOLD
    larger = Style(style.size, style.pitch, style.indent, face=face)
    space = style.pitch * (0.5 if level == 0 else 0.25)
    for position, strip in enumerate(paragraph(words, larger, space=space, keep=True, fresh=fresh)):
        yield strip if position else bookmarked(strip, words, anchor=anchor, level=level)


def bookmarked(strip: Strip, words: str, *, anchor: str, level: int) -> Strip:
    """The strip, with an entry in the reader's outline that leads to its top."""

    def draw(pen: Pen, top: float, height: float) -> None:
        pen.canvas.bookmarkHorizontalAbsolute(anchor, top + 6)
        pen.canvas.addOutlineEntry(text.clean(words), anchor, level=level)
        strip.draw(pen, top, height)

    return Strip(strip.height, draw, space=strip.space, keep=strip.keep, fresh=strip.fresh)
