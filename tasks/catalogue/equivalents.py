"""What the investors' money would have made in an index: the public-market equivalents of one fund."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from finance_hub.kernel.money import yuan
from funds.queries import FlowRow
from tasks.catalogue.entry import Point

NO_BENCHMARK: Final = "no-benchmark"


class Equivalents(NamedTuple):
    """KS-PME is a multiple, the others yearly rates; each a value or the reason why none."""

    ks_pme: Point
    ln_pme: Point
    pme_plus: Point
    direct_alpha: Point

    @classmethod
    def missing(cls, reason: str) -> Equivalents:
        return cls(*(Point.missing(reason) for _ in cls._fields))


def equivalents(
    flows: Sequence[FlowRow], *, nav_fen: int, on: date, levels: Mapping[date, Decimal | None]
) -> Equivalents:
    """From the investors' flows up to `on`, the NAV at its end, and the index at the end of each day.

    `levels` has every day with a flow, and `on`; None stands where no level is known, and no equivalent is
    then. What was paid and got on one day stands there twice: KS-PME asks for both and not for their
    difference. Rates of less than a year are not shown, as the net IRR is not.
    """
    from tasks.catalogue.funds import annual
    from tasks.engine import pme

    dates = [row.effective_date for row in flows for _ in range(2)] + [on]
    paid_and_got = (each for row in flows for each in (-row.contribution_fen, row.distribution_fen))
    amounts = [*map(yuan, paid_and_got), Decimal(0)]
    index, nav = [levels[day] for day in dates], yuan(nav_fen)
    return Equivalents(
        Point.of(pme.ks_pme(amounts, index, nav=nav, dates=dates)),
        annual(pme.ln_pme(amounts, index, nav=nav, dates=dates)),
        annual(pme.pme_plus(amounts, index, nav=nav, dates=dates)),
        annual(pme.direct_alpha(amounts, index, nav=nav, dates=dates)),
    )
