"""The sheet: A4 with the type area of GB/T 9704-2012, and what stands outside that area. In points."""

from tasks.briefing import text
from tasks.briefing.fonts import Face
from tasks.briefing.pen import Pen, Tone

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, TOP = 28 * MM, HEIGHT - 37 * MM
MEASURE, DEPTH = 156 * MM, 225 * MM
RIGHT, BOTTOM = LEFT + MEASURE, TOP - DEPTH

FOLIO = 14.0  # 四号
FOLIO_GAP = 7 * MM  # from the type area down to the dashes
WATERMARK: Tone = (0.94, 0.94, 0.94)


def number(pen: Pen, page: int) -> None:
    """The page number between dashes below the type area: odd pages right, even pages left, one in."""
    label = f"— {page} —"
    baseline = BOTTOM - FOLIO_GAP - FOLIO * 0.35  # the dash sits about a third of the size above it
    if page % 2:
        pen.text(RIGHT - FOLIO, baseline, label, size=FOLIO, face=Face.SONG, anchor="right")
    else:
        pen.text(LEFT + FOLIO, baseline, label, size=FOLIO, face=Face.SONG)


def watermark(pen: Pen, words: str) -> None:
    """Large pale words across the sheet; drawn first, so that everything else stays legible on them."""
    words = text.clean(words)
    size = min(96.0, 0.85 * WIDTH / max(1e-6, text.width(words, 1.0, face=Face.BOLD)))
    pen.canvas.saveState()
    pen.canvas.translate(WIDTH / 2, HEIGHT / 2)
    pen.canvas.rotate(50)
    pen.text(0, -size * 0.35, words, size=size, face=Face.BOLD, tone=WATERMARK, anchor="centre")
    pen.canvas.restoreState()
