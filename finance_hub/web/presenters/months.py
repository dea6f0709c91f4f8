"""The choice among the months that have figures."""

from __future__ import annotations

from django.urls import reverse

from finance_hub.kernel.periods import Month
from finance_hub.web import words
from finance_hub.web.contexts.overview import Choice, PeriodPicker


def picker(known: list[Month], month: Month, *, page: str) -> PeriodPicker:
    """Of the `known` months, newest first, with the nearest of them on either side of `month`. `page` is the name of
    an address that takes `?month=`.
    """
    choices = tuple(Choice(str(one), words.month(one), one == month) for one in known)
    earlier = max((one for one in known if one < month), default=None)
    later = min((one for one in known if one > month), default=None)
    return PeriodPicker(choices, _url(page, earlier), _url(page, later))


def _url(page: str, month: Month | None) -> str | None:
    return f"{reverse(page)}?month={month}" if month else None
