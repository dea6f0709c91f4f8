"""Look-through of any acyclic graph, against the slow ways and against itself."""

from datetime import date
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from finance_hub.kernel import money
from tasks.engine.lookthrough import Attribution, Holding, Node, attribute
from tasks.engine.lookthrough.split import split
from tests.engine.ownership import FIRMS, NAMES, Graph, bound, exact, graphs, plain, told

# The slow ways take their time on a busy machine.


def _attributed(graph: Graph) -> Attribution:
    return attribute(graph.holdings, graph.stakes, basis="paid_in", navs=graph.navs)


def _fen(found: Attribution, holder: Node, firm: Node) -> int:
    fen = found.exposure(holder, firm=firm).total.fen
    assert fen is not None
    return fen


@given(graph=graphs())
def test_it_is_the_definition_word_by_word(graph: Graph) -> None:
    found = _attributed(graph)
    parts = {
        (holder, fund, firm): (amount.fen, amount.oldest)
        for holder, funds in found.via.items()
        for fund, column in funds.items()
        for firm, amount in column.items()
    }
    assert parts == plain(graph)


@given(graph=graphs())
def test_no_amount_is_further_off_than_a_fen_a_split(graph: Graph) -> None:
    found = _attributed(graph)
    for holder in NAMES:
        allowed = bound(graph, holder)
        for firm in FIRMS:
            off = abs(_fen(found, holder, firm) - exact(graph, holder, firm))
            assert off < allowed or off == allowed == 0


@given(graph=graphs(), factor=st.integers(2, 1000))
def test_scaled_holdings_are_as_near_to_scaled_amounts(graph: Graph, factor: int) -> None:
    scaled = [row._replace(fen=(row.fen or 0) * factor) for row in graph.holdings]
    found = _attributed(graph._replace(holdings=scaled))
    for holder in NAMES:
        allowed = bound(graph, holder)
        for firm in FIRMS:
            off = abs(_fen(found, holder, firm) - factor * exact(graph, holder, firm))
            assert off < allowed or off == allowed == 0


@given(graph=graphs(), factor=st.integers(2, 1000))
def test_scaled_stakes_are_the_same_shares(graph: Graph, factor: int) -> None:
    scaled = [
        stake._replace(
            paid_in=(stake.paid_in or 0) * factor, paid_in_total=(stake.paid_in_total or 0) * factor
        )
        for stake in graph.stakes
    ]
    assert told(_attributed(graph._replace(stakes=scaled))) == told(_attributed(graph))


@given(graph=graphs())
def test_the_parts_of_a_fund_add_up_to_it(graph: Graph) -> None:
    found = _attributed(graph)
    for fund in {stake.fund for stake in graph.stakes}:
        columns = [funds[fund] for funds in found.via.values() if fund in funds]
        columns += [found.rest[fund]] if fund in found.rest else []
        for firm in FIRMS:
            assert sum(column.of(firm).fen or 0 for column in columns) == _fen(found, fund, firm)
        residuals = [funds[fund].fen or 0 for funds in found.residual_via.values() if fund in funds]
        residuals += [found.rest_residual[fund].fen or 0] if fund in found.rest_residual else []
        assert sum(residuals) == found.residual[fund].fen


@given(graph=graphs())
def test_firms_and_residual_are_the_net_assets(graph: Graph) -> None:
    found = _attributed(graph)
    for row in graph.navs:
        assert (found.by_firm(row.fund).total.fen or 0) + (found.residual[row.fund].fen or 0) == row.fen


@given(graph=graphs())
def test_those_whom_nobody_owns_hold_every_fen_once(graph: Graph) -> None:
    found = _attributed(graph)
    owned = {stake.fund for stake in graph.stakes}
    for firm in FIRMS:
        ultimate = sum(_fen(found, node, firm) for node in NAMES if node not in owned)
        outside = sum(column.of(firm).fen or 0 for column in found.rest.values())
        assert ultimate + outside == sum(row.fen or 0 for row in graph.holdings if row.firm == firm)


@given(graph=graphs(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(graph: Graph, random: Any) -> None:
    shuffled = Graph(*(random.sample(rows, len(rows)) for rows in graph))
    assert told(_attributed(shuffled)) == told(_attributed(graph))


@given(graph=graphs(), holder=st.sampled_from(NAMES), firm=st.sampled_from([*FIRMS, "another"]))
def test_a_holding_of_nothing_changes_nothing(graph: Graph, holder: Node, firm: Node) -> None:
    more = [Holding(holder, firm, 0, date(1999, 1, 1)), *graph.holdings]
    assert told(_attributed(graph._replace(holdings=more))) == told(_attributed(graph))


@given(graph=graphs(), data=st.data())
def test_a_split_holding_is_one_holding(graph: Graph, data: st.DataObject) -> None:
    halves = []
    for row in graph.holdings:
        first = data.draw(st.integers(0, row.fen or 0))
        halves += [row._replace(fen=first), row._replace(fen=(row.fen or 0) - first)]
    assert told(_attributed(graph._replace(holdings=halves))) == told(_attributed(graph))


@settings(max_examples=300)
@given(
    amounts=st.lists(st.integers(0, 2**62 - 1), min_size=1, max_size=5),
    weights=st.lists(st.integers(0, 10**15), min_size=1, max_size=6).filter(any),
    wide=st.booleans(),
)
@example(amounts=[2**62 - 1, 0, 1], weights=[2**56 - 2, 1], wide=False)  # the widest total of long division
@example(amounts=[2**62 - 1, 0, 1], weights=[2**56 - 1, 1], wide=False)  # the narrowest beyond
@example(amounts=[2**62 - 1], weights=[1], wide=False)
@example(amounts=[5, 7], weights=[1, 0, 1, 1], wide=True)
def test_a_split_is_that_of_the_ledgers(amounts: list[int], weights: list[int], wide: bool) -> None:
    weights = [weight * (10**40 + 7) for weight in weights] if wide else weights
    parts = split(np.array(amounts), weights=weights)
    for amount, column in zip(amounts, parts.T.tolist(), strict=True):
        assert column == [money.fen(part) for part in money.split(money.yuan(amount), weights)]


def test_splits_of_many_amounts_are_those_of_each() -> None:
    amounts = np.arange(50_000) * 7_919 + 1
    weights = [3, 5, 8]
    each = np.concatenate([split(some, weights=weights) for some in np.split(amounts, 100)], axis=1)
    assert (split(amounts, weights=weights) == each).all()
