"""Loans by bank and product as the briefing tells them: firms behind every amount, what is overdue, and at what rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from finance_hub.kernel.text import Text
from tasks.catalogue.credit import balances, banks, issued, label_of, silent
from tasks.catalogue.entry import Point
from tasks.catalogue.sums import by_key
from tasks.engine.classification import LoanClass, npl_ratio
from tasks.engine.value import NOT_REPORTED, Value, ratio
from tasks.frames import Frames

Rows = Callable[[Frames], Sequence[Any]]
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
        return [Point.missing(NOT_REPORTED) if nobody else reckon(list(rows(frames)))]

    def bank(frames: Frames) -> Iterable[Point]:
        found, quiet = _grouped(rows(frames), lambda row: row.bank_id), silence(frames)[0]
        for one in banks(frames):
            told = Point.missing(NOT_REPORTED) if one.id in quiet else reckon(found[one.id])
            yield replace(told, key=one.code, label=label_of(one))

    def product(frames: Frames) -> Iterable[Point]:
        found, nobody = _grouped(rows(frames), lambda row: row.product), silence(frames)[1]
        for one in frames.products:
            told = Point.missing(NOT_REPORTED) if nobody else reckon(found[one.code])
            yield replace(told, key=one.code, label=Text(one.name, one.name_en))

    def both(frames: Frames) -> Iterable[Point]:
        found, quiet = _grouped(rows(frames), lambda row: (row.bank_id, row.product)), silence(frames)[0]
        for one in banks(frames):
            for kind in frames.products:
                told = Point.missing(NOT_REPORTED) if one.id in quiet else reckon(found[one.id, kind.code])
                label = Text(f"{one.name} · {kind.name}", f"{one.name_en} · {kind.name_en}")
                yield replace(told, key=f"{one.code}:{kind.code}", label=label)

    return city, bank, product, both


def _grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _firms(amount: Callable[[Any], int], counts: Callable[[int], bool]) -> Reckon:
    def reckon(rows: list[Any]) -> Point:
        sums = by_key(rows, key=lambda row: row.firm_id, amount=amount)
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


def _positions(frames: Frames) -> Sequence[Any]:
    return frames.positions


def _troubled(frames: Frames) -> Sequence[Any]:
    return frames.troubled


_OWING, _MOVED = (lambda fen: fen > 0), (lambda fen: fen != 0)
_CITY, _BANK, firms_product, firms_bank_product = _cuts(
    balances, _firms(lambda r: r.balance, _OWING), dataset="flow"
)
firms_disbursed_city, firms_disbursed_bank, firms_disbursed_product, firms_disbursed_bank_product = _cuts(
    issued, _firms(lambda r: r.disbursed, _MOVED), dataset="flow"
)
firms_repaid_city, firms_repaid_bank, firms_repaid_product, firms_repaid_bank_product = _cuts(
    issued, _firms(lambda r: r.repaid, _MOVED), dataset="flow"
)
overdue_balance_city, overdue_balance_bank, overdue_balance_product, overdue_balance_bank_product = _cuts(
    _positions, _overdue, dataset="stock"
)
_CITY_NPL, _BANK_NPL, npl_product, npl_bank_product = _cuts(_positions, _npl, dataset="stock")
rate_city, rate_bank, rate_product, rate_bank_product = _cuts(_positions, _rate, dataset="stock")
overdue_firms_city, overdue_firms_bank, overdue_firms_product, overdue_firms_bank_product = _cuts(
    _troubled, _firms(lambda r: r.overdue, _OWING), dataset="stock"
)
npl_firms_city, npl_firms_bank, npl_firms_product, npl_firms_bank_product = _cuts(
    _troubled, _firms(lambda r: r.bad, _OWING), dataset="stock"
)
