"""Every record that an exposure rests on, with what it adds to each measure of it: the family of statements."""

from __future__ import annotations

from typing import Final

from tasks.records import facts
from tasks.records.bearing import ASSUMED, NOTHING_ASSUMED, UNRECOVERED, borne, lgd
from tasks.records.loan_lives import SUBSIDIES
from tasks.records.through import PATHS

#: Firms that fail alone, and those under one controller together; a firm without one is the negative of its id there.
FIRM: Final = "('firm', k.id)"
GROUP: Final = "('group', coalesce(k.group_id, -k.id))"
#: What adds to no exposure.
ADDING: Final = "l.line <> 'subsidies'"
_COST: Final = "CASE x.kind WHEN 'investment' THEN x.cost ELSE -x.cost END"


def _select(line: str, rows: str, *, record: str, **columns: str) -> str:
    """Columns of one kind of record; amounts that are not said are zero."""
    named = {
        "firm_id": "x.firm_id", "via": "''", "id": "x.id", "ref": "x.ref", "about": "x.about", "who": "x.who",
        "day": "x.day", "recorded_at": "x.recorded_at", "cost": "0", "fair": "0", "loss": "0", "finance": "0",
        **columns,
    }  # fmt: skip
    said = ", ".join(f"{column} AS {name}" for name, column in named.items())
    return f"SELECT {line} AS line, {record} AS record, {said} FROM {rows}"


_DIRECT: Final = "x.firm_id IS NOT NULL AND x.tier <> 'sub'"
_VALUED: Final = "x.value_id IS NOT NULL"
_WITHOUT_COVERS: Final = "\n  UNION ALL\n  ".join(
    (
        _select("'equity'", f"{facts.DEALS} x WHERE {_DIRECT} AND x.cost <> 0", record="'holding_event'", cost=_COST,
                finance=_COST),
        _select(
            "'equity'", f"{facts.HELD} x WHERE {_DIRECT}",
            record=f"CASE WHEN {_VALUED} THEN 'valuation' ELSE 'holding' END", id="coalesce(x.value_id, x.id)",
            ref="coalesce(x.value_ref, x.ref)", day=f"CASE WHEN {_VALUED} THEN x.value_day ELSE x.last_deal END",
            recorded_at="coalesce(x.value_recorded_at, x.recorded_at)", fair="x.worth",
            loss=f"round(x.worth * {lgd('equity')}, 2)",
        ),
        _select(
            "'equity_through'",
            "paths x JOIN funds_fund h ON h.id = x.holder_id JOIN funds_fund f ON f.id = x.via_id"
            " JOIN kernel_organisation o ON o.id = f.manager_id JOIN kernel_firm k ON k.id = x.firm_id",
            record="'held_through'", via="f.code", id="x.via_id", ref="h.code || ' · ' || f.code || ' · ' || k.uscc",
            about="k.name", who="o.code", day="%(as_of)s::date - 1", recorded_at="NULL::timestamptz", cost="x.cost",
            fair="x.worth", loss=f"round(x.worth * {lgd('equity')}, 2)", finance="x.cost",
        ),
        _select("'loans'", "effects x", record="'loan_event'", finance="x.effect"),
        _select(
            "'compensation'", f"{UNRECOVERED} w JOIN {facts.GUARANTEED} x ON x.id = w.id", record="'claim'",
            cost="w.public", fair="w.public", loss=f"round(w.public * {lgd('claim')}, 2)", finance="w.whole",
        ),
        _select(
            "'subsidies'", f"({SUBSIDIES}) x", record="'drawdown'", ref="x.ref || ' · ' || to_char(x.day, 'YYYY-MM')",
            cost="x.payable", loss="x.payable", finance="x.payable",
        ),
    )
)  # fmt: skip
_COVERS: Final = _select(
    "CASE WHEN x.reported THEN 'loans_shared' WHEN x.is_policy THEN 'insurance' ELSE 'guarantees' END",
    "borne b JOIN covers x ON x.id = b.id", record="'guarantee'", cost="b.public / 100", fair="b.public / 100",
    loss="b.lost / 100", finance="CASE WHEN x.reported THEN 0 ELSE b.whole / 100 END", kind="b.kind", unit="b.unit",
)  # fmt: skip
_COLUMNS: Final = """b.line, b.record, b.firm_id, b.via, b.id, b.ref, b.about, b.who, b.day, b.recorded_at, b.cost, b.fair,
         b.loss, b.finance"""


def exposed(*units: str, losses: bool = False) -> str:
    """The head of a statement, which ends with `lines`: rows of each unit with their `cost`, `fair` value and `loss` of
    public money and their part of all `finance`, in yuan.

    A loss is null where it is not asked for, and where nothing is assumed. `registry` is today's where no group is asked for.
    """
    listed = ", ".join(units)
    registry = facts.REGISTRY if GROUP in units else "kernel_firm"
    return f"""
WITH RECURSIVE {ASSUMED if losses else NOTHING_ASSUMED},
registry AS MATERIALIZED (SELECT * FROM {registry} k),
effects AS MATERIALIZED (
  SELECT x.id, x.ref, x.about, x.who, x.day, x.recorded_at, x.firm_id, x.bank_id, x.drawdown_id, x.effect
    FROM {facts.events(speaking=False)} x WHERE x.effect <> 0),{PATHS},{borne(listed)},
lines AS MATERIALIZED (
  SELECT u.kind, u.unit, {_COLUMNS}
    FROM ({_WITHOUT_COVERS}) b JOIN registry k ON k.id = b.firm_id
    CROSS JOIN LATERAL (VALUES {listed}) u (kind, unit)
  UNION ALL
  SELECT b.kind, b.unit, {_COLUMNS} FROM ({_COVERS}) b)"""
