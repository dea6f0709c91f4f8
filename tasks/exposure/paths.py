"""The ways on which city funds hold firms through sub-funds. Light: the web reads it, `through` reckons it in a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, get_args

Basis = Literal["paid_in", "nav", "commitment"]
BASES: tuple[Basis, ...] = get_args(Basis)


class Path(NamedTuple):
    """What `holder_id` holds of a firm via the fund that it owns a share of, at cost and at fair value, in fen.

    `oldest` is the day of the oldest report that the amounts rest on.
    """

    holder_id: int
    fund_id: int
    cost: int
    worth: int
    oldest: date


class LookedThrough(NamedTuple):
    """{firm id: its paths}, and {firm id: why more of it may be held than is known}."""

    paths: Mapping[int, Sequence[Path]]
    incomplete: Mapping[int, str]


NOTHING_BELOW = LookedThrough({}, {})
