"""What stands behind tolerances: the rules in force as approved by then, and the holdings and sizes they judge."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import facts
from tasks.records.plan import COMMON
from tasks.records.source import Adds, Source, line, together

Key = tuple[str, str]

#: Of what a rule is set on the one that began last, ended or not.
_LATEST = """
(SELECT DISTINCT ON (r.scope, r.fund_id, r.key) r.*, f.code AS fund
   FROM tasks_tolerancerule r LEFT JOIN funds_fund f ON f.id = r.fund_id
  WHERE r.approved_at <= %(known_at)s AND r.valid_from < %(as_of)s
  ORDER BY r.scope, r.fund_id, r.key, r.valid_from DESC)"""
_SIGNED = """
(SELECT s.id, d.public_id AS ref, k.name AS about, o.code AS who, s.day, s.recorded_at, d.fund_id, d.firm_id,
        d.planned_amount - s.paid AS amount
   FROM (SELECT DISTINCT ON (t.deal_id) t.id, t.deal_id, t.at, t.stage, t.effective_date AS day, t.recorded_at,
                coalesce((SELECT sum(e.cost) FROM funds_dealpayment p JOIN funds_holdingevent e ON e.id = p.event_id
                           WHERE p.deal_id = t.deal_id AND p.recorded_at <= %(known_at)s
                             AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s
                             AND NOT EXISTS (SELECT FROM funds_holdingevent b WHERE b.reverses_id = e.id
                                                AND b.effective_date < %(as_of)s
                                                AND b.recorded_at <= %(known_at)s)), 0) AS paid
           FROM funds_dealstep t
          WHERE t.effective_date < %(as_of)s AND t.recorded_at <= %(known_at)s
            AND NOT EXISTS (SELECT FROM funds_dealstep n WHERE n.deal_id = t.deal_id AND n.place = t.place
                               AND n.id > t.id AND n.effective_date < %(as_of)s AND n.recorded_at <= %(known_at)s)
          ORDER BY t.deal_id, t.place DESC) s
   JOIN funds_deal d ON d.id = s.deal_id JOIN funds_fund f ON f.id = d.fund_id
   JOIN kernel_organisation o ON o.id = f.manager_id LEFT JOIN kernel_firm k ON k.id = d.firm_id
  WHERE s.at IN ('signed', 'paid') AND s.stage NOT IN ('declined', 'withdrawn') AND d.planned_amount > s.paid)"""
_YEAR = "extract(year FROM f.established_on)::int::text"
_STAGE = "coalesce(nullif(k.stage, ''), 'unstaged')"


def _named(category: str, project: str) -> str:
    """By what a rule on its scope tells projects apart."""
    return f"""CASE r.scope WHEN 'fund' THEN f.code WHEN 'tier' THEN f.tier WHEN 'vintage' THEN {_YEAR}
                    WHEN 'category' THEN {category} ELSE {project} END"""


#: Rules in force; every holding under each rule that judges it, named by the rule's scope; and a row for each budget.
_BUDGETS = f"""
WITH rules AS MATERIALIZED (
  SELECT r.* FROM {_LATEST} r WHERE r.valid_to IS NULL OR r.valid_to >= %(as_of)s),
held AS MATERIALIZED (
  SELECT h.*, coalesce((SELECT sum(d.cost) FROM {facts.DEALS} d
                         WHERE d.holding_id = h.id AND d.kind = 'write_off'), 0) AS written
    FROM {facts.HELD} h),
inside AS MATERIALIZED (
  SELECT r.id AS rule_id, h.*, {_named(f"CASE WHEN h.firm_id IS NULL THEN 'sub_fund' ELSE {_STAGE} END", "h.ref")} AS name,
         r.timing <> 'liquidation' OR h.remaining = 0 AS counts
    FROM rules r JOIN held h ON r.fund_id IS NULL OR h.fund_id = r.fund_id
    JOIN funds_fund f ON f.id = h.fund_id LEFT JOIN {facts.REGISTRY} k ON k.id = h.firm_id),
names AS (
  SELECT r.id AS rule_id, CASE WHEN r.scope = 'fund' THEN r.fund ELSE r.key END AS name
    FROM rules r WHERE r.scope = 'fund' OR r.key <> ''
  UNION
  SELECT i.rule_id, i.name FROM inside i JOIN rules r ON r.id = i.rule_id AND r.scope <> 'fund' AND r.key = ''
   WHERE NOT EXISTS (SELECT FROM rules n WHERE n.scope = r.scope AND n.fund_id IS NOT DISTINCT FROM r.fund_id
                        AND n.key = i.name)),
sums AS (
  SELECT n.rule_id, n.name, coalesce(sum(i.invested), 0) AS paid,
         coalesce(sum(greatest(0, -i.result)) FILTER (WHERE i.counts), 0) AS lost,
         coalesce(sum(greatest(0, i.result)) FILTER (WHERE i.counts), 0) AS gained,
         coalesce(sum(greatest(0, i.remaining - i.worth)), 0) AS impaired,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY i.written) FILTER (WHERE i.written > 0) AS lower,
         -percentile_disc(0.5) WITHIN GROUP (ORDER BY -i.written) FILTER (WHERE i.written > 0) AS upper
    FROM names n LEFT JOIN inside i USING (rule_id, name) GROUP BY 1, 2),
sizes AS (
  SELECT r.id AS rule_id, {_named("''", "''")} AS name, sum(coalesce(c.amount, 0)) AS size
    FROM rules r CROSS JOIN funds_fund f
    LEFT JOIN (SELECT x.fund_id, sum(x.amount) AS amount FROM {facts.LEDGER} x WHERE x.kind = 'commitment' GROUP BY 1) c
      ON c.fund_id = f.id
   WHERE r.base = 'size' GROUP BY 1, 2),
judged AS (
  SELECT r.*, s.name, s.impaired, (s.lower + s.upper) / 2 AS middle,
         trunc(r.limit_pct / 100 * CASE r.base WHEN 'size' THEN z.size ELSE s.paid END, 2) AS most,
         CASE WHEN r.netting THEN greatest(0, s.lost - s.gained) ELSE s.lost END AS realised
    FROM sums s JOIN rules r ON r.id = s.rule_id LEFT JOIN sizes z ON z.rule_id = s.rule_id AND z.name = s.name),
budgets AS (
  SELECT j.*, j.scope || CASE WHEN j.scope <> 'fund' AND j.fund IS NOT NULL THEN '@' || j.fund ELSE '' END || ':' || j.name
           AS code,
         CASE WHEN abs(j.middle * 100 - trunc(j.middle * 100)) = 0.5 THEN 2 * round(j.middle * 100 / 2) / 100
              ELSE round(j.middle, 2) END AS typical,
         j.realised + CASE j.timing WHEN 'realised-and-impaired' THEN j.impaired ELSE 0 END AS spent
    FROM judged j
   WHERE j.scope <> 'project' OR j.key <> '' OR j.realised <> 0 OR j.impaired <> 0)"""

_VALUES = {
    "limit": "b.most",
    "used": "CASE WHEN b.most IS NOT NULL THEN b.spent END",
    "used_share": "b.spent / nullif(b.most, 0)",
    "realised": "b.realised",
    "impaired": "b.impaired",
    "left": "b.most - b.spent",
    "typical": "b.typical",
    "losses_left": (
        "CASE WHEN b.most IS NOT NULL AND b.typical IS NOT NULL"
        " THEN greatest(0, floor((b.most - b.spent) / b.typical)) END"
    ),
}
_BY_CODE = Text(
    "按规则的范围、基数、抵减与确认时点逐项目判断，不是各笔之和",
    "Judged project by project by the rule's scope, base, netting and timing: not a sum of its lines",
)
#: The code of each budget that a holding, a fund or a signed deal stands in.
_OF_HOLDING = f"""
({_BUDGETS} SELECT b.code, b.name, b.scope, i.id AS holding_id
   FROM budgets b JOIN inside i ON i.rule_id = b.id AND i.name = b.name)"""
_OF_FUND = f"""
({_BUDGETS} SELECT b.code, b.name, b.scope, f.id AS fund_id FROM budgets b JOIN funds_fund f ON true
   JOIN rules r ON r.id = b.id WHERE b.base = 'size' AND {_named("''", "''")} = b.name)"""
_OF_SIGNED = f"""
({_BUDGETS} SELECT b.code, s.* FROM budgets b JOIN rules r ON r.id = b.id
   JOIN {_SIGNED} s ON b.fund_id IS NULL OR s.fund_id = b.fund_id
   JOIN funds_fund f ON f.id = s.fund_id LEFT JOIN {facts.REGISTRY} k ON k.id = s.firm_id
   LEFT JOIN held h ON h.fund_id = s.fund_id AND h.firm_id = s.firm_id
  WHERE {_named(_STAGE, "h.ref")} = b.name)"""


def _deals(kinds: str, amount: str, *, of: str, key: str) -> str:
    rows = f"(SELECT d.*, c.code, c.name, c.scope FROM {facts.DEALS} d JOIN {_OF_HOLDING} c ON c.holding_id = d.holding_id) x"
    return line(
        f"{rows} WHERE x.kind IN ({kinds}) AND {of}", record="holding_event", key=key, amount=amount, **COMMON
    )


def _sources(place: str, key: str, of: str) -> dict[Key, Source]:
    """The same figures by budget, and those of funds alone by the code of the fund."""
    impaired = line(
        f"(SELECT h.value_id AS id, h.value_ref AS ref, h.about, h.who, h.value_day AS day,"
        f" h.value_recorded_at AS recorded_at, h.worth - h.remaining AS amount, c.code, c.name, c.scope"
        f" FROM {facts.HELD} h JOIN {_OF_HOLDING} c ON c.holding_id = h.id WHERE h.worth < h.remaining) x WHERE {of}",
        record="valuation", key=key, amount="x.amount", **COMMON,
    )  # fmt: skip
    subscribed = line(
        f"(SELECT w.*, c.code, c.name, c.scope FROM {facts.LEDGER} w JOIN {_OF_FUND} c ON c.fund_id = w.fund_id"
        f" WHERE w.kind = 'commitment') x WHERE {of}",
        record="fund_event", key=key, amount="x.amount", **COMMON,
    )  # fmt: skip
    results = _deals("'exit', 'write_off', 'recovery'", "x.cash - x.cost", of=of, key=key)
    bases = together(_deals("'investment'", "x.cost", of=of, key=key), subscribed)
    gone = _deals("'write_off'", "x.cost", of=of, key=key)
    used = together(results, impaired)
    behind = {
        "limit": bases, "used": used, "used_share": used, "realised": results, "impaired": impaired,
        "left": together(bases, used), "typical": gone, "losses_left": together(gone, used),
    }  # fmt: skip
    only = ("limit", "used", "used_share") if place == "fund" else tuple(behind)
    named = "b.name" if place == "fund" else "b.code"
    where = " WHERE b.scope = 'fund'" if place == "fund" else ""
    return {
        (f"tolerance.{code}", place): Source(
            behind[code], Adds.RULE, (),
            f"SELECT * FROM ({_BUDGETS} SELECT {named} AS key, {_VALUES[code]} AS value FROM budgets b{where}) v"
            " WHERE value IS NOT NULL",
            _BY_CODE,
        )
        for code in only
    }  # fmt: skip


_LAPSED = line(
    f"(SELECT r.id, r.public_id AS ref, r.document AS about, 'centre' AS who, r.valid_to AS day,"
    f" r.approved_at AS recorded_at FROM {_LATEST} r WHERE r.valid_to < %(as_of)s) x",
    record="tolerance_rule", amount="1", **COMMON,
)  # fmt: skip
_COMMITTED = line(f"{_OF_SIGNED} x", record="deal_step", key="x.code", amount="x.amount", **COMMON)

SOURCES: dict[Key, Source] = {
    **_sources("fund", "x.name", "x.scope = 'fund'"),
    **_sources("budget", "x.code", "TRUE"),
    ("tolerance.committed", "budget"): Source(_COMMITTED),
    ("tolerance.lapsed", ""): Source(_LAPSED),
}
