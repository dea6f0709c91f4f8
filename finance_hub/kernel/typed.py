"""Amounts, counts and dates as people type them, in a form or in a cell: met half way, and refused where doubtful."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from finance_hub.kernel import money
from finance_hub.kernel.periods import parse_date

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", re.ASCII)
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)

#: Of a count: what a whole number of the database holds.
MOST_DIGITS = 18
#: Of a price or a rate, before the point.
MOST_PLACES = 12


class Unread(ValueError):
    """What was typed is no value; `code` is the stable code of why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def amount(typed: str) -> Decimal:
    """Yuan as people write them: 1,234,567.89, ￥1234567.89 or full-width digits. Raises Unread."""
    plain = re.sub(r"[\s¥元]", "", unicodedata.normalize("NFKC", typed))
    if not plain:
        raise Unread("amount-missing")
    if "," in plain and not _GROUPED.fullmatch(plain.removeprefix("-")):
        raise Unread("amount-format")
    try:
        return money.parse(plain.replace(",", ""))
    except money.UnableToReadMoney as unread:
        raise Unread(unread.code) from unread


def day(typed: str) -> date:
    """A date as people write it: 2026-06-01, 2026/6/1, 2026年6月1日 or 20260601. Raises Unread."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[0-9]{8}", plain, re.ASCII):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parts = _DAY.fullmatch(plain)
    try:
        return parse_date(f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}" if parts else plain)
    except ValueError as unread:
        raise Unread("date-format") from unread


def whole(typed: str) -> int:
    """A count as people write it: 1,250,000, 1250000股 or full-width digits. Raises Unread."""
    plain = re.sub(r"[\s股]", "", unicodedata.normalize("NFKC", typed))
    digits = plain.removeprefix("-")
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(r"[0-9]+", digits, re.ASCII):
        raise Unread("not-an-integer")
    digits = digits.lstrip("0") or "0"
    if plain.startswith("-") and digits != "0":
        raise Unread("min_value")
    if len(digits) > MOST_DIGITS:
        raise Unread("max_value")
    return int(digits)


def number(typed: str) -> Decimal:
    """A price or a rate with at most six places; a sign of the yuan or of per cent is read over. Raises Unread."""
    plain = re.sub(r"[\s¥元%]", "", unicodedata.normalize("NFKC", typed))
    if "," in plain and not _GROUPED.fullmatch(plain):
        raise Unread("invalid")
    plain = plain.replace(",", "")
    found = re.fullmatch(r"(-?)0*([0-9]+(\.[0-9]{1,6})?)", plain, re.ASCII)
    if not found:
        raise Unread("invalid")
    if found[1] and Decimal(found[2]):
        raise Unread("min_value")
    if len(found[2].partition(".")[0]) > MOST_PLACES:
        raise Unread("max_value")
    return Decimal(found[2])


def require_plain(typed: str) -> None:
    """Raises Unread for control characters, which no line of text holds."""
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in typed):
        raise Unread("control-characters")
