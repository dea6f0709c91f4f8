"""A large month, written by statements of a DBA: loans with their events and positions, firms, holdings, guarantees.

Of each bank the flow and three months of stock have been applied. Nothing is round, and of a hundred events one is
revised, so that whatever looks for the revision in force has something to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import psycopg

from finance_hub.kernel import uscc

FIRMS, HOLDINGS, FUNDS, GUARANTEES = 10_000, 100_000, 50, 20_000
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))

_LOANS = """
INSERT INTO loans_contract (id, bank_id, contract_no, firm_id, recorded_at)
SELECT n, (%(banks)s::bigint[])[1 + n %% %(count)s], 'HT-' || n, 1 + n %% %(firms)s, %(known)s
  FROM generate_series(1, %(loans)s) n;
"""
_DRAWDOWNS = """
INSERT INTO loans_drawdown (id, bank_id, contract_id, firm_id, drawdown_no, product_id, disbursed_on, maturity_date,
  annual_rate_pct, repayment_method, purpose_industry, branch_code, talent_programme, warrant_ref, guarantee_ref,
  recorded_at)
SELECT c.id, c.bank_id, c.id, c.firm_id, 'JJ-' || c.id,
       (ARRAY['investment_linked', 'rd', 'incubation', 'ip_pledge'])[1 + c.id %% 4],
       DATE '2024-11-01' + (c.id %% 720)::int, DATE '2027-11-01' + (c.id %% 720)::int, 3.4500, 'bullet',
       '', '', '', '', '', %(known)s
  FROM loans_contract c
"""
_BATCHES = """
INSERT INTO loans_loanreportbatch (public_id, bank_id, period, dataset, acceptance, dry_run, format, client_reference,
  idempotency_key, content_sha256, declared_totals, applied_totals, state, declared_at, expires_at, finished_at,
  version, declared_by_id, decision, decision_reason, report_id)
SELECT 'lb_' || b.id || d.dataset || d.period, b.id, d.period, d.dataset, 'valid_rows', false, 'ndjson', '',
       'k' || b.id || d.dataset || d.period,
       repeat('0', 64), '{"rows": 1}', '{"rows": 1}', 'applied', %(known)s, %(known)s, %(known)s, 1, p.id, '', '', ''
  FROM unnest(%(banks)s::bigint[]) b (id) JOIN kernel_person p ON p.organisation_id = b.id
 CROSS JOIN (SELECT 'stock' AS dataset, unnest(%(months)s::date[]) AS period UNION ALL SELECT 'flow', %(month)s) d
"""
_EVENTS = """
INSERT INTO loans_loanevent (bank_id, batch_id, row_number, client_row_id, drawdown_id, external_event_id, revision,
  record_type, value_date, amount, effect, reverses, reason_code, content_sha256, recorded_at)
SELECT d.bank_id, b.id, row_number() OVER (), '', d.id, 'E-' || d.id || '-' || k.no, k.revision, k.record_type,
       CASE WHEN k.no = 0 THEN d.disbursed_on ELSE DATE '2026-09-01' + (d.id %% 60)::int END, k.amount,
       CASE WHEN k.no = 0 THEN k.amount ELSE -k.amount END, '', '', '\\x00', %(known)s
  FROM loans_drawdown d JOIN loans_loanreportbatch b ON b.bank_id = d.bank_id AND b.dataset = 'flow'
 CROSS JOIN LATERAL (VALUES
   (0, 1, 'disbursement', 100000 + d.id %% 9000000 + 0.37),
   (1, 1, 'repayment', CASE WHEN d.id %% 5 < 3 THEN 1000 + d.id %% 7000 + 0.11 END),
   (1, 2, 'repayment', CASE WHEN d.id %% 5 < 3 AND d.id %% 60 = 1 THEN 900 + d.id %% 7000 + 0.13 END),
   (2, 1, 'write_off', CASE WHEN d.id %% 500 = 7 THEN 5000 + d.id %% 70 + 0.19 END)
 ) k (no, revision, record_type, amount)
 WHERE k.amount IS NOT NULL
"""
_POSITIONS = """
INSERT INTO {book} (bank_id, batch_id, row_number, client_row_id, drawdown_id, month, revision, balance, overdue_days,
  overdue_principal, overdue_interest, five_tier, recorded_at)
SELECT d.bank_id, b.id, row_number() OVER (), '', d.id, %(month)s, 1, 90000 + d.id %% 9000000 + 0.41,
       CASE WHEN d.id %% 50 = 3 THEN (d.id %% 400)::int ELSE 0 END, 0, 0,
       CASE WHEN d.id %% 50 <> 3 THEN 'normal' WHEN d.id %% 400 <= 90 THEN 'special_mention'
            WHEN d.id %% 400 <= 270 THEN 'substandard' WHEN d.id %% 400 <= 360 THEN 'doubtful' ELSE 'loss' END,
       %(known)s
  FROM loans_drawdown d JOIN loans_loanreportbatch b
    ON b.bank_id = d.bank_id AND b.dataset = 'stock' AND b.period = %(month)s
 WHERE d.bank_id = %(bank)s
"""
_CAPITAL = """
INSERT INTO funds_fund (id, code, name, name_en, tier, planned_size, established_on, amac_code, ndrc_code, manager_id)
SELECT n, 'f' || n, '基金' || n, 'Fund ' || n, CASE WHEN n = 1 THEN 'angel' ELSE 'industry' END,
       1e12, DATE '2024-01-01', '', '', %(manager)s
  FROM generate_series(1, %(funds)s) n;
INSERT INTO funds_investor (id, fund_id, name, capital)
SELECT n, n, '出资人' || n, (ARRAY['fiscal', 'state', 'social'])[1 + n %% 3] FROM generate_series(1, %(funds)s) n;
INSERT INTO funds_fundevent (public_id, fund_id, investor_id, kind, amount, effective_date, recorded_at, recorded_by_id, note)
SELECT 'fe_' || n || k.kind, n, n, k.kind, 1e12, DATE '2024-01-02', %(known)s, %(person)s, ''
  FROM generate_series(1, %(funds)s) n CROSS JOIN (VALUES ('commitment'), ('call'), ('contribution')) k (kind);
INSERT INTO funds_holding (id, public_id, fund_id, firm_id)
SELECT n, 'hd_' || n, 1 + n %% %(funds)s, 1 + (n / %(funds)s) %% %(firms)s FROM generate_series(0, %(holdings)s - 1) n;
INSERT INTO funds_holdingevent (public_id, holding_id, kind, cash, cost, effective_date, recorded_at, recorded_by_id, note)
SELECT 'he_' || n, n, 'investment', 100000 + n %% 9000 + 0.23, 100000 + n %% 9000 + 0.23, DATE '2024-02-01' + (n %% 900)::int,
       %(known)s, %(person)s, '' FROM generate_series(0, %(holdings)s - 1) n;
INSERT INTO funds_valuation (public_id, holding_id, fair_value, method, effective_date, recorded_at, recorded_by_id)
SELECT 'va_' || n, n, 120000 + n %% 9000 + 0.29, 'market', DATE '2026-09-30', %(known)s, %(person)s
  FROM generate_series(0, %(holdings)s - 1) n WHERE n %% 2 = 0;
"""
_GUARANTEES = """
INSERT INTO loans_guarantee (id, public_id, guarantor_id, guarantee_no, firm_id, bank_id, contract_no, principal, start_date,
  end_date, bank_share_pct, government_share_pct, guarantor_share_pct, recorded_at, recorded_by_id, customer, instrument)
SELECT n, 'gt_' || n, %(guarantor)s, 'DB-' || n, 1 + n %% %(firms)s, (%(banks)s::bigint[])[1 + n %% %(count)s], 'HT-' || n,
       500000 + n %% 70000 + 0.17, DATE '2025-01-01' + n %% 600, DATE '2028-01-01', 20, 40, 40, %(known)s, %(person)s,
       'small_micro', 'guarantee' FROM generate_series(1, %(guarantees)s) n;
INSERT INTO loans_guaranteeevent (public_id, guarantee_id, kind, amount, effective_date, recorded_at, recorded_by_id)
SELECT 'ge_' || n, n, CASE WHEN n %% 40 = 0 THEN 'compensation' ELSE 'release' END, 1000.03,
       DATE '2026-10-10', %(known)s, %(person)s
  FROM generate_series(1, %(guarantees)s) n WHERE n %% 4 = 0;
"""
#: Largest tables first: what is analysed, and what a sequential scan adds up.
SUMMED = {
    "loans_loanposition": "balance",
    "loans_loanevent": "effect",
    "loans_drawdown": "annual_rate_pct",
    "funds_holdingevent": "cost",
    "funds_valuation": "fair_value",
    "loans_guarantee": "principal",
}


def fill(
    owner: psycopg.Connection[Any], *, loans: int, banks: Sequence[int], houses: dict[str, int], person: int
) -> None:
    """Write the month; `houses` are the ids of a manager and a guarantor, `person` answers for what they entered."""
    facts: dict[str, Any] = {
        "loans": loans, "banks": list(banks), "count": len(banks), "firms": FIRMS, "funds": FUNDS, "holdings": HOLDINGS,
        "guarantees": min(GUARANTEES, loans), "known": MONTHS[-1] + timedelta(days=35), "months": list(MONTHS),
        "month": MONTHS[-1], "person": person, **houses,
    }  # fmt: skip
    owner.execute("SELECT set_config('app.scope', 'everything', false)")
    _firms(owner)
    for statement in (_LOANS, _DRAWDOWNS, _BATCHES, _EVENTS):
        owner.execute(statement, facts)
    for bank in banks:
        for month in MONTHS:
            _book(owner, bank, month, known=facts["known"])
    for script in (_CAPITAL, _GUARANTEES):
        for statement in filter(str.strip, script.split(";")):
            owner.execute(statement, facts)
    owner.execute("VACUUM ANALYZE")


def _firms(owner: psycopg.Connection[Any]) -> None:
    with owner.cursor().copy(
        "COPY kernel_firm (id, uscc, name, verified, source, town, industry, stage, version, recorded_at) FROM STDIN"
    ) as rows:
        for n in range(1, FIRMS + 1):
            code = uscc.complete(f"91330483MA{n:07d}")
            rows.write_row((n, code, f"企业{n}", True, "centre", "", "", "", 1, MONTHS[0]))


def _book(owner: psycopg.Connection[Any], bank: int, month: date, *, known: date) -> None:
    with owner.transaction():
        found = owner.execute("SELECT open_position_book(%s, %s)", [bank, month]).fetchone()
        statement = _POSITIONS.replace("{book}", str(found and found[0]))
        owner.execute(statement.encode(), {"bank": bank, "month": month, "known": known})
        owner.execute("SELECT bind_position_book(%s, %s)", [bank, month])
