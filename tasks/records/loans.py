"""What stands behind the figures of loans: events for flows and balances, positions for classes and days overdue."""

from __future__ import annotations

from tasks.records import facts
from tasks.records.source import OVER, UNDER, Adds, Source, line, together

Key = tuple[str, str]
FLOW, STOCK = "flow", "stock"
BANK, PRODUCT, BOTH = "x.who", "x.product", "x.who || ':' || x.product"
CUTS = {"": "''", "bank": BANK, "product": PRODUCT, "bank_product": BOTH}
BAD = "x.five_tier IN ('substandard', 'doubtful', 'loss')"

_COMMON = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}


def moved(
    where: str = "TRUE",
    *,
    key: str = "''",
    amount: str = "x.effect",
    month: bool = False,
    part: str = "",
    speaking: bool = True,
) -> str:
    """Lines of loan events in force, of banks that have sent theirs or of all; what moves nothing is left out."""
    rows = f"{facts.events(month_only=month, speaking=speaking)} x WHERE ({amount}) <> 0 AND {where}"
    return line(rows, record="loan_event", key=key, amount=amount, part=part, **_COMMON)


def stood(where: str = "TRUE", *, key: str = "''", amount: str = "x.balance", part: str = "") -> str:
    """Lines of the positions at the month's end."""
    rows = f"{facts.positions()} x WHERE {where}"
    return line(rows, record="loan_position", key=key, amount=amount, part=part, **_COMMON)


def _flows(code: str, kind: str) -> dict[Key, Source]:
    return {
        (code, scope): Source(
            moved(f"x.kind = '{kind}'", key=key, amount="x.signed", month=True), lacks=(FLOW,)
        )
        for scope, key in CUTS.items()
    }


def _firms(key: str, by: str) -> str:
    """A line a borrower with a balance."""
    return line(
        f"(SELECT x.firm_id AS id, k.uscc AS ref, k.name AS about, {by} AS who, max(x.day) AS day,"
        f" max(x.recorded_at) AS recorded_at FROM {facts.events()} x JOIN kernel_firm k ON k.id = x.firm_id"
        " GROUP BY 1, 2, 3, 4 HAVING sum(x.effect) > 0) x",
        record="firm", key=key, amount="1", **_COMMON,
    )  # fmt: skip


def share(where: str, key: str) -> Source:
    """Of positions, the part that answers to `where`."""
    return Source(
        together(stood(where, key=key, part=OVER), stood(key=key, part=UNDER)), Adds.RATIO, lacks=(STOCK,)
    )


_BUCKET = (
    "CASE WHEN x.overdue_days = 0 THEN '0' WHEN x.overdue_days <= 30 THEN '1-30'"
    " WHEN x.overdue_days <= 60 THEN '31-60' WHEN x.overdue_days <= 90 THEN '61-90'"
    " WHEN x.overdue_days <= 180 THEN '91-180' WHEN x.overdue_days <= 270 THEN '181-270'"
    " WHEN x.overdue_days <= 360 THEN '271-360' ELSE '361+' END"
)
_HEARD = f"x.bank_id NOT IN {facts.silent(STOCK)} AND x.bank_id NOT IN {facts.silent(FLOW)}"
_DIFFERENCE = together(
    stood(_HEARD, key=BANK), moved(f"x.bank_id NOT IN {facts.silent(STOCK)}", key=BANK, amount="-x.effect")
)


def _migrated(amount: str) -> Source:
    """Of banks with positions of both months: a line a loan, that of the month before where there is one."""
    both = """
(SELECT b.bank_id FROM loans_loanreportbatch b
  WHERE b.dataset = 'stock' AND b.state = 'applied' AND b.finished_at <= %(known_at)s
    AND b.period IN (%(before)s, %(month)s) GROUP BY b.bank_id HAVING count(DISTINCT b.period) = 2)"""
    old, new = (
        f"(SELECT * FROM {facts.positions(month)} p WHERE p.balance > 0 AND p.bank_id IN {both})"
        for month in ("%(before)s", "%(month)s")
    )
    rows = f"""
(SELECT coalesce(b.five_tier, 'new') || ':' || coalesce(a.five_tier, 'closed') AS key, coalesce(b.id, a.id) AS id,
        coalesce(b.ref, a.ref) AS ref, coalesce(b.about, a.about) AS about, coalesce(b.who, a.who) AS who,
        coalesce(b.day, a.day) AS day, coalesce(b.recorded_at, a.recorded_at) AS recorded_at,
        coalesce(b.balance, a.balance) AS balance
   FROM {old} b FULL JOIN {new} a ON a.drawdown_id = b.drawdown_id) x"""
    return Source(line(rows, record="loan_position", key="x.key", amount=amount, **_COMMON), lacks=(STOCK,))


_RENEWAL = (
    "CASE WHEN x.record_type = 'extension' THEN 'extension'"
    " WHEN x.reason_code IN ('renew-by-new-loan', 'renew-without-repayment') THEN x.reason_code ELSE 'unknown' END"
)
_NOT_TAKEN_BACK = """
  NOT EXISTS (SELECT FROM loans_loanevent r WHERE r.bank_id = x.bank_id AND r.reverses = x.external_event_id
                 AND r.reverses <> '' AND r.recorded_at <= %(known_at)s)"""


def _renewed(kinds: str, amount: str) -> Source:
    """Every bank's: a renewal is counted though the bank has not sent its file of the month."""
    rows = f"{facts.events(month_only=True, speaking=False)} x WHERE x.record_type IN ({kinds}) AND {_NOT_TAKEN_BACK}"
    return Source(line(rows, record="loan_event", key=_RENEWAL, amount=amount, **_COMMON), lacks=(FLOW,))


_BRANCH = """
coalesce((SELECT b.kind FROM loans_branch b
           WHERE b.bank_id = x.bank_id AND b.code = x.branch_code AND b.valid_from < %(as_of)s
             AND b.recorded_at <= %(known_at)s ORDER BY b.valid_from DESC, b.id DESC LIMIT 1), 'unknown')"""
_KINDS = "(VALUES ('specialised'), ('talent'), ('ordinary'), ('closed'), ('unknown')) kinds (kind)"
_BRANCH_SHARE = together(
    moved(key=_BRANCH, part=OVER),
    line(
        f"{facts.events()} x CROSS JOIN {_KINDS} WHERE x.effect <> 0", record="loan_event", key="kinds.kind",
        amount="x.effect", part=UNDER, **_COMMON,
    ),
)  # fmt: skip

SOURCES: dict[Key, Source] = {
    **{("loans.balance", scope): Source(moved(key=key), lacks=(FLOW,)) for scope, key in CUTS.items()},
    **_flows("loans.disbursed", "disbursement"),
    **_flows("loans.repaid", "repayment"),
    ("loans.written_off", ""): Source(
        moved("x.kind = 'write_off'", amount="x.signed", month=True), lacks=(FLOW,)
    ),
    ("loans.firms", ""): Source(_firms("''", "'city'::text"), lacks=(FLOW,)),
    ("loans.firms", "bank"): Source(_firms("x.who", "x.who"), lacks=(FLOW,)),
    ("loans.five_tier", "five_tier"): Source(stood(key="x.five_tier"), lacks=(STOCK,)),
    ("loans.npl_ratio", ""): share(BAD, "''"),
    ("loans.npl_ratio", "bank"): share(BAD, BANK),
    ("loans.stock_flow_difference", "bank"): Source(_DIFFERENCE, lacks=(FLOW, STOCK)),
    ("loans.overdue", "overdue"): Source(stood(key=_BUCKET), lacks=(STOCK,)),
    ("loans.overdue", "bank_overdue"): Source(stood(key=f"x.who || ':' || {_BUCKET}"), lacks=(STOCK,)),
    ("loans.overdue_ratio", ""): share("x.overdue_days > 0", "''"),
    ("loans.overdue_ratio", "bank"): share("x.overdue_days > 0", BANK),
    ("loans.migration", "migration"): _migrated("x.balance"),
    ("loans.migration_drawdowns", "migration"): _migrated("1"),
    ("loans.renewals", "renewal"): _renewed("'extension', 'refinancing'", "1"),
    ("loans.renewed", "renewal"): _renewed("'refinancing'", "x.signed"),
    ("loans.balance", "branch_kind"): Source(moved(key=_BRANCH), lacks=(FLOW,)),
    ("loans.branch_share", "branch_kind"): Source(_BRANCH_SHARE, Adds.RATIO, lacks=(FLOW,)),
}
