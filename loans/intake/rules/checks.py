"""Rules as columns: an expression that is true where a row breaks the rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from loans import formats
from loans.intake.parse import Fault

#: Yuan as text; the same language as kernel.money reads.
MONEY = r"^-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,2})?$"
_SCALE = r"^-?[0-9]+\.[0-9]{3,}$"
_TOO_LARGE = r"^-?[1-9][0-9]{16,}(\.[0-9]{1,2})?$"
_RATE = r"^(0|[1-9][0-9]?)(\.[0-9]{1,4})?$"
_RATE_SCALE = r"^(0|[1-9][0-9]?)\.[0-9]{5,}$"
_DATE = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_MOST_WHOLE = 2**31 - 1


@dataclass(frozen=True)
class Check:
    """`broken` may be null where a value is absent. `context` is said with the fault; the columns
    of `shown` are added to it."""

    code: str
    name: str
    broken: pl.Expr
    context: dict[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()


def find(rows: pl.DataFrame, checks: Sequence[Check]) -> list[Fault]:
    """Every broken rule of every row."""
    flags = rows.select(check.broken.fill_null(value=False).alias(str(at)) for at, check in enumerate(checks))
    return [
        fault
        for at, check in enumerate(checks)
        if flags[str(at)].any()
        for fault in _faults(rows.filter(flags[str(at)]), check)
    ]


def _faults(broken: pl.DataFrame, check: Check) -> Iterable[Fault]:
    for number, *values in broken.select("row_number", *check.shown).iter_rows():
        said: dict[str, Any] = check.context | dict(zip(check.shown, map(str, values), strict=True))
        yield Fault(number, check.code, f"#/{check.name}", said)


def given(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().fill_null("") != ""


def required(name: str, *, where: pl.Expr | None = None) -> Check:
    absent = ~given(name)
    code = "amount-missing" if name in formats.MONEY else "required"
    return Check(code, name, absent if where is None else absent & where)


def texts(names: Iterable[str]) -> list[Check]:
    """Lengths and control characters of the fields that are free text."""
    free = [(name, formats.LONGEST[name]) for name in names if name in formats.LONGEST]
    return [
        Check("too-long", name, pl.col(name).str.len_chars() > longest, {"longest": str(longest)})
        for name, longest in free
    ] + [Check("control-characters", name, pl.col(name).str.contains(r"\p{Cc}")) for name, _ in free]


def choice(name: str, allowed: Iterable[str]) -> Check:
    words = sorted(allowed)
    return Check("not-allowed", name, ~pl.col(name).is_in(words), {"allowed": ", ".join(words)})


def money(name: str, *, signed: bool = False) -> list[Check]:
    """The codes of `kernel.money.parse`, and amounts below zero unless `signed`."""
    text = pl.col(name)
    well, scale, large = (text.str.contains(pattern) for pattern in (MONEY, _SCALE, _TOO_LARGE))
    checks = [
        Check("amount-scale", name, ~well & scale),
        Check("amount-too-large", name, ~well & large),
        Check("amount-format", name, ~well & ~scale & ~large),
    ]
    return checks if signed else [*checks, Check("amount-negative", name, amount(name) < 0)]


def amount(name: str) -> pl.Expr:
    """Yuan, null where the text is not well-formed."""
    text = pl.col(name)
    return pl.when(text.str.contains(MONEY)).then(text).cast(pl.Decimal(18, 2), strict=False)


def rate(name: str) -> list[Check]:
    text = pl.col(name)
    well, scale = text.str.contains(_RATE), text.str.contains(_RATE_SCALE)
    return [Check("rate-scale", name, scale), Check("rate-format", name, ~well & ~scale)]


def day(name: str) -> pl.Expr:
    """The civil date, null where the text is none."""
    text = pl.col(name)
    return pl.when(text.str.contains(_DATE)).then(text).str.to_date("%Y-%m-%d", strict=False)


def date_format(name: str) -> Check:
    return Check("date-format", name, pl.col(name).is_not_null() & day(name).is_null())


def whole(name: str) -> pl.Expr:
    """The integer, null where the text is none or is beyond the column."""
    text = pl.col(name)
    number = pl.when(text.str.contains(r"^-?[0-9]{1,10}$")).then(text).cast(pl.Int64, strict=False)
    return pl.when(number.abs() <= _MOST_WHOLE).then(number)


def integer(name: str, *, least: int) -> list[Check]:
    text = pl.col(name)
    digits = text.str.contains(r"^-?[0-9]+$")
    return [
        Check("not-an-integer", name, ~digits),
        Check("too-large", name, digits & whole(name).is_null()),
        Check("too-small", name, whole(name) < least, {"least": str(least)}),
    ]
