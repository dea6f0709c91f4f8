"""The catalogue as a whole: what is missing is not zero, parts add up, and its entries are unique and worded."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tasks import catalogue
from tasks.catalogue import BY_CODE, ENTRIES
from tests.tasks.city import CITY, EMPTY, MILLION, names, values, yuan

__all__ = ["names"]  # fixture


class TestMissingIsNotZero:
    def test_a_bank_without_its_events_has_no_balance_and_is_not_in_the_total(self) -> None:
        silent = replace(CITY, not_reported=[("bank-b", "flow"), ("bank-b", "stock")])
        assert values(silent, "loans.balance", "bank") == {"bank-a": yuan("7"), "bank-b": "not-reported"}
        assert values(silent, "loans.balance") == {"": yuan("7")}
        # What it lent does not vanish from the exposure: it is what was last known.
        assert values(silent, "exposure.largest_finance", "firm")["U1"] == yuan("15")

    def test_nobody_reported_at_all(self) -> None:
        nobody = [(bank, dataset) for bank in ("bank-a", "bank-b") for dataset in ("flow", "stock")]
        silent = replace(CITY, positions=[], not_reported=nobody)
        assert values(silent, "loans.balance") == {"": "not-reported"}
        assert values(silent, "loans.npl_ratio") == {"": "not-reported"}
        assert set(values(silent, "loans.five_tier", "five_tier").values()) == {"not-reported"}

    def test_no_guarantee_ever_released_has_no_compensation_ratio(self) -> None:
        assert values(replace(CITY, guarantees=[]), "guarantees.compensation_ratio") == {"": "no-denominator"}

    def test_a_guarantor_without_net_assets_has_no_leverage_and_breaks_no_bound(self) -> None:
        silent = replace(CITY, net_assets=[])
        assert values(silent, "guarantees.leverage", "guarantor") == {"guarantor": "not-reported"}
        assert values(silent, "guarantees.above_single_limit", "guarantor_firm") == {}

    def test_nobody_reported_positions_so_nothing_is_known_to_be_overdue(self) -> None:
        silent = replace(CITY, not_reported=[("bank-a", "stock"), ("bank-b", "stock")])
        assert values(silent, "guarantees.overdue_not_compensated") == {"": "not-reported"}

    def test_an_empty_city_computes_without_error(self) -> None:
        points = [point for entry in ENTRIES for point in entry.compute(EMPTY)]
        assert all((point.value is None) != (point.reason == "") for point in points)


class TestParts:
    @pytest.mark.parametrize("code", ["loans.balance", "loans.disbursed", "loans.repaid"])
    def test_the_cuts_add_up_to_the_total(self, code: str) -> None:
        total = values(CITY, code)[""]
        assert all(
            sum(values(CITY, code, cut).values()) == total for cut in ("bank", "product", "bank_product")
        )

    def test_the_lines_of_the_largest_firms_add_up(self) -> None:
        lines = values(CITY, "exposure.largest_line", "firm_line")
        assert {key: amount for key, amount in lines.items() if amount} == {
            "U1|equity": yuan("10"), "U1|loans_shared": yuan("1.6"), "U1|insurance": "not-recorded",
            "U2|equity": yuan("5"), "U2|insurance": "not-recorded",
            "U3|guarantees": yuan("0.8"), "U3|compensation": yuan("0.75"), "U3|insurance": "not-recorded",
        }  # fmt: skip
        assert len(lines) == 3 * 6
        assert sum(v for v in lines.values() if v != "not-recorded") == yuan("18.15")


class TestFingerprint:
    def test_same_facts_same_fingerprint(self) -> None:
        assert CITY.fingerprint(catalogue="1") == replace(CITY).fingerprint(catalogue="1")

    def test_one_fen_more_changes_it(self) -> None:
        more = [CITY.balances[0]._replace(balance=3 * MILLION + 1), *CITY.balances[1:]]
        assert replace(CITY, balances=more).fingerprint(catalogue="1") != CITY.fingerprint(catalogue="1")

    def test_another_catalogue_changes_it(self) -> None:
        assert CITY.fingerprint(catalogue="2") != CITY.fingerprint(catalogue="1")


class TestTheCatalogue:
    def test_a_code_has_one_entry_per_scope_and_one_unit(self) -> None:
        pairs = [(entry.code, entry.scope) for entry in ENTRIES]
        assert len(pairs) == len(set(pairs))
        assert all(len({entry.unit for entry in entries}) == 1 for entries in BY_CODE.values())

    def test_an_entry_is_found_by_its_scope_and_one_that_left_by_its_code(self) -> None:
        named = {
            scope: catalogue.entry_of("concentration.amount", scope).name.en
            for scope in ("bank", "town", "gone")
        }
        assert named == {
            "bank": "Exposure by lending bank", "town": "Exposure by town", "gone": "Exposure by industry"
        }  # fmt: skip

    def test_every_entry_is_worded_in_both_languages(self) -> None:
        for entry in ENTRIES:
            assert entry.name.zh
            assert entry.definition.zh
            assert entry.name.en
            assert not re.search(r"[\u4e00-\u9fff]", entry.definition.en + entry.name.en), entry.code

    def test_keys_within_an_entry_are_unique(self) -> None:
        for entry in catalogue.ENTRIES:
            keys = [point.key for point in entry.compute(CITY)]
            assert len(keys) == len(set(keys)), entry.code
