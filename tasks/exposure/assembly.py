"""Exposures put together from rows: pure, and the same for one firm, for a group, and for every firm of a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from funds.queries import HoldingRow
from loans.queries import BalanceRow, CoverRow, PledgedRow
from tasks.exposure import lgd
from tasks.exposure.bearing import Caps, public
from tasks.exposure.covered import Covered, UnitOf, covered, paid_by
from tasks.exposure.lgd import Lgds, Loans, lost
from tasks.exposure.lines import NOT_RECORDED, Amounts, Code, Line
from tasks.exposure.paths import Path

#: {unit: [at cost, at fair value, lost]} in fen.
Sums = defaultdict[int, list[int]]


@dataclass
class Facts:
    """The rows of some firms: `direct` are stakes of the city's own funds, `pledged` the parts of the balances that IP
    secures. By firm: its `paths`; `subsidies` in fen; `incomplete`, why more may be held through sub-funds than known.
    """

    direct: Sequence[HoldingRow] = ()
    paths: Mapping[int, Sequence[Path]] = field(default_factory=dict)
    balances: Sequence[BalanceRow] = ()
    covers: Sequence[CoverRow] = ()
    pledged: Sequence[PledgedRow] = ()
    subsidies: Mapping[int, int] = field(default_factory=dict)
    incomplete: Mapping[int, str] = field(default_factory=dict)

    def of(self, firms: Collection[int]) -> Facts:
        """Those of some of the firms."""
        return Facts(
            direct=[row for row in self.direct if row.firm_id in firms],
            paths={firm: ways for firm, ways in self.paths.items() if firm in firms},
            balances=[row for row in self.balances if row.firm_id in firms],
            covers=[row for row in self.covers if row.firm_id in firms],
            pledged=[row for row in self.pledged if row.firm_id in firms],
            subsidies={firm: fen for firm, fen in self.subsidies.items() if firm in firms},
            incomplete={firm: why for firm, why in self.incomplete.items() if firm in firms},
        )


class Terms(NamedTuple):
    """What does not depend on the firm: caps, what is assumed to be lost, and whether any insurer takes part."""

    caps: Caps
    lgds: Lgds | None
    has_insurers: bool


@dataclass(frozen=True)
class Exposure:
    """The lines in their order, and what they rest on; totals leave the subsidies out."""

    lines: tuple[Line, ...]
    covered: tuple[Covered, ...]

    def line(self, code: Code) -> Line:
        return next(line for line in self.lines if line.code is code)

    @cached_property
    def public(self) -> Amounts:
        return Amounts.sum(line.public for line in self.lines if line.code is not Code.SUBSIDIES)

    @cached_property
    def finance(self) -> Amounts:
        return Amounts.sum(line.finance for line in self.lines if line.code is not Code.SUBSIDIES)

    @property
    def by_party(self) -> dict[str, int]:
        """{party: fen} of what is covered, at cost: who would bear it, banks and insurers among them."""
        sums: Counter[str] = Counter()
        for one in self.covered:
            sums.update(one.borne)
        return dict(sums)


class Column(NamedTuple):
    """What units have in one side of a line; the loss is `unknown` where nothing is assumed."""

    sums: Mapping[int, Sequence[int]]
    unknown: bool = False

    def of(self, unit: int) -> Amounts:
        return self._amounts(*self.sums.get(unit, (0, 0, 0)))

    @property
    def total(self) -> Amounts:
        return self._amounts(*map(sum, zip((0, 0, 0), *self.sums.values(), strict=True)))

    def _amounts(self, cost: int, fair_value: int, loss: int) -> Amounts:
        return Amounts(cost, fair_value, None if self.unknown else loss)


Side = Mapping[Code, Column]


class Exposures:
    """The exposures of units of firms, of each as if all its firms failed together; `units` ascend.

    Sums are made of all units at once, because a city has ten thousand firms; an exposure is made of them when it is
    asked for. `public` and `finance` are the two sides of every line.
    """

    def __init__(self, facts: Facts, terms: Terms, *, unit: UnitOf) -> None:
        lgds, unknown = terms.lgds, terms.lgds is None
        loans = None if lgds is None else Loans(facts.balances, facts.pledged, lgds)
        self._insured = terms.has_insurers
        self._covered = covered(facts.covers, caps=terms.caps, lgds=lgds, loans=loans, unit=unit)
        # Of several firms of a unit the first tells why.
        self._incomplete = {unit(firm): why for firm, why in sorted(facts.incomplete.items(), reverse=True)}
        equity = Column(_equity(facts.direct, lgds, unit), unknown)
        looked = Column(_looked_through(facts.paths, lgds, unit), unknown)
        theirs, whole = _claims(facts.covers, lgds, unit)
        spent, nothing = Column(_spent(facts.subsidies, unit)), Column({})
        contingent = _contingent(self._covered)
        if not terms.has_insurers:
            # Nothing is known of policies.
            contingent[Code.INSURANCE] = (_sums(), _sums())
        self.public: Side = {
            Code.EQUITY: equity,
            Code.THROUGH: looked,
            Code.LOANS: nothing,
            **{code: Column(sums, unknown) for code, (sums, _) in contingent.items()},
            Code.COMPENSATION: Column(theirs, unknown),
            Code.SUBSIDIES: spent,
        }
        self.finance: Side = {
            Code.EQUITY: equity,
            Code.THROUGH: looked,
            Code.LOANS: Column(_owed(facts.balances, loans, unit), unknown),
            **{code: Column(sums, unknown) for code, (_, sums) in contingent.items()},
            Code.SHARED: nothing,
            Code.COMPENSATION: Column(whole, unknown),
            Code.SUBSIDIES: spent,
        }
        columns = (column.sums for side in (self.public, self.finance) for column in side.values())
        behind = map(unit, {row.firm_id for row in facts.covers})
        self.units = sorted(set().union(*columns, self._incomplete, behind))

    def of(self, unit: int) -> Exposure:
        lines = (
            Line(
                code,
                self.public[code].of(unit),
                self.finance[code].of(unit),
                NOT_RECORDED if code is Code.INSURANCE and not self._insured else "",
                self._incomplete.get(unit, "") if code is Code.THROUGH else "",
            )
            for code in Code
        )
        return Exposure(tuple(lines), tuple(self._covered.get(unit, ())))

    def costs(self, side: Side) -> dict[int, int]:
        """{unit: fen at cost} of all lines that add to the total."""
        found = dict.fromkeys(self.units, 0)
        for code, column in side.items():
            if code is not Code.SUBSIDIES:
                for unit, (cost, _fair_value, _loss) in column.sums.items():
                    found[unit] += cost
        return found


def assemble(facts: Facts, terms: Terms) -> Exposure:
    """The exposure of the firms whose facts these are, as if all of them failed together."""
    return Exposures(facts, terms, unit=lambda _firm: 0).of(0)


def _sums() -> Sums:
    return defaultdict(lambda: [0, 0, 0])


def _add(sums: list[int], cost: int, fair_value: int, loss: int) -> None:
    sums[0] += cost
    sums[1] += fair_value
    sums[2] += loss


def _equity(stakes: Iterable[HoldingRow], lgds: Lgds | None, unit: UnitOf) -> Sums:
    """What is lost of stakes is lost of what they are worth. Stakes in funds are none in firms."""
    sums, rate = _sums(), lgds and lgds[lgd.EQUITY]
    for stake in stakes:
        if stake.firm_id is not None:
            worth = stake.worth_fen
            _add(sums[unit(stake.firm_id)], stake.remaining_cost_fen, worth, lost(worth, rate) if rate else 0)
    return sums


def _looked_through(paths: Mapping[int, Sequence[Path]], lgds: Lgds | None, unit: UnitOf) -> Sums:
    sums, rate = _sums(), lgds and lgds[lgd.EQUITY]
    for firm, ways in paths.items():
        for way in ways:
            _add(sums[unit(firm)], way.cost, way.worth, lost(way.worth, rate) if rate else 0)
    return sums


def _owed(balances: Iterable[BalanceRow], loans: Loans | None, unit: UnitOf) -> Sums:
    sums = _sums()
    for row in balances:
        _add(sums[unit(row.firm_id)], row.balance, row.balance, 0)
    if loans is not None:
        for (bank, firm), owed in loans.owed.items():
            sums[unit(firm)][2] += lost(owed, loans.rate(bank, firm))
    return sums


def _spent(subsidies: Mapping[int, int], unit: UnitOf) -> Sums:
    sums = _sums()
    for firm, fen in subsidies.items():
        _add(sums[unit(firm)], fen, 0, fen)
    return sums


def _claims(covers: Iterable[CoverRow], lgds: Lgds | None, unit: UnitOf) -> tuple[Sums, Sums]:
    """(public, finance): what is owed after compensations, without a price of its own."""
    theirs, whole, rate = _sums(), _sums(), lgds and lgds[lgd.CLAIM]
    for row in covers:
        if row.paid_public or row.paid_otherwise:
            part, otherwise = paid_by(row)
            for sums, owed in ((theirs, part), (whole, part + otherwise)):
                _add(sums[unit(row.firm_id)], owed, owed, lost(owed, rate) if rate else 0)
    return theirs, whole


def _contingent(covered: Mapping[int, Iterable[Covered]]) -> dict[Code, tuple[Sums, Sums]]:
    """{line: (public, finance)}. No price is recorded of a loan, so that its fair value is what is owed."""
    found = {code: (_sums(), _sums()) for code in (Code.SHARED, Code.GUARANTEES, Code.INSURANCE)}
    for unit, guarantees in covered.items():
        for one in guarantees:
            theirs, whole = found[one.code]
            part = public(one.borne)
            _add(theirs[unit], part, part, public(one.lost) if one.lost else 0)
            _add(whole[unit], one.whole, one.whole, one.loss)
    return found
