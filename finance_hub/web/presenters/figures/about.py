"""What a row of a table of facts is about, in words: the name of its fund, the word of its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from finance_hub.kernel.firm_words import CLASSES
from finance_hub.kernel.text import Text
from finance_hub.web import words
from finance_hub.web.presenters.listings import wording as of_listings
from funds import codes
from funds.models import Fund
from loans.models import GuaranteeEventKind, PoolEventKind
from tasks.records.reading import Line
from tasks.records.recorded import Recorded

DOT = " · "
#: Records whose words begin with the code of a fund.
OF_FUNDS = frozenset({"fund_event", "holding_event", "valuation", "recognition", "deal_payment", "deal_step"})
_GUARANTEES = {
    kind.value: Text(kind.label, english)
    for kind, english in zip(
        GuaranteeEventKind,
        ("release", "compensation", "recovery", "interest compensated", "written off", "fee"),
        strict=True,
    )
}
_POOLS = {
    kind.value: Text(kind.label, english)
    for kind, english in zip(
        PoolEventKind, ("contribution", "payment", "return of a recovery", "withdrawal"), strict=True
    )
}


def _of(texts: Mapping[str, Text]) -> Callable[[str], str]:
    return lambda code: words.say(texts[code]) if code in texts else code


#: Records whose words end with a code, and what says it.
ENDINGS: dict[str, Callable[[str], str]] = {
    "fund_event": _of(codes.LEDGER),
    "deal_step": _of(codes.STAGES),
    "guarantee_event": _of(_GUARANTEES),
    "pool_event": _of(_POOLS),
    "stage_event": of_listings.stage,
    "firm_class": _of(CLASSES),
    "firm_statement": of_listings.measured,
}


def funds_of(rows: Iterable[Line]) -> dict[str, str]:
    """{code: name} of the funds that the records are about. One query."""
    found = {
        row.about.partition(DOT)[0] for row in rows if isinstance(row, Recorded) and row.record in OF_FUNDS
    }
    if not found:
        return {}
    return {
        code: words.say(Text(name, english))
        for code, name, english in Fund.objects.filter(code__in=found).values_list("code", "name", "name_en")
    }


def said(row: Line, funds: Mapping[str, str]) -> str:
    """Lines behind a figure say it by themselves."""
    if not isinstance(row, Recorded):
        return row.about
    parts = row.about.split(DOT)
    if row.record in OF_FUNDS:
        parts[0] = funds.get(parts[0], parts[0])
    if row.record in ENDINGS:
        parts[-1] = ENDINGS[row.record](parts[-1])
    return DOT.join(parts)
