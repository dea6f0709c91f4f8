"""How specialty loans are paid, renewed, subsidised and granted."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from tasks.catalogue.entry import Entry, Scope, Unit

_OVERDUE = Text("逾期余额分布", "Balance by days overdue")
_OVERDUE_MEANING = Text(
    "各行月末存量按逾期天数（S71 口径）分组的余额",
    "Month-end balance by days overdue, in the buckets of report S71",
)
_RATIO = Text("逾期率", "Overdue ratio")
_RATIO_MEANING = Text(
    "逾期一天以上的贷款余额 ÷ 月末存量余额，仅含已报送存量的银行",
    "Balance of loans overdue by a day or more / month-end balance, of the banks that have reported positions",
)
_SUBSIDY = Text("当月应付贴息", "Interest subsidy of the month")
_SUBSIDY_MEANING = Text(
    "本金积数 × 贴息率 ÷ 360；逾期天数与到期后不计；企业年度上限内。须报齐发生额与存量",
    "Principal-days x subsidy rate / 360, none for days overdue or past maturity, up to a firm's cap of the year; of"
    " banks that have reported both data sets",
)
_FROM_TO = Text(
    "上月末与本月末均已报送存量的银行；余额取上月末，新增取本月末",
    "Of banks that have reported both month ends; balances of the month before, of this month where new",
)

AGEING: tuple[Entry, ...] = (
    Entry("loans.overdue", Unit.YUAN, Scope.OVERDUE, _OVERDUE, _OVERDUE_MEANING, "ageing.overdue_city", "loan_positions"),
    Entry(
        "loans.overdue", Unit.YUAN, Scope.BANK_OVERDUE, _OVERDUE, _OVERDUE_MEANING, "ageing.overdue_bank",
        "loan_positions",
    ),
    Entry(
        "loans.overdue_ratio", Unit.RATIO, Scope.CITY, _RATIO, _RATIO_MEANING, "ageing.overdue_ratio_city",
        "loan_positions",
    ),
    Entry(
        "loans.overdue_ratio", Unit.RATIO, Scope.BANK, _RATIO, _RATIO_MEANING, "ageing.overdue_ratio_bank",
        "loan_positions",
    ),
    Entry(
        "loans.migration", Unit.YUAN, Scope.MIGRATION, Text("五级分类迁徙（余额）", "Class migration, balance"),
        _FROM_TO, "ageing.migration", "loan_positions",
    ),
    Entry(
        "loans.migration_drawdowns", Unit.COUNT, Scope.MIGRATION, Text("五级分类迁徙（笔数）", "Class migration, drawdowns"),
        _FROM_TO, "ageing.migration_drawdowns", "loan_positions",
    ),
    Entry(
        "loans.vintage", Unit.RATIO, Scope.VINTAGE, Text("账龄不良率", "Vintage"),
        Text(
            "该季度发放额中，在账龄期内曾逾期超过 90 天、曾列不良或曾核销的部分",
            "Of what was lent in the quarter, the part once more than 90 days overdue, non-performing or written off by"
            " that many months on book",
        ),
        "ageing.vintage", "loan_positions",
    ),
    Entry(
        "loans.renewals", Unit.COUNT, Scope.RENEWAL, Text("当月展期与续贷笔数", "Renewals in the month"),
        Text("起息日在当月的展期、借新还旧与无还本续贷笔数", "Extensions and refinancings with a value date in the month"),
        "ageing.renewals", "loan_events",
    ),
    Entry(
        "loans.renewed", Unit.YUAN, Scope.RENEWAL, Text("当月续贷金额", "Refinanced in the month"),
        Text("当月借新还旧与无还本续贷金额", "Amount refinanced with a value date in the month, by kind"),
        "ageing.renewed", "loan_events",
    ),
    Entry(
        "loans.balance", Unit.YUAN, Scope.BRANCH_KIND, Text("专项贷款余额", "Loan balance"),
        Text("按月末网点类别的贷款余额", "Loan balance by what the branch is at the month's end"),
        "ageing.balance_branch_kind", "loan_events",
    ),
    Entry(
        "loans.branch_share", Unit.RATIO, Scope.BRANCH_KIND, Text("专营机构占比", "Share by kind of branch"),
        Text("该类网点的贷款余额 ÷ 贷款余额", "Loan balance through branches of the kind / loan balance"),
        "ageing.branch_share", "loan_events",
    ),
    Entry("loans.subsidy", Unit.YUAN, Scope.CITY, _SUBSIDY, _SUBSIDY_MEANING, "ageing.subsidy_city", "loan_events"),
    Entry("loans.subsidy", Unit.YUAN, Scope.BANK, _SUBSIDY, _SUBSIDY_MEANING, "ageing.subsidy_bank", "loan_events"),
)  # fmt: skip
