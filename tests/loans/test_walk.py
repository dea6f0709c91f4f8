"""The walk along one drawdown's balances, against a brute-force clerk who knows nothing of it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from loans.intake.apply.walk import Entry, Path, Walk

DAY = date(2026, 10, 1)
KINDS = {"disbursement": 1, "adjustment": 1, "repayment": -1, "write_off": -1}


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """A held loan of 100 fen with held movements on later days, and a handful of new rows: events,
    revisions, reversals."""
    days = st.integers(0, 4).map(lambda number: DAY + timedelta(days=number))
    found = [
        Entry("E-0", 1, None, DAY, "disbursement", None, 100),
        Entry("H-1", 1, None, draw(days), "adjustment", None, draw(st.integers(1, 120))),
        Entry("H-2", 1, None, draw(days), "repayment", None, -draw(st.integers(1, 100))),
    ]
    for number in range(draw(st.integers(1, 7))):
        day = draw(days)
        kind = draw(st.sampled_from([*KINDS, "reversal"]))
        if kind == "reversal":
            target = draw(st.sampled_from(found))
            taken = {entry.reverses for entry in found}
            if target.record_type != "reversal" and target.event not in taken and target.day <= day:
                found.append(Entry(f"R-{number}", 1, number, day, kind, target.event, 0))
            continue
        fen = KINDS[kind] * draw(st.integers(1, 120))
        found.append(Entry(f"E-{number + 1}", 1, number, day, kind, None, fen))
        if draw(st.booleans()):
            again = KINDS[kind] * draw(st.integers(1, 120))
            found.append(Entry(f"E-{number + 1}", 2, 100 + number, day, kind, None, again))
    return found


def day_ends(taken: list[Entry]) -> dict[date, int]:
    """Balances at day ends: the highest revision of each event, reversals undoing theirs."""
    in_force = {entry.event: entry for entry in sorted(taken, key=lambda e: e.revision)}
    effect = {name: entry.fen for name, entry in in_force.items() if entry.record_type != "reversal"}
    moves = [
        (entry.day, -effect[entry.reverses] if entry.record_type == "reversal" else entry.fen)  # type: ignore[index]
        for entry in in_force.values()
    ]
    return {day: sum(fen for when, fen in moves if when <= day) for day, _ in moves}


@settings(max_examples=300)
@given(entries())
def test_what_is_taken_never_overdraws_a_day(rows: list[Entry]) -> None:
    refused = {refusal.entry for refusal in Walk(rows).refusals()}
    taken = [entry for entry in rows if entry not in refused]
    assert all(refusal.row_number is not None for refusal in refused)
    assert min(day_ends(taken).values()) >= 0


@settings(max_examples=300)
@given(entries())
def test_a_row_is_refused_only_where_taking_it_would_overdraw(rows: list[Entry]) -> None:
    """Of plain repayments: each refused one is too much for what the day or a later one had left."""
    plain = [entry for entry in rows if entry.record_type != "reversal" and entry.revision == 1]
    refusals = Walk(plain).refusals()
    taken = [entry for entry in plain if entry not in {refusal.entry for refusal in refusals}]
    for refusal in refusals:
        assert refusal.fen < 0
        assert -refusal.fen > refusal.room >= 0
        assert min(day_ends([*taken, refusal.entry]).values()) < 0


@settings(max_examples=200)
@given(entries(), st.randoms())
def test_the_order_of_arrival_changes_nothing(rows: list[Entry], dice: object) -> None:
    shuffled = list(rows)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert {r.entry for r in Walk(rows).refusals()} == {r.entry for r in Walk(shuffled).refusals()}


def test_a_row_that_a_later_one_makes_room_for_is_taken() -> None:
    """Held: 100 in on the 1st, 90 out on the 3rd. 20 out on the 2nd fits only with 10 in on the 3rd."""
    third = DAY + timedelta(days=2)
    rows = [
        Entry("E-0", 1, None, DAY, "disbursement", None, 100),
        Entry("E-1", 1, None, third, "repayment", None, -90),
        Entry("E-2", 1, 1, DAY + timedelta(days=1), "repayment", None, -20),
        Entry("E-3", 1, 2, third, "adjustment", None, 10),
    ]
    one_more = Entry("E-4", 1, 3, third, "repayment", None, -1)
    assert Walk(rows).refusals() == []
    [refusal] = Walk([*rows, one_more]).refusals()
    assert (refusal.entry.event, refusal.fen, refusal.room) == ("E-2", -20, 19)


def test_a_path_knows_its_lowest_day_from_a_day_on() -> None:
    path = Path([DAY, DAY + timedelta(days=2), DAY + timedelta(days=1)])
    path.add(DAY, 5)
    path.add(DAY + timedelta(days=1), -3)
    path.add(DAY + timedelta(days=2), 10)
    assert (path.lowest(), path.lowest(DAY + timedelta(days=2))) == (2, 12)


def test_a_reversal_falls_with_the_row_it_takes_back() -> None:
    held = Entry("E-0", 1, None, DAY, "disbursement", None, 100)
    too_much = Entry("E-1", 1, 1, DAY, "repayment", None, -150)
    undone = Entry("R-1", 1, 2, DAY + timedelta(days=1), "reversal", "E-1", 0)
    refused = [refusal.entry.event for refusal in Walk([held, too_much, undone]).refusals()]
    assert refused == ["E-1", "R-1"]
