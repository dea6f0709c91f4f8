"""What the pages show, put straight into the tables: figures of months, firms, briefings.

Amounts are chosen so that every shown number can be checked by hand.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from finance_hub.kernel import ids, scoping, uscc
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, FirmClass, FirmName, Person
from finance_hub.kernel.periods import Month
from tasks import obstacles
from tasks.models import Briefing, Figure, Snapshot, Target

OCTOBER = Month(2026, 10)
KNOWN = datetime(2026, 11, 5, 1, 30, tzinfo=UTC)
PDF = b"%PDF-1.7\n% an issue of the briefing\n%%EOF\n"
SILENT = {"code": "bank-b", "name": "乙银行", "name_en": "Bank B"}

FUNDS = (
    ("angel", "青桐天使基金", "Qingtong Angel Fund", 100_000_000, 80_000_000, 60_000_000, 41_500_000),
    ("mother", "创新母基金", "Innovation Mother Fund", 1_000_000_000, 600_000_000, 350_000_000, 280_000_000),
    ("industry", "产业基金", "Industry Fund", 20_000_000_000, 8_000_000_000, 2_000_000_000, 1_640_000_000),
)
PRODUCTS = (
    ("equity-linked", "投融贷", "Equity-linked loan", "8000000"),
    ("research", "研发贷", "Research loan", "12500000"),
    ("incubation", "孵化贷", "Incubation loan", "3200000"),
    ("patent-pledge", "知识产权质押贷", "Patent-pledge loan", "15600000"),
)
CLASSES = (
    ("normal", "正常", "Normal", "820000000"),
    ("special_mention", "关注", "Special mention", "24000000"),
    ("substandard", "次级", "Substandard", "9600000"),
    ("doubtful", "可疑", "Doubtful", "4300000"),
    ("loss", "损失", "Loss", "1200000"),
)
CITY = {
    "fund.planned": "21100000000", "fund.subscribed": "8680000000", "fund.paid_in": "2410000000",
    "fund.invested": "1961500000", "deals.invested": "35000000", "loans.balance": "859100000",
    "loans.disbursed": "39300000", "loans.npl_ratio": "0.01757653", "guarantees.outstanding": "412000000",
    "guarantees.government_share": "164800000", "pipeline.under_way": "47", "pipeline.listed": "2",
    "reporting.complete": "1", "reporting.due": "2", "exposure.public": "2100000000",
}  # fmt: skip

#: Of every firm's exposure, in per cent; of insurance nothing is known.
LINES = {
    "equity": 50, "equity_through": 10, "loans_shared": 15, "guarantees": 20, "insurance": None, "compensation": 5,
}  # fmt: skip


def firm_code(n: int) -> str:
    return uscc.complete(f"91330483MA{n:07d}")


def add_firm(n: int, *, name: str = "", **facts: Any) -> Firm:
    """A firm of the register with its first name."""
    called = name or f"测试科技{n:03d}有限公司"
    given = {"source": "centre", "verified": True, "town": "乌镇镇", "industry": "C3985", "stage": "growth"}
    firm = Firm.objects.create(uscc=firm_code(n), name=called, **{**given, **facts})
    FirmName.objects.create(firm=firm, name=called, valid_from=date(2020, 1, 1))
    return firm


def recognise(firm: Firm, code: str, *, until: date | None) -> None:
    FirmClass.objects.create(
        firm=firm, code=code, valid_from=date(2024, 1, 1), valid_to=until, detail="GR202433000017"
    )


def add_month(
    month: Month, *, scale: str = "1", silent: tuple[str, ...] = (), lean: bool = False, **city: str | None
) -> Snapshot:
    """A snapshot with figures; `scale` multiplies money, `city` replaces figures of the city.

    A figure given as None is missing because it was not reported. `lean` leaves out what only the
    month shown needs.
    """
    with scoping.within(EVERYTHING):
        snapshot = Snapshot.objects.create(
            public_id=ids.new("ss"),
            month=month.first,
            fingerprint=hashlib.sha256(f"{month}{scale}{city}".encode()).hexdigest(),
            known_at=KNOWN,
            taken_at=KNOWN,
            not_reported=[{**SILENT, "dataset": dataset} for dataset in silent],
        )
        rows = _rows(snapshot, Decimal(scale), {**CITY, **city}, lean=lean)
        Figure.objects.bulk_create(rows)
    return snapshot


def add_year(*, last: Month = OCTOBER) -> Snapshot:
    """Thirteen months that grow by a twentieth of the last one's money each; the last lacks a report."""
    for back in range(12, 0, -1):
        add_month(last - back, scale=str(Decimal(1) - Decimal("0.05") * back), lean=True)
    return add_month(last, silent=("flow", "stock"))


def _rows(snapshot: Snapshot, scale: Decimal, city: dict[str, Any], *, lean: bool) -> list[Figure]:
    rows = [_figure(snapshot, code, value, scale=scale) for code, value in city.items()]
    for code, zh, en, planned, subscribed, paid, invested in FUNDS:
        sizes = {"planned": planned, "subscribed": subscribed, "paid_in": paid, "invested": invested}
        for part, size in sizes.items():
            rows.append(_figure(snapshot, f"fund.{part}", size, scope="fund", key=code, zh=zh, en=en))
    for position, (code, zh, en, amount) in enumerate(PRODUCTS):
        said: Any = {"key": code, "zh": zh, "en": en, "position": position, "scale": scale}
        rows.append(_figure(snapshot, "loans.disbursed", amount, scope="product", **said))
    for position, (code, zh, en, amount) in enumerate(CLASSES):
        said = {"key": code, "zh": zh, "en": en, "position": position, "scale": scale}
        rows.append(_figure(snapshot, "loans.five_tier", amount, scope="five_tier", **said))
    rows += _tolerances(snapshot) + ([] if lean else _exposures(snapshot) + _targets(snapshot))
    missing = {"bank-a": 0, "bank-b": len(snapshot.not_reported)}
    for code, count in missing.items():
        rows.append(_figure(snapshot, "reporting.missing", count, scope="reporter", key=code))
    return rows


def _tolerances(snapshot: Snapshot) -> list[Figure]:
    rows = []
    for code, zh, en, limit, used in (
        ("angel", "青桐天使基金", "Qingtong Angel Fund", "24000000", "20400000"),
        ("mother", "创新母基金", "Innovation Mother Fund", "70000000", "7000000"),
    ):
        said: Any = {"scope": "fund", "key": code, "zh": zh, "en": en}
        rows += [
            _figure(snapshot, "tolerance.limit", limit, **said),
            _figure(snapshot, "tolerance.used", used, **said),
            _figure(snapshot, "tolerance.used_share", Decimal(used) / Decimal(limit), **said),
        ]
    return rows


def _exposures(snapshot: Snapshot) -> list[Figure]:
    """Twelve firms: 1.2 亿 for the largest, ten million less for each next one; half of it is direct equity, a tenth
    looked through, 15 % public share of loans, a fifth guarantees, a twentieth compensated."""
    rows = [_figure(snapshot, "concentration.top_share", "0.42", scope="dimension_top", key="firm:10")]
    for rank in range(12):
        total, name = 120_000_000 - 10_000_000 * rank, f"桐芯微电子科技（第{rank + 1}）股份有限公司"
        said: Any = {"zh": name, "en": name, "position": rank}
        rows.append(
            _figure(snapshot, "exposure.largest_public", total, scope="firm", key=firm_code(rank + 1), **said)
        )
        for line, percent in LINES.items():
            amount = None if percent is None else total * percent // 100
            key = f"{firm_code(rank + 1)}|{line}"
            rows.append(
                _figure(snapshot, "exposure.largest_line", amount, scope="firm_line", key=key, **said)
            )
    return rows


def _targets(snapshot: Snapshot) -> list[Figure]:
    """The first target is reached, the next three are half way, nothing is known of the others."""
    rows = []
    for target in Target.objects.order_by("position"):
        share = {1: Decimal(1), 2: Decimal("0.5"), 3: Decimal("0.5"), 4: Decimal("0.5")}.get(target.position)
        value = None if share is None else target.value * share
        said: Any = {"scope": "target", "key": target.code, "zh": target.metric, "en": target.metric}
        rows.append(_figure(snapshot, "target.value", value, **said))
        rows.append(_figure(snapshot, "target.progress", share, **said))
    return rows


def _figure(
    snapshot: Snapshot,
    code: str,
    value: Any,
    *,
    scope: str = "",
    key: str = "",
    zh: str = "",
    en: str = "",
    position: int = 0,
    scale: Decimal = Decimal(1),
) -> Figure:
    money = code.split(".")[0] in {"fund", "deals", "loans", "guarantees"} and code != "loans.npl_ratio"
    kept = None if value is None else Decimal(value) * (scale if money else 1)
    reason = "not-reported" if kept is None else ""
    return Figure(
        snapshot=snapshot, code=code, scope=scope, key=key, label=zh, label_en=en, position=position,
        value=kept, reason=reason,
    )  # fmt: skip


def answers(snapshot: Snapshot) -> dict[str, Any]:
    """A reason for each that stands against publishing the month."""
    return {
        one.name: {
            "against": {"zh": one.text.zh, "en": one.text.en}, "text": "已核实", "by": "maker 某", "at": KNOWN.isoformat(),
        }
        for one in obstacles.against(snapshot, now=KNOWN)
    }  # fmt: skip


def add_briefing(
    snapshot: Snapshot, *, state: str = "draft", drafted_by: Person | None = None,
    approved_by: Person | None = None, issue_no: int | None = None, with_file: bool = True,
) -> Briefing:  # fmt: skip
    """An edition with its file."""
    public_id, month = ids.new("br"), Month.of(snapshot.month)
    relative = f"briefings/{month}/{public_id}.pdf"
    if with_file:
        path = Path(settings.FILES_DIR) / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF)
    numbered = state in {"approved", "published"}
    read = state == "reviewed" or numbered
    reviewer = approved_by or (Person.objects.get(username="second_approver") if read else None)
    with scoping.within(EVERYTHING):
        return Briefing.objects.create(
            public_id=public_id,
            month=month.first,
            year=month.year,
            snapshot=snapshot,
            state=state,
            drafted_by=drafted_by,
            drafted_at=KNOWN,
            reviewed_by=reviewer,
            reviewed_at=KNOWN + timedelta(hours=1) if reviewer else None,
            reasons=answers(snapshot),
            approved_by=approved_by,
            approved_at=KNOWN + timedelta(hours=2) if approved_by else None,
            issue_no=issue_no or (month.number if numbered else None),
            total_no=month.year * 12 + month.number if numbered else None,
            file=relative,
            sha256=hashlib.sha256(PDF).hexdigest(),
            pages=11,
            published_at=KNOWN + timedelta(hours=3) if state == "published" else None,
        )
