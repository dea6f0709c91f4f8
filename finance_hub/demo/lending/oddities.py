"""What is not in order in the city, on purpose: a late bank, a restatement, rejected rows, a difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from finance_hub.demo import calendar
from finance_hub.demo.lending import rows
from finance_hub.demo.lending.loans import Loan
from finance_hub.demo.lending.rows import Row
from finance_hub.demo.timeline import moment
from finance_hub.kernel.periods import Month

#: The smallest bank has not sent its stock of the last month yet.
SILENT = (5, calendar.LAST)
#: The second bank reported a repayment too low; it found out after the close of the month.
RESTATED, RESTATED_AT = (1, Month(2026, 2)), moment(date(2026, 3, 20), hour=14)
TOO_LOW_BY = Decimal("10000.00")
#: The second bank's last flow has two rows that cannot be taken.
REJECTED = (1, calendar.LAST)
#: The third bank's stock of the last month lies below its flow: a repayment is missing there.
DIFFERS, DIFFERS_BY = (2, calendar.LAST), Decimal("50000.00")


def flow(sent: list[Row], bank: int, month: Month) -> list[Row]:
    """The rows as the bank sends them."""
    if (bank, month) == REJECTED and sent:
        return [*sent, *_wrong(sent[0])]
    if (bank, month) == RESTATED:
        at = _restatable(sent)
        return [_less(row) if number == at else row for number, row in enumerate(sent)]
    return sent


def _wrong(like: Row) -> list[Row]:
    """A row with a mistyped code, and one of a contract that nobody knows."""
    row = {
        name: like[name]
        for name in ("uscc", "firm_name", "value_date", "currency", "revision", "drawdown_no")
    }
    row |= {"record_type": "repayment", "contract_no": "HT-2026-999999", "amount": "120000.00"}
    other_digit = "1" if row["uscc"][-1] == "0" else "0"
    return [
        row
        | {"uscc": row["uscc"][:-1] + other_digit, "external_event_id": "E-TYPO", "client_row_id": "typo"},
        row | {"external_event_id": "E-UNKNOWN", "client_row_id": "unknown"},
    ]


def stock(sent: list[Row], bank: int, month: Month) -> list[Row]:
    if (bank, month) != DIFFERS:
        return sent
    at = next((n for n, row in enumerate(sent) if Decimal(row["balance"]) > 2 * DIFFERS_BY), None)
    return [
        row | {"balance": f"{Decimal(row['balance']) - DIFFERS_BY:.2f}"} if number == at else row
        for number, row in enumerate(sent)
    ]


def rejected(sent: list[Row]) -> int:
    """How many rows of the report the centre refuses."""
    return sum(1 for row in sent if row["client_row_id"] in {"typo", "unknown"})


def restated(by_bank: Mapping[int, list[Loan]]) -> Row | None:
    """The corrected row of the repayment that was reported too low, if that month had one."""
    bank, month = RESTATED
    sent = rows.flow(by_bank[bank], month)
    at = _restatable(sent)
    return None if at is None else sent[at] | {"revision": 2, "reason_code": "input-error"}


def _restatable(sent: list[Row]) -> int | None:
    large = (
        number for number, row in enumerate(sent)
        if row["record_type"] == "repayment" and Decimal(row["amount"]) > 2 * TOO_LOW_BY
    )  # fmt: skip
    return next(large, None)


def _less(row: Row) -> Row:
    return row | {"amount": f"{Decimal(row['amount']) - TOO_LOW_BY:.2f}"}
