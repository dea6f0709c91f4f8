"""The look at a month is pulled: asked for when its inputs changed, and never for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from finance_hub.kernel import firms, jobs
from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Firm, Job
from finance_hub.kernel.scoping import within
from loans.models import Finding
from loans.operations.findings import enqueue_due
from tests.cast import NOW, Api, Cast
from tests.loans.bank import FIRM, disbursement, position, repayment, send
from tests.loans.test_confirmations import confirm, report
from tests.loans.test_two_at_once import at_once

Speak = Callable[[str], Api]


def work(api_now: int = 10) -> list[str]:
    """Let the clock tick until nothing is due; the months that were looked at, in their order."""
    done = []
    for _ in range(api_now):
        if not enqueue_due(now=NOW):
            return done
        job = Job.objects.filter(kind="quality", state="queued").get()
        assert jobs.run(str(job.pk)) == "succeeded"
        done.append(job.payload["month"])
    raise AssertionError("something is always due")


def test_nothing_is_due_where_nothing_was_reported(cast: Cast) -> None:
    assert enqueue_due(now=NOW) == 0


def test_a_month_is_due_once_per_change_of_its_inputs(api: Speak) -> None:
    bank = api("bank_a")
    report(bank)
    assert work() == ["2026-10"]
    assert work() == []
    send(bank, [repayment("E-3", "1.00")])
    assert work() == ["2026-10"]
    confirm(bank)
    assert work() == ["2026-10"]
    assert work() == []


def test_the_present_month_is_not_looked_at_before_its_end(api: Speak) -> None:
    send(api("bank_a"), [disbursement(value_date="2026-11-02")], period="2026-11")
    assert work() == []
    assert enqueue_due(now=NOW + timedelta(days=31)) == 1


def test_one_look_at_a_time_the_newest_month_first(api: Speak, cast: Cast) -> None:
    from datetime import date

    from finance_hub.kernel.models import Organisation

    Organisation.objects.filter(kind="bank").update(reports_since=date(2026, 8, 1))
    bank = api("bank_a")
    send(bank, [disbursement("E-0", "9.00", value_date="2026-08-05")], period="2026-08")
    assert enqueue_due(now=NOW) == 1
    assert enqueue_due(now=NOW) == 0  # the first one still waits
    assert Job.objects.get(kind="quality").payload == {"month": "2026-10"}
    jobs.run(str(Job.objects.get(kind="quality").pk))
    assert work() == ["2026-09", "2026-08"]
    # What happened in September bears on October too, but not on August.
    send(bank, [repayment("E-1", "1.00", contract_no="HT-1", value_date="2026-09-09")], period="2026-09")
    assert work() == ["2026-10", "2026-09"]


def test_a_firm_that_the_centre_verifies_is_looked_at_again(api: Speak, cast: Cast) -> None:
    send(api("bank_a"), [disbursement()])
    assert work() == ["2026-10"]
    with within(EVERYTHING):
        assert Finding.objects.get(resolved_at=None).rule == "borrower-unverified"
    firm = Firm.objects.get(uscc=FIRM)
    firms.edit(firm, version=firm.version, by=cast["maker"], now=NOW + timedelta(hours=1), verified=True)
    assert work() == ["2026-10"]
    with within(EVERYTHING):
        assert not Finding.objects.filter(resolved_at=None).exists()
    assert work() == []


def test_a_new_catalogue_looks_at_every_month_again(api: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    report(api("bank_a"))
    work()
    monkeypatch.setattr("loans.quality.VERSION", "another")
    assert work() == ["2026-10"]


def test_two_clocks_at_once_ask_once_and_two_looks_at_once_agree(committed: Cast) -> None:
    bank = Api(committed.key("bank_a"))
    send(bank, [disbursement(), disbursement("E-2", "5.00", drawdown_no="JJ-2")])
    send(bank, [position("990.00"), position("4.00", drawdown_no="JJ-2")], dataset="stock")
    assert sorted(at_once(*[lambda: enqueue_due(now=NOW)] * 4)) == [0, 0, 0, 1]
    first = Job.objects.get(kind="quality")
    second, _ = jobs.enqueue("quality", dedupe_key="quality:again", payload=first.payload)
    ran = at_once(lambda: jobs.run(str(first.pk)), lambda: jobs.run(str(second.pk)))
    assert ran == ["succeeded", "succeeded"]
    with within(EVERYTHING):
        open_ones = Finding.objects.filter(resolved_at=None, rule="stock-flow-differs")
        assert open_ones.count() == 2
        assert not Finding.objects.exclude(resolved_at=None).exists()
