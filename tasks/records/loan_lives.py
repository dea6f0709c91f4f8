"""What stands behind figures of a loan's whole life: when it went bad, and the subsidy of its interest."""

from __future__ import annotations

from tasks.records import facts
from tasks.records.source import OVER, UNDER, Adds, Source, line, together

Key = tuple[str, str]
_COMMON = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}
_NAMED = """JOIN loans_drawdown d ON d.id = w.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
   JOIN kernel_firm k ON k.id = c.firm_id JOIN kernel_organisation o ON o.id = d.bank_id"""

_NOT_REVERSED = """
NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.bank_id = e.bank_id AND r.reverses = e.external_event_id
               AND r.reverses <> '' AND r.recorded_at <= %(known_at)s AND r.value_date < %(as_of)s)"""


def _events(kind: str) -> str:
    return (
        f"loans_loanevent e WHERE e.record_type = '{kind}' AND e.value_date < %(as_of)s"
        f" AND {facts.in_force('e')} AND {_NOT_REVERSED}"
    )


#: Lent, with the month in which it was lent and the first in which it was bad.
_LENT = f"""
(SELECT w.drawdown_id AS id, c.contract_no || ' · ' || d.drawdown_no AS ref, k.name AS about, o.code AS who,
        w.lent_on AS day, w.recorded_at, w.amount,
        extract(year FROM w.lent_on)::int * 4 + (extract(quarter FROM w.lent_on)::int - 1) AS quarter,
        extract(year FROM b.bad_on)::int * 12 + extract(month FROM b.bad_on)::int
          - extract(year FROM w.lent_on)::int * 12 - extract(month FROM w.lent_on)::int AS bad_after
   FROM (SELECT e.drawdown_id, min(e.value_date) AS lent_on, sum(e.amount) AS amount, max(e.recorded_at) AS recorded_at
           FROM {_events("disbursement")} GROUP BY 1) w
   LEFT JOIN (SELECT drawdown_id, min(day) AS bad_on FROM (
                SELECT e.drawdown_id, e.value_date AS day FROM {_events("write_off")}
                UNION ALL
                SELECT p.drawdown_id, p.month FROM loans_loanposition p
                 WHERE p.month < %(as_of)s AND {facts.stands("p")}
                   AND (p.overdue_days > 90 OR p.five_tier IN ('substandard', 'doubtful', 'loss'))) gone
               GROUP BY 1) b ON b.drawdown_id = w.drawdown_id
   {_NAMED})"""
#: A quarter is looked at so many months after its last one, once they are over.
_OLD_ENOUGH = (
    "x.quarter / 4 * 12 + x.quarter %% 4 * 3 + 3 + looked.months"
    " <= extract(year FROM %(month)s::date) * 12 + extract(month FROM %(month)s::date)"
)
_LOOKED = "(VALUES (3), (6), (12), (18), (24), (36)) looked (months)"
_VINTAGE_KEY = "x.quarter / 4 || 'Q' || (x.quarter %% 4 + 1) || ':' || looked.months"


def _vintage(where: str, part: str) -> str:
    return line(
        f"{_LENT} x CROSS JOIN {_LOOKED} WHERE {_OLD_ENOUGH} AND {where}", record="drawdown", key=_VINTAGE_KEY,
        part=part, amount="x.amount", **_COMMON,
    )  # fmt: skip


#: What is payable of each loan in each month of the year.
#: Balances by spell: from each event to the next one of the loan. A spell's days within the days of a month that a
#: scheme covers, times its balance, are the principal-days of that month.
SUBSIDIES = f"""
WITH moves AS (
  SELECT e.drawdown_id, e.value_date AS day, sum(e.effect) AS effect FROM loans_loanevent e
   WHERE e.value_date < %(as_of)s AND {facts.in_force("e")}
     AND e.drawdown_id IN (SELECT id FROM loans_drawdown WHERE interest_subsidy_pct > 0)
   GROUP BY 1, 2),
spells AS (
  SELECT drawdown_id, day AS since, lead(day, 1, %(as_of)s::date) OVER loan AS until, sum(effect) OVER loan AS balance
    FROM moves WINDOW loan AS (PARTITION BY drawdown_id ORDER BY day)),
months AS (
  SELECT m::date AS first, (m + interval '1 month')::date AS next
    FROM generate_series(%(year)s::date, %(month)s::date, interval '1 month') m),
covered AS (
  SELECT d.id AS drawdown_id, d.disbursed_on, c.firm_id, s.id AS scheme_id, s.firm_year_cap AS cap, m.first AS month,
         least(d.interest_subsidy_pct, s.rate_pct, d.annual_rate_pct * s.share_pct / 100) AS rate,
         greatest(m.first, s.valid_from) AS since,
         least(m.next, s.valid_to,
               coalesce((SELECT max(e.maturity_date) FROM loans_loanevent e
                          WHERE e.drawdown_id = d.id AND e.record_type = 'extension' AND {facts.in_force("e")}
                            AND NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.bank_id = e.bank_id
                                               AND r.reverses = e.external_event_id AND r.reverses <> ''
                                               AND r.recorded_at <= %(known_at)s)), d.maturity_date),
               m.next - coalesce((SELECT least(p.overdue_days, 31) FROM loans_loanposition p
                                   WHERE p.drawdown_id = d.id AND p.bank_id = d.bank_id AND p.month = m.first
                                     AND {facts.stands("p")}), 0)) AS until
    FROM loans_drawdown d JOIN loans_contract c ON c.id = d.contract_id
    JOIN loans_subsidyscheme s ON d.product_id = ANY (s.products) AND s.recorded_at <= %(known_at)s
    JOIN months m ON s.valid_from < m.next AND s.valid_to > m.first AND d.disbursed_on < m.next
   WHERE d.interest_subsidy_pct > 0),
earned AS (
  SELECT v.drawdown_id, v.disbursed_on, v.firm_id, v.scheme_id, v.cap, v.month, v.rate,
         sum(w.balance * greatest(0, least(w.until, v.until) - greatest(w.since, v.since))) AS yuan_days
    FROM covered v JOIN spells w ON w.drawdown_id = v.drawdown_id WHERE v.until > v.since GROUP BY 1, 2, 3, 4, 5, 6, 7),
accrued AS (SELECT *, round(yuan_days * rate / 100 / 360, 2) AS amount FROM earned WHERE yuan_days > 0),
used AS (
  SELECT *, coalesce(sum(amount) OVER (PARTITION BY scheme_id, firm_id ORDER BY month, disbursed_on, drawdown_id
                                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM accrued)
SELECT w.drawdown_id AS id, c.contract_no || ' · ' || d.drawdown_no || ' · ' || s.public_id AS ref, k.name AS about,
       o.code AS who, d.bank_id, w.firm_id, w.month AS day, d.recorded_at,
       CASE WHEN w.cap IS NULL THEN w.amount ELSE greatest(0, least(w.amount, w.cap - w.before)) END AS payable
  FROM used w JOIN loans_subsidyscheme s ON s.id = w.scheme_id {_NAMED}"""


def _subsidy(key: str) -> Source:
    heard = f"x.bank_id NOT IN {facts.silent('flow')} AND x.bank_id NOT IN {facts.silent('stock')}"
    rows = f"({SUBSIDIES}) x WHERE x.day = %(month)s AND {heard}"
    return Source(
        line(rows, record="drawdown", key=key, amount="x.payable", **_COMMON), lacks=("flow", "stock")
    )


SOURCES: dict[Key, Source] = {
    ("loans.vintage", "vintage"): Source(
        together(_vintage("x.bad_after <= looked.months", OVER), _vintage("TRUE", UNDER)),
        Adds.RATIO,
        lacks=("flow", "stock"),
    ),
    ("loans.subsidy", ""): _subsidy("''"),
    ("loans.subsidy", "bank"): _subsidy("x.who"),
}
