"""The pages of a finished file as pictures, for looking at it where no PDF can be shown."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2

#: As wide as a page is shown at most; text of the small print can still be read.
WIDTH = 1000
#: Black, red, and the greys between them and the paper.
COLOURS = 32


def of_pages(pdf: bytes) -> Iterator[bytes]:
    """A PNG of every page, in order. The same file gives the same pictures with the same libraries."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            image = page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB").quantize(COLOURS)
            file = io.BytesIO()
            image.save(file, format="PNG", optimize=True)
            yield file.getvalue()
    finally:
        document.close()
