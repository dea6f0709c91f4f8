"""What several reads ask alike: of which bank, and of which month."""

from __future__ import annotations

from datetime import datetime

from rest_framework.request import Request

from finance_hub.kernel.models import Organisation
from finance_hub.kernel.periods import Month, UnableToReadMonth
from finance_hub.kernel.problems import NotFound, refuse
from finance_hub.kernel.text import Text
from finance_hub.rest.operation import Query
from finance_hub.rest.views import person_of
from finance_hub.rest.wording import WORDS

BANK = Query(
    "bank", Text("银行代码；银行只能看自己", "The bank's code; a bank sees itself alone"), example="bank-a"
)


def bank_of(request: Request) -> Organisation:
    """The bank that is meant: the caller's own, or the one the centre names with `bank`.

    Raises NotFound, for another's bank as for one that is not there; InvalidFields where none is named.
    """
    own, code = person_of(request).organisation, request.query_params.get("bank")
    if own.kind == "bank" and code in (None, "", own.code):
        return own
    if not code:
        raise refuse("#/bank", "required", *WORDS["required"])
    found = Organisation.objects.filter(code=code, kind="bank").first()
    if found is None or own.kind == "bank":
        raise NotFound
    return found


def month_in_path(text: str, *, now: datetime) -> Month:
    """A month of a path; one that is not written 2026-10, or has not begun, is not found."""
    try:
        month = Month.parse(text)
    except UnableToReadMonth as error:
        raise NotFound from error
    if month > Month.of(now):
        raise NotFound
    return month


def month_in_query(text: str) -> Month:
    """Raises InvalidFields (`month-format`)."""
    try:
        return Month.parse(text)
    except UnableToReadMonth as error:
        raise refuse("#/period", "month-format", *WORDS["month-format"]) from error
