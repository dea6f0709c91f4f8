"""Dates, amounts and names as pages say them, in the language of the request."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as dateformat
from django.utils.translation import get_language, gettext, gettext_noop, pgettext

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from finance_hub.kernel.text import Text
from tasks import wording

DASH = wording.DASH
ROLES = {
    "maker": gettext_noop("Maker"),
    "approver": gettext_noop("Approver"),
    "auditor": gettext_noop("Auditor"),
    "admin": gettext_noop("System administrator"),
    "fund_manager": gettext_noop("Fund manager"),
    "bank": gettext_noop("Bank"),
    "guarantor": gettext_noop("Guarantor"),
    "department": gettext_noop("Department"),
}
DATASETS = {
    "flow": gettext_noop("Loan events"),
    "stock": gettext_noop("Month-end positions"),
    "guarantees": gettext_noop("Guarantees"),
}


def language() -> str:
    """`zh-hans` or `en`."""
    return get_language() or "zh-hans"


def say(text: Text) -> str:
    return text.say(language())


def role(code: str) -> str:
    return gettext(ROLES[code])


def dataset(code: str) -> str:
    return gettext(DATASETS[code])


def organisation(of: Organisation) -> str:
    return Text(of.name, of.name_en).say(language())


def month(value: Month) -> str:
    """2026年10月, October 2026."""
    return dateformat(value.first, pgettext("date format of a month", "F Y"))


def short_month(value: Month) -> str:
    """Under a chart: 26/10, 10/26."""
    year = f"{value.year % 100:02d}"
    return Text(f"{year}/{value.number}", f"{value.number}/{year}").say(language())


def day(value: date) -> str:
    """2026年10月17日, 17 Oct 2026."""
    return dateformat(value, pgettext("date format of a day", "j M Y"))


def moment(value: datetime) -> str:
    """A day and the time of it in Asia/Shanghai."""
    return dateformat(timezone.localtime(value), pgettext("date format of a moment", "j M Y H:i"))


def moment_to_the_second(value: datetime) -> str:
    """Numbers alone, for logs: 2026-11-05 09:30:07 in Asia/Shanghai."""
    return dateformat(timezone.localtime(value), "Y-m-d H:i:s")


def money(value: Decimal) -> str:
    """An amount in running text: 3.21亿元, CNY 321.00 million."""
    number, unit = wording.headline(value, language=language())
    return say(Text(f"{number}{unit}", unit.replace("CNY", f"CNY {number}")))


def table_money(value: Decimal) -> str:
    """An amount in the unit of tables where a column has other units too: 3,210.00万元, CNY 32.10 million."""
    number, unit = wording.in_table(value, language=language()), table_unit()
    return say(Text(f"{number}{unit}", unit.replace("CNY", f"CNY {number}")))


def yuan(value: Decimal) -> str:
    """An amount to the fen, for those who compare it with their books: 1,234,567.89."""
    return wording.number(value, places=2)


def count(value: int) -> str:
    return f"{value:,}"


def table_unit() -> str:
    return say(wording.TABLE_UNIT)


def reason(code: str) -> str:
    return wording.reason(code, language=language())


def size(octets: int) -> str:
    """The size of a file: 734 KB, 1.2 MB; 0 KB where it is empty."""
    return (
        f"{octets / 1_000_000:.1f} MB" if octets >= 1_000_000 else f"{max(octets // 1000, min(octets, 1))} KB"
    )


#: Ends a sentence that the catalogue gives without its stop.
STOP = Text("。", ".")
#: Between two sentences.
SPACE = Text("", " ")
#: Between the parts of a sentence, and between sentences without their stops.
COMMA = Text("，", ", ")
SEMICOLON = Text("；", "; ")
#: Between what is spoken of and what is said of it.
COLON = Text("：", ": ")


def listed(parts: list[str]) -> str:
    return say(Text("、", ", ")).join(parts)
