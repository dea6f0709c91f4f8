"""Collect the product's sentences and compile their Chinese wording, without system gettext.

`python -m finance_hub.web.messages` rewrites `django.po` (new sentences come in untranslated,
vanished ones leave) and compiles `django.mo` beside it. Both are committed, so that a machine
that only runs the product needs neither this module nor Babel.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
PO = FOLDER / "django.po"
MO = FOLDER / "django.mo"
SOURCES = ("finance_hub", "funds", "loans", "listings", "tasks")

# Dates would make every rewriting a change, and say nothing that git does not.
HEADER = """\
# The product's Chinese wording; written by finance_hub.web.messages.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
STILL = datetime(2026, 1, 1, tzinfo=UTC)

# Django's names for gettext: which arguments are the sentence, its plural and its context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def files() -> Iterator[Path]:
    """The Python files and templates that may hold sentences, in a stable order."""
    for source in SOURCES:
        yield from sorted((ROOT / source).rglob("*.py"))
        yield from sorted((ROOT / source).rglob("templates/**/*.html"))


def collected() -> Catalog:
    """Every sentence in the sources, untranslated."""
    catalog = Catalog(locale="zh_Hans", project="finance_hub", charset="utf-8", fuzzy=False)
    for path in files():
        source = BytesIO(_python_of(path).encode())
        for _line, message, _comments, context in extract("python", source, KEYWORDS):
            catalog.add(message, context=context)
    return catalog


def _python_of(path: Path) -> str:
    """A template as the calls that mark its sentences; noise between them stays on its line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())


def translated(path: Path = PO) -> Catalog:
    """The committed wording."""
    with path.open("rb") as file:
        catalog = read_po(file, locale="zh_Hans", charset="utf-8", abort_invalid=True)
    catalog.creation_date = catalog.revision_date = STILL
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The bytes of `django.mo` for this wording."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Sentences without wording, or with a guess that nobody has confirmed."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not all(_wordings(message.string)))
    ]


def _wordings(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def rewrite() -> Catalog:
    """Bring `django.po` up to the sources and `django.mo` up to `django.po`."""
    catalog = translated() if PO.exists() else Catalog(locale="zh_Hans", project="finance_hub")
    catalog.update(collected(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_text(written(catalog), encoding="utf-8")
    MO.write_bytes(compiled(translated()))
    return catalog


def written(catalog: Catalog) -> str:
    """The text of `django.po` for this wording, sorted by sentence."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    return HEADER + buffer.getvalue().decode()


def main() -> int:
    """Rewrite both files; 1 if sentences still want a wording, which are then listed."""
    missing = untranslated(rewrite())
    for sentence in missing:
        print(sentence, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
