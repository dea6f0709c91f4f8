"""The funds as their charters found them: sizes of the plan, partners, calls and fees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

MILLION = 1_000_000
MOTHER = "chuangxin-mother"
MOTHER_NAME = "创新母基金"


@dataclass(frozen=True)
class Partner:
    """An investor with its commitment in yuan from a day on (the founding, unless it joins later)."""

    name: str
    capital: str
    commitment: Decimal
    joins: date


@dataclass(frozen=True)
class Charter:
    """`calls` are (day, percent of the commitments); `fee` is percent of paid-in a year.

    `deals` (how many), `ticket` (lowest and highest, 万元) and `stages` say what it invests in.
    """

    code: str
    name: str
    name_en: str
    tier: str
    manager: str
    keeper: str
    planned: Decimal
    established_on: date
    partners: tuple[Partner, ...]
    calls: tuple[tuple[date, int], ...]
    fee: Decimal
    deals: int
    ticket: tuple[int, int]
    stages: frozenset[str]


#: What the agreements of the three tiers and of the sub-funds share out, in per cent, and for how many years.
_AGREED: dict[str, dict[str, Decimal | int]] = {
    "angel": {"life": 10, "preferred": 6, "carry": 20, "cap": 10, "concession": 20},
    "mother": {"life": 15, "preferred": 6, "carry": 10, "cap": 20, "reinvestment": 1, "share": 40},
    "industry": {"life": 12, "preferred": 8, "carry": 20, "cap": 20, "reinvestment": Decimal("1.5")},
    "sub": {"life": 8, "preferred": 8, "carry": 20, "cap": 20, "reinvestment": 1},
}  # fmt: skip
#: How many years a fund invests, and how long it may hold a firm.
INVESTING, PROJECT = 5, 8


def agreed(charter: Charter) -> dict[str, Any]:
    """The terms of a fund from its founding on, as `funds.operations.record_terms` takes them."""
    rules, since = _AGREED[charter.tier], charter.established_on
    reinvestment, concession, share = (rules.get(name) for name in ("reinvestment", "concession", "share"))
    return {
        "valid_from": since, "document": f"{charter.name}合伙协议", "fee_base": "paid_in",
        "fee_rate_pct": charter.fee, "order": "european", "preferred_return_pct": Decimal(rules["preferred"]),
        "compounding": "annually", "catch_up_pct": Decimal(100), "carried_interest_pct": Decimal(rules["carry"]),
        "firm_cap_pct": Decimal(rules["cap"]), "firm_cap_base": "commitment",
        "reinvestment_multiple": reinvestment, "reinvestment_base": "paid_in" if reinvestment else None,
        "ends_on": since.replace(year=since.year + int(rules["life"])), "extension_years": 2,
        "investment_ends_on": since.replace(year=since.year + INVESTING), "project_years": PROJECT,
        "fee_offset_pct": Decimal(50), "recycling_limit_pct": Decimal(20), "clawback": True,
        "concession_pct": concession, "concession_floor_pct": Decimal(3) if concession else None,
        "sub_fund_share_cap_pct": share, "caps_bind": charter.tier == "mother",
        "valuation_days": 200,
    }  # fmt: skip


def _million(amount: int) -> Decimal:
    return Decimal(amount * MILLION)


def _partners(since: date, *rows: tuple[str, str, int], later: date | None = None) -> tuple[Partner, ...]:
    """Partners with commitments in millions; with `later`, the last one joins then."""
    days = [since] * (len(rows) - 1) + [later or since]
    return tuple(
        Partner(name, kind, _million(amount), day)
        for (name, kind, amount), day in zip(rows, days, strict=True)
    )


_ANGEL, _INDUSTRY, _MOTHER = date(2023, 3, 15), date(2023, 6, 12), date(2023, 9, 20)

CITY = (
    Charter(
        "qingtong-angel", "青桐天使基金", "Qingtong Angel Fund", "angel", "qingtong-capital", "manager_angel",
        _million(100), _ANGEL,
        _partners(
            _ANGEL, ("市财政局", "fiscal", 40), ("市科创集团", "state", 35), ("梧桐校友创投（示例）", "social", 25)
        ),
        ((date(2023, 4, 10), 30), (date(2024, 1, 15), 25), (date(2025, 2, 17), 20), (date(2026, 2, 9), 15)),
        Decimal("1.5"), 36, (100, 500), frozenset({"seed", "startup"}),
    ),
    Charter(
        MOTHER, MOTHER_NAME, "Innovation Mother Fund", "mother", "chuangxin-capital", "manager_mother",
        _million(1_000), _MOTHER,
        _partners(
            _MOTHER, ("市财政局", "fiscal", 500), ("市科创集团", "state", 300), ("长三角产业资本（示例）", "social", 200),
            later=date(2025, 6, 16),
        ),
        (
            (date(2023, 10, 16), 16), (date(2024, 5, 13), 14), (date(2025, 3, 10), 12),
            (date(2025, 11, 10), 10), (date(2026, 6, 8), 6),
        ),
        Decimal("0.8"), 6, (1_200, 3_000), frozenset({"growth", "expansion"}),
    ),
    Charter(
        "chanye-industry", "产业基金", "Industry Fund", "industry", "chanye-capital", "manager_industry",
        _million(20_000), _INDUSTRY,
        _partners(
            _INDUSTRY, ("市财政局", "fiscal", 3_000), ("市国有资本运营集团", "state", 9_000),
            ("产业链共建资本（示例）", "social", 4_000), later=date(2025, 4, 14),
        ),
        (
            (date(2023, 7, 17), 6), (date(2024, 4, 15), 5), (date(2024, 12, 16), 5), (date(2025, 9, 15), 6),
            (date(2026, 5, 18), 5),
        ),
        Decimal("0.6"), 26, (4_000, 30_000), frozenset({"growth", "expansion", "mature"}),
    ),
)  # fmt: skip

_SUBS = (
    ("digital", "数智一号子基金", "Digital Sub-fund I", date(2023, 11, 15), 400),
    ("advanced", "先进制造子基金", "Advanced Manufacturing Sub-fund", date(2024, 3, 18), 300),
    ("life", "生命健康子基金", "Life Science Sub-fund", date(2024, 9, 9), 250),
    ("materials", "新材料子基金", "New Materials Sub-fund", date(2025, 5, 12), 200),
)


def _sub(code: str, name: str, name_en: str, since: date, size: int) -> Charter:
    """The mother fund holds 40 percent, as do private partners; the province the rest."""
    partners = _partners(
        since, (MOTHER_NAME, "state", size * 40 // 100), ("省级引导基金（示例）", "fiscal", size * 20 // 100),
        (f"{name[:2]}共投资本（示例）", "social", size * 40 // 100),
    )  # fmt: skip
    calls = tuple(
        (since + timedelta(days=after), percent) for after, percent in ((35, 30), (330, 25), (640, 15))
    )
    return Charter(
        f"sub-{code}", f"{name}（示例）", name_en, "sub", "chuangxin-capital", "manager_mother", _million(size),
        since, partners, calls, Decimal("1.8"), 11, (600, 2_600), frozenset({"startup", "growth"}),
    )  # fmt: skip


SUBS = tuple(_sub(*row) for row in _SUBS)
