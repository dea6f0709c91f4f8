"""What every table and chart needs: numbers in their order, sources, and the sentence on rounding where it is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from tasks import wording
from tasks.briefing.content.desk import Desk
from tasks.briefing.layout import Block, Chart, Section, Table, Words
from tasks.briefing.origin import Printed
from tasks.catalogue import Unit

FUNDS = ("基金管理人报送", "Fund managers")
BANKS = ("各银行报送", "The banks")
GUARANTORS = ("担保机构报送", "Guarantors")
CENTRE = ("市金融发展服务中心", "Finance centre")
ALL = ("基金管理人、各银行、担保机构报送", "Fund managers, banks and guarantors")


def numbered(desk: Desk, sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections with their tables and their charts numbered from 1 on, and each table's source with its day."""
    tables, charts, made = 0, 0, []
    for section in sections:
        blocks: list[Block] = []
        for block in section.blocks:
            if isinstance(block, Table):
                tables += 1
                blocks.append(replace(block, number=tables, source=_dated(desk, block.source)))
            elif isinstance(block, Chart):
                charts += 1
                blocks.append(replace(block, number=charts))
            else:
                blocks.append(block)
        made.append(replace(section, blocks=tuple(blocks)))
    return tuple(made)


def _dated(desk: Desk, source: str) -> str:
    return source and desk.say(f"{source}，截至{desk.as_of}", f"{source}, as of {desk.as_of}")


def silent_banks(desk: Desk, dataset: str = "") -> list[str]:
    """Names of the banks that have not sent a data set (or any of the two), each once."""
    name = "name_en" if desk.language == "en" else "name"
    lacking = (one for one in desk.now.snapshot.not_reported if dataset in ("", one["dataset"]))
    return list(dict.fromkeys(one[name] for one in lacking))


def total_of_banks(desk: Desk, dataset: str) -> str:
    """The head of a row of totals: which banks are not in it."""
    missing = silent_banks(desk, dataset)
    if not missing:
        return desk.say("合计", "Total")
    return desk.say(f"合计（不含{'、'.join(missing)}）", f"Total (without {', '.join(missing)})")


def without(desk: Desk, dataset: str) -> str:
    """A note on figures of the city that lack a bank; "" where none does."""
    missing = silent_banks(desk, dataset)
    if not missing:
        return ""
    return desk.say(f"不含{'、'.join(missing)}。", f"Without {', '.join(missing)}.")


def notes(*said: str) -> str:
    return " ".join(one for one in said if one).replace("。 ", "。")


def rounded(desk: Desk, rows: Sequence[Sequence[Words]]) -> str:
    """The sentence on rounding where amounts in the rows above the last add up to the last and their texts do not.

    Every number is rounded on its own, so that each is its figure's; nothing is moved from row to row.
    """
    *parts, total = rows or [()]
    off = any(_off(desk, [row[at] for row in parts], cell) for at, cell in enumerate(total))
    if not parts or not off:
        return ""
    return desk.say(
        "因四舍五入，分项之和与合计可能略有差异。",
        "Because of rounding the parts may not add up to the total.",
    )


def _off(desk: Desk, parts: Sequence[Words], total: Words) -> bool:
    cells = [*parts, total]
    if not all(isinstance(cell, Printed) and cell.value is not None for cell in cells):
        return False
    printed = [cell for cell in cells if isinstance(cell, Printed)]
    if any(cell.unit != Unit.YUAN for cell in printed):
        return False
    values = [cell.value or Decimal(0) for cell in printed]
    shown = [Decimal(cell.replace(",", "").replace(wording.MINUS, "-")) for cell in printed]
    return sum(values[:-1]) == values[-1] and sum(shown[:-1]) != shown[-1]
