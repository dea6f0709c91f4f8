"""Everything that writes to a deal: opened, edited, taken on step by step, paid and documented.

Entries of one deal queue on its row, and those that touch the fund's money on the fund's row before it.
"""

from funds.operations.pipeline.documents import attach_document
from funds.operations.pipeline.editing import edit_deal
from funds.operations.pipeline.opening import open_deal
from funds.operations.pipeline.payments import add_payment
from funds.operations.pipeline.steps import take_step

__all__ = ["add_payment", "attach_document", "edit_deal", "open_deal", "take_step"]
