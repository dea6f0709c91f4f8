"""What stands behind the figures of funds and deals."""

from __future__ import annotations

from finance_hub.kernel.text import Text
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
BY_FUND, OWN = "x.fund", "x.tier <> 'sub'"


def ledger(where: str, *, key: str = "''", amount: str = "x.amount", part: str = "") -> str:
    """Lines of the ledger between a fund and its investors."""
    return line(
        f"{facts.LEDGER} x WHERE {where}", record="fund_event", key=key, amount=amount, part=part, **_COMMON
    )


def deals(where: str, *, amount: str, key: str = "''", part: str = "") -> str:
    """Lines of what was paid and got for holdings."""
    return line(
        f"{facts.DEALS} x WHERE {where}", record="holding_event", key=key, amount=amount, part=part, **_COMMON
    )


def worth(where: str, *, key: str = "''", part: str = "") -> str:
    """A line a holding: its last value, or what remains of its cost."""
    valued = line(
        f"{facts.HELD} x WHERE x.value_id IS NOT NULL AND {where}", record="valuation", key=key, part=part,
        id="x.value_id", ref="x.value_ref", about="x.about", who="x.who", day="x.value_day",
        recorded="x.value_recorded_at", amount="x.worth",
    )  # fmt: skip
    at_cost = line(
        f"{facts.HELD} x WHERE x.value_id IS NULL AND x.worth <> 0 AND {where}", record="holding", key=key,
        part=part, id="x.id", ref="x.ref", about="x.about", who="x.who", day="x.last_deal",
        recorded="x.recorded_at", amount="x.worth",
    )  # fmt: skip
    return together(valued, at_cost)


def nav(where: str, *, key: str = "''", part: str = "") -> str:
    """Cash in and out, and the worth of what is held."""
    moved = "x.kind IN ('contribution', 'distribution', 'carry', 'fee', 'expense')"
    cash = "CASE x.kind WHEN 'contribution' THEN x.amount ELSE -x.amount END"
    dealt = "CASE x.kind WHEN 'investment' THEN -x.cost ELSE x.cash END"
    return together(
        ledger(f"{moved} AND {where}", key=key, amount=cash, part=part),
        deals(f"x.kind <> 'write_off' AND {where}", key=key, amount=dealt, part=part),
        worth(where, key=key, part=part),
    )


def _planned(where: str, key: str) -> str:
    return line(
        f"funds_fund x JOIN kernel_organisation o ON o.id = x.manager_id WHERE {where}", record="fund", key=key,
        id="x.id", ref="x.code", about="x.name", who="o.code", day="x.established_on", recorded="x.recorded_at",
        amount="x.planned_size",
    )  # fmt: skip


def _sizes(code: str, kind: str) -> dict[Key, Source]:
    where = f"x.kind = '{kind}'"
    return {
        (code, "fund"): Source(ledger(where, key=BY_FUND)),
        (code, ""): Source(ledger(f"{where} AND {OWN}")),
    }


_PAID_IN = ledger("x.kind = 'contribution'", key=BY_FUND, part=UNDER)
_GOT = ledger("x.kind = 'distribution'", key=BY_FUND, part=OVER)
_FLOWS = together(
    ledger("x.kind = 'contribution'", key=BY_FUND, amount="-x.amount"),
    ledger("x.kind = 'distribution'", key=BY_FUND),
    line(
        f"(SELECT f.id, f.code AS ref, f.code AS fund, f.name AS about, o.code AS who, coalesce(n.nav, 0) AS nav,"
        " (%(as_of)s::date - 1) AS day, %(known_at)s::timestamptz AS recorded_at FROM funds_fund f"
        " JOIN kernel_organisation o ON o.id = f.manager_id"
        f" LEFT JOIN (SELECT key, sum(amount) AS nav FROM ({nav('TRUE', key=BY_FUND)}) w GROUP BY key) n ON n.key = f.code) x",
        record="nav", key=BY_FUND, amount="x.nav", **_COMMON,
    ),
)  # fmt: skip
_BALANCED = Text(
    "内部收益率不是各笔之和：以所存利率折现，各笔现值之和为零",
    "A rate of return is no sum: discounted at the stored rate the lines are worth nothing",
)
_THIS_MONTH = "x.day >= %(month)s"
_SPLIT = Text(
    "沿基金链逐级按最大余数法分摊到分，不是各笔之和",
    "Apportioned along the chain of funds by largest remainders: not a sum of its lines",
)
#: Whole worth of what the fund, and every fund below it, holds of a firm: its share of each is the engine's.
_SEEN = f"""
WITH RECURSIVE below (holder, fund_id) AS (
  SELECT f.code, f.id FROM funds_fund f WHERE f.tier <> 'sub'
  UNION SELECT b.holder, i.fund_id FROM below b JOIN funds_investor i ON i.holder_id = b.fund_id)
SELECT b.holder || '|' || k.uscc AS key, '' AS part, 'holding' AS record, x.id, x.ref, x.about || ' · ' || x.fund AS about,
       x.who, coalesce(x.value_day, x.last_deal) AS day, coalesce(x.value_recorded_at, x.recorded_at) AS recorded_at,
       x.worth::numeric AS amount
  FROM {facts.HELD} x JOIN below b ON b.fund_id = x.fund_id JOIN kernel_firm k ON k.id = x.firm_id"""
_IN_FORCE = "x.kind IN ('commitment', 'release')"
_COMMITTED = "CASE x.kind WHEN 'commitment' THEN x.amount ELSE -x.amount END"


def _leverage(kinds: str, amount: str, over: str) -> dict[str, Source]:
    """By scope: per fund all its money, for the city what comes from no fund of ours."""

    def source(key: str, where: str) -> Source:
        told = {"key": key, "amount": amount}
        return Source(
            together(
                ledger(f"{kinds} AND {over} AND {where}", part=OVER, **told),
                ledger(f"{kinds} AND x.capital = 'fiscal' AND {where}", part=UNDER, **told),
            ),
            Adds.RATIO,
        )

    return {"fund": source(BY_FUND, "TRUE"), "": source("''", "x.holder_id IS NULL")}


SOURCES: dict[Key, Source] = {
    ("fund.planned", "fund"): Source(_planned("TRUE", "x.code")),
    ("fund.planned", ""): Source(_planned(OWN, "''")),
    **_sizes("fund.subscribed", "commitment"),
    **_sizes("fund.called", "call"),
    **_sizes("fund.paid_in", "contribution"),
    **_sizes("fund.distributed", "distribution"),
    ("fund.invested", "fund"): Source(deals("x.kind = 'investment'", key=BY_FUND, amount="x.cost")),
    ("fund.invested", ""): Source(deals(f"x.kind = 'investment' AND {OWN}", amount="x.cost")),
    ("fund.nav", "fund"): Source(nav("TRUE", key=BY_FUND)),
    ("fund.nav", ""): Source(nav(OWN)),
    ("fund.dpi", "fund"): Source(together(_GOT, _PAID_IN), Adds.RATIO),
    ("fund.rvpi", "fund"): Source(together(nav("TRUE", key=BY_FUND, part=OVER), _PAID_IN), Adds.RATIO),
    ("fund.tvpi", "fund"): Source(together(_GOT, nav("TRUE", key=BY_FUND, part=OVER), _PAID_IN), Adds.RATIO),
    ("fund.irr", "fund"): Source(_FLOWS, Adds.RATE, why=_BALANCED),
    ("fund.firms", "fund"): Source(
        line(
            f"{facts.HELD} x WHERE x.firm_id IS NOT NULL AND x.remaining > 0", record="holding", key=BY_FUND,
            id="x.id", ref="x.ref", about="x.about", who="x.who", day="x.last_deal", recorded="x.recorded_at", amount="1",
        )
    ),
    ("fund.subscribed", "capital"): Source(ledger(f"x.kind = 'commitment' AND {OWN}", key="x.capital")),
    ("deals.invested", ""): Source(deals(f"x.kind = 'investment' AND {_THIS_MONTH}", amount="x.cost")),
    ("deals.investments", ""): Source(
        deals(f"x.kind = 'investment' AND {_THIS_MONTH}", amount="CASE WHEN x.cost > 0 THEN 1 ELSE -1 END")
    ),
    ("deals.proceeds", ""): Source(deals(f"x.kind = 'exit' AND {_THIS_MONTH}", amount="x.cash")),
    ("deals.written_off", ""): Source(deals(f"x.kind = 'write_off' AND {_THIS_MONTH}", amount="x.cost")),
    **{
        (f"lookthrough.{basis}", "fund_firm"): Source(_SEEN, Adds.NOT, why=_SPLIT)
        for basis in ("paid_in", "nav", "commitment")
    },
    ("lookthrough.residual", "fund"): Source(nav("TRUE", key=BY_FUND), Adds.NOT, why=_SPLIT),
    **{
        ("fund.leverage_total", scope): source
        for scope, source in _leverage(_IN_FORCE, _COMMITTED, "TRUE").items()
    },
    **{
        ("fund.leverage_social", scope): source
        for scope, source in _leverage("x.kind = 'contribution'", "x.amount", "x.capital = 'social'").items()
    },
}  # fmt: skip
