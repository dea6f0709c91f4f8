"""Stored figures made directly, and what the briefing says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from finance_hub.kernel import ids
from finance_hub.kernel.periods import Month
from tasks.briefing.content import build
from tasks.briefing.layout import Issue, Language, Paragraph, Table
from tasks.briefing.origin import plain
from tasks.models import Figure, Snapshot
from tests.tasks.conftest import KNOWN

#: (code, scope, key, label, value): a value that is a word is the reason for none; notes may follow.
Row = tuple[object, ...]


def figures(
    month: Month, *rows: Row, silent: Iterable[tuple[str, str]] = (), known_at: datetime = KNOWN
) -> Snapshot:
    """A snapshot that holds these and nothing else; labels are the same in both languages but for `(zh, en)`."""
    names = {"bank-a": ("甲银行", "Bank A"), "bank-b": ("乙银行", "Bank B"), "bank-c": ("丙银行", "Bank C")}
    snapshot = Snapshot.objects.create(
        public_id=ids.new("ss"), month=month.first, fingerprint=ids.new("fp").ljust(64, "0")[:64], known_at=known_at,
        taken_at=known_at,
        not_reported=[
            {"code": code, "name": names[code][0], "name_en": names[code][1], "dataset": dataset}
            for code, dataset in silent
        ],
    )  # fmt: skip
    Figure.objects.bulk_create(_figure(snapshot, position, row) for position, row in enumerate(rows))
    return snapshot


def _figure(snapshot: Snapshot, position: int, row: Row) -> Figure:
    code, scope, key, label, value, *notes = row
    zh, en = label if isinstance(label, tuple) else (label, label)
    missing = isinstance(value, str) and not value.lstrip("-")[:1].isdigit()
    return Figure(
        snapshot=snapshot, code=code, scope=scope, key=key, label=zh, label_en=en, position=position,
        value=None if missing else Decimal(str(value)), reason=value if missing else "", notes=notes,
    )  # fmt: skip


def city(code: str, value: object) -> Row:
    return (code, "", "", "", value)


def said(snapshot: Snapshot, language: Language = "zh-hans", **given: object) -> Issue:
    return build(snapshot, language=language, **given)  # type: ignore[arg-type]


def table(issue: Issue, caption: str) -> Table:
    """The table of this caption, or the one whose caption begins so."""
    tables = [b for section in issue.sections for b in section.blocks if isinstance(b, Table)]
    (found,) = [b for b in tables if b.caption == caption] or [
        b for b in tables if b.caption.startswith(caption)
    ]
    return found


def rows(issue: Issue, caption: str) -> list[tuple[str, ...]]:
    """Its rows as they are read."""
    return [tuple(plain(cell) for cell in row) for row in table(issue, caption).rows]


def row(issue: Issue, caption: str, first: str) -> tuple[str, ...]:
    (found,) = (one for one in rows(issue, caption) if one[0] == first)
    return found


def paragraphs(issue: Issue, anchor: str) -> list[str]:
    (section,) = (one for one in issue.sections if one.anchor == anchor)
    return [plain(block.text) for block in section.blocks if isinstance(block, Paragraph)]


OCTOBER = Month(2026, 10)
DAY = date(2026, 11, 30)


def used(key: str, label: object, share: str, *, limit: int = 1_000_000) -> list[tuple[object, ...]]:
    """A tolerance on the angel fund's tier or one project, with what is used of it."""
    spent = str(int(limit * float(share)))
    return [
        ("tolerance.limit", "budget", key, label, limit),
        ("tolerance.used", "budget", key, label, spent),
        ("tolerance.used_share", "budget", key, label, share),
    ]
