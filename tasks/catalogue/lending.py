"""Loans by bank and product as the briefing tells them: firms behind every amount, what is overdue, and at what rate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from operator import attrgetter
from typing import Any

from finance_hub.kernel.text import Text
from tasks.catalogue.credit import Rows, banks, grouped, label_of, lent, moved, silent
from tasks.catalogue.entry import Point
from tasks.catalogue.sums import by_key
from tasks.engine.classification import LoanClass, npl_ratio
from tasks.engine.value import NOT_REPORTED, Value, ratio
from tasks.frames import Frames

Reckon = Callable[[list[Any]], Point]
Cut = Callable[[Frames], Iterable[Point]]
#: Fen times percent in ten-thousandths, to a plain ratio.
_RATED = 10_000 * 100


def _cuts(rows: Rows, reckon: Reckon, *, dataset: str) -> tuple[Cut, Cut, Cut, Cut]:
    """For the city, by bank, by product, by both; of a bank that has not sent the data set there is no value."""

    def silence(frames: Frames) -> tuple[set[int], bool]:
        quiet = silent(frames, dataset)
        return quiet, {bank.id for bank in banks(frames)} <= quiet

    def city(frames: Frames) -> Iterable[Point]:
        nobody = silence(frames)[1]
        return [Point.missing(NOT_REPORTED) if nobody else reckon(_joined(rows(frames)))]

    def bank(frames: Frames) -> Iterable[Point]:
        quiet = silence(frames)[0]
        for one in banks(frames):
            own = _joined({at: group for at, group in rows(frames).items() if at[0] == one.id})
            told = Point.missing(NOT_REPORTED) if one.id in quiet else reckon(own)
            yield replace(told, key=one.code, label=label_of(one))

    def product(frames: Frames) -> Iterable[Point]:
        nobody = silence(frames)[1]
        for one in frames.products:
            own = _joined({at: group for at, group in rows(frames).items() if at[1] == one.code})
            told = Point.missing(NOT_REPORTED) if nobody else reckon(own)
            yield replace(told, key=one.code, label=Text(one.name, one.name_en))

    def both(frames: Frames) -> Iterable[Point]:
        found, quiet = rows(frames), silence(frames)[0]
        for one in banks(frames):
            for kind in frames.products:
                own = found.get((one.id, kind.code), [])
                told = Point.missing(NOT_REPORTED) if one.id in quiet else reckon(own)
                label = Text(f"{one.name} · {kind.name}", f"{one.name_en} · {kind.name_en}")
                yield replace(told, key=f"{one.code}:{kind.code}", label=label)

    return city, bank, product, both


def _joined(groups: Mapping[tuple[int, str], list[Any]]) -> list[Any]:
    return list(chain.from_iterable(groups.values()))


def _firms(amount: Callable[[Any], int], counts: Callable[[int], bool]) -> Reckon:
    def reckon(rows: list[Any]) -> Point:
        sums = by_key(rows, key=attrgetter("firm_id"), amount=amount)
        return Point(Decimal(sum(map(counts, sums.values()))))

    return reckon


def _overdue(rows: list[Any]) -> Point:
    return Point.of_fen(sum(row.balance for row in rows if row.overdue != "0"))


def _npl(rows: list[Any]) -> Point:
    return Point.of(npl_ratio(by_key(rows, key=lambda r: LoanClass(r.five_tier), amount=lambda r: r.balance)))


def _rate(rows: list[Any]) -> Point:
    owed = sum(row.balance for row in rows)
    found = ratio(sum(row.rated for row in rows), owed)
    return Point.of(found if found.value is None else Value.of(found.value / _RATED))


_positions, _troubled = grouped(attrgetter("positions")), grouped(attrgetter("troubled"))
_OWING, _MOVED = (lambda fen: fen > 0), (lambda fen: fen != 0)
firms_city, firms_bank, firms_product, firms_bank_product = _cuts(
    lent, _firms(attrgetter("balance"), _OWING), dataset="flow"
)
firms_disbursed_city, firms_disbursed_bank, firms_disbursed_product, firms_disbursed_bank_product = _cuts(
    moved, _firms(attrgetter("disbursed"), _MOVED), dataset="flow"
)
firms_repaid_city, firms_repaid_bank, firms_repaid_product, firms_repaid_bank_product = _cuts(
    moved, _firms(attrgetter("repaid"), _MOVED), dataset="flow"
)
overdue_balance_city, overdue_balance_bank, overdue_balance_product, overdue_balance_bank_product = _cuts(
    _positions, _overdue, dataset="stock"
)
_CITY_NPL, _BANK_NPL, npl_product, npl_bank_product = _cuts(_positions, _npl, dataset="stock")
rate_city, rate_bank, rate_product, rate_bank_product = _cuts(_positions, _rate, dataset="stock")
overdue_firms_city, overdue_firms_bank, overdue_firms_product, overdue_firms_bank_product = _cuts(
    _troubled, _firms(attrgetter("overdue"), _OWING), dataset="stock"
)
npl_firms_city, npl_firms_bank, npl_firms_product, npl_firms_bank_product = _cuts(
    _troubled, _firms(attrgetter("bad"), _OWING), dataset="stock"
)
