"""The city's firms: who they are, when the registry came to know them, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from finance_hub.demo import naming
from finance_hub.demo.calendar import OPENED, TODAY
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import Timeline, moment, recorded, workday
from finance_hub.kernel import firms
from finance_hub.kernel.models import Firm

TOWNS = {
    "乌镇镇": 9, "梧桐街道": 9, "高桥街道": 8, "凤鸣街道": 6, "濮院镇": 5, "崇福镇": 5, "洲泉镇": 4,
    "屠甸镇": 3, "石门镇": 2, "河山镇": 2, "大麻镇": 2,
}  # fmt: skip
STAGES = {"seed": 14, "startup": 28, "growth": 32, "expansion": 17, "mature": 9}
#: Years of founding by stage.
FOUNDED = {
    "seed": (2022, 2025), "startup": (2019, 2023), "growth": (2015, 2020), "expansion": (2011, 2017),
    "mature": (2005, 2012),
}  # fmt: skip
#: The centre enters this many by hand; a city with more learns of the rest from its banks' reports.
BY_HAND = 1_000
#: How often a firm of a stage fails, and when.
FAILING = {"seed": 0.08, "startup": 0.07, "growth": 0.055, "expansion": 0.035, "mature": 0.025}
FAILED = (date(2025, 3, 1), date(2026, 6, 30))
#: How often a firm of a stage holds a class, and for how many years it lasts (None: no end).
CLASSES: dict[str, tuple[dict[str, float], int | None]] = {
    "tech_sme": ({"seed": 0.6, "startup": 0.7, "growth": 0.6, "expansion": 0.2}, 1),
    "provincial_tech": ({"startup": 0.4, "growth": 0.7, "expansion": 0.8, "mature": 0.6}, None),
    "high_tech": ({"startup": 0.15, "growth": 0.6, "expansion": 0.75, "mature": 0.6}, 3),
    "innovative_sme": ({"growth": 0.35, "expansion": 0.3}, 3),
    "specialised": ({"growth": 0.12, "expansion": 0.35, "mature": 0.3}, 3),
    "little_giant": ({"expansion": 0.12, "mature": 0.12}, 3),
    "talent_programme": ({"seed": 0.25, "startup": 0.2}, None),
}


@dataclass
class Enterprise:
    """A firm of the plan. `known_on` is the first day on which it can get money."""

    uscc: str
    name: str
    trade: naming.Trade
    town: str
    stage: str
    founded_on: date
    known_on: date
    by_hand: bool
    #: From this day on the firm pays nobody any more.
    fails_on: date | None = None
    #: Whether a fund holds it.
    held: bool = False
    renamed_on: date | None = None
    new_name: str = ""

    def name_on(self, day: date) -> str:
        return self.new_name if self.renamed_on and day >= self.renamed_on else self.name


def plan(count: int, *, dice: Chance) -> list[Enterprise]:
    """`count` firms with different codes and names; about one in twenty is first heard of from others."""
    # A dict keeps the order of the draw; a set's order differs from process to process.
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[naming.credit_code(dice)] = None
    words = list(islice(naming.words(dice), count + count // 8 + 1))
    made = [_enterprise(code, word, dice) for code, word in zip(codes, words, strict=False)]
    for firm in made[BY_HAND:]:
        firm.by_hand = False
    failing = [firm for firm in made if dice.random() < FAILING[firm.stage]]
    for number, firm in enumerate(failing):
        # Spread over the city's time, so that not all fail in one season.
        fail(firm, after=firm.known_on, part=(number + dice.random()) / len(failing))
    for firm, word in zip(dice.some(made[:BY_HAND], count // 40 + 1), words[count:], strict=False):
        firm.renamed_on = firm.known_on + timedelta(days=dice.randint(200, 900))
        firm.new_name = naming.company(word, firm.trade)
    return made


def fail(firm: Enterprise, *, after: date, part: float) -> None:
    """The firm fails in the city's time, at least 300 days after `after`; `part` (0 to 1) says how late."""
    first = max(FAILED[0], after + timedelta(days=300))
    day = FAILED[0] + timedelta(days=int((FAILED[1] - FAILED[0]).days * part))
    if first < FAILED[1]:
        firm.fails_on = max(first, day)


def _enterprise(code: str, word: str, dice: Chance) -> Enterprise:
    trade, stage = dice.choice(naming.TRADES), dice.weighted(STAGES)
    years = FOUNDED[stage]
    founded_on = date(dice.randint(*years), dice.randint(1, 12), dice.randint(1, 28))
    known_on = workday(max(OPENED, founded_on + timedelta(days=dice.randint(30, 90))))
    return Enterprise(
        code, naming.company(word, trade), trade, dice.weighted(TOWNS), stage, founded_on, known_on,
        by_hand=dice.random() > 0.05,
    )  # fmt: skip


def enter(enterprises: list[Enterprise], *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put the centre's entries about the firms on the timeline."""
    by_hand = [firm for firm in enterprises if firm.by_hand]
    for firm in by_hand:
        # All in the morning: whoever gives money on the same day finds the firm registered.
        timeline.add(moment(firm.known_on, hour=8, minute=dice.randint(0, 59)), _register(firm, people))
        _recognise(firm, people=people, timeline=timeline, dice=dice)
        if firm.renamed_on:
            timeline.add(recorded(firm.renamed_on, dice), _rename(firm, people))
    for number in range(len(by_hand) // 30):
        _group(dice.some(by_hand, dice.randint(2, 4)), number, people=people, timeline=timeline, dice=dice)


def _register(firm: Enterprise, people: People) -> Callable[[datetime], Firm]:
    return lambda now: firms.register(
        code=firm.uscc, name=firm.name, source="centre", known_from=firm.founded_on, by=people["maker"],
        now=now, verified=True, town=firm.town, industry=firm.trade.industry, stage=firm.stage,
        founded_on=firm.founded_on,
    )  # fmt: skip


def _rename(firm: Enterprise, people: People) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        if firm.renamed_on:
            firms.rename(
                _held(firm), name=firm.new_name, valid_from=firm.renamed_on, by=people["maker"], now=now
            )

    return act


def _recognise(firm: Enterprise, *, people: People, timeline: Timeline, dice: Chance) -> None:
    for code, (shares, years) in CLASSES.items():
        if dice.random() < shares.get(firm.stage, 0):
            begins = max(firm.known_on, date(2023, 3, 1)) + timedelta(days=dice.randint(10, 900))
            ends = date(begins.year + years, begins.month, min(begins.day, 28)) if years else None
            detail = f"示例证书 {begins.year}-{dice.randint(1000, 9999)}"
            if begins < TODAY.date():
                timeline.add(recorded(begins, dice), _class(firm, code, begins, ends, detail, people))


def _class(
    firm: Enterprise, code: str, begins: date, ends: date | None, detail: str, people: People
) -> Callable[[datetime], object]:
    return lambda now: firms.recognise(
        _held(firm), code=code, valid_from=begins, valid_to=ends, detail=detail, by=people["maker"], now=now
    )


def _group(
    members: list[Enterprise], number: int, *, people: People, timeline: Timeline, dice: Chance
) -> None:
    name = f"{members[0].name[:2]}系{naming.MARK}"
    for firm in members:
        found_on = max(firm.known_on, date(2024, 3, 1)) + timedelta(days=7 * number % 200)
        timeline.add(recorded(found_on, dice), _join(firm, name, people))


def _join(firm: Enterprise, name: str, people: People) -> Callable[[datetime], object]:
    def act(now: datetime) -> None:
        held = _held(firm)
        firms.edit(
            held, version=held.version, by=people["maker"], now=now, control_group=firms.group_named(name)
        )

    return act


def _held(firm: Enterprise) -> Firm:
    return Firm.objects.get(uscc=firm.uscc)
