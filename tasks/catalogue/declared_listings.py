"""Listings forecast, and how the firms under way stand by the listing standards."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_FORECAST = Text(
    "按各阶段停留时间与通过率（本地历史，先验数据平滑）推算至目标截止日；截止日已过的推算至次年末；企业之间视为相互独立",
    "From dwell times and conversions of the pipeline's own history, shrunk to prior figures, up to the target's "
    "deadline, or to the end of the next year once it has passed; firms are taken to be independent",
)
_READY = Text(
    "在途申报对照其申报板块当日有效的标准；缺数据为待定，不作不符合；已过上市委的按上市委当日标准",
    "Attempts under way by the standards of their board in force on the day; missing figures are unknown and never "
    "a failure; who has passed the committee is judged as of its day",
)

LISTINGS: tuple[Entry, ...] = (
    Entry(
        "listing.expected", Unit.MULTIPLE, Scope.COUNTING, Text("预计新增上市家数", "Listings expected"),
        Text(f"方案基准日以来已上市与预计上市的家数。{_FORECAST.zh}",
             f"Listed since the plan's baseline and expected to list. {_FORECAST.en}"),
        "listings.expected", "stages",
    ),
    Entry(
        "listing.at_least_target", Unit.RATIO, Scope.COUNTING, Text("达到目标家数的概率", "Probability of reaching the target"),
        _FORECAST, "listings.at_least_target", "stages",
    ),
    Entry(
        "listing.probability", Unit.RATIO, Scope.LISTINGS, Text("上市家数的概率分布", "Probability of each number of listings"),
        Text(f"各上市家数的概率（泊松二项分布）。{_FORECAST.zh}",
             f"The probability of each number of listings (Poisson-binomial). {_FORECAST.en}"),
        "listings.probability", "stages",
    ),
    Entry(
        "listing.expected_board", Unit.MULTIPLE, Scope.BOARD, Text("分板块预计上市家数", "Listings expected by board"),
        Text(f"同时申报两个板块的企业在两处各计。{_FORECAST.zh}",
             f"A firm that tries on two boards stands on both. {_FORECAST.en}"),
        "listings.expected_by_board", "stages",
    ),
    Entry(
        "listing.chance", Unit.RATIO, Scope.FIRM, Text("企业按期上市的概率", "Probability that the firm lists in time"),
        _FORECAST, "listings.chances", "stages",
    ),
    Entry(
        "readiness.financial", Unit.COUNT, Scope.READINESS, Text("财务标准符合情况", "Standing by the financial standards"),
        Text(f"符合任一套财务标准即为符合。{_READY.zh}", f"One financial standard is enough. {_READY.en}"),
        "readiness.by_financials", "financial_years",
    ),
    Entry(
        "readiness.whole", Unit.COUNT, Scope.READINESS, Text("上市条件符合情况", "Standing by all listing conditions"),
        Text(f"财务标准之一、板块定位（科创属性）与股本等条件均须符合。{_READY.zh}",
             f"One financial standard, the board's attributes, and its conditions of capital and past. {_READY.en}"),
        "readiness.by_everything", "financial_years",
    ),
)  # fmt: skip
