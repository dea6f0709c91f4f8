"""Firms against the published listing standards: what is recorded of them, as the engine takes it, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple, TypeVar

from finance_hub.kernel.text import Text
from listings import standards
from listings.models import YEARLY
from listings.models.figures import FRACTIONS, IN_YUAN
from listings.queries import StageRow, StatementRow, YearRow
from listings.standards import StandardRow
from tasks.catalogue.credit import count
from tasks.catalogue.entry import Point
from tasks.catalogue.listing_counts import BOARD_NAMES
from tasks.engine.readiness import (
    Assessment,
    Financials,
    Kind,
    MarketCap,
    Standard,
    Verdict,
    Year,
    assess,
    nearest,
    read,
)
from tasks.frames import Frames, once

Row = TypeVar("Row", YearRow, StatementRow)
VERDICTS = {
    Verdict.MEETS: Text("符合", "Meets"),
    Verdict.FAILS: Text("不符合", "Fails"),
    Verdict.UNKNOWN: Text("待定", "Unknown"),
}
CAP = "expected_market_cap"
ENDED = frozenset({"listed", "withdrawn", "rejected"})
#: Past the committee: what holds for such an attempt is what held on the committee's day.
PAST = frozenset({"registration_submitted", "registered", "listed"})


class Judged(NamedTuple):
    """A version of a standard as published, and what it says of a firm."""

    row: StandardRow
    standard: Standard
    assessment: Assessment


class Board(NamedTuple):
    """How a firm stands by a board: every standard in force, the nearest financial one, and both verdicts.

    A board asks for one of its financial standards (`financial`), and besides for all that makes a firm one of
    its kind and all that it asks of its capital and its past (`whole`); weighted voting is asked of few.
    """

    board: str
    judged: tuple[Judged, ...]
    nearest: Judged | None
    financial: Verdict
    whole: Verdict


def financials(years: Iterable[YearRow], statements: Iterable[StatementRow]) -> Financials:
    """One firm's rows as the engine takes them."""
    told = {row.name: row for row in statements}
    cap = told.pop(CAP, None)
    return Financials(
        years=tuple(Year(year=row.year, **{name: getattr(row, name) for name in YEARLY}) for row in years),
        market_cap=MarketCap(cap.number, cap.on, cap.source) if cap and cap.number is not None else None,
        facts={name: _fact(row) for name, row in told.items()},
    )


def boards(of: Financials, *, on: date, only: str = "") -> list[Board]:
    """Each board that has standards in force on the day, or one of them."""
    known = _published()
    found = {
        assessment.standard: assessment
        for assessment in assess(of, standards=[standard for _row, standard in known], as_of=on)
    }
    judged = [Judged(row, standard, found[standard.code]) for row, standard in known if standard.in_force(on)]
    names = [board for board in BOARD_NAMES if only in ("", board)]
    return [
        _board(board, [one for one in judged if one.standard.board == board])
        for board in names
        if any(one.standard.board == board for one in judged)
    ]


def judged_on(stages: Sequence[tuple[str, date]], *, on: date) -> date:
    """The day by which an attempt is judged: `on`, or that of the committee once the attempt is past it.

    `stages` are those entered, oldest first. Who had passed the committee keeps the standards of that day.
    """
    entered = [(stage, day) for stage, day in stages if day <= on]
    passed = [day for stage, day in entered if stage in PAST]
    if not passed:
        return on
    heard = [day for stage, day in entered if stage == "committee"]
    return heard[-1] if heard else passed[0]


def by_financials(frames: Frames) -> Iterator[Point]:
    """By board and verdict: attempts under way by the financial standard they are nearest to."""
    return _counted(frames, whole=False)


def by_everything(frames: Frames) -> Iterator[Point]:
    """By board and verdict: attempts under way by all that the board asks for."""
    return _counted(frames, whole=True)


def _counted(frames: Frames, *, whole: bool) -> Iterator[Point]:
    verdicts = [(each.board, each.whole if whole else each.financial) for each in _under_way(frames)]
    for board in dict.fromkeys(standard.board for _row, standard in _published()):
        for verdict, name in VERDICTS.items():
            title = BOARD_NAMES[board]
            label = Text(f"{title.zh}：{name.zh}", f"{title.en}: {name.en}")
            yield count(verdicts.count((board, verdict)), key=f"{board}|{verdict.value}", label=label)


@once
def _under_way(frames: Frames) -> list[Board]:
    """Every attempt that has not ended, by its own board."""
    years = _by_firm(frames.financial_years)
    told = _by_firm(frames.statements)
    road: dict[int, list[StageRow]] = {}
    for row in frames.stages:
        road.setdefault(row.attempt_id, []).append(row)
    found = []
    for attempt in frames.pipeline:
        if attempt.stage not in ENDED:
            walked = [(row.stage, row.entered_on) for row in road.get(attempt.id, [])]
            on = judged_on(walked, on=frames.month.last)
            firm = financials(years.get(attempt.firm_id, []), told.get(attempt.firm_id, []))
            found += boards(firm, on=on, only=attempt.board)
    return found


def _by_firm(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.firm_id, []).append(row)
    return found


def _board(board: str, judged: list[Judged]) -> Board:
    financial = [one for one in judged if one.standard.kind is Kind.FINANCIAL]
    asked = [one for one in judged if one.standard.kind in (Kind.ATTRIBUTE, Kind.STRUCTURAL)]
    closest = nearest([one.assessment for one in financial])
    one_of = _any(one.assessment.verdict for one in financial)
    return Board(
        board=board,
        judged=tuple(judged),
        nearest=next((one for one in financial if one.assessment is closest), None),
        financial=one_of,
        whole=_all([one_of, *(one.assessment.verdict for one in asked)]),
    )


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    said = set(verdicts)
    order = (Verdict.MEETS, Verdict.UNKNOWN)
    return next((verdict for verdict in order if verdict in said), Verdict.FAILS)


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    said = set(verdicts)
    order = (Verdict.FAILS, Verdict.UNKNOWN)
    return next((verdict for verdict in order if verdict in said), Verdict.MEETS)


def _fact(row: StatementRow) -> Decimal | int | bool:
    """A count as a whole number, as the engine measures it."""
    if row.number is None:
        return bool(row.holds)
    return row.number if row.name in (*IN_YUAN, *FRACTIONS) else int(row.number)


@cache
def _published() -> tuple[tuple[StandardRow, Standard], ...]:
    return tuple((row, read(row)) for row in standards.published())
