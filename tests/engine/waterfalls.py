"""Funds for the tests of waterfalls: short ways to write them down, and any of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tasks.engine.waterfall import Compounding, Deal, Event, Kind, Party, Payment, Terms
from tests.engine.flows import START

# Four first days of January, each 365 days after the one before.
Y2021, Y2022, Y2023, Y2024 = (date(year, 1, 1) for year in range(2021, 2025))
CENT = Decimal("0.01")


def terms(**changed: Any) -> Terms:
    """8 % a year, compounded, then full catch-up to 20 %."""
    usual: dict[str, Any] = {
        "carry": Decimal("0.2"), "preferred_return": Decimal("0.08"), "compounding": Compounding.ANNUALLY,
        "day_count": "ACT/365F", "catch_up": Decimal(1),
    }  # fmt: skip
    return Terms(**(usual | changed))


def called(on: date, amount: int | str) -> Event:
    return Event(on, Kind.CONTRIBUTION, Decimal(amount))


def paid_out(on: date, amount: int | str) -> Event:
    return Event(on, Kind.DISTRIBUTION, Decimal(amount))


def told(payments: Iterable[Payment]) -> list[tuple[date, str, str, str]]:
    """Payments as a statement prints them."""
    return [(row.on, row.tier.value, row.to.value, str(row.amount)) for row in payments]


def total(payments: Iterable[Payment], *, to: Party | None = None, until: date = date.max) -> Decimal:
    """What was paid until a day, that day included, to one party or to both."""
    rows = [row for row in payments if row.on <= until and to in (None, row.to)]
    return sum((row.amount for row in rows), Decimal(0))


def money(events: Iterable[Event], kind: Kind, *, until: date = date.max) -> Decimal:
    """What was called or distributed until a day, that day included."""
    return sum(
        (Decimal(each.amount) for each in events if each.kind is kind and each.on <= until), Decimal(0)
    )


FEN = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)
DAYS = st.integers(0, 3_000).map(lambda days: START + timedelta(days=days))
EVENTS = st.lists(st.builds(Event, DAYS, st.sampled_from(Kind), FEN), max_size=12)
_FLOWS = st.lists(st.tuples(DAYS, FEN), max_size=4)
DEALS = st.lists(
    st.builds(Deal, investments=_FLOWS, proceeds=_FLOWS, expenses=_FLOWS, written_off=st.none() | DAYS),
    max_size=4,
)


@st.composite
def agreements(draw: st.DrawFn, **fixed: Any) -> Terms:
    """Terms of every kind; `fixed` ones are as given."""
    carry, rate = draw(st.integers(0, 50)), draw(st.integers(0, 150))
    target = draw(st.integers(0, carry))
    drawn: dict[str, Any] = {
        "carry": Decimal(carry) / 100,
        "preferred_return": Decimal(rate) / 1000,
        "compounding": draw(st.sampled_from(Compounding)),
        "day_count": draw(st.sampled_from(["ACT/365F", "ACT/360", "ACT/ACT", "30E/360"])),
        "catch_up_target": Decimal(target) / 100,
        "catch_up": draw(st.just(Decimal(0)) | st.integers(target + 1, 100).map(lambda share: Decimal(share) / 100)),
    }  # fmt: skip
    return Terms(**(drawn | fixed))
