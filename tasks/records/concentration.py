"""What stands behind concentration and its limits: the parts are whole exposures, but for those of banks."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.records import facts, loans
from tasks.records.exposure import LACKS, not_by_sql, records
from tasks.records.source import Adds, Source

Key = tuple[str, str]
_WHY = Text(
    "除贷款银行外，各维度由含穿透与分担的敞口归类，不由 SQL 复算",
    "All dimensions but the lending bank cut exposures with look-through and shares under caps: not computed again by SQL",
)
_BALANCES = loans.moved(key="x.who", speaking=False)
_EVERYTHING = records(lambda _line, _firm: "''")
_BANKS = f"""
(SELECT b.amount, b.amount / sum(b.amount) OVER () AS share, row_number() OVER (ORDER BY b.amount) AS place,
        row_number() OVER (ORDER BY b.amount DESC) AS rank, count(*) OVER () AS number
   FROM (SELECT sum(x.effect) AS amount FROM {facts.events(speaking=False)} x GROUP BY x.bank_id HAVING sum(x.effect) > 0) b)"""


def _of_registry(column: str) -> Source:
    said = f"(SELECT coalesce(nullif({column}, ''), 'unknown') FROM kernel_firm k WHERE k.id = {{}})"
    return not_by_sql(lambda _line, firm: said.format(firm))


def _of_banks(value: str, *, key: str = "'bank'", group: str = "", beyond: str = "(?!bank).*") -> Source:
    rule = f"SELECT {key} AS key, {value} AS value FROM {_BANKS} x {group}"
    return Source(_EVERYTHING, Adds.RULE, LACKS, rule, _WHY, beyond)


def _limited() -> Source:
    return Source(_EVERYTHING, Adds.NOT, LACKS, why=_WHY)


SOURCES: dict[Key, Source] = {
    ("concentration.amount", "bank"): Source(_BALANCES),
    ("concentration.amount", "industry"): _of_registry("left(k.industry, 1)"),
    ("concentration.amount", "town"): _of_registry("k.town"),
    ("concentration.amount", "growth_stage"): _of_registry("k.stage"),
    ("concentration.amount", "sub_fund"): not_by_sql(lambda line, _firm: f"'{line}'"),
    ("concentration.hhi", "dimension"): _of_banks("sum(x.share * x.share)", group="HAVING count(*) > 0"),
    ("concentration.gini", "dimension"): _of_banks(
        "sum((2 * x.place - x.number - 1) * x.share) / max(x.number)", group="HAVING count(*) > 0"
    ),
    ("concentration.top_share", "dimension_top"): _of_banks(
        "sum(x.share) FILTER (WHERE x.rank <= n.n)", key="'bank:' || n.n",
        group="CROSS JOIN (VALUES (1), (5), (10), (20)) n (n) GROUP BY n.n", beyond="(?!bank:).*",
    ),
    ("concentration.unknown", "dimension"): _limited(),
    **{
        (f"concentration.{part}_{what}", "limit"): _limited()
        for part in ("share", "index", "amount")
        for what in ("value", "headroom")
    },
}  # fmt: skip
