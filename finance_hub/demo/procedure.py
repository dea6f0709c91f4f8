"""What accompanies firms on their way to a listing: their parties, letters and replies, and the figures they report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from finance_hub.demo import naming
from finance_hub.demo.calendar import TODAY
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.pipeline import Walk, enter
from finance_hub.demo.timeline import Timeline, recorded, workday
from listings import operations
from listings.models import ListingAttempt
from listings.stages import ROAD

#: Invented houses.
PARTIES = {
    "sponsor": ("东江证券", "长水证券", "之江证券", "南湖证券"),
    "law_firm": ("示例一律师事务所", "示例二律师事务所", "示例三律师事务所"),
    "auditor": ("示例甲会计师事务所", "示例乙会计师事务所", "示例丙会计师事务所"),
}
YEARS = (2022, 2023, 2024, 2025)
#: Revenue of the last year in 10,000 yuan, by how far a firm came: the further, the larger.
REVENUE = {
    "cultivation": (6_000, 14_000), "share_reform": (12_000, 24_000), "tutoring_filed": (22_000, 38_000),
    "tutoring_accepted": (24_000, 40_000), "inquiry": (38_000, 70_000), "registration_submitted": (48_000, 70_000),
    "listed": (60_000, 110_000),
}  # fmt: skip
#: Expected market value over revenue.
MULTIPLE = (4, 9)
YUAN = 10_000
#: The day on which whatever is entered must have been entered.
LAST_DAY = TODAY.date() - timedelta(days=6)


def accompany(walks: list[Walk], *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put parties, papers and figures on the timeline; the figures once for a firm with two attempts."""
    told: set[str] = set()
    for number, walk in enumerate(walks):
        _engage(walk, changes=number == 2, people=people, timeline=timeline, dice=dice)
        _correspond(walk, people=people, timeline=timeline, dice=dice)
        if walk.course.held:
            _hold(walk, people=people, timeline=timeline, dice=dice)
        if walk.firm.uscc not in told:
            told.add(walk.firm.uscc)
            _report(walk, gaps=number % 4 == 3, people=people, timeline=timeline, dice=dice)


def _engage(walk: Walk, *, changes: bool, people: People, timeline: Timeline, dice: Chance) -> None:
    """From the conversion on; one firm changes its sponsor later."""
    begins = _day_of(walk, "share_reform")
    if begins is None:
        return
    for role, houses in PARTIES.items():
        first, second = dice.some(houses, 2)
        _add(timeline, begins, dice, _party(walk, role, first, begins, people))
        later = workday(begins + timedelta(days=160))
        if changes and role == "sponsor" and later < LAST_DAY:
            _add(timeline, later, dice, _party(walk, role, second, later, people))


def _correspond(walk: Walk, *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Audited figures with the application, and a letter with its reply in the inquiry."""
    applied, inquiry = _day_of(walk, "applied"), _day_of(walk, "inquiry")
    if applied is not None:
        _add(timeline, applied, dice, _filing(walk, "figures_audited", applied, people, _audited(applied)))
        for day, period_end in _renewals(walk, applied):
            _add(timeline, day, dice, _filing(walk, "figures_audited", day, people, period_end))
    if inquiry is None:
        return
    left = _day_of(walk, "committee") or next(
        (day for stage, day in walk.steps if stage in ("suspended", "withdrawn")), LAST_DAY
    )
    replied = workday(inquiry + timedelta(days=dice.randint(25, 45)))
    _add(timeline, inquiry, dice, _filing(walk, "inquiry_letter", inquiry, people))
    if replied < left:
        _add(timeline, replied, dice, _filing(walk, "inquiry_reply", replied, people))
    again = workday(replied + timedelta(days=14))
    if again < left and walk.course.furthest == "inquiry" and not walk.course.ending:
        _add(timeline, again, dice, _filing(walk, "inquiry_letter", again, people))


def _hold(walk: Walk, *, people: People, timeline: Timeline, dice: Chance) -> None:
    """The attempt stops in its inquiry and returns to it, before the committee hears it."""
    inquiry = _day_of(walk, "inquiry")
    if inquiry is None:
        return
    for stage, after in (("suspended", 50), ("inquiry", 75)):
        day = workday(inquiry + timedelta(days=after))
        _add(timeline, day, dice, enter(walk.firm, walk.course, stage, day, people))


def _report(walk: Walk, *, gaps: bool, people: People, timeline: Timeline, dice: Chance) -> None:
    """The financial years of the firm, and what is stated of it; some firms leave figures out."""
    growth, margin = Decimal(dice.randint(112, 138)) / 100, Decimal(dice.randint(7, 17)) / 100
    intensity = Decimal(dice.randint(5, 16)) / 100
    revenue = Decimal(dice.randint(*REVENUE[walk.course.furthest])) * YUAN
    staff = dice.randint(120, 600)
    figures = {
        year: _year(revenue / growth ** (YEARS[-1] - year), margin, intensity, staff=staff - 25 * (2025 - year), dice=dice)
        for year in YEARS
    }  # fmt: skip
    for year, told in figures.items():
        if gaps:
            told |= {"operating_cash_flow": None, "rd_staff": None}
        day = workday(date(year + 1, 4, dice.randint(8, 26)))
        _add(timeline, day, dice, _financial_year(walk, year, told, day, people))
    valued = workday(date(2026, 3, dice.randint(2, 27)))
    cap = (revenue * dice.randint(*MULTIPLE)).quantize(Decimal(1))
    stated: dict[str, Any] = {
        "expected_market_cap": cap,
        "software": walk.firm.trade.industry.startswith("I65"),
    }
    if walk.course.furthest in ROAD[4:]:
        stated |= {"share_capital_after_issue": Decimal(dice.randint(60, 400)) * 1_000_000,
                   "public_float_share": Decimal("0.25"), "years_in_operation": Decimal(dice.randint(5, 14)),
                   "controller_unchanged_years": Decimal(5)}  # fmt: skip
    if not gaps:
        for name, value in stated.items():
            _add(timeline, valued, dice, _statement(walk, name, value, valued, people))


def _year(
    revenue: Decimal, margin: Decimal, intensity: Decimal, *, staff: int, dice: Chance
) -> dict[str, Any]:
    profit = revenue * margin * Decimal(dice.randint(80, 120)) / 100
    return {
        "revenue": _yuan(revenue), "net_profit": _yuan(profit), "rd": _yuan(revenue * intensity),
        "net_profit_less_non_recurring": _yuan(profit * Decimal(dice.randint(78, 97)) / 100),
        "operating_cash_flow": _yuan(profit * Decimal(dice.randint(50, 115)) / 100),
        "roe": Decimal(dice.randint(60, 190)) / 1000, "invention_patents": dice.randint(4, 40),
        "rd_staff": staff * dice.randint(9, 32) // 100, "staff": staff, "unqualified_opinion": True,
    }  # fmt: skip


def _renewals(walk: Walk, applied: date) -> list[tuple[date, date]]:
    """Two months after each half-year that ends while the exchange and the regulator are at work."""
    over = next((day for stage, day in walk.steps if stage in ("listed", "suspended", "withdrawn")), LAST_DAY)
    ends = [
        date(year, *end) for year in range(applied.year, LAST_DAY.year + 1) for end in ((6, 30), (12, 31))
    ]
    filed = [(workday(end + timedelta(days=62)), end) for end in ends if end > _audited(applied)]
    return [(day, end) for day, end in filed if applied < day < over]


def _audited(applied: date) -> date:
    """The end of the last half-year that could be audited by then."""
    ends = [date(applied.year, 6, 30), date(applied.year - 1, 12, 31), date(applied.year - 1, 6, 30)]
    return next(day for day in ends if day + timedelta(days=60) <= applied)


def _yuan(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def _day_of(walk: Walk, stage: str) -> date | None:
    return next((day for entered, day in walk.steps if entered == stage), None)


def _add(timeline: Timeline, day: date, dice: Chance, act: Callable[[datetime], object]) -> None:
    """Recorded after the stage of the same day, which is known within three days."""
    timeline.add(recorded(day, dice, after=(4, 5)), act)


def _attempt(walk: Walk) -> str:
    found = ListingAttempt.objects.filter(firm__uscc=walk.firm.uscc, board=walk.course.board)
    return str(found.values_list("public_id", flat=True).latest("sequence"))


def _party(walk: Walk, role: str, name: str, day: date, people: People) -> Callable[[datetime], object]:
    return lambda now: operations.record_party(
        attempt=_attempt(walk), role=role, name=f"{name}{naming.MARK}", effective_date=day,
        source=f"辅导协议与公示{naming.MARK}", by=people["maker"], now=now,
    )  # fmt: skip


def _filing(
    walk: Walk, kind: str, day: date, people: People, period_end: date | None = None
) -> Callable[[datetime], object]:
    return lambda now: operations.record_filing(
        attempt=_attempt(walk), kind=kind, effective_date=day, period_end=period_end,
        source=f"交易所审核信息公示{naming.MARK}", by=people["maker"], now=now,
    )  # fmt: skip


def _financial_year(
    walk: Walk, year: int, figures: dict[str, Any], day: date, people: People
) -> Callable[[datetime], object]:
    return lambda now: operations.record_year(
        uscc=walk.firm.uscc, year=year, figures=figures, effective_date=day,
        source=f"{year}年度审计报告{naming.MARK}", by=people["maker"], now=now,
    )  # fmt: skip


def _statement(
    walk: Walk, name: str, value: Decimal | bool, day: date, people: People
) -> Callable[[datetime], object]:
    said: dict[str, Any] = {"holds": value} if isinstance(value, bool) else {"number": value}
    return lambda now: operations.state(
        uscc=walk.firm.uscc, name=name, **said, effective_date=day,
        source=f"{'最近一轮融资投后估值' if name == 'expected_market_cap' else '企业书面说明'}{naming.MARK}",
        by=people["maker"], now=now,
    )  # fmt: skip
