"""Exposure, listings and the plan's targets."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_EXPOSURE = Text(
    "直接股权剩余成本＋专项贷款余额＋未在贷款中列报的在保余额＋代偿后未追回额；不含子基金穿透",
    "Remaining cost of direct equity + loan balance + guarantees outstanding on loans not reported here "
    "+ compensation not recovered; look-through of sub-funds not included",
)


POLICY: tuple[Entry, ...] = (
    Entry(
        "exposure.total", Unit.YUAN, Scope.CITY, Text("公共资金总敞口", "Total public exposure"),
        _EXPOSURE, "risk.exposure_total", "exposure",
    ),
    Entry(
        "exposure.firm", Unit.YUAN, Scope.FIRM, Text("公共资金总敞口（前十户）", "Total public exposure, ten largest"),
        _EXPOSURE, "risk.exposure_top", "exposure",
    ),
    Entry(
        "exposure.firm_equity", Unit.YUAN, Scope.FIRM, Text("其中：股权", "of which equity"),
        Text("直接股权剩余成本", "Remaining cost of direct equity"), "risk.exposure_top_equity", "exposure",
    ),
    Entry(
        "exposure.firm_loans", Unit.YUAN, Scope.FIRM, Text("其中：贷款", "of which loans"),
        Text("专项贷款余额", "Loan balance"), "risk.exposure_top_loans", "exposure",
    ),
    Entry(
        "exposure.firm_guarantees", Unit.YUAN, Scope.FIRM, Text("其中：担保与代偿", "of which guarantees"),
        Text(
            "未在贷款中列报的在保余额与代偿后未追回额",
            "Guarantees on loans not reported here, and compensation not recovered",
        ),
        "risk.exposure_top_guarantees", "exposure",
    ),
    Entry(
        "exposure.top10_share", Unit.RATIO, Scope.CITY, Text("前十户占比", "Share of the ten largest"),
        Text("前十户敞口 ÷ 总敞口", "Exposure of the ten largest / total exposure"),
        "risk.exposure_top_share", "exposure",
    ),
    Entry(
        "exposure.hhi", Unit.INDEX, Scope.CITY, Text("集中度 HHI", "Concentration (HHI)"),
        Text("各户敞口占比平方和，0–1", "Sum of squared shares of the firms, 0-1"), "risk.exposure_hhi", "exposure",
    ),
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
