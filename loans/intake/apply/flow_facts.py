"""Write what a flow file reports: firms, contracts, drawdowns, pledges, events. Sets, in fixed order.

Rows are inserted in the order of their keys, so that two banks which report the same new firms
queue behind each other and never block each other in a circle.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from loans.intake.apply import pledges, reversals
from loans.intake.apply.balances import effect_of
from loans.models import LoanReportBatch

_FIRMS = """
WITH heard AS (
  SELECT DISTINCT ON (uscc) uscc, firm_name, min(value_date) OVER (PARTITION BY uscc) AS known_from
    FROM pending p WHERE record_type = 'disbursement'
     AND NOT EXISTS (SELECT FROM kernel_firm f WHERE f.uscc = p.uscc)
   ORDER BY uscc, row_number),
fresh AS (
  INSERT INTO kernel_firm (uscc, name, verified, source, town, industry, stage, version, recorded_at)
  SELECT uscc, firm_name, false, 'bank_report', '', '', '', 1, %(now)s FROM heard ORDER BY uscc
  ON CONFLICT (uscc) DO NOTHING RETURNING id, uscc)
INSERT INTO kernel_firmname (firm_id, name, valid_from, recorded_at)
SELECT fresh.id, heard.firm_name, heard.known_from, %(now)s FROM fresh JOIN heard USING (uscc)
"""

#: The contracts and drawdowns of the file with their ids, held or new. What follows joins these: unlike the
#: tables that were just filled, they are analysed.
_NAMED = (
    "CREATE TEMP TABLE named_contract (contract_no text, contract_id bigint, firm_id bigint) ON COMMIT DROP",
    "CREATE TEMP TABLE named_drawdown (contract_id bigint, drawdown_no text, drawdown_id bigint) ON COMMIT DROP",
    "INSERT INTO named_contract SELECT DISTINCT contract_no, contract_id, firm_id FROM held_drawdown",
    """INSERT INTO named_drawdown
       SELECT contract_id, drawdown_no, drawdown_id FROM held_drawdown WHERE drawdown_id IS NOT NULL""",
)

_CONTRACTS = """
WITH fresh AS (
INSERT INTO loans_contract (bank_id, contract_no, firm_id, recorded_at)
SELECT %(bank)s, p.contract_no, f.id, %(now)s
  FROM (SELECT contract_no, min(uscc) AS uscc, min(row_number) AS first FROM pending
         WHERE record_type = 'disbursement' GROUP BY 1) p
  JOIN kernel_firm f ON f.uscc = p.uscc
 WHERE NOT EXISTS (SELECT FROM named_contract n WHERE n.contract_no = p.contract_no)
 ORDER BY p.first
RETURNING contract_no, id, firm_id)
INSERT INTO named_contract SELECT contract_no, id, firm_id FROM fresh
"""

#: Disbursements of which a higher revision is held or in the file: their terms are history.
_SUPERSEDED = """
CREATE TEMP TABLE superseded ON COMMIT DROP AS
SELECT p.row_number FROM pending p JOIN known_event k USING (external_event_id) WHERE k.revision > p.revision
UNION
SELECT p.row_number FROM repeated_event JOIN pending p USING (external_event_id)
  JOIN pending q USING (external_event_id) WHERE q.revision > p.revision
"""
_IN_FORCE = """
  p.record_type = 'disbursement'
  AND NOT EXISTS (SELECT FROM superseded s WHERE s.row_number = p.row_number)"""

_DRAWDOWNS = f"""
WITH fresh AS (
INSERT INTO loans_drawdown (
  bank_id, contract_id, firm_id, drawdown_no, product_id, disbursed_on, maturity_date, annual_rate_pct,
  repayment_method, lpr_spread_bp, interest_subsidy_pct, purpose_industry, branch_code, talent_programme,
  warrant_ref, guarantee_ref, recorded_at)
SELECT %(bank)s, c.contract_id, c.firm_id, p.drawdown_no, p.product, p.value_date, p.maturity_date, p.annual_rate_pct,
       p.repayment_method, p.lpr_spread_bp, p.interest_subsidy_pct, coalesce(p.purpose_industry, ''),
       coalesce(p.branch_code, ''), coalesce(p.talent_programme, ''), coalesce(p.warrant_ref, ''),
       coalesce(p.guarantee_ref, ''), %(now)s
  FROM pending p JOIN named_contract c USING (contract_no)
 WHERE {_IN_FORCE}
   AND NOT EXISTS (SELECT FROM held_drawdown h
                    WHERE (h.contract_no, h.drawdown_no) = (p.contract_no, p.drawdown_no))
 ORDER BY p.row_number
RETURNING contract_id, drawdown_no, id)
INSERT INTO named_drawdown SELECT contract_id, drawdown_no, id FROM fresh
"""  # noqa: S608 - no value from outside

_TERMS = f"""
CREATE TEMP TABLE terms ON COMMIT DROP AS
SELECT h.drawdown_id, p.* FROM pending p JOIN held_drawdown h USING (contract_no, drawdown_no) WHERE {_IN_FORCE}
"""  # noqa: S608 - no value from outside

_REVISED_TERMS = """
UPDATE loans_drawdown d
   SET disbursed_on = t.value_date, maturity_date = t.maturity_date, annual_rate_pct = t.annual_rate_pct,
       repayment_method = t.repayment_method, lpr_spread_bp = t.lpr_spread_bp,
       interest_subsidy_pct = t.interest_subsidy_pct, purpose_industry = coalesce(t.purpose_industry, ''),
       branch_code = coalesce(t.branch_code, ''), talent_programme = coalesce(t.talent_programme, ''),
       warrant_ref = coalesce(t.warrant_ref, ''), guarantee_ref = coalesce(t.guarantee_ref, '')
  FROM terms t WHERE d.id = t.drawdown_id
"""

_OLD_PLEDGES = """
DELETE FROM loans_pledge WHERE drawdown_id IN (SELECT drawdown_id FROM terms)
"""

_PLEDGES = f"""
INSERT INTO loans_pledge (
  bank_id, drawdown_id, type, certificate_no, registration_no, appraised_value, share_pct)
SELECT %(bank)s, d.drawdown_id, l.type, l.certificate_no, l.registration_no, l.appraised_value, l.share_pct
  FROM pending p JOIN named_contract c USING (contract_no)
  JOIN named_drawdown d ON d.contract_id = c.contract_id AND d.drawdown_no = p.drawdown_no
 CROSS JOIN jsonb_to_recordset(p.pledges) AS l(
       type text, certificate_no text, registration_no text, appraised_value numeric, share_pct numeric)
 WHERE p.pledges IS NOT NULL AND {_IN_FORCE} ORDER BY d.drawdown_id
"""  # noqa: S608 - no value from outside

_EVENTS = f"""
INSERT INTO loans_loanevent (
  bank_id, batch_id, row_number, client_row_id, drawdown_id, external_event_id, revision, record_type,
  value_date, amount, effect, reverses, reason_code, maturity_date, content_sha256, recorded_at)
SELECT %(bank)s, %(batch)s, p.row_number, coalesce(p.client_row_id, ''), d.drawdown_id, p.external_event_id,
       p.revision, p.record_type, p.value_date, p.amount,
       CASE p.record_type WHEN 'reversal' THEN -({effect_of("t")}) ELSE {effect_of("p")} END,
       coalesce(p.reverses, ''), coalesce(p.reason_code, ''), p.maturity_date, p.content_sha256, %(now)s
  FROM pending p JOIN named_contract c USING (contract_no)
  JOIN named_drawdown d ON d.contract_id = c.contract_id AND d.drawdown_no = p.drawdown_no
  LEFT JOIN reversal_target t ON t.row_number = p.row_number
 ORDER BY p.row_number
"""  # noqa: S608 - no value from outside

#: The database keeps its plans for looking up a row's parent as long as the connection lives: one made while the parents
#: filled a page reads them through, for every row of a first large file.
_FRESH_PLANS = "DISCARD PLANS"
_STEPS = (
    _FIRMS, *_NAMED, _CONTRACTS, _FRESH_PLANS, _SUPERSEDED, "ANALYZE superseded, named_contract", _DRAWDOWNS,
    "ANALYZE named_drawdown", _TERMS, _REVISED_TERMS, _OLD_PLEDGES, _PLEDGES,
)  # fmt: skip


def write(batch: LoanReportBatch, *, now: datetime) -> None:
    reversals.find_targets()
    facts: dict[str, Any] = {"bank": batch.bank_id, "batch": batch.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS pg_temp.terms, pg_temp.superseded, pg_temp.named_contract, pg_temp.named_drawdown"
        )
        for statement in (*_STEPS, _EVENTS):
            cursor.execute(statement, facts)
    pledges.register(bank=batch.bank_id)
