"""The sheet of whatever it is of. Runs in jobs only."""

from finance_hub.kernel.models import Firm, Organisation
from funds.models import Fund
from tasks.briefing.layout import Language
from tasks.briefing.tear import bank, firm, fund
from tasks.briefing.tear.page import render
from tasks.models import Snapshot


def set_sheet(subject: Fund | Firm | Organisation, snapshot: Snapshot, *, language: Language) -> bytes:
    """The PDF of a sheet, of what the scope in force may see as of the snapshot's month.

    The same snapshot, registry, language and scope give the same bytes in any process.
    """
    if isinstance(subject, Fund):
        return render(fund.page(subject, snapshot, language=language))
    if isinstance(subject, Organisation):
        return render(bank.page(subject, snapshot, language=language))
    return render(firm.page(subject, snapshot, language=language))
