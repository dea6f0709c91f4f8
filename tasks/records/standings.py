"""What stands behind who has reported."""

from __future__ import annotations

from tasks.records import facts
from tasks.records.source import Source, line, together

Key = tuple[str, str]
_COMMON = {
    "id": "x.id",
    "ref": "x.ref",
    "about": "x.about",
    "who": "x.who",
    "day": "x.day",
    "recorded": "x.recorded_at",
}


def _banks(where: str = "TRUE", *, key: str = "''") -> str:
    return line(
        "(SELECT o.id, o.code AS ref, o.name AS about, o.code AS who, o.reports_since AS day,"
        f" NULL::timestamptz AS recorded_at FROM kernel_organisation o WHERE o.kind = 'bank' AND {where}) x",
        record="reporter", key=key, amount="1", **_COMMON,
    )  # fmt: skip


_FLOW, _STOCK = (f"o.id IN {facts.silent(dataset)}" for dataset in ("flow", "stock"))
_MISSING = together(
    *(
        _banks(where, key="x.ref").replace("x.ref AS ref", f"x.ref || ' · {name}' AS ref")
        for where, name in ((_FLOW, "flow"), (_STOCK, "stock"))
    )
)

SOURCES: dict[Key, Source] = {
    ("reporting.due", ""): Source(_banks()),
    ("reporting.complete", ""): Source(_banks(f"NOT ({_FLOW}) AND NOT ({_STOCK})")),
    ("reporting.missing", "reporter"): Source(_MISSING),
}
