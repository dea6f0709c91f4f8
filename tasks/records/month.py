"""What stands behind the month told in its parts: loans by bank and product, deals, guarantees, moves to a listing."""

from __future__ import annotations

from tasks.catalogue.declared_month import LISTED_FROM
from tasks.records import facts
from tasks.records.funds import BY_FUND, OWN, deals, worth
from tasks.records.guarantees import LACKS, happened
from tasks.records.loans import BAD, CUTS, FLOW, STOCK, share, stood
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
_MONTH = "x.day >= %(month)s"


def _firms(rows: str, *, cut: str, having: str) -> str:
    """A line a firm for each key."""
    who = "x.who" if "x.who" in cut else "'city'::text"
    return line(
        f"(SELECT x.firm_id AS id, k.uscc AS ref, k.name AS about, {who} AS who, {cut} AS cut, max(x.day) AS day,"
        f" max(x.recorded_at) AS recorded_at FROM {rows} x JOIN kernel_firm k ON k.id = x.firm_id"
        f" GROUP BY 1, 2, 3, 4, 5 HAVING {having}) x",
        record="firm", key="x.cut", amount="1", **_COMMON,
    )  # fmt: skip


def _borrowers(scope: str) -> Source:
    return Source(_firms(facts.events(), cut=CUTS[scope], having="sum(x.effect) > 0"), lacks=(FLOW,))


def _moved(kind: str) -> dict[str, Source]:
    having = f"coalesce(sum(x.signed) FILTER (WHERE x.kind = '{kind}'), 0) <> 0"
    return {
        scope: Source(_firms(facts.events(month_only=True), cut=cut, having=having), lacks=(FLOW,))
        for scope, cut in CUTS.items()
    }


def _troubled(where: str) -> dict[str, Source]:
    having = f"bool_or(x.balance > 0 AND {where})"
    return {
        scope: Source(_firms(facts.positions(), cut=cut, having=having), lacks=(STOCK,))
        for scope, cut in CUTS.items()
    }


def _rate(key: str) -> Source:
    return Source(
        together(stood(key=key, amount="x.balance * x.rate / 100", part=OVER), stood(key=key, part=UNDER)),
        Adds.RATIO, lacks=(STOCK,),
    )  # fmt: skip


_LOANS: dict[Key, Source] = {
    **{("loans.firms", scope): _borrowers(scope) for scope in ("product", "bank_product")},
    **{("loans.firms_disbursed", scope): source for scope, source in _moved("disbursement").items()},
    **{("loans.firms_repaid", scope): source for scope, source in _moved("repayment").items()},
    **{
        ("loans.overdue_balance", scope): Source(stood("x.overdue_days > 0", key=key), lacks=(STOCK,))
        for scope, key in CUTS.items()
    },
    **{("loans.overdue_firms", scope): source for scope, source in _troubled("x.overdue_days > 0").items()},
    **{("loans.npl_firms", scope): source for scope, source in _troubled(BAD).items()},
    **{("loans.npl_ratio", scope): share(BAD, CUTS[scope]) for scope in ("product", "bank_product")},
    **{("loans.rate", scope): _rate(key) for scope, key in CUTS.items()},
}

_BY_FIRM = "x.fund || '|' || x.held"
_EARLIER = f"""
coalesce((SELECT sum(y.cost) FROM {facts.DEALS} y
           WHERE y.holding_id = x.holding_id AND y.kind = 'investment' AND y.day < %(month)s), 0)"""


def _registered(column: str) -> str:
    """What the registry said of the firm of the line."""
    said = f"(SELECT nullif({column}, '') FROM {facts.REGISTRY} g WHERE g.id = x.firm_id)"
    return f"CASE WHEN x.firm_id IS NULL THEN 'sub_fund' ELSE coalesce({said}, 'unknown') END"


def _from(least: int, lines: str) -> str:
    """The lines of figures that come to so many yuan or more."""
    return f"""
SELECT key, part, record, id, ref, about, who, day, recorded_at, amount
  FROM (SELECT l.*, sum(l.amount) OVER (PARTITION BY l.key) AS whole FROM ({lines}) l) k WHERE abs(whole) >= {least}"""


_INVESTED = f"x.kind = 'investment' AND {_MONTH}"
_ENDED = line(
    f"{facts.HELD} x WHERE x.remaining = 0", record="holding", key=BY_FUND, id="x.id", ref="x.ref", about="x.about",
    who="x.who", day="x.last_deal", recorded="x.recorded_at", amount="1",
)  # fmt: skip
_DEALS: dict[Key, Source] = {
    ("deals.first", ""): Source(deals(f"{_INVESTED} AND {_EARLIER} = 0", amount="x.cost")),
    ("deals.invested", "fund_firm"): Source(deals(_INVESTED, key=_BY_FIRM, amount="x.cost")),
    ("deals.proceeds", "fund_firm"): Source(deals(f"x.kind = 'exit' AND {_MONTH}", key=_BY_FIRM, amount="x.cash")),
    ("deals.written_off", "fund_firm"): Source(
        deals(f"x.kind = 'write_off' AND {_MONTH}", key=_BY_FIRM, amount="x.cost")
    ),
    ("deals.invested", "industry"): Source(
        deals(_INVESTED, key=_registered("left(g.industry, 1)"), amount="x.cost")
    ),
    ("deals.invested", "town"): Source(deals(_INVESTED, key=_registered("g.town"), amount="x.cost")),
    ("fund.invested", "growth_stage"): Source(
        deals(f"x.kind = 'investment' AND {OWN}", key=_registered("g.stage"), amount="x.cost")
    ),
    ("fund.proceeds", "fund"): Source(deals("x.kind = 'exit'", key=BY_FUND, amount="x.cash")),
    ("fund.proceeds", ""): Source(deals(f"x.kind = 'exit' AND {OWN}", amount="x.cash")),
    ("fund.book_value", "fund"): Source(worth("TRUE", key=BY_FUND)),
    ("fund.book_value", ""): Source(worth(OWN)),
    ("fund.book_value", "fund_firm"): Source(_from(LISTED_FROM, worth("TRUE", key=_BY_FIRM))),
    ("fund.ended", "fund"): Source(_ENDED),
}  # fmt: skip


def _written(key: str) -> str:
    return line(
        f"{facts.GUARANTEED} x WHERE {_MONTH}", record="guarantee", key=key, amount="x.principal", **_COMMON
    )


def _guarantees() -> dict[Key, Source]:
    found: dict[Key, Source] = {}
    for scope, key in (("", "''"), ("guarantor", "x.who")):
        found["guarantees.written", scope] = Source(_written(key), lacks=LACKS)
        for code, kinds in (
            ("released_month", "'release'"),
            ("compensated_month", "'compensation', 'interest'"),
            ("recovered_month", "'recovery'"),
        ):  # fmt: skip
            found[f"guarantees.{code}", scope] = Source(happened(kinds, key=key, where=_MONTH), lacks=LACKS)
    by = {"key": "x.who"}
    return found | {
        ("guarantees.compensated", "guarantor"): Source(happened("'compensation', 'interest'", **by), lacks=LACKS),
        ("guarantees.recovered", "guarantor"): Source(happened("'recovery'", **by), lacks=LACKS),
        ("guarantees.firms", "guarantor"): Source(
            _firms(facts.GUARANTEED, cut="x.who", having="sum(x.outstanding) > 0"), lacks=LACKS
        ),
        **{
            (f"guarantees.firms_{code}", "guarantor"): Source(
                _firms(rows, cut="x.who", having=f"coalesce(sum(x.{amount}) FILTER (WHERE {where}), 0) <> 0"),
                lacks=LACKS,
            )
            for code, rows, amount, where in (
                ("written", facts.GUARANTEED, "principal", _MONTH),
                ("released_month", facts.HAPPENED, "amount", f"x.kind = 'release' AND {_MONTH}"),
                ("compensated_month", facts.HAPPENED, "amount", f"x.kind IN ('compensation', 'interest') AND {_MONTH}"),
                ("recovered_month", facts.HAPPENED, "amount", f"x.kind = 'recovery' AND {_MONTH}"),
                ("compensated", facts.HAPPENED, "amount", "x.kind IN ('compensation', 'interest')"),
                ("recovered", facts.HAPPENED, "amount", "x.kind = 'recovery'"),
            )
        },
        ("guarantees.compensation_ratio", "guarantor"): Source(
            together(
                happened("'compensation'", part=OVER, **by),
                happened("'release', 'compensation'", part=UNDER, **by),
            ),
            Adds.RATIO, LACKS,
        ),
    }  # fmt: skip


_BEGAN = facts.ATTEMPTS.replace("%(as_of)s", "%(month)s")
_WAY = """
CASE WHEN a.stage = 'listed' THEN 'listed' WHEN a.stage IN ('withdrawn', 'rejected') THEN 'out'
     WHEN a.stage = 'suspended' THEN 'down' WHEN b.stage IS NULL THEN 'in' ELSE 'up' END"""
_MOVES = f"""
(SELECT a.id, a.ref, a.about, a.who, a.day, a.recorded_at, {_WAY} AS way, k.uscc, a.attempt_id
   FROM {facts.ATTEMPTS} a JOIN kernel_firm k ON k.id = a.firm_id
   LEFT JOIN {_BEGAN} b ON b.attempt_id = a.attempt_id WHERE a.stage IS DISTINCT FROM b.stage) x"""


def _moves(key: str) -> Source:
    return Source(line(_MOVES, record="stage_event", key=key, amount="1", **_COMMON))


SOURCES: dict[Key, Source] = {
    **_LOANS,
    **_DEALS,
    **_guarantees(),
    ("pipeline.moves", "move"): _moves("x.way"),
    ("pipeline.moved", "firm_move"): _moves("x.way || '|' || x.uscc || '|' || x.attempt_id"),
}
