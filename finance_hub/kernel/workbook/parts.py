"""The XML parts of a workbook, looked through before a reader of workbooks opens the file.

Two things are looked for: what a report has no use for and an attacker has (macros, links to
elsewhere, document types), and what the reader does not tell: errors and formulas without a value,
which it shows as empty cells, and percentages, which it shows a hundredth as large.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.parsers import expat
from zipfile import ZipInfo

from finance_hub.kernel.workbook.archive import Archive
from finance_hub.kernel.workbook.odd_cells import Oddities, SheetWalk
from finance_hub.kernel.workbook.refused import Refused

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_MACROS = re.compile(
    r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|macrosheets/.*|dialogsheets/.*)$", re.IGNORECASE
)
_LINKS = re.compile(r"^xl/(externallinks/|connections\.xml$|querytables/|webextensions/)", re.IGNORECASE)
#: Number formats that show a hundredth as a percentage, as Excel numbers its own.
_PERCENT = {"9", "10"}

Attributes = dict[str, str]


class Sheet(NamedTuple):
    """A sheet of the workbook as people see it, with what is odd in it."""

    name: str
    oddities: Oddities


class _Walk:
    """Told of every element of a part, by its name without a prefix."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""


def sheets(archive: Archive) -> list[Sheet]:
    """Its visible worksheets in their order. Looks into every part of the archive. Raises Refused."""
    for entry in archive.entries:
        _require_harmless(entry.filename)
    types, styles, book, links = _Types(), _Styles(), _Book(), _Relations()
    known = {
        "[content_types].xml": types,
        "xl/styles.xml": styles,
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": links,
    }
    later: list[ZipInfo] = []
    for entry in archive.entries:
        name = entry.filename.lower()
        if _SHEET.fullmatch(name):
            later.append(entry)  # it names styles, which are to be known first
        elif name.endswith(".rels"):
            _walk(archive.pieces(entry), links if name in known else _Relations())
        elif name.endswith(".xml"):
            _walk(archive.pieces(entry), known.get(name, _Walk()))
        else:
            for _ in archive.pieces(entry):
                pass  # unpacked once, so that its size and its beginning are seen
    if not types.is_workbook:
        raise Refused("macros" if types.has_macros else "not-a-workbook")
    odd = {entry.filename.lower(): _odd_cells(archive, entry, styles.percentages()) for entry in later}
    return [Sheet(name, odd[part]) for name, part in book.placed(links.targets) if part in odd]


def _require_harmless(name: str) -> None:
    if _MACROS.search(name):
        raise Refused("macros")
    if _LINKS.search(name):
        raise Refused("external-links")


def _odd_cells(archive: Archive, entry: ZipInfo, percentages: frozenset[str]) -> Oddities:
    walk = SheetWalk(percentages=percentages)
    parser = _parser()
    walk.attach(parser)
    _feed(parser, archive.pieces(entry))
    return walk.found


def _walk(pieces: Iterator[bytes], walk: _Walk) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: walk.start(name.rpartition(":")[2], attributes)
    _feed(parser, pieces)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_document_type
    return parser


def _feed(parser: expat.XMLParserType, pieces: Iterator[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise Refused("memory") from error
        raise Refused("damaged") from error


def _no_document_type(*_declared: Any) -> None:
    """Entities that unfold without end are declared in a document type, and no workbook has one."""
    raise Refused("document-type")


class _Types(_Walk):
    """What the archive says it is."""

    def __init__(self) -> None:
        self.is_workbook = self.has_macros = False

    def start(self, name: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "")
        self.is_workbook = self.is_workbook or kind == _MAIN
        self.has_macros = self.has_macros or "macroEnabled" in kind or "vbaProject" in kind
        if self.has_macros:
            raise Refused("macros")


class _Relations(_Walk):
    """Where one part points to. A hyperlink in a cell is harmless, as nothing follows it."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            raise Refused("external-links")
        self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Book(_Walk):
    """The sheets in their order; hidden ones are nothing that people mean to report."""

    def __init__(self) -> None:
        self._sheets: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name != "sheet" or attributes.get("state", "visible") != "visible":
            return
        relation = next((value for at, value in attributes.items() if at.endswith(":id")), "")
        self._sheets.append((attributes.get("name", ""), relation))

    def placed(self, targets: dict[str, str]) -> Iterator[tuple[str, str]]:
        """(name, part in lower case) of each."""
        for name, relation in self._sheets:
            part = posixpath.normpath(posixpath.join("/xl", targets.get(relation, "")))
            yield name, part.lstrip("/").lower()


class _Styles(_Walk):
    """Which cell styles show percentages."""

    def __init__(self) -> None:
        self._percent = set(_PERCENT)
        self._within_cells = False
        self._formats: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            self._percent.add(attributes.get("numFmtId", ""))
        elif name in {"cellXfs", "cellStyleXfs", "cellStyles"}:
            self._within_cells = name == "cellXfs"
        elif name == "xf" and self._within_cells:
            self._formats.append(attributes.get("numFmtId", "0"))

    def percentages(self) -> frozenset[str]:
        """The numbers by which cells name these styles."""
        return frozenset(str(at) for at, format in enumerate(self._formats) if format in self._percent)
