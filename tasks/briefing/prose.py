"""Headings, paragraphs and small print as strips."""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.briefing import sheet, text
from tasks.briefing.flow import Draw, Strip
from tasks.briefing.fonts import Face
from tasks.briefing.layout import Language
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


# 三号 on a pitch of 28.9: 22 lines of 28 characters fill the type area (29 pt would give 21).
CHINESE_BODY = Style(15.75, 28.9, indent=31.5, justified=True, face=Face.SONG)
ENGLISH_BODY = Style(11.5, 17.5, gap=5.0)
SMALL = Style(8.5, 12.5, tone=GREY)


def body(language: Language) -> Style:
    """The style of running text."""
    return CHINESE_BODY if language == "zh-hans" else ENGLISH_BODY


def written(line: str, style: Style, *, left: float, measure: float, last: bool) -> Draw:
    """A drawing of one line in the middle of its strip; all but the last of a paragraph fill the measure."""
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

    return draw


def paragraph(
    words: str, style: Style, *, space: float = 0.0, keep: bool = False, fresh: bool = False
) -> Iterator[Strip]:
    """The lines of one paragraph; neither its first nor its last line is left alone on a page."""
    rows = text.lines(text.clean(words), style.size, sheet.MEASURE, face=style.face, indent=style.indent)
    for position, row in enumerate(rows):
        indent = 0.0 if position else style.indent
        last = position == len(rows) - 1
        tied = len(rows) > 1 and position in {0, len(rows) - 2}
        yield Strip(
            style.pitch,
            written(row, style, left=sheet.LEFT + indent, measure=sheet.MEASURE - indent, last=last),
            space=0.0 if position else max(space, style.gap),
            keep=keep or tied,
            fresh=fresh and not position,
        )


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
