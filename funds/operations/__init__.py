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
from funds.operations.rounds import record_round, reverse_round
from funds.operations.securities import (
    convert,
    exercise,
    record_convertible,
    record_warrant,
    reverse_security,
)
from funds.operations.terms import record_terms
from funds.operations.transfers import transfer_commitment
from funds.operations.units import record_units, reverse_units
from funds.operations.valuations import record_valuation

__all__ = [
    "add_investor", "convert", "correct_event", "create_fund", "exercise", "preview_notice", "record_convertible",
    "record_event", "record_exit", "record_investment", "record_notice", "record_receipt", "record_round",
    "record_terms", "record_units", "record_valuation", "record_warrant", "record_write_off", "reverse_event",
    "reverse_holding_event", "reverse_round", "reverse_security", "reverse_units", "transfer_commitment",
]  # fmt: skip
