"""Rules on the reports themselves: late, empty, corrected after the bank had confirmed, odd names."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from loans.models import SubjectKind
from loans.quality.rule import NAMED, OF_EVENT, OF_POSITION, Rule, Severity

_WARNING, _NOTICE = Severity.WARNING, Severity.NOTICE

_NAME = Rule(
    "firm-name-differs", _NOTICE, SubjectKind.FIRM,
    Text("企业名称与登记不同", "A firm's name differs from the registry's"),
    Text("合同 {contract_no} 报送的企业名称与登记的“{registered}”不同",
         "The report of contract {contract_no} has another name than the registry's {registered}"),
    Text("企业更名的，由中心登记新名称；否则由银行更正",
         "The centre records the new name if the firm was renamed; else the bank corrects its own"),
    """SELECT DISTINCT ON (o.bank_id, o.contract_no) o.bank_id, o.contract_no, '', k.uscc, o.batch_id, o.row_number,
              jsonb_build_object('registered', k.name, 'contract_no', o.contract_no)
         FROM loans_rowoutcome o
         JOIN loans_loanreportbatch b ON b.id = o.batch_id AND b.period = %(month)s AND b.state = 'applied'
              AND b.finished_at <= %(known_at)s
         JOIN loans_contract c ON c.bank_id = o.bank_id AND c.contract_no = o.contract_no
         JOIN kernel_firm k ON k.id = c.firm_id
        WHERE o.outcome = 'warning'
          -- Once the registry says something else than it said then, the row is no longer known to differ.
          AND EXISTS (SELECT FROM jsonb_array_elements(o.errors) fault
                       WHERE fault ->> 'code' = 'firm-name-differs'
                         AND fault #>> '{context,registered}' = k.name)
        ORDER BY o.bank_id, o.contract_no, o.batch_id DESC, o.row_number""",
)  # fmt: skip

_LATE = Rule(
    "late-report", _NOTICE, SubjectKind.REPORT,
    Text("迟报", "Reported late"),
    Text("期限 {due}，首次入账 {applied}", "Due on {due}, first applied on {applied}"),
    Text("提醒银行按期报送", "Remind the bank of the due day"),
    """SELECT b.bank_id, '', '', b.dataset, b.id, NULL::int,
              jsonb_build_object('due', to_char(%(due_at)s AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
                                 'applied', to_char(b.finished_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))
         FROM (SELECT DISTINCT ON (bank_id, dataset) * FROM loans_loanreportbatch
                WHERE period = %(month)s AND state = 'applied' AND finished_at <= %(known_at)s
                ORDER BY bank_id, dataset, finished_at, id) b
         JOIN kernel_organisation o ON o.id = b.bank_id
        WHERE b.finished_at > %(due_at)s AND (o.reports_since IS NULL OR o.reports_since <= %(month)s)""",
)  # fmt: skip

_EMPTY = Rule(
    "zero-row-report", _NOTICE, SubjectKind.REPORT,
    Text("零行报告", "A report without rows"),
    Text("该数据集当月只有零行报告", "The data set of the month has no row in any report"),
    Text("向银行确认当月确无业务", "Ask the bank whether nothing happened"),
    """SELECT b.bank_id, '', '', b.dataset, max(b.id), NULL::int, '{}'::jsonb
         FROM loans_loanreportbatch b
        WHERE b.period = %(month)s AND b.state = 'applied' AND b.finished_at <= %(known_at)s
        GROUP BY b.bank_id, b.dataset HAVING max((b.computed_totals ->> 'rows')::bigint) = 0""",
)  # fmt: skip

#: When each bank last said that the month matches.
_SAID = """SELECT DISTINCT ON (bank_id) bank_id, recorded_at FROM loans_confirmation
            WHERE period = %(month)s AND matched AND recorded_at <= %(known_at)s
            ORDER BY bank_id, number DESC"""
_SINCE = (
    "jsonb_build_object('confirmed', to_char(said.recorded_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))"
)
_CORRECTED = Rule(
    "corrected-after-confirmation", _WARNING, SubjectKind.EVENT,
    Text("确认后又更正", "Corrected after the bank had confirmed"),
    Text("银行已于 {confirmed} 确认当月，其后又有更正", "The bank confirmed the month on {confirmed} and corrected it since"),
    Text("请银行重新对账并确认", "The bank reconciles and confirms again"),
    f"""SELECT {OF_EVENT}, {_SINCE}
          FROM quality_event x JOIN ({_SAID}) said ON said.bank_id = x.bank_id {NAMED}
         WHERE (x.revision > 1 OR x.record_type = 'reversal') AND x.recorded_at > said.recorded_at
        UNION ALL
        SELECT {OF_POSITION}, {_SINCE}
          FROM quality_stock x JOIN ({_SAID}) said ON said.bank_id = x.bank_id {NAMED}
         WHERE x.revision > 1 AND x.recorded_at > said.recorded_at""",
)  # fmt: skip

RULES = (_NAME, _LATE, _EMPTY, _CORRECTED)
