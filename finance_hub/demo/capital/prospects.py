"""What the funds looked at: the deals behind their stakes, those still open, and those that came to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from finance_hub.demo import naming
from finance_hub.demo.capital.ledger import FundPlan
from finance_hub.demo.chance import Chance
from finance_hub.demo.registry import Enterprise
from finance_hub.demo.timeline import workday

ROAD = ("met", "screening", "due_diligence", "committee", "signed", "paid")
#: Days from a stage of the road to the next.
DWELL = ((4, 20), (7, 25), (15, 50), (5, 25), (3, 20))
#: How many deals of a fund are open at each stage before the payment, and how many came to nothing.
OPEN = {"angel": 2, "mother": 1, "industry": 2, "sub": 1}
ENDED = {"angel": 9, "mother": 2, "industry": 6, "sub": 2}
#: The last step of an open deal lies this many days before the city's last days.
LAST_DAYS, FRESH = date(2026, 11, 4), (3, 60)
SOURCES = {"roadshow": 35, "own_search": 30, "referral": 25, "bank": 10}
REFERRERS = {
    "referral": (f"梧桐校友会{naming.MARK}", f"科创服务中心{naming.MARK}", f"产业园区{naming.MARK}"),
    "bank": (f"合作银行科技支行{naming.MARK}",),
}
INSTRUMENTS = {"equity": 80, "convertible": 14, "warrant": 6}
DECLINED = ("估值分歧较大", "技术路线尚不成熟", "客户过于集中", "股权结构不清晰", "与基金投向不符")
WITHDRAWN = ("企业选择了其他投资人", "企业暂缓融资")


@dataclass(frozen=True)
class Move:
    """A step of a deal on a day, with the reasons of the stages that it leaves out."""

    stage: str
    day: date
    reason: str = ""
    skipped: tuple[tuple[str, str], ...] = ()
    votes: tuple[int, int] = (5, 0)


@dataclass
class Prospect:
    """A deal of the plan. `tranches` are the days of its further payments; `deal` is its public id once known."""

    firm: Enterprise
    title: str
    source: str
    referred_by: str
    instrument: str
    planned: Decimal
    lead: str
    by_name: bool
    moves: list[Move]
    tranches: list[date] = field(default_factory=list)
    deal: str = ""


def look(plan: FundPlan, firms: Iterable[Enterprise], *, dice: Chance) -> list[Prospect]:
    """All deals of a fund, those behind its stakes first."""
    made: list[Prospect] = []
    for stake in plan.stakes:
        if stake.firm:
            made += _behind(plan, stake.firm, stake.rounds, dice=dice)
    taken = {stake.firm.uscc for stake in plan.stakes if stake.firm}
    fit = [
        f for f in firms
        if f.stage in plan.charter.stages and f.uscc not in taken and not f.fails_on
        and f.known_on < date(2026, 3, 1)
    ]  # fmt: skip
    tier = plan.charter.tier
    open_at = [stage for stage in ROAD[:-1] for _ in range(OPEN[tier])]
    looked_at = iter(dice.some(fit, len(open_at) + ENDED[tier]))
    for stage, firm in zip(open_at, looked_at, strict=False):
        last = workday(LAST_DAYS - timedelta(days=dice.randint(*FRESH)))
        made.append(_prospect(plan, firm, _road(plan, firm, stage, last, dice), dice=dice))
    made += [_came_to_nothing(plan, firm, dice) for firm in looked_at]
    return made


def _behind(
    plan: FundPlan, firm: Enterprise, rounds: Sequence[tuple[date, Decimal]], *, dice: Chance
) -> list[Prospect]:
    """The deal of a first round; a second one is its further tranche, or a deal of its own."""
    (first, amount), *later = rounds
    deal = _prospect(plan, firm, _road(plan, firm, "paid", first, dice), dice=dice, planned=amount)
    if not later:
        if first.year == LAST_DAYS.year and dice.random() < 0.3:
            deal.planned += amount / 4  # the last tranche is still to come
        return [deal]
    if dice.random() < 0.5:
        deal.planned += sum((more for _, more in later), Decimal(0))
        deal.tranches = [day for day, _ in later]
        return [deal]
    return [deal, *(_again(plan, firm, day, more, dice) for day, more in later)]


def _again(plan: FundPlan, firm: Enterprise, day: date, amount: Decimal, dice: Chance) -> Prospect:
    """A further round of a firm that the fund knows already: nobody looks at it from the beginning."""
    known = (("screening", "已投企业追加投资"), ("due_diligence", "沿用投后跟踪材料"))
    met, decided, signed = (day - timedelta(days=days) for days in (40, 18, 6))
    moves = [
        Move("met", met), Move("committee", decided, skipped=known, votes=_votes(dice)), Move("signed", signed),
        Move("paid", day),
    ]  # fmt: skip
    again = _prospect(plan, firm, moves, dice=dice, planned=amount)
    again.title, again.source, again.referred_by, again.by_name = (
        f"{again.title}追加",
        "own_search",
        "",
        False,
    )
    return again


def _came_to_nothing(plan: FundPlan, firm: Enterprise, dice: Chance) -> Prospect:
    """A deal that was declined or withdrawn somewhere before signing; one in six is taken up again."""
    begins = max(plan.charter.calls[0][0], firm.known_on)
    last = workday(begins + timedelta(days=dice.randint(60, max(61, (LAST_DAYS - begins).days - 90))))
    moves = _road(plan, firm, dice.choice(ROAD[:4]), last, dice)
    day = workday(last + timedelta(days=dice.randint(5, 25)))
    if dice.random() < 0.75:
        moves.append(Move("declined", day, reason=dice.choice(DECLINED), votes=(1, 4)))
    else:
        moves.append(Move("withdrawn", day, reason=dice.choice(WITHDRAWN)))
    if dice.random() < 1 / 6:
        day = workday(day + timedelta(days=dice.randint(20, 60)))
        moves.append(Move("reopened", day, reason="企业补充材料，条件已变化"))
    return _prospect(plan, firm, moves, dice=dice)


def _road(plan: FundPlan, firm: Enterprise, furthest: str, day: date, dice: Chance) -> list[Move]:
    """The steps up to `furthest`, which is reached on `day`; nobody is met before firm and fund are known."""
    stages = ROAD[: ROAD.index(furthest) + 1]
    earliest = max(plan.charter.established_on, firm.known_on) + timedelta(days=1)
    before = [0]
    for low, high in reversed(DWELL[: len(stages) - 1]):
        before.append(before[-1] + dice.randint(low, high))
    room = max(0, (day - earliest).days)
    if before[-1] > room:
        before = [days * room // before[-1] for days in before]
    moves = [
        Move(stage, day - timedelta(days=days), votes=_votes(dice))
        for stage, days in zip(stages, reversed(before), strict=True)
    ]
    if "committee" in stages and dice.random() < 0.12:
        moves = _without_diligence(moves)
    return moves


def _without_diligence(moves: list[Move]) -> list[Move]:
    kept = []
    for earlier, move in pairwise([moves[0], *moves]):
        if earlier.stage == "due_diligence":
            skipped = (("due_diligence", "跟投，采用领投机构尽调报告"),)
            kept.append(Move(move.stage, move.day, skipped=skipped, votes=move.votes))
        elif move.stage != "due_diligence":
            kept.append(move)
    return kept


def _votes(dice: Chance) -> tuple[int, int]:
    against = dice.choice((0, 0, 0, 1, 2))
    return 5 - against, against


def _prospect(
    plan: FundPlan, firm: Enterprise, moves: list[Move], *, dice: Chance, planned: Decimal | None = None
) -> Prospect:
    source = dice.weighted(SOURCES)
    least, most = plan.charter.ticket
    return Prospect(
        firm=firm,
        title=firm.name.removesuffix(f"有限公司{naming.MARK}"),
        source=source,
        referred_by=dice.choice(REFERRERS.get(source, ("",))),
        instrument=dice.weighted(INSTRUMENTS),
        planned=planned or dice.money(least, most, step=10 if most < 1_000 else 50),
        lead=naming.person(dice.randint(120, 131)),
        by_name=not firm.by_hand or dice.random() < 0.3,
        moves=moves,
    )
