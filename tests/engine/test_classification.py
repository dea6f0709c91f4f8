"""Five tiers and overdue buckets, at their borders."""

import pytest

from tasks.engine.classification import Floor, LoanClass, OverdueBucket, floor, npl_ratio, overdue_bucket
from tasks.engine.value import Value


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (0, "normal"), (7, "normal"), (8, "special_mention"), (90, "special_mention"),
        (91, "substandard"), (270, "substandard"), (271, "doubtful"), (360, "doubtful"),
        (361, "loss"), (9999, "loss"),
    ],
)  # fmt: skip
def test_the_floor_rises_the_day_after_each_border(days: int, code: str) -> None:
    assert floor(days) is LoanClass(code)


def test_the_floors_of_another_rule_are_data() -> None:
    later = (Floor(30, LoanClass.SUBSTANDARD),)
    assert floor(30, floors=later) is LoanClass.NORMAL
    assert floor(31, floors=later) is LoanClass.SUBSTANDARD
    assert floor(400, floors=()) is LoanClass.NORMAL


def test_classes_are_ordered_from_good_to_bad() -> None:
    in_order = [LoanClass(code) for code in ("normal", "special_mention", "substandard", "doubtful", "loss")]
    assert sorted(in_order[at] for at in (4, 1, 3, 0, 2)) == in_order == list(LoanClass)
    assert LoanClass.NORMAL < LoanClass.SPECIAL_MENTION <= LoanClass.SPECIAL_MENTION
    assert LoanClass.LOSS > LoanClass.DOUBTFUL >= LoanClass.DOUBTFUL
    assert not LoanClass.SUBSTANDARD < LoanClass.SPECIAL_MENTION


def test_non_performing_begins_with_substandard() -> None:
    assert [tier.non_performing for tier in LoanClass] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (1, "<=30"), (30, "<=30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91-180"),
        (180, "91-180"), (181, "181-270"), (270, "181-270"), (271, "271-360"), (360, "271-360"),
        (361, ">=361"), (5000, ">=361"),
    ],
)  # fmt: skip
def test_buckets_follow_the_report(days: int, bucket: str) -> None:
    assert overdue_bucket(days) is OverdueBucket(bucket)


def test_a_loan_that_is_not_overdue_is_in_no_bucket() -> None:
    assert overdue_bucket(0) is None


@pytest.mark.parametrize("days", [-1, -90])
def test_negative_days_are_refused(days: int) -> None:
    with pytest.raises(ValueError, match="from 0"):
        floor(days)
    with pytest.raises(ValueError, match="from 0"):
        overdue_bucket(days)


@pytest.mark.parametrize("code", ["", "pass", "SUBSTANDARD", "次级"])
def test_an_unknown_code_is_no_class(code: str) -> None:
    with pytest.raises(ValueError, match="LoanClass"):
        LoanClass(code)


def test_the_ratio_of_bad_loans_by_hand() -> None:
    fen = {
        LoanClass.NORMAL: 9_000,
        LoanClass.SPECIAL_MENTION: 500,
        LoanClass.SUBSTANDARD: 300,
        LoanClass.LOSS: 200,
    }
    assert npl_ratio(fen) == Value.of(0.05)


def test_a_book_without_bad_loans_has_a_ratio_of_zero() -> None:
    assert npl_ratio({LoanClass.NORMAL: 1}) == Value.of(0.0)


def test_an_empty_book_has_no_ratio() -> None:
    assert npl_ratio({}) == npl_ratio({LoanClass.LOSS: 0}) == Value.none("no-denominator")


def test_a_negative_balance_has_no_ratio() -> None:
    assert npl_ratio({LoanClass.NORMAL: 10, LoanClass.LOSS: -1}) == Value.none("undefined")
