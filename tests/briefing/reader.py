"""Read a PDF back without outside tools: what is written where, in which font, and what is ruled.

Text goes through each font's own ToUnicode map and widths, as a viewer's search and copy do.
"""

import io
import re
from dataclasses import dataclass, field

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Run:
    """A piece of text: its characters, baseline start, advance (points) and size."""

    text: str
    x: float
    y: float
    width: float
    size: float
    font: str
    upright: bool


@dataclass
class Sheet:
    """One page: runs of text in drawing order, and the points that lines and shapes touch."""

    runs: list[Run] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything written, line by line in drawing order."""
        return "\n".join(row for row in self.rows())

    def rows(self) -> list[str]:
        """Runs that follow each other on a baseline, joined."""
        rows: list[str] = []
        last: float | None = None
        for run in self.runs:
            if last is not None and abs(run.y - last) < 0.01:
                rows[-1] += run.text
            else:
                rows.append(run.text)
            last = run.y
        return rows


def times(a: Matrix, b: Matrix) -> Matrix:
    """a then b, as in PDF: [a] × [b]."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def unicode_of(font: pikepdf.Object) -> dict[int, str]:
    """Code → text of a simple font, from its ToUnicode map."""
    source = font.ToUnicode.read_bytes().decode("ascii")
    pairs = re.findall(r"^<([0-9A-F]{2})> <((?:[0-9A-F]{4})+)>$", source, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}


def widths_of(font: pikepdf.Object) -> list[float]:
    """Code → advance in thousandths."""
    return [float(width) for width in font.Widths]


def opened(content: bytes) -> pikepdf.Pdf:
    """The document."""
    return pikepdf.open(io.BytesIO(content))


def sheets(content: bytes) -> list[Sheet]:
    """Every page, read."""
    with opened(content) as pdf:
        return [read_page(page) for page in pdf.pages]


def text(content: bytes) -> str:
    """The whole text."""
    return "\n".join(sheet.text for sheet in sheets(content))


def read_page(page: pikepdf.Page) -> Sheet:
    """Follow the operators of one page."""
    fonts = {
        name: (unicode_of(font), widths_of(font), str(font.BaseFont))
        for name, font in page.resources.Font.items()
    }
    sheet, stack, ctm, tm = Sheet(), [], IDENTITY, IDENTITY
    font, size, spread = "", 0.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                stack.append(ctm)
            case "Q":
                ctm = stack.pop()
            case "cm":
                ctm = times(tuple(map(float, operands)), ctm)  # type: ignore[arg-type]
            case "BT":
                tm = IDENTITY
            case "Tm":
                tm = tuple(map(float, operands))  # type: ignore[assignment]
            case "Tf":
                font, size = str(operands[0]), float(operands[1])
            case "Tc":
                spread = float(operands[0])
            case "Tj":
                codes = bytes(operands[0])
                names, widths, base = fonts[font]
                advance = sum(widths[code] * size / 1000 + spread for code in codes)
                at = times(tm, ctm)
                said = "".join(names[code] for code in codes)
                inked = advance - spread  # the space after the last character is not part of the text
                sheet.runs.append(Run(said, at[4], at[5], inked, size, base, at[1] == 0))
                tm = times((1, 0, 0, 1, advance, 0), tm)
            case "m" | "l":
                sheet.points.append(placed(ctm, float(operands[0]), float(operands[1])))
            case "c":
                sheet.points.append(placed(ctm, float(operands[4]), float(operands[5])))
            case "re":
                x, y, width, height = map(float, operands)
                sheet.points += [placed(ctm, x, y), placed(ctm, x + width, y + height)]
    return sheet


def placed(ctm: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point on the page."""
    at = times((1, 0, 0, 1, x, y), ctm)
    return at[4], at[5]
