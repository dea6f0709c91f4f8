"""What a tolerance can be set on, in words."""

from __future__ import annotations

from finance_hub.kernel.text import Text

TIERS = {
    "angel": Text("天使类基金", "Angel funds"),
    "mother": Text("母基金", "Mother funds"),
    "industry": Text("产业类基金", "Industry funds"),
    "sub": Text("子基金", "Sub-funds"),
}
CATEGORIES = {
    "seed": Text("种子类", "Seed"),
    "startup": Text("初创类", "Start-up"),
    "growth": Text("成长类", "Growth"),
    "expansion": Text("扩张类", "Expansion"),
    "mature": Text("成熟类", "Mature"),
    "unstaged": Text("阶段未登记", "Stage not registered"),
    "sub_fund": Text("子基金份额", "Stakes in sub-funds"),
}
