"""What stands behind the figures of guarantees and pools."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import facts
from tasks.records.source import OVER, UNDER, Adds, Source, line, together

Key = tuple[str, str]
LACKS = ("guarantees",)
_COMMON = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}
_THIS_YEAR = "x.day >= %(year)s"


def happened(
    kinds: str, *, amount: str = "x.amount", key: str = "''", part: str = "", where: str = "TRUE"
) -> str:
    """Lines of what happened to guarantees."""
    return line(
        f"{facts.HAPPENED} x WHERE x.kind IN ({kinds}) AND {where}", record="guarantee_event", key=key,
        amount=amount, part=part, **_COMMON,
    )  # fmt: skip


def guaranteed(
    amount: str, *, key: str = "''", part: str = "", where: str = "TRUE", rows: str = facts.GUARANTEED
) -> str:
    """A line a guarantee; what contributes nothing is left out."""
    return line(
        f"{rows} x WHERE ({amount}) <> 0 AND {where}", record="guarantee", key=key, amount=amount, part=part,
        **_COMMON,
    )  # fmt: skip


def _outstanding(key: str) -> Source:
    return Source(
        together(
            guaranteed("x.principal", key=key),
            happened("'release', 'compensation'", amount="-x.amount", key=key),
        ),
        lacks=LACKS,
    )


def _firms() -> str:
    return line(
        f"(SELECT x.firm_id AS id, x.uscc AS ref, min(x.about) AS about, 'city'::text AS who, max(x.day) AS day,"
        f" max(x.recorded_at) AS recorded_at FROM {facts.GUARANTEED} x GROUP BY 1, 2 HAVING sum(x.outstanding) > 0) x",
        record="firm", amount="1", **_COMMON,
    )  # fmt: skip


def _ratio(over: str, under: str, *, lacks: tuple[str, ...] = LACKS) -> Source:
    return Source(together(over, under), Adds.RATIO, lacks=lacks)


def net_assets(part: str, where: str = "TRUE") -> str:
    return line(
        f"{facts.NET_ASSETS} x WHERE {where}",
        record="net_assets",
        key="x.who",
        amount="x.net",
        part=part,
        **_COMMON,
    )


def weighed(key: str, *, part: str = "", where: str = "TRUE") -> str:
    return guaranteed("x.liability", key=key, part=part, where=where, rows=facts.WEIGHED)


_PAID_RELEASED = "'release', 'compensation'"
_ROUNDED = Text(
    "按各机构四舍五入到分后再合计，尾差不在各笔中",
    "Rounded to the cent by guarantor and then added up: the rounding is in none of the lines",
)
_ROUNDED_ONCE = Text("合计后四舍五入到分", "The sum is rounded to the cent")
_OF_ONE = f"SELECT x.who, round(sum(x.liability), 2) AS liability FROM {facts.WEIGHED} x GROUP BY 1"
_GUARANTOR_RULE = f"""
SELECT g.code AS key, coalesce(o.liability, 0) AS value
  FROM kernel_organisation g LEFT JOIN ({_OF_ONE}) o ON o.who = g.code WHERE g.kind IN ('guarantor', 'insurer')"""
_CITY_RULE = f"SELECT '' AS key, coalesce(sum(liability), 0) AS value FROM ({_OF_ONE}) one"
_LEVERAGE_RULE = f"""
SELECT n.who AS key, coalesce(o.liability, 0) / n.net AS value
  FROM {facts.NET_ASSETS} n LEFT JOIN ({_OF_ONE}) o ON o.who = n.who"""


def _above(subject: str, name: str, most: str) -> Source:
    """Those whose liability is above a share of the guarantor's net assets."""
    broken = f"""
(SELECT x.who, {subject} AS subject FROM {facts.WEIGHED} x JOIN {facts.NET_ASSETS} n ON n.guarantor_id = x.guarantor_id
  WHERE {subject} IS NOT NULL GROUP BY 1, 2, n.net HAVING sum(x.liability) > {most} * n.net)"""
    key = f"x.who || ':' || {name}"
    mine = f"(x.who, {subject}) IN (SELECT who, subject FROM {broken} b)"
    under = line(
        f"{facts.NET_ASSETS} x JOIN (SELECT b.who, min({name}) AS name, b.subject FROM {broken} b"
        f" JOIN {facts.GUARANTEED} x ON {subject} = b.subject GROUP BY 1, 3) s ON s.who = x.who",
        record="net_assets", key="x.who || ':' || s.name", amount="x.net", part=UNDER, **_COMMON,
    )  # fmt: skip
    return _ratio(weighed(key, part=OVER, where=mine), under)


_LATE = f"""
(SELECT g.id, g.ref, g.about, g.who, g.day, g.recorded_at,
        least(sum(p.balance), min(g.outstanding)) AS late
   FROM {facts.GUARANTEED} g LEFT JOIN loans_agreementterms t ON t.id = g.terms_id
   JOIN {facts.positions()} p ON p.bank_id = g.bank_id AND p.contract_no = g.contract_no
    AND p.overdue_days > coalesce(t.waiting_days, 0)
  WHERE g.outstanding > 0 AND g.bank_id NOT IN {facts.silent("stock")}
  GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(p.balance) > 0) x"""

POOL_EVENTS = """
(SELECT e.id, e.public_id AS ref, p.code, p.name AS about, 'centre' AS who, e.effective_date AS day, e.recorded_at,
        CASE WHEN (e.kind IN ('contribution', 'return')) = (e.reverses_id IS NULL) THEN e.amount ELSE -e.amount END
          AS amount
   FROM loans_poolevent e JOIN loans_pool p ON p.id = e.pool_id
  WHERE p.recorded_at <= %(known_at)s AND e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s)"""
#: Guarantees whose losses a pool shares, with the measure of its limits in force.
_CARRIED = f"""
(SELECT g.*, p.id AS pool_id, p.code AS pool, b.code AS bank, l.fuse_measure, l.fuse_line_pct
   FROM {facts.GUARANTEED} g JOIN loans_agreementterms t ON t.id = g.terms_id JOIN loans_pool p ON p.id = t.pool_id
   JOIN kernel_organisation b ON b.id = g.bank_id
   LEFT JOIN (SELECT DISTINCT ON (pool_id) * FROM loans_poollimits
               WHERE approved_at <= %(known_at)s AND valid_from < %(as_of)s
               ORDER BY pool_id, valid_from DESC, version DESC) l ON l.pool_id = p.id)"""


def _pooled(part: str = "") -> str:
    return line(
        f"{POOL_EVENTS} x", record="pool_event", key="x.code", amount="x.amount", part=part, **_COMMON
    )


def _carried(amount: str, key: str, *, part: str = "", where: str = "TRUE") -> str:
    return guaranteed(amount, key=key, part=part, where=where, rows=_CARRIED)


_BAD = "'substandard', 'doubtful', 'loss'"
_LAST_MONTH = """(SELECT max(q.month) FROM loans_loanposition q WHERE q.bank_id = p.bank_id
                 AND q.month < %(as_of)s AND q.recorded_at <= %(known_at)s)"""
#: Positions of the contracts under a pool, of the last month for which the bank has any.
_STOOD = f"""
(SELECT c.pool || ':' || c.bank AS key, p.*
   FROM (SELECT DISTINCT pool, bank, bank_id, contract_no FROM carried x WHERE x.fuse_measure = 'npl_ratio') c
   JOIN {facts.positions(_LAST_MONTH)} p ON p.bank_id = c.bank_id AND p.contract_no = c.contract_no)"""


def _fuse_positions(where: str, part: str) -> str:
    return line(
        f"stood x WHERE {where}",
        record="loan_position",
        key="x.key",
        amount="x.balance",
        part=part,
        **_COMMON,
    )


_BY_BANK = "x.pool || ':' || x.bank"
_COMPENSATED = "x.fuse_measure = 'compensation_ratio'"
#: Positions stand in many books: each is planned and read once, not for either side of the ratio.
_FUSE = f"""
WITH carried AS MATERIALIZED (SELECT * FROM {_CARRIED} c),
     stood AS MATERIALIZED {_STOOD}
""" + together(
    _fuse_positions(f"x.five_tier IN ({_BAD})", OVER),
    _fuse_positions("TRUE", UNDER),
    guaranteed("x.compensated", key=_BY_BANK, part=OVER, where=_COMPENSATED, rows="carried"),
    guaranteed("x.principal", key=_BY_BANK, part=UNDER, where=_COMPENSATED, rows="carried"),
)
_BLOWN = f"""
SELECT key FROM (
  SELECT key, sum(amount) FILTER (WHERE part = 'over') AS over, sum(amount) FILTER (WHERE part = 'under') AS under
    FROM ({_FUSE}) fuse GROUP BY 1) f
  JOIN (SELECT DISTINCT x.pool || ':' || x.bank AS key, x.fuse_line_pct FROM {_CARRIED} x) l USING (key)
 WHERE f.under <> 0 AND l.fuse_line_pct IS NOT NULL
   AND coalesce(f.over, 0) * 100 >= l.fuse_line_pct * f.under"""
_BLOWN_LINES = f"""
SELECT '' AS key, part, record, id, ref, about, who, day, recorded_at, amount
  FROM ({_FUSE}) fuse WHERE key IN ({_BLOWN})"""
_BLOWN_RULE = f"SELECT '' AS key, count(*)::numeric AS value FROM ({_BLOWN}) blown"

SOURCES: dict[Key, Source] = {
    ("guarantees.outstanding", ""): _outstanding("''"),
    ("guarantees.outstanding", "guarantor"): _outstanding("x.who"),
    ("guarantees.firms", ""): Source(_firms(), lacks=LACKS),
    ("guarantees.government_share", ""): Source(
        guaranteed("round(x.outstanding * x.government_share_pct) / 100"), lacks=LACKS
    ),
    ("guarantees.compensated", ""): Source(happened("'compensation', 'interest'"), lacks=LACKS),
    ("guarantees.recovered", ""): Source(happened("'recovery'"), lacks=LACKS),
    ("guarantees.compensation_ratio", ""): _ratio(
        happened("'compensation'", part=OVER), happened(_PAID_RELEASED, part=UNDER)
    ),
    ("guarantees.compensation_ratio_year", ""): _ratio(
        happened("'compensation'", part=OVER, where=_THIS_YEAR),
        happened(_PAID_RELEASED, part=UNDER, where=_THIS_YEAR),
    ),
    ("guarantees.recovery_ratio", ""): _ratio(
        happened("'recovery'", part=OVER), happened("'compensation', 'interest'", part=UNDER)
    ),
    ("guarantees.liability", ""): Source(weighed("''"), Adds.RULE, LACKS, _CITY_RULE, _ROUNDED),
    ("guarantees.liability", "guarantor"): Source(weighed("x.who"), Adds.RULE, LACKS, _GUARANTOR_RULE, _ROUNDED_ONCE),
    ("guarantees.leverage", "guarantor"): Source(
        together(weighed("x.who", part=OVER), net_assets(UNDER)), Adds.RULE, LACKS, _LEVERAGE_RULE, _ROUNDED
    ),
    ("guarantees.above_single_limit", "guarantor_firm"): _above("x.firm_id", "x.uscc", "%(single)s"),
    ("guarantees.above_group_limit", "guarantor_group"): _above("x.group_id", "x.group_id::text", "%(group)s"),
    ("guarantees.policy_share", ""): _ratio(
        guaranteed("x.outstanding", part=OVER, where="x.customer IN ('small_micro', 'farmer')"),
        guaranteed("x.outstanding", part=UNDER),
    ),
    ("guarantees.overdue_not_compensated", ""): Source(
        line(_LATE, record="guarantee", amount="x.late", **_COMMON), lacks=("stock", "guarantees")
    ),
    ("pools.balance", "pool"): Source(_pooled()),
    ("pools.guaranteed", "pool"): Source(_carried("x.outstanding", "x.pool"), lacks=LACKS),
    ("pools.leverage", "pool"): _ratio(_carried("x.outstanding", "x.pool", part=OVER), _pooled(UNDER)),
    ("pools.fuse", "pool_bank"): Source(_FUSE, Adds.RATIO, ("stock", "guarantees")),
    ("pools.fuses_blown", ""): Source(
        _BLOWN_LINES, Adds.RULE, ("stock", "guarantees"), _BLOWN_RULE,
        Text(
            "按各资金池与银行的熔断线逐一判断后计数；所列为已熔断者的不良与全部",
            "Counted after each pair of pool and bank is held to its line; the lines are of those that reached it",
        ),
    ),
}  # fmt: skip
