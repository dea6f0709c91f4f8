"""What happened in the month, told in its parts: deals by firm, industry and town; guarantees; moves towards a listing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from finance_hub.kernel.firm_words import SECTIONS
from finance_hub.kernel.firm_words import STAGES as GROWTH
from finance_hub.kernel.money import yuan
from finance_hub.kernel.text import Text
from tasks.catalogue.credit import guarantors, label_of
from tasks.catalogue.declared_month import LISTED_FROM
from tasks.catalogue.entry import Point
from tasks.catalogue.funds import NOTHING_HELD, Held, held
from tasks.catalogue.sums import by_key
from tasks.engine.value import ratio
from tasks.exposure.dimensions import UNKNOWN, UNKNOWN_PART
from tasks.frames import Frames, firm_names, once

#: Stands beside what a fund invests in a firm for the first time.
FIRST = "first"
SUB_FUND = "sub_fund"
_SUB_FUND_PART = Text("投向子基金", "In sub-funds")
Cut = Callable[[Frames], Iterable[Point]]


@once
def _first(frames: Frames) -> set[int]:
    """Holdings in which nothing was invested before the month."""
    now = by_key(frames.investments, key=lambda deal: deal.holding_id, amount=lambda deal: deal.cost_fen)
    if not now:
        return set()
    return {row.holding_id for row in frames.holdings if now.get(row.holding_id) == row.invested_fen != 0}


def first_in_month(frames: Frames) -> Iterable[Point]:
    new = _first(frames)
    return [Point.of_fen(sum(deal.cost_fen for deal in frames.investments if deal.holding_id in new))]


def _by_firm(rows: Callable[[Frames], Sequence[Any]], amount: Callable[[Any], int]) -> Cut:
    """By fund and what it holds, the largest first; the label is of what is held."""

    def points(frames: Frames) -> Iterable[Point]:
        found, new = rows(frames), _first(frames)
        whole = by_key(found, key=attrgetter("fund_id", "firm_id", "sub_fund_id"), amount=amount)
        sums = {place: fen for place, fen in whole.items() if fen}
        named = firm_names(sorted({firm for _fund, firm, _sub in sums if firm}))
        funds = {fund.id: fund for fund in frames.funds}
        fresh = {(row.fund_id, row.firm_id, row.sub_fund_id) for row in found if row.holding_id in new}
        for place, fen in sorted(sums.items(), key=lambda one: (-one[1], str(one[0]))):
            fund, firm, sub = funds[place[0]], place[1], place[2]
            key, label = (
                (named[firm][0], Text(named[firm][1], named[firm][1]))
                if firm
                else (funds[sub].code, Text(funds[sub].name, funds[sub].name_en))
            )
            yield Point(yuan(fen), "", f"{fund.code}|{key}", label, (FIRST,) if place in fresh else ())

    return points


invested_by_firm = _by_firm(lambda frames: frames.investments, lambda deal: deal.cost_fen)
proceeds_by_firm = _by_firm(lambda frames: frames.exits, lambda deal: deal.cash_fen)
book_value_by_firm = _by_firm(
    lambda frames: [row for row in frames.holdings if row.worth_fen >= LISTED_FROM * 100],
    lambda row: row.worth_fen,
)
written_off_by_firm = _by_firm(lambda frames: frames.write_offs, lambda deal: deal.cost_fen)


def _spread(
    sums: Callable[[Frames], Mapping[int | None, int]], place: Callable[[Any], str], names: Mapping[str, Text]
) -> Cut:  # fmt: skip
    """{firm: fen} by what the registry says of the firm, the largest first; sub-funds stand for themselves."""

    def points(frames: Frames) -> Iterable[Point]:
        said = {row.firm_id: place(row) or UNKNOWN for row in frames.registry}
        found: Counter[str] = Counter()
        for firm, fen in sums(frames).items():
            found[SUB_FUND if firm is None else said.get(firm, UNKNOWN)] += fen
        known = {SUB_FUND: _SUB_FUND_PART, UNKNOWN: UNKNOWN_PART}
        for key, fen in sorted(found.items(), key=lambda one: (-one[1], one[0])):
            if fen:
                yield Point.of_fen(fen, key=key, label=known.get(key) or names.get(key) or Text(key, key))

    return points


def _deals(frames: Frames) -> dict[int | None, int]:
    return by_key(frames.investments, key=attrgetter("firm_id"), amount=attrgetter("cost_fen"))


def _stakes(frames: Frames) -> dict[int | None, int]:
    """Of the city's own funds: what a sub-fund invests is the mother fund's share in it."""
    own = {fund.id for fund in frames.funds if fund.tier != "sub"}
    rows = [row for row in frames.holdings if row.fund_id in own]
    return by_key(rows, key=attrgetter("firm_id"), amount=attrgetter("invested_fen"))


invested_by_industry = _spread(_deals, lambda row: row.industry[:1], SECTIONS)
invested_by_town = _spread(_deals, lambda row: row.town, {})
stakes_by_stage = _spread(_stakes, lambda row: row.stage, GROWTH)


def _of_funds(amount: Callable[[Held], int]) -> tuple[Cut, Cut]:
    """By fund, and of the city's own funds together."""

    def by_fund(frames: Frames) -> Iterable[Point]:
        of = held(frames)
        for fund in frames.funds:
            fen = amount(of.get(fund.id, NOTHING_HELD))
            yield Point.of_fen(fen, key=fund.code, label=Text(fund.name, fund.name_en))

    def city(frames: Frames) -> Iterable[Point]:
        of = held(frames)
        own = (of.get(fund.id, NOTHING_HELD) for fund in frames.funds if fund.tier != "sub")
        return [Point.of_fen(sum(map(amount, own)))]

    return by_fund, city


proceeds_fund, proceeds_city = _of_funds(lambda own: own.proceeds)
book_value_fund, book_value_city = _of_funds(lambda own: own.worth)


def ended_fund(frames: Frames) -> Iterable[Point]:
    of = held(frames)
    for fund in frames.funds:
        ended = of.get(fund.id, NOTHING_HELD).ended
        yield Point(Decimal(ended), key=fund.code, label=Text(fund.name, fund.name_en))


def _guaranteed(pick: Callable[[Any], int]) -> tuple[Cut, Cut]:
    def city(frames: Frames) -> Iterable[Point]:
        return [Point.of_fen(sum(map(pick, frames.guarantees)))]

    def guarantor(frames: Frames) -> Iterable[Point]:
        found = by_key(frames.guarantees, key=lambda row: row.guarantor_id, amount=pick)
        for one in guarantors(frames):
            yield Point.of_fen(found.get(one.id, 0), key=one.code, label=label_of(one))

    return city, guarantor


written_city, written_guarantor = _guaranteed(lambda row: row.underwritten_month)
released_city, released_guarantor = _guaranteed(lambda row: row.released_month)
paid_city, paid_guarantor = _guaranteed(lambda row: row.paid_month)
recovered_month_city, recovered_month_guarantor = _guaranteed(lambda row: row.recovered_month)
_, compensated_guarantor = _guaranteed(lambda row: row.compensated + row.interest)
_, recovered_guarantor = _guaranteed(lambda row: row.recovered)


def _firms_of(pick: Callable[[Any], int]) -> Cut:
    """How many firms of each guarantor have something of it."""

    def guarantor(frames: Frames) -> Iterable[Point]:
        some = filter(pick, frames.guarantees)
        held = by_key(some, key=attrgetter("guarantor_id", "firm_id"), amount=pick)
        found = Counter(who for (who, _firm), fen in held.items() if fen)
        return [
            Point(Decimal(found[one.id]), key=one.code, label=label_of(one)) for one in guarantors(frames)
        ]

    return guarantor


firms_guarantor = _firms_of(lambda row: row.outstanding)
firms_written = _firms_of(lambda row: row.underwritten_month)
firms_released = _firms_of(lambda row: row.released_month)
firms_paid = _firms_of(lambda row: row.paid_month)
firms_recovered_month = _firms_of(lambda row: row.recovered_month)
firms_compensated = _firms_of(lambda row: row.compensated + row.interest)
firms_recovered = _firms_of(lambda row: row.recovered)


def ratio_guarantor(frames: Frames) -> Iterable[Point]:
    for one in guarantors(frames):
        rows = [row for row in frames.guarantees if row.guarantor_id == one.id]
        paid = sum(row.compensated for row in rows)
        found = ratio(paid, sum(row.released + row.compensated for row in rows))
        yield Point.of(found, key=one.code, label=label_of(one))


#: How an attempt at a listing moved in the month.
MOVES = {
    "in": Text("新入库", "Entered"),
    "up": Text("晋级", "Advanced"),
    "down": Text("中止", "Suspended"),
    "out": Text("退出", "Left"),
    "listed": Text("上市", "Listed"),
}
_OUT = ("withdrawn", "rejected")


class Move(NamedTuple):
    attempt_id: int
    firm_id: int
    way: str
    before: str
    after: str


@once
def moves(frames: Frames) -> list[Move]:
    """Attempts whose stage at the month's end is another than at its beginning."""
    before: dict[int, str] = {}
    after: dict[int, tuple[int, str, date]] = {}
    for row in frames.stages:
        if row.entered_on < frames.month.first:
            before[row.attempt_id] = row.stage
        after[row.attempt_id] = (row.firm_id, row.stage, row.entered_on)
    return [
        Move(attempt, firm, way_of(before.get(attempt, ""), stage), before.get(attempt, ""), stage)
        for attempt, (firm, stage, _day) in sorted(after.items())
        if before.get(attempt, "") != stage
    ]


def way_of(before: str, after: str) -> str:
    if after == "listed":
        return "listed"
    if after in _OUT:
        return "out"
    if after == "suspended":
        return "down"
    return "up" if before else "in"


def moved(frames: Frames) -> Iterable[Point]:
    found = moves(frames)
    names = firm_names([move.firm_id for move in found])
    ranked = sorted(
        found, key=lambda move: (list(MOVES).index(move.way), names[move.firm_id][0], move.attempt_id)
    )
    for move in ranked:
        uscc, name = names[move.firm_id]
        yield Point(
            Decimal(1), "", f"{move.way}|{uscc}|{move.attempt_id}", Text(name, name),
            (f"from: {move.before}", f"to: {move.after}"),
        )  # fmt: skip


def moves_by_way(frames: Frames) -> Iterable[Point]:
    found = Counter(move.way for move in moves(frames))
    return [Point(Decimal(found[way]), key=way, label=name) for way, name in MOVES.items()]
