"""Set one issue as a PDF: A4, the type area of GB/T 9704, every font embedded, the same bytes every time."""

import io
from collections.abc import Iterator
from threading import Lock

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from tasks.briefing import charts, colophon, flow, fonts, front, links, prose, sheet, tables, wording
from tasks.briefing.flow import Strip
from tasks.briefing.layout import Block, Chart, Issue, Section, Subheading, Table
from tasks.briefing.pen import Pen
from tasks.briefing.prose import Style
from tasks.briefing.wording import Wording

# A registered font is read through one file position while it is cut for a document.
ONE_AT_A_TIME = Lock()
BELOW_SMALL_PRINT = 8.0  # white between the small print of a table or chart and running text
DEFINITIONS = "definitions"  # the anchor of the section to which names of figures lead
rl_config.useA85 = 0  # streams stay binary: a fifth smaller, and faster, than wrapped in ASCII


def render(issue: Issue) -> bytes:
    """The PDF of an issue. The same issue gives the same bytes in any process, zone and locale.

    Raises `MisfitError` where content cannot be set, for instance a distribution list longer than a page.
    """
    words = wording.of(issue.language)
    file = io.BytesIO()
    with ONE_AT_A_TIME:
        for name in (fonts.REGULAR, fonts.BOLD, fonts.SONG, fonts.TITLE, fonts.KAI):
            fonts.registered(name)
        canvas = Canvas(
            file,
            pagesize=(sheet.WIDTH, sheet.HEIGHT),
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.REGULAR,
            lang=words.tag,
        )
        _describe(canvas, issue, words)
        pen = Pen(canvas, defined=defined(issue))
        flow.pour(strips(issue, words), flow.Pages(pen, mark=issue.watermark))
        canvas.save()
    return file.getvalue()


def strips(issue: Issue, words: Wording) -> Iterator[Strip]:
    """The whole issue from masthead to colophon."""
    yield from front.strips(issue, words)
    for position, section in enumerate(issue.sections):
        yield from _section(section, position + 1, prose.body(issue.language), words)
    yield from colophon.strips(issue.colophon, words)


def defined(issue: Issue) -> frozenset[str]:
    """The codes that the section of definitions defines: each in the row that begins with its name."""
    sections = (section for section in issue.sections if section.anchor == DEFINITIONS)
    tables_there = (block for section in sections for block in section.blocks if isinstance(block, Table))
    return frozenset(code for table in tables_there for code in links.codes(table))


def _section(section: Section, number: int, style: Style, words: Wording) -> Iterator[Strip]:
    """A numbered heading and its blocks."""
    title = words.section(number) + section.heading
    yield from prose.heading(title, style, anchor=section.anchor, level=0, fresh=section.new_page)
    second, before = 0, None
    for block in section.blocks:
        if isinstance(block, Subheading):
            second += 1
            title = words.subsection(second) + block.text
            yield from prose.heading(title, style, anchor=f"{section.anchor}-{second}", level=1)
        else:
            below = BELOW_SMALL_PRINT if isinstance(before, Table | Chart) else 0.0
            yield from _block(block, style, words, space=below, defines=section.anchor == DEFINITIONS)
        before = block


def _block(block: Block, style: Style, words: Wording, *, space: float, defines: bool) -> Iterator[Strip]:
    """One paragraph, with white above it, table or chart."""
    match block:
        case Table():
            return tables.strips(block, words, defines=defines)
        case Chart():
            return charts.strips(block, words)
        case _:
            return prose.paragraph(block.text, style, space=space)


def _describe(canvas: Canvas, issue: Issue, words: Wording) -> None:
    """What a reader shows as the document's properties; the fingerprint is there in full."""
    canvas.setTitle(f"{issue.series} {front.number_line(issue, words)} {issue.title}")
    canvas.setAuthor(issue.unit_name)
    canvas.setSubject(f"{issue.month_label} {words.snapshot}{issue.colophon.snapshot_no}")
    canvas.setKeywords(issue.colophon.fingerprint)
    canvas.setCreator(f"finance_hub ({fonts.STAND_INS})")
    if issue.dated:
        stamp = f"D:{issue.dated:%Y%m%d}"
        canvas.setDateFormatter(lambda *_clock: stamp)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.showOutline()
