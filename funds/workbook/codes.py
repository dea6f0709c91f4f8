"""The words that cells of a sheet choose from, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from finance_hub.kernel.text import Text
from funds import codes
from funds.workbook.columns import Choice


def _choices(named: Mapping[str, Text]) -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in named.items())


LEDGER, HOLDING = _choices(codes.LEDGER), _choices(codes.HOLDING)
NATURES, METHODS = _choices(codes.NATURES), _choices(codes.METHODS)
SOURCES, INSTRUMENTS, STAGES = _choices(codes.SOURCES), _choices(codes.INSTRUMENTS), _choices(codes.STAGES)
YES_NO = (Choice("yes", Text("是", "yes"), True), Choice("no", Text("否", "no"), False))
#: How an entry that is no plain one came to be.
STATES = (
    Choice("reversal", Text("冲销记录", "reversal")),
    Choice("reversed", Text("已冲销", "reversed")),
    Choice("correction", Text("更正后的记录", "corrected entry")),
    Choice("out", Text("转让转出", "transferred away")),
    Choice("in", Text("转让转入", "taken over by transfer")),
)
