"""An invented market index, the funds' benchmark, and what the centre assumes of the years they have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance_hub.demo import calendar
from finance_hub.demo.capital.charters import CITY, SUBS, Charter
from finance_hub.demo.chance import Chance
from finance_hub.demo.people import People
from finance_hub.demo.timeline import SATURDAY, Timeline, moment, workday
from finance_hub.kernel.periods import Month
from tasks import assumptions, indices
from tasks.assumptions import Assumed
from tasks.indices import Row
from tasks.models import Outlook

INDEX = "demo-index"
BASE_DATE, BASE_LEVEL = date(2022, 12, 30), Decimal(1000)
#: Of a day: what the index gains on average, and how far it swings.
DRIFT, SWING = 0.0002, 0.011

#: Tier → what is called of the unfunded year by year, the life with its extension, the bow, and the growth in
#: per cent of the low, the base and the high case. Invented.
ASSUMED: dict[str, tuple[tuple[int, ...], int, str, tuple[int, int, int]]] = {
    "angel": ((30, 36, 44, 60), 12, "2.5", (2, 12, 22)),
    "mother": ((16, 17, 17, 20, 30), 17, "2.5", (3, 9, 14)),
    "industry": ((6, 6, 7, 9, 20, 30), 14, "2.2", (3, 8, 13)),
    "sub": ((30, 36, 33, 50), 10, "2.0", (2, 11, 19)),
}


def measure(*, people: People, timeline: Timeline, dice: Chance) -> None:
    """The index is registered when the city opens; the closes of each month are entered early in the next."""
    timeline.add(moment(calendar.OPENED, hour=10), _found(people))
    closes = _closes(dice)
    for month in Month.of(BASE_DATE).until(calendar.LAST + 1):
        rows = [row for row in closes if Month.of(row.date) == month]
        entered = max(workday(month.end), calendar.OPENED)
        timeline.add(moment(entered, hour=11), _enter(rows, people))
    for charter in (*CITY, *SUBS):
        timeline.add(moment(charter.established_on, hour=14), _choose(charter, people))
        timeline.add(moment(charter.established_on, hour=15), _assume(charter, people))


def _closes(dice: Chance) -> list[Row]:
    """A close for each weekday from the base date to the end of the last month."""
    level, rows = float(BASE_LEVEL), [Row(BASE_DATE, BASE_LEVEL)]
    for day in _weekdays(BASE_DATE + timedelta(days=1), calendar.LAST.end):
        level *= 1 + dice.gauss(DRIFT, SWING)
        rows.append(Row(day, Decimal(f"{level:.2f}")))
    return rows


def _weekdays(start: date, end: date) -> Iterator[date]:
    days = (start + timedelta(days=after) for after in range((end - start).days))
    return (day for day in days if day.weekday() < SATURDAY)


def _found(people: People) -> Callable[[datetime], object]:
    return lambda now: indices.found(
        code=INDEX, name="演示指数", name_en="Demo index", source="演示数据，虚构点位", base_date=BASE_DATE,
        base_level=BASE_LEVEL, by=people["maker"], now=now,
    )  # fmt: skip


def _enter(rows: list[Row], people: People) -> Callable[[datetime], object]:
    return lambda now: indices.record_levels(INDEX, rows=rows, by=people["maker"], now=now)


def _choose(charter: Charter, people: People) -> Callable[[datetime], object]:
    return lambda now: indices.choose(
        fund=charter.code, index=INDEX, valid_from=charter.established_on, by=people["maker"], now=now
    )


def _assume(charter: Charter, people: People) -> Callable[[datetime], object]:
    rates, life, bow, growth = ASSUMED[charter.tier]
    scenarios = {
        outlook: Assumed([Decimal(rate) for rate in rates], life, Decimal(bow), Decimal(pct), Decimal(0))
        for outlook, pct in zip((Outlook.LOW, Outlook.BASE, Outlook.HIGH), growth, strict=True)
    }
    return lambda now: assumptions.assume(
        fund=charter.code, valid_from=charter.established_on, document=f"《{charter.name}现金流测算（示例）》",
        scenarios=scenarios, by=people["maker"], now=now,
    )  # fmt: skip
