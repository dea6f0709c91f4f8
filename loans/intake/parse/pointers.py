"""Where a fault is: the URI-fragment JSON pointer of a field (RFC 6901)."""

from __future__ import annotations

from finance_hub.kernel.text import printable


def pointer(name: str) -> str:
    """E.g. `#/amount`; of a name that somebody made up, as much as can be shown and kept."""
    return "#/" + printable(name[:64]).replace("~", "~0").replace("/", "~1")
