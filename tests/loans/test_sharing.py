"""The splits of losses and recoveries: equal to the engine's, exact to the cent, and without drift."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loans.sharing import split_loss, split_recovery, split_room
from tasks.engine import sharing as engine

FEN = st.integers(0, 10**11).map(lambda fen: Decimal(fen).scaleb(-2))


@st.composite
def percents(draw: st.DrawFn) -> dict[str, Decimal]:
    """Shares of two to six parties, the bank first, that add up to 100.00."""
    cuts = sorted(draw(st.lists(st.integers(1, 9_999), min_size=1, max_size=5, unique=True)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return {f"party {at}" if at else "bank": Decimal(part).scaleb(-2) for at, part in enumerate(parts)}


@given(loss=FEN, shares=percents(), data=st.data())
def test_a_loss_is_split_as_the_engine_splits_it(
    loss: Decimal, shares: dict[str, Decimal], data: Any
) -> None:
    caps = data.draw(st.dictionaries(st.sampled_from([p for p in shares if p != "bank"]), FEN))
    parts = split_loss(loss, shares=shares, caps=caps, keeper="bank")
    ratios = {party: share / 100 for party, share in shares.items()}
    assert parts == engine.split_loss(loss, shares=ratios, caps=caps, keeper="bank")
    assert sum(parts.values()) == loss
    assert all(parts[party] <= cap for party, cap in caps.items())


@given(borne=st.lists(FEN, min_size=1, max_size=6).filter(any), part=st.fractions(0, 1))
def test_a_first_recovery_is_split_as_the_engine_splits_it(borne: list[Decimal], part: Any) -> None:
    net = Decimal(int(sum(borne) * 100 * part.numerator / part.denominator)).scaleb(-2)
    named = {str(at): amount for at, amount in enumerate(borne)}
    expected = engine.split_recovery(net, payments=named)
    assert split_recovery(net, borne=borne, returned=[Decimal(0)] * len(borne)) == list(expected.values())


@given(borne=st.lists(FEN, min_size=1, max_size=6).filter(any), data=st.data())
def test_recoveries_add_up_without_drift_and_return_nobody_more_than_it_bore(
    borne: list[Decimal], data: Any
) -> None:
    whole, returned = sum(borne), [Decimal(0)] * len(borne)
    while (left := whole - sum(returned)) and data.draw(st.booleans()):
        net = data.draw(st.integers(1, int(left * 100))) * Decimal("0.01")
        parts = split_recovery(net, borne=borne, returned=returned)
        assert sum(parts) == net
        assert all(part >= 0 for part in parts)
        returned = [had + part for had, part in zip(returned, parts, strict=True)]
        assert all(had <= most for had, most in zip(returned, borne, strict=True))
        exact = [sum(returned) * most / whole for most in borne]
        assert all(abs(had - fair) < Decimal("0.02") for had, fair in zip(returned, exact, strict=True))
    rest = split_recovery(whole - sum(returned), borne=borne, returned=returned)
    assert [had + part for had, part in zip(returned, rest, strict=True)] == borne


@given(borne=st.lists(st.integers(1, 40), min_size=3, max_size=6))
def test_cent_by_cent_everybody_gets_back_what_it_bore(borne: list[int]) -> None:
    """Where a largest-remainder split of the growing sum would take cents back (the Alabama paradox)."""
    cents = [Decimal(amount).scaleb(-2) for amount in borne]
    returned = [Decimal("0.00")] * len(borne)
    for _ in range(sum(borne)):
        parts = split_recovery(Decimal("0.01"), borne=cents, returned=returned)
        assert sorted(parts)[-2:] == [Decimal("0.00"), Decimal("0.01")]
        returned = [had + part for had, part in zip(returned, parts, strict=True)]
    assert returned == cents


@given(borne=st.lists(FEN, min_size=2, max_size=5).filter(any), data=st.data())
def test_after_a_reversal_in_between_nobody_gets_more_than_it_bore(borne: list[Decimal], data: Any) -> None:
    whole, returned = sum(borne), [Decimal(0)] * len(borne)
    made: list[list[Decimal]] = []
    for _ in range(data.draw(st.integers(1, 6))):
        left = whole - sum(returned)
        if made and data.draw(st.booleans()):
            gone = made.pop(data.draw(st.integers(0, len(made) - 1)))
            returned = [had - part for had, part in zip(returned, gone, strict=True)]
        elif left:
            net = data.draw(st.integers(1, int(left * 100))) * Decimal("0.01")
            made.append(split_recovery(net, borne=borne, returned=returned))
            returned = [had + part for had, part in zip(returned, made[-1], strict=True)]
        assert all(0 <= had <= most for had, most in zip(returned, borne, strict=True))
    rest = split_recovery(whole - sum(returned), borne=borne, returned=returned)
    assert [had + part for had, part in zip(returned, rest, strict=True)] == borne


@given(room=FEN, parts=st.dictionaries(st.sampled_from("abcde"), FEN, min_size=1))
def test_a_room_is_used_up_where_it_is_too_small(room: Decimal, parts: dict[str, Decimal]) -> None:
    caps = split_room(room, parts=parts)
    assert sum(caps.values()) == min(room, sum(parts.values()))
    assert all(cap <= parts[party] for party, cap in caps.items())
