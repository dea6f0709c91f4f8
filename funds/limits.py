"""How much is taken at once."""

from __future__ import annotations

#: The largest document that stands behind a step of a deal.
MOST_DOCUMENT_BYTES = 50 * 1024 * 1024
