"""Rules on single loans: their balances, classes, terms and pledges."""

from __future__ import annotations

from finance_hub.kernel.text import Text
from loans.models import SubjectKind
from loans.quality.rule import NAMED, OF_EVENT, OF_POSITION, Rule, Severity
from loans.queries.in_force import EVENTS

_ERROR, _WARNING, _NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_DRAWDOWN, _EVENT, _FIRM, _PLEDGE = (
    SubjectKind.DRAWDOWN,
    SubjectKind.EVENT,
    SubjectKind.FIRM,
    SubjectKind.PLEDGE,
)

_STOCK_FLOW = Rule(
    "stock-flow-differs", _ERROR, _DRAWDOWN,
    Text("存量与发生额不一致", "Stock and flow differ"),
    Text("存量余额 {stock}，发生额推算余额 {flow}，相差 {difference}",
         "The stock says {stock}, the flow gives {flow}: a difference of {difference}"),
    Text("核对该借据的发生额是否漏报，或更正存量余额",
         "See whether an event was not reported, or correct the balance of the stock"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('stock', x.balance::text, 'flow', f.balance::text,
                                                'difference', (x.balance - f.balance)::text)
          FROM quality_stock x JOIN quality_flow f ON f.drawdown_id = x.drawdown_id {NAMED}
         WHERE f.balance <> 0 AND f.balance <> x.balance""",
)  # fmt: skip

_MISSING = Rule(
    "missing-from-snapshot", _WARNING, _DRAWDOWN,
    Text("存量报告遗漏", "Missing from the snapshot"),
    Text("余额为 {flow} 的借据不在存量报告中", "The drawdown with balance {flow} is not in the snapshot"),
    Text("补报该借据的存量，或报送使其结清的发生额",
         "Report its position, or the event that paid it off"),
    f"""SELECT x.bank_id, c.contract_no, d.drawdown_no, '', last.batch_id, last.row_number,
               jsonb_build_object('flow', x.balance::text)
          FROM quality_flow x {NAMED}
          JOIN quality_stocked b ON b.bank_id = x.bank_id AND b.month = %(month)s
          LEFT JOIN LATERAL (SELECT e.batch_id, e.row_number FROM loans_loanevent e
                              WHERE e.drawdown_id = x.drawdown_id AND e.value_date < %(end)s
                                AND e.recorded_at <= %(known_at)s
                              ORDER BY e.value_date DESC, e.id DESC LIMIT 1) last ON true
         WHERE x.balance <> 0
           AND NOT EXISTS (SELECT FROM quality_stock s WHERE s.drawdown_id = x.drawdown_id)""",
)  # fmt: skip

_WITHOUT_FLOW = Rule(
    "position-without-flow", _ERROR, _DRAWDOWN,
    Text("有存量而无发生额", "A position without flow"),
    Text("存量余额 {stock}，而发生额推算余额为零", "The stock says {stock} where the flow gives nothing"),
    Text("核对发放是否漏报或被误冲正", "See whether its disbursement is missing or was reversed by mistake"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('stock', x.balance::text)
          FROM quality_stock x LEFT JOIN quality_flow f ON f.drawdown_id = x.drawdown_id {NAMED}
         WHERE x.balance > 0 AND coalesce(f.balance, 0) = 0""",
)  # fmt: skip

_OVERDUE_NORMAL = Rule(
    "overdue-but-normal", _WARNING, _DRAWDOWN,
    Text("逾期而分类为正常", "Overdue, and yet normal"),
    Text("逾期 {overdue_days} 天，五级分类为正常", "{overdue_days} days overdue, classified as normal"),
    Text("确认是否属技术性逾期；否则至少应为关注", "Fine for a technical delay; else special mention at least"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('overdue_days', x.overdue_days::text)
          FROM quality_stock x {NAMED} WHERE x.overdue_days > 0 AND x.five_tier = 'normal'""",
)  # fmt: skip

_OVERDUE_ABOVE = Rule(
    "overdue-exceeds-balance", _ERROR, _DRAWDOWN,
    Text("逾期本金大于余额", "More overdue than owed"),
    Text("逾期本金 {overdue} 大于余额 {stock}", "Overdue principal {overdue} exceeds the balance {stock}"),
    Text("更正逾期本金或余额", "Correct the overdue principal or the balance"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('overdue', x.overdue_principal::text, 'stock', x.balance::text)
          FROM quality_stock x {NAMED} WHERE x.overdue_principal > x.balance""",
)  # fmt: skip

_MATURED = Rule(
    "matured-without-overdue", _WARNING, _DRAWDOWN,
    Text("到期未还而无逾期天数", "Matured, unpaid, and not overdue"),
    Text("已于 {maturity_date} 到期，余额 {stock}，逾期天数为零",
         "Matured on {maturity_date} with balance {stock} and no day overdue"),
    Text("报送展期，或更正逾期天数", "Report an extension, or correct the days overdue"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('maturity_date', due.day::text, 'stock', x.balance::text)
          FROM quality_stock x {NAMED}
         CROSS JOIN LATERAL (
               SELECT greatest(d.maturity_date, (
                      SELECT max(e.maturity_date) FROM loans_loanevent e
                       WHERE e.drawdown_id = x.drawdown_id AND e.record_type = 'extension'
                         AND e.value_date < %(end)s AND {EVENTS}
                         AND NOT EXISTS (SELECT FROM loans_loanevent r
                                          WHERE r.bank_id = e.bank_id AND r.reverses <> ''
                                            AND r.reverses = e.external_event_id
                                            AND r.recorded_at <= %(known_at)s))) AS day) due
         WHERE x.balance > 0 AND x.overdue_days = 0 AND d.maturity_date < %(last)s AND due.day < %(last)s""",
)  # fmt: skip

_SILENT = Rule(
    "silent-drawdown", _NOTICE, _DRAWDOWN,
    Text("三个月无动静的借据", "A drawdown nothing is heard of"),
    Text("余额 {flow}，连续 {months} 个月既无发生额也无存量",
         "Balance {flow}, and neither an event nor a position for {months} months"),
    Text("核对该借据是否已结清而未报送", "See whether it was paid off and never reported"),
    f"""SELECT x.bank_id, c.contract_no, d.drawdown_no, '', NULL::bigint, NULL::int,
               jsonb_build_object('flow', x.balance::text, 'months', %(silent_months)s::text)
          FROM quality_flow x {NAMED}
         WHERE x.balance <> 0 AND d.disbursed_on < %(silent_since)s
           AND (SELECT count(*) FROM quality_stocked b WHERE b.bank_id = x.bank_id
                   AND b.month BETWEEN %(silent_since)s AND %(month)s) = %(silent_months)s
           AND NOT EXISTS (SELECT FROM loans_loanevent e WHERE e.drawdown_id = x.drawdown_id
                              AND e.value_date >= %(silent_since)s AND e.value_date < %(end)s
                              AND e.recorded_at <= %(known_at)s)
           AND NOT EXISTS (SELECT FROM loans_loanposition p
                            WHERE p.bank_id = x.bank_id AND p.drawdown_id = x.drawdown_id
                              AND p.month BETWEEN %(silent_since)s AND %(month)s
                              AND p.recorded_at <= %(known_at)s)""",
)  # fmt: skip

_UNVERIFIED = Rule(
    "borrower-unverified", _WARNING, _FIRM,
    Text("借款企业未经核实", "A borrower not verified"),
    Text("企业“{name}”首次见于合同 {contract_no} 的报送，尚未核实",
         "{name} was first heard of from the report of contract {contract_no} and is not verified"),
    Text("中心核实企业登记信息", "The centre verifies the firm's record"),
    """SELECT DISTINCT ON (x.bank_id, k.uscc) x.bank_id, '', '', k.uscc, x.batch_id, x.row_number,
              jsonb_build_object('name', k.name, 'contract_no', c.contract_no)
         FROM quality_event x
         JOIN loans_drawdown d ON d.id = x.drawdown_id
         JOIN loans_contract c ON c.id = d.contract_id
         JOIN kernel_firm k ON k.id = c.firm_id
        WHERE x.record_type = 'disbursement' AND k.source = 'bank_report' AND NOT k.verified
          AND NOT EXISTS (SELECT FROM loans_contract oc JOIN loans_drawdown od ON od.contract_id = oc.id
                           WHERE oc.firm_id = k.id AND oc.bank_id = x.bank_id
                             AND od.disbursed_on < %(month)s)
        ORDER BY x.bank_id, k.uscc, x.value_date, x.row_number""",
)  # fmt: skip

_REASON = Rule(
    "reason-code-unknown", _NOTICE, _EVENT,
    Text("原因代码不在代码表中", "A reason code that is not in the list"),
    Text("原因代码“{reason_code}”不在代码表中", "The reason code {reason_code} is not in the code list"),
    Text("以代码表中的代码更正", "Correct it with a code of the list"),
    f"""SELECT {OF_EVENT}, jsonb_build_object('reason_code', x.reason_code)
          FROM quality_event x {NAMED} WHERE x.reason_code <> '' AND x.reason_code <> ALL(%(reasons)s)""",
)  # fmt: skip

_SHARES = Rule(
    "pledge-shares-incomplete", _NOTICE, _DRAWDOWN,
    Text("质物份额合计不足", "Pledges do not cover the loan"),
    Text("各质物份额合计 {shares}%，不足 100%", "The pledges' shares add up to {shares} %, not to 100 %"),
    Text("核对是否另有担保方式", "See whether something else secures the rest"),
    f"""SELECT {OF_POSITION}, jsonb_build_object('shares', held.shares::text)
          FROM quality_event x {NAMED}
         CROSS JOIN LATERAL (SELECT coalesce(sum(p.share_pct), 0.00) AS shares FROM loans_pledge p
                              WHERE p.drawdown_id = x.drawdown_id) held
         WHERE x.record_type = 'disbursement' AND d.product_id = 'ip_pledge' AND held.shares <> 100""",
)  # fmt: skip

_BELOW = Rule(
    "pledge-worth-less-than-its-share", _WARNING, _PLEDGE,
    Text("质物评估值低于所担保份额", "A pledge worth less than its share"),
    Text("评估值 {appraised}，低于其担保的 {secured}（份额 {share_pct}%）",
         "Appraised at {appraised}, less than the {secured} it secures ({share_pct} %)"),
    Text("核对评估值与份额", "Check the appraisal and the share"),
    f"""SELECT x.bank_id, c.contract_no, d.drawdown_no, p.certificate_no, x.batch_id, x.row_number,
               jsonb_build_object('appraised', p.appraised_value::text, 'share_pct', p.share_pct::text,
                                  'secured', round(x.amount * p.share_pct / 100, 2)::text)
          FROM quality_event x {NAMED} JOIN loans_pledge p ON p.drawdown_id = x.drawdown_id
         WHERE x.record_type = 'disbursement' AND p.appraised_value < round(x.amount * p.share_pct / 100, 2)""",
)  # fmt: skip

RULES = (
    _STOCK_FLOW, _MISSING, _WITHOUT_FLOW, _OVERDUE_NORMAL, _OVERDUE_ABOVE, _MATURED, _SILENT, _UNVERIFIED,
    _REASON, _SHARES, _BELOW,
)  # fmt: skip
