"""Ownership graphs for tests: any acyclic one, and two slow ways to look through it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tasks.engine.lookthrough import Attribution, Holding, NetAssets, Node, Stake

DAY = date(2026, 6, 30)
DAYS = st.integers(0, 400).map(lambda days: DAY - timedelta(days=days))
# Small ones meet ties and parts of nothing, large ones fill the words.
FEN = st.one_of(st.integers(0, 12), st.integers(0, 10**15))
NAMES: tuple[Node, ...] = (7, 10, "城市母基金", "fund b", "fund a", "LP", 9)
FIRMS: tuple[Node, ...] = (3, 1, "X", "Y")


class Graph(NamedTuple):
    holdings: list[Holding]
    stakes: list[Stake]
    navs: list[NetAssets]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Acyclic by the order of the names drawn; paid-in amounts are the basis, all of them reported."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    stakes = [stake for at, fund in enumerate(names) for stake in draw(_stakes(fund, above=names[:at]))]
    holding = st.builds(Holding, st.sampled_from(names), st.sampled_from(FIRMS), FEN, DAYS)
    navs = [NetAssets(name, draw(st.integers(-(10**15), 10**16)), draw(DAYS)) for name in names]
    return Graph(draw(st.lists(holding, max_size=12)), stakes, navs)


@st.composite
def _stakes(draw: st.DrawFn, fund: Node, *, above: list[Node]) -> list[Stake]:
    holders = draw(st.lists(st.sampled_from(above), unique=True)) if above else []
    parts = [draw(FEN) for _ in holders]
    total = sum(parts) + draw(FEN) or 1
    later = draw(st.sampled_from([st.just(0), FEN]))  # one total for all, or one of each report day
    return [
        Stake(holder, fund, draw(DAYS), paid_in=part, paid_in_total=total + draw(later))
        for holder, part in zip(holders, parts, strict=True)
    ]


def share(stake: Stake) -> Fraction:
    return Fraction(stake.paid_in or 0, stake.paid_in_total or 1)


def top_down(stakes: Iterable[Stake]) -> dict[Node, list[Stake]]:
    """The stakes of each holder."""
    below: dict[Node, list[Stake]] = defaultdict(list)
    for stake in stakes:
        below[stake.holder].append(stake)
    return below


def exact(graph: Graph, holder: Node, firm: Node) -> Fraction:
    """The sum over all paths of the product of the shares and the value at its end."""
    own = sum(row.fen or 0 for row in graph.holdings if row[:2] == (holder, firm))
    through = (
        share(stake) * exact(graph, stake.fund, firm) for stake in top_down(graph.stakes).get(holder, [])
    )
    return own + sum(through, Fraction())


def bound(graph: Graph, holder: Node) -> Fraction:
    """How far from exact an amount of the holder may be: less than a fen a split, passed up by shares."""
    stakes = top_down(graph.stakes).get(holder, [])
    return sum((1 + share(stake) * bound(graph, stake.fund) for stake in stakes), Fraction())


def plain(graph: Graph) -> dict[tuple[Node, Node, Node], tuple[int, date]]:
    """The definition word by word: holder, first fund and firm -> fen and oldest report."""
    held: dict[tuple[Node, Node], list[tuple[int, date]]] = defaultdict(list)
    for row in graph.holdings:
        if row.fen:
            held[row.holder, row.firm].append((row.fen, row.reported_on))
    via = {}
    waiting = {stake.fund for stake in graph.stakes}
    while waiting:
        # The lowest fund is the one that holds no stake in another waiting one.
        fund = next(f for f in waiting if not any(s.holder == f and s.fund in waiting for s in graph.stakes))
        waiting.remove(fund)
        stakes = [stake for stake in graph.stakes if stake.fund == fund]
        stakes.sort(key=lambda stake: (isinstance(stake.holder, str), stake.holder))
        for firm in FIRMS:
            rows = held[fund, firm]
            for stake, part in zip(stakes, _split(sum(fen for fen, _ in rows), stakes), strict=False):
                if part:
                    oldest = min(stake.reported_on, *(day for _, day in rows))
                    via[stake.holder, fund, firm] = part, oldest
                    held[stake.holder, firm].append((part, oldest))
    return via


def _split(fen: int, stakes: list[Stake]) -> list[int]:
    shares = [share(stake) for stake in stakes]
    quotas = [fen * part for part in [*shares, 1 - sum(shares)]]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(parts)), key=lambda at: parts[at] - quotas[at])
    for at in order[: fen - sum(parts)]:
        parts[at] += 1
    return parts


def told(found: Attribution) -> dict[str, Any]:
    """All that an attribution says, in types that compare."""
    columns = {"direct": found.direct, "rest": found.rest} | {
        f"via {holder!r}": funds for holder, funds in found.via.items()
    }
    plain = ("residual", "residual_via", "rest_residual", "unattributed", "missing", "basis")
    return {name: getattr(found, name) for name in plain} | {
        name: {node: list(column.items()) for node, column in some.items()} for name, some in columns.items()
    }
