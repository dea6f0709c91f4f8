"""The plan's targets, against their line, and what is missing of them."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_LINE = Text(
    "自基期值到目标值、自基期到完成时限按天直线推算；累计类自零起，比率、存量、名次类自截至基期的填报值起，增速类恒为目标值，"
    "每年一次的按当年推算；缺基期值或口径待定则无值",
    "By days on a straight line from the value at the baseline to the target at its deadline: what adds up begins at "
    "nothing, ratios, stocks and ranks at the value reported as of the baseline, a rate of growth is asked for as it "
    "stands, and what recurs runs by year; none without a baseline or while the meaning is open",
)

TARGETS: tuple[Entry, ...] = (
    Entry(
        "target.value", Unit.INDEX, Scope.TARGET, Text("目标现值", "Target, present value"),
        Text(
            "可计算的由本系统记录得出（基金规模取认缴），其余取最近一次经另一人批准的填报；每年一次的只取当年；未填报则无值",
            "Computed from our records where possible (fund sizes as subscribed), otherwise the latest report that "
            "another person has approved; of the running year where the target recurs; no value where nobody has reported",
        ),
        "targets.target_value", "target_reports",
    ),
    Entry(
        "target.progress", Unit.RATIO, Scope.TARGET, Text("目标完成度", "Target, progress"),
        Text(
            "现值 ÷ 目标值；“不高于”类目标为（基期值 − 现值）÷（基期值 − 目标值），缺基期值则无值",
            "Present value / target; of targets that cap a value (baseline - present) / (baseline - target), none "
            "without a baseline",
        ),
        "targets.target_progress", "target_reports",
    ),
    Entry(
        "target.expected", Unit.INDEX, Scope.TARGET, Text("目标应达值", "Target, expected by now"),
        _LINE, "targets.target_expected", "target_reports",
    ),
    Entry(
        "target.ahead", Unit.INDEX, Scope.TARGET, Text("目标超前", "Target, ahead of its line"),
        Text(
            "现值 − 应达值；“不高于”类目标为应达值 − 现值；负数为滞后",
            "Present value - expected; expected - present of targets that cap a value; below zero it is behind",
        ),
        "targets.target_ahead", "target_reports",
    ),
    Entry(
        "target.counted", Unit.COUNT, Scope.TARGET, Text("目标：本系统计数", "Target, as our records count it"),
        Text(
            "高新技术企业、省科技型中小企业为方案基准日以来首次认定的企业数，路演项目为基准日以来首次获得出资的企业数；"
            "在答复记录完整之前只是下限",
            "Firms first certified since the plan's baseline; of roadshow projects the firms first paid for since; a "
            "lower bound until it is answered that our records are complete",
        ),
        "targets.target_counted", "target_reports",
    ),
    Entry(
        "pipeline.listed_on_named_boards", Unit.COUNT, Scope.CITY,
        Text("其中：科创板、创业板上市企业", "of which listed on STAR or ChiNext"),
        Text("方案基准日以来在科创板、创业板发行上市的企业数", "Firms listed on STAR or ChiNext since the plan's baseline"),
        "targets.named_boards", "stages",
    ),
    Entry(
        "target.by_status", Unit.COUNT, Scope.TARGET_STATUS, Text("目标数（按状态）", "Targets by status"),
        Text(
            "已完成：达到目标值；逾期未完成：已过完成时限；正常、滞后：与应达值相比；未报送：无值；无法判断：无应达值；"
            "重复列项只计一次，既有条件不计",
            "Done: the target is reached; overdue: its deadline is past; on track or behind: against what is expected; not "
            "reported: no value; cannot be judged: nothing is expected. A metric counts once, a given of the plan not at all",
        ),
        "targets.by_status", "target_reports",
    ),
    Entry(
        "target.not_reported", Unit.COUNT, Scope.CITY, Text("未报送的目标数", "Targets not reported"),
        Text("没有现值的目标数，重复列项只计一次", "Targets without a present value, each metric once"),
        "targets.not_reported", "target_reports",
    ),
    Entry(
        "target.reports_overdue", Unit.COUNT, Scope.RESPONSIBLE_UNIT,
        Text("逾期未报的目标数", "Targets whose report is overdue"),
        Text(
            "按填报周期，期末后20日内应报；已报待批的不算逾期，退回的仍算；按牵头单位",
            "A report is due 20 days after its period ends; one that waits for approval is delivered, a rejected one is "
            "not; by lead unit",
        ),
        "targets.reports_overdue", "target_reports",
    ),
    Entry(
        "target.open_questions", Unit.COUNT, Scope.CITY, Text("方案未明事项", "Open questions of the plan"),
        Text("方案原文未写明、尚无答复的事项数", "What the plan leaves open and nobody has answered"),
        "targets.open_questions", "target_reports",
    ),
)  # fmt: skip
