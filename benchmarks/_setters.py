"""The same issue set by others: typst from a source of its own kind, WeasyPrint from HTML.

Both get our fonts, our sizes and our drawings (as SVG), and are warm: fonts found and style sheets read before.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import typst

from tasks.briefing import fonts, sheet, vector
from tasks.briefing.layout import Align, Chart, Issue, Paragraph, Subheading, Table
from tasks.briefing.origin import plain

Setter = Callable[[Issue], bytes]
FACES = {"SC": (fonts.REGULAR, fonts.BOLD), "Song": (fonts.SONG, fonts.TITLE)}
TYPST_ALIGN: dict[Align, str] = {"left": "left", "right": "right", "centre": "center"}
TYPST = """
#set page(width: 210mm, height: 297mm, margin: (left: 28mm, right: 26mm, top: 37mm, bottom: 35mm),
          numbering: "— 1 —")
#set text(font: ("Noto Sans SC", "Noto Sans SC Rare"), size: 10.5pt, lang: "zh")
#set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 13pt)
#let body(words) = text(font: "Noto Serif SC", size: 15.75pt, par(words))
#let chapter(words) = block(text(size: 15.75pt, weight: "bold", words))
#let tile(..lines) = block(fill: luma(242), inset: 6pt, width: 100%, stack(spacing: 4pt, ..lines))
#set table(stroke: (_, y) => (bottom: 0.3pt + luma(200)), inset: 4pt)
#show table: set par(first-line-indent: 0pt, leading: 4pt, justify: false)
"""
STYLE = """
@page { size: 210mm 297mm; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —" } }
body { font: 10.5pt SC, Rare; margin: 0 }
p { font: 15.75pt/28.9pt Song; text-indent: 2em; text-align: justify; margin: 0 }
h1 { font: 700 22pt/30pt Song; text-align: center } h2 { font: 700 15.75pt/28.9pt SC }
table { width: 100%; border-collapse: collapse } td, th { padding: 2pt 4pt; border-bottom: 0.3pt solid #ccc }
.left { text-align: left } .right { text-align: right } .centre { text-align: center }
.tiles td { background: #f1f2f5; width: 33% } figure { margin: 0; break-inside: avoid } svg { width: 100% }
"""


def by_typst() -> Setter:
    """A compiler with our fonts."""
    compiler = typst.Compiler(font_paths=typst.Fonts(False, False, [_font_folder()]))

    def set_issue(issue: Issue) -> bytes:
        made = compiler.compile("\n".join(_typst(issue)).encode(), format="pdf", pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    return set_issue


def by_weasyprint() -> Setter:
    """A style sheet with our fonts, read once. Raises OSError where the machine has no Pango."""
    import weasyprint  # type: ignore[import-untyped]
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]

    folder, known = _font_folder(), FontConfiguration()
    faces = [
        f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url(file://{folder}/{name}.ttf) }}"
        for family, names in {**FACES, "Rare": (fonts.RARE,)}.items()
        for weight, name in zip((400, 700), names, strict=False)
    ]
    css = weasyprint.CSS(string="\n".join(faces) + STYLE, font_config=known)

    def set_issue(issue: Issue) -> bytes:
        page = weasyprint.HTML(string="".join(_html(issue)))
        made = page.write_pdf(stylesheets=[css], font_config=known, pdf_tags=False)
        assert isinstance(made, bytes)
        return made

    return set_issue


def _font_folder() -> Path:
    """Our fonts, the rare characters unpacked."""
    folder = Path(tempfile.mkdtemp(prefix="setters-"))
    for name in (*FACES["SC"], *FACES["Song"]):
        (folder / f"{name}.ttf").symlink_to(fonts.HERE / f"{name}.ttf")
    rare = (fonts.HERE / f"{fonts.RARE}.ttf.gz").read_bytes()
    (folder / f"{fonts.RARE}.ttf").write_bytes(gzip.decompress(rare))
    return folder


def _typst(issue: Issue) -> Iterator[str]:
    """The issue in typst's own language; every text is a string, so that nothing in it is markup."""
    yield TYPST
    yield f"#align(center, text(size: 22pt, weight: 700, font: {_q('Noto Serif SC')}, {_q(issue.title)}))"
    tiles = (
        f"tile({_q(t.label)}, text(size: 20pt, {_q(t.value + t.unit)}), {_q(plain(t.change_labels[0]))})"
        for t in issue.tiles
    )
    yield f"#grid(columns: (1fr,) * 3, gutter: 8pt, {', '.join(tiles)})"
    yield from (f"#body({_q(plain(point))})" for point in issue.key_points)
    for section in issue.sections:
        yield f"#chapter({_q(section.heading)})"
        for block in section.blocks:
            match block:
                case Paragraph() | Subheading():
                    yield f"#body({_q(plain(block.text))})"
                case Chart():
                    drawn = _q(vector.drawn(block, language=issue.language))
                    yield f"#block(breakable: false)[#strong({_q(plain(block.finding))}) "
                    yield f'#image(bytes({drawn}), format: "svg", width: {sheet.MEASURE:.1f}pt)]'
                case Table():
                    yield _typst_table(block)


def _typst_table(table: Table) -> str:
    widths = ", ".join("auto" if column.weight == 1 else f"{column.weight}fr" for column in table.columns)
    aligned = ", ".join(TYPST_ALIGN[column.align] for column in table.columns)
    heads = ", ".join(f"strong({_q(column.heading)})" for column in table.columns)
    cells = ", ".join(_q(plain(cell)) for row in table.rows for cell in row)
    return f"#table(columns: ({widths}), align: ({aligned}), table.header({heads}), {cells})"


def _q(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _html(issue: Issue) -> Iterator[str]:
    yield f"<html lang={issue.language}><title>{escape(issue.title)}</title><h1>{escape(issue.title)}</h1>"
    yield "<table class=tiles>"
    for position, tile in enumerate(issue.tiles):
        yield "<tr>" if position % 3 == 0 else ""
        yield f"<td>{escape(tile.label)}<br><b>{escape(tile.value + tile.unit)}</b><br>{escape(plain(tile.change_labels[0]))}"
    yield "</table>"
    yield from (f"<p>{escape(plain(point))}" for point in issue.key_points)
    for section in issue.sections:
        yield f"<h2>{escape(section.heading)}</h2>"
        for block in section.blocks:
            match block:
                case Paragraph() | Subheading():
                    yield f"<p>{escape(plain(block.text))}"
                case Chart():
                    drawn = vector.drawn(block, language=issue.language)
                    yield f"<figure><b>{escape(plain(block.finding))}</b>{drawn}</figure>"
                case Table():
                    yield from _html_table(block)


def _html_table(table: Table) -> Iterator[str]:
    yield "<table><thead><tr>"
    yield from (f"<th class={column.align}>{escape(column.heading)}" for column in table.columns)
    yield "<tbody>"
    for row in table.rows:
        yield "<tr>"
        for column, cell in zip(table.columns, row, strict=True):
            yield f"<td class={column.align}>{escape(plain(cell))}"
    yield "</table>"
