"""What people type into forms becomes values, or is refused in the words of the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from finance_hub.kernel.typed import number, whole
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


@pytest.mark.parametrize("typed", ["1250000", "1,250,000", "1250000 股", "１２５００００", "0001250000"])
def test_a_count_is_read_as_people_write_it(typed: str) -> None:
    assert whole(typed) == 1_250_000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "not-an-integer"),
        ("1.0", "not-an-integer"),
        ("1,250.5", "not-an-integer"),
        ("12,50", "not-an-integer"),
        ("--1", "not-an-integer"),
        ("四", "not-an-integer"),
        ("-1", "min_value"),
        ("-1,250", "min_value"),
        ("9" * 19, "max_value"),
        ("9" * 5000, "max_value"),
    ],
)
def test_a_doubtful_count_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Unread) as refused:
        whole(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("-3", "min_value"), ("1" + "0" * 12, "max_value"), ("1.0000001", "invalid"), ("四", "invalid")],
)
def test_a_doubtful_price_is_refused(typed: str, code: str) -> None:
    assert number("￥1,250.5") == number("01250.50") == Decimal("1250.5")
    with pytest.raises(Unread) as refused:
        number(typed)
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


RECORD = (
    Field("people", "Decided by", "names", most=300),
    Field("votes", "Votes", "whole", greatest=200),
    Field("grounds", "Grounds", "text", most=20),
    Field("file", "Document", "file"),
)
DECIDED = {"people": "陈某、李某", "votes": "4", "grounds": "技术领先"}


@pytest.mark.parametrize(
    "typed",
    ["陈某、李某", "陈某，李某", "陈某, 李某", "陈某;李某；", "陈某\r\n李某\r\n", " 陈某 、、李某、陈某 "],
)
def test_names_are_read_as_people_list_them(typed: str) -> None:
    assert read(RECORD, {**DECIDED, "people": typed}) == (
        {"people": ["陈某", "李某"], "votes": 4, "grounds": "技术领先"}, (),
    )  # fmt: skip


def test_paragraphs_become_one_line_and_full_width_digits_a_number() -> None:
    values, _errors = read(RECORD, {**DECIDED, "grounds": " 一 \r\n\r\n 二 ", "votes": " ２００ "})
    assert (values["grounds"], values["votes"]) == ("一 二", 200)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"people": "、 ，"}, "people"),
        ({"people": "、".join(str(number) for number in range(31))}, "people"),
        ({"people": "长" * 101}, "people"),
        ({"people": "甲\x07"}, "people"),
        ({"votes": "201"}, "votes"),
        ({"votes": "-1"}, "votes"),
        ({"votes": "4.0"}, "votes"),
        ({"votes": "四"}, "votes"),
        ({"grounds": "\n"}, "grounds"),
        ({"grounds": "长" * 21}, "grounds"),
        ({"grounds": "a\0b"}, "grounds"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_at_its_field(changed: dict[str, str], field: str) -> None:
    _values, errors = read(RECORD, {**DECIDED, **changed})
    assert [error.field_id for error in errors] == [field]
