"""Indices, their levels, and which index a fund is measured against: entered by the centre, never edited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from django.db import IntegrityError, connection, transaction

from finance_hub.kernel import audit, days
from finance_hub.kernel.models import Person
from finance_hub.kernel.problems import FieldError, InvalidFields, Problem, refuse
from finance_hub.kernel.text import Text
from funds import queries as funds
from tasks import entered
from tasks.models import FundBenchmark, IndexLevel, MarketIndex

#: Entries of one index queue on this advisory lock and its id.
LOCK: Final = 0x1DCE5
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


class IndexCodeTaken(Problem):
    code = "index-code-taken"
    status = 409
    title = Text("该指数代码已登记", "An index has this code already")


class Row(NamedTuple):
    """The level of an index at the end of a day."""

    date: date
    level: Decimal


class Entered(NamedTuple):
    """How many rows of an entry were new days, other levels of known days, and nothing new."""

    added: int
    corrected: int
    unchanged: int


def found(
    *,
    code: str,
    name: str,
    name_en: str,
    source: str,
    base_date: date,
    base_level: Decimal,
    by: Person,
    now: datetime,
) -> MarketIndex:
    """Register an index without levels. Raises InvalidFields (`code`, `base_date`, `base_level`), IndexCodeTaken."""
    if not _CODE.fullmatch(code):
        raise refuse("#/code", "code-format", *_CODE_FORMAT)
    if base_date > days.today(now):
        raise refuse("#/base_date", *_FUTURE)
    if base_level <= 0:
        raise refuse("#/base_level", *_NOT_POSITIVE)
    try:
        with transaction.atomic():
            index = MarketIndex.objects.create(
                code=code, name=name, name_en=name_en, source=source, base_date=base_date, base_level=base_level,
                recorded_at=now, recorded_by=by,
            )  # fmt: skip
            audit.record("index.found", actor=by, subject=f"index:{code}", at=now, source=source)
    except IntegrityError as taken:
        raise IndexCodeTaken from taken
    return index


def record_levels(code: str, *, rows: Sequence[Row], by: Person, now: datetime) -> Entered:
    """Enter levels by day, all or none; a day whose level is known and the same is passed over.

    Raises NotFound, and InvalidFields that names each wrong row: a level of 0 or less, a day in the future, a
    day twice.
    """
    index = entered.index(code)
    _require_sound(rows, today=days.today(now))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, index.pk])
        known = entered.levels_by_day(index, days=[row.date for row in rows])
        fresh = [row for row in rows if known.get(row.date) != row.level]
        IndexLevel.objects.bulk_create(
            [
                IndexLevel(index=index, effective_date=row.date, level=row.level, recorded_at=now, recorded_by=by)
                for row in fresh
            ],
            batch_size=1_000,
        )  # fmt: skip
        corrected = sum(row.date in known for row in fresh)
        counted = Entered(len(fresh) - corrected, corrected, len(rows) - len(fresh))
        audit.record("index.levels", actor=by, subject=f"index:{code}", at=now, **counted._asdict())
    return counted


def choose(*, fund: str, index: str, valid_from: date, by: Person, now: datetime) -> FundBenchmark:
    """Measure a fund against an index from a day on. Raises NotFound (fund), InvalidFields (`index`, `valid_from`)."""
    held = funds.fund(fund)
    against = entered.named(index)
    require_since_founding(valid_from, since=held.established_on)
    with transaction.atomic():
        choice = FundBenchmark.objects.create(
            fund=held, index=against, valid_from=valid_from, recorded_at=now, recorded_by=by
        )
        audit.record(
            "fund.benchmark", actor=by, subject=f"fund:{fund}", at=now, index=index,
            valid_from=valid_from.isoformat(),
        )  # fmt: skip
    return choice


def require_since_founding(valid_from: date, *, since: date) -> None:
    """Raises InvalidFields (`valid_from`) for a day before the fund was established."""
    if valid_from < since:
        raise refuse(
            "#/valid_from",
            "date-before-establishment",
            "日期早于基金成立日 {established_on}",
            "The date is before the fund was established, {established_on}",
            established_on=since.isoformat(),
        )


_CODE_FORMAT = (
    "代码须为 2–40 位小写字母、数字或连字符，以字母开头",
    "A code has 2-40 lower-case letters, digits or hyphens and begins with a letter",
)
_FUTURE = ("date-in-future", "日期不能在未来", "The date must not be in the future")
_NOT_POSITIVE = ("level-not-positive", "点位须大于零", "A level is above zero")
_TWICE = ("date-twice", "同一日期出现多次", "The day stands here more than once")


def _require_sound(rows: Sequence[Row], *, today: date) -> None:
    errors, seen = [], set[date]()
    for at, row in enumerate(rows):
        if row.level <= 0:
            errors.append(_row_error(at, "level", *_NOT_POSITIVE))
        if row.date > today:
            errors.append(_row_error(at, "date", *_FUTURE))
        if row.date in seen:
            errors.append(_row_error(at, "date", *_TWICE))
        seen.add(row.date)
    if errors:
        raise InvalidFields(errors=tuple(errors))


def _row_error(at: int, field: str, code: str, zh: str, en: str) -> FieldError:
    return FieldError(code, f"#/rows/{at}/{field}", Text(zh, en))
