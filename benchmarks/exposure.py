"""One firm's exposure in a large city against reading one firm by its key: 100 firms of each, in turns.

10,000 firms, a million loans of ten banks with two events each, 100,000 stakes of a hundred funds, 20,000 guarantees. The
call is what the API makes, without HTTP on either side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from statistics import median
from typing import Any

import psycopg

from benchmarks import Result
from benchmarks._city import served

FIRMS, LOANS, STAKES, FUNDS, GUARANTEES, CALLS = 10_000, 1_000_000, 100_000, 100, 20_000, 100
#: Some twenty statements for one. The longest looks for the day on which each sub-fund last reported, which looks at
#: every holding of the sub-funds that hold the firm.
WANTED = 200.0
AS_OF, KNOWN_AT = date(2026, 11, 1), datetime(2026, 11, 5, tzinfo=UTC)
_SEED = {"n": LOANS, "firms": FIRMS, "stakes": STAKES, "funds": FUNDS, "guarantees": GUARANTEES}
#: Their triggers look at each row as it comes, which a million would wait for.
_GUARDED = (
    "loans_loanevent", "loans_contract", "loans_drawdown", "funds_fundevent", "funds_holdingevent", "funds_valuation",
    "loans_guarantee", "funds_investor",
)  # fmt: skip
_FILL = (
    """INSERT INTO loans_loanreportbatch (id, public_id, bank_id, period, dataset, acceptance, format, idempotency_key,
              content_sha256, declared_totals, state, declared_by_id, declared_at, expires_at, dry_run,
              client_reference, report_id, decision, decision_reason, version)
       SELECT %(bank)s + n, 'lb_' || n, %(bank)s + n, '2026-10-01', 'flow', 'valid_rows', 'ndjson', n::text,
              repeat('0', 64), '{}', 'applied', %(person)s, now(), now(), FALSE, '', '', '', '', 1
         FROM generate_series(0, 9) n""",
    """INSERT INTO kernel_firm (id, uscc, name, verified, source, town, industry, stage, version)
       SELECT n, '91330483' || lpad(n::text, 10, '0'), '企业' || n, TRUE, 'centre', '', '', '', 1
         FROM generate_series(1, %(firms)s) n""",
    """INSERT INTO loans_contract (id, bank_id, contract_no, firm_id, recorded_at)
       SELECT n, %(bank)s + n %% 10, 'HT-' || n, 1 + n %% %(firms)s, '2026-01-01' FROM generate_series(1, %(n)s) n""",
    """INSERT INTO loans_drawdown (id, bank_id, contract_id, firm_id, drawdown_no, product_id, disbursed_on, maturity_date,
              annual_rate_pct, repayment_method, purpose_industry, branch_code, talent_programme, warrant_ref,
              guarantee_ref, recorded_at)
       SELECT n, %(bank)s + n %% 10, n, 1 + n %% %(firms)s, 'J', 'rd', '2026-01-05', '2027-01-04', 3, 'bullet', '', '', '', '',
              '', '2026-01-06' FROM generate_series(1, %(n)s) n""",
    """INSERT INTO loans_loanevent (bank_id, batch_id, row_number, client_row_id, drawdown_id, external_event_id,
              revision, record_type, value_date, amount, effect, reverses, reason_code, content_sha256, recorded_at)
       SELECT %(bank)s + n %% 10, %(bank)s + n %% 10, n, '', n, kind || n, 1, kind, day, amount, effect, '', '', '', '2026-10-06'
         FROM generate_series(1, %(n)s) n,
              (VALUES ('disbursement', DATE '2026-01-05', 1000, 1000), ('repayment', DATE '2026-09-05', 300, -300))
                k (kind, day, amount, effect)""",
    """INSERT INTO funds_fund (id, code, name, name_en, tier, manager_id, planned_size, established_on, amac_code, ndrc_code)
       SELECT n, 'fund-' || n, '基金', 'Fund', CASE WHEN n <= 4 THEN 'mother' ELSE 'sub' END, %(bank)s, 1, '2024-01-01',
              '', '' FROM generate_series(1, %(funds)s) n""",
    """INSERT INTO funds_investor (id, fund_id, name, capital, holder_id)
       SELECT n, n, '母基金', 'state', 1 + n %% 4 FROM generate_series(5, %(funds)s) n""",
    """INSERT INTO funds_fundevent (public_id, fund_id, investor_id, kind, amount, effective_date, recorded_at,
              recorded_by_id, note)
       SELECT kind || n, n, n, kind, 1000000, '2024-02-01', '2024-02-02', %(person)s, ''
         FROM generate_series(5, %(funds)s) n, unnest(ARRAY['commitment', 'call', 'contribution']) kind""",
    """INSERT INTO funds_holding (id, public_id, fund_id, firm_id)
       SELECT n, 'ho_' || n, 1 + n %% %(funds)s, 1 + (n / 10) %% %(firms)s
         FROM generate_series(1, %(stakes)s) n""",
    """INSERT INTO funds_holdingevent (public_id, holding_id, kind, cash, cost, effective_date, recorded_at,
              recorded_by_id, route, note)
       SELECT 'he_' || n, n, 'investment', 500, 500, '2025-01-05', '2025-01-06', %(person)s, '', ''
         FROM generate_series(1, %(stakes)s) n""",
    """INSERT INTO funds_valuation (public_id, holding_id, fair_value, method, effective_date, recorded_at, recorded_by_id)
       SELECT 'va_' || n, n, 600, 'cost', '2026-06-30', '2026-07-06', %(person)s FROM generate_series(1, %(stakes)s) n""",
    """INSERT INTO loans_guarantee (id, public_id, guarantor_id, guarantee_no, firm_id, bank_id, contract_no, principal,
              start_date, end_date, bank_share_pct, government_share_pct, guarantor_share_pct, instrument, customer,
              recorded_at, recorded_by_id)
       SELECT n, 'gu_' || n, %(bank)s, 'DB-' || n, 1 + n %% %(firms)s, %(bank)s + n %% 10, 'HT-' || n, 800, '2026-01-05',
              '2027-01-04', 20, 40, 40, 'guarantee', 'other', '2026-01-06', %(person)s
         FROM generate_series(1, %(guarantees)s) n""",
)


def measure() -> Iterator[Result]:
    with served(banks={f"bank-{n}": f"银行{n}" for n in range(10)}) as city:
        _fill(city.owner)
        from finance_hub.kernel.access import EVERYTHING
        from finance_hub.kernel.models import Firm
        from finance_hub.kernel.scoping import within
        from tasks.exposure import reading

        firms = [1 + number * (FIRMS // CALLS) for number in range(CALLS)]
        with within(EVERYTHING):
            held = Firm.objects.in_bulk(firms)
            shown = reading.read([held[firms[0]]], as_of=AS_OF, known_at=KNOWN_AT)
            if not (shown.exposure.public.cost and shown.paths):
                raise RuntimeError("the city has nothing to look through")
            ours = _median(firms, lambda pk: reading.read([held[pk]], as_of=AS_OF, known_at=KNOWN_AT))
            bare = _median(firms, lambda pk: Firm.objects.get(pk=pk))
        yield Result(
            name="exposure of one firm", ratio=ours / bare, limit=WANTED,
            peer=f"a firm by its key ({bare * 1000:.2f} ms)", seconds=ours,
        )  # fmt: skip


def _median(firms: list[int], call: Callable[[int], Any]) -> float:
    """Seconds of a call, the first tenth not counted."""
    took = []
    for pk in firms:
        begin = time.perf_counter()
        call(pk)
        took.append(time.perf_counter() - begin)
    return median(took[len(took) // 10 :])


def _fill(owner: str) -> None:
    """Rows as if they had been recorded; what triggers look at holds."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'everything', false)")
        for table in _GUARDED:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        [(bank, person)] = connection.execute(
            "SELECT min(o.id), min(p.id) FROM kernel_organisation o JOIN kernel_person p ON p.organisation_id = o.id"
        ).fetchall()
        for statement in _FILL:
            wanted = {name: value for name, value in {**_SEED, "bank": bank, "person": person}.items()
                      if f"%({name})s" in statement}  # fmt: skip
            connection.execute(statement, wanted)
        connection.execute("ANALYZE")
