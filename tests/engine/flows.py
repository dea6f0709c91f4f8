"""Dated flows for tests: a calendar to stand them on, and any ledger's worth of them."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tasks.engine.value import Value

START = date(2020, 1, 1)
YEAR = timedelta(days=365)

# Dates within thirty years and amounts in whole fen, as the ledgers hold them.
FLOWS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(-(10**9), 10**9).map(lambda fen: Decimal(fen) / 100)),
    min_size=2,
    max_size=15,
)


def dated(flows: list[tuple[int, Decimal]]) -> tuple[list[date], list[Decimal]]:
    """Columns of dates and amounts."""
    return [START + timedelta(days=day) for day, _ in flows], [amount for _, amount in flows]


def all_roots(result: Value) -> list[float]:
    """Every rate that a value tells of, ascending."""
    for note in result.notes:
        if note.startswith("multiple-roots: "):
            return [float(rate) for rate in note.removeprefix("multiple-roots: ").split(", ")]
    return [] if result.value is None else [result.value]
