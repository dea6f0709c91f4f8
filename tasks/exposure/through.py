"""What the city's funds hold of firms through sub-funds, firm by firm and path by path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from funds.queries import HoldingRow, StakeRow
from tasks.engine.lookthrough import Amount, Attribution, Holding, Stake, attribute
from tasks.exposure.paths import NOTHING_BELOW, Basis, LookedThrough, Path


def stake_of(row: StakeRow, assets: int | None, *, last: date) -> Stake:
    """The holder's part of the NAV: what it paid less what it got, and its share of the result by commitments.

    Without net assets the stake has no share by NAV; `last` is the day of a fund that has reported nothing.
    """
    part = None
    if assets is not None:
        result = assets - row.net_paid_total_fen
        share = result * row.commitment_fen // row.commitment_total_fen if row.commitment_total_fen else 0
        part = row.net_paid_fen + share
    return Stake(
        row.holder_id, row.fund_id, row.reported_on or last,
        paid_in=row.paid_in_fen, paid_in_total=row.paid_in_total_fen, nav=part, nav_total=assets,
        commitment=row.commitment_fen, commitment_total=row.commitment_total_fen,
    )  # fmt: skip


def looked_through(
    holdings: Iterable[HoldingRow],
    stakes: Iterable[StakeRow],
    *,
    subs: Collection[int],
    assets: Mapping[int, int],
    basis: Basis,
    last: date,
) -> LookedThrough:
    """The paths of all firms that the sub-funds `subs` hold; `assets` are their net assets, wanted by NAV alone.

    A city fund is where a path ends: what it holds itself is its own, whoever owns a share of it, so that a
    fund of the city in another one counts nothing twice.
    """
    held = [row for row in holdings if row.fund_id in subs and row.firm_id is not None]
    if not held:
        return NOTHING_BELOW
    edges = [stake_of(row, assets.get(row.fund_id), last=last) for row in stakes if row.fund_id in subs]
    at_cost = attribute([_of(row, row.remaining_cost_fen) for row in held], edges, basis=basis)
    at_worth = attribute([_of(row, row.worth_fen) for row in held], edges, basis=basis)
    found: dict[int, list[Path]] = {}
    for firm, path in _paths(at_cost, at_worth, subs=subs):
        found.setdefault(firm, []).append(path)
    return LookedThrough(found, _incomplete(at_cost))


def _of(row: HoldingRow, fen: int) -> Holding:
    return Holding(row.fund_id, row.firm_id or 0, fen, row.valued_on or row.last_deal_on)


def _paths(
    at_cost: Attribution, at_worth: Attribution, *, subs: Collection[int]
) -> Iterator[tuple[int, Path]]:
    """By holder, fund and firm. A stake may have a cost left and be worth nothing, or the other way round."""
    edges = {
        (int(holder), int(fund))
        for one in (at_cost, at_worth)
        for holder, below in one.via.items()
        for fund in below
    }
    for holder, fund in sorted(edges):
        if holder in subs:
            continue
        cost, worth = _amounts(at_cost, holder, fund), _amounts(at_worth, holder, fund)
        for firm in sorted({*cost, *worth}):
            both = cost.get(firm, _NONE), worth.get(firm, _NONE)
            oldest = min(amount.oldest for amount in both if amount.oldest is not None)
            yield firm, Path(holder, fund, both[0].fen or 0, both[1].fen or 0, oldest)


_NONE = Amount(0)


def _amounts(one: Attribution, holder: int, fund: int) -> dict[int, Amount]:
    column = one.via.get(holder, {}).get(fund)
    return {} if column is None else {int(firm): amount for firm, amount in column.items()}


def _incomplete(attribution: Attribution) -> dict[int, str]:
    """Firms of funds in which somebody's share is not known."""
    found: dict[int, str] = {}
    for fund, why in attribution.unattributed.items():
        found |= {int(firm): why for firm, _ in attribution.by_firm(fund).items() if firm not in found}
    return found
