"""Figures of loans and guarantees. A bank that has not reported has no value, and is not in totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from finance_hub.kernel.text import Text
from loans.queries import BalanceRow, IssuanceRow
from tasks.catalogue.entry import NO_LABEL, Point
from tasks.catalogue.sums import by_key
from tasks.engine.classification import LoanClass, npl_ratio
from tasks.engine.value import NOT_REPORTED, ratio
from tasks.frames import Frames, Reporter, once

Pick = Callable[[Any], int]
Cut = Callable[[Frames], Iterable[Point]]
CLASS_NAMES = {
    "normal": Text("正常", "Normal"),
    "special_mention": Text("关注", "Special mention"),
    "substandard": Text("次级", "Substandard"),
    "doubtful": Text("可疑", "Doubtful"),
    "loss": Text("损失", "Loss"),
}


def count(number: int, *, key: str = "", label: Text = NO_LABEL) -> Point:
    return Point(Decimal(number), key=key, label=label)


def banks(frames: Frames) -> list[Reporter]:
    return [r for r in frames.reporters if r.kind == "bank"]


def guarantors(frames: Frames) -> list[Reporter]:
    """Those who write guarantees or credit insurance."""
    return [r for r in frames.reporters if r.kind in {"guarantor", "insurer"}]


def silent(frames: Frames, dataset: str) -> set[int]:
    """Ids of the banks whose data set of the month has not come."""
    codes = {code for code, missing in frames.not_reported if missing == dataset}
    return {bank.id for bank in banks(frames) if bank.code in codes}


def nobody_reported(frames: Frames) -> bool:
    """Whether no bank at all has sent its events: then even a total has no value."""
    return {bank.id for bank in banks(frames)} <= silent(frames, "flow")


def label_of(reporter: Reporter) -> Text:
    return Text(reporter.name, reporter.name_en)


@once
def balances(frames: Frames) -> list[BalanceRow]:
    quiet = silent(frames, "flow")
    return [row for row in frames.balances if row.bank_id not in quiet]


@once
def issued(frames: Frames) -> list[IssuanceRow]:
    quiet = silent(frames, "flow")
    return [row for row in frames.issuance if row.bank_id not in quiet]


#: What every cut is made of: {(bank id, product): rows, or fen}.
Rows = Callable[[Frames], dict[tuple[int, str], list[Any]]]
Both = Callable[[Frames], dict[tuple[int, str], int]]


def grouped(rows: Callable[[Frames], Sequence[Any]]) -> Rows:
    @once
    def found(frames: Frames) -> dict[tuple[int, str], list[Any]]:
        groups: dict[tuple[int, str], list[Any]] = defaultdict(list)
        for row in rows(frames):
            groups[row.bank_id, row.product].append(row)
        return groups

    return found


lent, moved = grouped(balances), grouped(issued)


def _summed(rows: Rows, amount: str) -> Both:
    pick = attrgetter(amount)

    @once
    def sums(frames: Frames) -> dict[tuple[int, str], int]:
        return {at: sum(map(pick, group)) for at, group in rows(frames).items()}

    return sums


def _by_bank(sums: Mapping[tuple[int, str], int]) -> dict[int, int]:
    return by_key(sums.items(), key=lambda one: one[0][0], amount=lambda one: one[1])


def _city(sums: Both) -> Cut:
    def points(frames: Frames) -> Iterable[Point]:
        if nobody_reported(frames):
            return [Point.missing(NOT_REPORTED)]
        return [Point.of_fen(sum(sums(frames).values()))]

    return points


def _bank(sums: Both) -> Cut:
    def points(frames: Frames) -> Iterable[Point]:
        found = _by_bank(sums(frames))
        quiet = silent(frames, "flow")
        for bank in banks(frames):
            if bank.id in quiet:
                yield Point.missing(NOT_REPORTED, key=bank.code, label=label_of(bank))
            else:
                yield Point.of_fen(found.get(bank.id, 0), key=bank.code, label=label_of(bank))

    return points


def _product(sums: Both) -> Cut:
    def points(frames: Frames) -> Iterable[Point]:
        found = by_key(sums(frames).items(), key=lambda one: one[0][1], amount=lambda one: one[1])
        for product in frames.products:
            label = Text(product.name, product.name_en)
            if nobody_reported(frames):
                yield Point.missing(NOT_REPORTED, key=product.code, label=label)
            else:
                yield Point.of_fen(found.get(product.code, 0), key=product.code, label=label)

    return points


def _bank_product(sums: Both) -> Cut:
    def points(frames: Frames) -> Iterable[Point]:
        found, quiet = sums(frames), silent(frames, "flow")
        for bank in banks(frames):
            for product in frames.products:
                key = f"{bank.code}:{product.code}"
                label = Text(f"{bank.name} · {product.name}", f"{bank.name_en} · {product.name_en}")
                if bank.id in quiet:
                    yield Point.missing(NOT_REPORTED, key=key, label=label)
                else:
                    yield Point.of_fen(found.get((bank.id, product.code), 0), key=key, label=label)

    return points


def _cuts(sums: Both) -> tuple[Cut, Cut, Cut, Cut]:
    return _city(sums), _bank(sums), _product(sums), _bank_product(sums)


_balances = _summed(lent, "balance")
balance_city, balance_bank, balance_product, balance_bank_product = _cuts(_balances)
disbursed_city, disbursed_bank, disbursed_product, disbursed_bank_product = _cuts(_summed(moved, "disbursed"))
repaid_city, repaid_bank, repaid_product, repaid_bank_product = _cuts(_summed(moved, "repaid"))
written_off_city = _city(_summed(moved, "written_off"))


def five_tier(frames: Frames) -> Iterable[Point]:
    found = by_key(frames.positions, key=lambda r: r.five_tier, amount=lambda r: r.balance)
    for code, name in CLASS_NAMES.items():
        if frames.positions:
            yield Point.of_fen(found.get(code, 0), key=code, label=name)
        else:
            yield Point.missing(NOT_REPORTED, key=code, label=name)


def _npl(rows: list[Any]) -> dict[LoanClass, int]:
    return by_key(rows, key=lambda r: LoanClass(r.five_tier), amount=lambda r: r.balance)


def npl_city(frames: Frames) -> Iterable[Point]:
    if not frames.positions:
        return [Point.missing(NOT_REPORTED)]
    return [Point.of(npl_ratio(_npl(list(frames.positions))))]


def npl_bank(frames: Frames) -> Iterable[Point]:
    for bank in banks(frames):
        if bank.id in silent(frames, "stock"):
            yield Point.missing(NOT_REPORTED, key=bank.code, label=label_of(bank))
        else:
            rows = [row for row in frames.positions if row.bank_id == bank.id]
            yield Point.of(npl_ratio(_npl(rows)), key=bank.code, label=label_of(bank))


def stock_flow_difference(frames: Frames) -> Iterable[Point]:
    stock = by_key(frames.positions, key=lambda r: r.bank_id, amount=lambda r: r.balance)
    flow = _by_bank(_balances(frames))
    quiet = silent(frames, "stock") | silent(frames, "flow")
    for bank in banks(frames):
        if bank.id in quiet:
            yield Point.missing(NOT_REPORTED, key=bank.code, label=label_of(bank))
        else:
            difference = stock.get(bank.id, 0) - flow.get(bank.id, 0)
            yield Point.of_fen(difference, key=bank.code, label=label_of(bank))


def reporters_due(frames: Frames) -> Iterable[Point]:
    return [count(len(banks(frames)))]


def reporters_complete(frames: Frames) -> Iterable[Point]:
    incomplete = {code for code, _dataset in frames.not_reported}
    return [count(sum(1 for bank in banks(frames) if bank.code not in incomplete))]


def missing_by_reporter(frames: Frames) -> Iterable[Point]:
    for bank in banks(frames):
        missing = sum(1 for code, _dataset in frames.not_reported if code == bank.code)
        yield count(missing, key=bank.code, label=label_of(bank))


def _guaranteed(pick: Pick) -> Cut:
    return lambda frames: [Point.of_fen(sum(map(pick, frames.guarantees)))]


guaranteed_city = _guaranteed(lambda r: r.outstanding)
government_share = _guaranteed(lambda r: r.government_share)
compensated = _guaranteed(lambda r: r.compensated + r.interest)
recovered = _guaranteed(lambda r: r.recovered)


def guaranteed_guarantor(frames: Frames) -> Iterable[Point]:
    found = by_key(frames.guarantees, key=lambda r: r.guarantor_id, amount=lambda r: r.outstanding)
    return [Point.of_fen(found.get(g.id, 0), key=g.code, label=label_of(g)) for g in guarantors(frames)]


def guaranteed_firms(frames: Frames) -> Iterable[Point]:
    held = by_key(frames.guarantees, key=lambda r: r.firm_id, amount=lambda r: r.outstanding)
    return [count(sum(1 for amount in held.values() if amount > 0))]


def compensation_ratio(frames: Frames) -> Iterable[Point]:
    paid = sum(row.compensated for row in frames.guarantees)
    released = sum(row.released + row.compensated for row in frames.guarantees)
    return [Point.of(ratio(paid, released))]
