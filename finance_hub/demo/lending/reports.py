"""The banks' monthly reports: written as files, sent down the same road as those of a real bank."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from finance_hub.demo import calendar
from finance_hub.demo.chance import Chance
from finance_hub.demo.lending import oddities, rows
from finance_hub.demo.lending.loans import Loan
from finance_hub.demo.lending.rows import Row
from finance_hub.demo.people import BANK_PEOPLE, People
from finance_hub.demo.timeline import Timeline, moment, workday
from finance_hub.kernel.periods import Month
from finance_hub.kernel.scoping import within
from loans import formats, operations
from loans.intake.receive import most_bytes, receive

#: How each bank writes its files, in the order of `people.BANKS`.
FORMATS = ("ndjson+gzip", "ndjson", "ndjson+gzip", "ndjson", "csv", "csv+gzip")


class NotApplied(RuntimeError):
    """A report of the city was not taken as planned: a defect of the plan or of the intake."""


def send(loans: list[Loan], *, people: People, timeline: Timeline, dice: Chance) -> None:
    """Put the reports of all banks and months on the timeline: the flow first, the stock a day later."""
    by_bank: dict[int, list[Loan]] = {bank: [] for bank in range(len(BANK_PEOPLE))}
    for loan in loans:
        by_bank[loan.bank].append(loan)
    for month in calendar.FIRST.until(calendar.LAST + 1):
        for bank, own in by_bank.items():
            day = workday((month + 1).first + (date.resolution * dice.randint(0, 2)))
            at = moment(day, hour=9 + bank, minute=dice.randint(0, 59))
            timeline.add(at, _flow(own, month, bank, people))
            if (bank, month) != oddities.SILENT:
                next_day = workday(day + date.resolution)
                timeline.add(
                    moment(next_day, hour=9 + bank, minute=dice.randint(0, 59)),
                    _stock(own, month, bank, people),
                )
    restated = oddities.restated(by_bank)
    if restated:
        timeline.add(oddities.RESTATED_AT, _restate(restated, people))


def _flow(own: list[Loan], month: Month, bank: int, people: People) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        sent = oddities.flow(rows.flow(own, month), bank, month)
        report(sent, month=month, dataset="flow", bank=bank, people=people, now=now)

    return act


def _stock(own: list[Loan], month: Month, bank: int, people: People) -> Callable[[datetime], None]:
    def act(now: datetime) -> None:
        sent = oddities.stock(rows.stock(own, month), bank, month)
        report(sent, month=month, dataset="stock", bank=bank, people=people, now=now)

    return act


def _restate(row: Row, people: People) -> Callable[[datetime], None]:
    bank, month = oddities.RESTATED
    return lambda now: report([row], month=month, dataset="flow", bank=bank, people=people, now=now)


def report(sent: list[Row], *, month: Month, dataset: str, bank: int, people: People, now: datetime) -> None:
    """Declare, upload, submit and process one file, as of `now`. Raises NotApplied."""
    person, format = people[BANK_PEOPLE[bank]], FORMATS[bank]
    content = written(sent, dataset=dataset, format=format)
    sha256 = hashlib.sha256(content).hexdigest()
    with within(person.scope):
        batch = operations.declare(
            period=month, dataset=dataset, format=format, content_sha256=sha256,
            control_totals=_totals(sent, dataset), client_reference=f"{month}-{dataset}",
            idempotency_key=f"{month}-{dataset}-{now:%Y%m%d}", by=person, now=now,
        )  # fmt: skip
        size = receive(
            io.BytesIO(content), public_id=batch.public_id, most=most_bytes(format), sha256=sha256,
            length=len(content),
        )  # fmt: skip
        batch = operations.take_content(batch, size=size, now=now)
        done = operations.submit_and_process(batch, by=person, now=now)
    _require_applied(
        done, expected=oddities.rejected(sent), said=f"{person.organisation.code} {month} {dataset}"
    )


def written(sent: list[Row], *, dataset: str, format: str) -> bytes:
    """The file's bytes; gzip without a time, so that the same rows are the same file."""
    plain = (
        _csv(sent, dataset)
        if format.startswith("csv")
        else b"".join(orjson.dumps(row) + b"\n" for row in sent)
    )
    return gzip.compress(plain, mtime=0) if format.endswith("+gzip") else plain


def _csv(sent: list[Row], dataset: str) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, formats.csv_columns(dataset))
    writer.writeheader()
    writer.writerows(_flat(row) for row in sent)
    return text.getvalue().encode()


def _flat(row: Row) -> Row:
    """Pledges spread over their columns."""
    pledges = enumerate(row.get("pledges", []), start=1)
    cells = {f"pledge_{number}_{name}": value for number, pledge in pledges for name, value in pledge.items()}
    return {name: value for name, value in row.items() if name != "pledges"} | cells


def _totals(sent: list[Row], dataset: str) -> dict[str, Any]:
    if dataset == "stock":
        return {"rows": len(sent), "balance": _sum(sent, "balance")}
    kinds = {"disbursed": "disbursement", "repaid": "repayment"}
    of_kind = {name: [row for row in sent if row["record_type"] == kind] for name, kind in kinds.items()}
    return {"rows": len(sent), **{name: _sum(found, "amount") for name, found in of_kind.items()}}


def _sum(sent: list[Row], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in sent), Decimal("0.00"))


def _require_applied(done: dict[str, Any], *, expected: int, said: str) -> None:
    if done["state"] != "applied" or done["result"]["rejected"] != expected:
        raise NotApplied(f"{said}: {done}")
