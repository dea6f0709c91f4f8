"""The rules of a stock row that need nothing but the row."""

from __future__ import annotations

import polars as pl

from loans import formats
from loans.intake.rules.checks import Check, amount, choice, integer, money, required, texts, whole
from loans.models import Dataset

#: From more than so many overdue days, no better than the class (令〔2023〕1号).
FLOORS = ((360, "loss"), (270, "doubtful"), (90, "substandard"))
_AMOUNTS = ("balance", "overdue_principal", "overdue_interest")


def checks() -> list[Check]:
    return [
        *(required(name) for name in formats.REQUIRED[Dataset.STOCK]),
        *texts(formats.STOCK),
        choice("five_tier", formats.TIERS),
        *integer("revision", least=1),
        *integer("overdue_days", least=0),
        *(check for name in _AMOUNTS for check in money(name)),
        *_floors(),
    ]


def _floors() -> list[Check]:
    """A bank may report a worse class than the days ask for, never a better one."""
    days, tier = whole("overdue_days"), pl.col("five_tier")
    found, above = [], None
    for more_than, floor in FLOORS:
        better = tier.is_in(list(formats.TIERS[: formats.TIERS.index(floor)]))
        within = days > more_than if above is None else (days > more_than) & (days <= above)
        found.append(
            Check(
                "five-tier-better-than-floor",
                "five_tier",
                within & better,
                {"floor": floor},
                ("overdue_days",),
            )
        )
        above = more_than
    return found


def typed() -> list[pl.Expr]:
    """The columns in the types and the canonical form in which they are staged."""
    return [
        whole("revision").cast(pl.Int32),
        whole("overdue_days").cast(pl.Int32),
        amount("balance"),
        *(amount(name).fill_null(pl.lit("0.00").cast(pl.Decimal(18, 2))) for name in _AMOUNTS[1:]),
    ]
