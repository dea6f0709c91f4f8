"""Whether the list of live pledges says what the facts say: for the nightly check."""

from __future__ import annotations

from loans.queries.in_force import rows

#: Drawdowns whose live pledges are not the ones that the list has. As known now, whatever the day.
LIST_DIFFERS = """
WITH balance AS (
  SELECT e.drawdown_id, sum(e.effect) AS balance FROM loans_loanevent e
   WHERE e.drawdown_id IN (SELECT drawdown_id FROM loans_pledge)
     AND NOT EXISTS (SELECT FROM loans_loanevent later
                      WHERE later.bank_id = e.bank_id AND later.external_event_id = e.external_event_id
                        AND later.revision > e.revision)
   GROUP BY e.drawdown_id),
alive AS (
  SELECT DISTINCT p.drawdown_id, p.type, n.kind, n.number
    FROM loans_pledge p JOIN balance b USING (drawdown_id)
   CROSS JOIN LATERAL (VALUES ('certificate', folded_ip_number(p.certificate_no)),
                              ('registration', folded_ip_number(p.registration_no))) AS n (kind, number)
   WHERE b.balance > 0 AND n.number <> ''),
listed AS (SELECT drawdown_id, type, number_kind AS kind, number FROM loans_livepledge)
SELECT drawdown_id FROM ((TABLE alive EXCEPT TABLE listed) UNION (TABLE listed EXCEPT TABLE alive)) differing
 GROUP BY drawdown_id ORDER BY drawdown_id
"""


def wrongly_listed() -> list[int]:
    """Ids of the drawdowns where the list of live pledges and the facts differ; none is as it must be."""
    return [drawdown for (drawdown,) in rows(LIST_DIFFERS)]
