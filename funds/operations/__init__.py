"""Everything that writes to a fund. Each entry is one transaction, queued on the fund's row."""

from funds.operations.corrections import correct_event, reverse_event
from funds.operations.deals import (
    record_exit,
    record_investment,
    record_receipt,
    record_write_off,
    reverse_holding_event,
)
from funds.operations.founding import add_investor, create_fund
from funds.operations.ledger import record_event
from funds.operations.notices import record_notice
from funds.operations.previews import preview_notice
from funds.operations.terms import record_terms
from funds.operations.transfers import transfer_commitment
from funds.operations.valuations import record_valuation

__all__ = [
    "add_investor", "correct_event", "create_fund", "preview_notice", "record_event", "record_exit",
    "record_investment", "record_notice", "record_receipt", "record_terms", "record_valuation",
    "record_write_off", "reverse_event", "reverse_holding_event", "transfer_commitment",
]  # fmt: skip
