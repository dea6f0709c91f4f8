"""Words of funds, deals and listings that figures do not carry, in both languages."""

from finance_hub.kernel.text import Text
from tasks.catalogue.policy import STAGE_NAMES

TIERS = {
    "angel": Text("天使基金", "Angel fund"),
    "mother": Text("母基金", "Mother fund"),
    "industry": Text("产业基金", "Industry fund"),
    "sub": Text("子基金", "Sub-fund"),
}
BASES = {
    "commitment": Text("认缴", "commitment"),
    "paid_in": Text("实缴", "paid-in"),
    "invested": Text("已投", "invested"),
    "net_assets": Text("净资产", "net assets"),
}
ORDERS = {
    "european": Text("整体分配", "whole fund"),
    "american": Text("按项目分配", "deal by deal"),
}
COMPOUNDING = {
    "annually": Text("按年复利", "compounded annually"),
    "daily": Text("按日复利", "compounded daily"),
    "simple": Text("单利", "simple"),
}
METHODS = {
    "cost": Text("成本法", "Cost"),
    "latest_round": Text("最近融资价格法", "Latest round"),
    "market": Text("市场乘数法", "Market multiples"),
    "net_assets": Text("净资产法", "Net assets"),
    "discounted_cash_flow": Text("现金流折现法", "Discounted cash flow"),
}
#: Where a deal stands on the road, and how it can end there.
PLACES = {
    "met": Text("接洽", "Met"),
    "screening": Text("初筛", "Screening"),
    "due_diligence": Text("尽调", "Due diligence"),
    "committee": Text("投决", "Committee"),
    "signed": Text("签约", "Signed"),
    "paid": Text("已出资", "Paid"),
    "declined": Text("放弃", "Declined"),
    "withdrawn": Text("撤回", "Withdrawn"),
}
ENTRIES = {
    "investment": Text("投资", "Investment"),
    "exit": Text("退出", "Exit"),
    "write_off": Text("核销", "Write-off"),
    "recovery": Text("核销后收回", "Recovery"),
    "income": Text("股息利息", "Income"),
}
BOARDS = {
    "star": Text("科创板", "STAR market"),
    "chinext": Text("创业板", "ChiNext"),
    "beijing": Text("北交所", "Beijing exchange"),
    "main": Text("主板", "Main board"),
    "hong_kong": Text("港交所", "Hong Kong"),
}
STAGES = {
    **STAGE_NAMES,
    "listed": Text("发行上市", "Listed"),
    "withdrawn": Text("撤回/终止", "Withdrawn"),
    "rejected": Text("不予注册", "Rejected"),
}
