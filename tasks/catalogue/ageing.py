"""Figures of how loans are paid, renewed, subsidised and granted. Of banks that have not reported, none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from loans.queries.ageing import CLOSED, NEW, MigrationRow, VintageRow
from loans.queries.frames import OVERDUE, OVERDUE_LONGEST, PositionRow
from loans.queries.renewals import KINDS
from tasks.catalogue.credit import CLASS_NAMES, banks, count, nobody_reported, silent
from tasks.catalogue.entry import NO_LABEL, Point
from tasks.catalogue.sums import by_key
from tasks.engine.value import NOT_REPORTED, ratio
from tasks.frames import Frames, Reporter

BUCKETS = (*(code for code, _last in OVERDUE), OVERDUE_LONGEST)
NOT_OVERDUE = BUCKETS[0]
RENEWAL_NAMES = {
    "extension": Text("展期", "Extension"),
    "renew-by-new-loan": Text("借新还旧", "Repaid from a new loan"),
    "renew-without-repayment": Text("无还本续贷", "Renewed without repayment"),
    "unknown": Text("续贷方式未说明", "Refinanced, kind not said"),
}
BRANCH_NAMES = {
    "specialised": Text("科技专营机构", "Specialised branches"),
    "talent": Text("人才银行", "Talent banks"),
    "ordinary": Text("普通网点", "Ordinary branches"),
    "closed": Text("已撤销网点", "Closed branches"),
    "unknown": Text("未登记网点", "Branch not registered"),
}
STATE_NAMES = CLASS_NAMES | {NEW: Text("新增", "New"), CLOSED: Text("结清", "Closed")}
#: Months on book at which a quarter's loans are looked at, once all of them are that old.
LOOKED_AT = (3, 6, 12, 18, 24, 36)


def _bucket_name(code: str) -> Text:
    return (
        Text("未逾期", "Not overdue")
        if code == NOT_OVERDUE
        else Text(f"逾期{code}天", f"{code} days overdue")
    )


def _bank_name(bank: Reporter) -> Text:
    return Text(bank.name, bank.name_en)


def _buckets(rows: Iterable[PositionRow]) -> dict[str, int]:
    return by_key(rows, key=lambda row: row.overdue, amount=lambda row: row.balance)


def overdue_city(frames: Frames) -> Iterable[Point]:
    found = _buckets(frames.positions)
    for code in BUCKETS:
        if frames.positions:
            yield Point.of_fen(found.get(code, 0), key=code, label=_bucket_name(code))
        else:
            yield Point.missing(NOT_REPORTED, key=code, label=_bucket_name(code))


def overdue_bank(frames: Frames) -> Iterable[Point]:
    quiet = silent(frames, "stock")
    for bank in banks(frames):
        found = _buckets(row for row in frames.positions if row.bank_id == bank.id)
        for code in BUCKETS:
            name, bucket = _bank_name(bank), _bucket_name(code)
            key, label = f"{bank.code}:{code}", Text(f"{name.zh} · {bucket.zh}", f"{name.en} · {bucket.en}")
            if bank.id in quiet:
                yield Point.missing(NOT_REPORTED, key=key, label=label)
            else:
                yield Point.of_fen(found.get(code, 0), key=key, label=label)


def _overdue_ratio(rows: list[PositionRow], *, key: str = "", label: Text = NO_LABEL) -> Point:
    late = sum(row.balance for row in rows if row.overdue != NOT_OVERDUE)
    return Point.of(ratio(late, sum(row.balance for row in rows)), key=key, label=label)


def overdue_ratio_city(frames: Frames) -> Iterable[Point]:
    if not frames.positions:
        return [Point.missing(NOT_REPORTED)]
    return [_overdue_ratio(list(frames.positions))]


def overdue_ratio_bank(frames: Frames) -> Iterable[Point]:
    for bank in banks(frames):
        if bank.id in silent(frames, "stock"):
            yield Point.missing(NOT_REPORTED, key=bank.code, label=_bank_name(bank))
        else:
            rows = [row for row in frames.positions if row.bank_id == bank.id]
            yield _overdue_ratio(rows, key=bank.code, label=_bank_name(bank))


def _migration(
    frames: Frames, pick: Callable[[MigrationRow], int], point: Callable[[int, str, Text], Point]
) -> Iterator[Point]:
    """Each class before, and new, × each class after, and closed; every pair is there, most are 0."""
    found = by_key(frames.migration, key=lambda row: (row.before, row.after), amount=pick)
    for before in (*CLASS_NAMES, NEW):
        for after in (*CLASS_NAMES, CLOSED):
            if (before, after) == (NEW, CLOSED):
                continue
            key, old, new = f"{before}:{after}", STATE_NAMES[before], STATE_NAMES[after]
            label = Text(f"{old.zh} → {new.zh}", f"{old.en} → {new.en}")
            if frames.migration:
                yield point(found.get((before, after), 0), key, label)
            else:
                yield Point.missing(NOT_REPORTED, key=key, label=label)


def migration(frames: Frames) -> Iterable[Point]:
    return _migration(
        frames, lambda row: row.balance, lambda fen, key, label: Point.of_fen(fen, key=key, label=label)
    )


def migration_drawdowns(frames: Frames) -> Iterable[Point]:
    return _migration(
        frames, lambda row: row.drawdowns, lambda number, key, label: count(number, key=key, label=label)
    )


def vintage(frames: Frames) -> Iterable[Point]:
    for quarter in dict.fromkeys(row.quarter for row in frames.vintages):
        rows = [row for row in frames.vintages if row.quarter == quarter]
        first = Month.of(quarter)
        for months in LOOKED_AT:
            if first + 2 + months <= frames.month:
                yield _share_gone_bad(rows, first, months)


def _share_gone_bad(rows: list[VintageRow], first: Month, months: int) -> Point:
    number = (first.number + 2) // 3
    bad = sum(row.disbursed for row in rows if row.bad_after is not None and row.bad_after <= months)
    label = Text(
        f"{first.year}年第{number}季度发放 · {months}个月",
        f"Lent in {first.year} Q{number} · {months} months on book",
    )
    total = sum(row.disbursed for row in rows)
    return Point.of(ratio(bad, total), key=f"{first.year}Q{number}:{months}", label=label)


def renewals(frames: Frames) -> Iterable[Point]:
    yield from _renewed(frames, amounts=False)


def renewed(frames: Frames) -> Iterable[Point]:
    yield from _renewed(frames, amounts=True)


def _renewed(frames: Frames, *, amounts: bool) -> Iterator[Point]:
    rows = [row for row in frames.renewals if row.bank_id not in silent(frames, "flow")]
    found = by_key(rows, key=lambda row: row.kind, amount=lambda row: row.amount if amounts else row.events)
    for kind in KINDS[amounts:]:
        label = RENEWAL_NAMES[kind]
        if nobody_reported(frames):
            yield Point.missing(NOT_REPORTED, key=kind, label=label)
        elif amounts:
            yield Point.of_fen(found.get(kind, 0), key=kind, label=label)
        else:
            yield count(found.get(kind, 0), key=kind, label=label)


def _by_branch_kind(frames: Frames) -> dict[str, int]:
    rows = [row for row in frames.branches if row.bank_id not in silent(frames, "flow")]
    return by_key(rows, key=lambda row: row.kind, amount=lambda row: row.balance)


def balance_branch_kind(frames: Frames) -> Iterable[Point]:
    found = _by_branch_kind(frames)
    for kind, label in BRANCH_NAMES.items():
        if nobody_reported(frames):
            yield Point.missing(NOT_REPORTED, key=kind, label=label)
        else:
            yield Point.of_fen(found.get(kind, 0), key=kind, label=label)


def branch_share(frames: Frames) -> Iterable[Point]:
    found = _by_branch_kind(frames)
    total = sum(found.values())
    for kind, label in BRANCH_NAMES.items():
        if nobody_reported(frames):
            yield Point.missing(NOT_REPORTED, key=kind, label=label)
        else:
            yield Point.of(ratio(found.get(kind, 0), total), key=kind, label=label)


def subsidy_city(frames: Frames) -> Iterable[Point]:
    quiet = _no_subsidy_known(frames)
    if {bank.id for bank in banks(frames)} <= quiet:
        return [Point.missing(NOT_REPORTED)]
    return [Point.of_fen(sum(row.payable for row in frames.subsidies if row.bank_id not in quiet))]


def subsidy_bank(frames: Frames) -> Iterable[Point]:
    found = by_key(frames.subsidies, key=lambda row: row.bank_id, amount=lambda row: row.payable)
    for bank in banks(frames):
        if bank.id in _no_subsidy_known(frames):
            yield Point.missing(NOT_REPORTED, key=bank.code, label=_bank_name(bank))
        else:
            yield Point.of_fen(found.get(bank.id, 0), key=bank.code, label=_bank_name(bank))


def _no_subsidy_known(frames: Frames) -> set[int]:
    """Banks without their events have no balance, those without their positions no days overdue."""
    return silent(frames, "flow") | silent(frames, "stock")
