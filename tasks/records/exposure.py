"""What stands behind public exposure: whole records by line, and in SQL of its own what is not split by shares."""

from __future__ import annotations

from collections.abc import Callable

from finance_hub.kernel.text import Text
from tasks.records import facts, funds, loans
from tasks.records.guarantees import guaranteed
from tasks.records.source import Adds, Source, together

Key = tuple[str, str]
LACKS = ("flow", "guarantees")
#: A key from a line and a firm's id, as SQL.
Keyed = Callable[[str, str], str]

_WHY = Text(
    "子基金所持按实缴份额逐层分摊，贷款、担保与代偿按协议比例在代偿上限与资金池余额内分担：所列为全额，各行不直接相加",
    "What sub-funds hold is split by paid-in shares, loans, guarantees and claims by the shares of their agreements within "
    "caps and pools: the lines are whole amounts and do not simply add up",
)
_PARTLY = Text(
    "穿透股权、公共分担与贴息不由 SQL 复算，其余各行复算",
    "Look-through equity, what is shared under caps, and subsidies are not computed again by SQL; the other lines are",
)
_COST = "CASE x.kind WHEN 'investment' THEN x.cost ELSE -x.cost END"
_IS_POLICY = "(SELECT g.instrument FROM loans_guarantee g WHERE g.id = x.id) = 'credit_insurance'"
_EFFECTS = f"{facts.events(speaking=False)} x WHERE x.effect <> 0"


def records(keyed: Keyed) -> str:
    """Every record that an exposure is reckoned from, whole."""
    return together(
        funds.deals(f"x.firm_id IS NOT NULL AND x.cost <> 0 AND {funds.OWN}", key=keyed("equity", "x.firm_id"), amount=_COST),
        funds.deals(
            f"x.firm_id IS NOT NULL AND x.cost <> 0 AND NOT ({funds.OWN})",
            key=keyed("equity_through", "x.firm_id"), amount=_COST,
        ),
        loans.moved(key=keyed("loans", "x.firm_id"), speaking=False),
        guaranteed("x.outstanding", key=keyed("loans_shared", "x.firm_id"), where="x.reported"),
        guaranteed(
            "x.outstanding", key=keyed("guarantees", "x.firm_id"), where=f"NOT x.reported AND NOT {_IS_POLICY}"
        ),
        guaranteed("x.outstanding", key=keyed("insurance", "x.firm_id"), where=f"NOT x.reported AND {_IS_POLICY}"),
        guaranteed("x.claim", key=keyed("compensation", "x.firm_id")).replace(
            "'guarantee' AS record", "'claim' AS record"
        ),
    )  # fmt: skip


def _uscc(firm: str) -> str:
    return f"(SELECT k.uscc FROM kernel_firm k WHERE k.id = {firm})"


def not_by_sql(keyed: Keyed) -> Source:
    return Source(records(keyed), Adds.NOT, LACKS, why=_WHY)


_SIGN = "CASE WHEN e.reverses_id IS NULL THEN 1 ELSE -1 END"
_KNOWN = "e.effective_date < %(as_of)s AND e.recorded_at <= %(known_at)s"
_PUBLIC = "s.party IN ('government', 're_guarantor', 'national_fund', 'pool', 'guarantor')"
_OTHERS = "s.party IN ('insurer', 'other')"
#: Of each guarantee what public parties and others paid and did not get back, and what was written off of it.
_PAID = f"""
(SELECT g.id, sum(x.public) AS public, sum(x.others) AS others,
        least(sum(x.gone), sum(x.public) + sum(x.others)) AS gone
   FROM loans_guarantee g JOIN (
     SELECT e.guarantee_id, {_SIGN} * (s.principal + s.interest) * ({_PUBLIC})::int AS public,
            {_SIGN} * (s.principal + s.interest) * ({_OTHERS})::int AS others, 0 AS gone
       FROM loans_claim e JOIN loans_claimshare s ON s.claim_id = e.id WHERE {_KNOWN}
     UNION ALL
     SELECT e.guarantee_id, -{_SIGN} * s.amount * ({_PUBLIC})::int, -{_SIGN} * s.amount * ({_OTHERS})::int, 0
       FROM loans_recovery e JOIN loans_recoveryshare s ON s.recovery_id = e.id WHERE {_KNOWN}
     UNION ALL
     SELECT e.guarantee_id, 0, 0, {_SIGN} * e.amount FROM loans_guaranteeevent e
      WHERE e.kind = 'write_off' AND {_KNOWN}) x ON x.guarantee_id = g.id
  WHERE g.start_date < %(as_of)s AND g.recorded_at <= %(known_at)s GROUP BY 1)"""
#: Half a fen of what is written off is taken from the others.
_LEFT = f"""
(SELECT w.id, w.public + w.others - greatest(w.gone, 0) AS whole,
        w.others - CASE WHEN w.gone > 0 THEN round(w.gone * w.others / (w.public + w.others), 2) ELSE 0 END AS others
   FROM {_PAID} w)"""
_HELD = f"SELECT coalesce(sum({_COST}), 0) FROM {facts.DEALS} x WHERE x.firm_id IS NOT NULL AND {funds.OWN}"
_OWED = f"SELECT coalesce(sum(x.effect), 0) FROM {_EFFECTS}"
_HAS_INSURERS = "EXISTS (SELECT FROM kernel_organisation WHERE kind = 'insurer')"


def _contingent(is_policy: str) -> str:
    return f"""SELECT coalesce(sum(x.outstanding), 0) FROM {facts.GUARANTEED} x
                WHERE x.outstanding > 0 AND NOT x.reported AND {is_policy}"""


def _by_line(amounts: dict[str, str]) -> str:
    return "\nUNION ALL\n".join(
        f"SELECT '{line}' AS key, ({amount}) AS value" for line, amount in amounts.items()
    )


_PUBLIC_LINES = _by_line(
    {
        "equity": _HELD,
        "loans": "0",
        "compensation": f"SELECT coalesce(sum(x.whole - x.others), 0) FROM {_LEFT} x",
    }
)
_FINANCE_LINES = _by_line(
    {
        "equity": _HELD,
        "loans": _OWED,
        "loans_shared": "0",
        "guarantees": _contingent(f"NOT {_IS_POLICY}"),
        "compensation": f"SELECT coalesce(sum(x.whole), 0) FROM {_LEFT} x",
    }
)
_INSURED = f"\nUNION ALL\nSELECT 'insurance', ({_contingent(_IS_POLICY)}) WHERE {_HAS_INSURERS}"


def _lines(rule: str, beyond: str) -> Source:
    return Source(records(lambda line, _firm: f"'{line}'"), Adds.RULE, LACKS, rule, _PARTLY, beyond)


_CITY = not_by_sql(lambda _line, _firm: "''")
_FIRM = not_by_sql(lambda _line, firm: _uscc(firm))
_GROUP = not_by_sql(
    lambda _line, firm: f"(SELECT k.control_group_id::text FROM kernel_firm k WHERE k.id = {firm})"
)
SOURCES: dict[Key, Source] = {
    ("exposure.public", ""): _CITY,
    ("exposure.public_fair_value", ""): _CITY,
    ("exposure.public_loss", ""): _CITY,
    ("exposure.finance", ""): _CITY,
    ("exposure.public_line", "exposure_line"): _lines(
        _PUBLIC_LINES, "equity_through|loans_shared|guarantees|insurance|subsidies"
    ),
    ("exposure.finance_line", "exposure_line"): _lines(_FINANCE_LINES + _INSURED, "equity_through|subsidies"),
    ("exposure.largest_public", "firm"): _FIRM,
    ("exposure.largest_finance", "firm"): _FIRM,
    ("exposure.largest_public", "group"): _GROUP,
    ("exposure.largest_finance", "group"): _GROUP,
    ("exposure.largest_line", "firm_line"): not_by_sql(lambda line, firm: f"{_uscc(firm)} || '|{line}'"),
}
