"""What was recorded between two moments and reaches into a month, whatever figure it moves: every table of facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from finance_hub.kernel.periods import Month
from tasks.catalogue import ENTRIES
from tasks.records import SOURCES
from tasks.records.reading import Line, Totals, page, sums
from tasks.records.source import line


class Table(NamedTuple):
    """A table of facts: what its rows are called, and the FROM and columns that name them."""

    record: str
    name: str
    rows: str
    ref: str
    about: str
    who: str
    day: str
    amount: str

    def statement(self) -> str:
        rows = f"{self.rows} WHERE x.recorded_at > %(since)s AND x.recorded_at <= %(until)s AND {self.day} < %(as_of)s"
        return line(
            rows, record=self.record, id=_ID.get(self.record, "x.id"), ref=self.ref, about=self.about,
            who=self.who, day=self.day, recorded="x.recorded_at", amount=self.amount,
        )  # fmt: skip


#: Positions have no number of their own: that of their loan.
_ID = {"loan_position": "x.drawdown_id"}
_OF_LOAN = """JOIN loans_drawdown d ON d.id = x.drawdown_id JOIN loans_contract c ON c.id = d.contract_id
 JOIN kernel_organisation o ON o.id = x.bank_id"""
_OF_FUND = "JOIN funds_fund f ON f.id = x.fund_id JOIN kernel_organisation o ON o.id = f.manager_id"
_OF_HOLDING = """JOIN funds_holding h ON h.id = x.holding_id JOIN funds_fund f ON f.id = h.fund_id
 JOIN kernel_organisation o ON o.id = f.manager_id LEFT JOIN kernel_firm k ON k.id = h.firm_id
 LEFT JOIN funds_fund s ON s.id = h.sub_fund_id"""
_SIGNED = "CASE WHEN x.reverses_id IS NULL THEN {0} ELSE -{0} END"
#: What the registry says counts for every month, whenever it was changed.
_CHANGED = "least((x.recorded_at AT TIME ZONE 'Asia/Shanghai')::date, %(as_of)s::date - 1)"
_INVESTEE = "f.code || ' · ' || coalesce(k.name, s.name)"


def _approved(table: str) -> str:
    """What two people set counts from its approval on."""
    return f"(SELECT c.*, c.approved_at AS recorded_at FROM {table} c) x"


TABLES = (
    Table(
        "loan_event", "loans_loanevent", f"loans_loanevent x {_OF_LOAN}",
        "x.external_event_id || ' r' || x.revision", "c.contract_no || ' · ' || d.drawdown_no", "o.code",
        "x.value_date", "x.effect",
    ),
    Table(
        "loan_position", "loans_loanposition", f"loans_loanposition x {_OF_LOAN}",
        "c.contract_no || ' · ' || d.drawdown_no || ' r' || x.revision", "c.contract_no", "o.code", "x.month",
        "x.balance",
    ),
    Table(
        "fund_event", "funds_fundevent", f"funds_fundevent x {_OF_FUND}", "x.public_id", "f.code || ' · ' || x.kind",
        "o.code", "x.effective_date", _SIGNED.format("x.amount"),
    ),
    Table(
        "holding_event", "funds_holdingevent", f"funds_holdingevent x {_OF_HOLDING}", "x.public_id", _INVESTEE,
        "o.code", "x.effective_date", _SIGNED.format("greatest(x.cost, x.cash)"),
    ),
    Table(
        "valuation", "funds_valuation", f"funds_valuation x {_OF_HOLDING}", "x.public_id", _INVESTEE, "o.code",
        "x.effective_date", "x.fair_value",
    ),
    Table(
        "round", "funds_round",
        "funds_round x JOIN kernel_organisation o ON o.id = x.organisation_id JOIN kernel_firm k ON k.id = x.firm_id",
        "x.public_id", "k.name", "o.code", "x.effective_date", _SIGNED.format("x.raised"),
    ),
    Table(
        "recognition", "funds_recognition",
        "funds_recognition x JOIN funds_localinput i ON i.id = x.input_id JOIN funds_fund f ON f.id = i.fund_id"
        " JOIN kernel_organisation o ON o.id = f.manager_id JOIN kernel_firm k ON k.id = i.firm_id",
        "x.public_id", "f.code || ' · ' || k.name", "o.code", "x.effective_date", _SIGNED.format("x.recognised"),
    ),
    Table(
        "fund_terms", "funds_fundterms", f"funds_fundterms x {_OF_FUND}", "f.code", "x.document", "o.code",
        "x.valid_from", "0",
    ),
    Table(
        "guarantee", "loans_guarantee",
        "loans_guarantee x JOIN kernel_organisation o ON o.id = x.guarantor_id JOIN kernel_firm k ON k.id = x.firm_id",
        "x.public_id", "k.name", "o.code", "x.start_date", "x.principal",
    ),
    Table(
        "guarantee_event", "loans_guaranteeevent",
        "loans_guaranteeevent x JOIN loans_guarantee g ON g.id = x.guarantee_id"
        " JOIN kernel_organisation o ON o.id = g.guarantor_id JOIN kernel_firm k ON k.id = g.firm_id",
        "x.public_id", "k.name || ' · ' || x.kind", "o.code", "x.effective_date", _SIGNED.format("x.amount"),
    ),
    Table(
        "claim", "loans_claim",
        "loans_claim x JOIN loans_guarantee g ON g.id = x.guarantee_id"
        " JOIN kernel_organisation o ON o.id = g.guarantor_id JOIN kernel_firm k ON k.id = g.firm_id",
        "x.public_id", "k.name", "o.code", "x.effective_date", _SIGNED.format("x.principal"),
    ),
    Table(
        "recovery", "loans_recovery",
        "loans_recovery x JOIN loans_guarantee g ON g.id = x.guarantee_id"
        " JOIN kernel_organisation o ON o.id = g.guarantor_id JOIN kernel_firm k ON k.id = g.firm_id",
        "x.public_id", "k.name", "o.code", "x.effective_date", _SIGNED.format("x.amount"),
    ),
    Table(
        "net_assets", "loans_netassets",
        "loans_netassets x JOIN kernel_organisation o ON o.id = x.guarantor_id", "x.public_id", "o.name", "o.code",
        "x.effective_date", "x.amount - x.deductions",
    ),
    Table(
        "pool_event", "loans_poolevent", "loans_poolevent x JOIN loans_pool p ON p.id = x.pool_id", "x.public_id",
        "p.name || ' · ' || x.kind", "'centre'", "x.effective_date", _SIGNED.format("x.amount"),
    ),
    Table(
        "stage_event", "listings_stageevent",
        "listings_stageevent x JOIN listings_listingattempt a ON a.id = x.attempt_id"
        " JOIN kernel_firm k ON k.id = a.firm_id", "a.public_id", "k.name || ' · ' || x.stage", "'centre'",
        "x.effective_date", "1",
    ),
    Table(
        "target_report", "tasks_targetreport",
        "tasks_targetreport x JOIN kernel_person p ON p.id = x.reported_by_id"
        " JOIN kernel_organisation o ON o.id = p.organisation_id", "x.target_id", "x.evidence", "o.code", "x.as_of",
        "x.value",
    ),
    Table(
        "target_decision", "tasks_targetdecision",
        "(SELECT d.*, d.decided_at AS recorded_at FROM tasks_targetdecision d) x"
        " JOIN tasks_targetreport r ON r.id = x.report_id LEFT JOIN kernel_person p ON p.id = x.decided_by_id"
        " LEFT JOIN kernel_organisation o ON o.id = p.organisation_id", "r.target_id", "r.evidence",
        "coalesce(o.code, 'centre')", "r.as_of", "CASE WHEN x.approved THEN r.value ELSE 0 END",
    ),
    Table(
        "financial_year", "listings_financialyear",
        "listings_financialyear x JOIN kernel_firm k ON k.id = x.firm_id", "x.public_id", "k.name || ' · ' || x.year",
        "'centre'", "x.effective_date", "coalesce(x.revenue, 0)",
    ),
    Table(
        "firm_statement", "listings_firmstatement",
        "listings_firmstatement x JOIN kernel_firm k ON k.id = x.firm_id", "x.public_id", "k.name || ' · ' || x.name",
        "'centre'", "x.effective_date", "coalesce(x.number, 0)",
    ),
    Table(
        "firm_class", "kernel_firmclass", "kernel_firmclass x JOIN kernel_firm k ON k.id = x.firm_id", "k.uscc",
        "k.name || ' · ' || x.code", "'centre'", "x.valid_from", "1",
    ),
    Table(
        "deal_payment", "funds_dealpayment",
        "funds_dealpayment x JOIN funds_holdingevent e ON e.id = x.event_id JOIN funds_deal d ON d.id = x.deal_id"
        " JOIN funds_fund f ON f.id = d.fund_id JOIN kernel_organisation o ON o.id = f.manager_id"
        " JOIN kernel_firm k ON k.id = d.firm_id", "x.public_id", "f.code || ' · ' || k.name", "o.code",
        "e.effective_date", "e.cost",
    ),
    Table(
        "deal_step", "funds_dealstep",
        "funds_dealstep x JOIN funds_deal d ON d.id = x.deal_id JOIN funds_fund f ON f.id = d.fund_id"
        " JOIN kernel_organisation o ON o.id = f.manager_id", "d.public_id", "f.code || ' · ' || x.stage", "o.code",
        "x.effective_date", "d.planned_amount",
    ),
    Table(
        "open_question", "tasks_openquestion", "tasks_openquestion x", "x.code", "x.text", "'centre'", "x.raised_on",
        "0",
    ),
    Table(
        "question_answer", "tasks_questionanswer",
        "tasks_questionanswer x JOIN tasks_openquestion q ON q.id = x.question_id", "q.code", "x.document", "'centre'",
        "x.effective_date", "0",
    ),
    Table(
        "risk_assumptions", "tasks_riskassumptions", "tasks_riskassumptions x", "x.public_id", "x.document", "'centre'",
        "x.valid_from", "0",
    ),
    Table(
        "concentration_limit", "tasks_concentrationlimit", _approved("tasks_concentrationlimit"), "x.public_id",
        "x.document", "'centre'", "x.valid_from", "0",
    ),
    Table(
        "tolerance_rule", "tasks_tolerancerule", _approved("tasks_tolerancerule"), "x.public_id", "x.document",
        "'centre'", "x.valid_from", "0",
    ),
    Table(
        "agreement_terms", "loans_agreementterms",
        f"{_approved('loans_agreementterms')} JOIN loans_agreement a ON a.id = x.agreement_id"
        " JOIN kernel_organisation o ON o.id = a.guarantor_id", "a.code || ' v' || x.version", "x.document",
        "o.code", "x.valid_from", "0",
    ),
    Table(
        "pool_limits", "loans_poollimits", f"{_approved('loans_poollimits')} JOIN loans_pool p ON p.id = x.pool_id",
        "p.code || ' v' || x.version", "x.document", "'centre'", "x.valid_from", "0",
    ),
    Table(
        "firm_version", "kernel_firmversion", "kernel_firmversion x JOIN kernel_firm k ON k.id = x.firm_id",
        "k.uscc || ' v' || x.version", "k.name", "'centre'", _CHANGED, "0",
    ),
    Table(
        "branch", "loans_branch", "loans_branch x JOIN kernel_organisation o ON o.id = x.bank_id", "x.code",
        "x.name", "o.code", "x.valid_from", "0",
    ),
    Table(
        "subsidy_scheme", "loans_subsidyscheme", "loans_subsidyscheme x", "x.public_id", "x.document", "'centre'",
        "x.valid_from", "0",
    ),
)  # fmt: skip
_ALL = "\nUNION ALL\n".join(f"({table.statement()})" for table in TABLES)


class Recorded(Line):
    """A row of a table of facts."""

    @property
    def moves(self) -> tuple[str, ...]:
        """Codes of the figures that read the table."""
        return moves(self.record)


class Period(NamedTuple):
    """Recorded after `since` and by `until`, of a day before the end of `month`."""

    since: datetime
    until: datetime
    month: Month

    def parameters(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.until, "as_of": self.month.end}


def recorded(period: Period, *, after: Sequence[Any] | None = None, limit: int) -> list[Recorded]:
    """The rows, largest amount first; wants full scope."""
    return [Recorded(*one) for one in page(_ALL, period.parameters(), after=after, limit=limit)]


def count(period: Period) -> Totals:
    return sums(_ALL, period.parameters())


@cache
def moves(record: str) -> tuple[str, ...]:
    """Codes of the figures that read the table of such a record, in the catalogue's order."""
    name = next(table.name for table in TABLES if table.record == record)
    read = dict.fromkeys(entry.code for entry in ENTRIES if name in _read_by(entry.code, entry.scope.value))
    return tuple(read)


@cache
def _read_by(code: str, scope: str) -> frozenset[str]:
    """Names of the tables that the statements of a figure name, and every other word of them."""
    source = SOURCES[code, scope]
    return frozenset(f"{source.lines} {source.rule}".split())
