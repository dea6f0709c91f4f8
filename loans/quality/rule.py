"""What a rule is, and the SQL that several share."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from finance_hub.kernel.text import Text
from loans.models import SubjectKind


class Severity(StrEnum):
    ERROR = "error"  # two facts contradict each other
    WARNING = "warning"  # probably wrong
    NOTICE = "notice"  # allowed, and worth a look


class Rule(NamedTuple):
    """`sql` selects bank_id, contract_no, drawdown_no, subject, batch_id, row_number, context (jsonb of
    strings), over the tables of `loans.quality.month` and the facts of its parameters. `sentence` is
    filled from the context; `advice` says what to do about it."""

    code: str
    severity: Severity
    kind: SubjectKind
    name: Text
    sentence: Text
    advice: Text
    sql: str


#: The names of the drawdown that `x` is about.
NAMED = """
  JOIN loans_drawdown d ON d.id = x.drawdown_id
  JOIN loans_contract c ON c.id = d.contract_id"""
#: The events of the month in force that hang on a drawdown.
OF_EVENT = "x.bank_id, c.contract_no, d.drawdown_no, x.external_event_id, x.batch_id, x.row_number"
#: A drawdown as the snapshot has it.
OF_POSITION = "x.bank_id, c.contract_no, d.drawdown_no, '', x.batch_id, x.row_number"
