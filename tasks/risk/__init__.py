"""What could be lost together: assumptions, the joint portfolio of a month, stress runs, and the words for them."""

from __future__ import annotations

from typing import Final

#: Raised when what a joint loss means changes: months are then computed again.
VERSION: Final = "1"
