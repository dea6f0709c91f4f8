"""The end of the issue: notes, then 报尾 at the foot of the last page with what proves the figures."""

from collections.abc import Iterator

import segno

from tasks.briefing import prose, sheet, text
from tasks.briefing.flow import Strip
from tasks.briefing.layout import Colophon, MisfitError
from tasks.briefing.pen import BLACK, GREY, Pen
from tasks.briefing.wording import Wording

THICK, THIN = 0.35 * sheet.MM, 0.25 * sheet.MM
SIZE, PITCH = 12.0, 18.0
SMALL_PITCH = 12.5
CODE = 18 * sheet.MM
PREFIX = 16


def strips(colophon: Colophon, words: Wording) -> Iterator[Strip]:
    """The notes in small print, and the closing block on the bottom edge of the type area."""
    for position, note in enumerate(colophon.notes):
        yield from prose.paragraph(note, prose.SMALL, space=0.0 if position else 14.0, keep=True)
    yield _closing(colophon, words)


def proof_lines(colophon: Colophon, words: Wording) -> list[str]:
    """Which data the issue was made of, and when."""
    prefix = colophon.fingerprint[:PREFIX]
    groups = " ".join(prefix[start : start + 4] for start in range(0, len(prefix), 4))
    said = (
        words.snapshot + colophon.snapshot_no,
        words.fingerprint + groups,
        colophon.as_of_label,
        colophon.generated_label,
    )
    return [text.clean(line) for line in said if line]


def _closing(colophon: Colophon, words: Wording) -> Strip:
    """Distribution between rules, then the proof, with a code to scan if there is something to look up."""
    copies = text.clean(colophon.copies)
    measure = sheet.MEASURE - 2 * SIZE
    rows = [row for line in colophon.distribution for row in text.lines(text.clean(line), SIZE, measure)]
    if rows and copies and text.width(rows[-1] + copies, SIZE) > measure - SIZE:
        rows.append("")
    rows = rows or ([""] if copies else [])
    upper = len(rows) * PITCH + (10.0 if rows else 0.0)
    room = sheet.MEASURE - (CODE + 12 if colophon.verify_text else 0.0)
    proof = [row for line in proof_lines(colophon, words) for row in text.lines(line, 8.5, room)]
    lower = max(len(proof) * SMALL_PITCH + 10, CODE + 14 if colophon.verify_text else 0.0)
    if upper + lower > sheet.DEPTH:
        raise MisfitError("the distribution list is longer than a page")

    def draw(pen: Pen, top: float, height: float) -> None:
        _rule(pen, top, THICK)
        baseline = top
        for position, row in enumerate(rows):
            baseline = top - 4 - (position + 0.72) * PITCH
            pen.text(sheet.LEFT + SIZE, baseline, row, size=SIZE)
        pen.text(sheet.RIGHT - SIZE, baseline, copies, size=SIZE, anchor="right")
        if rows:
            _rule(pen, top - upper, THIN)
        for position, row in enumerate(proof):
            y = top - upper - 5 - (position + 0.75) * SMALL_PITCH
            pen.text(sheet.LEFT, y, row, size=8.5, tone=GREY)
        if colophon.verify_text:
            _code(pen, colophon.verify_text, sheet.RIGHT - CODE, top - height + 7)
        _rule(pen, top - height, THICK)

    return Strip(upper + lower, draw, space=18.0, sink=True)


def _rule(pen: Pen, y: float, width: float) -> None:
    """A rule across the measure."""
    pen.line(sheet.LEFT, y, sheet.RIGHT, y, width=width)


def _code(pen: Pen, words: str, left: float, bottom: float) -> None:
    """A QR code of the words, drawn as runs of dark squares."""
    matrix = segno.make(words, error="m", micro=False).matrix
    side = CODE / len(matrix)
    for down, row in enumerate(matrix):
        for start, length in _dark_runs(bytes(row)):
            y = bottom + CODE - (down + 1) * side
            pen.box(left + start * side, y, length * side, side, fill=BLACK)


def _dark_runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Start and length of every run of dark squares."""
    start = 0
    while (start := row.find(1, start)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        yield start, end - start
        start = end
