"""Indicators of guarantees and pools, as supervisors and re-guarantors define them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from finance_hub.kernel.text import Text
from loans.guarantee_rules import limit, weights
from loans.queries import FuseRow
from tasks.catalogue.credit import banks, guarantors, silent
from tasks.catalogue.entry import NO_LABEL, Point
from tasks.catalogue.sums import by_key
from tasks.engine.value import NO_DENOMINATOR, NOT_REPORTED, ratio
from tasks.frames import Frames, Reporter, firm_names, group_names, once

#: Stands beside the ratio of a bank to which a pool is closed.
FUSE_BLOWN = "fuse-blown"


def compensation_ratio_year(frames: Frames) -> Iterable[Point]:
    paid = sum(row.compensated_year for row in frames.guarantees)
    released = sum(row.released_year + row.compensated_year for row in frames.guarantees)
    return [Point.of(ratio(paid, released))]


def recovery_ratio(frames: Frames) -> Iterable[Point]:
    paid = sum(row.compensated + row.interest for row in frames.guarantees)
    return [Point.of(ratio(sum(row.recovered for row in frames.guarantees), paid))]


def policy_share(frames: Frames) -> Iterable[Point]:
    found = by_key(frames.guarantees, key=lambda r: r.customer, amount=lambda r: r.outstanding)
    policy = found.get("small_micro", 0) + found.get("farmer", 0)
    return [Point.of(ratio(policy, sum(found.values())))]


def overdue_not_compensated(frames: Frames) -> Iterable[Point]:
    quiet = silent(frames, "stock")
    if {bank.id for bank in banks(frames)} <= quiet:
        return [Point.missing(NOT_REPORTED)]
    return [Point.of_fen(sum(row.amount for row in frames.overdue_guaranteed if row.bank_id not in quiet))]


@once
def liabilities(frames: Frames) -> dict[tuple[int, int], tuple[int | None, Decimal]]:
    """{(guarantor, firm): (group, liability 责任余额 in fen, not rounded)}.

    What a household owes with the guarantor altogether decides whether its guarantees weigh less.
    """
    rules = weights(frames.month.last)
    household = by_key(
        frames.guarantees, key=attrgetter("guarantor_id", "firm_id"), amount=attrgetter("outstanding")
    )
    most = {customer: rule.household_most * 100 for customer, rule in rules.items()}
    found: dict[tuple[int, int], tuple[int | None, Decimal]] = {}
    for row in frames.guarantees:
        key, weighed = (row.guarantor_id, row.firm_id), Decimal(row.outstanding)
        if row.customer in most and household[key] <= most[row.customer]:
            weighed *= rules[row.customer].weight
        before = found.get(key)
        found[key] = (row.group_id, weighed if before is None else before[1] + weighed)
    return found


def _liability(frames: Frames, guarantor: Reporter) -> int:
    whole = sum(
        (fen for (who, _), (_, fen) in liabilities(frames).items() if who == guarantor.id), Decimal(0)
    )
    return int(whole.quantize(Decimal(1), ROUND_HALF_UP))


def liability_city(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(sum(_liability(frames, guarantor) for guarantor in guarantors(frames)))]


def liability_guarantor(frames: Frames) -> Iterable[Point]:
    for guarantor in guarantors(frames):
        yield Point.of_fen(_liability(frames, guarantor), key=guarantor.code, label=_label(guarantor))


def leverage(frames: Frames) -> Iterable[Point]:
    net = {row.guarantor_id: row.net for row in frames.net_assets}
    for guarantor in guarantors(frames):
        if guarantor.id in net:
            value = ratio(_liability(frames, guarantor), net[guarantor.id])
            yield Point.of(value, key=guarantor.code, label=_label(guarantor))
        else:
            yield Point.missing(NOT_REPORTED, key=guarantor.code, label=_label(guarantor))


def above_single_limit(frames: Frames) -> Iterable[Point]:
    """Households above the bound, largest share first by guarantor."""
    found = _above(frames, "single", lambda firm, _group: firm)
    names = firm_names([firm for _, firm, _ in found]) if found else {}
    for guarantor, firm, share in found:
        code, name = names[firm]
        label = Text(f"{guarantor.name} · {name}", f"{guarantor.name_en} · {name}")
        yield Point.of(share, key=f"{guarantor.code}:{code}", label=label)


def above_group_limit(frames: Frames) -> Iterable[Point]:
    found = _above(frames, "group", lambda _firm, group: group)
    names = group_names([group for _, group, _ in found]) if found else {}
    for guarantor, group, share in found:
        label = Text(f"{guarantor.name} · {names[group]}", f"{guarantor.name_en} · {names[group]}")
        yield Point.of(share, key=f"{guarantor.code}:{group}", label=label)


def _above(
    frames: Frames, code: str, pick: Callable[[int, int | None], int | None]
) -> list[tuple[Reporter, int, Any]]:
    """(guarantor, firm or group, its share of net assets) where that is above the limit; a guarantor
    without net assets has no shares."""
    most = limit(code, frames.month.last)
    net = {row.guarantor_id: row.net for row in frames.net_assets}
    found = []
    for guarantor in guarantors(frames):
        owed: dict[int, Decimal] = {}
        for (who, firm), (group, fen) in liabilities(frames).items():
            subject = pick(firm, group)
            if who == guarantor.id and subject is not None:
                owed[subject] = owed.get(subject, Decimal(0)) + fen
        if most is None or guarantor.id not in net:
            continue
        broken = [(subject, fen) for subject, fen in owed.items() if fen > most * net[guarantor.id]]
        for subject, fen in sorted(broken, key=lambda one: (-one[1], one[0])):
            found.append((guarantor, subject, ratio(float(fen), net[guarantor.id])))
    return found


def pool_balance(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(p.balance, key=p.code, label=Text(p.name, p.name_en)) for p in frames.pools]


def pool_guaranteed(frames: Frames) -> Iterable[Point]:
    return [Point.of_fen(p.guaranteed, key=p.code, label=Text(p.name, p.name_en)) for p in frames.pools]


def pool_leverage(frames: Frames) -> Iterable[Point]:
    for pool in frames.pools:
        value = ratio(pool.guaranteed, pool.balance)
        yield Point.of(value, key=pool.code, label=Text(pool.name, pool.name_en))


def pool_fuse(frames: Frames) -> Iterable[Point]:
    named = {pool.pool_id: pool for pool in frames.pools}
    reporters = {bank.id: bank for bank in banks(frames)}
    for fuse in frames.fuses:
        pool, bank = named[fuse.pool_id], reporters[fuse.bank_id]
        label = Text(f"{pool.name} · {bank.name}", f"{pool.name_en} · {bank.name_en}")
        yield _fuse(fuse, key=f"{pool.code}:{bank.code}", label=label)


def _fuse(fuse: FuseRow, *, key: str, label: Text = NO_LABEL) -> Point:
    if fuse.measure is None or fuse.total is None:
        return Point.missing(NOT_REPORTED, key=key, label=label)
    if fuse.total == 0:
        return Point.missing(NO_DENOMINATOR, key=key, label=label)
    point = Point.of(ratio(fuse.bad or 0, fuse.total), key=key, label=label)
    return Point(point.value, point.reason, key, label, (FUSE_BLOWN,) if fuse.blown else ())


def fuses_blown(frames: Frames) -> Iterable[Point]:
    return [Point(Decimal(sum(fuse.blown for fuse in frames.fuses)))]


def _label(guarantor: Reporter) -> Text:
    return Text(guarantor.name, guarantor.name_en)
