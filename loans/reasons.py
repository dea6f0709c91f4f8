"""Why a reported fact is corrected or taken back: the code list of `GET /reference/reason-codes`."""

from __future__ import annotations

from typing import NamedTuple

from finance_hub.kernel.text import Text


class Reason(NamedTuple):
    code: str
    text: Text


#: What a refinancing is: the old loan repaid from a new one, or renewed without repaying its principal.
RENEWALS = (
    Reason("renew-by-new-loan", Text("借新还旧", "Repaid from a new loan")),
    Reason("renew-without-repayment", Text("无还本续贷", "Renewed without repayment")),
)
REASONS = (
    Reason("input-error", Text("录入有误", "Entered wrongly")),
    Reason("system-error", Text("系统故障", "Fault of a system")),
    Reason("late-posting", Text("迟到入账", "Posted late")),
    Reason("duplicate-report", Text("重复报送", "Reported twice")),
    Reason("contract-change", Text("合同变更", "The contract was changed")),
    Reason("reclassification", Text("重分类", "Reclassified")),
    Reason("audit-finding", Text("审计或检查发现", "Found by an audit or inspection")),
    Reason("rounding", Text("尾差调整", "Rounding")),
    Reason("other", Text("其他", "Other")),
    *RENEWALS,
)
