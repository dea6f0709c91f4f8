"""What stands behind tolerance and local investment."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import facts, funds
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
#: The tolerance rule of each fund: approved by then, in force on the last day; the latest.
_RULES = """
(SELECT DISTINCT ON (r.fund_id) r.*, f.code AS fund FROM tasks_tolerancerule r JOIN funds_fund f ON f.id = r.fund_id
  WHERE r.approved_at <= %(known_at)s AND r.valid_from < %(as_of)s AND (r.valid_to IS NULL OR r.valid_to >= %(as_of)s)
  ORDER BY r.fund_id, r.valid_from DESC)"""
_LIMITS = f"""
SELECT r.fund AS key, trunc(r.limit_pct / 100 * CASE r.base
         WHEN 'size' THEN coalesce((SELECT sum(x.amount) FROM {facts.LEDGER} x
                                     WHERE x.fund_id = r.fund_id AND x.kind = 'commitment'), 0)
         ELSE coalesce((SELECT sum(x.invested) FROM {facts.HELD} x WHERE x.fund_id = r.fund_id), 0) END, 2) AS value
  FROM {_RULES} r"""
_USED = f"""
SELECT r.fund AS key,
       CASE WHEN r.netting THEN greatest(0, coalesce(h.lost, 0) - coalesce(h.gained, 0)) ELSE coalesce(h.lost, 0) END
         + CASE r.timing WHEN 'realised-and-impaired' THEN coalesce(h.impaired, 0) ELSE 0 END AS value
  FROM {_RULES} r
  LEFT JOIN LATERAL (
    SELECT sum(greatest(0, -x.result)) FILTER (WHERE r.timing <> 'liquidation' OR x.remaining = 0) AS lost,
           sum(greatest(0, x.result)) FILTER (WHERE r.timing <> 'liquidation' OR x.remaining = 0) AS gained,
           sum(greatest(0, x.remaining - x.worth)) AS impaired
      FROM {facts.HELD} x WHERE x.fund_id = r.fund_id) h ON true"""
_USED_SHARE = (
    f"SELECT l.key, u.value / nullif(l.value, 0) AS value FROM ({_LIMITS}) l JOIN ({_USED}) u USING (key)"
)
_RULED = f"x.fund_id IN (SELECT fund_id FROM {_RULES} r)"
_RESULTS = together(
    funds.deals(
        f"{_RULED} AND x.kind IN ('exit', 'write_off', 'recovery')", key="x.fund", amount="x.cash - x.cost"
    ),
    line(
        f"{facts.HELD} x WHERE {_RULED} AND x.worth < x.remaining", record="valuation", key="x.fund", id="x.value_id",
        ref="x.value_ref", about="x.about", who="x.who", day="x.value_day", recorded="x.value_recorded_at",
        amount="x.worth - x.remaining",
    ),
)  # fmt: skip
_BASES = together(
    funds.ledger(
        f"x.kind = 'commitment' AND x.fund_id IN (SELECT fund_id FROM {_RULES} r WHERE r.base = 'size')",
        key="x.fund",
    ),
    funds.deals(
        "x.kind = 'investment' AND x.fund_id IN"
        f" (SELECT fund_id FROM {_RULES} r WHERE r.base = 'principal-paid')",
        key="x.fund",
        amount="x.cost",
    ),
)
_BY_RULE = Text(
    "按规则的基数、抵减与确认时点逐项目判断，不是各笔之和",
    "Judged project by project by the rule's base, netting and timing: not a sum of its lines",
)

#: Of each local input the highest case that stands.
_RECOGNISED = """
(SELECT DISTINCT ON (r.input_id) r.id, r.public_id AS ref, f.code AS fund, f.id AS fund_id, o.code AS who,
        k.name AS about, r.effective_date AS day, r.recorded_at, r.recognised AS amount
   FROM funds_recognition r JOIN funds_localinput i ON i.id = r.input_id JOIN funds_fund f ON f.id = i.fund_id
   JOIN kernel_organisation o ON o.id = f.manager_id JOIN kernel_firm k ON k.id = i.firm_id
  WHERE r.reverses_id IS NULL AND r.effective_date < %(as_of)s AND r.recorded_at <= %(known_at)s
    AND NOT EXISTS (SELECT FROM funds_recognition b WHERE b.reverses_id = r.id
                       AND b.effective_date < %(as_of)s AND b.recorded_at <= %(known_at)s)
  ORDER BY r.input_id, r.recognised DESC, r.recorded_at, r.id)"""


def _recognised(part: str = "") -> str:
    return line(
        f"{_RECOGNISED} x", record="recognition", key="x.fund", amount="x.amount", part=part, **_COMMON
    )


_FISCAL_PAID = funds.ledger("x.kind = 'contribution' AND x.capital = 'fiscal'", key="x.fund", part=UNDER)
_FISCAL_COMMITTED = funds.ledger(
    "x.kind IN ('commitment', 'release') AND x.capital = 'fiscal'", key="x.fund", part=UNDER,
    amount="CASE x.kind WHEN 'commitment' THEN x.amount ELSE -x.amount END",
)  # fmt: skip
_TERMS = """
(SELECT DISTINCT ON (t.fund_id) t.*, f.code AS fund FROM funds_fundterms t JOIN funds_fund f ON f.id = t.fund_id
  WHERE t.valid_from < %(as_of)s AND t.recorded_at <= %(known_at)s
  ORDER BY t.fund_id, t.valid_from DESC, t.recorded_at DESC, t.id DESC)"""


def _based(base: str) -> str:
    agreed = f"t.reinvestment_multiple IS NOT NULL AND t.reinvestment_base = '{base}'"
    return f"x.fund_id IN (SELECT t.fund_id FROM {_TERMS} t WHERE {agreed})"


_DUE_LINES = together(
    funds.ledger(f"x.kind = 'contribution' AND x.capital = 'fiscal' AND {_based('paid_in')}", key="x.fund"),
    funds.ledger(
        f"x.kind IN ('commitment', 'release') AND x.capital = 'fiscal' AND {_based('commitment')}", key="x.fund",
        amount="CASE x.kind WHEN 'commitment' THEN x.amount ELSE -x.amount END",
    ),
    funds.deals(f"x.kind = 'investment' AND {_based('invested')}", key="x.fund", amount="x.cost"),
    funds.nav(_based("net_assets"), key="x.fund"),
)  # fmt: skip
#: Multiple × base, halves to the even cent.
_DUE = f"""
SELECT key, CASE WHEN abs(exact * 100 - trunc(exact * 100)) = 0.5
                 THEN 2 * round(exact * 100 / 2) / 100 ELSE round(exact, 2) END AS value
  FROM (SELECT t.fund AS key, t.reinvestment_multiple * greatest(0, coalesce(
                 (SELECT sum(b.amount) FROM ({_DUE_LINES}) b WHERE b.key = t.fund), 0)) AS exact
          FROM {_TERMS} t WHERE t.reinvestment_multiple IS NOT NULL AND t.reinvestment_base IS NOT NULL) d"""
_LEFT = f"""
SELECT d.key, greatest(0, d.value - coalesce((SELECT sum(r.amount) FROM {_RECOGNISED} r WHERE r.fund = d.key), 0)) AS value
  FROM ({_DUE}) d"""
_MULTIPLE = Text(
    "基数各笔之和乘以约定倍数", "The lines add up to the base, which the multiple of the terms is of"
)
_SCORED = Text(
    "按公布的评分表对约定倍数评分，评分表不在数据库中",
    "The published score of the multiple agreed: the table of scores is not in the database",
)
_TERM_LINES = line(
    f"(SELECT t.id, t.fund AS ref, t.fund, t.document AS about, 'centre' AS who, t.valid_from AS day, t.recorded_at,"
    f" coalesce(t.reinvestment_multiple, 0) AS amount FROM {_TERMS} t) x",
    record="fund_terms", key="x.fund", amount="x.amount", **_COMMON,
)  # fmt: skip

SOURCES: dict[Key, Source] = {
    ("tolerance.limit", "fund"): Source(_BASES, Adds.RULE, (), _LIMITS, _BY_RULE),
    ("tolerance.used", "fund"): Source(_RESULTS, Adds.RULE, (), _USED, _BY_RULE),
    ("tolerance.used_share", "fund"): Source(_RESULTS, Adds.RULE, (), _USED_SHARE, _BY_RULE),
    ("fund.reinvestment", "fund"): Source(_recognised()),
    ("fund.reinvestment_to_paid_in", "fund"): Source(together(_recognised(OVER), _FISCAL_PAID), Adds.RATIO),
    ("fund.reinvestment_to_committed", "fund"): Source(
        together(_recognised(OVER), _FISCAL_COMMITTED), Adds.RATIO
    ),
    ("fund.reinvestment_due", "fund"): Source(_DUE_LINES, Adds.RULE, (), _DUE, _MULTIPLE),
    ("fund.reinvestment_left", "fund"): Source(
        together(_DUE_LINES, _recognised()), Adds.RULE, (), _LEFT, _MULTIPLE
    ),
    ("fund.reinvestment_points", "fund"): Source(_TERM_LINES, Adds.NOT, why=_SCORED),
}  # fmt: skip
