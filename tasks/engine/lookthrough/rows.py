"""The rows that a look-through reads, all as of one date that the caller has chosen."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

from tasks.engine.lookthrough.errors import UnableToAttributeError

#: A fund, another holder or a firm. Funds and other holders share one space of names, firms have their own.
Node: TypeAlias = int | str
Basis: TypeAlias = Literal["paid_in", "nav", "commitment"]

#: No sum of amounts reaches it, so that sums and differences of two of them fit into 63 bits.
LIMIT: Final = 2**62


class Holding(NamedTuple):
    """What a fund or another holder holds of a firm directly, in whole fen, at cost or at fair value.

    None where no value is reported. Several rows of one holder and firm add up.
    """

    holder: Node
    firm: Node
    fen: int | None
    reported_on: date


class Stake(NamedTuple):
    """An edge of ownership: the holder's amounts in a fund beside those of all its investors, in whole fen.

    None where an amount is not reported. Totals may differ between the stakes of one fund: each is of the
    stake's own last report.
    """

    holder: Node
    fund: Node
    reported_on: date
    paid_in: int | None = None
    paid_in_total: int | None = None
    nav: int | None = None
    nav_total: int | None = None
    commitment: int | None = None
    commitment_total: int | None = None


class NetAssets(NamedTuple):
    """A fund's own net asset value in whole fen, negative where it owes more than it has."""

    fund: Node
    fen: int | None
    reported_on: date


def place(node: Node) -> tuple[bool, Node]:
    """The key of the order that settles ties: numbers before texts, each ascending."""
    return isinstance(node, str), node


def whole(fen: object, *, what: str) -> None:
    """Refuse with UnableToAttributeError what is neither None nor whole fen."""
    if fen is not None and type(fen) is not int:
        raise UnableToAttributeError(f"{what}: {fen!r} is not an amount in whole fen")


def by_fund(navs: Iterable[NetAssets]) -> dict[Node, NetAssets]:
    """Net assets by fund. Raises UnableToAttributeError for two rows of one fund and for odd amounts."""
    found: dict[Node, NetAssets] = {}
    for row in navs:
        whole(row.fen, what=f"net assets of {row.fund}")
        if row.fund in found:
            raise UnableToAttributeError(f"net assets of {row.fund} are given twice")
        if row.fen is not None and abs(row.fen) >= LIMIT:
            raise UnableToAttributeError(f"net assets of {row.fund}: {row.fen} fen are too many")
        found[row.fund] = row
    return found
