"""The loss that a city has said it will bear 容忍度, and how much of it is used.

Published rules differ in all of scope, base, netting and timing, so these are data of the rule. Amounts are
`Decimal` yuan: a rule looks at a few hundred projects, and what it says is printed as money.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import Enum
from operator import attrgetter
from typing import Final

from tasks.engine.amounts import CENT

_NOTHING: Final = Decimal(0)


class Scope(Enum):
    """What the limit is set on; the value names the attribute of a project that must be the same."""

    FUND = "fund"
    TIER = "tier"
    CATEGORY = "category"
    VINTAGE = "vintage"
    PROJECT = "project"


class Base(Enum):
    """What the limit is a fraction of."""

    PRINCIPAL_PAID = "principal-paid"
    SIZE = "size"


class Timing(Enum):
    """When a loss counts."""

    REALISED = "realised"
    REALISED_AND_IMPAIRED = "realised-and-impaired"
    LIQUIDATION = "liquidation"  # realised, and only once the project is wound up


class Status(Enum):
    WITHIN = "within"
    WARNING = "warning"  # the used part has reached the rule's warning line
    EXCEEDED = "exceeded"  # used is above the limit; exactly at it is not
    UNKNOWN = "unknown"  # a figure that the rule needs is not reported


@dataclass(frozen=True, slots=True)
class Rule:
    """A tolerance as published: `limit` and `warning` are fractions, of the base and of the limit.

    With `netting`, realised gains in the scope offset realised losses; an impairment is never offset,
    because a gain that is not realised is none. Its document and dates stay with whoever chose the rule.
    """

    scope: Scope
    base: Base
    netting: bool
    timing: Timing
    limit: Decimal
    warning: Decimal = Decimal("0.8")

    def __post_init__(self) -> None:
        """Refuse with ValueError a limit that is no fraction."""
        finite = self.limit.is_finite() and self.warning.is_finite()
        if not (finite and 0 <= self.limit <= 1 and 0 < self.warning <= 1):
            raise ValueError("a tolerance is a fraction of its base, a warning line one of the tolerance")


@dataclass(frozen=True, slots=True)
class Project:
    """What one investment has cost and lost so far, in yuan; losses and impairments are positive.

    `impaired` is the expected loss on what is still held, None where nobody has valued it.
    """

    project: str
    fund: str
    category: str
    vintage: int
    principal_paid: Decimal
    realised_loss: Decimal = _NOTHING
    realised_gain: Decimal = _NOTHING
    impaired: Decimal | None = _NOTHING
    liquidated: bool = False
    tier: str = ""

    def __post_init__(self) -> None:
        """Refuse with ValueError a negative or non-finite amount: its sign would turn a loss into room."""
        amounts = (self.principal_paid, self.realised_loss, self.realised_gain, self.impaired or _NOTHING)
        if not all(amount.is_finite() and amount >= 0 for amount in amounts):
            raise ValueError(f"{self.project}: amounts are finite and not negative")


@dataclass(frozen=True, slots=True)
class Facts:
    """The projects of one scope, and its size in yuan (subscribed 认缴) where a rule is based on it."""

    projects: Sequence[Project]
    size: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """A tolerance in yuan. `left` is negative where the limit is exceeded; None where it is not known.

    `realised` is what counts by the rule's netting and timing. `impaired` is always told, and counts only
    where the timing says so.
    """

    limit: Decimal | None
    realised: Decimal
    impaired: Decimal | None
    left: Decimal | None
    status: Status


class MixedScopeError(ValueError):
    """The facts belong to more than one fund, tier, category, vintage or project of the rule's scope."""


def used(rule: Rule, facts: Facts) -> Budget:
    """How much of the rule's tolerance the facts of one scope have used.

    A rule on principal paid without projects has a limit of 0; one on size without a size is `unknown`, and
    so is one that counts impairments where one is not valued. Raises MixedScopeError.
    """
    if len(set(map(_key(rule), facts.projects))) > 1:
        raise MixedScopeError(f"the rule is set on one {rule.scope.value}")
    limit = _limit(rule, facts)
    realised, impaired = _realised(rule, facts.projects), _impaired(facts.projects)
    counted = impaired if rule.timing is Timing.REALISED_AND_IMPAIRED else _NOTHING
    if limit is None or counted is None:
        return Budget(limit, realised, impaired, None, Status.UNKNOWN)
    spent = realised + counted
    return Budget(limit, realised, impaired, limit - spent, _status(rule, limit=limit, spent=spent))


def by_scope(
    rule: Rule, projects: Iterable[Project], *, sizes: Mapping[str | int, Decimal] | None = None
) -> dict[str | int, Budget]:
    """A budget for each fund, tier, category, vintage or project that the rule's scope tells apart.

    Keys come in the order of their first project; `sizes` holds the size of each for rules based on it.
    """
    groups: dict[str | int, list[Project]] = {}
    for project in projects:
        groups.setdefault(_key(rule)(project), []).append(project)
    return {key: used(rule, Facts(group, (sizes or {}).get(key))) for key, group in groups.items()}


def losses_left(budget: Budget, *, typical: Decimal) -> int | None:
    """How many more losses of a typical size, in yuan, fit into what is left; None where that is unknown.

    Raises ValueError for a typical loss of 0 or less.
    """
    if typical <= 0:
        raise ValueError("a typical loss is positive")
    return None if budget.left is None else max(0, int(budget.left // typical))


def _key(rule: Rule) -> Callable[[Project], str | int]:
    return attrgetter(rule.scope.value)


def _limit(rule: Rule, facts: Facts) -> Decimal | None:
    paid = sum((project.principal_paid for project in facts.projects), _NOTHING)
    base = paid if rule.base is Base.PRINCIPAL_PAID else facts.size
    if base is None:
        return None
    return (rule.limit * base).quantize(CENT, rounding=ROUND_DOWN)


def _realised(rule: Rule, projects: Sequence[Project]) -> Decimal:
    final = [project for project in projects if project.liquidated or rule.timing is not Timing.LIQUIDATION]
    losses = sum((project.realised_loss for project in final), _NOTHING)
    gains = sum((project.realised_gain for project in final), _NOTHING)
    return max(_NOTHING, losses - gains) if rule.netting else losses


def _impaired(projects: Sequence[Project]) -> Decimal | None:
    known = [project.impaired for project in projects if project.impaired is not None]
    return sum(known, _NOTHING) if len(known) == len(projects) else None


def _status(rule: Rule, *, limit: Decimal, spent: Decimal) -> Status:
    if spent > limit:
        return Status.EXCEEDED
    return Status.WARNING if spent and spent >= rule.warning * limit else Status.WITHIN
