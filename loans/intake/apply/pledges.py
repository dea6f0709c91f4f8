"""No IP stands in two live pledges, of one bank or of two. A pledge is live while its drawdown has a balance.

`check` names the rows that would pledge an IP again; `register` keeps the list of what is pledged, whose
unique numbers make a second bank wait for the first. What another bank holds is looked up beyond the
bank's own rows, and all that is said of it is that it is there.

Both run on sets: `check` after every check that can refuse a row, `register` after events and pledges
are written. Two banks that write the same IP in the same moment: the later one's transaction fails, its
job is done again, and the row is named then.
"""

from __future__ import annotations

from django.db import IntegrityError, connection

from finance_hub.kernel.access import EVERYTHING
from finance_hub.kernel.problems import Problem
from finance_hub.kernel.scoping import within
from finance_hub.kernel.text import Text
from loans.intake.apply import afterwards


class PledgedMeanwhile(Problem):
    """Another bank has pledged the same IP since `check` looked; done again, the row can be named."""

    code = "ip-pledged-meanwhile"
    status = 503
    title = Text(
        "知识产权刚被另一笔贷款质押，将重新校验", "An IP was pledged at the same moment; it is checked again"
    )
    retry_after = 5


_TABLES = ("pledging", "pledging_events", "pledge_terms", "pledge_claim", "pledge_refused")

#: The drawdowns that the file touches and that have pledges, held or new.
_PLEDGING = """
CREATE TEMP TABLE pledging ON COMMIT DROP AS
WITH with_pledges AS (
  SELECT contract_no, drawdown_no FROM pending WHERE pledges IS NOT NULL
  UNION
  SELECT c.contract_no, d.drawdown_no
    FROM (SELECT DISTINCT drawdown_id FROM loans_pledge WHERE bank_id = %(bank)s) g
    JOIN loans_drawdown d ON d.id = g.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
   WHERE EXISTS (SELECT FROM pending p WHERE (p.contract_no, p.drawdown_no) = (c.contract_no, d.drawdown_no)))
SELECT w.contract_no, w.drawdown_no, d.id AS drawdown_id
  FROM with_pledges w
  LEFT JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = w.contract_no
  LEFT JOIN loans_drawdown d ON d.contract_id = c.id AND d.drawdown_no = w.drawdown_no
"""

#: Those that will have a balance, with the row whose pledges will be in force (null: the held ones).
_TERMS = """
CREATE TEMP TABLE pledge_terms ON COMMIT DROP AS
SELECT t.contract_no, t.drawdown_no, t.drawdown_id,
       max(e.row_number) FILTER (WHERE e.record_type = 'disbursement') AS row_number
  FROM pledging t JOIN pledging_events e USING (contract_no, drawdown_no)
 GROUP BY 1, 2, 3 HAVING sum(e.effect) > 0
"""

#: Each number that a live pledge will stand on. `at` is the place in the row's list.
_CLAIMS = """
CREATE TEMP TABLE pledge_claim ON COMMIT DROP AS
WITH pledged AS (
  SELECT t.contract_no, t.drawdown_no, t.drawdown_id, t.row_number, p.at - 1 AS at, p.one ->> 'type' AS type,
         p.one ->> 'certificate_no' AS certificate_no, p.one ->> 'registration_no' AS registration_no
    FROM pledge_terms t JOIN pending s USING (row_number)
   CROSS JOIN LATERAL jsonb_array_elements(s.pledges) WITH ORDINALITY AS p (one, at)
  UNION ALL
  SELECT t.contract_no, t.drawdown_no, t.drawdown_id, NULL, NULL, g.type, g.certificate_no, g.registration_no
    FROM pledge_terms t JOIN loans_pledge g ON g.drawdown_id = t.drawdown_id
   WHERE t.row_number IS NULL)
SELECT p.contract_no, p.drawdown_no, p.drawdown_id, p.row_number, p.at, p.type, n.kind, n.number,
       EXISTS (SELECT FROM loans_livepledge v
                WHERE v.drawdown_id = p.drawdown_id AND (v.type, v.number_kind, v.number) = (p.type, n.kind, n.number)
              ) AS standing
  FROM pledged p
 CROSS JOIN LATERAL (VALUES
   ('certificate', folded_ip_number(p.certificate_no)),
   ('registration', folded_ip_number(p.registration_no))) AS n (kind, number)
 WHERE n.number <> ''
"""

#: A certificate twice in one row; one registration may cover several rights of the same loan.
_TWICE_IN_ROW = """
INSERT INTO pledge_refused
SELECT DISTINCT ON (row_number, at) row_number, at, contract_no, drawdown_no, 'ip-pledged-already',
       jsonb_build_object('contract_no', contract_no, 'drawdown_no', drawdown_no)
  FROM (SELECT *, min(at) OVER (PARTITION BY row_number, type, number) AS first
          FROM pledge_claim WHERE kind = 'certificate' AND row_number IS NOT NULL) c
 WHERE at > first
"""

#: Pledged for a drawdown that this file leaves as it is: of this bank, which hears which one, or elsewhere.
_HELD = """
INSERT INTO pledge_refused
SELECT DISTINCT ON (c.contract_no, c.drawdown_no, c.at) c.row_number, c.at, c.contract_no, c.drawdown_no,
       CASE WHEN v.bank_id = %(bank)s THEN 'ip-pledged-already' ELSE 'ip-pledged-elsewhere' END,
       CASE WHEN v.bank_id = %(bank)s
            THEN jsonb_build_object('contract_no', k.contract_no, 'drawdown_no', d.drawdown_no) ELSE '{}' END
  FROM pledge_claim c
  JOIN loans_livepledge v ON (v.type, v.number_kind, v.number) = (c.type, c.kind, c.number)
  JOIN loans_drawdown d ON d.id = v.drawdown_id JOIN loans_contract k ON k.id = d.contract_id
 WHERE NOT EXISTS (SELECT FROM pledging t WHERE t.drawdown_id = v.drawdown_id)
 ORDER BY c.contract_no, c.drawdown_no, c.at, (v.bank_id = %(bank)s) DESC, c.kind
"""

#: Pledged for another drawdown of the same file: what stands already keeps it, else the earlier row.
_IN_FILE = """
INSERT INTO pledge_refused
SELECT DISTINCT ON (contract_no, drawdown_no, at) row_number, at, contract_no, drawdown_no, 'ip-pledged-already',
       jsonb_build_object('contract_no', first_contract, 'drawdown_no', first_drawdown)
  FROM (SELECT c.*, first_value(contract_no) OVER ip AS first_contract,
               first_value(drawdown_no) OVER ip AS first_drawdown
          FROM pledge_claim c
         WHERE NOT EXISTS (SELECT FROM pledge_refused r
                            WHERE (r.contract_no, r.drawdown_no) = (c.contract_no, c.drawdown_no))
        WINDOW ip AS (PARTITION BY type, kind, number
                      ORDER BY standing DESC, row_number NULLS FIRST, contract_no, drawdown_no)) c
 WHERE (contract_no, drawdown_no) <> (first_contract, first_drawdown)
 ORDER BY contract_no, drawdown_no, at, kind
"""

#: A row that pledges is named at its pledge; one that brings a held pledge back to life, as a row.
_FAULTS = (
    """INSERT INTO staged_fault
       SELECT row_number, code, '#/pledges/' || at, context, false
         FROM pledge_refused WHERE row_number IS NOT NULL""",
    """INSERT INTO staged_fault
       SELECT DISTINCT ON (p.row_number) p.row_number, r.code, '#/drawdown_no', r.context, false
         FROM pending p JOIN pledge_refused r USING (contract_no, drawdown_no)
        WHERE r.row_number IS NULL ORDER BY p.row_number, r.code""",
)


def check(*, bank: int) -> None:
    """Refuse the pending rows that would pledge an IP twice, with whatever else is said of their drawdowns."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in _TABLES)}")
        cursor.execute(_PLEDGING, {"bank": bank})
        if cursor.rowcount == 0:
            return
        cursor.execute("ANALYZE pledging")
        afterwards.fill("pledging_events", drawdowns="pledging")
        cursor.execute(_TERMS)
        cursor.execute(_CLAIMS)
        cursor.execute(
            "CREATE TEMP TABLE pledge_refused (row_number int, at int, contract_no text, drawdown_no text,"
            " code text, context jsonb) ON COMMIT DROP"
        )
        cursor.execute(_TWICE_IN_ROW)
        with within(EVERYTHING):
            cursor.execute(_HELD, {"bank": bank})
        cursor.execute(_IN_FILE)
        for statement in _FAULTS:
            cursor.execute(statement)
    afterwards.refuse_the_rest("pledge_refused")


_ALIVE = """
CREATE TEMP TABLE pledge_alive ON COMMIT DROP AS
SELECT g.drawdown_id, g.type, n.kind, n.number
  FROM pledging t
  JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = t.contract_no
  JOIN loans_drawdown d ON d.contract_id = c.id AND d.drawdown_no = t.drawdown_no
  JOIN loans_pledge g ON g.drawdown_id = d.id
 CROSS JOIN LATERAL (VALUES
   ('certificate', folded_ip_number(g.certificate_no)),
   ('registration', folded_ip_number(g.registration_no))) AS n (kind, number)
 WHERE n.number <> ''
   AND 0 < (SELECT sum(e.effect) FROM loans_loanevent e
             WHERE e.drawdown_id = d.id
               AND NOT EXISTS (SELECT FROM loans_loanevent later
                                WHERE later.bank_id = e.bank_id AND later.revision > e.revision
                                  AND later.external_event_id = e.external_event_id))
"""

_RELEASED = """
DELETE FROM loans_livepledge v
 USING pledging t
  JOIN loans_contract c ON c.bank_id = %(bank)s AND c.contract_no = t.contract_no
  JOIN loans_drawdown d ON d.contract_id = c.id AND d.drawdown_no = t.drawdown_no
 WHERE v.drawdown_id = d.id
   AND NOT EXISTS (SELECT FROM pledge_alive a
                    WHERE (a.drawdown_id, a.type, a.kind, a.number)
                          = (v.drawdown_id, v.type, v.number_kind, v.number))
"""

#: In the order of the numbers, so that two banks never wait for each other in a circle.
_PLEDGED = """
INSERT INTO loans_livepledge (bank_id, drawdown_id, type, number_kind, number)
SELECT DISTINCT %(bank)s, a.drawdown_id, a.type, a.kind, a.number FROM pledge_alive a
 WHERE NOT EXISTS (SELECT FROM loans_livepledge v
                    WHERE v.drawdown_id = a.drawdown_id
                      AND (v.type, v.number_kind, v.number) = (a.type, a.kind, a.number))
 ORDER BY a.type, a.kind, a.number
"""


def register(*, bank: int) -> None:
    """Bring the list of live pledges up to what was just written. Follows `check` in its transaction.

    Raises PledgedMeanwhile where another bank was faster.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.pledge_alive")
        for statement in (_ALIVE, _RELEASED):
            cursor.execute(statement, {"bank": bank})
        try:
            cursor.execute(_PLEDGED, {"bank": bank})
        except IntegrityError as taken:
            raise PledgedMeanwhile from taken
