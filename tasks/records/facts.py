"""The facts as known then, in SQL of its own: what counts is told here once more, and not taken from the frames.

Each names its columns; `as_of` is exclusive, `known_at` inclusive. Amounts carry the sign of their row.
"""

from __future__ import annotations

from typing import Final

#: Rows of the ledger; a reversal and what is given away in a transfer count the other way.
LEDGER: Final = """
(SELECT e.id, e.public_id AS ref, e.kind, f.id AS fund_id, f.code AS fund, f.tier, o.code AS who, i.capital,
        i.holder_id, coalesce(i.name, f.name) AS about, e.effective_date AS day, e.recorded_at,
        CASE WHEN e.reverses_id IS NULL AND e.moved <> 'out' THEN e.amount ELSE -e.amount END AS amount
   FROM funds_fundevent e JOIN funds_fund f ON f.id = e.fund_id JOIN kernel_organisation o ON o.id = f.manager_id
   LEFT JOIN funds_investor i ON i.id = e.investor_id
  WHERE e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s)"""

#: Investments, exits, write-offs and receipts of holdings.
DEALS: Final = """
(SELECT e.id, e.public_id AS ref, e.kind, f.id AS fund_id, f.code AS fund, f.tier, o.code AS who, h.id AS holding_id,
        h.firm_id, coalesce(k.uscc, s.code) AS held, coalesce(k.name, s.name) AS about, e.effective_date AS day,
        e.recorded_at, CASE WHEN e.reverses_id IS NULL THEN e.cost ELSE -e.cost END AS cost,
        CASE WHEN e.reverses_id IS NULL THEN e.cash ELSE -e.cash END AS cash
   FROM funds_holdingevent e JOIN funds_holding h ON h.id = e.holding_id JOIN funds_fund f ON f.id = h.fund_id
   JOIN kernel_organisation o ON o.id = f.manager_id
   LEFT JOIN kernel_firm k ON k.id = h.firm_id LEFT JOIN funds_fund s ON s.id = h.sub_fund_id
  WHERE e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s)"""

#: A holding with what of its cost remains and its worth: the last value, unless a deal came after it or nothing is
#: left. Where it stands at cost `value_ref` is null.
HELD: Final = f"""
(SELECT h.id, h.public_id AS ref, h.fund_id, f.code AS fund, f.tier, o.code AS who, h.firm_id,
        coalesce(k.uscc, s.code) AS held, coalesce(k.name, s.name) AS about, d.remaining,
        d.invested, d.result, d.last_deal, d.recorded_at,
        CASE WHEN v.valued THEN v.fair_value ELSE d.remaining END AS worth,
        CASE WHEN v.valued THEN v.id END AS value_id, CASE WHEN v.valued THEN v.public_id END AS value_ref,
        v.effective_date AS value_day, v.recorded_at AS value_recorded_at
   FROM (SELECT holding_id,
                coalesce(sum(cost) FILTER (WHERE kind = 'investment'), 0)
                  - coalesce(sum(cost) FILTER (WHERE kind IN ('exit', 'write_off')), 0) AS remaining,
                coalesce(sum(cost) FILTER (WHERE kind = 'investment'), 0) AS invested,
                coalesce(sum(cash) FILTER (WHERE kind IN ('exit', 'recovery')), 0)
                  - coalesce(sum(cost) FILTER (WHERE kind IN ('exit', 'write_off')), 0) AS result,
                max(day) FILTER (WHERE kind IN ('investment', 'exit', 'write_off')) AS last_deal,
                max(recorded_at) AS recorded_at
           FROM {DEALS} deal GROUP BY holding_id) d
   JOIN funds_holding h ON h.id = d.holding_id JOIN funds_fund f ON f.id = h.fund_id
   JOIN kernel_organisation o ON o.id = f.manager_id
   LEFT JOIN kernel_firm k ON k.id = h.firm_id LEFT JOIN funds_fund s ON s.id = h.sub_fund_id
   LEFT JOIN LATERAL (
     SELECT w.*, w.effective_date >= d.last_deal AND d.remaining <> 0 AS valued FROM funds_valuation w
      WHERE w.holding_id = h.id AND w.effective_date < %(as_of)s AND w.recorded_at <= %(known_at)s
      ORDER BY w.effective_date DESC, w.recorded_at DESC, w.id DESC LIMIT 1) v ON true
  WHERE d.last_deal IS NOT NULL)"""


def silent(dataset: str) -> str:
    """Ids of the banks that owe the month and have had no such data set applied."""
    return f"""
(SELECT o.id FROM kernel_organisation o
  WHERE o.kind = 'bank' AND (o.reports_since IS NULL OR o.reports_since <= %(month)s)
    AND NOT EXISTS (SELECT FROM loans_loanreportbatch b
                     WHERE b.bank_id = o.id AND b.dataset = '{dataset}' AND b.period = %(month)s
                       AND b.state = 'applied' AND b.finished_at <= %(known_at)s))"""


_NEWER = "AND n.revision > {a}.revision AND n.revision > 1 AND n.recorded_at <= %(known_at)s"


def in_force(a: str) -> str:
    """Whether revision `a` of an event is the highest known."""
    same = f"n.bank_id = {a}.bank_id AND n.external_event_id = {a}.external_event_id"
    newer = _NEWER.format(a=a)
    return (
        f"{a}.recorded_at <= %(known_at)s AND NOT EXISTS (SELECT FROM loans_loanevent n WHERE {same} {newer})"
    )


def stands(a: str) -> str:
    """The same of positions."""
    same = f"n.drawdown_id = {a}.drawdown_id AND n.month = {a}.month AND n.bank_id = {a}.bank_id"
    newer = _NEWER.format(a=a)
    return f"{a}.recorded_at <= %(known_at)s AND NOT EXISTS (SELECT FROM loans_loanposition n WHERE {same} {newer})"


def events(*, month_only: bool = False, speaking: bool = True) -> str:
    """Loan events in force with their drawdown: of the month, or of all time; of banks that are not silent.

    `kind` is that of the event which a reversal takes back, `signed` its amount with the reversal's sign.
    """
    since = "AND e.value_date >= %(month)s" if month_only else ""
    heard = f"AND e.bank_id NOT IN {silent('flow')}" if speaking else ""
    return f"""
(SELECT e.id, e.external_event_id || ' r' || e.revision AS ref, e.drawdown_id, e.bank_id, o.code AS who,
        d.product_id AS product, d.branch_code, c.firm_id, c.contract_no || ' · ' || d.drawdown_no AS about,
        e.value_date AS day, e.recorded_at, e.effect, e.record_type, e.reason_code, e.external_event_id,
        CASE WHEN e.record_type = 'reversal' THEN -e.amount ELSE e.amount END AS signed,
        CASE WHEN e.record_type = 'reversal' THEN
          (SELECT t.record_type FROM loans_loanevent t
            WHERE t.bank_id = e.bank_id AND t.external_event_id = e.reverses ORDER BY t.revision LIMIT 1)
        ELSE e.record_type END AS kind
   FROM loans_loanevent e JOIN loans_drawdown d ON d.id = e.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
   JOIN kernel_organisation o ON o.id = e.bank_id
  WHERE e.value_date < %(as_of)s {since} {heard} AND {in_force("e")})"""


def positions(month: str = "%(month)s") -> str:
    """Positions in force at the end of a month."""
    return f"""
(SELECT p.drawdown_id AS id, c.contract_no || ' · ' || d.drawdown_no || ' r' || p.revision AS ref, p.drawdown_id,
        p.bank_id, o.code AS who, d.product_id AS product, c.contract_no, c.firm_id, k.uscc, k.name AS about,
        d.annual_rate_pct AS rate, (p.month + interval '1 month' - interval '1 day')::date AS day,
        p.recorded_at, p.balance, p.five_tier, p.overdue_days
   FROM loans_loanposition p JOIN loans_drawdown d ON d.id = p.drawdown_id
   JOIN loans_contract c ON c.id = d.contract_id JOIN kernel_firm k ON k.id = c.firm_id
   JOIN kernel_organisation o ON o.id = p.bank_id
  WHERE p.month = {month} AND {stands("p")})"""


_OF_GUARANTEE = """
   FROM loans_guarantee g JOIN kernel_organisation o ON o.id = g.guarantor_id JOIN kernel_firm k ON k.id = g.firm_id"""

#: What happened to guarantees that had begun.
HAPPENED: Final = f"""
(SELECT e.id, e.public_id AS ref, e.kind, g.id AS guarantee_id, g.guarantor_id, o.code AS who, g.firm_id, g.customer,
        k.name AS about, e.effective_date AS day, e.recorded_at,
        CASE WHEN e.reverses_id IS NULL THEN e.amount ELSE -e.amount END AS amount
  {_OF_GUARANTEE} JOIN loans_guaranteeevent e ON e.guarantee_id = g.id
  WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s
    AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s)"""

#: A guarantee with what is outstanding, what the firm still owes after a compensation, and whether its loan is
#: reported here.
GUARANTEED: Final = f"""
(SELECT g.id, g.public_id AS ref, g.guarantor_id, o.code AS who, g.firm_id, k.uscc, k.control_group_id AS group_id,
        g.customer, g.bank_id, g.contract_no, k.name AS about, g.start_date AS day, g.recorded_at, g.principal,
        g.government_share_pct, g.terms_id, g.principal - coalesce(h.ended, 0) AS outstanding,
        coalesce(h.compensated, 0) AS compensated,
        greatest(0, coalesce(h.owed, 0)) AS claim,
        EXISTS (SELECT FROM loans_contract c WHERE c.bank_id = g.bank_id AND c.contract_no = g.contract_no
                   AND c.recorded_at <= %(known_at)s) AS reported
  {_OF_GUARANTEE}
   LEFT JOIN (SELECT guarantee_id,
                     coalesce(sum(amount) FILTER (WHERE kind IN ('release', 'compensation')), 0) AS ended,
                     coalesce(sum(amount) FILTER (WHERE kind = 'compensation'), 0) AS compensated,
                     coalesce(sum(amount) FILTER (WHERE kind IN ('compensation', 'interest')), 0)
                       - coalesce(sum(amount) FILTER (WHERE kind IN ('recovery', 'write_off')), 0) AS owed
                FROM {HAPPENED} each_event GROUP BY 1) h ON h.guarantee_id = g.id
  WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s)"""

#: The same with its weight in the liability: less where all that the household owes the guarantor is small.
WEIGHED: Final = f"""
(SELECT w.*, w.outstanding * CASE WHEN r.weight IS NOT NULL AND w.household <= r.most THEN r.weight ELSE 1 END AS liability
   FROM (SELECT g.*, sum(g.outstanding) OVER (PARTITION BY g.guarantor_id, g.firm_id) AS household
           FROM {GUARANTEED} g) w
   LEFT JOIN jsonb_to_recordset(%(weights)s::jsonb) AS r (customer text, weight numeric, most numeric)
     ON r.customer = w.customer)"""

#: The last net assets of each guarantor.
NET_ASSETS: Final = """
(SELECT DISTINCT ON (n.guarantor_id) n.id, n.public_id AS ref, n.guarantor_id, o.code AS who, o.name AS about,
        n.effective_date AS day, n.recorded_at, n.amount - n.deductions AS net
   FROM loans_netassets n JOIN kernel_organisation o ON o.id = n.guarantor_id
  WHERE n.effective_date < %(as_of)s AND n.recorded_at <= %(known_at)s
  ORDER BY n.guarantor_id, n.effective_date DESC, n.id DESC)"""


def counting(table: str) -> str:
    """Of a fact and its corrections the row recorded last, unless that took it back; `first` orders those of one day."""
    return f"""
(SELECT s.*, coalesce(s.corrects_id, s.id) AS first FROM {table} s
  WHERE s.effective_date < %(as_of)s AND s.recorded_at <= %(known_at)s AND NOT s.taken_back AND NOT EXISTS (
    SELECT FROM {table} n WHERE n.corrects_id = coalesce(s.corrects_id, s.id) AND n.id > s.id
       AND n.recorded_at <= %(known_at)s))"""


#: Attempts at a listing with the stage in force.
ATTEMPTS: Final = f"""
(SELECT DISTINCT ON (s.attempt_id) s.id, a.public_id AS ref, a.firm_id, k.name AS about, 'centre' AS who, a.board,
        s.stage, s.effective_date AS day, s.recorded_at, a.id AS attempt_id
   FROM {counting("listings_stageevent")} s JOIN listings_listingattempt a ON a.id = s.attempt_id
   JOIN kernel_firm k ON k.id = a.firm_id
  ORDER BY s.attempt_id, s.effective_date DESC, s.first DESC)"""


def _registered(column: str) -> str:
    """What a change made since then has put another value in the place of, as JSON; null without such a change."""
    return f"""(SELECT v.changes -> '{column}' FROM kernel_firmversion v WHERE v.firm_id = k.id
                  AND v.recorded_at > %(known_at)s AND v.changes -> '{column}' IS NOT NULL ORDER BY v.version LIMIT 1)"""


#: What the registry said of each firm then.
REGISTRY: Final = f"""
(SELECT k.id, k.uscc, k.name, coalesce({_registered("industry")} ->> 'old', k.industry) AS industry,
        coalesce({_registered("town")} ->> 'old', k.town) AS town, coalesce({_registered("stage")} ->> 'old', k.stage) AS stage,
        CASE WHEN {_registered("control_group")} IS NULL THEN k.control_group_id
             ELSE (SELECT g.id FROM kernel_controlgroup g WHERE g.name = {_registered("control_group")} ->> 'old')
             END AS group_id
   FROM kernel_firm k)"""
