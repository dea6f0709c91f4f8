"""One firm's exposure, or a group's, at any day and as known at any moment; with the records behind each line.

A fixed number of queries, each led by an index from the firms to their rows, however large the city is. Wants full
scope. `as_of` is exclusive, `known_at` inclusive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from finance_hub.kernel.models import ControlGroup, Firm, Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.problems import NotFound
from funds import queries as funds
from funds.models import Fund
from funds.queries import HeldStake
from loans import queries as loans
from loans.queries import BalanceRow, DebtRow, PledgedRow
from tasks.exposure import lgd
from tasks.exposure.assembly import Exposure, Facts, Terms, assemble
from tasks.exposure.assumed import assumed
from tasks.exposure.bearing import Caps
from tasks.exposure.paths import NOTHING_BELOW, Basis, LookedThrough, Path
from tasks.exposure.records import Record, records
from tasks.models import RiskAssumptions

SUB = "sub"


class Read(NamedTuple):
    """An exposure with its records; `silent` are codes of banks that owe a report of the last whole month and lend
    to these firms: their balances are those last known. `assumptions` are what the losses rest on."""

    exposure: Exposure
    paths: tuple[Path, ...]
    records: tuple[Record, ...]
    silent: tuple[str, ...]
    assumptions: RiskAssumptions | None


class Members(NamedTuple):
    """A control group and its firms, as the registry has them today."""

    group: ControlGroup
    firms: tuple[Firm, ...]


def group(pk: str) -> Members:
    """The group with an id. Raises NotFound."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 18):
        raise NotFound
    found = ControlGroup.objects.filter(pk=int(pk)).first()
    if found is None:
        raise NotFound
    return Members(found, tuple(Firm.objects.filter(control_group=found).order_by("uscc")))


def read(
    firms: Sequence[Firm],
    *,
    as_of: date,
    known_at: datetime,
    basis: Basis = "paid_in",
) -> Read:
    """The exposure of some firms together. What secures their loans is known of the last whole month."""
    ids, day = [firm.pk for firm in firms], as_of - timedelta(days=1)
    stakes = funds.holdings_in(ids, as_of=as_of, known_at=known_at)
    looked = _through(stakes, as_of=as_of, known_at=known_at, basis=basis)
    debts = loans.debts(ids, as_of=as_of, known_at=known_at)
    covers = loans.cover_frame(as_of, known_at, firms=ids)
    facts = Facts(
        direct=[stake.row for stake in stakes if stake.fund.tier != SUB],
        paths=looked.paths,
        balances=_balances(debts),
        covers=covers,
        pledged=_pledged(debts, ids, as_of=as_of, known_at=known_at),
        subsidies=_subsidies(debts, ids, as_of=as_of, known_at=known_at),
        incomplete=looked.incomplete,
    )
    rooms = {row.terms_id: row for row in loans.room_frame(as_of, known_at, covers=covers)}
    caps = Caps(rooms, loans.held_by_pools(as_of, known_at, covers=covers))
    held = assumed(as_of=as_of, known_at=known_at)
    terms = Terms(caps, lgd.lgds(lgd.rows_of(held)), Organisation.objects.filter(kind="insurer").exists())
    exposure = assemble(facts, terms)
    return Read(
        exposure,
        tuple(path for firm in sorted(looked.paths) for path in looked.paths[firm]),
        tuple(records(exposure, stakes=stakes, paths=looked.paths, debts=debts, covers=covers)),
        _silent(debts, day=day, known_at=known_at),
        held,
    )


def _through(stakes: Sequence[HeldStake], *, as_of: date, known_at: datetime, basis: Basis) -> LookedThrough:
    """Nothing is read of sub-funds where none of them holds the firms."""
    held = [stake.row for stake in stakes if stake.fund.tier == SUB]
    if not held:
        return NOTHING_BELOW
    from tasks.exposure.through import looked_through  # NumPy, wanted by the firms that sub-funds hold

    holding = {row.fund_id for row in held}
    edges = funds.stakes_frame(as_of=as_of, known_at=known_at, above=holding)
    subs = set(Fund.objects.filter(tier=SUB).values_list("pk", flat=True))
    owned = {row.fund_id for row in edges} & subs
    by_nav = basis == "nav"
    assets = funds.net_assets_fen(owned, as_of=as_of, known_at=known_at) if by_nav else {}
    last = as_of - timedelta(days=1)
    return looked_through(held, edges, subs=subs, assets=assets, basis=basis, last=last)


def _balances(debts: Sequence[DebtRow]) -> list[BalanceRow]:
    """By bank, product and firm, as `loans.balance_frame` has them."""
    found: Counter[tuple[int, str, int]] = Counter()
    for row in debts:
        found[row.bank_id, row.product, row.firm_id] += row.balance
    return [BalanceRow(*key, balance) for key, balance in sorted(found.items()) if balance]


def _pledged(
    debts: Sequence[DebtRow], firms: Sequence[int], *, as_of: date, known_at: datetime
) -> list[PledgedRow]:
    if not any(row.balance for row in debts):
        return []
    return loans.pledged_frame(whole_month(as_of).first, known_at, firms=firms)


def _subsidies(
    debts: Sequence[DebtRow], firms: Sequence[int], *, as_of: date, known_at: datetime
) -> dict[int, int]:
    """By firm, of the calendar year up to the last whole month before `as_of`; none is looked for where none was
    agreed."""
    if not any(row.subsidised for row in debts):
        return {}
    found = loans.firm_subsidy_frame(whole_month(as_of), known_at, firms=firms)
    return {row.firm_id: row.payable for row in found}


def whole_month(as_of: date) -> Month:
    """The last month that had ended before the day `as_of`."""
    return Month.of(as_of) - 1


def _silent(debts: Sequence[DebtRow], *, day: date, known_at: datetime) -> tuple[str, ...]:
    lending = {row.bank for row in debts if row.balance}
    if not lending:
        return ()
    month = whole_month(day + timedelta(days=1))
    owed = loans.not_reported(month, known_at)
    return tuple(sorted(lending & {code for code, dataset in owed if dataset == "flow"}))
