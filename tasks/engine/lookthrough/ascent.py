"""The way up: each fund's firms and residual split over its holders, from the bottom fund upwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from tasks.engine import value as reason
from tasks.engine.lookthrough.book import Book
from tasks.engine.lookthrough.owners import Owners, bottom_up, owners
from tasks.engine.lookthrough.result import Amount, Attribution, Column, Gap, added, weightiest
from tasks.engine.lookthrough.rows import Basis, Holding, NetAssets, Node, Stake, by_fund
from tasks.engine.lookthrough.split import split


def attribute(
    holdings: Iterable[Holding],
    stakes: Iterable[Stake],
    *,
    basis: Basis,
    navs: Iterable[NetAssets] = (),
) -> Attribution:
    """Attribute what funds hold to their holders, for every holder of the graph at once.

    Rows are as of one date; `basis` says which amounts of a stake make its share. A fund without net
    assets among `navs` has a residual that is `not-reported`, and so have all who hold it. A share is
    `not-reported` where the basis is missing, `no-denominator` where the total is zero, `undefined` where
    net assets are negative or parts of them are above the whole: the holder then has a gap, and the
    fund's rest is unattributed.

    No sum overflows: a fen reaches a fund at most once on its way up, so no amount is above the sum of
    all holdings, which is below 2^62.

    Raises CyclicOwnership, ShareAboveWhole, and UnableToAttributeError (the base of both, a ValueError)
    for an unknown basis, negative amounts other than net assets, amounts that are not `int`, sums of 2^62
    fen and more, and rows given twice.
    """
    edges, assets, book = list(stakes), by_fund(navs), Book.read(holdings)
    held = owners(edges, basis=basis)
    order = bottom_up(edges, others={*book.direct, *book.missing, *assets})
    ascent = _Ascent(book, assets)
    for node in order:
        ascent.settle(node, held.get(node))
    return Attribution(
        direct=book.direct,
        via=dict(ascent.via),
        residual=ascent.residual,
        residual_via=dict(ascent.residual_via),
        rest=ascent.rest,
        rest_residual=ascent.rest_residual,
        unattributed={fund: weightiest(own.unknown.values()) for fund, own in held.items() if own.unknown},
        missing=ascent.missing(held),
        basis=basis,
        firms=book.firms,
    )


@dataclass(slots=True)
class _Ascent:
    """What has been passed up so far. `blurred` has the nodes whose firms are not wholly known, and why."""

    book: Book
    assets: Mapping[Node, NetAssets]
    via: defaultdict[Node, dict[Node, Column]] = field(default_factory=lambda: defaultdict(dict))
    rest: dict[Node, Column] = field(default_factory=dict)
    residual: dict[Node, Amount] = field(default_factory=dict)
    residual_via: defaultdict[Node, dict[Node, Amount]] = field(default_factory=lambda: defaultdict(dict))
    rest_residual: dict[Node, Amount] = field(default_factory=dict)
    blurred: defaultdict[Node, set[str]] = field(default_factory=lambda: defaultdict(set))

    def settle(self, node: Node, held: Owners | None) -> None:
        """Work out what a node holds, once all funds below it are settled, and pass it up to its holders."""
        if node in self.book.missing:
            self.blurred[node].add(reason.NOT_REPORTED)
        if held is None and node not in self.assets:
            if passed_up := self.residual_via.get(node):
                self.residual[node] = added(list(passed_up.values()))
            return
        firms = self._firms(node)
        left = self.residual[node] = self._left(node, firms)
        if held is not None:
            self._pass_firms(node, held, firms)
            self._pass_residual(node, held, left)

    def missing(self, held: Mapping[Node, Owners]) -> dict[Node, Sequence[Gap]]:
        """The gaps of each holder: its firms without a value, then its stakes without a share."""
        found = {holder: list(gaps) for holder, gaps in self.book.missing.items()}
        for holder, passed_up in self.residual_via.items():
            for fund in passed_up:
                if why := held[fund].unknown.get(holder):
                    found.setdefault(holder, []).append(Gap(holder, fund, None, why))
        return dict(found)

    def _firms(self, node: Node) -> Column:
        own = [self.book.direct[node]] if node in self.book.direct else []
        return Column.merged([*own, *self.via.get(node, {}).values()], firms=self.book.firms)

    def _left(self, node: Node, firms: Column) -> Amount:
        assets = self.assets.get(node)
        if assets is None or assets.fen is None:
            return Amount(None, reason.NOT_REPORTED)
        if self.blurred.get(node):
            return Amount(None, weightiest(self.blurred[node]))
        named = firms.total
        return Amount(assets.fen - (named.fen or 0), None, _older(assets.reported_on, named.oldest))

    def _pass_firms(self, fund: Node, held: Owners, firms: Column) -> None:
        *parts, rest = split(firms.fen, weights=held.weights)
        for stake, part in zip(held.stakes, parts, strict=True):
            at = np.flatnonzero(part)
            days = np.minimum(firms.days[at], stake.reported_on.toordinal())
            self.via[stake.holder][fund] = Column(firms.firms, firms.at[at], part[at], days)
            self.blurred[stake.holder] |= self.blurred[fund]
        for holder, why in held.unknown.items():
            self.blurred[holder].add(why)
        if held.weights[-1]:
            at = np.flatnonzero(rest)
            self.rest[fund] = Column(firms.firms, firms.at[at], rest[at], firms.days[at])

    def _pass_residual(self, fund: Node, held: Owners, left: Amount) -> None:
        *parts, rest = _split_residual(left, held.weights)
        for stake, part in zip(held.stakes, parts, strict=True):
            oldest = _older(stake.reported_on, part.oldest) if part.fen is not None else None
            self.residual_via[stake.holder][fund] = part._replace(oldest=oldest)
        for holder, why in held.unknown.items():
            self.residual_via[holder][fund] = Amount(None, why)
        if held.weights[-1]:
            self.rest_residual[fund] = rest


def _split_residual(left: Amount, weights: Sequence[int]) -> list[Amount]:
    """A residual below zero is split as its opposite is."""
    if left.fen is None:
        return [left] * len(weights)
    parts = split(np.array([abs(left.fen)], dtype=np.int64), weights=weights)[:, 0].tolist()
    return [left._replace(fen=part if left.fen > 0 else -part) for part in parts]


def _older(day: date, other: date | None) -> date:
    return day if other is None else min(day, other)
