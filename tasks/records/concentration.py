"""What stands behind concentration and its limits: the exposures cut by what the registry says, by bank, by sub-fund."""

from __future__ import annotations

from typing import Final

from finance_hub.kernel.text import Text
from tasks.records import facts, funds, loans
from tasks.records.exposed import ADDING, FIRM, GROUP, exposed
from tasks.records.exposure import COLUMNS, LACKS
from tasks.records.source import OVER, UNDER, Adds, Source

Key = tuple[str, str]
_REGISTERED: Final = "('industry', left(k.industry, 1)), ('town', k.town), ('stage', k.stage)"
#: Lines by dimension and part; what the registry does not say is one part of its own.
_CUT: Final = f"""{exposed(FIRM, GROUP)},
cut AS MATERIALIZED (
  SELECT d.dimension, d.part, {COLUMNS}, round(d.amount, 2) AS amount
    FROM lines l JOIN registry k ON k.id = l.firm_id
    CROSS JOIN LATERAL (
      SELECT l.kind, l.unit::text, l.cost WHERE {ADDING}
      UNION ALL SELECT r.dimension, coalesce(nullif(r.said, ''), 'unknown'), l.cost
                  FROM (VALUES {_REGISTERED}) r (dimension, said) WHERE {ADDING} AND l.kind = 'firm'
      UNION ALL SELECT 'bank', l.who, l.finance WHERE l.line = 'loans' AND l.kind = 'firm'
      UNION ALL SELECT 'sub_fund', l.via, l.cost WHERE l.line = 'equity_through' AND l.kind = 'firm'
    ) d (dimension, part, amount)
   WHERE d.amount <> 0),
parts AS MATERIALIZED (
  SELECT p.dimension, p.part, p.amount, p.amount / sum(p.amount) OVER (PARTITION BY p.dimension) AS share,
         row_number() OVER (PARTITION BY p.dimension ORDER BY p.amount) AS place,
         row_number() OVER (PARTITION BY p.dimension ORDER BY p.amount DESC, p.part COLLATE "C") AS rank,
         count(*) OVER (PARTITION BY p.dimension) AS number
    FROM (SELECT c.dimension, c.part, sum(c.amount) AS amount FROM cut c GROUP BY 1, 2 HAVING sum(c.amount) > 0) p)"""


def _amounts(dimension: str) -> Source:
    """Beyond the hundred largest parts all others are one."""
    return Source(
        f"""{_CUT}
SELECT CASE WHEN p.rank <= 100 THEN l.part ELSE 'others' END AS key, '' AS part, {COLUMNS}, l.amount
  FROM cut l JOIN parts p ON p.dimension = l.dimension AND p.part = l.part WHERE l.dimension = '{dimension}'""",
        lacks=LACKS,
    )


_SQUARES: Final = Text("各项占比的平方和", "The sum of the squares of the parts' shares")
_GINI: Final = Text(
    "各项占比由小到大排序后加权", "The shares of the parts, weighted by their places from the smallest on"
)
_LARGEST: Final = Text("最大若干项之和占合计", "The largest parts together in the whole")
_TOPS: Final = "(VALUES (1), (5), (10), (20)) n (n)"


def _by_rule(rule: str, why: Text, *, key: str = "l.dimension", beside: str = "") -> Source:
    lines = f"{_CUT}\nSELECT {key} AS key, '' AS part, {COLUMNS}, l.amount FROM cut l {beside}"
    return Source(lines, Adds.RULE, LACKS, f"{_CUT}\n{rule}", why)


_UNKNOWN: Final = f"""{_CUT}
SELECT l.dimension AS key, w.part, {COLUMNS}, l.amount
  FROM cut l CROSS JOIN (VALUES ('{OVER}'), ('{UNDER}')) w (part)
 WHERE l.dimension IN ('industry', 'town', 'stage') AND (w.part = '{UNDER}' OR l.part = 'unknown')"""

#: Of what is limited the limit approved by then that began last, unless it has ended.
_LIMITS: Final = """
(SELECT r.* FROM (
   SELECT DISTINCT ON (c.dimension, c.measure, c.top_n, c.fund_id) c.*, f.code AS fund
     FROM tasks_concentrationlimit c LEFT JOIN funds_fund f ON f.id = c.fund_id
    WHERE c.approved_at <= %(known_at)s AND c.valid_from < %(as_of)s
    ORDER BY c.dimension, c.measure, c.top_n, c.fund_id, c.valid_from DESC, c.id DESC) r
  WHERE r.valid_to IS NULL OR r.valid_to >= %(as_of)s)"""
_PLACE: Final = """
CASE r.dimension WHEN 'firm' THEN k.id::text WHEN 'group' THEN coalesce('g' || k.group_id, k.id::text)
     WHEN 'industry' THEN left(k.industry, 1) WHEN 'town' THEN k.town WHEN 'stage' THEN k.stage END"""
#: The largest part of a fund's own stakes, as they are worth, in its net assets.
_OF_FUND: Final = f"""
SELECT r.public_id AS key,
       coalesce((SELECT sum(x.worth) FROM {facts.HELD} x JOIN registry k ON k.id = x.firm_id
                  WHERE x.fund_id = r.fund_id AND {_PLACE} <> '' GROUP BY {_PLACE} ORDER BY 1 DESC LIMIT 1), 0)
         / (SELECT nullif(greatest(0, sum(n.amount)), 0) FROM ({funds.nav("TRUE", key="x.fund")}) n
             WHERE n.key = r.fund) AS value, r."limit" / 100 AS most
  FROM {_LIMITS} r WHERE r.measure = 'fund_share'"""


def _of_parts(measure: str, value: str, most: str) -> str:
    return f"""
SELECT r.public_id AS key, (SELECT {value} FROM parts p WHERE p.dimension = r.dimension) AS value, {most} AS most
  FROM {_LIMITS} r WHERE r.measure = '{measure}'"""


_SHARES: Final = (
    _of_parts("top_share", "sum(p.share) FILTER (WHERE p.rank <= r.top_n)", 'r."limit" / 100')
    + f"\nUNION ALL {_OF_FUND}"
)
_INDICES: Final = _of_parts("hhi", "sum(p.share * p.share)", 'r."limit"')
_AMOUNTS: Final = _of_parts(
    "amount", "coalesce(max(p.amount) FILTER (WHERE p.part <> 'unknown'), 0)", 'r."limit"'
)
_HELD_AGAINST: Final = Text(
    "按限额的维度与口径由各项得出，不是各笔之和",
    "What the limit is held against follows from the parts of its dimension: not a sum of the lines",
)


def _limited(measured: str, what: str, *measures: str) -> Source:
    listed = ", ".join(repr(measure) for measure in measures)
    stakes = funds.worth("x.firm_id IS NOT NULL", key="x.fund_id::text")
    of_fund = f"""
UNION ALL
SELECT r.public_id, '', l.record, l.id, l.ref, l.about, l.who, l.day, l.recorded_at, l.amount
  FROM ({stakes}) l JOIN {_LIMITS} r ON r.measure = 'fund_share' AND r.fund_id::text = l.key"""
    lines = f"""{_CUT}
SELECT r.public_id AS key, '' AS part, {COLUMNS}, l.amount
  FROM cut l JOIN {_LIMITS} r ON r.dimension = l.dimension AND r.measure IN ({listed}) AND r.measure <> 'fund_share'
  {of_fund if "fund_share" in measures else ""}"""
    rule = f"{_CUT}\nSELECT m.key, {what} AS value FROM ({measured}) m"
    return Source(lines, Adds.RULE, LACKS, rule, _HELD_AGAINST)


def _both(part: str, measured: str, *measures: str) -> dict[Key, Source]:
    return {
        (f"concentration.{part}_value", "limit"): _limited(measured, "m.value", *measures),
        (f"concentration.{part}_headroom", "limit"): _limited(measured, "m.most - m.value", *measures),
    }


SOURCES: dict[Key, Source] = {
    ("concentration.amount", "bank"): Source(loans.moved(key="x.who", speaking=False), lacks=("flow",)),
    ("concentration.amount", "industry"): _amounts("industry"),
    ("concentration.amount", "town"): _amounts("town"),
    ("concentration.amount", "growth_stage"): _amounts("stage"),
    ("concentration.amount", "sub_fund"): _amounts("sub_fund"),
    ("concentration.hhi", "dimension"): _by_rule(
        "SELECT p.dimension AS key, sum(p.share * p.share) AS value FROM parts p GROUP BY 1", _SQUARES
    ),
    ("concentration.gini", "dimension"): _by_rule(
        "SELECT p.dimension AS key, sum((2 * p.place - p.number - 1) * p.share) / max(p.number) AS value"
        " FROM parts p GROUP BY 1",
        _GINI,
    ),
    ("concentration.top_share", "dimension_top"): _by_rule(
        f"SELECT p.dimension || ':' || n.n AS key, sum(p.share) FILTER (WHERE p.rank <= n.n) AS value"
        f" FROM parts p CROSS JOIN {_TOPS} GROUP BY 1",
        _LARGEST,
        key="l.dimension || ':' || n.n",
        beside=f"CROSS JOIN {_TOPS}",
    ),
    ("concentration.unknown", "dimension"): Source(_UNKNOWN, Adds.RATIO, LACKS),
    **_both("share", _SHARES, "top_share", "fund_share"),
    **_both("index", _INDICES, "hhi"),
    **_both("amount", _AMOUNTS, "amount"),
}
