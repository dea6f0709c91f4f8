"""The transaction types as data: complete, consistent, and right about our own ledger."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from funds import ilpa
from funds.models import FundEventKind, HoldingEventKind, Moved, Nature
from tests.cast import Api

EVENTS = [
    {"kind": kind, "nature": nature, "recallable": recallable, "outside_commitment": outside, "moved": moved}
    for kind, nature, recallable, outside, moved in product(
        FundEventKind.values, ["", *Nature.values], (False, True), (False, True), ["", *Moved.values]
    )
]


def test_every_entry_of_the_ledger_has_one_rule() -> None:
    for marks in EVENTS:
        assert len([rule for rule in ilpa.rules() if rule.fits(marks) and not marks["moved"]]) <= 1, marks
        assert ilpa.rule_for(marks).type or ilpa.rule_for(marks).untold, marks
    deals = {kind: "holding_income" if kind == "income" else kind for kind in HoldingEventKind.values}
    assert all(ilpa.rule_for({"kind": kind}) for kind in deals.values())
    with pytest.raises(LookupError):
        ilpa.rule_for({"kind": "dividend"})


def test_every_rule_is_used_and_what_cannot_be_told_says_so() -> None:
    used = {id(ilpa.rule_for(marks)) for marks in EVENTS}
    used |= {
        id(ilpa.rule_for({"kind": k}))
        for k in ("investment", "exit", "recovery", "holding_income", "write_off")
    }
    assert used == {id(rule) for rule in ilpa.rules()}
    for rule in ilpa.rules():
        assert rule.untold or not (rule.candidates or rule.type is None)
        assert not rule.untold or (rule.untold.zh and rule.untold.en)


def test_the_treatment_agrees_with_itself() -> None:
    for one in ilpa.types().values():
        assert one.recallable == (one.side == "distribution" and one.unfunded == 1), one.code
        if one.side == "call":
            assert (one.unfunded, one.with_facility) == (-1 if one.inside else 0, -1), one.code
        if one.side == "distribution" and one.inside is not None:
            assert (one.with_facility, one.distributed - one.paid_in) in {(1, 1), (1, 0)}, one.code
        # Both views differ for nothing but what a facility moves.
        assert (one.with_facility == one.without_facility) == (one.side != "facility"), one.code
        assert (one.side == "facility") <= (one.with_facility == 0)
        assert one.source in {source.code for source in ilpa.sources()}
        assert set(one.methods) <= {"granular", "gross_up"}
        assert one.methods
        assert one.name.zh
        assert one.name.en


def test_candidates_are_treated_as_the_type_unless_the_ledger_would_be_wrong() -> None:
    """Which of several it is changes no sum of ours but where money that came back was never used."""
    odd = {"distribution.unused_capital", "distribution.temporary", "call.late_interest"}
    for rule in ilpa.rules():
        for one in rule.candidates:
            assert rule.type is not None
            same = [
                getattr(one, name) == getattr(rule.type, name)
                for name in ("unfunded", "paid_in", "distributed")
            ]
            assert all(same) == (one.code not in odd), one.code


def test_only_what_the_method_knows_is_used() -> None:
    assert all("gross_up" in rule.type.methods for rule in ilpa.rules() if rule.type)


def test_the_lines_are_named_once_and_in_both_languages() -> None:
    lines = ilpa.lines()
    assert len({line.code for line in lines}) == len(lines)
    assert all(line.name.zh and line.name.en and line.section for line in lines)


def test_they_are_told_to_everybody_with_their_sources(api: Callable[[str], Api]) -> None:
    shown: dict[str, Any] = api("bank_a").get("/reference/ilpa-transaction-types").json()
    assert [row["code"] for row in shown["data"]] == list(ilpa.types())
    assert shown["version"] == ilpa.version()
    assert {row["source"] for row in shown["data"]} <= {source["code"] for source in shown["sources"]}
    recallable = next(row for row in shown["data"] if row["code"] == "distribution.capital_recallable")
    assert (recallable["unfunded"], recallable["distributed"], recallable["paid_in"]) == (1, 1, 0)
    assert api("bank_a").get("/reference/currencies").status_code == 200
