"""Ten pairs of large batches of one bank, all at once: each pair ends as if its two had come in turn.

Half of the contracts of a pair are in both batches, in opposite order, and some events are in both
with different contents: whichever comes first is held, the other is refused by name.

BATCH_ROWS=100000 runs the full size (some minutes); the usual run takes a hundredth of it.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from django.db import connection

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.models import Job
from finance_hub.kernel.scoping import within
from tests.cast import Api, Cast
from tests.loans.bank import URL, Row, csv_text, disbursement, run, totals, upload
from tests.loans.test_two_at_once import at_once

ROWS = int(os.environ.get("BATCH_ROWS", "1000"))
PAIRS = 10
DISPUTED = ROWS // 100


def _pair(prefix: str) -> tuple[list[Row], list[Row]]:
    """Contracts 0 … n of the one, n/2 … 3n/2 of the other, backwards; disputed events in both."""
    half = ROWS // 2

    def row(side: str, at: int, **changes: Any) -> Row:
        event = f"{prefix}-E-{side}-{at}"
        return disbursement(event, contract_no=f"{prefix}-HT-{at}", drawdown_no=f"JJ-{side}", **changes)

    def disputed(amount: str) -> list[Row]:
        return [
            disbursement(
                f"{prefix}-X-{at}", amount, contract_no=f"{prefix}-HT-{half + at}", drawdown_no="JJ-X"
            )
            for at in range(DISPUTED)
        ]

    first = [row("A", at) for at in range(ROWS - DISPUTED)] + disputed("100.00")
    second = disputed("200.00") + [row("B", at) for at in range(half, half + ROWS - DISPUTED)]
    return first, second[::-1]


def _submitted(api: Api, rows: list[Row]) -> str:
    batch = upload(api, csv_text(rows).encode(), format="csv", control_totals=totals(rows))
    assert api.post(f"{URL}/{batch}/submit").status_code == 202
    return batch


def _ledger(prefix: str) -> Counter[tuple[Any, ...]]:
    """What is held of a pair, with its prefix taken off."""
    with within(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            """SELECT substr(c.contract_no, %s), d.drawdown_no, substr(e.external_event_id, %s), e.revision, e.effect
                 FROM loans_loanevent e JOIN loans_drawdown d ON d.id = e.drawdown_id
                 JOIN loans_contract c ON c.id = d.contract_id WHERE c.contract_no LIKE %s""",
            [len(prefix) + 1, len(prefix) + 1, f"{prefix}-%"],
        )
        return Counter(cursor.fetchall())


def test_every_pair_ends_as_one_of_its_serial_orders(committed: Cast) -> None:
    bank, other = (Api(committed.key(name)) for name in ("bank_a", "bank_b"))
    serial = []
    for prefix, order in (("S1", 1), ("S2", -1)):
        batches = [_submitted(other, rows) for rows in _pair(prefix)]
        assert [run(batch) for batch in batches[::order]] == ["succeeded", "succeeded"]
        serial.append(_ledger(prefix))
    assert serial[0] != serial[1]

    pairs = {f"P{at}": [_submitted(bank, rows) for rows in _pair(f"P{at}")] for at in range(PAIRS)}
    batches = [batch for pair in pairs.values() for batch in pair]
    assert at_once(*(lambda b=batch: run(b) for batch in batches)) == ["succeeded"] * len(batches)

    assert set(Job.objects.values_list("state", "attempt")) == {("succeeded", 1)}  # nobody met a deadlock
    for prefix, pair in pairs.items():
        shown = [bank.get(f"{URL}/{batch}").json() for batch in pair]
        assert [batch["state"] for batch in shown] == ["applied", "applied"]
        refused = sorted(batch["result"]["rejected"] for batch in shown)
        assert refused == [0, DISPUTED]
        assert sum(batch["result"]["accepted"] for batch in shown) == 2 * ROWS - DISPUTED
        assert _ledger(prefix) in serial
