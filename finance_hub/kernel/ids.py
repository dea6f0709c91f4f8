"""Public ids: opaque, prefixed, ordered by time of birth, e.g. `lb_01JD3M8Q4T…`."""

from __future__ import annotations

import secrets
import time

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new(prefix: str) -> str:
    """`<prefix>_` and 26 characters: 48 bits of milliseconds, 80 random bits (as a ULID)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return f"{prefix}_" + "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
