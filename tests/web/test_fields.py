"""What people type into forms becomes values, or is refused in the words of the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from finance_hub.web.fields import Field, Unread, amount, day, read

FORM = (
    Field("amount", "Amount", "money"),
    Field("on", "Date", "day"),
    Field("kind", "Kind", "choice", choices=(("call", "Call"),)),
    Field("recallable", "Recallable", "tick", required=False),
    Field("note", "Note", required=False, most=5),
)
SAID = {"amount": "1.50", "on": "2026-10-31", "kind": "call", "recallable": "yes", "note": " ab "}


@pytest.mark.parametrize(
    "typed", ["1234567.89", "1,234,567.89", "￥1,234,567.89", "¥ 1234567.89 元", "１，２３４，５６７．８９"]
)
def test_an_amount_is_read_as_people_write_it(typed: str) -> None:
    assert amount(typed) == Decimal("1234567.89")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount-missing"),
        (" ￥ ", "amount-missing"),
        ("1.234", "amount-scale"),
        ("12,34", "amount-format"),
        ("1,2345,678", "amount-format"),
        ("1.234.567", "amount-format"),
        ("1e6", "amount-format"),
        ("百万", "amount-format"),
        ("NaN", "amount-format"),
        ("9" * 17, "amount-too-large"),
    ],
)
def test_a_doubtful_amount_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Unread) as refused:
        amount(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed", ["2026-06-01", "2026/6/1", "2026.06.1", "2026年6月1日", "20260601", " ２０２６-06-01 "]
)
def test_a_date_is_read_as_people_write_it(typed: str) -> None:
    assert day(typed) == date(2026, 6, 1)


@pytest.mark.parametrize(
    "typed", ["", "2026-02-30", "01/06/2026", "2026-13-01", "2026", "1899-01-01", "tomorrow"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(Unread):
        day(typed)


def test_a_form_becomes_values() -> None:
    values, errors = read(FORM, SAID)
    assert errors == ()
    assert values == {
        "amount": Decimal("1.50"), "on": date(2026, 10, 31), "kind": "call", "recallable": True, "note": "ab",
    }  # fmt: skip


def test_what_was_left_out_is_none_and_a_box_without_its_tick_is_no() -> None:
    values, errors = read(FORM, {"amount": "1", "on": "20261031", "kind": "call"})
    assert errors == ()
    assert (values["note"], values["recallable"]) == (None, False)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": " "}, "amount"),
        ({"on": ""}, "on"),
        ({"kind": ""}, "kind"),
        ({"kind": "fee"}, "kind"),
        ({"note": "abcdef"}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"note": "a\nb"}, "note"),
    ],
)
def test_errors_name_their_field(changed: dict[str, str], field: str) -> None:
    _values, errors = read(FORM, {**SAID, **changed})
    assert [error.field_id for error in errors] == [field]


def test_all_errors_are_told_at_once_in_the_order_of_the_fields() -> None:
    _values, errors = read(FORM, {})
    assert [error.field_id for error in errors] == ["amount", "on", "kind"]
