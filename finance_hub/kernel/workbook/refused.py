"""Why a workbook is not read any further."""

from __future__ import annotations


class Refused(Exception):
    """`reason` is a word that `finance_hub.kernel.sheets` has sentences for; `context` fills them."""

    def __init__(self, reason: str, **context: int) -> None:
        self.reason, self.context = reason, context
        super().__init__(reason)
