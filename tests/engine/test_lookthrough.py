"""Look-through by hand: a mother fund, two sub-funds, firms that several of them hold."""

from datetime import date, timedelta
from typing import Any

import pytest

from tasks.engine.lookthrough import (
    Amount,
    Basis,
    CyclicOwnership,
    Gap,
    Holding,
    NetAssets,
    ShareAboveWhole,
    Stake,
    UnableToAttributeError,
    attribute,
)

DAY = date(2026, 6, 30)
QUARTER = date(2026, 3, 31)
YEAR = date(2025, 12, 31)

# 40 % and 25 % by paid-in, 50 % and 20 % by net assets, 25 % and 60 % by commitment.
IN_A = Stake("M", "A", DAY, 40, 100, nav=45, nav_total=90, commitment=30, commitment_total=120)
IN_B = Stake("M", "B", QUARTER, 25, 100, nav=10, nav_total=50, commitment=60, commitment_total=100)
HOLDINGS = [
    Holding("A", "X", 1001, QUARTER),
    Holding("A", "Y", 500, DAY),
    Holding("B", "X", 803, YEAR),
    Holding("M", "X", 100, DAY),
]


def _stake(holder: str, fund: str, part: int | None, total: int | None = 100, day: date = DAY) -> Stake:
    return Stake(holder, fund, day, paid_in=part, paid_in_total=total)


@pytest.mark.parametrize(
    ("basis", "through_a", "through_b", "outside"),
    [
        # 1001 * 40 % = 400.4 and 600.6: the fen goes to the rest. 803 * 25 % = 200.75 and 602.25: to M.
        ("paid_in", 400, 201, (601, 602)),
        # 1001 * 45/90 = 500.5 on both sides: to the named holder. 803 * 10/50 = 160.6 and 642.4: to M.
        ("nav", 501, 161, (500, 642)),
        # 1001 * 30/120 = 250.25 and 750.75: to the rest. 803 * 60 % = 481.8 and 321.2: to M.
        ("commitment", 250, 482, (751, 321)),
    ],
)
def test_a_firm_through_two_funds_and_directly(
    basis: Basis, through_a: int, through_b: int, outside: tuple[int, int]
) -> None:
    found = attribute(HOLDINGS, [IN_A, IN_B], basis=basis)
    exposure = found.exposure("M", firm="X")
    assert exposure.direct == Amount(100, None, DAY)
    assert exposure.via == {"A": Amount(through_a, None, QUARTER), "B": Amount(through_b, None, YEAR)}
    assert exposure.total == Amount(100 + through_a + through_b, None, YEAR)
    assert exposure.gaps == ()
    assert (found.rest["A"].of("X").fen, found.rest["B"].of("X").fen) == outside
    assert found.basis == basis


def test_all_firms_of_a_holder() -> None:
    found = attribute(HOLDINGS, [IN_A, IN_B], basis="paid_in")
    # 500 * 40 % = 200 of Y.
    assert list(found.by_firm("M").items()) == [("X", Amount(701, None, YEAR)), ("Y", Amount(200, None, DAY))]
    assert found.via["M"]["A"].total == Amount(600, None, QUARTER)
    assert found.direct["M"].total == Amount(100, None, DAY)
    assert list(found.by_firm("A").items()) == list(found.direct["A"].items())


def test_what_a_holder_does_not_hold_is_nothing() -> None:
    found = attribute(HOLDINGS, [IN_A, IN_B], basis="paid_in")
    assert found.exposure("M", firm="Y").via == {"A": Amount(200, None, DAY)}
    assert found.exposure("B", firm="Y").total == Amount(0)
    assert found.exposure("M", firm="a stranger").total == Amount(0)
    assert found.exposure("a stranger", firm="X").total == Amount(0)
    assert found.by_firm("a stranger").total == Amount(0)


def test_nothing_at_all() -> None:
    found = attribute([], [], basis="nav")
    assert (found.direct, found.via, found.residual, found.rest) == ({}, {}, {}, {})
    assert found.by_firm("M").total == Amount(0)


def test_stakes_without_holdings() -> None:
    found = attribute([], [IN_A], basis="nav", navs=[NetAssets("A", 9, DAY)])
    assert found.by_firm("M").total == Amount(0)
    # 9 * 45/90 = 4.5 on both sides.
    assert (found.residual["M"].fen, found.rest_residual["A"].fen) == (5, 4)


def test_three_layers_split_what_was_split() -> None:
    stakes = [_stake("city", "M", 60), _stake("M", "A", 50), _stake("M", "S", 30), _stake("A", "S", 40)]
    holdings = [Holding("S", "X", 1001, DAY), Holding("A", "X", 3, DAY)]
    found = attribute(holdings, stakes, basis="paid_in")
    # S: 1001 * 30 % = 300.3 to M, 40 % = 400.4 to A, 30 % = 300.3 left; the one fen goes to A.
    assert found.via["A"]["S"].of("X").fen == 401
    assert found.via["M"]["S"].of("X").fen == 300
    assert found.rest["S"].of("X").fen == 300
    # A: 401 + 3 = 404, half of it. M: 300 + 202 = 502, 60 % = 301.2 and 200.8.
    assert found.via["M"]["A"].of("X").fen == 202
    assert found.exposure("M", firm="X").total.fen == 502
    assert found.exposure("city", firm="X").via == {"M": Amount(301, None, DAY)}
    assert found.rest["M"].of("X").fen == 201
    # Leaves: 1001 + 3 = 301 of the city + 300 + 202 + 201 of others.
    assert 301 + sum(column.of("X").fen or 0 for column in found.rest.values()) == 1004


def test_an_amount_is_as_old_as_the_oldest_report_on_its_path() -> None:
    days = [DAY - timedelta(days=days) for days in (0, 10, 20, 30)]
    for oldest in range(3):
        first, second, holding = (days[3] if at == oldest else days[at] for at in range(3))
        stakes = [_stake("city", "M", 60, day=first), _stake("M", "A", 50, day=second)]
        found = attribute([Holding("A", "X", 100, holding)], stakes, basis="paid_in")
        assert found.exposure("city", firm="X").total.oldest == days[3]
        assert found.via["M"]["A"].of("X").oldest == min(second, holding)
        assert found.rest["A"].of("X").oldest == holding


def test_an_old_report_ages_only_the_firms_on_its_path() -> None:
    holdings = [Holding("A", "X", 10, YEAR), Holding("A", "Y", 10, DAY)]
    column = attribute(holdings, [_stake("M", "A", 100)], basis="paid_in").via["M"]["A"]
    assert dict(column.items()) == {"X": Amount(10, None, YEAR), "Y": Amount(10, None, DAY)}


def test_a_stake_of_nothing_ages_nothing() -> None:
    stakes = [_stake("M", "A", 0, day=YEAR), _stake("M", "B", 50)]
    holdings = [Holding("A", "X", 10, DAY), Holding("B", "X", 10, DAY)]
    navs = [NetAssets("B", 12, DAY)]  # that A's are not reported is nothing to M
    found = attribute(holdings, stakes, basis="paid_in", navs=navs)
    assert found.exposure("M", firm="X") == (Amount(0), {"B": (5, None, DAY)}, (5, None, DAY), ())
    assert found.residual["M"] == Amount(1, None, DAY)
    assert found.rest["A"].of("X").fen == 10


def test_the_residual_is_passed_up_and_not_spread() -> None:
    navs = [NetAssets("A", 2000, YEAR), NetAssets("B", 700, DAY), NetAssets("M", 1000, DAY)]
    found = attribute(HOLDINGS, [IN_A, IN_B], basis="paid_in", navs=navs)
    # A: 2000 - 1001 - 500 = 499, 40 % = 199.6 and 299.4. B: 700 - 803 = -103, 25 % = 25.75 and 77.25.
    assert found.residual["A"] == Amount(499, None, YEAR)
    assert found.residual["B"] == Amount(-103, None, YEAR)
    assert found.residual_via["M"] == {"A": Amount(200, None, YEAR), "B": Amount(-26, None, YEAR)}
    assert found.rest_residual == {"A": Amount(299, None, YEAR), "B": Amount(-77, None, YEAR)}
    # M: 1000 less 701 of X and 200 of Y is 99, so 99 - 200 + 26 = -75 are its own.
    assert found.residual["M"] == Amount(99, None, YEAR)
    assert found.by_firm("M").of("X").fen == 701


def test_a_residual_is_as_old_as_the_stake_it_is_passed_up_by() -> None:
    stakes = [_stake("M", "A", 50, day=YEAR), _stake("LP", "A", 50)]
    found = attribute([], stakes, basis="paid_in", navs=[NetAssets("A", 10, QUARTER)])
    assert found.residual["M"] == found.residual_via["M"]["A"] == Amount(5, None, YEAR)
    assert found.residual["LP"] == Amount(5, None, QUARTER)


def test_a_holder_without_net_assets_has_the_residual_of_its_funds() -> None:
    navs = [NetAssets("A", 2000, DAY), NetAssets("B", 1003, DAY)]
    found = attribute(HOLDINGS, [IN_A, IN_B], basis="paid_in", navs=navs)
    # 199.6 of A and 200 * 25 % = 50 of B.
    assert found.residual["M"] == Amount(250, None, YEAR)


def test_net_assets_that_are_not_reported_are_no_zero() -> None:
    stakes = [IN_A, IN_B, _stake("city", "M", 50)]
    navs = [NetAssets("A", 2000, DAY), NetAssets("B", None, DAY)]
    found = attribute(HOLDINGS, stakes, basis="paid_in", navs=navs)
    assert found.residual_via["M"] == {"A": Amount(200, None, QUARTER), "B": Amount(None, "not-reported")}
    assert {node: found.residual[node].reason for node in ("B", "M", "city")} == dict.fromkeys(
        ("B", "M", "city"), "not-reported"
    )
    assert found.rest_residual["B"] == Amount(None, "not-reported")
    assert found.exposure("M", firm="X").total.fen == 701  # firms need no net assets
    assert found.gaps("M") == ()


def test_a_share_that_is_not_reported_is_no_zero() -> None:
    stakes = [_stake("M", "A", None), _stake("LP", "A", 30), _stake("M", "B", 25), _stake("city", "M", 50)]
    navs = [NetAssets("A", 1600, DAY), NetAssets("B", 803, DAY), NetAssets("M", 5000, DAY)]
    found = attribute(HOLDINGS, stakes, basis="paid_in", navs=navs)
    # LP: 1001 * 30 % = 300.3; the other 700.7 are M's and others', nobody knows whose.
    assert found.via["LP"]["A"].of("X").fen == 300
    assert found.rest["A"].of("X").fen == 701
    assert found.unattributed == {"A": "not-reported"}
    gap = Gap("M", "A", None, "not-reported")
    assert found.exposure("M", firm="X") == (
        (100, None, DAY), {"B": (201, None, YEAR)}, (301, None, YEAR), (gap,),
    )  # fmt: skip
    assert (found.gaps("city"), found.gaps("LP"), found.gaps("A")) == ((gap,), (), ())
    # Its own net assets do not tell M how much of them is cash while its part of A is unknown.
    assert found.residual["M"] == Amount(None, "not-reported")
    assert found.residual_via["M"] == {"A": Amount(None, "not-reported"), "B": Amount(0, None, YEAR)}
    assert found.residual["A"].fen == 99
    assert found.residual["LP"].fen == 30


@pytest.mark.parametrize(
    ("stake", "reason"),
    [
        (Stake("M", "A", DAY, nav=None, nav_total=90), "not-reported"),
        (Stake("M", "A", DAY, nav=45, nav_total=None), "not-reported"),
        (Stake("M", "A", DAY, 40, 100), "not-reported"),
        (Stake("M", "A", DAY, nav=0, nav_total=0), "no-denominator"),
        (Stake("M", "A", DAY, nav=-45, nav_total=-90), "undefined"),
        (Stake("M", "A", DAY, nav=-1, nav_total=90), "undefined"),
        (Stake("M", "A", DAY, nav=91, nav_total=90), "undefined"),
    ],
)
def test_why_there_is_no_share(stake: Stake, reason: str) -> None:
    found = attribute(HOLDINGS, [stake], basis="nav", navs=[NetAssets("A", 2000, DAY)])
    assert found.unattributed == {"A": reason}
    assert found.gaps("M") == (Gap("M", "A", None, reason),)
    assert found.residual["M"] == Amount(None, reason)
    assert found.rest["A"].of("X").fen == 1001
    assert found.rest_residual["A"].fen == 499
    assert found.exposure("M", firm="X").total.fen == 100


def test_parts_of_net_assets_that_are_together_above_the_whole_are_no_shares() -> None:
    """Somebody outside has -10 of 90: what M and LP have is above the whole by as much."""
    stakes = [
        Stake(holder, "A", DAY, nav=fen, nav_total=90) for holder, fen in (("M", 60), ("LP", 40), ("Z", 0))
    ]
    found = attribute(HOLDINGS, stakes, basis="nav", navs=[NetAssets("A", 2000, DAY)])
    assert found.unattributed == {"A": "undefined"}
    assert [gap.reason for holder in ("M", "LP") for gap in found.gaps(holder)] == ["undefined", "undefined"]
    assert found.gaps("Z") == ()
    assert found.rest["A"].of("X").fen == 1001


def test_of_several_reasons_the_missing_report_is_told() -> None:
    stakes = [
        Stake("M", "A", DAY, nav=0, nav_total=0),
        Stake("M", "B", DAY),
        Stake("LP", "A", DAY, nav=1, nav_total=None),
    ]
    navs = [NetAssets(fund, 5000, DAY) for fund in "ABM"]
    found = attribute(HOLDINGS, stakes, basis="nav", navs=navs)
    assert found.unattributed == {"A": "not-reported", "B": "not-reported"}
    assert found.residual["M"] == Amount(None, "not-reported")


def test_of_reasons_that_weigh_the_same_the_first_by_name_is_told() -> None:
    stakes = [Stake("M", "A", DAY, nav=0, nav_total=0), Stake("M", "B", DAY, nav=-1, nav_total=-2)]
    for rows in (stakes, stakes[::-1]):
        assert attribute([], rows, basis="nav").residual["M"] == Amount(None, "no-denominator")


def test_a_firm_without_a_value_is_a_gap_of_that_firm() -> None:
    holdings = [*HOLDINGS, Holding("A", "Z", None, DAY)]
    navs = [NetAssets("A", 2000, DAY), NetAssets("B", 900, DAY), NetAssets("M", 5000, DAY)]
    found = attribute(holdings, [IN_A, IN_B, _stake("city", "M", 50)], basis="paid_in", navs=navs)
    gap = Gap("A", None, "Z", "not-reported")
    assert found.gaps("city") == found.gaps("M", firm="Z") == found.gaps("A") == (gap,)
    assert found.gaps("M", firm="X") == found.gaps("B") == ()
    assert found.exposure("M", firm="X").total.fen == 701
    assert found.residual["A"] == found.residual["M"] == Amount(None, "not-reported")
    assert found.residual["B"].fen == 97
    assert found.unattributed == {}


def test_gaps_are_told_in_an_order_of_their_own() -> None:
    holdings = [Holding("A", firm, None, DAY) for firm in ("b", 16, "a", 8, 16)]
    for rows in (holdings, holdings[::-1]):
        gaps = attribute(rows, [_stake("M", "A", 50), _stake("A", "S", None)], basis="paid_in").gaps("M")
        assert gaps == (
            *(Gap("A", None, firm, "not-reported") for firm in (8, 16, "a", "b")),
            Gap("A", "S", None, "not-reported"),
        )


def test_gaps_are_told_once_however_many_paths_lead_to_them() -> None:
    stakes = [_stake("M", "A", 50), _stake("M", "B", 50), _stake("A", "S", 50), _stake("B", "S", 50)]
    found = attribute([Holding("S", "X", None, DAY)], stakes, basis="paid_in")
    assert found.gaps("M") == (Gap("S", None, "X", "not-reported"),)


def test_a_fund_held_wholly_has_no_rest() -> None:
    found = attribute(HOLDINGS, [_stake("M", "A", 70), _stake("LP", "A", 30)], basis="paid_in")
    assert (found.rest, found.rest_residual) == ({}, {})
    assert (found.via["M"]["A"].of("X").fen, found.via["LP"]["A"].of("X").fen) == (701, 300)


def test_totals_of_different_report_days_make_shares_of_their_own() -> None:
    stakes = [_stake("M", "A", 1, 3), _stake("LP", "A", 2, 5)]
    found = attribute([Holding("A", "X", 100, DAY)], stakes, basis="paid_in")
    # 33.33 and 40; 26.67 left, to which the fen goes.
    assert (found.via["M"]["A"].of("X").fen, found.via["LP"]["A"].of("X").fen) == (33, 40)
    assert found.rest["A"].of("X").fen == 27


def test_equal_remainders_go_to_numbers_then_texts_then_the_rest() -> None:
    def parts(fen: int) -> list[int | None]:
        stakes = [Stake(holder, "A", DAY, 1, 4) for holder in ("b", 10, 9)]
        found = attribute([Holding("A", "X", fen, DAY)], stakes, basis="paid_in")
        return [
            *(found.via[holder]["A"].of("X").fen for holder in (9, 10, "b")),
            found.rest["A"].of("X").fen,
        ]

    assert [parts(fen) for fen in (1, 2, 3)] == [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0]]


def test_a_circle_is_named_in_its_order() -> None:
    circle = [_stake("C", "B", 10), _stake("B", "A", 10), _stake("A", "C", 10)]
    others = [_stake("M", "A", 10), _stake("B", "S", 10)]
    for stakes in (circle + others, others + circle[::-1], circle[1:] + others + circle[:1]):
        with pytest.raises(CyclicOwnership, match="A -> C -> B -> A") as caught:
            attribute(HOLDINGS, stakes, basis="paid_in")
        assert caught.value.funds == ("A", "C", "B")
        assert isinstance(caught.value, ValueError)


def test_of_two_circles_the_same_is_named_whatever_the_order_of_rows() -> None:
    pairs = [(0, 8), (0, 16), (8, 9), (9, 8), (16, 17), (17, 16)]
    for rows in (pairs, pairs[::-1]):
        with pytest.raises(CyclicOwnership) as caught:
            attribute([], [Stake(holder, fund, DAY, 1, 9) for holder, fund in rows], basis="paid_in")
        assert caught.value.funds == (8, 9)


def test_a_circle_begins_with_the_first_name_wherever_it_was_entered() -> None:
    stakes = [_stake("D", "A", 10), _stake("C", "D", 10), _stake("D", "C", 10)]
    with pytest.raises(CyclicOwnership) as caught:
        attribute([], stakes, basis="paid_in")
    assert caught.value.funds == ("C", "D")


def test_a_fund_that_holds_itself_is_a_circle() -> None:
    with pytest.raises(CyclicOwnership, match="A -> A") as caught:
        attribute(HOLDINGS, [_stake("A", "A", 1)], basis="paid_in")
    assert caught.value.funds == ("A",)


@pytest.mark.parametrize(
    ("stakes", "why"),
    [
        ([_stake("M", "A", 101)], "fund A is held by M: 101 of 100"),
        ([_stake("M", "A", 1, 0)], "fund A is held by M: 1 of 0"),
        ([_stake("M", "A", 60), _stake("LP", "A", 41)], "fund A is held by LP, M"),
        ([_stake("M", "A", 2, 3), _stake("LP", "A", 334, 1000)], "fund A is held by LP, M"),
    ],
)
def test_more_than_the_whole_of_a_fund_is_refused(stakes: list[Stake], why: str) -> None:
    with pytest.raises(ShareAboveWhole, match=why) as caught:
        attribute(HOLDINGS, stakes, basis="paid_in")
    assert caught.value.fund == "A"


def test_another_basis_above_the_whole_does_not_matter() -> None:
    found = attribute(HOLDINGS, [IN_A._replace(nav=91)], basis="paid_in")
    assert found.via["M"]["A"].of("X").fen == 400


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"basis": "cost"}, "unknown basis 'cost'"),
        ({"basis": "paid_in_total"}, "unknown basis"),
        ({"stakes": [IN_A, IN_A._replace(paid_in=1)]}, "M has two stakes in fund A"),
        ({"stakes": [IN_A._replace(paid_in=-1)]}, "paid_in of M in fund A: -1 is negative"),
        ({"stakes": [IN_A._replace(commitment_total=-1)]}, "commitment_total of M in fund A: -1"),
        ({"stakes": [IN_A._replace(paid_in=1.0)]}, "paid_in of M in fund A: 1.0 is not"),
        ({"stakes": [IN_A._replace(nav_total=True)]}, "nav_total of M in fund A: True is not"),
        ({"holdings": [*HOLDINGS, Holding("A", "Z", -1, DAY)]}, "Z held by A: -1 is negative"),
        ({"holdings": [*HOLDINGS, Holding("A", "Z", 1.5, DAY)]}, "Z held by A: 1.5 is not"),
        ({"holdings": [*HOLDINGS, Holding("A", "Z", "1", DAY)]}, "Z held by A: '1' is not"),
        ({"holdings": [Holding("A", "X", 2**61, DAY), Holding("B", "X", 2**61, DAY)]}, "too many"),
        ({"navs": [NetAssets("A", 1, DAY), NetAssets("A", 1, DAY)]}, "net assets of A are given twice"),
        ({"navs": [NetAssets("A", 0.5, DAY)]}, "net assets of A: 0.5 is not"),
        ({"navs": [NetAssets("A", -(2**62), DAY)]}, "net assets of A: -4611686018427387904 fen"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(change: dict[str, Any], why: str) -> None:
    rows: dict[str, Any] = {"holdings": HOLDINGS, "stakes": [IN_A], "basis": "paid_in", "navs": []} | change
    with pytest.raises(UnableToAttributeError, match=why):
        attribute(rows.pop("holdings"), rows.pop("stakes"), **rows)


def test_the_largest_amounts_that_are_let_in_do_not_overflow() -> None:
    most = 2**62 - 1
    stakes = [_stake("M", "A", most - 2, most), _stake("city", "M", most - 2, most)]
    navs = [NetAssets("A", -most, DAY), NetAssets("M", most, DAY)]
    found = attribute([Holding("A", "X", most, DAY)], stakes, basis="paid_in", navs=navs)
    # most * (most - 2)/most leaves 2 to the rest; of most - 2 the rest has 2 - 4/most, 2 again.
    assert found.exposure("city", firm="X").total.fen == most - 4
    # Of 2 most the rest has 4, of 2 it has 4/most.
    assert found.residual["A"].fen == -2 * most
    assert found.residual_via["M"]["A"].fen == -2 * most + 4
    assert (found.residual["M"].fen, found.residual["city"].fen) == (2, 2)
