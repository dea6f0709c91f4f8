"""The few words that the setter writes itself, in both languages."""

from collections.abc import Callable
from dataclasses import dataclass

from tasks.briefing.layout import Language

DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's labels. The callables take numbers and return a label."""

    tag: str
    table: Callable[[int], str]
    continued: Callable[[int], str]
    figure: Callable[[int], str]
    unit: str
    in_unit: Callable[[str], str]
    source: str
    note: str
    not_reported: str
    partly_reported: str
    key_points: str
    issue: Callable[[int], str]
    total: Callable[[int], str]
    unnumbered: str
    correction: Callable[[int], str]
    section: Callable[[int], str]
    subsection: Callable[[int], str]
    snapshot: str
    fingerprint: str
    joint: str


def chinese_number(number: int) -> str:
    """1 to 99 as in headings: 一, 十, 十二, 三十四."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        raise ValueError("headings are numbered to 99")
    lead = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return lead + (DIGITS[ones] if ones or not tens else "")


CHINESE = Wording(
    tag="zh-CN",
    table=lambda n: f"表 {n}",
    continued=lambda n: f"续表 {n}",
    figure=lambda n: f"图 {n}",
    unit="单位：",
    in_unit=lambda unit: f"（{unit}）",
    source="来源：",
    note="注：",
    not_reported="未报送",
    partly_reported="部分未报送",
    key_points="本期要点",
    issue=lambda n: f"第 {n} 期",
    total=lambda n: f"（总第 {n} 期）",
    unnumbered="（未编期号）",
    correction=lambda n: "" if not n else "（更正版）" if n == 1 else f"（第{n}次更正版）",
    section=lambda n: f"{chinese_number(n)}、",
    subsection=lambda n: f"（{chinese_number(n)}）",
    snapshot="数据快照：",
    fingerprint="指纹：",
    joint="　",
)

ENGLISH = Wording(
    tag="en",
    table=lambda n: f"Table {n}",
    continued=lambda n: f"Table {n}, continued",
    figure=lambda n: f"Figure {n}",
    unit="Unit: ",
    in_unit=lambda unit: f" ({unit})",
    source="Source: ",
    note="Note: ",
    not_reported="not reported",
    partly_reported="part not reported",
    key_points="Key points",
    issue=lambda n: f"No. {n}",
    total=lambda n: f" (issue {n} in all)",
    unnumbered="(not numbered)",
    correction=lambda n: "" if not n else " (corrected)" if n == 1 else f" (correction {n})",
    section=lambda n: f"{n}. ",
    subsection=lambda n: f"({n}) ",
    snapshot="Data snapshot: ",
    fingerprint="Fingerprint: ",
    joint="   ",
)


def of(language: Language) -> Wording:
    """The labels of a language."""
    return {"zh-hans": CHINESE, "en": ENGLISH}[language]
