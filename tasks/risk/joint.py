"""What a month's portfolio can lose within twelve months: reckoned for each book, drawn for all of them together.

Quantiles and curves of one book come from `loss_distribution` (enumeration, lattice or quadrature over the common
factor, as the result says); what several limits do together from `joint_losses`, firm by firm, with a seed that is
kept. Amounts in the result are yuan in text, probabilities numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from finance_hub.kernel.money import CENT
from finance_hub.kernel.text import Text
from tasks.engine.arrays import Bools, Floats
from tasks.engine.loss import Joint, LossDistribution, joint_losses, loss_distribution
from tasks.engine.sharing import largest_remainder
from tasks.frames import Frames, firm_names
from tasks.risk.parameters import Parameters
from tasks.risk.payers import PARTIES, by_investors, under_agreements
from tasks.risk.portfolio import Portfolio, build
from tasks.risk.rooms import HALF_A_FEN, Limit, limits
from tasks.risk.shocks import Shock

SEED, DRAWS = 20_261, 100_000
#: How often a loss is exceeded: the points of the curves.
CURVE = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
QUANTILES = (0.95, 0.99, 0.999)
#: The worst hundredth: who causes it, who pays for it.
TAIL = 0.99
TOP, BEHIND = 20, 5
#: What the answer's sensitivity is asked of, and by how much.
MOVES = tuple((what, by) for what in ("pd", "lgd", "loading") for by in (-0.1, 0.1))

Step = Callable[[str], None]


class NothingAtRisk(ValueError):
    """No firm has any exposure in the month."""


def compute(
    frames: Frames, *, by: Parameters, shock: Shock, with_sensitivity: bool, step: Step, seed: int = SEED,
    draws: int = DRAWS,
) -> dict[str, Any]:  # fmt: skip
    """The content of a LossResult. `step` is told what is being done, and may raise to stop. Raises NothingAtRisk."""
    step("portfolio")
    held = build(frames, by=by, shock=shock)
    if not held.firms:
        raise NothingAtRisk
    bounds = limits(frames, held)
    step("distributions")
    laws = {code: _law(losses, held) for code, (_label, losses) in held.books().items()}
    step("scenarios")
    drawn = _draw(held, bounds, seed=seed, draws=draws)
    names = firm_names(held.firms)
    result: dict[str, Any] = {
        "firms": len(held.firms),
        "expected_failures": float(held.pds.sum()),
        "exposure": _yuan(held.exposures.sum()),
        "failing": [_firm(names, firm) for firm in sorted(held.failing)],
        "not_reported": sorted({code for code, dataset in frames.not_reported if dataset == "flow"}),
        "books": [_book(code, label, losses, laws[code]) for code, (label, losses) in held.books().items()],
        "limits": [_limit(bound, drawn, held, names) for bound in bounds],
        "all_hold": drawn.all_hold(_rooms(bounds)) if bounds else 1.0,
        "payers": _payers(frames, held, drawn),
        "contributions": _contributions(held, laws["total"], names),
    }
    result["sensitivity"] = _sensitivity(frames, by, shock, seed, draws, step) if with_sensitivity else []
    return result


def _law(losses: Floats, held: Portfolio) -> LossDistribution:
    return loss_distribution(losses, held.pds, np.ones(len(losses)), held.loadings)


def _draw(held: Portfolio, bounds: Iterable[Limit], *, seed: int, draws: int) -> Joint:
    """Every book that is asked together, in the same scenarios."""
    books = {"total": held.total, "uncovered": held.uncovered}
    books |= {f"fund {fund}": losses for fund, losses in held.funds.items()}
    books |= {f"terms {terms}": losses for terms, losses in held.terms.items()}
    books |= {f"own {party}": losses for party, losses in held.own.items()}
    books |= {f"claim {party}": losses for party, losses in held.claims.items()}
    books |= {_name(bound): bound.losses for bound in bounds}
    return joint_losses(books, pds=held.pds, loadings=held.loadings, seed=seed, scenarios=draws)


def _name(bound: Limit) -> str:
    return f"{bound.kind} {bound.code}"


def _rooms(bounds: Iterable[Limit]) -> dict[str, float]:
    return {_name(bound): bound.room + HALF_A_FEN for bound in bounds}


def _book(code: str, label: Text, losses: Floats, law: LossDistribution) -> dict[str, Any]:
    return {
        "code": code,
        "label": label._asdict(),
        "method": law.method,
        "at_stake": _yuan(losses.sum()),
        "expected": _yuan(law.mean),
        "quantiles": {str(q): _yuan(law.quantile(q)) for q in QUANTILES},
        "shortfall": {str(q): _yuan(law.shortfall(q)) for q in QUANTILES},
        "curve": _curve(law),
    }


def _curve(law: LossDistribution) -> list[dict[str, Any]]:
    return [{"probability": chance, "loss": _yuan(law.quantile(1 - chance))} for chance in CURVE]


def _limit(bound: Limit, drawn: Joint, held: Portfolio, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    name, law = _name(bound), _law(bound.losses, held)
    above = drawn.totals[name] > bound.room + HALF_A_FEN
    return {
        "kind": bound.kind,
        "code": bound.code,
        "label": bound.label._asdict(),
        "limit": None if bound.limit is None else _yuan(bound.limit),
        "used": None if bound.used is None else _yuan(bound.used),
        "room": _yuan(bound.room),
        "expected": _yuan(law.mean),
        "probability": float(above.mean()),
        "method": law.method,
        "curve": _curve(law),
        "behind": _behind(bound, above, drawn, held, names),
    }


def _behind(
    bound: Limit, above: Bools, drawn: Joint, held: Portfolio, names: dict[int, tuple[str, str]]
) -> list[dict[str, Any]]:
    """The firms that lose most where the limit is broken, with what they lose of it there on average."""
    if not 0 < above.sum() < len(above):
        return []
    costly = np.flatnonzero(bound.losses)
    lost = bound.losses if len(costly) == 1 else drawn.contributions(_name(bound), above)
    largest = [at for at in np.argsort(-lost, kind="stable")[:BEHIND].tolist() if lost[at] > 0]
    return [{**_firm(names, held.firms[at]), "amount": _yuan(lost[at])} for at in largest]


def _payers(frames: Frames, held: Portfolio, drawn: Joint) -> list[dict[str, Any]]:
    """What each party bears on average, and in the worst hundredth of scenarios; both add up to the whole."""
    terms = {terms: drawn.totals[f"terms {terms}"] for terms in held.terms}
    paid = under_agreements(
        terms, list(frames.shared), pools={p.pool_id: float(p.balance) for p in frames.pools}
    )
    losses = {fund: drawn.totals[f"fund {fund}"] for fund in held.funds}
    for party, amount in by_investors(losses, frames).items():
        paid[party] = paid.get(party, 0.0) + amount
    for party in held.own:
        paid[party] = paid.get(party, 0.0) + drawn.totals[f"own {party}"]
    for party in held.claims:
        paid[party] = paid.get(party, 0.0) + drawn.totals[f"claim {party}"]
    paid["bank"] = paid.get("bank", 0.0) + drawn.totals["uncovered"]
    total = drawn.totals["total"]
    worst = total >= np.quantile(total, TAIL)
    expected = _split(total.mean(), {party: amounts.mean() for party, amounts in paid.items()})
    in_tail = _split(total[worst].mean(), {party: amounts[worst].mean() for party, amounts in paid.items()})
    return [
        {
            "party": party,
            "label": label._asdict(),
            "expected": f"{expected[party]:.2f}",
            "in_tail": f"{in_tail[party]:.2f}",
        }
        for party, label in PARTIES.items()
        if party in paid and (expected[party] or in_tail[party])
    ]


def _split(whole: float, parts: dict[str, float]) -> dict[str, Decimal]:
    """Parts of the whole to the cent that add up to it."""
    weights = {party: Decimal(repr(max(0.0, float(part)))) for party, part in parts.items()}
    if not sum(weights.values()):
        return dict.fromkeys(parts, Decimal(0))
    return largest_remainder(Decimal(_yuan(whole)), weights=weights)


def _contributions(
    held: Portfolio, law: LossDistribution, names: dict[int, tuple[str, str]]
) -> list[dict[str, Any]]:
    """Euler parts of the expected shortfall of everything at TAIL: the firms behind it, the largest first."""
    parts, whole = law.contributions_at(TAIL), law.shortfall(TAIL)
    found = []
    for at in np.argsort(-parts, kind="stable")[:TOP].tolist():
        if parts[at] <= 0:
            break
        standing = held.standing[held.firms[at]]
        found.append(
            {
                **_firm(names, held.firms[at]),
                "amount": _yuan(parts[at]),
                "share": float(parts[at] / whole),
                "pd": float(held.pds[at]),
                "tier": standing.tier,
                "stage": standing.stage,
                "exposure": _yuan(held.exposures[at]),
                "equity": _yuan(held.equity[at]),
                "loans": _yuan(held.loans[at]),
                "guarantees": _yuan(held.guarantees[at]),
            }
        )
    return found


def _sensitivity(
    frames: Frames, by: Parameters, shock: Shock, seed: int, draws: int, step: Step
) -> list[dict[str, Any]]:
    """The answer again with each assumption a tenth lower and higher, in scenarios of the same seed."""
    found = []
    for what, change in MOVES:
        step(f"{what} {change:+.0%}")
        held = build(frames, by=by, shock=shock.moved(what, change))
        bounds, law = limits(frames, held), _law(held.total, held)
        rooms = _rooms(bounds)
        books = {_name(bound): bound.losses for bound in bounds}
        hold = 1.0
        if books:
            drawn = joint_losses(books, pds=held.pds, loadings=held.loadings, seed=seed, scenarios=draws)
            hold = drawn.all_hold(rooms)
        found.append(
            {
                "what": what,
                "change": change,
                "expected": _yuan(law.mean),
                "quantile": _yuan(law.quantile(0.999)),
                "all_hold": hold,
            }
        )
    return found


def _firm(names: dict[int, tuple[str, str]], firm: int) -> dict[str, str]:
    uscc, name = names[firm]
    return {"uscc": uscc, "name": name}


def _yuan(fen: float) -> str:
    """Yuan in text, rounded to the cent once."""
    return f"{(Decimal(repr(float(fen))) / 100).quantize(CENT, ROUND_HALF_UP):.2f}"
