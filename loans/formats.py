"""The row formats of the two data sets: one record a row, NDJSON, CSV and XLSX bear the same names."""

from __future__ import annotations

from loans.models import Dataset

#: How a file is written; `+gzip` where it is compressed.
FORMATS = ("ndjson", "ndjson+gzip", "csv", "csv+gzip", "xlsx")

FLOW = (
    "client_row_id", "contract_no", "drawdown_no", "external_event_id", "revision", "record_type", "uscc",
    "firm_name", "value_date", "amount", "currency", "product", "annual_rate_pct", "maturity_date",
    "repayment_method", "lpr_spread_bp", "interest_subsidy_pct", "purpose_industry", "branch_code",
    "talent_programme", "warrant_ref", "guarantee_ref", "pledges", "reverses", "reason_code",
)  # fmt: skip
STOCK = (
    "client_row_id", "contract_no", "drawdown_no", "revision", "uscc", "balance", "overdue_days",
    "overdue_principal", "overdue_interest", "five_tier",
)  # fmt: skip
REQUIRED = {
    Dataset.FLOW: (
        "contract_no", "drawdown_no", "external_event_id", "revision", "record_type", "uscc", "firm_name",
        "value_date", "amount", "currency",
    ),
    Dataset.STOCK: ("contract_no", "drawdown_no", "revision", "uscc", "balance", "overdue_days", "five_tier"),
}  # fmt: skip
#: JSON integers; everything else is a JSON string, `pledges` a list of objects.
WHOLE = frozenset({"revision", "overdue_days", "lpr_spread_bp"})
MONEY = frozenset({"amount", "balance", "overdue_principal", "overdue_interest"})
#: Percentages, and dates, in files whose cells may be numbers and dates.
RATES = frozenset({"annual_rate_pct", "interest_subsidy_pct"})
DATES = frozenset({"value_date", "maturity_date"})
#: The longest text of a field; fields with an own format are not here.
LONGEST = {
    "client_row_id": 64, "contract_no": 64, "drawdown_no": 64, "external_event_id": 64, "firm_name": 200,
    "purpose_industry": 5, "branch_code": 40, "talent_programme": 60, "warrant_ref": 64, "guarantee_ref": 64,
    "reverses": 64, "reason_code": 40,
}  # fmt: skip

#: The five classes 五级分类 from the best to the worst.
TIERS = ("normal", "special_mention", "substandard", "doubtful", "loss")

PLEDGE = ("type", "certificate_no", "registration_no", "appraised_value", "share_pct")
#: CSV and XLSX have room for three pledges: `pledge_1_type` … `pledge_3_share_pct`.
PLEDGE_COLUMNS = tuple(f"pledge_{number}_{name}" for number in (1, 2, 3) for name in PLEDGE)
#: What the list of rejected rows adds; a corrected list may be sent back with them in it.
REPORT_COLUMNS = ("row_number", "error_codes", "error_pointers", "error_messages", "error_messages_en")


def fields(dataset: str) -> tuple[str, ...]:
    """The names of a row in their order."""
    return FLOW if dataset == Dataset.FLOW else STOCK


def csv_columns(dataset: str) -> tuple[str, ...]:
    """The columns of a CSV or XLSX file: as the fields, with pledges spread over their columns."""
    if dataset == Dataset.STOCK:
        return STOCK
    at = FLOW.index("pledges")
    return (*FLOW[:at], *PLEDGE_COLUMNS, *FLOW[at + 1 :])
