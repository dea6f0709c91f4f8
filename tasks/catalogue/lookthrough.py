"""What the city's funds hold of firms through other funds 穿透, on three bases of shares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import label_of, nav
from tasks.engine.lookthrough import Attribution, Basis, Holding, NetAssets, attribute
from tasks.engine.value import NOT_REPORTED
from tasks.exposure.through import stake_of
from tasks.frames import Frames, firm_names, once

#: Stands before the day of the oldest report that an amount rests on.
LAST_REPORT = "last-report"
#: Stands before the reason why more may be held than is known.
INCOMPLETE = "incomplete"


def attributed(frames: Frames, *, basis: Basis) -> Attribution:
    """Firms at fair value, or at cost where that is not reported or older than the last deal."""
    assets = nav(frames)
    last = frames.month.last
    return attribute(
        _holdings(frames),
        [stake_of(row, assets[row.fund_id], last=last) for row in frames.stakes],
        basis=basis,
        navs=[NetAssets(f.id, assets[f.id], last) for f in frames.funds],
    )


@once
def _holdings(frames: Frames) -> list[Holding]:
    return [
        Holding(h.fund_id, h.firm_id, h.worth_fen, h.valued_on or h.last_deal_on)
        for h in frames.holdings
        if h.firm_id is not None
    ]


def by_firm(frames: Frames, *, basis: Basis) -> Iterable[Point]:
    """Of each city fund that owns funds: each firm that it holds through them or directly, in one sum."""
    if not frames.stakes:
        return
    held = attributed(frames, basis=basis)
    holders = [f for f in frames.funds if f.tier != "sub" and f.id in held.via]
    columns = [(holder, held.by_firm(holder.id)) for holder in holders]
    names = firm_names(sorted({int(firm) for _, column in columns for firm, _ in column.items()}))
    for holder, column in columns:
        gaps = held.gaps(holder.id)
        for firm, amount in column.items():
            code, name = names[int(firm)]
            label = Text(f"{holder.name} · {name}", f"{holder.name_en} · {name}")
            lacks = [f"{INCOMPLETE}: {gap.reason}" for gap in gaps if gap.firm in (None, firm)]
            notes = (f"{LAST_REPORT}: {amount.oldest}", *lacks[:1])
            yield Point(yuan(amount.fen or 0), key=f"{holder.code}|{code}", label=label, notes=notes)


def residual(frames: Frames) -> Iterable[Point]:
    """Cash and other net assets that no firm stands behind, of each city fund that owns funds, by paid-in shares."""
    if not frames.stakes:
        return
    held = attributed(frames, basis="paid_in")
    for f in frames.funds:
        if f.tier == "sub" or f.id not in held.via:
            continue
        left = held.residual[f.id]
        if left.fen is None:
            yield Point.missing(left.reason or NOT_REPORTED, key=f.code, label=label_of(f))
        else:
            yield Point.of_fen(left.fen, key=f.code, label=label_of(f))


by_firm_paid_in = partial(by_firm, basis="paid_in")
by_firm_nav = partial(by_firm, basis="nav")
by_firm_commitment = partial(by_firm, basis="commitment")
