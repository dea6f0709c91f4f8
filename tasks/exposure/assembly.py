"""An exposure put together from rows: pure, and the same for one firm, for a group, and for every firm of a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from funds.queries import HoldingRow
from loans.queries import BalanceRow, CoverRow, PledgedRow
from tasks.exposure import lgd
from tasks.exposure.bearing import Borne, Caps, borne, public
from tasks.exposure.lgd import Lgds, Loans, lost
from tasks.exposure.lines import NOT_RECORDED, NOTHING, Amounts, Code, Line
from tasks.exposure.paths import Path


@dataclass
class Facts:
    """The rows of some firms that are looked at together: `direct` are stakes of the city's own funds, `pledged` the
    parts of the balances that IP secures.

    `subsidies` in fen; `incomplete` says why more may be held through sub-funds than is known, "" where it is.
    """

    direct: list[HoldingRow] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    balances: list[BalanceRow] = field(default_factory=list)
    covers: list[CoverRow] = field(default_factory=list)
    pledged: list[PledgedRow] = field(default_factory=list)
    subsidies: int = 0
    incomplete: str = ""


class Terms(NamedTuple):
    """What does not depend on the firm: caps, what is assumed to be lost, and whether any insurer takes part."""

    caps: Caps
    lgds: Lgds | None
    has_insurers: bool


class Covered(NamedTuple):
    """A guarantee as its line counts it: what it covers, and what public money would bear of that, in fen.

    `lost` is empty where nothing is assumed.

    Of a reported loan the first guarantee covers as far as the balance goes, the next what is left.
    """

    guarantee_id: int
    code: Code
    whole: int
    borne: Borne
    lost: Borne
    loss: int

    @property
    def public(self) -> int:
        return public(self.borne)


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


def assemble(facts: Facts, terms: Terms) -> Exposure:
    """The exposure of the firms whose facts these are, as if all of them failed together."""
    loans = None if terms.lgds is None else Loans(facts.balances, facts.pledged, terms.lgds)
    covered = tuple(_covered(facts.covers, terms, loans))
    direct = [row.remaining_cost_fen for row in facts.direct], [row.worth_fen for row in facts.direct]
    through = [path.cost for path in facts.paths], [path.worth for path in facts.paths]
    equity, looked = _equity(*direct, terms.lgds), _equity(*through, terms.lgds)
    balance = sum(row.balance for row in facts.balances)
    owed = Amounts(balance, balance, None if loans is None else loans.loss)
    paid = [paid_by(row) for row in facts.covers]
    whole, theirs = _claims(map(sum, paid), terms.lgds), _claims((part for part, _ in paid), terms.lgds)
    spent = Amounts(facts.subsidies, 0, facts.subsidies)
    sums = _contingent(covered, terms)
    return Exposure(
        (
            Line(Code.EQUITY, equity, equity),
            Line(Code.THROUGH, looked, looked, incomplete=facts.incomplete),
            Line(Code.LOANS, NOTHING, owed),
            Line(Code.SHARED, sums[Code.SHARED][0], NOTHING),
            Line(Code.GUARANTEES, *sums[Code.GUARANTEES]),
            Line(Code.INSURANCE, *sums[Code.INSURANCE])
            if terms.has_insurers
            else Line(Code.INSURANCE, NOTHING, NOTHING, reason=NOT_RECORDED),
            Line(Code.COMPENSATION, theirs, whole),
            Line(Code.SUBSIDIES, spent, spent),
        ),
        covered,
    )


def paid_by(row: CoverRow) -> tuple[int, int]:
    """(public money, others): compensated and neither recovered nor written off, by who paid it.

    What is written off is taken from both in the proportion of what they have not got back.
    """
    whole = row.paid_public + row.paid_otherwise
    gone = min(row.written_off, whole)
    if gone <= 0:
        return row.paid_public, row.paid_otherwise
    # Half a fen goes to public money: a loss is not made smaller than it is.
    otherwise = row.paid_otherwise - (2 * gone * row.paid_otherwise + whole) // (2 * whole)
    return whole - gone - otherwise, otherwise


def _covered(covers: Sequence[CoverRow], terms: Terms, loans: Loans | None) -> Iterator[Covered]:
    """Guarantees in the order in which they were recorded."""
    left: dict[tuple[int, str], int] = {}
    live: list[tuple[CoverRow, int, int]] = []
    for row in sorted(covers, key=lambda row: row.guarantee_id):
        amount = row.outstanding
        if row.balance is not None:
            contract = row.bank_id, row.contract_no
            amount = min(amount, max(0, left.get(contract, row.balance)))
            left[contract] = left.get(contract, row.balance) - amount
        if amount > 0:
            live.append((row, amount, _lost_of(row, amount, terms, loans)))
    at_cost = borne([(row, amount) for row, amount, _ in live], caps=terms.caps)
    at_loss = [Borne() for _ in live]
    if terms.lgds is not None:
        at_loss = borne([(row, loss) for row, _, loss in live], caps=terms.caps)
    for (row, amount, loss), parts, gone in zip(live, at_cost, at_loss, strict=True):
        code = (
            Code.SHARED
            if row.balance is not None
            else Code.INSURANCE
            if row.is_insurance
            else Code.GUARANTEES
        )
        yield Covered(row.guarantee_id, code, amount, parts, gone, loss)


def _lost_of(row: CoverRow, amount: int, terms: Terms, loans: Loans | None) -> int:
    """Of a reported loan what is lost of it; nothing where nothing is assumed."""
    if terms.lgds is None or loans is None:
        return 0
    reported = row.balance is not None
    return lost(amount, loans.rate(row.bank_id, row.firm_id) if reported else terms.lgds[lgd.GUARANTEE])


def _contingent(covered: Iterable[Covered], terms: Terms) -> dict[Code, tuple[Amounts, Amounts]]:
    """{line: (public, finance)}. No price is recorded of a loan, so its fair value is what is owed."""
    sums = {code: [0, 0, 0, 0] for code in (Code.SHARED, Code.GUARANTEES, Code.INSURANCE)}
    for one in covered:
        own = sums[one.code]
        own[0] += one.public
        own[1] += one.whole
        own[2] += public(one.lost)
        own[3] += one.loss
    known = terms.lgds is not None
    return {
        code: (Amounts(part, part, gone if known else None), Amounts(whole, whole, loss if known else None))
        for code, (part, whole, gone, loss) in sums.items()
    }


def _equity(costs: Sequence[int], worths: Sequence[int], lgds: Lgds | None) -> Amounts:
    """What is lost of stakes is lost of what they are worth."""
    gone = None if lgds is None else sum(lost(worth, lgds[lgd.EQUITY]) for worth in worths)
    return Amounts(sum(costs), sum(worths), gone)


def _claims(amounts: Iterable[int], lgds: Lgds | None) -> Amounts:
    """What is owed after compensations, without a price of its own."""
    listed = list(amounts)
    gone = None if lgds is None else sum(lost(owed, lgds[lgd.CLAIM]) for owed in listed)
    return Amounts(sum(listed), sum(listed), gone)


def sorted_facts(
    *,
    direct: Iterable[HoldingRow],
    paths: Mapping[int, Sequence[Path]],
    incomplete: Mapping[int, str],
    balances: Iterable[BalanceRow],
    covers: Iterable[CoverRow],
    pledged: Iterable[PledgedRow],
    subsidies: Mapping[int, int],
) -> dict[int, Facts]:
    """{firm id: its facts} of every firm that has any, by id; a pledge is none without a loan."""
    found: defaultdict[int, Facts] = defaultdict(Facts)
    for stake in direct:
        if stake.firm_id is not None:
            found[stake.firm_id].direct.append(stake)
    for firm, ways in paths.items():
        found[firm].paths.extend(ways)
    for firm, why in incomplete.items():
        found[firm].incomplete = why
    for balance in balances:
        found[balance.firm_id].balances.append(balance)
    for cover in covers:
        found[cover.firm_id].covers.append(cover)
    for firm, amount in subsidies.items():
        found[firm].subsidies += amount
    for secured in pledged:
        if secured.firm_id in found:
            found[secured.firm_id].pledged.append(secured)
    return dict(sorted(found.items()))


def together(parts: Iterable[Facts]) -> Facts:
    """The facts of firms that are looked at as one."""
    whole = Facts()
    for part in parts:
        whole.direct += part.direct
        whole.paths += part.paths
        whole.balances += part.balances
        whole.covers += part.covers
        whole.pledged += part.pledged
        whole.subsidies += part.subsidies
        whole.incomplete = whole.incomplete or part.incomplete
    return whole
