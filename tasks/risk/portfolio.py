"""One portfolio of everything public money stands in: what is lost where a firm fails, in every book it stands in.

A firm fails once, and all its instruments with it. Equity is what the city's funds hold of it directly and through
sub-funds, by paid-in share and at fair value (outside investors' part is nobody's here); loans are all balances,
those last known where a bank's report is late; a guarantee on a reported loan is a way of sharing that loan's loss
and no second one. What a firm's failure costs is the loss of its total finance in `tasks.exposure`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from finance_hub.kernel.text import Text
from loans.queries import GuaranteedRow
from tasks.catalogue.lookthrough import attributed
from tasks.engine.arrays import Floats
from tasks.exposure.lgd import by_lender, shares
from tasks.frames import Frames
from tasks.risk.firms import Standing, largest_group, pd_of, standings
from tasks.risk.parameters import Parameters
from tasks.risk.shocks import Shock

#: What is lost where one firm fails, in fen; firm id → amount.
Losses = dict[int, float]
#: Parties of a guarantee with shares of its own, in the order of its columns.
OWN_PARTIES = ("bank", "government", "guarantor")


@dataclass(frozen=True)
class Portfolio:
    """Columns over `firms`, `[n]`; amounts in fen.

    `funds`: loss of each city fund at fair value, by its id. `uncovered`: loss on loans that nobody guarantees.
    `terms`: loss to be shared under each version of an agreement. `own`: loss to be shared by the guarantee's own
    shares, by party. `claims`: loss on what was compensated, by the party that paid. `held`: fund holdings that
    the tolerances are counted on, `(holding id, firm id) → loss`.
    """

    firms: list[int]
    standing: Mapping[int, Standing]
    exposures: Floats
    pds: Floats
    loadings: Floats
    funds: dict[int, Floats]
    uncovered: Floats
    loans: Floats
    guarantees: Floats
    terms: dict[int, Floats]
    own: dict[str, Floats]
    claims: dict[str, Floats]
    held: Mapping[tuple[int, int], float]
    failing: frozenset[int]

    @property
    def equity(self) -> Floats:
        return sum(self.funds.values(), np.zeros(len(self.firms)))

    @property
    def total(self) -> Floats:
        return self.equity + self.loans + self.guarantees

    def books(self) -> dict[str, tuple[Text, Floats]]:
        """All of it and its parts by instrument, which add up to it."""
        return {
            "total": (Text("融资总额", "Total finance"), self.total),
            "equity": (Text("股权", "Equity"), self.equity),
            "loans": (Text("专项贷款", "Specialty loans"), self.loans),
            "guarantees": (
                Text("未列报贷款的担保与代偿", "Guarantees elsewhere and claims"),
                self.guarantees,
            ),
        }


class _Building:
    """Exposures and losses of every firm, gathered instrument by instrument."""

    def __init__(self, frames: Frames, by: Parameters, shock: Shock) -> None:
        self.frames, self.by, self.shock = frames, by, shock
        self.balances = _summed(((r.bank_id, r.firm_id), r.balance) for r in frames.balances)
        claimed = {row.firm_id for row in frames.guaranteed if row.claim}
        owing = {firm for _bank, firm in self.balances} | {
            r.firm_id for r in frames.guaranteed if r.outstanding or r.elsewhere
        }
        self.standing = standings(frames, indebted=owing, claimed=claimed)
        self.parts = {row.terms_id: row.parts for row in frames.shared}
        self.exposures: Losses = defaultdict(float)
        self.with_equity: set[int] = set()
        self.terms: dict[int, Losses] = defaultdict(lambda: defaultdict(float))
        self.own: dict[str, Losses] = {party: defaultdict(float) for party in OWN_PARTIES}
        self.claims: dict[str, Losses] = defaultdict(lambda: defaultdict(float))
        self.held: dict[tuple[int, int], float] = {}

    def equity(self) -> dict[int, Losses]:
        """By city fund; also what each holding loses, a stake in a sub-fund firm by firm."""
        held = attributed(self.frames, basis="paid_in")
        tiers = {fund.id: fund.tier for fund in self.frames.funds}
        found: dict[int, Losses] = {}
        for fund in (one.id for one in self.frames.funds if one.tier != "sub"):
            losses = found[fund] = defaultdict(float)
            columns = [held.direct[fund]] if fund in held.direct else []
            columns += [
                column for sub, column in held.via.get(fund, {}).items() if tiers.get(int(sub)) == "sub"
            ]
            for column in columns:
                for firm, amount in column.items():
                    self.exposures[int(firm)] += amount.fen or 0
                    self.with_equity.add(int(firm))
                    losses[int(firm)] += (amount.fen or 0) * self._lgd_of_equity(int(firm))
        for holding in self.frames.holdings:
            if holding.firm_id is not None:
                self.held[holding.holding_id, holding.firm_id] = holding.worth_fen * self._lgd_of_equity(
                    holding.firm_id
                )
                continue
            through = held.via.get(holding.fund_id, {}).get(holding.sub_fund_id or 0)
            for firm, amount in through.items() if through is not None else ():
                loss = (amount.fen or 0) * self._lgd_of_equity(int(firm))
                self.held[holding.holding_id, int(firm)] = loss
        return found

    def loans(self) -> tuple[Losses, Losses]:
        """(loss on every reported loan, the part of it that nobody guarantees); covers are shared out on the way."""
        pledged = by_lender(self.frames.pledged)
        covered = _summed(((r.bank_id, r.firm_id), r.outstanding) for r in self.frames.guaranteed)
        whole: Losses = defaultdict(float)
        uncovered: Losses = defaultdict(float)
        shares: dict[tuple[int, int], float] = {}
        for at, balance in self.balances.items():
            lgd = self._lgd_of_loan(pledged.get(at, {}), balance)
            guaranteed = min(balance, covered.get(at, 0))
            whole[at[1]] += balance * lgd
            uncovered[at[1]] += (balance - guaranteed) * lgd
            self.exposures[at[1]] += balance
            # A guarantee for more than is still owed covers what is owed.
            shares[at] = guaranteed * lgd / covered[at] if covered.get(at) else 0.0
        for row in self.frames.guaranteed:
            self._share(row, row.outstanding * shares.get((row.bank_id, row.firm_id), 0.0))
        return whole, uncovered

    def guarantees(self) -> Losses:
        """Loss on guarantees of loans that no bank reports here, and on claims that are still open."""
        lgd, lgd_of_claim = self._lgd("guarantee"), self._lgd("claim")
        whole: Losses = defaultdict(float)
        for row in self.frames.guaranteed:
            self.exposures[row.firm_id] += row.elsewhere + row.claim
            whole[row.firm_id] += row.elsewhere * lgd + row.claim * lgd_of_claim
            self._share(row, row.elsewhere * lgd)
            for party, part in self._payers(row) if row.claim else ():
                self.claims[party][row.firm_id] += row.claim * lgd_of_claim * part
        return whole

    def _share(self, row: GuaranteedRow, loss: float) -> None:
        if row.terms_id is not None:
            self.terms[row.terms_id][row.firm_id] += loss
            return
        for party, share in zip(OWN_PARTIES, row.shares, strict=True):
            self.own[party][row.firm_id] += loss * float(share) / 100

    def _payers(self, row: GuaranteedRow) -> list[tuple[str, float]]:
        """Who paid a compensation: everybody but the bank, in the proportion of their shares."""
        parts = self.parts.get(row.terms_id or 0) or zip(OWN_PARTIES, map(float, row.shares), strict=True)
        others = [(party, float(part)) for party, part in parts if party != "bank"]
        whole = sum(part for _party, part in others)
        return [(party, part / whole) for party, part in others] if whole else [("guarantor", 1.0)]

    def _lgd(self, of: str) -> float:
        return self.shock.lgd_of(self.by.lgd(of))

    def _lgd_of_equity(self, firm: int) -> float:
        return self.shock.lgd_of(self.by.lgd("equity"), is_pre_listing=self.standing[firm].is_pre_listing)

    def _lgd_of_loan(self, pledged: Mapping[str, int], balance: int) -> float:
        """The mean over the parts that pledges secure and the rest."""
        return sum(float(part) * self._lgd(key) for key, part in shares(pledged, balance).items())


def build(frames: Frames, *, by: Parameters, shock: Shock) -> Portfolio:
    """The portfolio of a month under a set of assumptions and a shock. Firms come by id."""
    made = _Building(frames, by, shock)
    funds = made.equity()
    loans, uncovered = made.loans()
    guarantees = made.guarantees()
    firms = sorted(firm for firm, amount in made.exposures.items() if amount > 0)
    column = _columns(firms)
    failing = largest_group(made.exposures, made.standing) if shock.largest_group_fails else frozenset()
    pds = [
        1.0 if firm in failing
        else pd_of(made.standing[firm], has_equity=firm in made.with_equity, by=by, shock=shock)
        for firm in firms
    ]  # fmt: skip
    loadings = [shock.loading_of(by.loading(made.standing[firm].industry)) for firm in firms]
    return Portfolio(
        firms=firms,
        standing=made.standing,
        exposures=column(made.exposures),
        pds=np.array(pds, dtype=np.float64),
        loadings=np.array(loadings, dtype=np.float64),
        funds={fund: column(losses) for fund, losses in funds.items()},
        uncovered=column(uncovered),
        loans=column(loans),
        guarantees=column(guarantees),
        terms={terms: column(losses) for terms, losses in made.terms.items()},
        own={party: column(losses) for party, losses in made.own.items()},
        claims={party: column(losses) for party, losses in made.claims.items()},
        held=made.held,
        failing=failing,
    )


def _columns(firms: list[int]) -> Callable[[Losses], Floats]:
    return lambda losses: np.array([losses.get(firm, 0.0) for firm in firms], dtype=np.float64)


def _summed(rows: Iterable[tuple[tuple[int, int], int]]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    for key, amount in rows:
        found[key] += amount
    return {key: amount for key, amount in found.items() if amount > 0}
