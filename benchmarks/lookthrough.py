"""Look-through of 100 funds in three layers with 10,000 firms and 100,000 positions, for every holder at once.

Ten mother funds hold thirty regional ones, these hold sixty sub-funds, all of them hold firms directly, and
every fund has investors of its own besides. Amounts are up to 10^15 fen and nothing is round. In one fund of
ten the stakes are of different report days with different totals, which takes the slow way of dividing.
Both sides get the same rows. Measured against one second, and against a plain loop over dictionaries
that does the same in Python integers and knows neither ages nor residuals nor gaps.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from benchmarks import Result, interleaved
from tasks.engine.lookthrough import Attribution, Holding, NetAssets, Stake, attribute

LAYERS = {"mother": 10, "regional": 30, "sub": 60}
ABOVE = {"mother": "state", "regional": "mother", "sub": "regional"}
STATES, OWNERS, INVESTORS = 12, 3, 2
FIRMS, POSITIONS = 10_000, 100_000
ROUNDS = 5
SECOND, LIMIT_TO_LOOP = 1.0, 0.25


class Graph(NamedTuple):
    holdings: list[Holding]
    stakes: list[Stake]
    navs: list[NetAssets]


def measure() -> Iterator[Result]:
    """Our time in seconds, the limit being one, and its ratio to the loop's on the same rows."""
    graph = _graph(seed=42)
    ours, peer = interleaved(lambda: _attributed(graph), lambda: _loop(graph), rounds=ROUNDS)
    found, looped = _attributed(graph), _loop(graph)
    parts = sum(len(column) for funds in found.via.values() for column in funds.values())
    assert _flat(found) == looped
    yield Result(
        name="lookthrough",
        ratio=ours / SECOND,
        limit=1.0,
        peer="one second",
        seconds=ours,
        details={"positions": POSITIONS, "stakes": len(graph.stakes), "attributed_amounts": parts},
    )
    yield Result(
        name="lookthrough against a loop",
        ratio=ours / peer,
        limit=LIMIT_TO_LOOP,
        peer=f"dictionaries of Python integers ({peer:.2f} s)",
        seconds=ours,
    )


def _attributed(graph: Graph) -> Attribution:
    return attribute(graph.holdings, graph.stakes, basis="paid_in", navs=graph.navs)


def _graph(*, seed: int) -> Graph:
    random = np.random.default_rng(seed)
    funds = [(layer, f"{layer} {number}") for layer, count in LAYERS.items() for number in range(count)]
    stakes = [
        stake for number, (layer, fund) in enumerate(funds) for stake in _stakes(number, layer, fund, random)
    ]
    owners = random.integers(0, len(funds), POSITIONS).tolist()
    columns = (random.integers(0, FIRMS, POSITIONS), random.integers(10**6, 10**12, POSITIONS))
    rows = zip(owners, *(column.tolist() for column in columns), strict=True)
    holdings = [Holding(funds[owner][1], firm, fen, _day(random)) for owner, firm, fen in rows]
    navs = [NetAssets(fund, int(random.integers(10**15, 10**16)), _day(random)) for _, fund in funds]
    return Graph(holdings, stakes, navs)


def _stakes(number: int, layer: str, fund: str, random: np.random.Generator) -> Iterator[Stake]:
    above = LAYERS.get(ABOVE[layer], STATES)
    held_by = [f"{ABOVE[layer]} {at}" for at in random.choice(above, OWNERS, replace=False).tolist()]
    total = int(random.integers(10**14, 10**15))
    for holder in [*held_by, *(f"investor {fund} {at}" for at in range(INVESTORS))]:
        late = int(random.integers(1, 10**9)) if number % 10 == 0 else 0
        paid_in = int(random.integers(1, total // (OWNERS + INVESTORS)))
        yield Stake(holder, fund, _day(random), paid_in, total - late)


def _day(random: np.random.Generator) -> date:
    return date(2026, 1, 1) + timedelta(days=int(random.integers(0, 180)))


def _loop(graph: Graph) -> dict[tuple[str, str, int], int]:
    """What each holder holds through each fund of each firm."""
    owners: dict[str, list[Stake]] = defaultdict(list)
    for stake in sorted(graph.stakes, key=lambda stake: stake.holder):
        owners[str(stake.fund)].append(stake)
    held: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for holder, firm, fen, _ in graph.holdings:
        held[str(holder)][int(firm)] += fen or 0
    via = {}
    for fund in (f"{layer} {number}" for layer in reversed(LAYERS) for number in range(LAYERS[layer])):
        weights, total = _weights(owners[fund])
        holders = [str(stake.holder) for stake in owners[fund]]
        for firm, fen in held[fund].items():
            for holder, part in zip(holders, _split(fen, weights, total), strict=False):
                if part:
                    via[holder, fund, firm] = part
                    held[holder][firm] += part
    return via


def _weights(stakes: list[Stake]) -> tuple[list[int], int]:
    shares = [Fraction(stake.paid_in or 0, stake.paid_in_total or 1) for stake in stakes]
    total = lcm(*(share.denominator for share in shares))
    weights = [share.numerator * (total // share.denominator) for share in shares]
    return [*weights, total - sum(weights)], total


def _split(fen: int, weights: list[int], total: int) -> list[int]:
    divided = [divmod(fen * weight, total) for weight in weights]
    parts = [part for part, _ in divided]
    order = sorted(range(len(parts)), key=lambda at: -divided[at][1])
    for at in order[: fen - sum(parts)]:
        parts[at] += 1
    return parts


def _flat(found: Attribution) -> dict[tuple[str, str, int], int]:
    return {
        (str(holder), str(fund), int(firm)): amount.fen or 0
        for holder, funds in found.via.items()
        for fund, column in funds.items()
        for firm, amount in column.items()
    }
