"""By what the exposure is cut, and in which words."""

from finance_hub.kernel.text import Text

DIMENSIONS: dict[str, Text] = {
    "firm": Text("企业", "Firm"),
    "group": Text("关联集团", "Control group"),
    "industry": Text("行业门类", "Industry section"),
    "town": Text("镇街", "Town"),
    "bank": Text("贷款银行", "Lending bank"),
    "sub_fund": Text("子基金", "Sub-fund"),
    "stage": Text("发展阶段", "Stage"),
}
#: The key of what the registry does not say, and its name.
UNKNOWN = "unknown"
UNKNOWN_PART = Text("未登记", "Not recorded")
