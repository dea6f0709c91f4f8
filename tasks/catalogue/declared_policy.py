"""Firms on their way to a listing."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

POLICY: tuple[Entry, ...] = (
    Entry(
        "pipeline.firms", Unit.COUNT, Scope.STAGE, Text("上市梯队", "Listing pipeline"),
        Text("各阶段在途企业数", "Firms under way, by stage in force"), "policy.pipeline", "stages",
    ),
    Entry(
        "pipeline.under_way", Unit.COUNT, Scope.CITY, Text("上市后备企业", "Firms on their way to a listing"),
        Text("未上市、未终止的企业数", "Firms neither listed nor ended"), "policy.under_way", "stages",
    ),
    Entry(
        "pipeline.listed", Unit.COUNT, Scope.CITY, Text("新增上市企业", "New listings"),
        Text("方案基准日以来发行上市的企业数", "Firms listed since the plan's baseline"), "policy.listed", "stages",
    ),
)  # fmt: skip
