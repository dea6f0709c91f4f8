"""How a bank stands with its reports of a month: what came last, and whether its sums are plausible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month
from loans.models import BatchState, LoanReportBatch
from loans.queries.in_force import rows

#: Sums above so many times last month's ask for a second look.
PROPORTION = 10
_GONE = (BatchState.CANCELLED, BatchState.EXPIRED)


@dataclass(frozen=True)
class ReportStanding:
    """Of one bank, month and data set: the last batch that counts, and the last trial of a file."""

    batch: LoanReportBatch | None = None
    trial: LoanReportBatch | None = None

    @property
    def last(self) -> LoanReportBatch | None:
        """The one that tells the state: a trial says nothing about a month that was reported."""
        return self.batch or self.trial

    @property
    def state(self) -> str:
        """`not_started`, `uploaded` (or under way), `to_correct`, or `reported`."""
        last = self.last
        if last is None:
            return "not_started"
        if last.state == BatchState.REJECTED:
            return "to_correct"
        if last.dry_run or last.state != BatchState.APPLIED:
            return "uploaded"
        return "to_correct" if (last.result or {}).get("rejected") else "reported"

    def waiting(self, *, now: datetime) -> LoanReportBatch | None:
        """The trial that can still be confirmed; one that was confirmed is older than its batch."""
        trial = self.trial
        if trial is None or trial.state != BatchState.VALIDATED or now >= trial.expires_at:
            return None
        return trial if self.batch is None or self.batch.pk < trial.pk else None


NOTHING = ReportStanding()


def standings(
    months: Sequence[Month], *, bank: Organisation | None = None
) -> dict[tuple[int, Month, str], ReportStanding]:
    """{(bank id, month, data set): standing} of those that sent anything; one query."""
    sent = LoanReportBatch.objects.select_related("bank", "job").exclude(state__in=_GONE)
    sent = sent.filter(period__in=[month.first for month in months])
    if bank:
        sent = sent.filter(bank=bank)
    each = ("bank_id", "period", "dataset", "dry_run")
    found: dict[tuple[int, Month, str], dict[str, LoanReportBatch]] = {}
    for batch in sent.order_by(*each, "-pk").distinct(*each):
        place = found.setdefault((batch.bank_id, Month.of(batch.period), batch.dataset), {})
        place["trial" if batch.dry_run else "batch"] = batch
    return {key: ReportStanding(**batches) for key, batches in found.items()}


#: Months whose bank last said that the totals match, and to which nothing was applied since.
_CONFIRMED = """
SELECT DISTINCT c.bank_id, c.period FROM loans_confirmation c
 WHERE c.period = ANY(%(months)s) AND c.matched
   AND NOT EXISTS (SELECT FROM loans_confirmation later
                    WHERE later.bank_id = c.bank_id AND later.period = c.period AND later.number > c.number)
   AND NOT EXISTS (SELECT FROM loans_loanreportbatch b
                    WHERE b.bank_id = c.bank_id AND b.period <= c.period AND b.state = 'applied'
                      AND b.finished_at > c.recorded_at AND (b.result ->> 'accepted')::bigint > 0)
"""


def confirmed(months: Sequence[Month]) -> set[tuple[int, Month]]:
    """(bank id, month) of those in scope that were confirmed and have not changed since."""
    found = rows(_CONFIRMED, months=[month.first for month in months])
    return {(bank, Month.of(first)) for bank, first in found}


def confirmation_key(trial: LoanReportBatch) -> str:
    """The idempotency key of the batch that a trial becomes: one, whoever asks and however often."""
    return f"confirm:{trial.public_id}"


def confirmed_as(trial: LoanReportBatch) -> LoanReportBatch | None:
    """The batch that reported the file of a trial for good, None while nobody has confirmed it."""
    return LoanReportBatch.objects.filter(
        bank=trial.bank_id, idempotency_key=confirmation_key(trial), dry_run=False
    ).first()


class Disproportion(NamedTuple):
    """A sum in yuan of this month's file and of all that was applied for the month before."""

    name: str
    now: Decimal
    before: Decimal


def out_of_proportion(batch: LoanReportBatch) -> list[Disproportion]:
    """The sums of a file above PROPORTION times those applied for the month before.

    A month without sums of its own is no measure.
    """
    before = LoanReportBatch.objects.filter(
        bank=batch.bank_id,
        dataset=batch.dataset,
        period=(Month.of(batch.period) - 1).first,
        state=BatchState.APPLIED,
    )
    applied = [totals for totals in before.values_list("applied_totals", flat=True) if totals]
    found = []
    for name, said in (batch.computed_totals or {}).items():
        if name == "rows":
            continue
        sum_, sum_before = Decimal(said), sum((Decimal(totals[name]) for totals in applied), Decimal(0))
        if sum_before > 0 and sum_ > PROPORTION * sum_before:
            found.append(Disproportion(name, sum_, sum_before))
    return found
